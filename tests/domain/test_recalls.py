"""Recalls: which lots are meant, and what is no recall or no answer."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.lots import RECALLED, Lot, standing, told_for
from audit.domain.problems import BadInput, NotNow
from audit.domain.recalls import NOT_HERE, QUARANTINED, TOLD, Concerned, Recall, check_answer, faults

NOW, TODAY = datetime(2026, 3, 3, 12, tzinfo=UTC), date(2026, 3, 3)
RECALL = Recall("r1", "LOT 4711-B", "Northpoint", "Seals leak.", TODAY, "p1", NOW)
LOT = Lot("l1", "c1", "needle", "Northpoint Inc.", "Round liner", "lot-4711b", TODAY, certificate="C1")


@pytest.mark.parametrize(
    ("lot", "maker", "meant"),
    [
        ("lot4711b", "Northpoint", True),
        ("Lot 4711 B", "NORTHPOINT INC.", True),
        ("lot4711b", "", True),
        ("lot4711b", "Fineline", False),
        ("lot4711", "Northpoint", False),
        ("lot4711b2", "Northpoint", False),
    ],
)
def test_a_lot_is_meant_spelling_aside(lot: str, maker: str, meant: bool) -> None:
    assert RECALL.concerns(lot, maker) == meant


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_recall_without_a_maker_means_every_maker(maker: str, lot: str) -> None:
    whoever = replace(RECALL, maker="", lot=lot)
    assert whoever.concerns(lot, maker) and whoever.concerns(lot.upper().lower(), maker) in (True, False)
    assert replace(RECALL, maker=maker).concerns(RECALL.lot, maker)


def test_a_lot_that_is_called_back_is_told_before_anything_else() -> None:
    called = replace(LOT, recall="Seals leak.", expires=date(2020, 1, 1))
    assert standing(called, TODAY).state == RECALLED
    assert any("Called back: Seals leak." in words for words in told_for("needles.expiry", [called], TODAY))
    gone = replace(called, used_up_on=date(2026, 3, 2))
    assert standing(gone, TODAY).state != RECALLED


def test_what_is_no_recall_or_no_answer_is_said() -> None:
    assert {fault.place for fault in faults("a", "", "", None, TODAY)} == {"lot", "reason", "since"}
    assert {fault.place for fault in faults("4711", "m" * 201, "x", date(2026, 3, 4), TODAY)} == {
        "maker",
        "since",
    }
    assert not faults("4711", "", "Seals leak.", TODAY, TODAY)
    check_answer(RECALL, QUARANTINED, "In the locked cupboard.")
    for state, words in ((TOLD, ""), ("eaten", ""), (NOT_HERE, "x" * 1001)):
        with pytest.raises(BadInput):
            check_answer(RECALL, state, words)
    with pytest.raises(NotNow):
        check_answer(replace(RECALL, ended="Over."), NOT_HERE, "")
    assert not Concerned("c1", NOW).answered and Concerned("c1", NOW, NOT_HERE).answered
