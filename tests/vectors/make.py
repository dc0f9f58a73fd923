"""Writes the vectors that prove that server and tablet judge alike: ``python -m tests.vectors.make``.

Each file holds what goes in and what the server makes of it. Equal rules write equal bytes; a test compares.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from audit.domain import manifest
from audit.domain.canonical import canonical, decimal_text, sha256_of
from audit.domain.changes import Conflict
from audit.domain.checklists import read_limit
from audit.domain.conditions import decide
from audit.domain.due import Calendar, CorrectBy, DueRules
from audit.domain.facts import KINDS, FactKey, FactOption
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Signature
from audit.domain.limits import describe, months_before
from audit.domain.measures import convert
from audit.domain.visits import derived_facts
from tests.domain import making
from tests.vectors import coming, telling
from tests.vectors.inventing import DAYS, ODD_NUMBERS, Inventor, Setting, Sheet, sheets

HERE = Path(__file__).parent
# Per checklist: kinds of settings, ways to answer each item, and whole visits.
SIZES = {"miniature": (24, 24, 60), "smp-clinic-inspection us-ca": (8, 4, 8)}
SMALLER = (6, 1, 5)


@cache
def answers() -> dict[str, Any]:
    """Single answers in their settings, told in full."""
    return {name: _answers(name, sheet) for name, sheet in sheets().items()}


def _answers(name: str, sheet: Sheet) -> dict[str, Any]:
    inventor = Inventor(f"answers {name}")
    many, ways, _ = SIZES.get(name, SMALLER)
    contexts = [_context(inventor, sheet) for _ in range(many)]
    cases = []
    for item in sheet.checklist.items():
        for _ in range(ways):
            place = inventor.number(0, many - 1)
            setting, others = contexts[place]
            entered = inventor.answer(item, setting.on, oddness=inventor.one((0.0, 0.8)))
            told = telling.one_answer(sheet, item.key, entered, setting, others)
            del told["answer"]["item"]  # it stands at the front
            cases.append([item.key, entered, place, told])
    shown = [
        {"inspected_on": setting.on.isoformat(), "facts": setting.facts, "others": others}
        for setting, others in contexts
    ]
    return {"contexts": shown, "cases": cases}


def _context(inventor: Inventor, sheet: Sheet) -> tuple[Setting, dict[str, str]]:
    others = {
        f"{item.key}#{part.key}": inventor.one(
            [option.value for option in part.options] or ["1", "3", "132.5", "x"]
        )
        for item in sheet.checklist.items()
        for part in item.value_parts
        if part.kind in ("choice", "number") and inventor.maybe(0.2)
    }
    return inventor.setting(sheet.checklist), others


def visits() -> dict[str, Any]:
    """Whole visits: their answers are places in the cases above, their judgement a headline and a fingerprint."""
    return {name: _visits(name, sheet) for name, sheet in sheets().items()}


def _visits(name: str, sheet: Sheet) -> list[dict[str, Any]]:
    inventor = Inventor(f"visits {name}")
    pool = answers()[name]["cases"]
    found = []
    for _ in range(SIZES.get(name, SMALLER)[2]):
        setting = inventor.setting(sheet.checklist)
        given = _given(inventor, pool, setting.people)
        entered = drawn(given, pool, setting.people)
        links = [
            (item, person, f"{place:064x}", inventor.one(("", "the sink")))
            for place, (item, person, _) in enumerate(entered)
            if inventor.maybe(0.05)
        ]
        told = telling.whole_visit(sheet, setting, entered, links)
        found.append(
            {
                "inspected_on": setting.on.isoformat(),
                "facts": setting.facts,
                "practitioners": list(setting.people),
                "answers": given,
                "links": [list(link) for link in links],
                "headline": telling.headline(told),
                "sha256": sha256_of(told),
            }
        )
    return found


def _given(inventor: Inventor, pool: list[Any], people: tuple[str, ...]) -> list[list[int]]:
    """One of the ways to answer for most items, as [case] for the visit or [case, place of the person]."""
    ways: dict[str, list[int]] = {}
    for place, (item, *_) in enumerate(pool):
        ways.setdefault(item, []).append(place)
    share = inventor.one((0.3, 0.8, 1.0))
    return [
        [inventor.one(places), *person]
        for places in ways.values()
        for person in ([], *([place] for place in range(len(people))))
        if inventor.maybe(share / 2 if person else share)
    ]


def drawn(given: list[list[int]], pool: list[Any], people: Sequence[str]) -> list[telling.Given]:
    """The answers of a visit out of the single cases."""
    return [(pool[case][0], people[person[0]] if person else None, pool[case][1]) for case, *person in given]


def setting_of(visit: dict[str, Any]) -> Setting:
    """The setting of a visit of the vectors, read back."""
    return Setting(date.fromisoformat(visit["inspected_on"]), visit["facts"], tuple(visit["practitioners"]))


def rules() -> dict[str, Any]:
    """Every small rule by itself."""
    kinds: dict[str, Callable[[], Iterator[list[Any]]]] = {
        "decide": _decisions,
        "convert": _conversions,
        "describe": _descriptions,
        "months_before": _months,
        "due": _deadlines,
        "facts": _facts,
        "derived": _derived,
        "hindrances": _hindrances,
        "placard": coming.placards,
        "next_by": coming.next_visits,
        "repeats": coming.repeats,
        "on_file": coming.on_file,
        "canonical": _canonical,
        "manifest": _manifests,
    }
    return {name: list(cases()) for name, cases in kinds.items()}


def _decisions() -> Iterator[list[Any]]:
    inventor = Inventor("conditions")
    for _ in range(200):
        facts = {key: inventor.one(_VALUES) for key in "abc" if inventor.maybe(0.7)}
        condition = _condition(inventor, 3)
        found = decide(condition, facts)
        yield [condition, facts, [found.applies, found.known, found.because and list(found.because)]]
    yield [None, {}, [True, True, None]]
    for key in ("constructor", "__proto__"):
        yield [{"equals": {"key": key, "value": "x"}}, {}, [True, False, None]]


_VALUES = (
    True,
    False,
    "true",
    "false",
    0,
    2,
    "2",
    "2.0",
    "02",
    "-1",
    "+2",
    "1e5",
    "1_0",
    " 2 ",
    "Infinity",
    "",
    None,
    "x",
)


def _condition(inventor: Inventor, depth: int) -> dict[str, Any]:
    kind = inventor.one(("all", "any", "not", "equals", "at-least") if depth else ("equals", "at-least"))
    if kind in ("all", "any"):
        return {kind: [_condition(inventor, depth - 1) for _ in range(inventor.number(1, 3))]}
    if kind == "not":
        return {"not": _condition(inventor, depth - 1)}
    wanted = (
        inventor.one((1, "2", "2.0", 3)) if kind == "at-least" else inventor.one((True, False, "x", "2", 2))
    )
    return {kind: {"key": inventor.one("abc"), "value": wanted}}


_PAIRS = (("C", "F"), ("lx", "fc"), ("m2", "sq ft"), ("m", "ft"), ("s", "min"))


def _conversions() -> Iterator[list[Any]]:
    inventor = Inventor("units")
    plain = [
        "0",
        "-0",
        "0.0381",
        "0.3",
        "-0.0381",
        "999999999.9999",
        "-40",
        "100",
        "37.78",
        "0.005",
        "10.764",
    ]
    plain += [f"{inventor.number(-99999, 99999)}.{inventor.number(0, 9999):04d}" for _ in range(20)]
    for pair in _PAIRS:
        for unit, base in (pair, pair[::-1], (pair[0], pair[0])):
            for value in plain:
                yield [value, unit, base, decimal_text(convert(Decimal(value), unit, base))]


def _descriptions() -> Iterator[list[Any]]:
    seen: set[str] = set()
    for sheet in sheets().values():
        for section in sheet.published["sections"]:
            for item in section["items"]:
                for part in item["parts"]:
                    limit = read_limit(part["limit"])
                    told = json.dumps([part["limit"], part["unit"]], sort_keys=True)
                    if limit is not None and told not in seen:
                        seen.add(told)
                        yield [part["limit"], part["unit"], describe(limit, part["unit"])]


def _months() -> Iterator[list[Any]]:
    for day in (*DAYS, date(2000, 3, 31), date(1900, 1, 1), date(2025, 12, 31), date(2025, 1, 30)):
        for count in (0, 1, 2, 11, 12, 13, 24, 25, 1200):
            yield [day.isoformat(), count, months_before(day, count).isoformat()]


def _deadlines() -> Iterator[list[Any]]:
    inventor = Inventor("deadlines")
    for _ in range(120):
        on = inventor.one(DAYS)
        weekend = [day for day in range(7) if inventor.maybe(0.3)][:6]
        holidays = sorted({f"2025-0{inventor.number(3, 7)}-0{inventor.number(1, 9)}" for _ in range(5)})
        next_visit = inventor.one((None, 180, 365))
        days = {"critical": inventor.number(0, 9), "major": 14, "minor": 400}
        own = inventor.one(("", "days", "working_days", "next_visit"))
        count = inventor.number(0, 30)
        rules = DueRules(
            Calendar(frozenset(weekend), frozenset(map(date.fromisoformat, holidays))),
            tuple(days.items()),
            next_visit,
        )
        severity = inventor.one(tuple(days))
        due = rules.due(CorrectBy(own, count) if own else None, severity, on)
        yield [
            {
                "weekend": [str(day) for day in weekend],
                "holidays": holidays,
                "severity_days": {name: str(number) for name, number in days.items()},
                "next_visit_days": next_visit and str(next_visit),
            },
            {"kind": own, "count": str(count), "stop": False} if own else None,
            severity,
            on.isoformat(),
            due.isoformat(),
        ]


def _facts() -> Iterator[list[Any]]:
    options = (FactOption("fixed", "Fixed"), FactOption("mobile", "Mobile"))
    raws = (
        True,
        False,
        "Yes",
        " no ",
        "TRUE",
        "",
        None,
        3,
        "3",
        "1234567",
        "-1",
        *ODD_NUMBERS,
        "fixed",
        "Mobile",
        "\x1cyes",
    )
    for kind in KINDS:
        fact = FactKey("site", "visit", kind, "Site", "Site?", options if kind == "choice" else ())
        told = {"kind": kind, "options": [{"value": row.value, "label": row.label} for row in fact.options]}
        for raw in raws:
            try:
                value = fact.reads(raw)
            except ValueError as fault:
                yield [told, raw, {"fault": str(fault)}]
            else:
                yield [told, raw, {"value": value, "shown": None if value is None else fact.shown(value)}]


def _derived() -> Iterator[list[Any]]:
    inventor = Inventor("derived")
    for name, sheet in sheets().items():
        for _ in range(3):
            facts, before, people = (
                inventor.setting(sheet.checklist).facts,
                inventor.number(0, 2),
                inventor.number(0, 3),
            )
            yield [name, facts, before, people, derived_facts(sheet.checklist, facts, before, people)]


def _hindrances() -> Iterator[list[Any]]:
    inventor = Inventor("hindrances")
    conflict = Conflict("op", ("soap.there", None), {}, "a", "d", making.NOON)
    for name in ("miniature", "smp-clinic-self-audit us"):
        checklist = sheets()[name].checklist
        for _ in range(20):
            signatures = tuple(
                Signature(role, state, "Zoë", seen=inventor.one(("now", "now", "before")))
                for role in (INSPECTOR, PERSON_IN_CHARGE)
                if (state := inventor.one(("signed", "refused", "absent", "")))
            )
            conflicts = (conflict,) * inventor.number(0, 2)
            visit = replace(making.visit(checklist, signatures=()), conflicts=conflicts)
            visit = replace(visit, signatures=tuple(_seen(row, visit.fingerprint) for row in signatures))
            found = {
                "open": visit.journey.open,
                "conflicts": len(conflicts),
                "signatures": [
                    {"role": row.role, "state": row.state, "seen": row.seen} for row in signatures
                ],
                "fingerprint": "now",
                "self_audit": visit.is_self_audit,
            }
            yield [found, list(visit.hindrances)]


def _seen(signature: Signature, fingerprint: str) -> Signature:
    return replace(signature, seen=fingerprint if signature.seen == "now" else signature.seen)


def _canonical() -> Iterator[list[Any]]:
    table = {
        "b": [1, -5, 0],
        "a": {"é": None, "z": True, "Z": False, "": ""},
        "\ufb33": "1",
        "😀": "2",
        "10": "x",
        "9": "y",
    }
    texts = ['"\\/', "\x00\x01\x1f\x7f\u2028\u2029", "\t\n\r\b\f", "😀é\ufeff", "<script>", "e\u0301"]
    values: tuple[Any, ...] = (
        table,
        texts,
        "",
        [],
        {},
        [[], {}],
        9007199254740991,
        None,
        {"__proto__": {"x": 1}, "constructor": 2},
    )
    for value in values:
        yield [value, canonical(value).decode(), sha256_of(value)]


def _manifests() -> Iterator[list[Any]]:
    inventor = Inventor("manifests")
    for size in (0, 1, 3, 40):
        rows = {
            (inventor.one(_KEYS), inventor.one((None, "p1", "p2", ""))): inventor.number(1, 12)
            for _ in range(size)
        }
        answers = [(item, person, rev) for (item, person), rev in rows.items()]
        photos = [(item, person, sha256_of(str(rev))) for item, person, rev in answers if inventor.maybe(0.5)]
        signed = [("person-in-charge", "signed", "😀"), ("inspector", "signed", "Zoë \ufb33")][
            : inventor.number(0, 2)
        ]
        document = manifest.manifest("i-1", "ab" * 32, answers, photos, signed)
        given = {
            "inspection": "i-1",
            "checklist_sha": "ab" * 32,
            "answers": [{"item": item, "person": person, "rev": rev} for item, person, rev in answers],
            "photos": [{"item": item, "person": person, "sha256": sha} for item, person, sha in photos],
            "signatures": [{"role": role, "state": state, "name": name} for role, state, name in signed],
        }
        yield [given, canonical(document).decode(), manifest.fingerprint(document)]


_KEYS = ("b.b", "a.a", "a.a-b", "a.b", "c.c10", "c.c9")

# What a file holds, and how deep a single case lies in it.
FILES: dict[str, tuple[Callable[[], dict[str, Any]], int]] = {
    "answers.json": (answers, 3),
    "visits.json": (visits, 2),
    "rules.json": (rules, 2),
}


def text_of(name: str) -> str:
    """A file as it must be today."""
    make, depth = FILES[name]
    return spelled(make(), depth) + "\n"


def spelled(value: Any, depth: int) -> str:
    """As a file: a case is a line. ASCII, so that halves of characters travel too."""
    if not depth or not value or not isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    if isinstance(value, list):
        return "[\n" + ",\n".join(spelled(entry, depth - 1) for entry in value) + "\n]"
    rows = (f"{json.dumps(key)}:{spelled(entry, depth - 1)}" for key, entry in sorted(value.items()))
    return "{\n" + ",\n".join(rows) + "\n}"


if __name__ == "__main__":
    for name in FILES:
        (HERE / name).write_text(text_of(name), "ascii", newline="\n")
