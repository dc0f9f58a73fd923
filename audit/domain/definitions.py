"""Catalogue, checklists and packs as they are written (TOML), checked before they may be published.

Every function takes plain mappings, file by file, and raises ``BadInput`` with all faults at once, each placed
as ``file: item: field``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from audit.domain import facts as fact_rules
from audit.domain import limits, measures, placard, shapes
from audit.domain.answers import MARKS
from audit.domain.checklists import CERTAINTIES, CITATION_KINDS, SEVERITIES
from audit.domain.conditions import as_number, comparisons, faults_in
from audit.domain.due import WEEKDAYS
from audit.domain.problems import BadInput, Fault
from audit.domain.shapes import Field, optional

Row = Mapping[str, Any]
_PART_KEY = re.compile(r"[a-z][a-z0-9_]*")
_LETTER = re.compile(r"[A-Z]")
_JURISDICTION = re.compile(r"[a-z]{2,4}(-[a-z0-9]+)*")
MOST_MONTHS, MOST_DAYS = 1200, 3660
_DAY_LIMITS, _NUMBER_LIMITS = ("expires", "max-age"), ("at-least", "at-most", "at-least-part")


@dataclass(frozen=True)
class Definitions:
    """Everything that can be published, by key. Rows are as written, checked; ``languages`` (see ``translations``) by code."""

    items: Mapping[str, Row]
    facts: Mapping[str, Row]
    checklists: Mapping[str, Row]
    packs: Mapping[str, Row]
    languages: Mapping[str, Row] = field(default_factory=dict)


def _condition(value: object, place: str) -> Iterator[Fault]:
    yield from (Fault(where, words) for where, words in faults_in(value, place))


def _day(value: object, place: str) -> Iterator[Fault]:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        yield Fault(place, 'must be a day such as "2026-12-25"')


def _limit(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, Mapping) or value.get("kind") not in limits.KINDS:
        yield Fault(place, f"must be a table whose kind is one of {', '.join(limits.KINDS)}")
        return
    yield from shapes.check_table(value, _LIMITS[value["kind"]], place)
    if value["kind"] == "max-age" and not (value.get("months") or value.get("days")):
        yield Fault(place, "needs months or days")


def _months(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MONTHS:
        yield Fault(place, f"must be a whole number up to {MOST_MONTHS:,}")


def _some_days(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_DAYS:
        yield Fault(place, f"must be a whole number from 1 to {MOST_DAYS:,}")


def _weight(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 100:
        yield Fault(place, "must be a whole number from 1 to 100")


_KIND = Field(shapes.one_of(*limits.KINDS))
_ALSO = optional(shapes.any_table(shapes.number))
_LIMITS: dict[str, dict[str, Field]] = {
    "expires": {"kind": _KIND, "warn_days": optional(shapes.count)},
    "max-age": {
        "kind": _KIND,
        "months": optional(_months),
        "days": optional(shapes.count),
        "warn_days": optional(shapes.count),
    },
    "at-least": {"kind": _KIND, "value": Field(shapes.number), "also": _ALSO},
    "at-most": {"kind": _KIND, "value": Field(shapes.number), "also": _ALSO},
    "at-least-part": {"kind": _KIND, "part": Field(shapes.words)},
    "cases": {
        "kind": _KIND,
        "cases": Field(
            shapes.list_of(shapes.table({"when": Field(_condition), "limit": Field(_limit)}), at_least=1)
        ),
    },
}
_OPTION = {
    "value": Field(shapes.matching(shapes.NAME, "a short name in small letters")),
    "label": Field(shapes.words),
    "mark": optional(shapes.one_of(*MARKS)),
}
_PART = {
    "key": Field(shapes.matching(_PART_KEY, "a short name in small letters")),
    "kind": Field(shapes.one_of("mark", "number", "date", "choice", "text")),
    "label": Field(shapes.words),
    "required": optional(shapes.flag),
    "unit": optional(shapes.words),
    "units": optional(shapes.list_of(shapes.words)),
    "low": optional(shapes.number),
    "high": optional(shapes.number),
    "options": optional(shapes.list_of(shapes.table(_OPTION), at_least=2)),
    "limit": optional(_limit),
    "when": optional(_condition),
}
_SOURCED = {"source": Field(shapes.words), "certainty": Field(shapes.one_of(*CERTAINTIES))}
_CITATION = {
    "ref": Field(shapes.words),
    "kind": Field(shapes.one_of(*CITATION_KINDS)),
    "jurisdiction": Field(shapes.matching(_JURISDICTION, "a jurisdiction such as us-ca")),
    "certainty": Field(shapes.one_of(*CERTAINTIES)),
    "note": optional(shapes.words),
}
_CORRECT_BY = {
    "days": optional(shapes.count),
    "working_days": optional(shapes.count),
    "next_visit": optional(shapes.flag),
    "stop": optional(shapes.flag),
}
_ITEM_KEY = Field(shapes.matching(shapes.ITEM_KEY, "a key such as needles.single-use"))
_ITEM = {
    "key": _ITEM_KEY,
    "prompt": Field(shapes.words),
    "look": Field(shapes.words),
    "severity": Field(shapes.one_of(*SEVERITIES)),
    "reason": Field(shapes.words),
    "official": Field(shapes.flag),
    "marks": Field(shapes.list_of(shapes.one_of(*MARKS), at_least=2)),
    "per": optional(shapes.one_of("practitioner")),
    "photo": optional(shapes.flag),
    "needs_sight": optional(shapes.flag),
    "applies_when": optional(_condition),
    "phrases": Field(shapes.list_of(shapes.words, at_least=1)),
    "corrective": Field(shapes.words),
    "correct_by": optional(shapes.table(_CORRECT_BY)),
    "grounds": optional(shapes.list_of(shapes.words)),
    "part": Field(shapes.list_of(shapes.table(_PART), at_least=1)),
    "citation": optional(shapes.list_of(shapes.table(_CITATION))),
}
_FACT = {
    "key": Field(shapes.matching(shapes.NAME, "a short name in small letters")),
    "scope": Field(shapes.one_of(*fact_rules.SCOPES)),
    "kind": Field(shapes.one_of(*fact_rules.KINDS)),
    "label": Field(shapes.words),
    "question": Field(shapes.words),
    "threshold": optional(shapes.words),
    "options": optional(
        shapes.list_of(shapes.table({"value": Field(shapes.words), "label": Field(shapes.words)}), at_least=2)
    ),
}
_SECTION = {
    "key": Field(shapes.matching(shapes.NAME, "a short name in small letters")),
    "letter": Field(shapes.matching(_LETTER, "one capital letter")),
    "title": Field(shapes.words),
    "items": Field(shapes.list_of(shapes.words, at_least=1)),
}
_CHECKLIST = {
    "key": Field(shapes.matching(shapes.NAME, "a short name in small letters")),
    "title": Field(shapes.words),
    "kind": Field(shapes.one_of("inspection", "self-audit")),
    "section": Field(shapes.list_of(shapes.table(_SECTION), at_least=1)),
}
_THRESHOLD = {
    "item": _ITEM_KEY,
    "part": Field(shapes.matching(_PART_KEY, "the name of a part")),
    "limit": optional(_limit),
    "advice": optional(shapes.words),
    "when": optional(_condition),
    **_SOURCED,
}
_SCHEME = {
    "kind": Field(shapes.one_of("deduction", "percent")),
    "weights": Field(shapes.table({severity: Field(_weight) for severity in SEVERITIES})),
    "cos_deducts": Field(shapes.flag),
    "may_pass": optional(shapes.flag),
}
_FOLLOW_UP = {
    "routine_days": Field(_some_days),
    "check_days": Field(_some_days),
    "routine_only": optional(shapes.flag),
    **_SOURCED,
}
_PLACARD = {
    "minor_only": Field(shapes.one_of(*placard.MINOR_ONLY)),
    "working_days": Field(_some_days),
    **_SOURCED,
}
_PACK = {
    "key": Field(shapes.matching(shapes.NAME, "a short name in small letters")),
    "title": Field(shapes.words),
    "label": Field(shapes.words),
    "jurisdiction": Field(shapes.matching(_JURISDICTION, "a jurisdiction such as us-ca")),
    "base": optional(shapes.words),
    "cite": Field(shapes.list_of(shapes.matching(_JURISDICTION, "a jurisdiction"), at_least=1)),
    "inherit": optional(shapes.list_of(shapes.words)),
    "threshold": optional(shapes.list_of(shapes.table(_THRESHOLD))),
    "correct_by": optional(shapes.list_of(shapes.table({"item": _ITEM_KEY, **_CORRECT_BY}))),
    "scheme": Field(shapes.table(_SCHEME)),
    "severity_due": Field(shapes.table({severity: Field(shapes.count) for severity in SEVERITIES})),
    "calendar": Field(
        shapes.table(
            {
                "weekend": Field(shapes.list_of(shapes.one_of(*WEEKDAYS))),
                "holidays": Field(shapes.list_of(_day)),
            }
        )
    ),
    "next_visit_days": optional(shapes.count),
    "follow_up": optional(shapes.table(_FOLLOW_UP)),
    "placard": optional(shapes.table(_PLACARD)),
    "words": optional(shapes.any_table(shapes.words)),
    "source": Field(
        shapes.list_of(
            shapes.table(
                {"short": Field(shapes.words), "address": Field(shapes.words), "read_on": Field(shapes.words)}
            )
        )
    ),
}


def check(
    catalogue: Iterable[tuple[str, Row]],
    checklists: Iterable[tuple[str, Row]],
    packs: Iterable[tuple[str, Row]],
) -> Definitions:
    """Check everything that was written, file by file (name, content).

    Raises:
        BadInput: with every fault found: wrong shapes first, then what does not fit together.
    """
    faults: list[Fault] = []
    items, facts, lists, layers = _Shelf(_ITEM), _Shelf(_FACT), _Shelf(_CHECKLIST), _Shelf(_PACK)
    for name, content in catalogue:
        extra = {"item": optional(_nothing), "fact": optional(_nothing)}
        faults += shapes.check_table(content, extra, name)
        faults += items.collect(name, content.get("item", ()))
        faults += facts.collect(name, content.get("fact", ()))
    for name, content in checklists:
        faults += lists.collect(name, [content])
    for name, content in packs:
        faults += layers.collect(name, [content])
    found = Definitions(items.rows, facts.rows, lists.rows, layers.rows)
    if not faults:
        fitting = _Fitting(found)
        for shelf, judge in (
            (items, fitting.item),
            (facts, fitting.fact),
            (lists, fitting.checklist),
            (layers, fitting.pack),
        ):
            faults += shelf.placed(judge)
    if faults:
        raise BadInput(faults)
    return found


def _nothing(_value: object, _place: str) -> Iterator[Fault]:
    yield from ()


@dataclass
class _Shelf:
    """The rows of one kind by key, and the file that each stands in."""

    fields: Mapping[str, Field]
    rows: dict[str, Row] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def collect(self, file: str, rows: object) -> Iterator[Fault]:
        if not isinstance(rows, list | tuple):
            yield Fault(file, "must be a list of tables")
            return
        for index, row in enumerate(rows, 1):
            key = row.get("key") if isinstance(row, Mapping) else None
            place = f"{file}: {key or f'entry {index}'}"
            yield from shapes.check_table(row, self.fields, place)
            if isinstance(key, str):
                if key in self.rows:
                    yield Fault(place, "is defined twice")
                self.rows[key], self.files[key] = row, file

    def placed(self, judge: Callable[[str, Row], Iterator[Fault]]) -> Iterator[Fault]:
        """The faults a judge finds in every row, with the file put before their place."""
        for key, row in self.rows.items():
            for fault in judge(key, row):
                yield replace(fault, place=f"{self.files[key]}: {fault.place}")


class _Fitting:
    """Finds what is well-formed but does not fit: unknown facts, parts, units, items, bases."""

    def __init__(self, found: Definitions) -> None:
        self.found = found
        self.parts = {
            f"{key}#{part['key']}": part for key, item in found.items.items() for part in item["part"]
        }

    def fact(self, key: str, fact: Row) -> Iterator[Fault]:
        if fact["kind"] == "choice" and not fact.get("options"):
            yield Fault(f"{key}: options", "a choice needs its options")
        if "threshold" in fact and fact["threshold"] not in self.parts:
            yield Fault(f"{key}: threshold", f"there is no {fact['threshold']}")

    def _condition(self, condition: Row | None, place: str) -> Iterator[Fault]:
        for kind, key, value in comparisons(condition):
            row = (self.parts if "#" in key else self.found.facts).get(key)
            if row is None:
                yield Fault(place, f"asks for {key!r}, which nobody declares")
            elif kind == "at-least" and row["kind"] not in ("int", "number"):
                yield Fault(place, f"{key!r} is no number")
            elif not _can_be(row, value):
                yield Fault(place, f"{key!r} is never {value!r}")

    def item(self, key: str, item: Row) -> Iterator[Fault]:
        yield from self._condition(item.get("applies_when"), f"{key}: applies_when")
        if any("#" in name for _, name, _ in comparisons(item.get("applies_when"))):
            yield Fault(f"{key}: applies_when", "looks at facts only, not at other answers")
        if item.get("needs_sight") and "NO" not in item["marks"]:
            yield Fault(f"{key}: marks", "needs NO, which is preset when there is nothing to see")
        names = [part["key"] for part in item["part"]]
        if len(set(names)) < len(names):
            yield Fault(f"{key}: part", "two parts have the same name")
        if sum(part["kind"] == "mark" for part in item["part"]) > 1:
            yield Fault(f"{key}: part", "there can be one mark only")
        if not {"IN", "OUT"} <= set(item["marks"]):
            yield Fault(f"{key}: marks", "IN and OUT are always possible")
        if item["official"] and not item.get("citation"):
            yield Fault(f"{key}: citation", "an official item needs a citation")
        yield from _correct_by_faults(item.get("correct_by"), f"{key}: correct_by")
        for part in item["part"]:
            yield from self._part(f"{key}: part {part['key']}", part)

    def _part(self, place: str, part: Row) -> Iterator[Fault]:
        yield from self._condition(part.get("when"), f"{place}: when")
        options = [option["value"] for option in part.get("options", ())]
        if (part["kind"] == "choice") != bool(options):
            yield Fault(f"{place}: options", "belong to a choice, and a choice needs them")
        if len(set(options)) < len(options):
            yield Fault(f"{place}: options", "two have the same value")
        if "low" in part and "high" in part and Decimal(part["low"]) > Decimal(part["high"]):
            yield Fault(f"{place}: low", "lies above high")
        units = part.get("units", [])
        base = part.get("unit", "")
        if units and units[0] != base:
            yield Fault(f"{place}: units", "the base unit comes first")
        for unit in units:
            if not measures.known(unit, base):
                yield Fault(f"{place}: units", f"cannot turn {unit} into {base}")
        if part.get("limit"):
            yield from self._limit(part["limit"], part, place)

    def _limit(self, limit: Row, part: Row, place: str) -> Iterator[Fault]:
        kinds = {"date": _DAY_LIMITS, "number": _NUMBER_LIMITS}.get(part["kind"], ())
        if limit["kind"] == "cases":
            for case in limit["cases"]:
                yield from self._condition(case["when"], f"{place}: limit")
                yield from self._limit(case["limit"], part, place)
        elif limit["kind"] not in kinds:
            yield Fault(f"{place}: limit", f"{limit['kind']} cannot judge a {part['kind']}")
        elif limit["kind"] == "at-least-part":
            other = self.parts.get(limit["part"])
            if other is None:
                yield Fault(f"{place}: limit", f"there is no {limit['part']}")
            elif other["kind"] != "number":
                yield Fault(f"{place}: limit", f"{limit['part']} is no number")
        for unit in limit.get("also", {}):
            if unit not in part.get("units", []):
                yield Fault(f"{place}: limit", f"{unit} is not a unit of this part")

    def checklist(self, key: str, checklist: Row) -> Iterator[Fault]:
        chosen = [item for section in checklist["section"] for item in section["items"]]
        for item in sorted({item for item in chosen if chosen.count(item) > 1}):
            yield Fault(f"{key}: {item}", "is listed twice")
        for item in chosen:
            if item not in self.found.items:
                yield Fault(f"{key}: {item}", "is in no catalogue")
        for name in ("key", "letter"):
            names = [section[name] for section in checklist["section"]]
            if len(set(names)) < len(names):
                yield Fault(f"{key}: section", f"two sections have the same {name}")

    def pack(self, key: str, pack: Row) -> Iterator[Fault]:
        base = pack.get("base")
        if base is not None and (base not in self.found.packs or self.found.packs[base].get("base")):
            yield Fault(f"{key}: base", f"{base!r} is no pack that stands on its own")
            return
        if set(pack["calendar"]["weekend"]) == set(WEEKDAYS):
            yield Fault(f"{key}: calendar: weekend", "leaves no working day")
        yield from _next_visit_faults(key, pack)
        of_base = self.found.packs[base].get("threshold", []) if base else []
        judged = {f"{row['item']}#{row['part']}" for row in of_base if "limit" in row}
        for name in pack.get("inherit", []):
            if name not in judged:
                yield Fault(f"{key}: inherit", f"the base sets no threshold for {name}")
        for row in pack.get("correct_by", []):
            if row["item"] not in self.found.items:
                yield Fault(f"{key}: correct_by", f"there is no item {row['item']}")
            yield from _correct_by_faults(row, f"{key}: correct_by {row['item']}")
        for row in pack.get("threshold", []):
            yield from self._threshold(key, row)

    def _threshold(self, key: str, row: Row) -> Iterator[Fault]:
        name = f"{row['item']}#{row['part']}"
        place = f"{key}: threshold {name}"
        if name not in self.parts:
            yield Fault(place, "there is no such part")
            return
        if ("limit" in row) == ("advice" in row):
            yield Fault(place, "needs either a limit or advice")
        yield from self._condition(row.get("when"), place)
        if "limit" in row:
            yield from self._limit(row["limit"], self.parts[name], place)


def _next_visit_faults(key: str, pack: Row) -> Iterator[Fault]:
    """One rule for the next visit, and a check that comes before the routine visit."""
    rule = pack.get("follow_up")
    if rule and "next_visit_days" in pack:
        yield Fault(f"{key}: next_visit_days", "follow_up says it already: leave one of them out")
    if rule and rule["check_days"] > rule["routine_days"]:
        yield Fault(f"{key}: follow_up: check_days", "lies after the routine visit")


def _can_be(row: Row, value: object) -> bool:
    """Can this declared fact or part ever have that value?"""
    if row["kind"] == "choice":
        options = [option["value"] for option in row.get("options", ())]
        return not options or value in options
    if row["kind"] == "bool":
        return isinstance(value, bool)
    if row["kind"] in ("int", "number"):
        return as_number(value) is not None
    return row["kind"] != "mark" and isinstance(value, str)


def _correct_by_faults(row: Row | None, place: str) -> Iterator[Fault]:
    if row is not None and sum(name in row for name in ("days", "working_days", "next_visit")) != 1:
        yield Fault(place, "needs exactly one of days, working_days, next_visit")
