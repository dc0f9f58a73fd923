"""A document meets its checklist: shorthands, people, facts, and every fault with its place."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.documents import answering, arrive, document, documents, dumped, faults_of, sealed
from tests.domain.making import ANNA, BEA


def raw(item, person=None, found=None):
    return arrive(found or document())[1].answers[item, person].raw


# shorthands ---------------------------------------------------------------------------------------------------


def test_shorthands_stand_for_the_only_part_of_their_kind():
    assert raw("sink.temp").values == {"temp": "100"} and raw("sink.temp").units == {"temp": "F"}
    assert raw("clave.spores").values == {"date": "2025-02-20", "kind": "strip", "lab": "Lab X"}
    assert raw("plan.sessions").values == {"sessions": "3", "gap": "14"}


@pytest.mark.parametrize(
    ("number", "text"), [(100, "100"), (Decimal("37.50"), "37.50"), ("37,5", "37,5"), (Decimal("1e2"), "100")]
)
def test_numbers_arrive_as_they_were_written(number, text):
    spelled = json.dumps(document()).replace(
        '"number": 100', f'"number": {json.dumps(number) if isinstance(number, str) else number}'
    )
    assert raw("sink.temp", found=spelled.encode()).values == {"temp": text}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"item": "gone.item", "mark": "IN"}, "answers 1: gone.item is not in this checklist"),
        ({"item": "soap.there", "mark": "YES"}, "answers 1.mark: soap.there: Choose IN, OUT, NO or NA"),
        ({"item": "soap.there", "mark": "OUT"}, "answers 1.note: soap.there: Say what you saw"),
        ({"item": "soap.there", "mark": "IN", "number": 3}, "answers 1.number: soap.there takes no number"),
        ({"item": "soap.there", "mark": "IN", "values": {"x": 1}}, "answers 1.values.x: soap.there: This item"),
        ({"item": "soap.there", "mark": "IN", "unit": "F"}, "answers 1.unit: needs a number"),
        ({"item": "soap.there", "mark": "IN", "units": {"x": "F"}}, "answers 1.units.x: goes with no value"),
        ({"item": "soap.there", "mark": "IN", "correct_by": "2025-03-10"}, "answers 1.correct_by: soap.there: only"),
        (
            {"item": "soap.there", "mark": "NA", "corrected_on_site": True},
            "answers 1.corrected_on_site: soap.there: only",
        ),
        (
            {"item": "soap.there", "mark": "OUT", "note": "x", "correct_by": "2025-03-01"},
            "answers 1.correct_by: soap.there: The correct-by date lies before",
        ),
        ({"item": "soap.there", "mark": "IN", "note": "x" * 4001}, "answers 1.note: soap.there: Keep it to 4,000"),
        ({"item": "soap.there", "absent": "not-shown"}, "answers 1.absent: soap.there: This item has no value"),
        ({"item": "sink.temp", "number": 38, "unit": "K"}, "answers 1.values.temp: sink.temp: Give the unit"),
        ({"item": "sink.temp", "mark": "NO"}, "answers 1.mark: sink.temp: NO does not fit"),
        ({"item": "sink.temp", "mark": "OUT", "number": 40, "note": "x"}, "answers 1.reason: sink.temp: The value"),
        ({"item": "sink.temp", "number": 38, "values": {"temp": 39}}, "answers 1.number: is given twice"),
        ({"item": "plan.sessions", "mark": "IN", "number": 3}, "answers 1.number: plan.sessions has more than one"),
        ({"item": "soap.there", "mark": "IN", "practitioner": ANNA}, "answers 1: soap.there is not asked per"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_faults_of_answers_have_their_place(answer, fault):
    assert any(found.startswith(fault) for found in faults_of(answering(answer)))


def test_an_answer_for_a_practitioner_names_one():
    nobody = {"item": "training.done", "date": "2025-02-20"}
    assert "answers 1: training.done is answered for each practitioner: name one" in faults_of(
        answering(nobody)
    )
    stranger = {**nobody, "practitioner": "Cleo"}
    assert "answers 1: there is no one practitioner 'Cleo'" in faults_of(answering(stranger))


def test_a_practitioner_may_be_named_by_id_or_name():
    assert raw("training.done", ANNA).values and raw("training.done", BEA).absent == "not-shown"


def test_with_nobody_on_duty_the_item_is_answered_once():
    answers = [row for row in document()["answers"] if "practitioner" not in row]
    once = document(practitioners=[], answers=[*answers, {"item": "training.done", "mark": "NA"}])
    assert faults_of(once) == []


def test_an_item_is_answered_once():
    found = document()
    found["answers"].append({"item": "soap.there", "mark": "IN"})
    assert faults_of(found) == ["answers 8: soap.there is answered twice"]


# gaps and what does not apply ---------------------------------------------------------------------------------


def test_every_missing_answer_is_named():
    found = document(
        answers=[row for row in document()["answers"] if row["item"] not in ("soap.there", "training.done")]
    )
    assert faults_of(found) == [
        "answers: soap.there is not answered",
        "answers: training.done is not answered for Anna Quill",
        "answers: training.done is not answered for Bea Stone",
    ]  # fmt: skip


def test_what_is_preset_need_not_be_answered():
    answers = [row for row in document()["answers"] if row["item"] != "gloves.changed"]
    assert faults_of(document(answers=answers)) == ["answers: gloves.changed is not answered"]
    assert faults_of(document(answers=answers, facts={"procedure_observed": False})) == []


def without_autoclave(**changes):
    clinic = document()["clinic"] | {"profile": {"autoclave": False}}
    return document(clinic=clinic, **changes)


def test_what_does_not_apply_takes_na_only():
    (fault,) = faults_of(without_autoclave())
    assert fault == "answers 6: clave.spores does not apply here (autoclave is false); only NA may be given"
    answers = [row for row in document()["answers"] if row["item"] != "clave.spores"]
    assert faults_of(without_autoclave(answers=answers)) == []
    answers.append({"item": "clave.spores", "mark": "NA"})
    assert faults_of(without_autoclave(answers=answers)) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"facts": {"moon": True}}, "facts.moon: is no fact of a visit"),
        ({"facts": {"autoclave": True}}, "facts.autoclave: is no fact of a visit"),
        ({"facts": {"procedure_observed": "perhaps"}}, "facts.procedure_observed: Choose yes, no"),
        ({"clinic": document()["clinic"] | {"profile": {"stations": -1}}}, "clinic.profile.stations: Give a whole"),
        ({"clinic": document()["clinic"] | {"profile": {"not_first": True}}}, "clinic.profile.not_first: is no fact"),
        ({"purpose": "self-audit"}, "purpose: does not go with Miniature"),
    ],
    ids=str,
)  # fmt: skip
def test_facts_and_purpose_must_fit(changes, fault):
    assert faults_of(document(**changes))[0].startswith(fault)


def test_derived_facts_are_taken_as_they_were_when_the_visit_began():
    found = arrive(document(facts={"procedure_observed": True, "not_first": True}))[0]
    assert found.inspection.facts == {"procedure_observed": True, "not_first": True}


def test_all_faults_come_at_once():
    found = answering(
        {"item": "soap.there", "mark": "OUT"}, {"item": "sink.temp", "number": "hot"}, {"item": "gone.item"}
    )
    assert len(faults_of(found)) == 3


# there and back -----------------------------------------------------------------------------------------------


def again(data: bytes) -> bytes:
    visit, arrivals = arrive(data)
    assert arrivals.faults == [] and faults_of(data) == []
    return dumped(sealed(visit))


def test_the_sample_document_goes_there_and_back():
    first = dumped(sealed(arrive(document())[0]))
    assert again(first) == first
    written = json.loads(first)
    assert written["answers"][2] == {
        "item": "sink.temp",
        "mark": "IN",
        "values": {"temp": "100"},
        "units": {"temp": "F"},
    }
    assert written["answers"][0]["photos"] == ["tray.jpg", {"file": "sink.jpg", "caption": "the sink"}]
    assert written["signatures"][1]["refused"] is True
    assert written["clinic"]["profile"] == {"autoclave": True, "stations": 2}  # fmt: skip


# A whole visit each time: forty are seconds.
@settings(max_examples=40)
@given(documents())
def test_whatever_was_answered_goes_there_and_back_to_equal_bytes(found):
    assert faults_of(found) == []
    before = arrive(found)[0]
    first = dumped(sealed(before))
    assert again(first) == first
    # Equal bytes could hide what is lost on the way out: the visit itself must be the same too.
    after = arrive(first)[0]
    assert after.inspection == before.inspection and after.signatures == before.signatures
    assert (after.findings, after.result) == (before.findings, before.result)
    entered = [replace(answer, preset=False) for answer in before.answers()]
    assert entered == list(after.answers())


@settings(max_examples=40)
@given(documents())
def test_the_order_of_answers_in_the_document_makes_no_difference(found):
    turned = found | {"answers": found["answers"][::-1]}
    assert dumped(sealed(arrive(found)[0])) == dumped(sealed(arrive(turned)[0]))


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-99, 10**9),
    st.text(max_size=6),
    st.just([]),
    st.just({}),
    st.just({"temp": "x"}),
)
KEYS = st.sampled_from(
    ["item", "mark", "values", "units", "number", "unit", "date", "choice", "text", "absent", "note", "reason",
     "corrected_on_site", "correct_by", "practitioner", "photos", "odd"],
)  # fmt: skip


@given(documents(), st.integers(0, 20), KEYS, ODD)
def test_a_spoilt_answer_is_a_fault_or_an_answer_and_never_breaks(found, place, key, value):
    spoilt = found["answers"][place % len(found["answers"])]
    spoilt[key] = value
    assert all(fault.strip() for fault in faults_of(found))
