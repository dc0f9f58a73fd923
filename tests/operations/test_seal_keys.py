"""What the agency seals with: made once, believed for ever, replaced only by what was looked at."""

import hashlib
import stat
from datetime import timedelta

import pytest

from audit.domain.problems import BadInput, NotAllowed, Unfit
from audit.operations import amendments, carried, exchange, records, reports, seal_keys, sealing
from reports import archive
from reports.seal import FOREIGN, UNCHANGED, judge, own_authority
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, NOW, OWNER


@pytest.fixture
def world(tmp_path):
    return worlds.make(tmp_path)


def test_the_first_need_makes_them_and_the_trail_says_so(world):
    at = world.desk()
    made = seal_keys.keys(at)
    assert seal_keys.keys(world.desk(OWNER)) == made
    assert "Bay County Health" in made.name and "own authority" in made.name
    (line,) = at.ledger.trail.of("seal-key")
    assert line.deed == "seal-key.made" and line.detail["authorities"] == [*at.ledger.keys.authorities()]
    assert stat.S_IMODE((world.data / "keys" / "seal.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((world.data / "keys").stat().st_mode) == 0o700


def test_a_key_that_others_may_read_is_refused(world):
    seal_keys.keys(world.desk())
    (world.data / "keys" / "seal.pem").chmod(0o640)
    with pytest.raises(Unfit, match="0600"):
        seal_keys.keys(world.desk())


def test_a_key_put_there_by_hand_is_refused_and_one_cut_off_is_made_again(world):
    strange = own_authority("Elsewhere", NOW)
    pem = strange.key + strange.certificate + strange.chain[0]
    world.desk().ledger.keys.keep(pem)
    made = seal_keys.keys(world.desk())
    assert made != strange
    world.desk().ledger.keys.keep(pem)
    with pytest.raises(Unfit, match="import"):
        seal_keys.keys(world.desk())


def test_an_imported_key_seals_from_then_on_and_the_old_one_is_still_believed(world):
    old = seal_keys.keys(world.desk())
    new = own_authority("Trust Office", NOW)
    with pytest.raises(NotAllowed):
        seal_keys.take(world.desk(INSPECTOR_PERSON), new.certificate, new.key, new.chain)
    seal_keys.take(world.desk(ADMINISTRATOR), new.certificate, new.key, new.chain)
    assert seal_keys.keys(world.desk()) == new
    assert {*old.chain, *new.chain} == {*world.desk().ledger.keys.authorities().values()}
    assert [line.deed for line in world.desk().ledger.trail.of("seal-key")] == [
        "seal-key.made",
        "seal-key.imported",
    ]
    shown = seal_keys.shown(world.desk(ADMINISTRATOR))
    assert "Trust Office" in shown.name and len(shown.authorities) == 2


@pytest.mark.parametrize("wrong", ["key", "chain", "time", "text"])
def test_what_does_not_belong_together_is_refused(world, wrong):
    one, other = own_authority("One", NOW), own_authority("Other", NOW - timedelta(days=9000))
    given = {
        "key": (one.certificate, other.key, one.chain),
        "chain": (one.certificate, one.key, ()),
        "time": (other.certificate, other.key, other.chain),
        "text": (b"no certificate", one.key, one.chain),
    }[wrong]
    with pytest.raises(BadInput):
        seal_keys.take(world.desk(ADMINISTRATOR), *given)
    assert world.desk().ledger.keys.get() is None


# what is sealed -----------------------------------------------------------------------------------------------


@pytest.fixture
def visit_id(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    return inspection.id


def test_every_report_is_sealed_numbered_and_carries_the_record(world, visit_id, read_pdf):
    at = world.desk()
    agency = at.ledger.agency.get()
    with world.desk(ADMINISTRATOR).entry() as entry:
        entry.agency.keep(type(agency)(**{**vars(agency), "site": "https://audit.example"}))
        entry.note("agency.changed", "agency")
    roots = [*at.ledger.keys.authorities().values()]
    for kind in ("record", "owner"):
        stored = reports.report(at, visit_id, kind, "a4")
        data = stored.path.read_bytes()
        assert judge(data, roots).state == UNCHANGED
        assert judge(data, own_authority("Elsewhere", NOW).chain).state == FOREIGN
        (issued,) = [row for row in at.ledger.reports.of(visit_id) if row.sha256 == stored.sha256]
        assert at.ledger.reports.numbered(issued.number) == at.ledger.reports.by_file(stored.sha256) == issued
        first, whole = read_pdf(stored.path, last=1), read_pdf(stored.path)
        assert f"Report {issued.number}" in first
        assert "https://audit.example/verify" in whole and "Head of the trail" in whole
    record = reports.report(at, visit_id, "record").path.read_bytes()
    found = archive.carried(record, reports.RECORD_FILE, 1_000_000)
    sealed = at.ledger.records.get(visit_id)
    assert found is not None and hashlib.sha256(found).hexdigest() == sealed.sha256
    plan = reports.report(at, visit_id, "owner").path.read_bytes()
    assert archive.carried(plan, reports.RECORD_FILE, 1_000_000) is None


def test_a_report_as_amended_carries_the_record_as_amended(world, visit_id):
    at = world.desk()
    amendments.correct_remarks(at, visit_id, "The lift was out.", "Forgotten.", 0)
    data = reports.report(at, visit_id, "amended").path.read_bytes()
    found = archive.carried(data, reports.RECORD_FILE, 1_000_000)
    amended = at.ledger.amendments.document(visit_id)
    assert found is not None and amended is not None and hashlib.sha256(found).hexdigest() == amended[0]
    assert archive.carried(data, reports.VISIT_FILE, 1_000_000) is None


# and read back ------------------------------------------------------------------------------------------------


@pytest.fixture
def photographed(world):
    inspection = world.start()
    world.answer(inspection, COMPLETE)
    sha256 = world.photograph(inspection, ("needles.single-use", None), "The tray")
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    return reports.report(world.desk(), inspection.id, "record").path.read_bytes(), sha256, inspection.id


def test_a_report_is_taken_in_elsewhere_and_its_photos_are_named(world, photographed, tmp_path):
    pdf, sha256, visit_id = photographed
    other = worlds.make(tmp_path / "other")
    other.later(days=1)
    document = carried.visit_in(pdf, 1_000_000)
    done = exchange.record(other.desk(), document, tmp_path, from_report=True)
    assert (done.id, done.already) == (visit_id, False)
    there = records.sealed(other.desk(), visit_id).document
    assert there["not_carried"] == [
        {"item": "needles.single-use", "person": None, "sha256": sha256, "caption": "The tray"}
    ]
    assert there["photos"] == []
    here = records.sealed(world.desk(), visit_id).document
    assert there["result"] == here["result"] and "not_carried" not in here
    assert exchange.record(other.desk(), document, tmp_path, from_report=True).already


def test_photos_beside_the_report_come_along(photographed, tmp_path):
    pdf, sha256, visit_id = photographed
    other = worlds.make(tmp_path / "other")
    other.later(days=1)
    (tmp_path / f"{sha256}.jpg").write_bytes(worlds.jpeg())
    exchange.record(other.desk(), carried.visit_in(pdf, 1_000_000), tmp_path, from_report=True)
    document = records.sealed(other.desk(), visit_id).document
    assert [row["sha256"] for row in document["photos"]] == [sha256] and "not_carried" not in document


def test_the_place_that_issued_it_knows_it(world, photographed, tmp_path):
    pdf, _, visit_id = photographed
    done = exchange.record(world.desk(), carried.visit_in(pdf, 1_000_000), tmp_path, from_report=True)
    assert done.already and done.id == visit_id


def test_a_changed_report_is_not_taken_in(world, photographed):
    pdf, _, visit_id = photographed
    plan = reports.report(world.desk(), visit_id, "owner").path.read_bytes()
    middle = len(pdf) // 2
    changed = pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :]
    for data, words in (
        (changed, "changed after"),
        (plan, "carries no visit"),
        (b"%PDF-1.7 and nothing", "cannot be read"),
        (pdf[: pdf.rindex(b"%%EOF", 0, -10) + 6], "no seal"),
    ):
        with pytest.raises(BadInput, match=words):
            carried.visit_in(data, 1_000_000)
    with pytest.raises(BadInput, match="cannot be read"):
        carried.visit_in(pdf, 100)
