"""Visits started, set up and signed on a tablet: the same rules as on the pages, once each."""

from typing import Any
from uuid import uuid4

from audit.domain import manifest
from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, HARBOUR, MISSION
from tests.web.api.conftest import Tablet

ITEM = "needles.single-use"


def sha_of(house, kind="inspection"):
    ledger = house.world.desk().ledger
    return next(row.sha256 for row in ledger.checklists.newest() if row.kind == kind)


def start(tablet, **changes):
    value = {
        "clinic_id": MISSION.id,
        "checklist_sha": sha_of(tablet.house),
        "kind": "inspection",
        "purpose": "routine",
        "inspected_on": "2026-03-03",
        "facts": {"procedure_observed": True},
        "practitioners": [ANNA.id, BO.id],
        "present": ["Cy Moss"],
    }
    return tablet.op("start", **value | changes)


def test_a_visit_that_was_started_and_answered_elsewhere_arrives_in_one_batch(house, tablet):
    visit = str(uuid4())
    begun, given = start(tablet, inspected_on="2026-02-27"), tablet.answer(ITEM, mark="IN")
    assert tablet.verdicts(visit, begun, given) == ["applied", "applied"]
    assert tablet.verdicts(visit, begun, given) == ["duplicate", "duplicate"]
    whole = tablet.visit(visit)
    assert whole["inspected_on"] == "2026-02-27" and whole["started_at"] == "2026-03-03T17:00:00Z"
    assert whole["facts"]["procedure_observed"] is True and whole["facts"]["practitioners"] == 2
    assert whole["practitioners"] == [ANNA.id, BO.id] and whole["present"] == ["Cy Moss"]
    assert whole["people"][0]["name"] == "Anna Quill" and whole["profile"] == {"autoclave": False}
    claim = house.world.desk().ledger.devices.start_of(visit)
    assert claim.device == tablet.device and claim.client_time == begun["client_time"]


def test_a_follow_up_begins_narrow_and_the_rest_can_be_added(house, tablet):
    visit = str(uuid4())
    begun = start(tablet, purpose="follow-up", scope=["gloves.changed", "no.item", ITEM])
    assert tablet.verdicts(visit, begun, begun) == ["applied", "duplicate"]
    assert tablet.visit(visit)["scope"] == [ITEM, "gloves.changed"]
    assert tablet.verdicts(visit, tablet.answer("records.last", mark="IN")) == ["applied"]  # kept aside
    (wider,) = tablet.send(visit, tablet.op("set-up", whole=True))
    assert wider["status"] == "applied" and tablet.visit(visit)["scope"] == []
    assert tablet.verdicts(visit, tablet.op("set-up", whole=True)) == ["applied"]
    assert tablet.verdicts(visit, tablet.op("set-up", whole="yes")) == ["rejected"]
    deeds = [line.deed for line in house.world.desk().ledger.trail.of(visit)]
    assert deeds.count("inspection.widened") == 1


def test_only_a_follow_up_is_narrow(tablet):
    visit = str(uuid4())
    assert tablet.verdicts(visit, start(tablet, scope=[ITEM])) == ["applied"]
    assert tablet.visit(visit)["scope"] == []
    assert tablet.verdicts(str(uuid4()), start(tablet, purpose="follow-up", scope=ITEM)) == ["rejected"]


DAYS = {
    "2026-02-17": "applied",
    "2026-02-16": "rejected",
    "2026-03-04": "applied",
    "2026-03-05": "rejected",
    "9999-12-31": "rejected",
    "0001-01-01": "rejected",
    "soon": "rejected",
    "": "rejected",
}


def test_a_visit_counts_for_a_day_near_its_arrival(tablet):
    for day, status in DAYS.items():
        assert tablet.verdicts(str(uuid4()), start(tablet, inspected_on=day)) == [status], day


WRONG_STARTS: list[dict[str, Any]] = [
    {"clinic_id": "00000000-0000-4000-8000-000000000000"}, {"clinic_id": 7}, {"kind": "raid"}, {"kind": "self-audit"},
    {"checklist_sha": "0" * 64}, {"purpose": "fun"}, {"practitioners": ["nobody"]}, {"practitioners": "x"},
    {"practitioners": [7]}, {"present": ["x" * 300]}, {"facts": {"procedure_observed": "perhaps"}},
    {"facts": []}, {"facts": {"not_first": True}}, {"clinic_id": HARBOUR.id}, {"inspected_on": 7},
]  # fmt: skip


def test_a_wrong_start_is_refused_and_so_is_what_hangs_on_it(house, tablet):
    for wrong in WRONG_STARTS:
        visit = str(uuid4())
        rows = tablet.send(visit, start(tablet, **wrong), tablet.answer(ITEM, mark="IN"))
        assert [row["status"] for row in rows] == ["rejected", "rejected"], wrong
        assert all(row["words"] for row in rows), wrong
        assert house.world.desk().ledger.inspections.find(visit) is None


def test_a_visit_is_started_once_whoever_says_it_again(house, tablet):
    visit, other = str(uuid4()), Tablet(house)
    tablet.send(visit, start(tablet))
    assert other.verdicts(visit, start(other)) == ["rejected"]


def test_the_checklist_of_another_kind_does_not_fit(house, tablet):
    wrong = start(tablet, checklist_sha=sha_of(house, "self-audit"))
    assert tablet.verdicts(str(uuid4()), wrong) == ["rejected"]


def test_an_owner_starts_a_self_audit_at_the_own_clinic_only(house):
    tablet = Tablet(house, worlds.OWNER)
    how = {"kind": "self-audit", "purpose": "self-audit", "checklist_sha": sha_of(house, "self-audit")}
    assert tablet.verdicts(str(uuid4()), start(tablet, **how)) == ["applied"]
    other = Tablet(house, worlds.OTHER_OWNER)
    assert other.verdicts(str(uuid4()), start(other, **how)) == ["rejected"]


def test_a_set_up_changes_what_it_names_and_nothing_else(house, tablet, visit):
    assert tablet.verdicts(visit, tablet.op("set-up", remarks="Rain.")) == ["applied"]
    whole = tablet.visit(visit)
    assert whole["remarks"] == "Rain." and whole["practitioners"] == [ANNA.id, BO.id]
    assert whole["facts"]["procedure_observed"] is True and whole["rev"] == 2
    op = tablet.op("set-up", practitioners=[BO.id])
    assert tablet.verdicts(visit, op, op) == ["applied", "duplicate"]
    assert tablet.visit(visit)["facts"]["practitioners"] == 1
    assert tablet.verdicts(visit, tablet.op("set-up", "", None, 1, remarks="Sun.")) == ["rejected"]
    assert tablet.verdicts(visit, tablet.op("set-up", "", None, 3, remarks="Rain.")) == ["applied"]
    assert tablet.verdicts(visit, tablet.op("set-up", practitioners=["nobody"])) == ["rejected"]


def complete(tablet, visit):
    given = [tablet.answer(item, person, **raw.document()) for (item, person), raw in worlds.COMPLETE.items()]
    assert set(tablet.verdicts(visit, *given)) == {"applied"}


def signature(tablet, visit, role="inspector", name="Ines Field", **changes):
    seen = manifest.fingerprint(manifest.of(open_visit(tablet.house.world.desk(), visit), ()))
    value = {
        "role": role,
        "state": "signed",
        "how": "typed",
        "name": name,
        "strokes": None,
        "fingerprint": seen,
    }
    return tablet.op("signature", **value | changes)


def test_both_sign_what_they_saw(house, tablet, visit):
    complete(tablet, visit)
    drawn = [[[0, 0], [5000, 2000], [9000, 100]]]
    both = (
        signature(tablet, visit, how="drawn", strokes=drawn),
        signature(tablet, visit, "person-in-charge", "Olu Adeyemi", title="owner"),
    )
    assert tablet.verdicts(visit, *both) == ["applied", "applied"]
    assert tablet.verdicts(visit, *both) == ["duplicate", "duplicate"]
    rows = {row["role"]: row for row in tablet.visit(visit)["signatures"]}
    assert rows["inspector"]["strokes"] == drawn and rows["inspector"]["covers"] is True
    assert rows["person-in-charge"]["name"] == "Olu Adeyemi"
    assert tablet.verdicts(visit, tablet.answer(ITEM, None, 1, mark="IN")) == ["applied"]
    assert tablet.visit(visit)["signatures"] == []


WRONG_SIGNATURES: list[dict[str, Any]] = [
    {"fingerprint": "0" * 64}, {"fingerprint": None}, {"role": "king"}, {"state": "perhaps"}, {"name": ""},
    {"name": 7}, {"strokes": [[[0, 0], [1, 1]]], "how": "drawn"}, {"strokes": [[[0.5, 0]]], "how": "drawn"},
    {"strokes": "x", "how": "drawn"}, {"strokes": {}, "how": "drawn"}, {"how": "drawn"}, {"how": "stamped"},
]  # fmt: skip


def test_a_signature_that_does_not_hold_is_refused(tablet, visit):
    complete(tablet, visit)
    for wrong in WRONG_SIGNATURES:
        (row,) = tablet.send(visit, signature(tablet, visit, **wrong))
        assert row["status"] == "rejected" and row["words"], wrong
    assert tablet.visit(visit)["signatures"] == []


def test_nobody_signs_what_is_not_complete(tablet, visit):
    assert tablet.verdicts(visit, signature(tablet, visit)) == ["rejected"]


def test_the_rest_of_a_section_is_written_down_as_such(house, tablet, visit):
    marker = tablet.op("rest-in", section="a", items=[ITEM])
    assert tablet.verdicts(visit, marker, tablet.answer(ITEM, mark="IN")) == ["applied", "applied"]
    deeds = [line.deed for line in house.world.desk().ledger.trail.of(visit)]
    assert "inspection.rest-in" in deeds
    assert tablet.verdicts(visit, tablet.op("rest-in", section=7)) == ["rejected"]


def test_a_visit_is_set_aside_with_a_reason_and_only_once(house, tablet, visit):
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    assert (
        tablet.verdicts(visit, tablet.op("set-aside"), tablet.op("set-aside", reason=" ")) == ["rejected"] * 2
    )
    aside = tablet.op("set-aside", reason="The clinic was closed.")
    late = tablet.answer(ITEM, None, 1, mark="NO")
    assert tablet.verdicts(visit, aside, late) == ["applied", "rejected"]
    assert tablet.verdicts(visit, aside) == ["duplicate"]
    assert tablet.verdicts(visit, tablet.op("set-aside", reason="Again.")) == ["rejected"]
    found = house.world.desk().ledger.inspections.get(visit)
    assert (found.state, found.set_aside_reason) == ("set-aside", "The clinic was closed.")
    assert [line.deed for line in house.world.desk().ledger.trail.of(visit)].count(
        "inspection.set-aside"
    ) == 1


def test_who_may_not_set_a_visit_aside_is_refused(house, visit):
    owner = Tablet(house, worlds.OWNER)
    assert owner.verdicts(visit, owner.op("set-aside", reason="Not mine.")) == ["rejected"]
    assert house.world.desk().ledger.inspections.get(visit).state == "running"
