"""Units: a value is judged in its part's base unit and kept as it was entered too."""

import re
from decimal import ROUND_HALF_UP, Decimal

from audit.domain.tongue import say, word

# Times the first, then by the second: a factor such as 1 / 0.3048 would be rounded before the value is.
_FACTORS: dict[tuple[str, str], tuple[Decimal, Decimal]] = {
    ("lx", "fc"): (Decimal(1), Decimal("10.764")),
    ("fc", "lx"): (Decimal("10.764"), Decimal(1)),
    ("m2", "sq ft"): (Decimal(1), Decimal("0.09290304")),
    ("sq ft", "m2"): (Decimal("0.09290304"), Decimal(1)),
    ("m", "ft"): (Decimal(1), Decimal("0.3048")),
    ("ft", "m"): (Decimal("0.3048"), Decimal(1)),
    ("s", "min"): (Decimal(1), Decimal(60)),
    ("min", "s"): (Decimal(60), Decimal(1)),
}

_WORDS = {
    "C": "°C",
    "F": "°F",
    "m2": "m²",
    "fc": word("foot-candles"),
    "lx": word("lux"),
    "percent": "%",
    "min": "min",
    # Read in English as they are kept.
    "days": word("days"),
    "ft": word("ft"),
    "sq ft": word("sq ft"),
}


def unit_words(unit: str | None) -> str:
    """A unit as it is read: ``°C`` for ``C``; none is nothing."""
    return say(_WORDS.get(unit, unit)) if unit else ""


_AFTER_NUMBER = re.compile(rf"(?<=\d) ({'|'.join(_WORDS)})\b")


def with_units(words: str) -> str:
    """Words with every unit after a number as it is read: ``104 F`` becomes ``104 °F``."""
    return _AFTER_NUMBER.sub(lambda found: f" {say(_WORDS[found[1]])}", words)


def known(unit: str, base: str) -> bool:
    """Can this unit be turned into that base unit?"""
    return unit == base or {unit, base} == {"C", "F"} or (unit, base) in _FACTORS


def convert(value: Decimal, unit: str, base: str) -> Decimal:
    """Turn a value into the base unit, to a hundredth, half up.

    Raises:
        KeyError: when there is no such conversion.
    """
    if unit == base:
        return value
    if (unit, base) == ("F", "C"):
        turned = (value - 32) * 5 / 9
    elif (unit, base) == ("C", "F"):
        turned = value * 9 / 5 + 32
    else:
        times, by = _FACTORS[unit, base]
        turned = value * times / by
    return turned.quantize(Decimal("0.01"), ROUND_HALF_UP)
