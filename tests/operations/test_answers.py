"""Changes come in: one verdict each, nothing twice, nothing overwritten in silence."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.domain.answers import Raw
from audit.domain.changes import PHOTO_LINK, PHOTO_UNLINK, RESOLVE, Change
from audit.domain.problems import BadInput, NotFound, NotNow
from audit.operations import answers, inspections, sealing
from tests.operations import worlds
from tests.operations.worlds import COMPLETE, OTHER_OWNER, World

NEEDLES, GLOVES = ("needles.single-use", None), ("gloves.changed", None)
IN, OUT = Raw(mark="IN"), Raw(mark="OUT", note="Seen.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path)


def change(key=NEEDLES, base_rev=0, raw=IN, device="page", **how) -> Change:
    return answers.change_of(str(uuid4()), key, base_rev, raw, device, **how)


def take(world, inspection, *changes):
    return answers.take_in(world.desk(), inspection.id, changes)


def kept(world, inspection, key=NEEDLES):
    return inspections.open_visit(world.desk(), inspection.id).kept[key]


def test_a_change_on_the_current_revision_applies(world):
    inspection = world.start()
    (first,) = take(world, inspection, change())
    (second,) = take(world, inspection, change(base_rev=1, raw=OUT))
    assert [(first.status, first.rev), (second.status, second.rev)] == [("applied", 1), ("applied", 2)]
    assert kept(world, inspection).raw == OUT
    assert kept(world, inspection).author == worlds.INSPECTOR_PERSON.id


def test_the_same_batch_again_does_nothing(world):
    inspection = world.start()
    batch = (change(), change(GLOVES, raw=OUT))
    take(world, inspection, *batch)
    again = take(world, inspection, *batch)
    assert [(outcome.status, outcome.rev) for outcome in again] == [("duplicate", 1), ("duplicate", 1)]


def test_an_op_id_with_other_content_is_refused(world):
    inspection = world.start()
    first = change()
    take(world, inspection, first)
    (outcome,) = take(world, inspection, replace(first, value=OUT.document()))
    assert outcome.status == "rejected" and kept(world, inspection).raw == IN


def test_a_count_used_twice_by_a_device_is_refused(world):
    inspection = world.start()
    first, second = take(world, inspection, change(seq=1, device="t"), change(GLOVES, seq=1, device="t"))
    assert (first.status, second.status) == ("applied", "rejected")


def test_an_unchanged_answer_makes_no_operation(world):
    inspection = world.start()
    take(world, inspection, change())
    (outcome,) = take(world, inspection, change(base_rev=0))
    assert (outcome.status, outcome.rev) == ("same", 1)
    assert len(world.desk().ledger.inspections.operations(inspection.id)) == 1


def test_a_stale_change_is_a_conflict_and_keeps_both(world):
    inspection = world.start()
    take(world, inspection, change())
    stale = change(base_rev=0, raw=OUT, device="tablet-2")
    (outcome,) = take(world, inspection, stale)
    assert (outcome.status, outcome.rev) == ("conflict", 1)
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert visit.kept[NEEDLES].raw == IN
    (lost,) = visit.conflicts
    assert (lost.op_id, lost.device, dict(lost.value)) == (stale.op_id, "tablet-2", OUT.document())


def test_a_conflict_blocks_signing_until_someone_chooses_with_a_reason(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    stale = change(base_rev=0, raw=IN, device="tablet-2")
    take(world, inspection, stale)
    with pytest.raises(BadInput):
        world.sign(inspection)
    choice = Change(str(uuid4()), RESOLVE, *NEEDLES, 1, {"keep": stale.op_id, "reason": ""}, "page")
    assert take(world, inspection, choice)[0].status == "rejected"
    choice = replace(choice, value={"keep": stale.op_id, "reason": "Looked again: new pack each time."})
    assert take(world, inspection, choice)[0].status == "applied"
    assert kept(world, inspection).raw == IN
    world.sign(inspection)
    assert sealing.seal(world.desk(), inspection.id)


def test_keeping_the_current_value_settles_a_conflict_too(world):
    inspection = world.start()
    take(world, inspection, change())
    take(world, inspection, change(base_rev=0, raw=OUT))
    choice = Change(str(uuid4()), RESOLVE, *NEEDLES, 1, {"keep": "current", "reason": "Typo."}, "page")
    take(world, inspection, choice)
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert visit.conflicts == () and visit.kept[NEEDLES].raw == IN


@pytest.mark.parametrize(
    ("item", "person", "value"),
    [
        ("no.such-item", None, {"mark": "IN"}),
        ("needles.single-use", "a person", {"mark": "IN"}),
        ("licence.displayed", None, {"mark": "IN"}),
        ("needles.single-use", None, {"mark": 7}),
        ("needles.single-use", None, {"score": "100"}),
        ("needles.single-use", None, {"note": "x" * 20_001}),
        ("needles.single-use", None, {"note": "a\x00b"}),
        ("needles.single-use", None, {"note": "\ud800"}),
        ("needles.single-use", None, {"values": "none"}),
        ("needles.single-use", None, {"values": {"date": {}}}),
    ],
)
def test_a_shapeless_change_is_refused_and_holds_back_no_other(world, item, person, value):
    inspection = world.start()
    bad = Change(str(uuid4()), "answer", item, person, 0, value, "page")
    refused, applied = take(world, inspection, bad, change(GLOVES))
    assert (refused.status, applied.status) == ("rejected", "applied") and refused.words


def test_a_draft_with_faults_is_kept_as_it_was_typed(world):
    inspection = world.start()
    take(
        world, inspection, change(("permit.expiry", None), raw=Raw(values={"date": "soon"}, note="x" * 4001))
    )
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert visit.kept["permit.expiry", None].raw.values == {"date": "soon"}
    assert {fault.field for fault in visit.readings["permit.expiry", None].faults} >= {"values.date", "note"}


def test_photos_add_and_leave_without_conflict(world):
    inspection = world.start()
    sha256 = world.photograph(inspection, NEEDLES, "Tray")
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert [(link.sha256, link.caption) for link in visit.links[NEEDLES]] == [(sha256, "Tray")]
    gone = Change(str(uuid4()), PHOTO_UNLINK, *NEEDLES, 0, {"sha256": sha256}, "page")
    assert take(world, inspection, gone)[0].status == "applied"
    assert inspections.open_visit(world.desk(), inspection.id).links == {}


def test_a_photo_that_has_not_arrived_cannot_be_shown(world):
    inspection = world.start()
    link = Change(str(uuid4()), PHOTO_LINK, *NEEDLES, 0, {"sha256": "0" * 64}, "page")
    assert take(world, inspection, link)[0].status == "rejected"


def test_other_clinics_owner_sees_nothing_to_answer(world):
    inspection = world.start()
    with pytest.raises(NotFound):
        world.answer(inspection, COMPLETE, OTHER_OWNER)


def test_a_sealed_visit_takes_nothing_more(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    with pytest.raises(NotNow):
        world.answer(inspection, {GLOVES: OUT})


def test_every_batch_is_noted_in_the_trail(world):
    inspection = world.start()
    take(world, inspection, change(), change(GLOVES))
    line = world.desk().ledger.trail.of(inspection.id)[-1]
    assert line.deed == "inspection.answered" and line.detail["items"] == [
        "gloves.changed",
        "needles.single-use",
    ]


def fresh(world, inspection):
    ledger = world.desk().ledger
    return inspections.load(ledger, ledger.inspections.get(inspection.id))


def test_what_is_remembered_goes_on_with_what_was_answered(world, monkeypatch):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    assert inspections.open_visit(world.desk(), inspection.id).signatures
    take(world, inspection, change(base_rev=1, raw=OUT), change(GLOVES, base_rev=1, raw=Raw(mark="NO")))
    expected = fresh(world, inspection)
    with monkeypatch.context() as patch:
        patch.delattr(inspections, "load")  # nothing is read anew
        found = inspections.open_visit(world.desk(), inspection.id)
    assert found == expected and found.result == expected.result
    assert found.kept[NEEDLES].raw == OUT and not found.signatures


def test_what_others_wrote_meanwhile_is_not_missed(world, monkeypatch):
    inspection = world.start()
    inspections.open_visit(world.desk(), inspection.id)
    goes_on = inspections.go_on_with

    def between(*given):
        monkeypatch.setattr("audit.operations.answers.go_on_with", goes_on)  # once
        world.answer(inspection, {GLOVES: OUT})
        goes_on(*given)

    monkeypatch.setattr("audit.operations.answers.go_on_with", between)
    take(world, inspection, change())
    assert inspections.open_visit(world.desk(), inspection.id) == fresh(world, inspection)


MARKS = st.sampled_from([Raw(mark="IN"), Raw(mark="NO"), OUT, Raw(mark="OUT", note="Other."), Raw()])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3), MARKS, st.booleans()), max_size=12))
def test_what_was_acknowledged_is_there_once_whatever_is_sent(world, sent):
    """Every value that was applied is in the history exactly once, the last one is current, the rest conflicts."""
    inspection = world.start()
    applied, conflicts = [], 0
    for base_rev, raw, twice in sent:
        one = change(base_rev=base_rev, raw=raw)
        outcomes = [take(world, inspection, one)[0] for _ in range(1 + twice)]
        applied += [raw] if outcomes[0].status == "applied" else []
        conflicts += outcomes[0].status == "conflict"
        if twice and outcomes[0].status != "same":
            assert outcomes[1].status == "duplicate"
        visit = inspections.open_visit(world.desk(), inspection.id)
        assert visit == fresh(world, inspection)
    visit = inspections.open_visit(world.desk(), inspection.id)
    assert len(visit.conflicts) == conflicts
    assert visit.rev(NEEDLES) == len(applied)
    assert (visit.kept[NEEDLES].raw if applied else None) == (applied[-1] if applied else None)
