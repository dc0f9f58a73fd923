"""Units: a value is judged in its part's base unit and kept as it was entered too."""

import re
from decimal import ROUND_HALF_UP, Decimal

from audit.domain.tongue import say, word

_FACTORS: dict[tuple[str, str], Decimal] = {
    ("lx", "fc"): 1 / Decimal("10.764"),
    ("fc", "lx"): Decimal("10.764"),
    ("m2", "sq ft"): 1 / Decimal("0.09290304"),
    ("sq ft", "m2"): Decimal("0.09290304"),
    ("m", "ft"): 1 / Decimal("0.3048"),
    ("ft", "m"): Decimal("0.3048"),
    ("s", "min"): 1 / Decimal(60),
    ("min", "s"): Decimal(60),
}

_WORDS = {
    "C": "°C",
    "F": "°F",
    "m2": "m²",
    "fc": word("foot-candles"),
    "lx": word("lux"),
    "percent": "%",
    "min": "min",
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
        turned = value * _FACTORS[unit, base]
    return turned.quantize(Decimal("0.01"), ROUND_HALF_UP)
