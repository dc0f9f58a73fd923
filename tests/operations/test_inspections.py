"""Starting, setting up, signing, setting aside and listing visits: who may, and what then holds."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from audit.domain.answers import Raw
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Signature
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, Stale
from audit.operations import inspections, sealing
from audit.operations.inspections import SetUp, VisitFilter
from tests.operations import worlds
from tests.operations.worlds import (
    ADMINISTRATOR,
    ANNA,
    BO,
    COMPLETE,
    HARBOUR,
    MISSION,
    OTHER_OWNER,
    OWNER,
    World,
)

LINE = (((1000, 1000), (4000, 2000)),)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path)


def test_a_start_pins_checklist_profile_and_local_day(world):
    world.later(hours=14)  # 07:00 UTC on the 4th is still the 3rd in Los Angeles
    inspection = world.start()
    assert inspection.inspected_on == date(2026, 3, 3)
    assert inspection.profile == {"autoclave": False}
    assert inspection.facts == {"procedure_observed": True, "not_first": False, "practitioners": 2}
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert visit.checklist.sha256 == inspection.checklist_sha
    assert [row.item.key for row in visit.journey.inapplicable] == ["autoclave.log", "records.last"]


def test_the_second_visit_is_not_the_first(world):
    first = world.start()
    world.answer(first, COMPLETE)
    world.sign(first)
    sealing.seal(world.desk(), first.id)
    assert world.start().facts["not_first"] is True


@pytest.mark.parametrize("person", [ADMINISTRATOR, OWNER])
def test_only_inspectors_start_inspections(world, person):
    with pytest.raises(NotAllowed):
        inspections.start(world.desk(person), inspections.NewVisit(MISSION.id))


def test_the_owner_of_another_clinic_starts_nothing_here(world):
    with pytest.raises(NotFound):
        world.start(OTHER_OWNER)


def test_a_start_lists_all_faults(world):
    facts = {"procedure_observed": "perhaps", "moon": "full"}
    with pytest.raises(BadInput) as caught:
        world.start(purpose="picnic", practitioners=("nobody",), facts=facts)
    places = [fault.place for fault in caught.value.faults]
    assert places == ["purpose", "practitioners", "facts.procedure_observed", "facts.moon"]


def test_a_visit_others_may_not_read_does_not_exist(world):
    inspection = world.start()
    for person in (OWNER, OTHER_OWNER):
        with pytest.raises(NotFound):
            inspections.open_visit(world.desk(person), inspection.id)
    with pytest.raises(NotFound):
        inspections.open_visit(world.desk(), "no-such-visit")


def test_the_owner_reads_an_inspection_once_it_is_sealed(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    assert inspections.open_visit(world.desk(OWNER), inspection.id).findings
    with pytest.raises(NotFound):
        inspections.open_visit(world.desk(OTHER_OWNER), inspection.id)


def test_administrators_read_and_write_nothing(world):
    inspection = world.start()
    assert inspections.open_visit(world.desk(ADMINISTRATOR), inspection.id)
    with pytest.raises(NotAllowed):
        world.answer(inspection, COMPLETE, ADMINISTRATOR)


def test_changing_a_fact_keeps_what_was_answered_and_brings_it_back(world):
    inspection = world.start(facts={"procedure_observed": False})
    key = ("gloves.changed", None)
    visit = inspections.open_visit(world.desk(), inspection.id)
    preset = next(entry for entry in visit.journey.entries() if entry.key == key)
    assert preset.reading.answer.mark == "NO" and preset.reading.answer.preset
    wanted = SetUp("complaint", (ANNA.id,), ("Wim Witness",), {"procedure_observed": True}, "Second look.")
    changed = inspections.set_up(world.desk(), inspection.id, wanted, inspection.rev)
    assert (changed.purpose, changed.practitioners, changed.rev) == ("complaint", (ANNA.id,), 2)
    world.answer(inspection, {("licence.displayed", ANNA.id): Raw(mark="IN")})
    nobody = SetUp("complaint", (), (), {"procedure_observed": True})
    inspections.set_up(world.desk(), inspection.id, nobody, 2)
    aside = inspections.open_visit(world.desk(), inspection.id).journey.kept_aside
    assert [(answer.item, answer.mark) for answer in aside] == [("licence.displayed", "IN")]
    inspections.set_up(world.desk(), inspection.id, wanted, 3)
    assert inspections.open_visit(world.desk(), inspection.id).journey.kept_aside == ()


def test_a_set_up_on_an_older_page_is_stale(world):
    inspection = world.start()
    inspections.set_up(world.desk(), inspection.id, SetUp("complaint", (ANNA.id,), (), {}), 1)
    with pytest.raises(Stale):
        inspections.set_up(world.desk(), inspection.id, SetUp("routine", (BO.id,), (), {}), 1)


def test_setting_aside_needs_a_reason_and_is_for_good(world):
    inspection = world.start()
    with pytest.raises(BadInput):
        inspections.set_aside(world.desk(), inspection.id, "  ")
    inspections.set_aside(world.desk(), inspection.id, "Wrong clinic.")
    for deed in (
        lambda: world.answer(inspection, COMPLETE),
        lambda: inspections.set_aside(world.desk(), inspection.id, "Again."),
        lambda: sealing.seal(world.desk(), inspection.id),
    ):
        with pytest.raises(NotNow):
            deed()
    (row,) = inspections.visits(world.desk(), VisitFilter()).rows
    assert (row.state, row.status, row.findings) == ("set-aside", None, None)


def test_signing_waits_for_complete_answers(world):
    inspection = world.start()
    with pytest.raises(BadInput, match="Complete the visit first"):
        world.sign(inspection)


@pytest.mark.parametrize(
    "signature",
    [
        Signature("witness", "signed", "Wim"),
        Signature(INSPECTOR, "refused", "Ines"),
        Signature(INSPECTOR, "signed", " "),
        Signature(PERSON_IN_CHARGE, "maybe", "Olu"),
        Signature(PERSON_IN_CHARGE, "signed", "x" * 201),
        Signature(INSPECTOR, "signed", "Ines", how="drawn"),
        Signature(INSPECTOR, "signed", "Ines", strokes=LINE),
        Signature(INSPECTOR, "signed", "Ines", how="traced", strokes=LINE),
        Signature(INSPECTOR, "signed", "", how="drawn", strokes=LINE),
        Signature(INSPECTOR, "signed", "Ines", how="drawn", strokes=(((0, 0), (10_001, 0)),)),
        Signature(INSPECTOR, "signed", "Ines", how="drawn", strokes=((),)),
        Signature(PERSON_IN_CHARGE, "refused", "Olu", how="drawn", strokes=LINE),
    ],
)
def test_a_signature_that_says_nothing_is_refused(world, signature):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    with pytest.raises(BadInput):
        inspections.sign(world.desk(), inspection.id, signature)


def test_a_later_answer_makes_signatures_void(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    world.answer(inspection, {("gloves.changed", None): Raw(mark="NO")})
    assert inspections.open_visit(world.desk(), inspection.id).signatures == ()
    with pytest.raises(NotNow, match="has not signed"):
        sealing.seal(world.desk(), inspection.id)


def test_the_agency_sees_that_a_self_audit_was_made_not_what_it_says(world):
    audit = world.start(OWNER)
    world.answer(audit, COMPLETE, OWNER)
    inspections.sign(world.desk(OWNER), audit.id, Signature(INSPECTOR, "signed", OWNER.name))
    sealing.seal(world.desk(OWNER), audit.id)
    (row,) = inspections.visits(world.desk(), VisitFilter()).rows
    assert (row.kind, row.readable, row.status, row.score, row.findings) == (
        "self-audit",
        False,
        None,
        None,
        None,
    )
    with pytest.raises(NotFound):
        inspections.open_visit(world.desk(), audit.id)
    (own,) = inspections.visits(world.desk(OWNER), VisitFilter()).rows
    assert own.readable and own.findings == 2
    assert inspections.visits(world.desk(OTHER_OWNER), VisitFilter()).rows == ()


def test_lists_are_paged_by_key(world):
    made = []
    for _ in range(5):
        made.append(world.start().id)
        world.later(minutes=1)
    seen, after = [], None
    while True:
        page = inspections.visits(world.desk(), VisitFilter(clinic_id=MISSION.id), after, limit=2)
        seen += [row.id for row in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == made[::-1]
    assert inspections.visits(world.desk(), VisitFilter(clinic_id=HARBOUR.id)).rows == ()


def test_nobody_signs_what_they_did_not_see(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    seen = inspections.open_visit(world.desk(), inspection.id).fingerprint
    world.answer(inspection, {("gloves.changed", None): Raw(mark="OUT", note="Worn all morning.")})
    both = Signature(INSPECTOR, "signed", "Ines Field"), Signature(PERSON_IN_CHARGE, "signed", "Olu")
    with pytest.raises(Stale):
        inspections.sign(world.desk(), inspection.id, *both, seen=seen)
    assert inspections.open_visit(world.desk(), inspection.id).signatures == ()


def test_a_clinic_renamed_after_signing_makes_signatures_void(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    with world.desk(ADMINISTRATOR).entry() as entry:
        entry.clinics.change(replace(MISSION, permit="FORGED-1"))
        entry.note("clinic.edited", MISSION.id)
    with pytest.raises(NotNow, match="Sign again"):
        sealing.seal(world.desk(), inspection.id)
