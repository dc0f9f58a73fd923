"""The public page: unchanged, superseded, changed, not ours; clinic, date and result, and nothing more."""

import hashlib
import io
from threading import Thread

import pypdf
import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from werkzeug.serving import make_server

from audit.operations import amendments, asked, reports, sealing
from tests.operations import worlds
from tests.operations.worlds import COMPLETE


@pytest.fixture
def visit(house):
    inspection = house.world.start()
    house.world.answer(inspection, COMPLETE)
    house.world.sign(inspection)
    sealing.seal(house.world.desk(), inspection.id)
    return inspection


def issued(house, visit, kind="record"):
    desk = house.world.desk()
    data = reports.report(desk, visit.id, kind).path.read_bytes()
    found = desk.ledger.reports.by_file(hashlib.sha256(data).hexdigest())
    return data, found.number


def upload(page, data, **fields):
    return page.submit({"file": (io.BytesIO(data), "report.pdf"), **fields})


def test_a_number_says_what_was_issued_and_no_more(house, visit):
    _, number = issued(house, visit)
    stranger = house.browser()
    page = stranger.open(f"/verify?n={number}")
    assert page.status == 200 and "Issued here" in page.words
    assert "Mission Scalp Studio" in page.words and "Tue 3 Mar 2026" in page.words and "94.0" in page.words
    for secret in ("cartridges", "Ines Field", "Anna Quill", "Olu", visit.id, "1 Mission St"):
        assert secret not in page.text
    typed = stranger.open("/verify").submit({"number": number.lower().replace("-", " ")})
    assert "Issued here" in typed.words
    slip = number[:-1] + ("0" if number[-1] != "0" else "1")
    wrong = stranger.open("/verify").submit({"number": slip})
    assert wrong.status == 422 and "One letter of this number is wrong" in wrong.words


def test_a_file_is_unchanged_changed_or_not_ours(house, visit):
    data, number = issued(house, visit)
    stranger, middle = house.browser(), len(data) // 2
    assert "Unchanged since issue" in upload(stranger.open("/verify"), data).words
    changed = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    for other in (changed, data + b"\n% later\n", data[:-1]):
        said = upload(stranger.open("/verify"), other).words
        assert "Changed after sealing" in said and "Unchanged since issue" not in said
    assert "Not our file" in upload(stranger.open("/verify"), b"%PDF-1.7 something else").words
    # What is cut off so far that it names nobody is nobody's, unless the number on paper says whose it should be.
    assert "Not our file" in upload(stranger.open("/verify"), data[:9000]).words
    assert "Changed after sealing" in upload(stranger.open("/verify"), data[:9000], number=number).words
    hashed = stranger.open("/verify").submit({"sha256": hashlib.sha256(data).hexdigest()})
    assert "Unchanged since issue" in hashed.words
    hashed = stranger.open("/verify").submit({"sha256": "0" * 64, "number": number})
    assert "Changed after sealing" in hashed.words
    assert "Not our file" in stranger.open("/verify").submit({"sha256": "0" * 64}).words


def test_a_file_without_its_seal_or_with_a_revision_is_changed(house, visit):
    """Whoever takes the seal off, or adds a revision behind it, has no file that left here; without a number too."""
    data, _ = issued(house, visit)
    stripped, bare = pypdf.PdfWriter(), io.BytesIO()
    stripped.append(io.BytesIO(data))
    for page in stripped.pages:
        page.pop("/Annots", None)
    stripped.root_object.pop("/AcroForm", None)
    for name, files in pypdf.PdfReader(io.BytesIO(data)).attachments.items():
        stripped.add_attachment(name, files[0])
    stripped.write(bare)
    writer, extended = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    writer.root["/Title"] = TextStringObject("Result: nothing found")
    writer.update_root()
    writer.write(extended)
    for other in (bare.getvalue(), extended.getvalue()):
        assert "Changed after sealing" in upload(house.browser().open("/verify"), other).words
    for carried in (b"{}", b"[1]", b"junk", b'{"id": 5}', b'{"id": "nobody"}', b"[" * 9999):
        alien = pypdf.PdfWriter()
        alien.add_blank_page(100, 100)
        alien.add_attachment("record.json", carried)
        told = io.BytesIO()
        alien.write(told)
        assert "Not our file" in upload(house.browser().open("/verify"), told.getvalue()).words


def test_a_report_before_an_amendment_is_superseded(house, visit):
    data, number = issued(house, visit)
    amendments.correct_remarks(house.world.desk(), visit.id, "Quiet.", "Forgotten.", 0)
    stranger = house.browser()
    assert "Superseded by an amendment" in upload(stranger.open("/verify"), data).words
    assert "Superseded" in stranger.open(f"/verify?n={number}").words
    newer, _ = issued(house, visit, "amended")
    assert "Unchanged since issue" in upload(stranger.open("/verify"), newer).words
    amendments.void(house.world.desk(), visit.id, "Wrong clinic.", 1)
    said = upload(stranger.open("/verify"), newer).words
    assert "Superseded" in said and "Void" in said and "94.0" not in said


def test_nothing_is_ever_called_valid(house, visit):
    data, _ = issued(house, visit)
    page = upload(house.browser().open("/verify"), data)
    assert "valid" not in page.words.lower() and "compliant" not in page.words.lower()


def test_who_asks_all_the_time_waits_and_others_do_not(house, visit):
    _, number = issued(house, visit)
    stranger = house.browser()
    for _ in range(asked.MOST):
        assert stranger.open(f"/verify?n={number}").status == 200
    assert stranger.open(f"/verify?n={number}").status == 429
    other = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert stranger.open(f"/verify?n={number}", **other).status == 200
    house.browser(worlds.INSPECTOR_PERSON)  # signing in from there still works
    house.world.later(minutes=11)
    assert stranger.open(f"/verify?n={number}").status == 200


def test_an_empty_question_is_told_what_to_give(house):
    page = house.browser().open("/verify")
    assert page.status == 200
    again = page.submit({})
    assert again.status == 422 and "Type the number, or choose the file." in again.words


def test_in_a_browser_the_file_stays_where_it_is(house, visit, browser, tmp_path):
    """Only the fingerprint is sent; a changed file is recognised by the number that it still carries."""
    data, number = issued(house, visit)
    sound, changed = tmp_path / "sound.pdf", tmp_path / "changed.pdf"
    sound.write_bytes(data)
    changed.write_bytes(data[:-1])
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.set_default_timeout(60_000)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    try:
        for path, words in ((sound, "Unchanged since issue"), (changed, "Changed after sealing")):
            page.goto(f"http://127.0.0.1:{server.port}/verify")
            page.get_by_text("The file stays with you").wait_for()
            page.set_input_files("#file", path)
            page.get_by_text(words).wait_for()
            assert page.locator("dd.num").inner_text() == number
        assert not any(b"%PDF" in body for body in sent)
    finally:
        page.close()
        server.shutdown()
