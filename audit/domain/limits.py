"""Limits judge a dated or measured value against the visit's local date and the frozen thresholds."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from audit.domain.canonical import decimal_text
from audit.domain.conditions import Condition, as_number, holds
from audit.domain.measures import unit_words
from audit.domain.tongue import numeral, say, several

KINDS = ("expires", "max-age", "at-least", "at-most", "at-least-part", "cases")


@dataclass(frozen=True)
class Case:
    when: Condition | None  # none is the last case: whenever no other holds
    limit: "Limit"


@dataclass(frozen=True)
class Limit:
    """A rule for one value.

    ``expires``: a date earlier than the visit is OUT, ``warn_days`` or fewer left is a warning.
    ``max-age``: a date longer ago than ``months`` or ``days`` is OUT.
    ``at-least`` / ``at-most``: a number in the part's base unit against ``value``; ``also`` holds the same
    threshold as the source prints it in other units (38 C is printed as 100 F, which is 37.8 C).
    ``at-least-part``: a number against another value, named ``item#part``.
    ``cases``: the first case whose condition is certain to hold.
    ``source`` names where the number comes from, for the page and the paper.
    """

    kind: str
    value: Decimal | None = None
    months: int = 0
    days: int = 0
    warn_days: int = 0
    part: str = ""
    cases: tuple[Case, ...] = ()
    also: tuple[tuple[str, Decimal], ...] = ()
    source: str = ""

    @property
    def looks_ahead(self) -> bool:
        """May the date lie after the visit?"""
        return self.kind == "expires" or any(case.limit.looks_ahead for case in self.cases)

    def standing_for(self, facts: Mapping[str, object]) -> "Limit | None":
        """The limit that counts under these facts and answers, or none."""
        if self.kind != "cases":
            return self
        for case in self.cases:
            if holds(case.when, facts):
                return case.limit.standing_for(facts)
        return None


@dataclass(frozen=True)
class Judgement:
    """What a limit says of a value: the mark it derives (or none), a warning, and the limit in words."""

    mark: str | None
    warning: str = ""
    words: str = ""


def judge_date(limit: Limit, value: date, inspected_on: date) -> Judgement:
    """Compare a date with the visit's date, never with today, so that a report re-opened later is the same."""
    if limit.kind == "expires":
        left = (value - inspected_on).days
        if left < 0:
            return Judgement("OUT", words=say("expired {days} before the visit", days=days_words(-left)))
        warning = say("expires in {days}", days=days_words(left)) if left <= limit.warn_days else ""
        return Judgement("IN", warning, say("{days} left", days=days_words(left)))
    last = oldest_allowed(limit, inspected_on)
    age = (inspected_on - value).days
    if value < last:
        return Judgement("OUT", words=_age_told(age, limit))
    left = (value - last).days
    warning = say("due again in {days}", days=days_words(left)) if left <= limit.warn_days else ""
    return Judgement("IN", warning, _age_told(age, limit))


def _age_told(days: int, limit: Limit) -> str:
    return say("{days} old, limit {age}", days=days_words(days), age=age_words(limit))


def oldest_allowed(limit: Limit, inspected_on: date) -> date:
    """The earliest date a max-age limit still accepts on that day."""
    return months_before(inspected_on, limit.months) - timedelta(days=limit.days)


def months_before(day: date, count: int) -> date:
    """Count calendar months back; 31 March less one month is the last day of February."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Measured:
    """A number in the part's base unit, and as it was read from the instrument."""

    value: Decimal
    unit: str
    read: Decimal
    read_unit: str


def judge_number(limit: Limit, measured: Measured, values: Mapping[str, object]) -> Judgement:
    """Compare a number with its limit, in the unit it was read in when the source prints that unit too.

    An unknown reference value (``at-least-part``) judges nothing.
    """
    value, bound, unit = measured.value, limit.value, measured.unit
    if limit.kind == "at-least-part":
        bound = as_number(values.get(limit.part, ""))
    elif measured.read_unit in dict(limit.also):
        value, bound, unit = measured.read, dict(limit.also)[measured.read_unit], measured.read_unit
    if bound is None:
        return Judgement(None)
    wrong = value > bound if limit.kind == "at-most" else value < bound
    return Judgement("OUT" if wrong else "IN", words=bound_words(limit.kind, bound, unit))


def bound_words(kind: str, bound: Decimal, unit: str | None) -> str:
    """``at least 121 °C``; anything but ``at-most`` is a lower bound."""
    quantity = f"{numeral(decimal_text(bound))} {unit_words(unit)}".strip()
    if kind == "at-most":
        return say("at most {quantity}", quantity=quantity)
    return say("at least {quantity}", quantity=quantity)


def describe(limit: Limit, unit: str | None = None) -> str:
    """The limit in words for page and paper, without its source."""
    if limit.kind == "expires":
        return say("not expired on the day of the visit")
    if limit.kind == "max-age":
        return say("not older than {age}", age=age_words(limit))
    if limit.kind == "at-least-part":
        return say("at least the minimum stated")
    if limit.kind == "cases":
        return "; ".join(dict.fromkeys(describe(case.limit, unit) for case in limit.cases))
    return bound_words(limit.kind, limit.value or Decimal(0), unit)


def age_words(limit: Limit) -> str:
    """``13 months``, ``30 days``, ``1 month and 3 days``"""
    if not limit.months:
        return days_words(limit.days) if limit.days else ""
    months = several("{number} month", "{number} months", limit.months)
    return say("{months} and {days}", months=months, days=days_words(limit.days)) if limit.days else months


def days_words(count: int) -> str:
    return several("{number} day", "{number} days", count)
