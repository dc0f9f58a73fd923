"""A follow-up looks at what is open; its record keeps former findings as they then stood; the delta report tells them."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from audit.domain.answers import Raw
from audit.domain.former import IN_ORDER, MENDED, REMAINS, TAKEN_AS_DONE, UNSEEN, outcome
from audit.domain.inspections import Inspection
from audit.domain.problems import NotNow
from audit.operations import actions, former, inspections, records, reports, sealing
from audit.operations.actions import Answer
from tests.operations import worlds
from tests.operations.worlds import ANNA, HARBOUR, MISSION, OWNER, World

ITEMS = """
    [[item]]
    key = "needles.sound"
    severity = "critical"
    [[item]]
    key = "floor.clean"
    [[item]]
    key = "sink.stocked"
    [[item]]
    key = "licence.shown"
    per = "practitioner"
"""
KEYS = [("needles.sound", None), ("floor.clean", None), ("sink.stocked", None), ("licence.shown", ANNA.id)]
SOUND, WRONG = Raw(mark="IN"), Raw(mark="OUT", note="Not as it should be.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path / "data", ITEMS)


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 60)).save(out, "JPEG")
    return out.getvalue()


def begin(world: World, **how: Any) -> Inspection:
    return world.start(facts={}, practitioners=(ANNA.id,), **how)


def finish(world: World, visit: Inspection, raws: Mapping[Any, Raw]) -> dict[str, object]:
    world.answer(visit, raws)
    world.sign(visit)
    document = sealing.seal(world.desk(), visit.id).document
    world.later(days=5)
    return document


@pytest.fixture
def first(world: World) -> dict[str, object]:
    """Four findings: one is accepted since, one answered and not looked at yet."""
    visit = begin(world)
    world.photograph(visit, ("needles.sound", None), "Two open packs")
    document = finish(world, visit, dict.fromkeys(KEYS, WRONG))
    owed = {row.action.item: row.action.id for row in actions.of_visit(world.desk(), visit.id)}
    for item in ("needles.sound", "floor.clean"):
        given = Answer("Thrown away, new ones bought.", None, [jpeg(200)])
        actions.fix(world.desk(OWNER), owed[item], given)
    actions.accept(world.desk(), owed["floor.clean"], "Well done.")
    return document


def rows(document: dict[str, object]) -> dict[str, dict[str, object]]:
    return {row["item"]: row for row in document["former"]}  # type: ignore[attr-defined]


def test_a_follow_up_asks_what_was_left_open_and_nothing_else(world: World, first: object) -> None:
    scope = former.scope_at(world.desk(), MISSION.id)
    assert set(scope) == {key for key, _ in KEYS}
    narrow = begin(world, purpose="follow-up", scope=("sink.stocked", "needles.sound", "gone.item"))
    visit = inspections.open_visit(world.desk(), narrow.id)
    assert visit.inspection.scope == ("needles.sound", "sink.stocked")
    assert [entry.key for entry in visit.journey.entries()] == [KEYS[0], KEYS[2]]
    assert visit.checklist.sha256 == visit.inspection.checklist_sha
    assert visit.checklist.in_language("es").sections[0].items[0].key == "needles.sound"


def test_other_purposes_look_at_the_whole_checklist(world: World, first: object) -> None:
    whole = begin(world, purpose="routine", scope=("sink.stocked",))
    assert whole.scope == ()


def test_the_rest_of_the_checklist_can_be_added(world: World, first: object) -> None:
    narrow = begin(world, purpose="follow-up", scope=("sink.stocked",))
    world.answer(narrow, {KEYS[2]: SOUND})
    former.widen(world.desk(), narrow.id)
    visit = inspections.open_visit(world.desk(), narrow.id)
    assert visit.journey.total == 4
    assert visit.journey.answered == 1
    former.widen(world.desk(), narrow.id)


def test_a_narrow_visit_has_findings_and_no_number(world: World, first: object) -> None:
    narrow = begin(world, purpose="follow-up", scope=("sink.stocked", "needles.sound"))
    document = finish(world, narrow, {KEYS[0]: SOUND, KEYS[2]: WRONG})
    result = document["result"]
    assert isinstance(result, dict)
    assert (result["status"], result["score"], result["percent"], result["may_pass"]) == (
        "findings",
        None,
        None,
        False,
    )
    assert result["words"] == ["Only former findings were looked at, so there is no score."]
    assert document["scope"] == ["needles.sound", "sink.stocked"]
    assert records.trend(world.desk(), MISSION.id)[-1].score is None


def test_the_record_keeps_what_was_done_since_without_names(world: World, first: object) -> None:
    document = finish(world, begin(world, purpose="follow-up"), dict.fromkeys(KEYS, SOUND))
    found = rows(document)
    assert {item: row["state"] for item, row in found.items()} == {
        "needles.sound": "fixed",
        "floor.clean": "accepted",
        "sink.stocked": "open",
        "licence.shown": "open",
    }
    assert [step["kind"] for step in found["floor.clean"]["steps"]] == ["fixed", "accepted"]  # type: ignore[attr-defined]
    assert found["needles.sound"]["photos"][0]["caption"] == "Two open packs"  # type: ignore[index]
    assert len(found["needles.sound"]["steps"][0]["photos"]) == 1  # type: ignore[index]
    assert OWNER.name not in str(document["former"])
    assert ANNA.id in document["persons"]  # type: ignore[operator]


def test_the_record_of_a_visit_with_nothing_before_holds_none(world: World, first: dict[str, object]) -> None:
    assert "former" not in first
    with pytest.raises(NotNow):
        reports.report(world.desk(), str(first["id"]), reports.DELTA)


def test_what_the_last_visit_saw_in_order_is_former_no_more(world: World, first: object) -> None:
    finish(world, begin(world, purpose="follow-up"), dict.fromkeys(KEYS, SOUND) | {KEYS[2]: WRONG})
    document = finish(world, begin(world), dict.fromkeys(KEYS, SOUND))
    assert set(rows(document)) == {"sink.stocked"}
    assert former.scope_at(world.desk(), MISSION.id) == ()
    assert former.scope_at(world.desk(), HARBOUR.id) == ()


def test_an_answer_that_comes_in_while_sealing_is_not_lost(world: World, first: object) -> None:
    visit = begin(world, purpose="follow-up")
    world.answer(visit, dict.fromkeys(KEYS, SOUND))
    world.sign(visit)
    (owed,) = [
        row.action.id
        for row in actions.of_visit(world.desk(), str(first["id"]))  # type: ignore[index]
        if row.action.item == "sink.stocked"
    ]
    actions.fix(world.desk(OWNER), owed, Answer("Soap is there."))
    document = sealing.seal(world.desk(), visit.id).document
    assert rows(document)["sink.stocked"]["state"] == "fixed"


@pytest.mark.parametrize(
    ("state", "mark", "mended", "expected"),
    [
        ("open", "IN", False, IN_ORDER),
        ("accepted", "IN", False, IN_ORDER),
        ("accepted", "OUT", False, REMAINS),
        ("open", "OUT", True, MENDED),
        ("open", "NO", False, UNSEEN),
        ("fixed", None, False, UNSEEN),
        ("accepted", None, False, TAKEN_AS_DONE),
        ("accepted", "NA", False, TAKEN_AS_DONE),
    ],
)
def test_what_became_of_a_former_finding(state: str, mark: str | None, mended: bool, expected: str) -> None:
    now = {"mark": mark, "corrected_on_site": mended} if mark else None
    assert outcome(state, now) == expected


def test_the_delta_report_tells_former_findings_only(world: World, first: object) -> None:
    visit = begin(world, purpose="follow-up", scope=former.scope_at(world.desk(), MISSION.id))
    marks = {KEYS[0]: SOUND, KEYS[1]: SOUND, KEYS[2]: WRONG, KEYS[3]: SOUND}
    document = finish(world, visit, marks)
    stored = reports.report(world.desk(), str(document["id"]), reports.DELTA)
    assert stored.filename.endswith("-re-inspection.pdf")
    pages = PdfReader(stored.path).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert "3 of 4 former findings are settled" in text
    assert "Thrown away, new ones bought." in text and "Well done." in text
    assert "What remains" in text and "Two open packs" in text
    assert len([image for page in pages for image in page.images]) == 3
    again = reports.report(world.desk(), str(document["id"]), reports.DELTA)
    assert again.sha256 == stored.sha256
    spanish = reports.report(world.desk(), str(document["id"]), reports.DELTA, language="es")
    assert spanish.sha256 != stored.sha256
