"""A whole visit in, a whole visit out: the same bytes, every fault placed, nothing half done."""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from audit.domain.problems import BadInput, Differs, NotAllowed, NotNow
from audit.operations import amendments, exchange, inspections, sealing
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, ANNA, BO, COMPLETE, MISSION, OWNER, World

ID = "99999999-1111-4222-8333-444444444444"


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = worlds.make(tmp_path / "data")
    made.later(hours=2)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where documents lie, with one photo beside them."""
    beside = tmp_path / "documents"
    beside.mkdir()
    (beside / "tray.jpg").write_bytes(worlds.jpeg())
    return beside


def document(**changes):
    """A complete document about the clinic that is here, with shorthands; ``None`` leaves a key out."""
    whole = {
        "format": "clinic-audit/inspection/1",
        "id": ID,
        "checklist": "mini-inspection",
        "checklist_version": 1,
        "pack": "xx",
        "clinic": {
            "name": "Mission Scalp Studio",
            "permit": "BA-1",
            "time_zone": "America/Los_Angeles",
            "profile": {"autoclave": False},
        },
        "purpose": "routine",
        "started_at": "2026-03-03T17:00:00Z",
        "finished_at": "2026-03-03T18:05:00Z",
        "inspected_on": "2026-03-03",
        "inspector": {"name": "Iris Quinn"},
        "practitioners": [{"name": "Anna Quill", "id": ANNA.id}, {"name": "Bo Li"}],
        "present": ["Wim Witness"],
        "facts": {"procedure_observed": True},
        "remarks": "Quiet morning.",
        "answers": [
            {"item": "needles.single-use", "mark": "OUT", "note": "Kept cartridges.", "photos": ["tray.jpg"]},
            {"item": "gloves.changed", "mark": "IN"},
            {"item": "permit.expiry", "date": "2026-12-31"},
            {"item": "licence.displayed", "practitioner": "Anna Quill", "mark": "IN"},
            {"item": "licence.displayed", "practitioner": "Bo Li", "mark": "NA"},
        ],
        "signatures": [
            {"role": "inspector", "name": "Iris Quinn"},
            {"role": "person-in-charge", "name": "Olu Adeyemi", "refused": True},
        ],
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def record(world, folder, given=None, person=worlds.INSPECTOR_PERSON):
    data = given if isinstance(given, bytes) else json.dumps(given or document()).encode()
    return exchange.record(world.desk(person), data, folder)


def faults(world, folder, given) -> list[str]:
    with pytest.raises(BadInput) as caught:
        record(world, folder, given)
    assert world.desk().ledger.inspections.find(ID) is None
    return [str(fault) for fault in caught.value.faults]


def answers_with(place: int, **changes):
    rows = document()["answers"]
    rows[place] = {key: value for key, value in (rows[place] | changes).items() if value is not None}
    return document(answers=rows)


def test_a_document_is_recorded_and_sealed(world, folder):
    done = record(world, folder)
    assert (done.id, done.already, done.clinic_made) == (ID, False, "")
    assert (done.result["score"], done.result["status"]) == ("95.0", "uncorrected-critical")
    visit = inspections.open_visit(world.desk(), ID)
    assert visit.inspection.state == "sealed" and visit.clinic.id == MISSION.id
    assert visit.inspection.practitioners == (ANNA.id, BO.id)
    assert visit.inspection.inspector_name == "Iris Quinn"
    assert [signature.state for signature in visit.signatures] == ["signed", "refused"]


def test_the_same_document_again_is_already_here(world, folder):
    record(world, folder)
    world.later(days=9)
    before = len(world.desk().ledger.trail.of(ID))
    assert record(world, folder).already
    assert len(world.desk().ledger.trail.of(ID)) == before


@pytest.mark.parametrize("changes", [{"remarks": "Loud morning."}, {"purpose": "complaint"}, {"present": []}])
def test_the_same_id_with_other_content_differs(world, folder, changes):
    record(world, folder)
    with pytest.raises(Differs):
        record(world, folder, document(**changes))


def test_the_id_of_a_running_visit_differs(world, folder):
    running = world.start(id=ID)
    with pytest.raises(Differs):
        record(world, folder)
    assert inspections.open_visit(world.desk(), running.id).kept == {}


def test_export_record_export_gives_equal_bytes(world, folder, tmp_path):
    record(world, folder)
    first = exchange.export(world.desk(), ID, tmp_path / "out")
    other = worlds.make(tmp_path / "empty", stocked=False)
    other.later(hours=2)
    done = record(other, first.parent, first.read_bytes())
    assert done.clinic_made == "Mission Scalp Studio"
    second = exchange.export(other.desk(), ID, tmp_path / "again")
    assert first.read_bytes() == second.read_bytes()
    names = sorted(path.name for path in first.parent.iterdir())
    assert names == sorted(path.name for path in second.parent.iterdir()) and len(names) == 2


@pytest.mark.parametrize("how", ["corrected", "void"])
def test_what_was_amended_is_told_by_the_export(world, folder, tmp_path, how):
    """The document stays as it was sealed, so the amendments go along beside it."""
    record(world, folder)
    before = exchange.export(world.desk(), ID, tmp_path / "before").read_bytes()
    assert not (tmp_path / "before" / exchange.AS_AMENDED).exists()
    if how == "void":
        one = amendments.void(world.desk(), ID, "The wrong clinic.", 0)
    else:
        one = amendments.correct_remarks(world.desk(), ID, "Quiet.", "Forgotten.", 0)
    path = exchange.export(world.desk(), ID, tmp_path / "after")
    assert path.read_bytes() == before
    told = json.loads((path.parent / exchange.AS_AMENDED).read_bytes())
    assert [(row["kind"], row["reason"]) for row in told["amendments"]] == [(one.kind, one.reason)]
    kept = world.desk().ledger.amendments.document(ID)
    assert sha256((path.parent / exchange.AS_AMENDED).read_bytes()).hexdigest() == kept[0]


ARROW = [{"kind": "arrow", "from": [1_000, 1_000], "to": [6_000, 5_000]}]


def test_a_visit_from_the_pages_goes_out_and_in_too(world, tmp_path):
    inspection = world.start(facts={"procedure_observed": False}, present=("Wim Witness",))
    world.answer(inspection, {key: raw for key, raw in COMPLETE.items() if key[0] != "gloves.changed"})
    world.photograph(inspection, ("needles.single-use", None), "Tray مرحبا 😀", marks=ARROW)
    world.sign(inspection)
    sealing.seal(world.desk(), inspection.id)
    first = exchange.export(world.desk(), inspection.id, tmp_path / "out")
    assert '"arrow"' in first.read_text("utf-8")
    other = worlds.make(tmp_path / "empty", stocked=False)
    other.later(hours=2)
    record(other, first.parent, first.read_bytes())
    second = exchange.export(other.desk(), inspection.id, tmp_path / "again")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("clinic", "made"),
    [
        ({"id": MISSION.id, "name": "Renamed"}, False),
        ({"name": "Anything", "permit": "BA-1"}, False),
        ({"name": "mission scalp STUDIO", "address": "1 Mission St., San Francisco"}, False),
        ({"name": "Mission Scalp Studio", "address": "2 Other St"}, True),
    ],
)
def test_a_clinic_is_matched_by_id_then_permit_then_name_and_address(world, folder, clinic, made):
    zone = {"time_zone": "America/Los_Angeles", "profile": {"autoclave": False}}
    people = [{"name": "Anna Quill"}, {"name": "Bo Li"}]
    done = record(world, folder, document(clinic=clinic | zone, practitioners=people))
    assert bool(done.clinic_made) is made
    assert (inspections.open_visit(world.desk(), ID).clinic.id == MISSION.id) is not made


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (document(extra=1), "extra: is not known here"),
        (document(remarks=None, answers=None), "answers: is missing"),
        (document(id="1"), "id: must be a UUID"),
        (document(checklist_version=7), "has no published version 7"),
        (document(inspected_on="2026-03-04"), "inspected_on: is not the local day"),
        (document(finished_at="2026-03-03T16:00:00Z"), "finished_at: lies before the start"),
        (document(purpose="self-audit"), "purpose: does not go with"),
        (
            document(facts={"procedure_observed": True, "practitioners": 1}),
            "follows from the rest of the document",
        ),
        (document(finished_at="2027-03-03T18:05:00Z"), "finished_at: lies in the future"),
        (document(facts={"moon": True}), "facts.moon: is no fact of a visit"),
        (document(signatures=[]), "signatures: the inspector has not signed"),
        (document(clinic={"name": "X", "time_zone": "Mars/Olympus"}), "must be a time zone"),
        (answers_with(0, photos=["../tray.jpg"]), "answers 1: photos 1: file: must be the plain name"),
        (answers_with(0, photos=["none.jpg"]), "answers 1.photos: there is no file none.jpg"),
        (answers_with(0, note=None), "answers 1.note: needles.single-use: Say what you saw"),
        (answers_with(1, item="gloves.none"), "answers 2: gloves.none is not in this checklist"),
        (answers_with(1, item="needles.single-use"), "answers 2: needles.single-use is answered twice"),
        (answers_with(1, item="autoclave.log"), "autoclave.log does not apply here (autoclave is false)"),
        (answers_with(1, number=3), "gloves.changed takes no number"),
        (answers_with(1, corrected_on_site=True), "only an OUT is corrected"),
        (answers_with(2, date="31.12.2026"), "answers 3.values.date: permit.expiry: Give the date as"),
        (answers_with(3, practitioner="Nobody"), "there is no one practitioner 'Nobody'"),
        (answers_with(3, practitioner=None), "licence.displayed is answered for each practitioner"),
        (document(answers=document()["answers"][:-1]), "licence.displayed is not answered for Bo Li"),
    ],
)
def test_every_fault_names_its_place_and_nothing_changes(world, folder, given, said):
    assert any(said in fault for fault in faults(world, folder, given)), faults(world, folder, given)


def test_all_faults_come_at_once(world, folder):
    rows = document()["answers"]
    rows[0]["note"], rows[1]["mark"], rows[2]["date"] = "", "FINE", "soon"
    assert len(faults(world, folder, document(answers=rows[:3]))) == 3 + 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1, "a": 2}', "the key a stands twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff", "not UTF-8"),
        (b'{"a": ' + b"9" * 5000 + b"}", "document"),
        (b"{", "line 1, column 2"),
        (b"[]", "must be a table"),
    ],
)
def test_what_is_no_document_is_refused_in_words(world, folder, data, said):
    assert any(said in fault for fault in faults(world, folder, data))


def test_a_photo_that_is_none_is_a_fault(world, folder):
    (folder / "tray.jpg").write_bytes(b"MZ not a picture")
    assert "answers 1.photos: tray.jpg" in faults(world, folder, document())[0]


def test_a_link_beside_the_document_is_no_photo(world, folder):
    shutil.move(folder / "tray.jpg", folder / "real.jpg")
    (folder / "tray.jpg").symlink_to(folder / "real.jpg")
    assert "there is no file tray.jpg" in faults(world, folder, document())[0]


def test_administrators_record_nothing(world, folder):
    with pytest.raises(NotAllowed):
        record(world, folder, person=ADMINISTRATOR)


def test_an_owner_records_no_inspection(world, folder):
    with pytest.raises(NotAllowed):
        record(world, folder, person=OWNER)


def test_a_running_visit_is_not_exported(world, tmp_path):
    inspection = world.start()
    with pytest.raises(NotNow):
        exchange.export(world.desk(), inspection.id, tmp_path / "out")
    assert not (tmp_path / "out").exists()
