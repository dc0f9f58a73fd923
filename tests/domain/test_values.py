"""Single values as people type them: what is taken, and what is refused with words for the field."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import values
from tests.domain import making

WATER = making.item("""
    [[item]]
    key = "sink.water"
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    low = "0"
    high = "100"
    [[item.part]]
    key = "taps"
    kind = "number"
    [[item.part]]
    key = "flow"
    kind = "choice"
    options = [{ value = "good", label = "Good" }, { value = "bad", label = "Bad" }]
""")
TEMP, TAPS, FLOW = WATER.parts


@pytest.mark.parametrize(
    ("entered", "unit", "value"),
    [
        ("38", "C", "38"),
        ("037.50", "C", "37.5"),
        ("37,5", "C", "37.5"),  # a decimal comma, as most of the world writes it
        ("100", "F", "37.78"),
        ("+5", "C", "5"),
        ("0", "C", "0"),
        ("-0", "C", "0"),
        ("100", "C", "100"),
    ],
)
def test_numbers_that_are_taken(entered, unit, value):
    read = values.number(entered, unit, TEMP)
    assert (values.spelled(read.value), read.unit, read.read_unit) == (value, "C", unit)


@pytest.mark.parametrize(
    "entered",
    ["", " 38", "38 ", "abc", "1e3", "0x10", "1_000", "NaN", "Infinity", "--1", "1.2.3", ".5", "5.", "38 C",
     "1" * 10, "1.23456", "٣٨", "\uff13\uff18", "²", "³8", "38\n", "38\x00", "\ud83d"],
)  # fmt: skip
def test_numbers_that_are_none(entered):
    with pytest.raises(ValueError, match="Give a number"):
        values.number(entered, "C", TEMP)


@pytest.mark.parametrize("entered", ["1,076", "12,000", "-1,500"])
def test_a_comma_before_three_digits_could_mean_thousands_and_is_not_guessed(entered):
    with pytest.raises(ValueError, match="without a comma"):
        values.number(entered, "", TAPS)


@pytest.mark.parametrize(("entered", "unit"), [("-0.01", "C"), ("100.01", "C"), ("31", "F"), ("213", "F")])
def test_a_number_that_cannot_be_is_refused_with_the_range(entered, unit):
    with pytest.raises(ValueError, match="0 to 100 C" if unit == "C" else "32 to 212 F"):
        values.number(entered, unit, TEMP)


def test_a_unit_the_part_does_not_know_is_refused():
    with pytest.raises(ValueError, match="C or F"):
        values.number("300", "K", TEMP)
    with pytest.raises(ValueError, match="unit"):
        values.number("3", "C", TAPS)


def test_one_open_end_says_so():
    part = making.item("""
        [[item]]
        key = "a.b"
        [[item.part]]
        key = "n"
        kind = "number"
        unit = "ft"
        low = "1"
    """).part("n")
    with pytest.raises(ValueError, match="1 ft or more"):
        values.number("0", "ft", part)


@given(st.decimals(Decimal(-999999999), Decimal(999999999), places=2))
def test_every_plain_number_is_taken_and_spelled_so_that_it_reads_the_same(number):
    read = values.number(format(number, "f"), "", TAPS)
    assert read.value == number
    assert values.number(values.spelled(read.value), "", TAPS).value == number


@given(st.text())
def test_any_text_is_a_number_or_a_value_error(entered):
    try:
        values.number(entered, "", TAPS)
    except ValueError as error:
        assert str(error).startswith(("Give", "Write"))


# days ---------------------------------------------------------------------------------------------------------


def test_a_day_is_year_month_day():
    assert values.day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        ("", "year-month-day"),
        ("3/3/2025", "year-month-day"),
        ("2025-3-3", "year-month-day"),
        ("20250303", "year-month-day"),
        ("2025-W10-1", "year-month-day"),
        ("٢٠٢٥-٠٣-٠٣", "year-month-day"),
        ("2025-03-03\n", "year-month-day"),
        ("2025-02-29", "no such day"),
        ("2025-13-01", "no such day"),
        ("0000-01-01", "no such day"),
        ("1899-12-31", "Check the year"),
        ("2200-01-02", "Check the year"),
        ("0025-03-03", "Check the year"),
    ],
)
def test_what_is_no_day(entered, words):
    with pytest.raises(ValueError, match=words):
        values.day(entered)


def test_a_day_may_have_to_lie_before_another():
    assert values.day("2025-03-03", latest=date(2025, 3, 3)) == date(2025, 3, 3)
    with pytest.raises(ValueError, match="cannot lie after 2025-03-03"):
        values.day("2025-03-04", latest=date(2025, 3, 3))


# choices and text ---------------------------------------------------------------------------------------------


def test_a_choice_is_one_of_those_offered():
    assert values.choice("good", FLOW) == "good"
    for wrong in ("", "Good", "good ", "great"):
        with pytest.raises(ValueError, match="answers offered"):
            values.choice(wrong, FLOW)


def test_text_has_a_limit_counted_after_tidying():
    assert len(values.text("x" * 4000, 4000)) == 4000
    assert len(values.text(f"  {'x' * 3998}\r\nx\n ", 4000)) == 4000
    with pytest.raises(ValueError, match="4,000 characters; this has 4,001"):
        values.text("x" * 4001, 4000)


def test_characters_outside_the_plane_count_once():
    assert values.text("🖋" * 10, 10) == "🖋" * 10


@pytest.mark.parametrize("entered", ["a\x00b", "a\ud800", "\udfff"])
def test_text_that_cannot_be_kept_is_refused_and_what_can_be_is_cleaned(entered):
    with pytest.raises(ValueError, match="cannot be kept"):
        values.text(entered, 10)
    values.cleaned(entered).encode()


def test_line_ends_become_one_kind_and_accents_stay_as_typed():
    assert values.text(" a\r\nb\rc\n\nd ", 100) == "a\nb\nc\n\nd"
    assert values.text("e\u0301", 10) == "e\u0301"  # evidence is what was typed


@given(st.text(st.characters(), max_size=50))
def test_cleaning_twice_is_cleaning_once(entered):
    once = values.cleaned(entered)
    assert values.cleaned(once) == once
    once.encode()
