"""Vectors of what comes after a visit, and of what a clinic keeps: placards, next visits, repeats, papers on file."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from audit.domain.due import Calendar, DueRules, FollowUp, PlacardRules
from audit.domain.history import Out, Past, all_repeats, next_by
from audit.domain.placard import MINOR_ONLY, SERVICE_WORDS, SERVICES, Infraction, placard
from audit.domain.tongue import say
from audit.operations.suggestions import OnFile, said
from tests.vectors.inventing import DAYS, Inventor, sheets

# The facts that limits of dates look at.
ASKED_OF = frozenset({"site"})
_ITEMS = ("a.a", "b.b", "c.c")


def _coming_back(inventor: Inventor) -> tuple[DueRules, dict[str, Any]]:
    """Rules for coming back, and as they are published."""
    weekend, plain = [day for day in range(7) if inventor.maybe(0.3)][:6], inventor.one((None, 180))
    holidays = sorted({f"2025-0{inventor.number(3, 7)}-0{inventor.number(1, 9)}" for _ in range(2)})
    follow = FollowUp(180, inventor.number(5, 30), inventor.maybe(0.4)) if inventor.maybe(0.6) else None
    hung = PlacardRules(inventor.one(MINOR_ONLY), inventor.number(0, 5)) if inventor.maybe(0.8) else None
    calendar = Calendar(frozenset(weekend), frozenset(map(date.fromisoformat, holidays)))
    told: dict[str, Any] = {
        "weekend": [str(day) for day in weekend],
        "holidays": holidays,
        "next_visit_days": plain and str(plain),
    }
    if follow:
        told["follow_up"] = {
            "routine_days": str(follow.routine_days),
            "check_days": str(follow.check_days),
            "routine_only": follow.routine_only,
        }
    if hung:
        told["placard"] = {"minor_only": hung.minor_only, "working_days": str(hung.working_days)}
    return DueRules(calendar, next_visit_days=plain, follow_up=follow, placards=hung), told


def placards() -> Iterator[list[Any]]:
    inventor = Inventor("placards")
    for _ in range(50):
        (rules, due), on = _coming_back(inventor), inventor.one(DAYS)
        offered = [name for name in SERVICES if inventor.maybe(0.5)]
        every = [
            Infraction(
                inventor.one(("critical", "major", "minor")),
                inventor.maybe(0.5),
                inventor.one((None, None, *SERVICES)),
            )
            for _ in range(inventor.number(0, 4))
        ]
        told = None
        if hung := rules.placards:
            found = placard(every, offered, on, rules.calendar, hung.minor_only, hung.working_days)
            services = [[name, say(SERVICE_WORDS[one])] for name, one in found.services]
            again = found.come_back_by and found.come_back_by.isoformat()
            told = [found.standing, found.words, services, again]
        yield [due, [asdict(one) for one in every], offered, on.isoformat(), told]


def _past(inventor: Inventor) -> tuple[list[Past], list[dict[str, Any]]]:
    """A clinic's visits before, and as a tablet gets them."""
    found = [
        Past(
            inventor.one(DAYS),
            inventor.one(("routine", "routine", "follow-up")),
            {item: inventor.maybe(0.5) for item in _ITEMS if inventor.maybe(0.6)},
            frozenset(item for item in _ITEMS if inventor.maybe(0.7)) if inventor.maybe(0.3) else None,
        )
        for _ in range(inventor.number(0, 4))
    ]
    told = [
        {
            "inspected_on": one.inspected_on.isoformat(),
            "purpose": one.purpose,
            "outs": dict(one.outs),
            "asked": None if one.asked is None else sorted(one.asked),
        }
        for one in found
    ]
    return found, told


def next_visits() -> Iterator[list[Any]]:
    inventor = Inventor("next visits")
    for _ in range(70):
        (rules, due), on = _coming_back(inventor), inventor.one(DAYS)
        past, told = _past(inventor)
        outs = [
            Out(item, inventor.one(("critical", "major")), inventor.maybe(0.6))
            for item in (*_ITEMS, *_ITEMS)
            if inventor.maybe(0.4)
        ]
        purpose = inventor.one(("routine", "follow-up"))
        again = inventor.one((None, None, on + timedelta(days=3), on + timedelta(days=180)))
        found = next_by(rules, outs, past, on, purpose, again)
        shown = [[asdict(one) for one in outs], told, on.isoformat(), purpose, again and again.isoformat()]
        why = found and [[one.words, list(one.items)] for one in found.why]
        yield [due, *shown, found and [found.due.isoformat(), found.check, why]]


def repeats() -> Iterator[list[Any]]:
    inventor = Inventor("repeats")
    for _ in range(50):
        purpose, only = inventor.one(("routine", "follow-up")), inventor.maybe(0.4)
        past, told = _past(inventor)
        found = all_repeats(purpose, past, only)
        yield [purpose, told, only, {item: [day.isoformat() for day in days] for item, days in found.items()}]


def on_file() -> Iterator[list[Any]]:
    inventor = Inventor("on file")
    for name, sheet in sheets().items():
        dated = [
            item for item in sheet.checklist.items() if any(part.kind == "date" for part in item.value_parts)
        ]
        for item in dated * (3 if name == "miniature" else 1):
            part = inventor.one([part.key for part in item.value_parts])
            setting = inventor.setting(sheet.checklist)
            issued, expires = (
                inventor.one((None, setting.on + timedelta(days=inventor.number(-800, 60)))) for _ in "ie"
            )
            where = inventor.one((part, part, ""))
            one = OnFile(("On file",), where, issued, expires, ("Seen",), inventor.maybe(0.2))
            facts = {key: value for key, value in setting.facts.items() if key in ASKED_OF}
            found = said(one, item, facts, setting.on)
            days = {"issued": issued and issued.isoformat(), "expires": expires and expires.isoformat()}
            yield [
                asdict(one) | {"before": list(one.before), "after": list(one.after)} | days,
                name,
                item.key,
                facts,
                setting.on.isoformat(),
                [list(found.words), [list(row) for row in found.values]],
            ]
