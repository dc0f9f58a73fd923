"""The seal freezes a visit: one record, one report, and nothing changes after it."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import pytest

from audit.domain import records
from audit.domain.answers import PhotoLink, Raw
from audit.domain.canonical import sha256_of
from audit.domain.inspections import INSPECTOR, Signature
from audit.domain.problems import BadInput, NotFound, NotNow, Stale
from audit.operations import answers, inspections, reports, sealing
from audit.operations import desk as desks
from audit.operations.desk import Desk
from reports.values import Issue
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, MISSION, OTHER_OWNER, OWNER, World

NEEDLES = ("needles.single-use", None)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return worlds.make(tmp_path)


@pytest.fixture
def sealed(world: World) -> records.Sealed:
    inspection = world.start(present=("Wim Witness",))
    world.answer(inspection, COMPLETE)
    world.photograph(inspection, NEEDLES, "Saved cartridges")
    world.sign(inspection)
    return sealing.seal(world.desk(), inspection.id)


def test_a_visit_with_gaps_is_not_sealed_and_says_why(world):
    inspection = world.start()
    with pytest.raises(NotNow, match="4 items are not complete"):
        sealing.seal(world.desk(), inspection.id)
    assert inspections.open_visit(world.desk(), inspection.id).inspection.state == "running"


def test_the_record_holds_everything_and_no_names(world, sealed):
    document = sealed.document
    assert document["result"]["score"] == "94.0"  # one critical and one minor of four items
    assert [row["item"] for row in document["findings"]] == ["needles.single-use", "licence.displayed"]
    assert document["findings"][0]["correct_by"] == "2026-03-10"
    assert document["inapplicable"][0] == {
        "item": "autoclave.log",
        "number": "A-04",
        "because": {"key": "autoclave", "value": "false"},
    }
    text = str(document)
    assert not any(name in text for name in ("Anna Quill", "Ines Field", "Olu Adeyemi", "Wim Witness"))
    assert {person["name"] for person in sealed.persons.values()} == {
        "Anna Quill",
        "Bo Li",
        "Ines Field",
        "Olu Adeyemi",
        "Wim Witness",
    }


def test_the_kept_record_proves_itself(world, sealed):
    kept = world.desk().ledger.records.get(sealed.document["id"])
    assert sha256_of(kept.document) == kept.sha256 == sealed.sha256
    for key, person in kept.persons.items():
        assert records.person_hash(person) == kept.document["persons"][key]


def test_rated_items_are_counted_by_month(world, sealed):
    rates = world.desk().ledger.records.most_failed(MISSION.id)
    assert {(rate.item, rate.rated, rate.failed) for rate in rates} == {
        ("needles.single-use", 1, 1),
        ("licence.displayed", 1, 1),
    }


def test_the_seal_closes_the_visit_for_good(world, sealed):
    for deed in (sealing.seal, lambda desk, key: inspections.set_aside(desk, key, "Too late.")):
        with pytest.raises(NotNow, match="sealed"):
            deed(world.desk(), sealed.document["id"])


def test_the_database_itself_refuses_changes_after_the_seal(world, sealed):
    at = world.desk()
    with pytest.raises(Exception, match="inspection is over"), at.entry() as entry:
        entry.inspections.link_photo(sealed.document["id"], NEEDLES, PhotoLink("0" * 64))
        entry.note("forged", "")


def test_a_self_audit_needs_no_person_in_charge(world):
    audit = world.start(OWNER)
    world.answer(audit, COMPLETE, OWNER)
    inspections.sign(world.desk(OWNER), audit.id, Signature(INSPECTOR, "signed", OWNER.name))
    assert sealing.seal(world.desk(OWNER), audit.id).document["result"]["next_visit"] is None


def test_a_visit_where_nothing_is_rated_is_not_scored(world):
    inspection = world.start()
    world.answer(inspection, {key: Raw(mark="NA") for key in COMPLETE})
    world.sign(inspection, charge="absent")
    result = sealing.seal(world.desk(), inspection.id).document["result"]
    assert (result["status"], result["score"], result["percent"]) == ("not-scored", None, None)


# reports ------------------------------------------------------------------------------------------------------


def text_of(path: Path, require_tool) -> str:
    command = [require_tool("pdftotext"), "-layout", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_record_is_drawn_at_the_seal_and_never_again(world, sealed):
    (issued,) = world.desk().ledger.reports.of(sealed.document["id"])
    assert (issued.kind, issued.paper) == ("record", "letter")
    before = issued.sha256
    world.later(days=400)
    stored = reports.report(world.desk(), sealed.document["id"], "record")
    assert stored.sha256 == before
    assert stored.filename == "2026-03-03-mission-scalp-studio-record.pdf"


def test_a_redraw_gives_identical_bytes(world, sealed):
    at = world.desk()
    checklist = inspections.open_visit(at, sealed.document["id"]).checklist
    issue = Issue("7K3FQ0R8T-7K3FQ0R8T-7K3FQ0R8T", "0" * 64, "https://audit.example/verify")
    drawn = [
        reports.unsealed(at, sealed, checklist, kind, "a4", "en", issue) for kind in ("record", "owner") * 2
    ]
    assert drawn[:2] == drawn[2:]


def test_reports_hold_findings_photos_and_deadlines(world, sealed, require_tool):
    for kind in ("record", "owner"):
        stored = reports.report(world.desk(OWNER), sealed.document["id"], kind, "a4")
        subprocess.run([require_tool("qpdf"), "--check", str(stored.path)], check=True, capture_output=True)
        text = text_of(stored.path, require_tool)
        for words in (
            "Two cartridges kept",
            "No certificate at the station",
            "Saved cartridges",
            "10 March 2026",
        ):
            assert " ".join(words.split()) in " ".join(text.split()), (kind, words)


@pytest.mark.parametrize("person", [OTHER_OWNER])
def test_other_clinics_owner_gets_no_report(world, sealed, person):
    with pytest.raises(NotFound):
        reports.report(world.desk(person), sealed.document["id"], "record")


def test_administrators_may_read_reports(world, sealed):
    assert reports.report(world.desk(ADMINISTRATOR), sealed.document["id"], "owner").path.is_file()


def test_a_running_visit_has_no_report(world):
    inspection = world.start()
    with pytest.raises(NotNow):
        reports.report(world.desk(), inspection.id, "record")


def test_unknown_kind_and_paper_are_named(world, sealed):
    with pytest.raises(BadInput) as caught:
        reports.report(world.desk(), sealed.document["id"], "poem", "a3")
    assert [fault.place for fault in caught.value.faults] == ["kind", "paper"]


def test_a_clinic_name_makes_a_plain_file_name(world):
    odd = replace(MISSION, name='../"Ünïcode" \r\n: مرحبا')
    assert reports._plain_name(odd.name) == "n-code"


DEEDS = {
    "sign": lambda at, visit: inspections.sign(at, visit.id, Signature(INSPECTOR, "signed", "Ines Field")),
    "set up": lambda at, visit: inspections.set_up(
        at, visit.id, inspections.SetUp("routine", (), (), {}, "Seen."), visit.rev
    ),
    "set aside": lambda at, visit: inspections.set_aside(at, visit.id, "Wrong clinic."),
    "answer": lambda at, visit: answers.take_in(
        at, visit.id, [answers.change_of(str(uuid4()), NEEDLES, 1, Raw(mark="NO"), "page")]
    ),
    "seal": lambda at, visit: sealing.seal(at, visit.id),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_seal_that_came_between_is_told(world, monkeypatch, deed):
    """Looked at while it ran, written when it was sealed: a clear answer, never a fault of the database."""
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    entry = Desk.entry

    def sealed_before(at):
        monkeypatch.setattr(Desk, "entry", entry)  # once
        sealing.seal(world.desk(), inspection.id)
        return entry(at)

    monkeypatch.setattr(Desk, "entry", sealed_before)
    with pytest.raises((NotNow, Stale)):
        DEEDS[deed](world.desk(), inspection)
    assert world.desk().ledger.trail.verify().sound


def test_signing_and_sealing_at_the_same_moment(world):
    """Whatever comes first, the other one gets a clear answer, and the record is whole."""
    visits = [world.start() for _ in range(6)]  # all before the first seal: it would change what is asked
    for inspection in visits:
        world.answer(inspection, COMPLETE)
        world.sign(inspection)
        both = Barrier(2)

        def act(deed, inspection=inspection, both=both):
            at = world.desk()
            both.wait()
            try:
                return DEEDS[deed](at, inspection)
            except (NotNow, Stale) as problem:
                return problem
            finally:
                desks.close(world.data)

        with ThreadPoolExecutor(2) as pool:
            signed, ended = pool.map(act, ("sign", "seal"))
        assert signed is None or isinstance(signed, NotNow)
        found = world.desk().ledger.records.find(inspection.id)
        assert (found is None) == isinstance(ended, NotNow | Stale)


def test_a_report_asked_for_by_many_at_once_is_drawn_and_noted_once(world, sealed, monkeypatch):
    drawn = []
    draw = reports.draw

    def counted(*given):
        drawn.append(given)
        return draw(*given)

    monkeypatch.setattr(reports, "draw", counted)
    visit_id = str(sealed.document["id"])

    def ask(_):
        try:
            return reports.report(world.desk(), visit_id, reports.OWNER).sha256
        finally:
            desks.close(world.data)

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, range(8)))
    lines = [line for line in world.desk().ledger.trail.of(visit_id) if line.deed == "report.drawn"]
    assert len(found) == len(lines) == len(drawn) == 1
    assert lines[0].detail["sha256"] in found
