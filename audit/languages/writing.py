"""Days, times and numbers as the language of the moment writes them. English is written as it always was."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_skeleton

from audit.domain.tongue import ENGLISH, language
from audit.languages import locale

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> str:
    """``Tue 3 Mar 2026``, ``mar, 3 mar 2026``"""
    return _day(day, language())


@lru_cache(maxsize=4096)
def _day(day: date, code: str) -> str:
    if code == ENGLISH.code:
        return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
    return str(format_skeleton("yMMMEd", datetime(day.year, day.month, day.day), locale=locale(code)))


def short_day(day: date) -> str:
    """``3 Mar 2026``, without the weekday"""
    return _short(day, language())


@lru_cache(maxsize=4096)
def _short(day: date, code: str) -> str:
    if code == ENGLISH.code:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return str(format_skeleton("yMMMd", datetime(day.year, day.month, day.day), locale=locale(code)))


def month_words(day: date) -> str:
    """``Mar 2026``"""
    if language() == ENGLISH.code:
        return f"{_MONTHS[day.month - 1]} {day.year}"
    return str(format_skeleton("yMMM", datetime(day.year, day.month, 1), locale=locale(language())))


def long_day(day: date) -> str:
    """``3 March 2026``, ``3 de marzo de 2026``"""
    return _in_full("long", day, language())


def long_weekday(day: date) -> str:
    """``Tuesday, 3 March 2026``, ``martes, 3 de marzo de 2026``"""
    return _in_full("full", day, language())


def long_month(year: int, month: int) -> str:
    """``March 2026``, ``marzo de 2026``"""
    if language() == ENGLISH.code:
        return str(format_date(date(year, month, 1), "MMMM y", locale=locale(ENGLISH.code)))
    return str(format_skeleton("yMMMM", datetime(year, month, 1), locale=locale(language())))


# As English is written here; the locale would put the month first.
_ENGLISH = {"long": "d MMMM y", "full": "EEEE, d MMMM y"}


@lru_cache(maxsize=4096)
def _in_full(form: str, day: date, code: str) -> str:
    pattern = _ENGLISH[form] if code == ENGLISH.code else form
    return str(format_date(day, pattern, locale=locale(code)))


def clock_words(at: datetime) -> str:
    """``09:05``; the time is the one of its own zone."""
    return f"{at:%H:%M}"
