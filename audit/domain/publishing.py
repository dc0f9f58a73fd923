"""Publishing resolves catalogue, checklist and pack into one frozen, self-contained document.

A pure function: equal definitions give an equal document, and the fingerprint of the document (without its
version) is what an inspection pins.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from audit.domain.canonical import plain, sha256_of
from audit.domain.checklists import SEVERITIES
from audit.domain.clinics import covers
from audit.domain.definitions import Definitions, Row
from audit.domain.due import WEEKDAYS
from audit.domain.problems import NotFound
from audit.domain.translations import IN_ENGLISH, UNCONFIRMED, Words, described, telling

FORMAT = "clinic-audit/checklist/1"


def resolve(found: Definitions, checklist_key: str, pack_key: str) -> dict[str, Any]:
    """The content of a published document; numbers are strings, as in all canonical documents.

    Raises:
        NotFound: when there is no such checklist or pack.
    """
    if checklist_key not in found.checklists:
        raise NotFound(
            f"There is no checklist {checklist_key}. Known: {', '.join(sorted(found.checklists))}."
        )
    if pack_key not in found.packs:
        raise NotFound(f"There is no pack {pack_key}. Known: {', '.join(sorted(found.packs))}.")
    checklist, pack = found.checklists[checklist_key], found.packs[pack_key]
    base = found.packs.get(pack.get("base", ""))
    resolver = _Resolver(found, pack, base)
    content = {
        "format": FORMAT,
        "checklist": checklist_key,
        "title": checklist["title"],
        "kind": checklist["kind"],
        "pack": pack_key,
        "pack_title": pack["title"],
        "jurisdiction": pack["jurisdiction"],
        "sections": [resolver.section(section) for section in checklist["section"]],
        "facts": [_fact(row) for row in found.facts.values()],
        "scheme": {"may_pass": False, **pack["scheme"]},
        "due": _due(pack) | _coming_back(pack),
        "sources": list(pack["source"]),
        "words": dict(pack.get("words", {})),
    }
    languages = {
        code: telling(language, content, pack, base, resolver.advice)
        for code, language in found.languages.items()
    }
    frozen: dict[str, Any] = plain(content | {"languages": languages} if languages else content)
    return frozen


def fingerprint(content: Mapping[str, Any]) -> str:
    """The SHA-256 that identifies the content."""
    return sha256_of(content)


def most_specific(packs: Mapping[str, str], jurisdiction: str) -> str | None:
    """The pack (key by jurisdiction) that fits a clinic's jurisdiction most closely, or none."""
    fitting = [key for key, where in packs.items() if covers(where, jurisdiction)]
    return max(sorted(fitting), key=lambda key: len(packs[key]), default=None)


def _fact(row: Row) -> dict[str, Any]:
    return {
        "key": row["key"],
        "scope": row["scope"],
        "kind": row["kind"],
        "label": row["label"],
        "question": row["question"],
        "threshold": row.get("threshold", ""),
        "options": list(row.get("options", ())),
    }


def _due(pack: Row) -> dict[str, Any]:
    return {
        "weekend": [WEEKDAYS.index(day) for day in pack["calendar"]["weekend"]],
        "holidays": sorted(str(day) for day in pack["calendar"]["holidays"]),
        "severity_days": {severity: pack["severity_due"][severity] for severity in SEVERITIES},
        "next_visit_days": pack.get("next_visit_days"),
    }


def _coming_back(pack: Row) -> dict[str, Any]:
    """The rules for the next visit beyond a plain interval; nothing where the pack has none."""
    found: dict[str, Any] = {}
    if rule := pack.get("follow_up"):
        found["next_visit_days"] = rule["routine_days"]
        found["follow_up"] = {
            "routine_days": rule["routine_days"],
            "check_days": rule["check_days"],
            "routine_only": rule.get("routine_only", False),
            "source": _reference(rule),
        }
    if scheme := pack.get("placard"):
        found["placard"] = {
            "minor_only": scheme["minor_only"],
            "working_days": scheme["working_days"],
            "source": _reference(scheme),
        }
    return found


class _Resolver:
    """Resolves items under one pack and its base."""

    def __init__(self, found: Definitions, pack: Row, base: Row | None) -> None:
        self.found, self.pack, self.base = found, pack, base
        self.labels = {jurisdiction: pack["label"] for jurisdiction in pack["cite"]}
        if base:
            # What the base cites stays labelled as the base's, also where the pack shows it.
            self.labels |= {jurisdiction: base["label"] for jurisdiction in base["cite"]}
        self.overrides = {row["item"]: row for row in pack.get("correct_by", ())}

    def section(self, section: Row) -> dict[str, Any]:
        return {
            "key": section["key"],
            "letter": section["letter"],
            "title": section["title"],
            "items": [
                self.item(self.found.items[key], f"{section['letter']}-{place:02d}")
                for place, key in enumerate(section["items"], 1)
            ],
        }

    def item(self, item: Row, number: str) -> dict[str, Any]:
        citations = list(self._citations(item))
        return {
            "key": item["key"],
            "number": number,
            "prompt": item["prompt"],
            "look": item["look"],
            "severity": item["severity"],
            "reason": item["reason"],
            "standing": "official" if item["official"] and citations else "recommended",
            "per_practitioner": item.get("per") == "practitioner",
            "marks": item["marks"],
            "photo_asked": item.get("photo", False),
            "needs_sight": item.get("needs_sight", False),
            "applies_when": item.get("applies_when"),
            "parts": [self._part(item, part) for part in item["part"]],
            "phrases": item["phrases"],
            "corrective": item["corrective"],
            "correct_by": _correct_by(self.overrides.get(item["key"], item.get("correct_by"))),
            "citations": citations,
            "grounds": item.get("grounds", []),
        }

    def _citations(self, item: Row) -> Iterator[dict[str, str]]:
        order = {jurisdiction: place for place, jurisdiction in enumerate(self.labels)}
        shown = [row for row in item.get("citation", ()) if row["jurisdiction"] in order]
        for row in sorted(shown, key=lambda row: order[row["jurisdiction"]]):
            yield {
                "ref": row["ref"],
                "kind": row["kind"],
                "jurisdiction": row["jurisdiction"],
                "certainty": row["certainty"],
                "source": self.labels[row["jurisdiction"]],
            }

    def _part(self, item: Row, part: Row) -> dict[str, Any]:
        name = f"{item['key']}#{part['key']}"
        return {
            "key": part["key"],
            "kind": part["kind"],
            "label": part["label"],
            "required": part.get("required", True),
            "unit": part.get("unit"),
            "units": part.get("units", [part["unit"]] if part.get("unit") else []),
            "low": part.get("low"),
            "high": part.get("high"),
            "options": [{"mark": None, **option} for option in part.get("options", ())],
            "limit": self._limit(name, part),
            "advice": list(self.advice(name, part)),
            "when": part.get("when"),
        }

    def _rows(self, pack: Row | None, name: str) -> list[Row]:
        rows = pack.get("threshold", ()) if pack else ()
        return [row for row in rows if f"{row['item']}#{row['part']}" == name]

    def _inherits(self, name: str) -> bool:
        return name in self.pack.get("inherit", ())

    def _limit(self, name: str, part: Row) -> dict[str, Any] | None:
        """Own thresholds first, then inherited ones where nothing of their own is set, then the catalogue's."""
        rows = [row for row in self._rows(self.pack, name) if "limit" in row]
        if not rows and self._inherits(name):
            rows = [row for row in self._rows(self.base, name) if "limit" in row]
        conditional = [row for row in rows if row.get("when")]
        always = next((_sourced(row) for row in rows if not row.get("when")), part.get("limit"))
        if not conditional:
            return always
        cases = [{"when": row["when"], "limit": _sourced(row)} for row in conditional]
        if always:
            cases.append({"when": None, "limit": always})
        return {"kind": "cases", "cases": cases}

    def advice(self, name: str, part: Row, words: Words = IN_ENGLISH) -> Iterator[str]:
        """What the pack and its base advise on a part (``item#part``), in the words of a language."""
        for row in self._rows(self.pack, name):
            if "advice" in row:
                yield words.advice(row["advice"], _reference(row))
        for row in self._rows(self.base, name):
            if "advice" in row:
                yield words.advice(row["advice"], _reference(row), self.base_label)
            elif not self._inherits(name) and not row.get("when"):
                yield words.advice(
                    described(row["limit"], part.get("unit")), _reference(row), self.base_label
                )

    @property
    def base_label(self) -> str:
        return str(self.base["label"]) if self.base else ""


def _sourced(row: Row) -> dict[str, Any]:
    return _with_source(row["limit"], _reference(row))


def _with_source(limit: Row, source: str) -> dict[str, Any]:
    sourced = {**limit, "source": source}
    if limit["kind"] == "cases":
        sourced["cases"] = [
            {"when": case["when"], "limit": _with_source(case["limit"], source)} for case in limit["cases"]
        ]
    return sourced


def _reference(row: Row) -> str:
    source = str(row["source"])
    return source if row["certainty"] == "verified" else UNCONFIRMED.format(source=source)


def _correct_by(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    kind = next(name for name in ("days", "working_days", "next_visit") if name in row)
    count = 0 if kind == "next_visit" else row[kind]
    return {"kind": kind, "count": count, "stop": row.get("stop", False)}
