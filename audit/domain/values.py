"""Reads single values that people type: numbers with units, dates, choices, text. Faults are in their words."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from audit.domain import measures
from audit.domain.canonical import decimal_text
from audit.domain.checklists import Part
from audit.domain.limits import Measured
from audit.domain.tongue import numeral, say, thousands, word

_NUMBER = re.compile(r"[+-]?\d{1,9}([.,]\d{1,4})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3},\d{3}", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNTIDY = re.compile("[\r\x00\ud800-\udfff]")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NO_NUMBER = word("Give a number, for example 121 or 37.5.")
_OFFERED = word("Choose one of the answers offered.")
EARLIEST, LATEST = date(1900, 1, 1), date(2200, 1, 1)


def number(entered: str, unit: str, part: Part) -> Measured:
    """Read a number in one of the part's units and turn it into the base unit.

    Raises:
        ValueError: when it is no number, has an unknown unit, or lies outside what the part can be.
    """
    if not _NUMBER.fullmatch(entered):
        raise ValueError(say(_NO_NUMBER))
    if _THOUSANDS.fullmatch(entered):
        # 1,076 is a thousand to some and about one to others; a wrong guess would be a wrong finding.
        raise ValueError(say("Write the number without a comma, for example 1076 or 1.076."))
    base = part.unit or ""
    if unit != base and unit not in part.units:
        raise ValueError(say("Give the unit as {units}.", units=listed(part.units or (base,))))
    try:
        read = Decimal(entered.replace(",", "."))
    except InvalidOperation as error:
        raise ValueError(say(_NO_NUMBER)) from error
    value = measures.convert(read, unit, base)
    if (part.low is not None and value < part.low) or (part.high is not None and value > part.high):
        said = f"{entered} {unit}".strip()
        bounds = _range_words(part, unit)
        raise ValueError(say("{value} cannot be right here. Give {bounds}.", value=said, bounds=bounds))
    return Measured(value, base, read, unit)


def stated(entered: str, unit: str, part: Part) -> str:
    """A value of any kind as it stands for others: numbers in the base unit, the rest as entered.

    Raises:
        ValueError: when it cannot be read.
    """
    if part.kind == "number":
        return spelled(number(entered, unit or part.unit or "", part).value)
    if part.kind == "choice":
        return choice(entered, part)
    return day(entered).isoformat() if part.kind == "date" else entered


def _range_words(part: Part, unit: str) -> str:
    """What the part can be, in the unit that was entered."""
    low, high = (
        None if bound is None else measures.convert(bound, part.unit or "", unit)
        for bound in (part.low, part.high)
    )
    return range_words(low, high, unit)


def range_words(low: Decimal | None, high: Decimal | None, unit: str) -> str:
    """Bounds in words, ``0 to 80 °C``; one of them may be missing, both make nothing."""
    suffix = f" {unit}" if unit else ""
    least = "" if low is None else numeral(spelled(low))
    most = "" if high is None else numeral(spelled(high)) + suffix
    if least and most:
        return say("{low} to {high}", low=least, high=most)
    if most:
        return say("{high} or less", high=most)
    return say("{low} or more", low=least + suffix) if least else ""


def listed(words: Iterable[str]) -> str:
    """Choices in a row: ``IN, OUT or NA``."""
    *most, last = words
    return say("{some} or {last}", some=", ".join(most), last=last) if most else last


def spelled(value: Decimal) -> str:
    """A number without exponent or trailing zeros."""
    return decimal_text(value)


def day(entered: str, latest: date | None = None) -> date:
    """Read an ISO date (year-month-day), not later than ``latest``.

    Raises:
        ValueError: when it is no date, or too late, or before 1900.
    """
    if not _DATE.fullmatch(entered):
        raise ValueError(say("Give the date as year-month-day, for example 2026-03-31."))
    try:
        value = date.fromisoformat(entered)
    except ValueError as error:
        raise ValueError(say("There is no such day.")) from error
    if not EARLIEST <= value <= LATEST:
        raise ValueError(say("Check the year."))
    if latest is not None and value > latest:
        raise ValueError(say("This date cannot lie after {date}.", date=latest.isoformat()))
    return value


def choice(entered: str, part: Part) -> str:
    """Read one of the part's options.

    Raises:
        ValueError: when it is none of them.
    """
    if entered not in {option.value for option in part.options}:
        raise ValueError(say(_OFFERED))
    return entered


def text(entered: str, limit: int) -> str:
    """Read free text of at most ``limit`` characters; line ends become ``\\n``, outer space goes.

    Raises:
        ValueError: when it is too long or holds what cannot be kept.
    """
    kept = cleaned(entered)
    if len(kept) > limit:
        told = {"limit": thousands(limit), "length": thousands(len(kept))}
        raise ValueError(say("Keep it to {limit} characters; this has {length}.", **told))
    if "\x00" in entered or _SURROGATE.search(entered):
        raise ValueError(say("This text holds characters that cannot be kept. Type it again."))
    return kept


def cleaned(entered: str) -> str:
    """What can be kept of any text."""
    if not _UNTIDY.search(entered):
        return entered.strip()
    lines = entered.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return _SURROGATE.sub("\ufffd", lines).strip()
