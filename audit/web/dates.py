"""Dates and times in words: always with the weekday, always in the time zone of the visit."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audit.domain.tongue import say, several
from audit.languages import writing

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_words(day: date) -> str:
    """``Tue 3 Mar 2026``"""
    return writing.day_words(day)


def value_words(value: str) -> str:
    """What an answer's field takes, for a reader: ``2026-03-03`` as a day in words, anything else as it is."""
    return day_words(date.fromisoformat(value)) if _DAY.fullmatch(value) else value


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def local(at: datetime, time_zone: str) -> datetime:
    return at.astimezone(_zone(time_zone))


def moment_words(at: datetime, time_zone: str) -> str:
    """``Tue 3 Mar 2026, 09:05``"""
    there = local(at, time_zone)
    return f"{day_words(there.date())}, {there:%H:%M}"


def days_words(days: Iterable[date]) -> str:
    """``Wed 4 Mar 2026, Tue 3 Feb 2026``"""
    return ", ".join(map(day_words, days))


def days_from(day: date, today: date) -> str:
    """A distance in words: ``today``, ``in 12 days``, ``5 days ago``."""
    days = (day - today).days
    if days == 0:
        return say("today")
    if days > 0:
        return several("in {number} day", "in {number} days", days)
    return several("{number} day ago", "{number} days ago", -days)


def today_in(time_zone: str, now: datetime) -> date:
    """The local date there."""
    return local(now if now.tzinfo else now.replace(tzinfo=UTC), time_zone).date()


def age_words(since: date, today: date) -> str:
    """How long ago, roughly: days, then months, then years."""
    days = (today - since) // timedelta(days=1)
    if days < 60:
        return days_from(since, today)
    months = days // 30
    if months < 24:
        return several("{number} month ago", "{number} months ago", months)
    return several("{number} year ago", "{number} years ago", days // 365)
