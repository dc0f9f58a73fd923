"""Dates, times, numbers and counts in words, the same on every page."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

DASH = "\u2013"  # between two times or numbers
SEVERITIES = ("critical", "major", "minor")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)  # fixed words: the report must not depend on the machine's language
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS = {"C": "°C", "F": "°F", "m2": "m²"}


def day(value: date) -> str:
    """``3 March 2026``: no order of day and month that could be read two ways."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def short_day(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1][:3]} {value.year}"


def weekday(value: date) -> str:
    return f"{_DAYS[value.weekday()]}, {day(value)}"


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


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def days(number: int) -> str:
    return counted(number, "day")


def listed(words: Iterable[str]) -> str:
    """``a, b and c``."""
    *most, last = [word for word in words if word] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def unit(text: str | None) -> str:
    return _UNITS.get(text or "", text or "")


def measured(number: str, of: str | None) -> str:
    name = unit(of)
    return f"{number} {name}".strip()


def entered(text: str) -> str:
    """``250 F`` as it was read from the instrument: ``250 °F``."""
    number, _, name = text.partition(" ")
    return measured(number, name)
