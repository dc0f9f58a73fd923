"""A visit as a whole: what follows from it, what keeps it from being sealed, and its life."""

from dataclasses import replace
from datetime import datetime

import pytest

from audit.domain.answers import PhotoLink, Raw
from audit.domain.changes import Conflict
from audit.domain.clinics import covers, likeness
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, SEALED, SET_ASIDE, Signature
from audit.domain.problems import NotNow
from audit.domain.visits import derived_facts
from tests.domain import making
from tests.domain.making import ANNA, IN, NOON, OUT

TWO = """
    [[item]]
    key = "soap.there"
    [[item]]
    key = "floor.clean"
"""
CARE = making.checklist(TWO)
AUDIT = making.checklist(TWO, kind="self-audit")
COMPLETE = {("soap.there", None): IN, ("floor.clean", None): OUT}
AUDITOR, IN_CHARGE = making.SIGNED
CONFLICT = Conflict("op-9", ("soap.there", None), {"mark": "OUT"}, "ines", "phone", NOON)


# hindrances ---------------------------------------------------------------------------------------------------


def test_a_complete_signed_visit_may_be_sealed():
    assert making.visit(CARE, COMPLETE).hindrances == ()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({("soap.there", None): IN}, "1 item is not complete."),
        ({}, "2 items are not complete."),
        ({("soap.there", None): IN, ("floor.clean", None): Raw(mark="OUT")}, "1 item is not complete."),
    ],
)
def test_open_items_hinder(answers, words):
    assert making.visit(CARE, answers).hindrances == (words,)


def test_an_undecided_conflict_hinders():
    one = replace(making.visit(CARE, COMPLETE), conflicts=(CONFLICT,))
    assert one.hindrances == ("1 answer differs between devices. Choose first.",)
    two = replace(one, conflicts=(CONFLICT, CONFLICT))
    assert two.hindrances == ("2 answers differ between devices. Choose first.",)


NO_AUDITOR = "The inspector has not signed."
NO_CHARGE = "The person in charge has not signed, refused or been marked absent."


@pytest.mark.parametrize(
    ("signatures", "words"),
    [
        ((), (NO_AUDITOR, NO_CHARGE)),
        ((AUDITOR,), (NO_CHARGE,)),
        ((IN_CHARGE,), (NO_AUDITOR,)),
        ((AUDITOR, Signature(PERSON_IN_CHARGE, "refused", "Percy Charge")), ()),
        ((AUDITOR, Signature(PERSON_IN_CHARGE, "absent", "")), ()),
        ((Signature(INSPECTOR, "refused", "Ines Spector"), IN_CHARGE), (NO_AUDITOR,)),
    ],
)
def test_who_has_to_sign(signatures, words):
    assert making.visit(CARE, COMPLETE, signatures=signatures).hindrances == words


def test_in_a_self_audit_the_person_in_charge_need_not_sign():
    assert making.visit(AUDIT, COMPLETE, signatures=(AUDITOR,)).hindrances == ()
    assert making.visit(AUDIT, COMPLETE, signatures=()).hindrances == ("The owner has not signed.",)


# what follows -------------------------------------------------------------------------------------------------

DERIVING = making.checklist("""
    [[fact]]
    key = "mobile"
    [[fact]]
    key = "not_first"
    scope = "derived"
    [[fact]]
    key = "practitioners"
    scope = "derived"
    kind = "int"
    [[fact]]
    key = "self_audit"
    scope = "derived"
    [[fact]]
    key = "number.temp"
    scope = "derived"
    threshold = "sink.temp#temp"
    [[fact]]
    key = "number.light"
    scope = "derived"
    threshold = "room.light#lux"
    [[fact]]
    key = "stranger"
    scope = "derived"
    [[item]]
    key = "room.light"
    [[item.part]]
    key = "lux"
    kind = "number"
    [[item]]
    key = "sink.temp"
    [[item.part]]
    key = "temp"
    kind = "number"
    [item.part.limit]
    kind = "cases"
    [[item.part.limit.cases]]
    when = { equals = { key = "mobile", value = true } }
    limit = { kind = "at-least", value = "38" }
""")


@pytest.mark.parametrize(("before", "people", "mobile"), [(0, 1, False), (3, 2, True)])
def test_derived_facts(before, people, mobile):
    assert derived_facts(DERIVING, {"mobile": mobile}, before, people) == {
        "not_first": before > 0,
        "practitioners": people,
        "self_audit": False,
        "number.temp": mobile,  # the pack's number counts for mobile sites only
        "number.light": False,
    }


def test_a_number_fact_of_an_item_that_is_not_listed_is_false():
    without = making.checklist(
        """
        [[fact]]
        key = "number.light"
        scope = "derived"
        threshold = "room.light#lux"
        [[item]]
        key = "soap.there"
        [[item]]
        key = "room.light"
        [[item.part]]
        key = "lux"
        kind = "number"
        """,
        sections={"A": ["soap.there"]},
    )
    assert derived_facts(without, {}, 0, 0) == {"number.light": False}


# parts of a visit ---------------------------------------------------------------------------------------------


def test_photos_stand_with_their_answers_and_alone():
    link = PhotoLink("ab" * 32)
    found = making.visit(CARE, COMPLETE, links={("floor.clean", None): (link,)})
    assert [answer.photos for answer in found.answers()] == [(), (link,)]
    alone = making.visit(CARE, links={("soap.there", None): (link,)}).readings["soap.there", None]
    assert alone.answer.photos == (link,) and alone.answer.mark is None


def test_a_visit_knows_revisions_names_and_signatures():
    found = making.visit(CARE, COMPLETE)
    assert (found.rev(("soap.there", None)), found.rev(("soap.there", ANNA))) == (1, 0)
    assert found.practitioner_name(ANNA) == "Anna Quill" and found.practitioner_name(None) == ""
    assert (
        found.signature(INSPECTOR) == replace(AUDITOR, seen=found.fingerprint)
        and found.signature("witness") is None
    )
    assert not found.is_self_audit and making.visit(AUDIT).is_self_audit


def test_facts_of_profile_and_visit_are_read_together():
    found = making.visit(CARE, profile={"autoclave": True}, facts={"procedure_observed": False})
    assert found.inspection.all_facts == {"autoclave": True, "procedure_observed": False}


# life ---------------------------------------------------------------------------------------------------------


def test_a_visit_runs_until_it_is_sealed_or_set_aside():
    running = making.visit(CARE).inspection
    running.must_run()
    sealed, aside = running.sealed(datetime(2025, 3, 3, 13)), running.set_aside("Power cut.")
    assert (sealed.state, aside.state, aside.set_aside_reason) == (SEALED, SET_ASIDE, "Power cut.")
    for over in (sealed, aside):
        for deed in (
            over.must_run,
            lambda over=over: over.sealed(NOON),
            lambda over=over: over.set_aside("x"),
        ):
            with pytest.raises(NotNow):
                deed()


# clinics ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Fine Dots", "FINE-DOTS ", True),
        ("Straße 1", "STRASSE 1", True),
        ("1 Main St.", "1 Main St", True),
        ("1 Main St", "11 Main St", False),
    ],
)
def test_spellings_that_are_likely_the_same(one, other, alike):
    assert (likeness(one) == likeness(other)) == alike


def test_jurisdictions_cover_what_lies_within():
    assert covers("us", "us-ca") and covers("us-ca", "us-ca") and covers("us-ca", "us-ca-fresno")
    assert not covers("us-ca", "us") and not covers("us-ca", "us-cal") and not covers("us", "gb")
