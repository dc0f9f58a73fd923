"""Closures: proposed with the notice a hearing needs, frozen by the seal, opened again only by a good follow-up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from audit.domain.answers import Raw
from audit.domain.closure import FACILITY, SERVICE
from audit.domain.inspections import Inspection
from audit.domain.placard import CLOSED, PASS, SERVICES_CLOSED
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow
from audit.domain.schedule import FOLLOW_UP
from audit.operations import (
    agency,
    amendments,
    closures,
    concerns,
    inspections,
    records,
    reports,
    schedule,
    sealing,
)
from audit.operations.closures import Proposal
from audit.operations.desk import Desk
from audit.operations.schedule import Wanted
from audit.store.ledger import Entry
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, HARBOUR, MISSION, OWNER, World

PLACARD = 'placard = { minor_only = "pass", working_days = 2, source = "XX 17", certainty = "verified" }'
ITEMS = """
    [[fact]]
    key = "smp"
    [[fact]]
    key = "tattoo"
    [[item]]
    key = "needles.single-use"
    severity = "critical"
    [[item]]
    key = "floor.clean"
"""
NEEDLES, FLOOR = ("needles.single-use", None), ("floor.clean", None)
SOUND, WRONG = Raw(mark="IN"), Raw(mark="OUT", note="Used needles lay in the tray.")
NOTICE = Proposal(
    FACILITY, "", ("needles.single-use",), "Needles were used twice.", "XX 9", "Ask within 15 days."
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = worlds.make(tmp_path / "data", ITEMS, pack=PLACARD)
    with made.desk(ADMINISTRATOR).entry() as entry:
        clinic = entry.clinics.get(MISSION.id)
        entry.clinics.change(replace(clinic, profile={"smp": True, "tattoo": True}))
        entry.note("clinic.changed", MISSION.id)
    return made


def begin(world: World, needles: Raw = WRONG, **how: Any) -> Inspection:
    visit = world.start(facts={}, **how)
    world.answer(visit, {NEEDLES: needles, FLOOR: SOUND})
    return visit


def finish(world: World, visit: Inspection) -> dict[str, Any]:
    world.sign(visit)
    document = sealing.seal(world.desk(), visit.id).document
    world.later(days=3)
    return document


def test_the_notice_is_frozen_with_the_record_and_drawn(world: World) -> None:
    visit = begin(world)
    world.sign(visit)
    closures.propose(world.desk(), visit.id, NOTICE)
    assert inspections.open_visit(world.desk(), visit.id).signatures == (), "who signed saw no closure"
    document = finish(world, visit)
    (row,) = document["closures"]
    assert (row["scope"], row["items"], row["hearing"]) == (
        "facility",
        ["needles.single-use"],
        "Ask within 15 days.",
    )
    assert [one.in_force for one in closures.of_clinic(world.desk(), MISSION.id)] == [True]
    stored = reports.report(world.desk(), visit.id, reports.NOTICE)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(stored.path).pages)
    assert "Needles were used twice." in text and "Ask within 15 days." in text and "XX 9" in text
    record = reports.report(world.desk(), visit.id, reports.RECORD)
    first = PdfReader(record.path).pages[0].extract_text()
    assert "Closure" in first and "The whole clinic" in first


def test_what_usually_follows_is_proposed_with_the_words_of_the_findings(world: World) -> None:
    visit = inspections.open_visit(world.desk(), begin(world).id)
    found = closures.suggested(visit)
    assert found is not None
    assert (found.scope, found.items) == (FACILITY, ("needles.single-use",))
    assert found.acts == "A-01: Used needles lay in the tray." and found.citation == "XX 1"
    clean = inspections.open_visit(world.desk(), begin(world, SOUND).id)
    assert closures.suggested(clean) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": ()},
        {"items": ("floor.clean",)},
        {"acts": " "},
        {"hearing": ""},
        {"scope": "street"},
        {"scope": SERVICE, "subject": ""},
    ],
)
def test_a_notice_that_lacks_something_is_refused(world: World, wrong: dict[str, Any]) -> None:
    visit = begin(world)
    with pytest.raises(BadInput):
        closures.propose(world.desk(), visit.id, replace(NOTICE, **wrong))
    assert closures.of_visit(world.desk(), visit.id) == ()


def test_a_self_audit_and_a_private_auditor_close_nothing(world: World) -> None:
    audit = world.start(OWNER, facts={})
    world.answer(audit, {NEEDLES: WRONG, FLOOR: SOUND}, OWNER)
    with pytest.raises(NotAllowed):
        closures.propose(world.desk(OWNER), audit.id, NOTICE)
    office = world.desk(ADMINISTRATOR)
    agency.save(office, replace(agency.get(office), public_authority=False))
    visit = begin(world)
    with pytest.raises(NotAllowed):
        closures.propose(world.desk(), visit.id, NOTICE)
    assert not closures.may_propose(inspections.open_visit(world.desk(), visit.id))


def test_a_closure_is_taken_back_while_the_visit_runs_and_not_after(world: World) -> None:
    visit = begin(world)
    made = closures.propose(world.desk(), visit.id, NOTICE)
    closures.withdraw(world.desk(), visit.id, made.id)
    document = finish(world, visit)
    assert "closures" not in document
    with pytest.raises(NotNow):
        closures.propose(world.desk(), visit.id, NOTICE)
    with pytest.raises(NotNow):
        reports.report(world.desk(), visit.id, reports.NOTICE)


def test_only_a_sealed_follow_up_that_saw_every_reason_in_order_opens_again(world: World) -> None:
    visit = begin(world)
    made = closures.propose(world.desk(), visit.id, NOTICE)
    finish(world, visit)
    routine = finish(world, begin(world, SOUND))
    with pytest.raises(NotNow):
        closures.reopen(world.desk(), made.id, routine["id"])
    blind = finish(world, begin(world, Raw(mark="NO"), purpose=FOLLOW_UP))
    with pytest.raises(NotNow):
        closures.reopen(world.desk(), made.id, blind["id"])
    running = begin(world, SOUND, purpose=FOLLOW_UP)
    with pytest.raises(NotNow):
        closures.reopen(world.desk(), made.id, running.id)
    good = finish(world, running)
    closures.reopen(world.desk(), made.id, good["id"])
    (over,) = closures.of_visit(world.desk(), visit.id)
    assert over.reopened_by == good["id"]
    assert closures.of_clinic(world.desk(), MISSION.id) == ()
    with pytest.raises(NotNow):
        closures.reopen(world.desk(), made.id, good["id"])
    elsewhere = world.start(clinic_id=HARBOUR.id, practitioners=(), facts={})
    with pytest.raises(NotFound):
        closures.reopen(world.desk(), made.id, elsewhere.id)


def closed_by(world: World, **how: Any) -> str:
    """The id of a closure that a visit has put in force."""
    visit = begin(world, **how)
    made = closures.propose(world.desk(), visit.id, NOTICE)
    finish(world, visit)
    return made.id


def follow_up(world: World, **how: Any) -> str:
    """The id of a sealed follow-up that saw every reason in order."""
    return str(finish(world, begin(world, SOUND, purpose=FOLLOW_UP, **how))["id"])


def stays_closed(world: World, closure_id: str, visit_id: str, words: str) -> None:
    """Opening again is refused with these words and leaves no line in the trail."""
    head = world.desk().ledger.trail.head
    with pytest.raises(NotNow, match=words):
        closures.reopen(world.desk(), closure_id, visit_id)
    assert world.desk().ledger.trail.head == head
    assert world.desk().ledger.closures.get(closure_id).in_force


def test_a_follow_up_from_before_the_closure_opens_nothing_and_one_of_its_day_does(world: World) -> None:
    closed = closed_by(world)
    since = world.desk().ledger.closures.get(closed).since
    older = follow_up(world, inspected_on=since - timedelta(days=1))
    stays_closed(world, closed, older, "before the closure")
    same_day = follow_up(world, inspected_on=since)
    closures.reopen(world.desk(), closed, same_day)
    assert world.desk().ledger.closures.get(closed).reopened_on == since


def test_a_void_follow_up_opens_nothing(world: World) -> None:
    closed, seen = closed_by(world), follow_up(world)
    amendments.void(world.desk(), seen, "It was the wrong clinic.", 0)
    stays_closed(world, closed, seen, "declared void")


def test_a_follow_up_counts_as_amended(world: World) -> None:
    closed, seen = closed_by(world), follow_up(world)
    amendments.correct(world.desk(), seen, NEEDLES, WRONG, "Misread.", 0)
    stays_closed(world, closed, seen, "Not yet corrected: needles.single-use")
    amendments.correct(world.desk(), seen, NEEDLES, SOUND, "Read right at first.", 1)
    closures.reopen(world.desk(), closed, seen)
    assert not world.desk().ledger.closures.get(closed).in_force


def test_what_is_not_in_force_is_not_opened_again(world: World) -> None:
    running = begin(world, inspected_on=date(2026, 3, 2))
    proposed = closures.propose(world.desk(), running.id, NOTICE)
    seen = follow_up(world)
    stays_closed(world, proposed.id, seen, "not in force")
    inspections.set_aside(world.desk(), running.id, "Nobody was there.")
    stays_closed(world, proposed.id, seen, "not in force")


def test_what_a_void_visit_closed_is_not_opened_again(world: World) -> None:
    closed, seen = closed_by(world), follow_up(world)
    closing = world.desk().ledger.closures.get(closed).inspection_id
    amendments.void(world.desk(), closing, "It was the wrong clinic.", 0)
    stays_closed(world, closed, seen, "not in force")


def late(world: World, colleague: Callable[[Desk], object]) -> Desk:
    """The desk of somebody who is overtaken: a colleague's deed is done just before theirs is written."""
    at = world.desk()

    class Overtaken(Desk):
        @contextmanager
        def entry(self) -> Iterator[Entry]:
            colleague(at)
            with super().entry() as entry:
                yield entry

    return Overtaken(at.ledger, at.actor, at.now, at.data)


def test_who_opens_again_at_the_same_moment_as_a_colleague_is_told_so(world: World) -> None:
    closed, seen, other = closed_by(world), follow_up(world), follow_up(world)
    with pytest.raises(NotNow, match="over already"):
        closures.reopen(late(world, lambda at: closures.reopen(at, closed, seen)), closed, other)
    assert world.desk().ledger.closures.get(closed).reopened_by == seen
    ends = [line.detail for line in world.desk().ledger.trail.newest(100) if line.deed == "closure.ended"]
    assert [(one["closure"], one["visit"]) for one in ends] == [(closed, seen)]


def test_what_a_colleague_amends_at_the_same_moment_counts(world: World) -> None:
    closed, seen = closed_by(world), follow_up(world)
    overtaken = late(world, lambda at: amendments.correct(at, seen, NEEDLES, WRONG, "Misread.", 0))
    with pytest.raises(NotNow, match="Not yet corrected"):
        closures.reopen(overtaken, closed, seen)
    assert world.desk().ledger.closures.get(closed).in_force


def test_a_finding_of_one_service_closes_that_service_only(world: World) -> None:
    visit = begin(world)
    whole = inspections.open_visit(world.desk(), visit.id)
    assert whole.placard is not None and whole.placard.standing == CLOSED
    concerns.decide(world.desk(), visit.id, {NEEDLES: "smp"})
    document = finish(world, visit)
    assert document["placard"]["standing"] == SERVICES_CLOSED
    assert document["placard"]["services"] == [
        {"service": "smp", "standing": CLOSED},
        {"service": "tattoo", "standing": PASS},
    ]
    assert document["findings"][0]["service"] == "smp"
    assert document["result"]["next_visit"] == "2026-03-05"
    (row,) = schedule.find(world.desk(), Wanted()).rows
    assert (row.planned.by.isoformat(), row.planned.purpose) == ("2026-03-05", FOLLOW_UP)
    text = PdfReader(reports.report(world.desk(), visit.id, reports.RECORD).path).pages[0].extract_text()
    assert text.count("Service closed") == 2 and "Establishment closed" not in text
    assert "Tattooing: Pass" in " ".join(text.split())
    assert records.standing(world.desk(), visit.id).document["placard"] == document["placard"]


@pytest.mark.parametrize("wrong", [{NEEDLES: "piercing"}, {FLOOR: "smp"}])
def test_a_service_that_is_not_offered_and_what_is_no_finding_are_refused(
    world: World, wrong: dict[Any, str]
) -> None:
    visit = begin(world)
    with pytest.raises(BadInput):
        concerns.decide(world.desk(), visit.id, wrong)
    assert inspections.open_visit(world.desk(), visit.id).services == {}


def test_a_self_audit_hangs_no_placard(world: World) -> None:
    audit = world.start(OWNER, facts={})
    world.answer(audit, {NEEDLES: WRONG, FLOOR: SOUND}, OWNER)
    world.sign(audit, OWNER)
    document = sealing.seal(world.desk(OWNER), audit.id).document
    assert "placard" not in document and "closures" not in document
