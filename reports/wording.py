"""Dates, times, numbers and counts in the words of the report's language, the same on every page."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from audit.domain.limits import days_words
from audit.domain.measures import unit_words
from audit.domain.tongue import numeral, say, several, word
from audit.languages import writing

DASH = "\u2013"  # between two times or numbers
SEVERITIES = ("critical", "major", "minor")
MARK_WORDS = {
    "IN": word("in order"),
    "OUT": word("not in order"),
    "NO": word("not observed"),
    "NA": word("not applicable"),
}


def day(value: date) -> str:
    """``3 March 2026``: no order of day and month that could be read two ways."""
    return writing.long_day(value)


def short_day(value: date) -> str:
    return writing.short_day(value)


def weekday(value: date) -> str:
    return writing.long_weekday(value)


def instant(text: str) -> datetime:
    """Read ``2026-03-03T17:00:00Z``."""
    return datetime.fromisoformat(text).astimezone(UTC)


def clock(text: str, zone: str) -> str:
    """``09:00`` in the visit's time zone."""
    return instant(text).astimezone(ZoneInfo(zone)).strftime("%H:%M")


def moment(text: str, zone: str) -> str:
    """``3 March 2026, 10:05 PST`` in the visit's time zone."""
    local = instant(text).astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M} {local.tzname()}"


def days(number: int) -> str:
    return days_words(number)


def findings_words(number: int) -> str:
    return several("{number} finding", "{number} findings", number)


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = [word for word in words if word] or [""]
    return say("{some} and {last}", some=", ".join(most), last=last) if most else last


def unit(text: str | None) -> str:
    return unit_words(text)


def measured(number: str, of: str | None) -> str:
    name = unit(of)
    return f"{numeral(number)} {name}".strip()


def entered(text: str) -> str:
    """``250 F`` as it was read from the instrument: ``250 °F``."""
    number, _, name = text.partition(" ")
    return measured(number, name)
