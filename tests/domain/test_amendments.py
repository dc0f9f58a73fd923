"""Amendments: only of what is sealed, with a reason, beside what was sealed and never instead."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import amendments, records
from audit.domain.amendments import By
from audit.domain.answers import Raw, raw_from
from audit.domain.canonical import sha256_of
from audit.domain.inspections import SEALED
from audit.domain.problems import BadInput, NotFound, NotNow
from tests.domain import making
from tests.domain.making import IN, NOON, OUT

LATER = NOON + timedelta(days=3)
CARE = making.checklist(
    """
    [[fact]]
    key = "autoclave"
    [[item]]
    key = "soap.there"
    [[item]]
    key = "floor.clean"
    severity = "critical"
    [[item]]
    key = "autoclave.log"
    applies_when = { equals = { key = "autoclave", value = true } }
    """
)
SOAP, FLOOR = ("soap.there", None), ("floor.clean", None)
PROFILE = {"autoclave": False}
DIRTY = Raw(mark="OUT", note="Dust below the couch.")
BY = By("ines", LATER, "Mixed up with the room next door.")


@pytest.fixture
def visit():
    made = making.visit(CARE, {SOAP: IN, FLOOR: OUT}, profile=PROFILE)
    return replace(made, inspection=replace(made.inspection, state=SEALED))


@pytest.fixture
def sealed(visit):
    return records.build(visit, NOON, (), dict.fromkeys(records.people_in(visit), "00"))


def test_a_correction_keeps_what_stood_there(visit):
    one = amendments.of_answer(visit, (), FLOOR, IN, BY)
    assert (one.number, one.kind, one.key) == (1, "correction", FLOOR)
    assert raw_from(one.before) == OUT and raw_from(one.after) == IN
    two = amendments.of_answer(visit, (one,), FLOOR, DIRTY, BY)
    assert raw_from(two.before) == IN and two.number == 2


def test_the_record_as_amended_is_read_by_the_same_rules(visit, sealed):
    one = amendments.of_answer(visit, (), FLOOR, IN, BY)
    amended = amendments.amended(sealed, visit, (one,))
    assert [row["mark"] for row in sealed.document["answers"]] == ["IN", "OUT"]
    assert [row["mark"] for row in amended.document["answers"]] == ["IN", "IN"]
    assert amended.document["findings"] == [] and amended.document["result"]["status"] == "no-findings"
    assert amended.document["amends"] == sealed.sha256 == sha256_of(sealed.document)
    assert amended.sha256 == sha256_of(amended.document) != sealed.sha256
    for part in ("clinic", "agency", "signatures", "persons", "photos", "sealed_at", "inspector"):
        assert amended.document[part] == sealed.document[part]


def test_remarks_are_corrected_by_themselves(visit, sealed):
    one = amendments.of_remarks(visit, (), "The lift was out of order.", BY)
    amended = amendments.amended(sealed, visit, (one,)).document
    assert amended["remarks"] == "The lift was out of order."
    assert amended["result"] == sealed.document["result"]


def test_a_void_is_the_last_word(visit, sealed):
    one = amendments.of_all(visit, (), By("ines", LATER, "The wrong clinic."))
    assert amendments.is_void((one,)) and not amendments.is_void(())
    assert amendments.amended(sealed, visit, (one,)).document["result"] == sealed.document["result"]
    for make in (
        lambda: amendments.of_all(visit, (one,), BY),
        lambda: amendments.of_answer(visit, (one,), FLOOR, IN, BY),
        lambda: amendments.of_remarks(visit, (one,), "x", BY),
    ):
        with pytest.raises(NotNow, match="void"):
            make()


def test_only_what_is_sealed_is_amended(visit):
    running = replace(visit, inspection=replace(visit.inspection, state="running"))
    with pytest.raises(NotNow, match="sealed"):
        amendments.of_answer(running, (), FLOOR, IN, BY)


@pytest.mark.parametrize(
    ("raw", "reason", "place"),
    [
        (IN, "", "reason"),
        (IN, " \n ", "reason"),
        (IN, "x" * 1001, "reason"),
        (OUT, BY.reason, ""),
        (Raw(mark="OUT"), BY.reason, "answer.note"),
        (Raw(), BY.reason, "answer.mark"),
        (Raw(mark="PERHAPS"), BY.reason, "answer.mark"),
    ],
)
def test_what_is_refused(visit, raw, reason, place):
    with pytest.raises(BadInput) as refused:
        amendments.of_answer(visit, (), FLOOR, raw, By("ines", LATER, reason))
    assert place in [fault.place for fault in refused.value.faults]


def test_an_item_that_was_not_asked_cannot_be_answered_later(visit):
    for key in (("autoclave.log", None), ("soap.there", "anna"), ("no.such", None)):
        with pytest.raises(NotFound):
            amendments.of_answer(visit, (), key, IN, BY)


def test_the_same_form_sent_twice_says_the_same(visit):
    one = amendments.of_answer(visit, (), FLOOR, IN, BY)
    again = amendments.of_answer(visit, (), FLOOR, IN, replace(BY, at=LATER + timedelta(minutes=1)))
    assert again.says_the_same(one)
    assert not amendments.of_answer(visit, (), FLOOR, IN, replace(BY, author="una")).says_the_same(one)
    assert not amendments.of_answer(visit, (), FLOOR, DIRTY, BY).says_the_same(one)


marks = st.sampled_from([IN, DIRTY, Raw(mark="NA"), Raw(mark="NO"), OUT])


@given(st.lists(st.tuples(st.sampled_from([SOAP, FLOOR]), marks), min_size=1, max_size=6))
def test_amending_comes_to_what_entering_it_at_once_would_have(wanted):
    """Whatever is corrected in whatever order: the result is that of a visit answered so from the beginning."""
    first = making.visit(CARE, {SOAP: IN, FLOOR: OUT}, profile=PROFILE)
    visit = replace(first, inspection=replace(first.inspection, state=SEALED))
    made: list[amendments.Amendment] = []
    last = {SOAP: IN, FLOOR: OUT}
    for key, raw in wanted:
        if raw == last[key]:
            with pytest.raises(BadInput):
                amendments.of_answer(visit, made, key, raw, BY)
            continue
        made.append(amendments.of_answer(visit, made, key, raw, BY))
        last[key] = raw
    straight, corrected = making.visit(CARE, last, profile=PROFILE), amendments.corrected(visit, made)
    assert corrected.result == straight.result and corrected.findings == straight.findings
    assert [one.number for one in made] == [*range(1, len(made) + 1)]
