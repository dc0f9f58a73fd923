"""What a frozen limit says of a date or a number, to the day and to the digit."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.limits import (
    Case,
    Limit,
    Measured,
    describe,
    judge_date,
    judge_number,
    months_before,
    oldest_allowed,
)

DAY = date(2025, 3, 3)


def measured(value: str, unit: str = "C", read: str = "", read_unit: str = "") -> Measured:
    return Measured(Decimal(value), unit, Decimal(read or value), read_unit or unit)


# expires ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "mark", "warning"),
    [
        (-1, "OUT", ""),
        (0, "IN", "expires in 0 days"),  # good on its last day
        (1, "IN", "expires in 1 day"),
        (60, "IN", "expires in 60 days"),
        (61, "IN", ""),
    ],
)
def test_an_expiry_is_out_from_the_day_after_and_warns_before(left, mark, warning):
    found = judge_date(Limit("expires", warn_days=60), DAY + timedelta(days=left), DAY)
    assert (found.mark, found.warning) == (mark, warning)


def test_an_expired_date_says_for_how_long():
    assert judge_date(Limit("expires"), date(2025, 3, 1), DAY).words == "expired 2 days before the visit"


# max-age ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inspected", "limit", "oldest"),
    [
        (date(2025, 3, 3), {"months": 12}, date(2024, 3, 3)),
        (date(2025, 3, 31), {"months": 1}, date(2025, 2, 28)),
        (date(2024, 3, 31), {"months": 1}, date(2024, 2, 29)),
        (date(2024, 2, 29), {"months": 12}, date(2023, 2, 28)),
        (date(2025, 1, 31), {"months": 2}, date(2024, 11, 30)),
        (date(2025, 1, 15), {"months": 1}, date(2024, 12, 15)),
        (date(2025, 3, 3), {"days": 30}, date(2025, 2, 1)),
        (date(2025, 3, 31), {"months": 1, "days": 2}, date(2025, 2, 26)),
    ],
)
def test_the_oldest_date_is_in_and_the_day_before_is_out(inspected, limit, oldest):
    rule = Limit("max-age", **limit)
    assert oldest_allowed(rule, inspected) == oldest
    assert judge_date(rule, oldest, inspected).mark == "IN"
    assert judge_date(rule, oldest - timedelta(days=1), inspected).mark == "OUT"


def test_an_age_warns_before_it_is_due_again():
    rule = Limit("max-age", days=30, warn_days=7)
    assert judge_date(rule, DAY - timedelta(days=23), DAY).warning == "due again in 7 days"
    assert judge_date(rule, DAY - timedelta(days=22), DAY).warning == ""
    assert judge_date(rule, DAY - timedelta(days=31), DAY).words == "31 days old, limit 30 days"


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)), st.integers(0, 600))
def test_counting_months_back_keeps_the_day_or_takes_the_months_last(day, count):
    earlier = months_before(day, count)
    assert (day.year - earlier.year) * 12 + day.month - earlier.month == count
    assert earlier.day == day.day or (earlier + timedelta(days=1)).day == 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 4000), st.integers(1, 60))
def test_an_older_date_is_never_better(day, age, months):
    rule = Limit("max-age", months=months)
    newer, older = (judge_date(rule, day - timedelta(days=age + step), day).mark for step in (0, 1))
    assert (newer, older) != ("OUT", "IN")


# numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "mark"),
    [
        ("at-least", "37.99", "OUT"),
        ("at-least", "38", "IN"),
        ("at-most", "38", "IN"),
        ("at-most", "38.01", "OUT"),
    ],
)
def test_a_number_on_the_limit_is_in(kind, value, mark):
    assert judge_number(Limit(kind, Decimal(38)), measured(value), {}).mark == mark


def test_a_number_is_judged_in_the_unit_the_source_prints_too():
    hot = Limit("at-least", Decimal(38), also=(("F", Decimal(100)),))
    hundred_f = measured("37.78", read="100", read_unit="F")
    assert judge_number(hot, hundred_f, {}).mark == "IN"
    assert judge_number(hot, hundred_f, {}).words == "at least 100 °F"
    assert judge_number(hot, measured("37.22", read="99", read_unit="F"), {}).mark == "OUT"
    assert judge_number(hot, measured("37.78"), {}).mark == "OUT"  # read in C, judged in C
    assert judge_number(Limit("at-least", Decimal(38)), hundred_f, {}).mark == "OUT"


@pytest.mark.parametrize(
    ("stated", "mark"),
    [("30", "IN"), ("31", "OUT"), ("", None), (None, None), ("soon", None), ("NaN", None), ("1,5", None)],
)
def test_a_number_is_compared_with_what_the_maker_states(stated, mark):
    rule = Limit("at-least-part", part="clave.maker#minutes")
    assert judge_number(rule, measured("30", "min"), {"clave.maker#minutes": stated}).mark == mark


def test_an_unstated_reference_judges_nothing():
    assert judge_number(Limit("at-least-part", part="clave.maker#minutes"), measured("30"), {}).mark is None


# cases --------------------------------------------------------------------------------------------------------


def on(value: str, number: int) -> Case:
    return Case({"equals": {"key": "clave.run#cycle", "value": value}}, Limit("at-least", Decimal(number)))


def test_the_first_case_that_certainly_holds_counts():
    rule = Limit(
        "cases", cases=(on("gravity", 30), on("vacuum", 4), Case(None, Limit("at-least", Decimal(99))))
    )
    cycles = {"gravity": 30, "vacuum": 4, "other": 99}
    for cycle, bound in cycles.items():
        found = rule.standing_for({"clave.run#cycle": cycle})
        assert found and found.value == bound
    unset = rule.standing_for({})
    assert unset and unset.value == 99


def test_without_a_case_that_holds_nothing_is_judged():
    assert Limit("cases", cases=(on("gravity", 30),)).standing_for({}) is None


def test_cases_may_hold_cases():
    hot = {"at-least": {"key": "clave.run#temp", "value": 132}}
    inner = Limit("cases", cases=(Case(hot, Limit("at-least", Decimal(4))), on("gravity", 30)))
    rule = Limit("cases", cases=(Case({"equals": {"key": "wrapped", "value": True}}, inner),))
    found = rule.standing_for({"wrapped": True, "clave.run#temp": "133.5"})
    assert found and found.value == 4


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit("expires"), "not expired on the day of the visit"),
        (Limit("max-age", months=1, days=2), "not older than 1 month and 2 days"),
        (Limit("max-age", days=1), "not older than 1 day"),
        (Limit("at-least", Decimal(100)), "at least 100 °C"),
        (Limit("at-most", Decimal("7.50")), "at most 7.5 °C"),
        (Limit("at-least-part", part="a.b#c"), "at least the minimum stated"),
        (Limit("cases", cases=(on("x", 1), on("y", 1), on("z", 2))), "at least 1 °C; at least 2 °C"),
    ],
)
def test_limits_are_told_in_words(limit, words):
    assert describe(limit, "C") == words
