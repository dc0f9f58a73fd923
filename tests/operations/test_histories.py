"""The history of a clinic as a report: everything it names agrees with the records, in two papers and languages."""

import pytest

from audit.domain.answers import Raw
from audit.domain.problems import BadInput, NotFound
from audit.domain.tongue import speaking
from audit.languages import tongue
from audit.operations import actions, credentials, histories, sealing
from audit.operations.actions import Answer
from audit.operations.credentials import PaperFields
from tests.operations import worlds
from tests.operations.worlds import ANNA, COMPLETE, HARBOUR, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

LATER = {("records.last", None): Raw(mark="IN")}


def sealed(world, raws, person=INSPECTOR_PERSON):
    visit = world.start(person)
    world.answer(visit, raws, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    world.later(days=30)
    return visit.id


@pytest.fixture
def world(tmp_path):
    """Two inspections with the same finding, a self-audit, one action put right and one open."""
    made = worlds.make(tmp_path)
    first = sealed(made, COMPLETE)
    sealed(made, COMPLETE | LATER | {("licence.displayed", ANNA.id): Raw(mark="OUT", note="Only a copy.")})
    sealed(made, COMPLETE | LATER, OWNER)
    assert first
    return made


def rows(history, title):
    return next(sheet.rows for sheet in history.sheets if sheet.title == title)


def test_it_tells_results_repeats_actions_and_papers(world):
    owed = next(
        row
        for row in actions.find(world.desk(OWNER), actions.Wanted(state="owed")).rows
        if row.action.kind == "inspection" and row.action.item == "licence.displayed"
    )
    actions.fix(world.desk(OWNER), owed.action.id, Answer("Hung up.", None, []))
    actions.accept(world.desk(), owed.action.id, "")
    credentials.add(world.desk(OWNER), MISSION.id, PaperFields("practitioner-licence", ANNA.id, "L-100"))
    told = histories.history(world.desk(), MISSION.id)
    assert [row[1] for row in rows(told, "Visits")] == ["Inspection", "Inspection"]
    again = {row[0]: row[1] for row in rows(told, "Found more than once")}
    assert set(again.values()) == {"2"} and len(again) == 2
    assert len(told.bars) == 2 and told.bars[0].critical
    assert any(row[3] == "60 days" for row in rows(told, "Closed actions"))
    assert all(row[3] for row in rows(told, "Open actions"))
    assert [(row[1], row[2]) for row in rows(told, "Papers")] == [("Anna Quill", "L-100")]


def test_the_owner_finds_the_self_audits_too_and_others_nothing(world):
    told = histories.history(world.desk(OWNER), MISSION.id)
    assert [row[1] for row in rows(told, "Visits")] == ["Self-audit", "Inspection", "Inspection"]
    with pytest.raises(NotFound):
        histories.history(world.desk(OTHER_OWNER), MISSION.id)


def test_the_paper_holds_it_all_in_both_languages_and_twice_the_same(world, read_pdf, tmp_path):
    desk = world.desk(OWNER)

    def read(data):
        path = tmp_path / "history.pdf"
        path.write_bytes(data)
        return read_pdf(path)

    data = histories.draw(desk, MISSION.id, "a4")
    assert data == histories.draw(desk, MISSION.id, "a4")
    text = read(data)
    for words in ("Clinic history", MISSION.name, "Found more than once", "Open actions", "Papers"):
        assert words.casefold() in text.casefold(), words
    with speaking(tongue("es")):
        assert "HISTORIAL DE LA CLÍNICA" in read(histories.draw(desk, MISSION.id, "letter"))
    with pytest.raises(BadInput):
        histories.draw(desk, MISSION.id, "a7")


def test_a_clinic_without_visits_has_a_history_too(world):
    told = histories.history(world.desk(), HARBOUR.id)
    assert not rows(told, "Visits") and "No inspection" in told.summary[0]
    assert histories.draw(world.desk(), HARBOUR.id).startswith(b"%PDF-")
