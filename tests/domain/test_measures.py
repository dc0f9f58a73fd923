"""Units turn into each other as the sheets print them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.measures import convert, known, with_units


@pytest.mark.parametrize(
    ("value", "unit", "base", "turned"),
    [
        ("250", "F", "C", "121.11"),
        ("260", "F", "C", "126.67"),
        ("270", "F", "C", "132.22"),
        ("100", "F", "C", "37.78"),
        ("-40", "F", "C", "-40"),
        ("121", "C", "F", "249.8"),
        ("1", "fc", "lx", "10.76"),
        ("100", "fc", "lx", "1076.4"),
        ("1076.4", "lx", "fc", "100"),
        ("80", "sq ft", "m2", "7.43"),
        ("5", "ft", "m", "1.52"),
        ("1.5", "min", "s", "90"),
        ("90", "s", "min", "1.5"),
        ("0.005", "C", "C", "0.005"),  # its own unit is never rounded
        ("0.0381", "m", "ft", "0.13"),  # half a hundredth exactly, however the factor is written
        ("-0.0381", "m", "ft", "-0.13"),
    ],
)
def test_conversions(value, unit, base, turned):
    assert convert(Decimal(value), unit, base) == Decimal(turned)


@pytest.mark.parametrize(("unit", "base"), [("F", "m"), ("ft", "lx"), ("furlong", "m")])
def test_what_cannot_be_turned_is_refused(unit, base):
    assert not known(unit, base)
    with pytest.raises(KeyError):
        convert(Decimal(1), unit, base)


PAIRS = [("C", "F"), ("lx", "fc"), ("m2", "sq ft"), ("m", "ft"), ("s", "min")]
VALUES = st.decimals(-10_000, 10_000, places=2)


@given(VALUES, VALUES, st.sampled_from(PAIRS))
def test_more_stays_more(one, other, pair):
    for unit, base in (pair, pair[::-1]):
        less, more = (convert(value, unit, base) for value in sorted((one, other)))
        assert less <= more


def test_units_in_words_are_spelled_as_they_are_read():
    assert with_units("at least 38 C") == "at least 38 °C" and with_units("104 F") == "104 °F"
    assert with_units("0 to 100 percent, 12 months, class C") == "0 to 100 %, 12 months, class C"


@given(VALUES, st.sampled_from(PAIRS))
def test_there_and_back_is_near(value, pair):
    unit, base = pair
    assert known(unit, base) and known(base, unit)
    # Half a hundredth is lost on the way there; the coarsest step back is min to s.
    assert abs(convert(convert(value, unit, base), base, unit) - value) <= Decimal("0.4")
