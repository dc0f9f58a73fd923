"""Keys, anchors and the check of everything, as commands; and a report that gives its visit back."""

import io
import json
import stat
from datetime import UTC, datetime

import pypdf
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from reports.seal import own_authority


def test_what_is_sound_says_so_and_a_changed_byte_ends_with_one(run, demo_copy):
    told = run("verify", demo_copy).stdout
    assert "As it was sealed: " in told and "Head of the trail: " in told
    assert run("verify", "--data", demo_copy).stdout == told
    path = next((demo_copy / "reports").rglob("*.pdf"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    result = run("verify", demo_copy, code=1)
    assert f"reports/{path.parent.name}/{path.name} was changed" in result.stderr


def test_a_report_in_hand_is_named_for_what_it_is(run, demo_copy, tmp_path):
    sound = next((demo_copy / "reports").rglob("*.pdf")).read_bytes()
    middle, paper = len(sound) // 3, tmp_path / "report.pdf"
    stripped = pypdf.PdfWriter()
    stripped.append(io.BytesIO(sound))
    for page in stripped.pages:
        page.pop("/Annots", None)
    stripped.root_object.pop("/AcroForm", None)
    bare = io.BytesIO()
    stripped.write(bare)
    writer = IncrementalPdfFileWriter(io.BytesIO(sound))
    writer.root["/Title"] = TextStringObject("Result: nothing found")
    writer.update_root()
    extended = io.BytesIO()
    writer.write(extended)
    for data, words in (
        (sound[:middle] + bytes([sound[middle] ^ 1]) + sound[middle + 1 :], "changed after sealing"),
        (extended.getvalue(), "after sealing"),
        (bare.getvalue(), "without a seal"),
        (b"hello", "no PDF that can be read"),
    ):
        paper.write_bytes(data)
        assert words in run("verify", paper, "--data", demo_copy, code=1).stderr
    paper.write_bytes(sound)
    assert "unchanged since issue" in run("verify", paper, "--data", demo_copy).stdout


def test_an_anchor_goes_where_it_is_told(run, demo_copy, tmp_path):
    path = tmp_path / "elsewhere" / f"{datetime.now(UTC):%Y-%m-%d}.json"
    assert run("anchor", "--to", path.parent, "--data", demo_copy).stdout.strip() == str(path)
    assert json.loads(path.read_text())["head"] in run("verify", demo_copy).stdout
    run("anchor", "--data", demo_copy)
    assert "1 anchors" in run("verify", demo_copy).stdout


def test_a_key_from_elsewhere_is_taken_and_shown(run, demo_copy, tmp_path):
    before = run("seal-key", "show", "--data", demo_copy).stdout
    assert "own authority" in before and before.count("Believed") == 1
    keys = own_authority("Trust Office", datetime.now(UTC))
    names = [tmp_path / name for name in ("seal.crt", "seal.key", "root.crt")]
    for path, data in zip(names, (keys.certificate, keys.key, keys.chain[0]), strict=True):
        path.write_bytes(data)
    told = run("seal-key", "import", *names, "--data", demo_copy).stdout
    assert "Trust Office" in told and told.count("Believed") == 2
    assert stat.S_IMODE((demo_copy / "keys" / "seal.pem").stat().st_mode) == 0o600
    run("verify", demo_copy)
    assert (
        "does not belong"
        in run("seal-key", "import", names[0], _other(tmp_path), names[2], "--data", demo_copy, code=1).stderr
    )


def _other(folder):
    path = folder / "other.key"
    path.write_bytes(own_authority("Other", datetime.now(UTC)).key)
    return path


def test_a_report_gives_its_visit_back(run, demo_copy, visits, tmp_path):
    done = next(row for row in visits if row["kind"] == "inspection" and row["status"])
    report = tmp_path / "report.pdf"
    run("report", done["id"], "-o", report, "--data", demo_copy)
    told = json.loads(
        run("record", report, "--json", "--data", demo_copy, "--as", "inspector@demo.example").stdout
    )
    assert told["id"] == done["id"] and told["already"]
    plan = tmp_path / "plan.pdf"
    run("report", done["id"], "--kind", "owner", "-o", plan, "--data", demo_copy)
    assert "carries no visit" in run("record", plan, "--data", demo_copy, code=1).stderr


def test_nothing_is_erased_without_a_rule(run, empty):
    assert "No period is set" in run("retention", "--data", empty).stdout
    assert "No period is set" in run("retention", "--dry-run", "--data", empty).stdout


def test_a_rule_erases_nothing_before_its_day(run, demo_copy):
    assert "0 visits and 0 files erased" in run("retention", "--data", demo_copy).stdout
