"""A repeat is found by the item's stable key, frozen at the seal with its days, and told on pages and on paper."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.domain import definitions, publishing
from audit.domain.answers import Raw
from audit.domain.records import Sealed
from audit.operations import amendments, inspections, kits, reports, sealing
from tests.domain import making
from tests.operations import worlds
from tests.operations.worlds import MISSION, NOW, OWNER, World

ITEMS = """
    [[item]]
    key = "needles.sound"
    severity = "critical"
    [[item]]
    key = "floor.clean"
"""
FIRST = date(2026, 3, 3)
SOUND, WRONG = Raw(mark="IN"), Raw(mark="OUT", note="Open packs.")
MENDED = Raw(mark="OUT", note="Open packs.", corrected_on_site=True)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path / "data", ITEMS)


def visit(world: World, needles: Raw, floor: Raw = SOUND, **how: object) -> Sealed:
    person = OWNER if how.pop("by_owner", False) else worlds.INSPECTOR_PERSON
    started = world.start(person, facts={}, **how)
    world.answer(started, {("needles.sound", None): needles, ("floor.clean", None): floor}, person)
    world.sign(started, person)
    sealed = sealing.seal(world.desk(person), started.id)
    world.later(days=7)
    return sealed


def repeats(sealed: Sealed) -> dict[str, list[str]]:
    return {row["item"]: row.get("repeats", []) for row in sealed.document["findings"]}


def test_a_repeat_is_frozen_with_its_days_whether_corrected_then_or_not(world: World) -> None:
    assert repeats(visit(world, MENDED)) == {"needles.sound": []}
    assert repeats(visit(world, WRONG, WRONG)) == {"needles.sound": ["2026-03-03"], "floor.clean": []}
    third = visit(world, MENDED)
    assert repeats(third) == {"needles.sound": ["2026-03-10", "2026-03-03"]}
    assert repeats(visit(world, SOUND)) == {}
    assert repeats(visit(world, WRONG)) == {"needles.sound": []}, "a visit in between ends the run"


def test_another_version_with_another_number_is_the_same_item(world: World) -> None:
    visit(world, WRONG)
    catalogue, (lists,), packs = making.files(ITEMS, sections={"B": ["floor.clean"], "Z": ["needles.sound"]})
    lists[1]["key"] = "mini-inspection"
    found = definitions.check(catalogue, [lists], packs)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.checklists.publish(publishing.resolve(found, "mini-inspection", "xx"), world.now)
        entry.note("checklist.published", "")
    again = visit(world, WRONG)
    assert again.document["findings"][0]["number"] == "Z-01"
    assert repeats(again) == {"needles.sound": ["2026-03-03"]}


def test_a_void_visit_and_a_corrected_answer_are_no_past(world: World) -> None:
    first = visit(world, WRONG)
    amendments.correct(world.desk(), first.document["id"], ("needles.sound", None), SOUND, "Mistyped.", 0)
    second = visit(world, WRONG)
    assert repeats(second) == {"needles.sound": []}
    amendments.void(world.desk(), second.document["id"], "Wrong clinic.", 0)
    assert repeats(visit(world, WRONG)) == {"needles.sound": []}


def test_a_self_audit_is_no_past_of_an_inspection_but_follows_whatever_was(world: World) -> None:
    assert repeats(visit(world, WRONG, by_owner=True)) == {"needles.sound": []}
    assert repeats(visit(world, WRONG)) == {"needles.sound": []}
    assert repeats(visit(world, WRONG, by_owner=True)) == {"needles.sound": ["2026-03-10", "2026-03-03"]}


def test_a_visit_that_arrives_late_is_compared_with_what_was_before_its_day(world: World) -> None:
    visit(world, WRONG)
    late = visit(world, WRONG, inspected_on=FIRST - timedelta(days=1))
    assert repeats(late) == {"needles.sound": []}


def test_who_inspects_sees_the_days_and_a_tablet_takes_them_along(world: World) -> None:
    visit(world, WRONG)
    running = inspections.open_visit(world.desk(), world.start(facts={}).id)
    assert running.repeats("needles.sound") == (FIRST,)
    assert running.repeats("floor.clean") == ()
    assert kits.kit(world.desk(), MISSION.id).repeats == {"needles.sound": (FIRST,)}


@pytest.mark.parametrize("kind", [reports.RECORD, reports.OWNER])
def test_both_reports_name_the_repeat_and_its_days(world: World, kind: str) -> None:
    visit(world, WRONG)
    again = visit(world, WRONG)
    stored = reports.report(world.desk(), again.document["id"], kind)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(stored.path).pages)
    assert "1 repeat." in text
    assert "Repeat 3 Mar 2026" in text


def test_the_past_costs_no_old_record(world: World) -> None:
    """Records of visits without repeats are what they were before there were any."""
    assert world.now == NOW
    (finding,) = visit(world, WRONG).document["findings"]
    assert "repeats" not in finding and "service" not in finding
