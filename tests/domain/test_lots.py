"""Lots: where one stands, what a look-up compares, and what the log says to an item."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.lots import ENDING, FINE, GONE, OVER, UNPROVED, Lot, faults, sought, standing, told_for

TODAY = date(2026, 3, 3)
LOT = Lot("l1", "c1", "needle", "Fine Points", "3RL", "LT-10/4", date(2026, 1, 1), date(2027, 1, 1), "C-9")


@pytest.mark.parametrize(
    ("lot", "state", "words"),
    [
        (LOT, FINE, "In use"),
        (replace(LOT, certificate=""), UNPROVED, "No sterilisation certificate"),
        (replace(LOT, certificate="", photo="f" * 64), FINE, "In use"),
        (replace(LOT, certificate="", kind="pigment"), FINE, "In use"),
        (replace(LOT, expires=TODAY - timedelta(days=1), certificate=""), OVER, "Expired 1 day ago"),
        (replace(LOT, expires=TODAY), ENDING, "Expires today"),
        (replace(LOT, expires=TODAY + timedelta(days=60)), ENDING, "Expires in 60 days"),
        (replace(LOT, expires=None), FINE, "In use"),
        (replace(LOT, expires=date(2026, 2, 1), used_up_on=date(2026, 1, 31)), GONE, "Used up"),
    ],
)
def test_where_a_lot_stands(lot: Lot, state: str, words: str) -> None:
    found = standing(lot, TODAY)
    assert (found.state, found.words) == (state, words)


def test_a_lot_is_in_use_from_the_day_it_came_to_its_last_day() -> None:
    lot = replace(LOT, used_up_on=date(2026, 2, 1))
    days = {day: lot.in_use(day) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 1), TODAY)}
    assert list(days.values()) == [False, True, True, False]


def test_a_look_up_needs_three_letters_and_no_spelling() -> None:
    assert sought(" lt-10/4 ") == sought("LT 104") == "lt104"
    assert sought("l-1") == ""


def test_what_the_log_says_to_an_item() -> None:
    old = replace(LOT, id="l2", lot="OLD-1", expires=TODAY - timedelta(days=3))
    bare = replace(LOT, id="l3", lot="BARE-1", certificate="")
    ink = replace(LOT, id="l4", kind="pigment", lot="INK-1")
    assert told_for("needles.traceable", [LOT, old, bare, ink], TODAY) == (
        "3 lots in use by the log",
        "the first one ends on 2026-02-28",
        "OLD-1: Expired 3 days ago",
        "BARE-1: No sterilisation certificate",
    )
    assert told_for("pigment.expiry", [LOT], TODAY) == ("The clinic's log names no lot in use.",)
    assert told_for("gloves.changed", [LOT], TODAY) == ()


def test_what_is_wrong_with_an_entry() -> None:
    wrong = replace(
        LOT, kind="?", lot=" - ", maker="x" * 201, received_on=TODAY + timedelta(days=1), used_up_on=TODAY
    )
    assert [fault.place for fault in faults(wrong, TODAY)] == [
        "kind",
        "lot",
        "maker",
        "received_on",
        "used_up_on",
    ]
    assert faults(LOT, TODAY) == ()


@given(st.text(max_size=40))
def test_looking_up_what_was_looked_up_finds_the_same(text: str) -> None:
    assert sought(sought(text)) == sought(text)
