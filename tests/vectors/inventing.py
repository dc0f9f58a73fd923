"""Invents visits: checklists, facts, and what people (and broken tablets) might enter. Equal seeds invent alike."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar

from audit.domain import checklists, publishing
from audit.domain.checklists import Checklist, Item, Part
from audit.domain.limits import Limit, months_before
from audit.domain.visits import derived_facts
from forms import library
from tests.domain import making
from tests.vectors.miniature import MINIATURE, PACK, SECTIONS

Entered = dict[str, Any]
T = TypeVar("T")

DAYS = (date(2025, 3, 3), date(2024, 2, 29), date(2026, 12, 31), date(2025, 3, 31), date(2025, 7, 3))
PEOPLE = (making.ANNA, making.BEA)
PLACES = ("us-ca", "us")
LISTS = ("smp-clinic-inspection", "smp-clinic-self-audit")

ODD_NUMBERS = ("1,5", "१२", " 7 ", "1e5", "-0", "+3", "007.50", "1,076", "1.076", "12.34567", "1234567890", "NaN",
               "many", "1 000", "٣", "0x10", ".5", "5.", "--1", "0.0381", "999999999.9999", "-0.0001")  # fmt: skip
ODD_DAYS = ("2026-02-30", "2026-2-3", "31.03.2026", "1899-12-31", "2200-01-02", "2200-01-01", "0000-01-01", "2026",
            "२०२६-०१-०१", "2025-W01-1", "2025-13-01", "2024-02-29", "1900-02-29")  # fmt: skip
TEXTS = ("Wrong.", "Dust on the tray\r\nand below", " \x1c padded \x85\u3000", "\ufeffmarked", "नमस्ते ✂", "😀" * 3,
         "half \ud83d here", "a\x00b", "\ud83d\x00\ude00", "   ", "{mark} 100 %")  # fmt: skip
LONG_TEXTS = ("x" * 501, "😀" * 500, " " + "y" * 500 + "\n")


@dataclass(frozen=True)
class Sheet:
    """A checklist twice: as the tablet gets it, and as the server reads it."""

    published: dict[str, Any]
    checklist: Checklist


@dataclass(frozen=True)
class Setting:
    """Everything about a visit that is known before an item is answered."""

    on: date
    facts: dict[str, Any]
    people: tuple[str, ...]


@cache
def sheets() -> dict[str, Sheet]:
    """Two checklists under two packs each, as shipped, and a miniature that has every rule there is."""
    found = library.read()
    documents = {
        f"{key} {pack}": publishing.resolve(found, key, pack) for key in LISTS for pack in PLACES
    } | {"miniature": making.published(MINIATURE, pack=PACK, sections=SECTIONS)}
    return {
        name: Sheet(document, checklists.read(document, 1, publishing.fingerprint(document)))
        for name, document in documents.items()
    }


class Inventor:
    """Draws from a seed; nothing else decides."""

    def __init__(self, seed: str) -> None:
        self.chance = random.Random(seed)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def number(self, low: int, high: int) -> int:
        return low + int(self.chance.random() * (high - low + 1))

    def one(self, of: Sequence[T]) -> T:
        return of[self.number(0, len(of) - 1)]

    # visits -----------------------------------------------------------------------------------------------

    def setting(self, checklist: Checklist) -> Setting:
        people = PEOPLE[: self.number(0, len(PEOPLE))]
        facts: dict[str, Any] = {}
        for fact in checklist.facts:
            if fact.scope == "derived" or self.maybe(0.2):
                continue
            if fact.kind == "bool":
                facts[fact.key] = self.one((True, False, "true", "false"))
            elif fact.kind == "int":
                facts[fact.key] = self.one((0, 1, 2, "2", 10, "many", ""))
            else:
                facts[fact.key] = self.one(fact.options).value
        facts |= derived_facts(checklist, facts, self.number(0, 1), len(people))
        return Setting(self.one(DAYS), facts, people)

    # answers ----------------------------------------------------------------------------------------------

    def answer(self, item: Item, on: date, oddness: float) -> Entered:
        """What was entered for an item: sound, or odd in any field with that probability."""
        odd = self.maybe(oddness)
        found: Entered = {"mark": self._mark(item, odd)}
        if item.value_parts and self.maybe(0.1):
            found["absent"] = self.one(("not-shown", "not-measured", "lost" if odd else "not-shown"))
        if not found.get("absent") or odd:
            found |= self._values(item, on, odd)
        if self.maybe(0.8 if found["mark"] == "OUT" else 0.3):
            found["note"] = self._text(odd)
        if self.maybe(0.3):
            found["reason"] = self._text(odd)
        if self.maybe(0.3):
            found["corrected_on_site"] = True
        if self.maybe(0.3):
            found["correct_by"] = self._day(on + timedelta(self.number(-3, 800)), odd)
        return {key: value for key, value in found.items() if value}

    def _mark(self, item: Item, odd: bool) -> str:
        if item.mark_part is None and self.maybe(0.6):
            return ""
        if odd and self.maybe(0.3):
            return self.one(("in", "X", "NO", "NA", ""))
        return self.one((*item.marks, "IN", "IN"))

    def _text(self, odd: bool) -> str:
        if odd and self.maybe(0.03):
            return self.one(LONG_TEXTS)
        return self.one(TEXTS) if odd else TEXTS[0]

    def _values(self, item: Item, on: date, odd: bool) -> Entered:
        values: dict[str, str] = {}
        units: dict[str, str] = {}
        for part in item.value_parts:
            if self.maybe(0.15):
                continue
            values[part.key] = self._value(part, on, odd)
            if part.kind == "number" and part.units and self.maybe(0.5):
                units[part.key] = self.one((*part.units, "furlong")) if odd else self.one(part.units)
        if odd and self.maybe(0.1):
            values[self.one(("nonsense", "constructor", "__proto__"))] = "1"
        return {"values": values, "units": units}

    def _value(self, part: Part, on: date, odd: bool) -> str:
        if part.kind == "number":
            return self.one(ODD_NUMBERS) if odd and self.maybe(0.5) else self._near(part)
        if part.kind == "date":
            return self._day(self._near_day(part.limit, on), odd)
        if part.kind == "choice":
            return "nonsense" if odd and self.maybe(0.3) else self.one(part.options).value
        return self._text(odd)

    def _near(self, part: Part) -> str:
        """A number where it matters: at a limit, a hundredth beside it, or anywhere."""
        edges = [bound for bound in (part.low, part.high, *_bounds(part.limit)) if bound is not None]
        if not edges or self.maybe(0.3):
            return f"{self.number(0, 150)}" + self.one(("", ".5", ",25"))
        edge = int(self.one(edges) * 100) + self.one((-100, -1, 0, 0, 1, 100))
        return f"{'-' if edge < 0 else ''}{abs(edge) // 100}.{abs(edge) % 100:02d}"

    def _near_day(self, limit: Limit | None, on: date) -> date:
        """A day where it matters: when a limit ends, a day beside it, when its warning starts, or anywhere."""
        step = timedelta(self.one((-1, 0, 0, 1)))
        if limit is None or self.maybe(0.3):
            return on - timedelta(self.number(-40, 800))
        if limit.kind == "cases":
            return self._near_day(self.one(limit.cases).limit, on)
        if limit.kind == "max-age":
            warned = timedelta(self.one((0, limit.warn_days)))
            return months_before(on, limit.months) - timedelta(limit.days) + warned + step
        return on + timedelta(self.one((0, limit.warn_days))) + step

    def _day(self, day: date, odd: bool) -> str:
        return self.one(ODD_DAYS) if odd and self.maybe(0.5) else day.isoformat()


def _bounds(limit: Limit | None) -> list[Any]:
    if limit is None:
        return []
    inner = [bound for case in limit.cases for bound in _bounds(case.limit)]
    return [limit.value, *(bound for _, bound in limit.also), *inner]
