"""What a clinic's own papers, log and lots say to the items of a visit."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from audit.operations import clocks, credentials, inspections, kits, lots, suggestions
from audit.operations.clocks import EntryFields
from audit.operations.lots import LotFields
from tests.operations import papering
from tests.operations.papering import BLOODBORNE, LICENCE, PERMIT, paper
from tests.operations.worlds import ANNA, BO, MISSION, OWNER

EXPIRY = ("licence.practitioner-expiry", ANNA.id)


@pytest.fixture
def world(tmp_path):
    return papering.make(tmp_path / "data")


def found(world):
    visit = inspections.open_visit(world.desk(), world.start().id)
    asked = [(entry.item, entry.person) for entry in visit.journey.entries()]
    told = suggestions.for_items(world.desk(), visit, asked)
    assert not visit.kept, "nothing is answered by itself"
    return told


def test_a_clinic_that_keeps_nothing_here_is_told_nothing(world):
    assert found(world) == {}


def test_a_tablet_takes_along_what_is_said_on_the_day(world):
    """What the kit holds, said under the visit's facts on its day, is what the page says; later it is older."""
    paper(world, days=17)
    paper(world, BLOODBORNE, days=None, issued=date(2025, 11, 23))
    clocks.log(world.desk(OWNER), MISSION.id, EntryFields("sharps-pick-up", date(2026, 2, 20)))
    lots.add(world.desk(OWNER), MISSION.id, LotFields("needle", "LT-1", expires=date(2026, 5, 1)))
    told = found(world)
    visit = inspections.open_visit(world.desk(), world.start().id)
    along = kits.kit(world.desk(), MISSION.id).on_file
    items, facts, on = (
        {item.key: item for item in visit.checklist.items()},
        visit.inspection.all_facts,
        visit.inspection.inspected_on,
    )
    assert len(told) > 3
    assert {key: suggestions.said(along[key], items[key[0]], facts, on) for key in told} == told
    later = suggestions.said(along[EXPIRY], items[EXPIRY[0]], facts, on + timedelta(days=20))
    assert "expired 3 days before the visit" in later.words


def test_a_paper_comes_with_its_value_and_the_days_left(world):
    made = paper(world, days=17)
    credentials.see(world.desk(), made.id, True)
    told = found(world)
    assert told[EXPIRY].words == (
        "On file: N-1, County, expires Fri 20 Mar 2026",
        "17 days left",
        "Seen displayed on Tue 3 Mar 2026",
    )
    assert told[EXPIRY].values == (("date", "2026-03-20"),)
    missing = told["licence.practitioner-expiry", BO.id]
    assert missing.words == ("The clinic has no such paper on file.",) and not missing.values


def test_training_comes_with_its_age_and_limit(world):
    paper(world, BLOODBORNE, days=None, issued=date(2025, 11, 23))
    told = found(world)["training.bbp-current", ANNA.id]
    assert told.values == (("date", "2025-11-23"),)
    assert "100 days old, limit 12 months" in told.words
    assert "As entered, not yet seen by an inspector" in told.words


def test_a_permit_says_when_it_names_another_address(world):
    paper(world, PERMIT, "", place="2 Other Street")
    (line, *_) = found(world)["permit.facility-expiry", None].words
    assert line.endswith("Names another address")


def test_the_log_and_the_lots_speak_to_their_items(world):
    at = world.desk(OWNER)
    clocks.log(at, MISSION.id, EntryFields("sharps-pick-up", date(2026, 2, 20), "Two boxes"))
    lots.add(at, MISSION.id, LotFields("needle", "LT-1", expires=date(2026, 2, 1)))
    told = found(world)
    assert told["sharps.disposal", None].words == (
        "By the clinic's log: Fri 20 Feb 2026",
        "11 days old, limit 1 month",
        "Two boxes",
    )
    assert told["sharps.disposal", None].values == (("date", "2026-02-20"),)
    assert "LT-1: Expired 30 days ago" in told["needles.traceable", None].words
    assert "the first one ends on Sun 1 Feb 2026" in told["needles.traceable", None].words


def test_every_item_that_is_named_can_be_told_something(world):
    """A paper of each kind, a log, a lot: whatever the checklist asks, the words are there."""
    for kind in (LICENCE, BLOODBORNE, "hepatitis-b"):
        paper(world, kind, days=100)
    paper(world, PERMIT, "")
    told = found(world)
    status = told["health.hepb-status", ANNA.id]
    assert not status.values and replace(status, words=()) == suggestions.Suggestion(())
