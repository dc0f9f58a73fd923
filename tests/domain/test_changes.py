"""Nothing is overwritten in silence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.changes import ANSWER, APPLIED, CONFLICT, SAME, Change, Current, verdict

CHANGE = Change("op-1", ANSWER, "soap.there", None, 2, {"mark": "IN"}, "tablet")


@pytest.mark.parametrize(
    ("base", "value", "found"),
    [
        (2, {"mark": "OUT"}, APPLIED),
        (1, {"mark": "OUT"}, CONFLICT),  # made on what somebody has changed since
        (3, {"mark": "OUT"}, CONFLICT),  # made on what was never there
        (2, {"mark": "IN"}, SAME),
        (1, {"mark": "IN"}, SAME),  # both say the same: nothing to choose
        (2, {}, APPLIED),  # emptying is a change
    ],
)
def test_the_rule(base, value, found):
    current = Current(2, {"mark": "IN"}, "ines")
    assert verdict(replace(CHANGE, base_rev=base, value=value), current) == found


def test_the_first_answer_applies_and_an_empty_first_one_is_nothing():
    assert verdict(replace(CHANGE, base_rev=0), Current()) == APPLIED
    assert verdict(replace(CHANGE, base_rev=0, value={}), Current()) == SAME


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "resolve"},
        {"item": "soap.here"},
        {"person": "anna"},
        {"base_rev": 3},
        {"value": {"mark": "OUT"}},
    ],
)
def test_another_content_is_another_body(other):
    assert replace(CHANGE, **other).body_hash("visit-1") != CHANGE.body_hash("visit-1")


def test_the_body_does_not_depend_on_how_it_travelled():
    again = replace(CHANGE, op_id="op-2", device="phone", seq=7, client_time="2025-03-03T12:00:00Z")
    assert again.body_hash("visit-1") == CHANGE.body_hash("visit-1")
    assert CHANGE.body_hash("visit-2") != CHANGE.body_hash("visit-1")
    assert CHANGE.key == ("soap.there", None)


VALUES = st.sampled_from([{"mark": "IN"}, {"mark": "OUT", "note": "x"}, {"note": "?"}, {}])


@given(st.lists(st.tuples(st.integers(0, 5), VALUES), max_size=12))
def test_whatever_arrives_only_changes_made_on_the_current_revision_take_hold(arrivals):
    current = Current()
    for base, value in arrivals:
        found = verdict(replace(CHANGE, base_rev=base, value=value), current)
        if found == APPLIED:
            assert base == current.rev and value != current.value
            current = Current(current.rev + 1, value)
        elif found == CONFLICT:
            assert base != current.rev
        else:
            assert value == current.value
