"""Visits are listed, come in and go out as documents, and go out as reports."""

import json
import os
import subprocess

import pytest

from audit.cli.common import desk_of
from audit.domain.agency import PAPERS
from audit.operations import amendments
from audit.operations import desk as desks
from tests.cli.conftest import PASSWORD, add, contents

OWNER = ("--as", "owner@demo.example")


@pytest.fixture(scope="session")
def exported(run, demo, visits, tmp_path_factory):
    """The folder of the demo's visit with six findings and four photos, as a document."""
    return _export(run, demo, visits, tmp_path_factory, ("inspection", 6))


@pytest.fixture(scope="session")
def plain(run, demo, visits, tmp_path_factory):
    """The latest of a clinic where there was little to find."""
    return _export(run, demo, visits, tmp_path_factory, ("inspection", 1))


def _export(run, demo, visits, tmp_path_factory, wanted):
    folder = tmp_path_factory.mktemp("exported") / "visit"
    row = next(row for row in visits if (row["kind"], row["findings"]) == wanted and row["state"] == "sealed")
    run("export", row["id"], "-o", folder, "--data", demo)
    return folder


def changed(source, target, change):
    """A copy of a document beside its photos, after ``change`` was made to it."""
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    document = json.loads((source / "inspection.json").read_bytes())
    change(document)
    (target / "inspection.json").write_text(json.dumps(document), "utf-8")
    return target / "inspection.json"


def sealed_id(visits, kind="inspection", findings=6):
    wanted = (kind, "sealed", findings)
    return next(row["id"] for row in visits if (row["kind"], row["state"], row["findings"]) == wanted)


# lists --------------------------------------------------------------------------------------------------------


def test_visits_are_listed_newest_first(run, demo):
    rows = json.loads(run("inspections", "list", "--json", "--data", demo).stdout)
    days = [row["inspected_on"] for row in rows]
    assert days == sorted(days, reverse=True)
    assert set(rows[0]) == {
        "id", "clinic_id", "clinic_name", "kind", "purpose", "state", "inspected_on", "inspector_name", "status",
        "score", "findings", "readable", "amended", "void",
    }  # fmt: skip
    scores = [row["score"] for row in rows if row["state"] == "sealed" and row["kind"] == "inspection"]
    assert "100.0" in scores


def test_filters_narrow_the_list(run, demo, visits):
    def ids(*words):
        return [
            row["id"]
            for row in json.loads(run("inspections", "list", "--json", "--data", demo, *words).stdout)
        ]

    assert len(ids("--state", "running")) == 1
    assert len(ids("--kind", "inspection", "--state", "sealed")) == 5
    assert len(ids("--limit", "2")) == 2
    harbour = next(row for row in visits if row["clinic_name"].startswith("Harbour"))
    assert len(ids("--clinic", harbour["clinic_id"])) == 3
    assert len(ids("--text", "lone star")) == 2
    assert run("inspections", "list", "--text", "nowhere", "--data", demo).stdout == "No visits.\n"


def test_a_self_audit_shows_that_it_was_made_and_to_its_owner_what_it_says(run, demo):
    def sealed(*words):
        rows = json.loads(
            run("inspections", "list", "--json", "--kind", "self-audit", "--data", demo, *words).stdout
        )
        return next(row for row in rows if row["state"] == "sealed")

    assert sealed()["findings"] is None
    assert not sealed()["readable"]
    assert sealed(*OWNER)["findings"] == 2


def test_somebody_who_is_not_here_is_wrong_use(run, demo):
    assert "nobody with the login" in run("inspections", "list", "--as", "x", "--data", demo, code=2).stderr


# documents ----------------------------------------------------------------------------------------------------


def test_recorded_exported_recorded_exported_is_the_same(run, exported, empty, tmp_path):
    done = json.loads(run("record", exported / "inspection.json", "--json", "--data", empty).stdout)
    assert done["already"] is False
    assert done["clinic_made"].startswith("Harbour")
    run("export", done["id"], "-o", tmp_path / "again", "--data", empty)
    assert contents(tmp_path / "again") == contents(exported)


def test_record_prints_the_result_and_how_it_came_about(run, exported, empty):
    result = json.loads(run("record", exported / "inspection.json", "--json", "--data", empty).stdout)[
        "result"
    ]
    assert result["status"] == "uncorrected-critical"
    assert result["score"] == "79.0"
    assert result["counts"]["OUT"] == "6"
    assert sum(int(line["deducted"]) for line in result["lines"]) == 21
    assert result["words"][0].endswith("= 79")


def test_record_tells_people_in_words(run, plain, empty):
    told = run("record", plain / "inspection.json", "--data", empty).stdout
    assert told.startswith("Made the clinic Crown Line Scalp Studio.\nSealed: ")
    assert "Result: findings" in told


def test_the_same_document_again_is_here_already(run, plain, empty):
    first = json.loads(run("record", plain / "inspection.json", "--json", "--data", empty).stdout)
    before = contents(empty)
    second = json.loads(run("record", plain / "inspection.json", "--json", "--data", empty).stdout)
    assert (second["already"], second["id"], second["result"]) == (True, first["id"], first["result"])
    assert contents(empty) == before


def test_the_same_id_with_other_content_is_3(run, plain, empty, tmp_path):
    run("record", plain / "inspection.json", "--data", empty)
    before = contents(empty)
    other = changed(plain, tmp_path / "other", lambda document: document.update(remarks="Something else."))
    told = run("record", other, "--data", empty, code=3).stderr
    assert told.startswith("Error: ")
    assert contents(empty) == before


def test_all_faults_are_listed_with_their_place_and_nothing_changes(run, exported, empty, tmp_path):
    def spoil(document):
        answers = {answer["item"]: answer for answer in document["answers"]}
        answers["permit.facility-posted"]["mark"] = "MAYBE"
        answers["needles.expiry"]["values"]["date"] = "next year"
        answers["needles.single-use"]["photos"][0] = "missing.jpg"
        del answers["handsink.stocked"]["note"]
        document["answers"] = [a for a in document["answers"] if a["item"] != "waste.streams"]
        document["facts"]["weather"] = True

    before = contents(empty)
    file = changed(exported, tmp_path / "faulty", spoil)
    done = run("record", file, "--json", "--data", empty, code=1)
    faults = json.loads(done.stdout)["faults"]
    assert {"place", "words"} == set(faults[0])
    told = "\n".join(f"{fault['place']}: {fault['words']}" for fault in faults)
    for words in ("facts.weather", ".mark", "missing.jpg"):
        assert words in told, told
    assert all(str(fault["words"]) in done.stderr for fault in faults)
    assert contents(empty) == before


def test_gaps_and_wrong_values_are_listed_together(run, exported, empty, tmp_path):
    def spoil(document):
        answers = {answer["item"]: answer for answer in document["answers"]}
        answers["needles.expiry"]["values"]["date"] = "2026-02-30"
        del answers["handsink.stocked"]["note"]
        document["answers"] = [a for a in document["answers"] if a["item"] != "waste.streams"]

    told = run("record", changed(exported, tmp_path / "gaps", spoil), "--data", empty, code=1).stderr
    assert "nothing was changed" in told
    for words in ("There is no such day", "handsink.stocked", "waste.streams is not answered"):
        assert words in told


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": "x"}', '{"a": 1, "a": 2}', "[" * 60_000, '{"id": NaN}', '{"id": 1e999}'],
    ids=["nothing", "cut", "list", "other", "twice", "deep", "nan", "endless"],
)
def test_what_is_no_document_is_a_fault(run, empty, tmp_path, text):
    file = tmp_path / "visit.json"
    file.write_text(text)
    before = contents(empty)
    run("record", file, "--data", empty, code=1)
    assert contents(empty) == before


def test_a_document_of_another_encoding_or_size_is_a_fault(run, empty, tmp_path):
    file = tmp_path / "visit.json"
    file.write_bytes('{"name": "Größe"}'.encode("latin-1"))
    assert "UTF-8" in run("record", file, "--data", empty, code=1).stderr
    with file.open("wb") as big:
        big.truncate(17 * 1024 * 1024)
    assert "too large" in run("record", file, "--data", empty, code=1).stderr


@pytest.mark.parametrize(
    "name, entry, most",
    [("present", "Ada", 200), ("practitioners", {"name": "Ada"}, 200), ("answers", {"item": "x"}, 5_000)],
)
def test_a_document_of_endless_lists_is_a_fault(run, plain, empty, tmp_path, name, entry, most):
    before = contents(empty)
    long = changed(plain, tmp_path / "long", lambda document: document.update({name: [entry] * (most + 1)}))
    told = run("record", long, "--data", empty, code=1).stderr
    assert told == f"Error: {name}: has {most + 1:,} entries; at most {most:,} are taken\n"
    assert contents(empty) == before


def test_a_photo_outside_the_folder_is_not_read(run, plain, empty, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(next(plain.glob("*.jpg")).read_bytes())

    def reach_out(document):
        for answer in document["answers"]:
            if answer.get("photos"):
                answer["photos"] = ["../secret.jpg"]

    told = run("record", changed(plain, tmp_path / "sly", reach_out), "--data", empty, code=1).stderr
    assert "plain name" in told


def test_whose_it_is_must_be_said_when_several_may(run, plain, empty):
    add(run, empty, "omar@agency.example", "inspector")
    told = run("record", plain / "inspection.json", "--data", empty, code=2).stderr
    assert "--as" in told
    assert "ines@agency.example" in told
    assert "omar@agency.example" in told
    run("record", plain / "inspection.json", "--as", "omar@agency.example", "--data", empty)


def test_without_anybody_who_may_it_is_wrong_use(run, plain, empty, tmp_path):
    run("migrate", "--data", tmp_path / "bare")
    told = run("record", plain / "inspection.json", "--data", tmp_path / "bare", code=2).stderr
    assert "--role inspector" in told


def test_somebody_who_may_not_is_refused(run, plain, empty):
    add(run, empty, "ada@agency.example", "administrator")
    run("record", plain / "inspection.json", "--as", "ada@agency.example", "--data", empty, code=1)


def test_a_self_audit_goes_out_and_comes_in_as_its_owner(run, demo, demo_copy, visits, tmp_path):
    audit = sealed_id(visits, "self-audit", 2)
    for words in (("export", "-o", tmp_path / "audit"), ("report", "-o", tmp_path / "audit.pdf")):
        assert "needs --as its owner" in run(*words, audit, "--data", demo, code=1).stderr
        told = run(*words, audit, "--as", "inspector@demo.example", "--data", demo, code=1).stderr
        assert "There is no such visit." in told
    assert not list(tmp_path.glob("audit*"))
    run("export", audit, "-o", tmp_path / "audit", *OWNER, "--data", demo)
    document = tmp_path / "audit" / "inspection.json"
    assert "Here already" in run("record", document, *OWNER, "--data", demo_copy).stdout


def test_a_running_visit_is_not_exported_nor_reported(run, demo, visits, tmp_path):
    running = next(row["id"] for row in visits if (row["kind"], row["state"]) == ("inspection", "running"))
    assert "sealed" in run("export", running, "-o", tmp_path / "x", "--data", demo, code=1).stderr
    run("report", running, "-o", tmp_path / "x.pdf", "--data", demo, code=1)
    assert not list(tmp_path.iterdir())


def test_a_visit_that_is_not_here_is_said(run, demo, tmp_path):
    told = run("export", "00000000-0000-4000-8000-000000000000", "-o", tmp_path / "x", "--data", demo, code=1)
    assert told.stderr.startswith("Error: ")


# reports ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["record", "owner"])
@pytest.mark.parametrize("paper", PAPERS)
def test_reports_are_sound_pdfs_and_the_same_each_time(
    run, demo, visits, tmp_path, require_tool, kind, paper
):
    words = ["report", sealed_id(visits), "--kind", kind, "--paper", paper, "--data", demo]
    assert run(*words, "-o", tmp_path / "a.pdf").stdout == f"{tmp_path / 'a.pdf'}\n"
    run(*words, "-o", tmp_path / "b.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    subprocess.run([require_tool("qpdf"), "--check", tmp_path / "a.pdf"], check=True, capture_output=True)
    assert {path.name for path in tmp_path.iterdir()} == {"a.pdf", "b.pdf"}


def test_record_then_report_needs_no_browser(run, exported, empty, tmp_path, require_tool):
    made = json.loads(run("record", exported / "inspection.json", "--json", "--data", empty).stdout)["id"]
    run("report", made, "-o", tmp_path / "record.pdf", "--data", empty)
    text = _text(require_tool("pdftotext"), tmp_path / "record.pdf")
    for words in ("Harbour Street Tattoo", "79.0", "CA 119311(f)", "αραίωση 1:50", "Maximiliana"):
        assert words in text


@pytest.mark.parametrize("paper", PAPERS)
def test_a_blank_form_needs_no_visit(run, made, tmp_path, require_tool, paper):
    file = tmp_path / "blank.pdf"
    run(
        "report", "--kind", "blank", "--checklist", "smp-clinic-inspection", "--pack", "us-ca",
        "--paper", paper, "-o", file, "--data", made,
    )  # fmt: skip
    assert "G-01" in _text(require_tool("pdftotext"), file)


def test_a_report_and_a_form_speak_the_language_that_is_asked_for(run, made, tmp_path, require_tool):
    file = tmp_path / "blank.pdf"
    blank = ("report", "--kind", "blank", "--checklist", "smp-clinic-inspection", "--pack", "us-ca")
    run(*blank, "--language", "es", "-o", file, "--data", made)
    told = _text(require_tool("pdftotext"), file)
    assert "Formulario vacío en papel." in told and "Higiene de manos" in told
    run(*blank, "--language", "xx", "-o", file, "--data", made, code=2)


def _text(tool, file):
    done = subprocess.run([tool, "-layout", file, "-"], check=True, capture_output=True)
    return done.stdout.decode()


def test_a_report_over_an_older_file_replaces_it_whole(run, demo, visits, tmp_path):
    file = tmp_path / "report.pdf"
    file.write_text("older")
    run("report", sealed_id(visits), "-o", file, "--data", demo)
    assert file.read_bytes().startswith(b"%PDF-")
    told = run("report", sealed_id(visits), "-o", tmp_path / "no" / "folder.pdf", "--data", demo, code=1)
    assert "No such file or directory" in told.stderr


@pytest.mark.skipif(os.name != "posix", reason="links and pipes as POSIX has them")
def test_nothing_is_given_out_over_a_link_or_a_device(run, demo, visits, tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    os.mkfifo(tmp_path / "pipe")
    for deed in ("report", "export"):
        for place in (tmp_path / "pipe", "/dev/full"):
            told = run(deed, sealed_id(visits), "-o", place, "--data", demo, code=1).stderr
            assert "is no plain file" in told
    run("report", sealed_id(visits), "-o", tmp_path / "link", "--data", demo, code=1)
    run("export", sealed_id(visits), "-o", tmp_path / "link", "--data", demo, code=2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "inspection.json").symlink_to(tmp_path / "mine")
    told = run("export", sealed_id(visits), "-o", tmp_path / "out", "--data", demo, code=1).stderr
    assert "is no plain file" in told
    assert (tmp_path / "mine").read_text() == "mine"


def test_nothing_is_given_out_into_the_data_folder(run, demo, visits):
    before = contents(demo)
    for words in (
        ("export", "-o", demo / "out"),
        ("export", "-o", demo),
        ("report", "-o", demo / "ledger.db"),
    ):
        told = run(*words, sealed_id(visits), "--data", demo, code=1).stderr
        assert "lies in the data folder" in told
    assert contents(demo) == before


def test_an_export_never_replaces_another_visit(run, demo, visits, tmp_path):
    run("export", sealed_id(visits), "-o", tmp_path / "out", "--data", demo)
    before = contents(tmp_path / "out")
    run("export", sealed_id(visits), "-o", tmp_path / "out", "--data", demo)
    told = run("export", sealed_id(visits, findings=1), "-o", tmp_path / "out", "--data", demo, code=1).stderr
    assert "is not the document of this visit" in told
    assert contents(tmp_path / "out") == before
    (tmp_path / "out" / "inspection.json").write_text("[]")
    run("export", sealed_id(visits), "-o", tmp_path / "out", "--data", demo, code=1)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--kind", "blank"),
        ("--kind", "blank", "--checklist", "smp-clinic-inspection"),
        ("x", "--kind", "blank", "--checklist", "a", "--pack", "b"),
        ("x", "--pack", "us-ca"),
    ],
)
def test_a_report_of_nothing_is_wrong_use(run, demo, tmp_path, words):
    run("report", *words, "-o", tmp_path / "x.pdf", "--data", demo, code=2)
    assert not list(tmp_path.iterdir())


def test_no_command_keeps_the_folder_open(run, empty):
    run("inspections", "list", "--data", empty)
    assert not [key for key in desks._HELD if key[1] == empty.absolute()]
    assert PASSWORD not in str(contents(empty))


def test_an_export_says_that_a_visit_was_amended(run, demo_copy, visits, tmp_path):
    """On standard error, so that scripts still read the path alone."""
    sealed = sealed_id(visits)
    with desk_of(demo_copy, "inspector@demo.example") as desk:
        amendments.void(desk, sealed, "The wrong clinic.", len(amendments.of(desk, sealed)))
    told = run("export", sealed, "-o", tmp_path / "out", "--data", demo_copy)
    assert "declared void since its seal" in told.stderr
    assert told.stdout.strip().endswith("inspection.json")
    assert (tmp_path / "out" / "record-as-amended.json").is_file()
