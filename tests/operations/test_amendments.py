"""Amending a sealed visit: by inspectors only, counted everywhere, and the sealed record stays as it is."""

import pytest

from audit.domain.answers import Raw
from audit.domain.canonical import sha256_of
from audit.domain.inspections import INSPECTOR, Signature
from audit.domain.people import Person
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, Stale
from audit.operations import actions, amendments, inspections, records, reports, sealing, verify
from audit.operations.inspections import VisitFilter
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

NEEDLES = ("needles.single-use", None)
CLEAN = Raw(mark="IN")
WHY = "The cartridges were another studio's."
COLLEAGUE = Person("e9e9e9e9-0000-4000-8000-000000000009", "kim", "Kim Dale", "inspector")


@pytest.fixture
def world(tmp_path):
    made = worlds.make(tmp_path)
    with made.desk(ADMINISTRATOR).entry() as entry:
        entry.people.add(COLLEAGUE, "no password")
        entry.note("person.added", COLLEAGUE.id)
    return made


@pytest.fixture
def visit_id(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    world.later(days=2)
    return inspection.id


def correct(world, visit_id, person=INSPECTOR_PERSON, raw=CLEAN, seen=0):
    return amendments.correct(world.desk(person), visit_id, NEEDLES, raw, WHY, seen)


@pytest.mark.parametrize("person", [INSPECTOR_PERSON, COLLEAGUE])
def test_an_inspector_amends_and_the_sealed_record_stays(world, visit_id, person):
    before = records.sealed(world.desk(), visit_id)
    correct(world, visit_id, person)
    assert records.sealed(world.desk(), visit_id) == before
    standing = records.standing(world.desk(OWNER), visit_id)
    assert standing.document["result"]["score"] == "99.0" != before.document["result"]["score"]
    assert standing.sha256 == sha256_of(standing.document)
    assert [row["author"] for row in standing.document["amendments"]] == [person.id]
    line = world.desk().ledger.trail.of(visit_id)[-1]
    assert (line.deed, line.actor, line.detail["record"]) == (
        "inspection.amended",
        person.id,
        standing.sha256,
    )
    assert WHY not in str(line.detail)


@pytest.mark.parametrize(
    ("person", "problem"),
    [(OWNER, NotAllowed), (ADMINISTRATOR, NotAllowed), (OTHER_OWNER, NotFound), (None, NotFound)],
)
def test_nobody_else_amends(world, visit_id, person, problem):
    for deed in (
        lambda: correct(world, visit_id, person),
        lambda: amendments.correct_remarks(world.desk(person), visit_id, "x", WHY, 0),
        lambda: amendments.void(world.desk(person), visit_id, WHY, 0),
    ):
        with pytest.raises(problem):
            deed()
    assert amendments.of(world.desk(), visit_id) == ()


def test_a_self_audit_is_not_amended(world):
    audit = world.start(OWNER)
    world.answer(audit, COMPLETE, OWNER)
    inspections.sign(world.desk(OWNER), audit.id, Signature(INSPECTOR, "signed", OWNER.name))
    sealing.seal(world.desk(OWNER), audit.id)
    with pytest.raises(NotAllowed):
        correct(world, audit.id, OWNER)
    with pytest.raises(NotFound):
        correct(world, audit.id)


def test_a_running_visit_is_not_amended(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    with pytest.raises(NotNow):
        correct(world, inspection.id)


def test_the_same_form_twice_is_one_amendment_and_an_old_page_is_refused(world, visit_id):
    assert correct(world, visit_id) == correct(world, visit_id)
    assert len(amendments.of(world.desk(), visit_id)) == 1
    with pytest.raises(Stale):
        correct(world, visit_id, raw=Raw(mark="NA"))
    with pytest.raises(BadInput):
        correct(world, visit_id, seen=1)  # nothing differs


def test_the_result_as_amended_counts_everywhere(world, visit_id):
    at = world.desk()
    correct(world, visit_id)
    (row,) = inspections.visits(at, VisitFilter()).rows
    assert (row.score, row.findings, row.amended, row.void) == (990, 1, 1, False)
    (point,) = records.trend(at, MISSION.id)
    assert (point.score, point.findings) == (990, 1)
    latest = records.latest(at, MISSION.id)
    assert latest is not None and latest.sealed.document["findings"][0]["item"] == "licence.displayed"
    rates = {rate.item: (rate.rated, rate.failed) for rate in at.ledger.records.most_failed(MISSION.id)}
    assert rates == {"licence.displayed": (1, 1)}
    totals = {rate.item: (rate.rated, rate.failed) for rate in at.ledger.records.most_failed()}
    assert totals == rates


def test_a_void_visit_counts_nowhere_and_stays_listed(world, visit_id):
    at = world.desk()
    amendments.void(at, visit_id, "It was the wrong clinic.", 0)
    assert at.ledger.records.most_failed(MISSION.id) == at.ledger.records.most_failed() == ()
    assert records.trend(at, MISSION.id) == () and records.latest(at, MISSION.id) is None
    assert at.ledger.inspections.sealed_before(MISSION.id) == 0
    (row,) = inspections.visits(at, VisitFilter()).rows
    assert row.void and row.amended == 1 and row.state == "sealed"
    with pytest.raises(NotNow, match="void"):
        correct(world, visit_id, seen=1)


def test_the_database_itself_refuses_to_change_an_amendment(world, visit_id):
    correct(world, visit_id)
    at = world.desk()
    for statement in ("UPDATE amendments SET reason = 'x'", "DELETE FROM amendments"):
        with pytest.raises(Exception, match="only grows"), at.entry() as entry:
            entry.amendments._db.execute(statement)
    amendments.void(at, visit_id, WHY, 1)
    with pytest.raises(Exception, match="not void"), at.entry() as entry:
        row = "INSERT INTO amendments SELECT inspection_id, 3, kind, item, person, before, after, reason, author, at, status, score_tenths, findings, open_findings, sha256, document FROM amendments WHERE number = 1"
        entry.amendments._db.execute(row)


def test_the_first_report_stays_and_a_new_one_says_that_it_is_amended(world, visit_id, read_pdf):
    at = world.desk()
    first = reports.report(at, visit_id, "record")
    with pytest.raises(NotNow):
        reports.report(at, visit_id, "amended")
    correct(world, visit_id)
    assert reports.report(at, visit_id, "record").sha256 == first.sha256
    amended = reports.report(at, visit_id, "amended")
    words = read_pdf(amended.path)
    page = read_pdf(amended.path, last=1)
    assert "Amended" in page and "1 correction after the seal of" in page
    assert WHY in words and "Two cartridges kept" in words and "Ines Field" in words
    assert amended.filename == "2026-03-03-mission-scalp-studio-record-amended.pdf"
    plan = read_pdf(reports.report(at, visit_id, "amended-plan").path)
    assert "Action plan, amended" in plan.replace("ACTION PLAN, AMENDED", "Action plan, amended")
    world.later(days=1)
    amendments.void(world.desk(), visit_id, "It was the wrong clinic.", 1)
    second = reports.report(world.desk(), visit_id, "amended")
    assert second.sha256 != amended.sha256 and amended.path.exists()
    assert "Declared void" in read_pdf(second.path, last=1)


def test_a_report_as_amended_is_told_in_the_language_asked_for(world, visit_id, read_pdf):
    correct(world, visit_id)
    page = read_pdf(reports.report(world.desk(), visit_id, "amended", "a4", "es").path, last=1)
    assert "Enmendada" in page


def test_what_an_amendment_finds_is_owed_and_what_it_takes_back_is_not(world):
    visit = world.start()
    world.answer(visit, COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    gloves = ("gloves.changed", None)
    amendments.correct(
        world.desk(), visit.id, gloves, Raw(mark="OUT", note="Same pair for two."), "Misread.", 0
    )
    owed = {one.action.item: one for one in actions.of_visit(world.desk(), visit.id)}
    assert owed.keys() == {"needles.single-use", "gloves.changed"}
    found = owed["gloves.changed"]
    assert "Same pair for two." in str(found.action) and found.action.state == "open"
    actions.fix(world.desk(OWNER), found.action.id, actions.Answer("New ones.", world.now.date()))
    amendments.correct(world.desk(), visit.id, gloves, Raw(mark="IN"), "Read right at first.", 1)
    assert [one.action.item for one in actions.of_visit(world.desk(), visit.id)] == ["needles.single-use"]
    amendments.correct(world.desk(), visit.id, gloves, Raw(mark="OUT", note="No."), "After all.", 2)
    again = {one.action.item: one.action for one in actions.of_visit(world.desk(), visit.id)}
    assert again["gloves.changed"].id == found.action.id and again["gloves.changed"].state == "fixed"
    assert verify.verify(world.desk(ADMINISTRATOR)).faults == ()
