"""What is written in other languages for the definitions: checked like them, and frozen with what is published.

A language is written in any number of files (TOML). Each holds tables by kind and key: ``item``, ``fact``,
``checklist`` and ``pack`` say what theirs say in English, and ``shared`` (English to translation) what many say alike:
labels, options and titles of sections. What a pack advises, and its sources where they are words, stand in its
table ``said``, by their English.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from audit.domain import shapes
from audit.domain.checklists import read_limit
from audit.domain.definitions import Definitions, Row
from audit.domain.limits import describe
from audit.domain.problems import BadInput, Fault
from audit.domain.shapes import Field, optional
from audit.domain.tongue import ENGLISH, speaking

KINDS = ("item", "fact", "checklist", "pack")
UNCONFIRMED = "{source} (unconfirmed)"
Files = Iterable[tuple[str, Row]]
Advice = Callable[..., Iterator[str]]

_TEXT = Field(shapes.words)
_TEXTS = optional(shapes.any_table(shapes.words))
_PART = {"label": optional(shapes.words), "options": _TEXTS}
_FIELDS: dict[str, dict[str, Field]] = {
    "item": {
        **{name: _TEXT for name in ("prompt", "look", "reason", "corrective")},
        "phrases": Field(shapes.list_of(shapes.words, at_least=1)),
        "grounds": optional(shapes.list_of(shapes.words)),
        "part": optional(shapes.any_table(shapes.table(_PART))),
    },
    "fact": {"label": _TEXT, "question": _TEXT, "options": _TEXTS},
    "checklist": {"title": _TEXT, "sections": _TEXTS},
    "pack": {
        "title": _TEXT,
        "label": _TEXT,
        "words": _TEXTS,
        "said": _TEXTS,
        "source": optional(
            shapes.any_table(
                shapes.table({"short": optional(shapes.words), "address": optional(shapes.words)})
            )
        ),
    },
}


@dataclass(frozen=True)
class Words:
    """How advice is worded in a language: ``said`` by its English; what is not there stays as it is."""

    said: Mapping[str, str] = field(default_factory=dict)

    def of(self, english: str) -> str:
        return self.said.get(english, english)

    def reference(self, source: str) -> str:
        """A source, and that it is unconfirmed."""
        ending = UNCONFIRMED.format(source="")
        if not source.endswith(ending):
            return self.of(source)
        return self.of(UNCONFIRMED).format(source=self.of(source.removesuffix(ending)))

    def advice(self, english: str, source: str, label: str = "") -> str:
        """``At least weekly (CDC 2008 (unconfirmed)) [Base]``"""
        words = f"{self.of(english)} ({self.reference(source)})"
        return f"{words} [{self.of(label)}]" if label else words


IN_ENGLISH = Words()


def described(limit: Row, unit: str | None) -> str:
    """A limit as advice says it, in English."""
    found = read_limit(limit)
    assert found is not None
    with speaking(ENGLISH):  # what is published is content: it is translated as such
        return describe(found, unit)


def telling(
    language: Row, content: Mapping[str, Any], pack: Row, base: Row | None, advice: Advice
) -> dict[str, Any]:
    """What a language says of a resolved checklist, lying like it (see ``overlay``); ``advice`` is the resolver's."""
    layers = [(layer, language["pack"][layer["key"]]) for layer in (base, pack) if layer]
    words = Words(
        {**language["shared"]}
        | {english: told for _, row in layers for english, told in row.get("said", {}).items()}
        | {layer["label"]: row["label"] for layer, row in layers}
    )
    own, checklist = language["pack"][pack["key"]], language["checklist"][content["checklist"]]
    titles = checklist.get("sections", {})
    return {
        "title": checklist["title"],
        "pack_title": own["title"],
        "sections": {
            section["key"]: {
                "title": titles.get(section["key"]) or words.of(section["title"]),
                "items": {
                    item["key"]: _item(item, language["item"][item["key"]], words, advice)
                    for item in section["items"]
                },
            }
            for section in content["sections"]
        },
        "facts": {
            fact["key"]: _fact(fact, language["fact"][fact["key"]], words) for fact in content["facts"]
        },
        "sources": own.get("source", {}),
        "words": own.get("words", {}),
        "references": {
            source: told
            for source in sorted(set(_sources(content["sections"])))
            if (told := words.reference(source)) != source
        },
    }


def _item(item: Row, row: Row, words: Words, advice: Advice) -> dict[str, Any]:
    parts = row.get("part", {})
    told = {name: value for name, value in row.items() if name != "part"}
    return told | {
        "parts": {
            part["key"]: {
                "label": parts.get(part["key"], {}).get("label") or words.of(part["label"]),
                "options": _options(part, parts.get(part["key"], {}), words),
                "advice": list(advice(f"{item['key']}#{part['key']}", part, words)),
            }
            for part in item["parts"]
        }
    }


def _fact(fact: Row, row: Row, words: Words) -> dict[str, Any]:
    return {**row, "options": _options(fact, row, words)}


def _options(asked: Row, row: Row, words: Words) -> dict[str, dict[str, str]]:
    own = row.get("options", {})
    return {
        option["value"]: {"label": own.get(option["value"]) or words.of(option["label"])}
        for option in asked["options"]
    }


def _sources(value: Any) -> Iterator[str]:
    """The words of every source below, wherever they stand."""
    for name, entry in value.items() if isinstance(value, Mapping) else enumerate(value):
        if name == "source" and isinstance(entry, str):
            yield entry
        elif isinstance(entry, Mapping | list | tuple):
            yield from _sources(entry)


# checks -------------------------------------------------------------------------------------------------------


def check(found: Definitions, languages: Mapping[str, Files]) -> Definitions:
    """Check what is written in each language (by code, file by file) against the definitions, and put it with them.

    Raises:
        BadInput: with every fault found in any language: wrong shapes first, then what does not fit.
    """
    books = {code: _Book(code) for code in languages}
    faults = [fault for code, book in books.items() for fault in book.collect(languages[code])]
    if not faults:
        faults = [fault for book in books.values() for fault in _Fitting(found, book).faults()]
    if faults:
        raise BadInput(faults)
    return replace(found, languages={code: book.rows for code, book in books.items()})


@dataclass
class _Book:
    """What is written in one language, by kind and key, and the file that each stands in."""

    code: str
    rows: dict[str, dict[str, Any]] = field(default_factory=lambda: {kind: {} for kind in (*KINDS, "shared")})
    files: dict[tuple[str, str], str] = field(default_factory=dict)

    def collect(self, files: Files) -> Iterator[Fault]:
        for file, content in files:
            yield from shapes.check_table(content, _FILE, file)
            for kind in self.rows:
                yield from self._take(file, kind, content.get(kind))

    def _take(self, file: str, kind: str, rows: object) -> Iterator[Fault]:
        for key, row in rows.items() if isinstance(rows, Mapping) else ():
            if key in self.rows[kind]:
                yield Fault(f"{file}: {key}", "is translated twice")
            self.rows[kind][key], self.files[kind, key] = row, file

    def place(self, kind: str, key: str) -> str:
        return f"{self.files[kind, key]}: {key}"


_FILE = {
    **{kind: optional(shapes.any_table(shapes.table(fields))) for kind, fields in _FIELDS.items()},
    "shared": _TEXTS,
}


class _Fitting:
    """Finds what is missing in a language, and what translates nothing."""

    def __init__(self, found: Definitions, book: _Book) -> None:
        self.found, self.book = found, book
        self.shared: Mapping[str, str] = book.rows["shared"]

    def faults(self) -> Iterator[Fault]:
        known: dict[str, tuple[Mapping[str, Row], Callable[[Row, Row, str], Iterator[Fault]]]] = {
            "item": (self.found.items, self._item),
            "fact": (self.found.facts, self._options),
            "checklist": (self.found.checklists, self._checklist),
            "pack": (self.found.packs, self._pack),
        }
        for kind, (rows, judge) in known.items():
            told = self.book.rows[kind]
            for key in rows:
                if key not in told:
                    yield Fault(f"{self.book.code}: {kind} {key}", "is not translated")
            for key, row in told.items():
                if key not in rows:
                    yield Fault(self.book.place(kind, key), f"there is no such {kind}")
                else:
                    yield from judge(rows[key], row, self.book.place(kind, key))

    def _item(self, item: Row, row: Row, place: str) -> Iterator[Fault]:
        for name in ("phrases", "grounds"):
            told, english = len(row.get(name, ())), len(item.get(name, ()))
            if told != english:
                yield Fault(f"{place}: {name}", f"are {told}, and in English {english}")
        parts = row.get("part", {})
        yield from _named(parts, [part["key"] for part in item["part"]], f"{place}: part")
        for part in item["part"]:
            own, where = parts.get(part["key"], {}), f"{place}: part {part['key']}"
            if "label" not in own and part["label"] not in self.shared:
                yield Fault(f"{where}: label", "is missing, also among what is shared")
            yield from self._options(part, own, where)

    def _options(self, asked: Row, row: Row, place: str) -> Iterator[Fault]:
        options, own = asked.get("options", ()), row.get("options", {})
        yield from _named(own, [option["value"] for option in options], f"{place}: options")
        for option in options:
            if option["value"] not in own and option["label"] not in self.shared:
                yield Fault(f"{place}: options: {option['value']}", "is missing, also among what is shared")

    def _checklist(self, checklist: Row, row: Row, place: str) -> Iterator[Fault]:
        own = row.get("sections", {})
        yield from _named(own, [section["key"] for section in checklist["section"]], f"{place}: sections")
        for section in checklist["section"]:
            if section["key"] not in own and section["title"] not in self.shared:
                yield Fault(f"{place}: sections: {section['key']}", "is missing, also among what is shared")

    def _pack(self, pack: Row, row: Row, place: str) -> Iterator[Fault]:
        yield from _named(row.get("source", {}), [one["short"] for one in pack["source"]], f"{place}: source")
        for name in ("words", "said"):
            wanted = pack.get("words", {}) if name == "words" else list(self._advice(pack))
            told = row.get(name, {})
            more = [one["source"] for one in pack.get("threshold", ())] if name == "said" else []
            yield from _named(told, [*wanted, *more], f"{place}: {name}")
            for words in dict.fromkeys(wanted):
                if words not in told:
                    yield Fault(f"{place}: {name}: {words}", "is missing")

    def _advice(self, pack: Row) -> Iterator[str]:
        """What this pack advises, and as a base turns into advice."""
        is_base = any(other.get("base") == pack["key"] for other in self.found.packs.values())
        for row in pack.get("threshold", ()):
            if "advice" in row:
                yield row["advice"]
            elif is_base and not row.get("when"):
                parts = self.found.items[row["item"]]["part"]
                yield described(row["limit"], next(p.get("unit") for p in parts if p["key"] == row["part"]))


def _named(own: Mapping[str, object], known: Iterable[str], place: str) -> Iterator[Fault]:
    """Faults for what is named here and nowhere in English."""
    for name in sorted(set(own) - set(known)):
        yield Fault(f"{place}: {name}", "is not known here; is it misspelt?")
