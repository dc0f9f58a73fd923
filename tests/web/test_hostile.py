"""Hostile input at the doors of the real application: nothing gets in, nothing falls over, nothing is kept by halves."""

import csv
import hashlib
import io
import json
import subprocess
import time
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from audit.domain.answers import Raw
from audit.operations import reports, sealing
from tests.operations import worlds
from tests.operations.worlds import COMPLETE, MISSION
from tests.web.api.conftest import OURS, Tablet
from tests.web.conftest import PASSWORD
from tests.web.hostile import ADDRESSES, BODIES, CANNOT_BE_KEPT, EVIL_TEXT, FILES, NAMES

NEEDLES = ("needles.single-use", None)
PATIENCE = 60  # seconds for one answer on a busy machine; what hangs takes minutes


@pytest.fixture
def visit(house):
    return house.world.start()


def quick(began):
    return time.monotonic() - began < PATIENCE


# addresses and headers ----------------------------------------------------------------------------------------


def test_no_address_slips_by(house, inspector, visit):
    stranger = house.browser()
    for pattern in ADDRESSES:
        address = pattern.replace("{id}", visit.id).replace("{ID}", visit.id.upper())
        for browser in (stranger, inspector):
            answer = browser.client.get(address, buffered=True)
            assert answer.status_code < 500, address
            assert b"root:" not in answer.data and b"Set-Cookie: a=b" not in answer.data
            to = urlsplit(answer.headers.get("Location", ""))
            assert to.netloc in ("", "localhost") and "evil" not in to.path, (address, to)


def test_what_others_claim_about_the_request_is_not_believed(house, inspector, visit):
    own = inspector.open(f"/visits/{visit.id}").text
    for headers in (
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "6.6.6.6"},
        {"Forwarded": "host=evil.example", "X-Original-URL": "/people", "X-Rewrite-URL": "/people"},
        {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "POST"},
    ):
        page = inspector.open(f"/visits/{visit.id}", headers=headers)
        assert page.status == 200 and "evil.example" not in page.text and len(page.text) == len(own)
    assert inspector.client.get("/visits", headers={"Host": "evil.example"}).status_code == 400


def test_looking_changes_nothing(house, inspector, visit):
    before = house.world.desk().ledger.trail.head
    for address in (
        f"/visits/{visit.id}/seal",
        f"/visits/{visit.id}/set-aside",
        "/sign-out",
        f"/people/{uuid4()}/switch",
    ):
        assert inspector.client.get(f"{address}?reason=x&confirm=1&csrf_token=x").status_code in (
            200,
            303,
            403,
            404,
            405,
        )
    assert house.world.desk().ledger.trail.head == before


# forms --------------------------------------------------------------------------------------------------------


def test_fields_nobody_asked_for_are_not_taken(house, visit):
    """Mass assignment: what a form does not show cannot be set by it."""
    owner = house.browser(worlds.OWNER)
    more = {
        "role": "administrator",
        "clinics": worlds.HARBOUR.id,
        "active": "0",
        "state": "sealed",
        "id": str(uuid4()),
    }
    owner.open("/account").submit({"current": PASSWORD, "new": "x" * 20, "again": "x" * 20, **more})
    found = house.world.desk(worlds.ADMINISTRATOR).ledger.people.get(worlds.OWNER.id)
    assert found.role == "owner" and found.clinics == {MISSION.id} and found.active
    inspector = house.browser(worlds.INSPECTOR_PERSON)
    page = inspector.open(f"/visits/{visit.id}/set-up")
    page.submit({**more, "inspector_id": worlds.OWNER.id, "sealed_at": "2020-01-01", "score": "100"})
    kept = house.world.desk().ledger.inspections.get(visit.id)
    assert kept.state == "running" and kept.inspector_id == worlds.INSPECTOR_PERSON.id


def test_too_many_fields_and_too_long_ones_are_refused(house, inspector):
    page = inspector.open("/clinics/new")
    many = {f"x{place}": "1" for place in range(10_000)}
    for fields in (many, {"name": "x" * 2_000_000}):
        answer = inspector.client.post(
            "/clinics/new",
            data={**page.forms[-1].filled({}), **fields},
            headers={"Origin": "http://localhost"},
        )
        assert answer.status_code in (400, 413, 422), answer.status_code
    stranger = house.browser()
    for login, password, status in (
        ("x" * 900_000, "y", 422),
        ("ines", "z" * 900_000, 422),
        ("i\x00nes", "x", 422),
    ):
        began = time.monotonic()
        assert stranger.open("/sign-in").submit({"login": login, "password": password}).status in (
            status,
            413,
            429,
        )
        assert quick(began)


# texts --------------------------------------------------------------------------------------------------------


def test_every_text_is_kept_as_typed_and_shown_as_text(house, inspector, visit):
    tablet, rev = Tablet(house), 0
    for kind, words in EVIL_TEXT.items():
        op = tablet.answer(NEEDLES[0], None, rev, mark="OUT", note=words)
        (row,) = tablet.post(f"/inspections/{visit.id}/ops", tablet.batch(op)).told["results"]
        assert row["status"] in ("applied", "rejected"), (kind, row)
        rev += row["status"] == "applied"
        began = time.monotonic()
        page = inspector.open(f"/visits/{visit.id}/sections/{_section(inspector, visit)}")
        assert page.status == 200 and quick(began), kind
        for theirs in ("<script>alert", "<img src=", 'autofocus onfocus="', "<font", "<b>&amp;</b>"):
            assert theirs not in page.text, kind
        assert kind != "template" or "{{ 7 * 7 }}" in page.words
    for kind, words in CANNOT_BE_KEPT.items():
        op = tablet.answer(NEEDLES[0], None, rev, mark="OUT", note=words)
        (row,) = tablet.post(f"/inspections/{visit.id}/ops", tablet.batch(op)).told["results"]
        assert row["status"] == "rejected", (kind, row)


def _section(inspector, visit):
    page = inspector.open(f"/visits/{visit.id}")
    return next(link.rsplit("/", 1)[1].partition("#")[0] for link in page.links if "/sections/" in link)


def test_every_text_is_in_the_report_and_nothing_else_happens(house, require_tool, tmp_path):
    """One sealed visit with all of them: it comes out, in time, with no link, file or picture of theirs."""
    world = house.world
    visit = world.start(
        present=tuple(EVIL_TEXT[kind][:80].strip() or "x" for kind in ("markup", "right to left", "family"))
    )
    note = "\n".join(words[:150] for words in EVIL_TEXT.values() if "\x00" not in words)[:3_900]
    raws = {**COMPLETE, NEEDLES: Raw(mark="OUT", note=note)}
    world.answer(visit, raws)
    world.photograph(visit, NEEDLES, EVIL_TEXT["reportlab"][:200])
    world.sign(visit)
    began = time.monotonic()
    sealing.seal(world.desk(), visit.id)
    for kind in ("record", "owner"):
        stored = reports.report(world.desk(), visit.id, kind)
        out = subprocess.run(
            [require_tool("pdftotext"), stored.path, "-"], check=True, capture_output=True
        ).stdout.decode()
        assert "__import__" in out
        assert "root:" not in out
        data = stored.path.read_bytes()
        assert b"/JavaScript" not in data and b"/Launch" not in data and b"javascript:" not in data
        assert b"/URI (http://127.0.0.1" not in data and b"file:///" not in data
    assert quick(began)


# tables and names ---------------------------------------------------------------------------------------------


def test_no_cell_of_a_table_is_a_formula(house, inspector):
    """Names of clinics are what strangers choose and offices open."""
    world = house.world
    for place, kind in enumerate(("sheet", "sheet of old", "sheet with at")):
        name = " ".join(EVIL_TEXT[kind].split())
        clinic = replace(MISSION, id=str(uuid4()), name=name, permit=f"=BA-{place}", address=name)
        with world.desk().entry() as entry:
            entry.clinics.add(clinic)
            entry.note("clinic.added", clinic.id)
        visit = world.start(clinic_id=clinic.id, practitioners=())
        alone = {key: raw for key, raw in COMPLETE.items() if key[1] is None}
        world.answer(visit, {**alone, ("licence.displayed", None): Raw(mark="IN")})
        world.sign(visit)
        sealing.seal(world.desk(), visit.id)
    rows = list(csv.reader(io.StringIO(inspector.client.get("/actions.csv").text.removeprefix("\ufeff"))))
    assert len(rows) == 4
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_a_file_name_is_plain_whatever_the_clinic_is_called(house):
    for kind, name in NAMES.items():
        told = reports._plain_name(name)
        assert told.isprintable() and not set(told) & set('"\\/\r\n:*?<>|.'), (kind, told)
        assert 0 < len(told) <= 60


# files and bodies ---------------------------------------------------------------------------------------------


def test_what_is_no_photo_is_refused_and_not_kept(house, inspector, visit):
    tablet = Tablet(house)
    for kind, data in FILES.items():
        name, began = hashlib.sha256(data).hexdigest(), time.monotonic()
        answer = tablet.ask(
            "PUT",
            f"/api/v1/photos/{name}?inspection={visit.id}",
            data=data,
            content_type="image/jpeg",
            headers=OURS,
        )
        assert 400 <= answer.status_code < 500 and quick(began), (kind, answer.status_code)
        assert not house.world.desk().ledger.photos.has(name)
        page = inspector.open(f"/visits/{visit.id}/items/{NEEDLES[0]}/photos")
        sent = page.submit(
            {"photos": (io.BytesIO(data), "../../evil.jpg"), "photo": (io.BytesIO(data), "x.jpg")}
        )
        assert sent.status in (303, 409, 413, 422), (kind, sent.status)
    assert not house.world.desk().ledger.inspections.links(visit.id)


def test_what_is_no_envelope_is_refused(house, visit):
    tablet = Tablet(house)
    for address in (f"/inspections/{visit.id}/ops", f"/inspections/{visit.id}/finalize", "/rescue"):
        for kind, body in BODIES.items():
            began = time.monotonic()
            answer = tablet.ask("POST", f"/api/v1{address}", data=body, content_type="application/json")
            assert answer.status_code in (400, 403, 413, 415), (address, kind, answer.status_code)
            assert quick(began)
        for other in ("text/plain", "application/x-www-form-urlencoded", "image/jpeg"):
            answer = tablet.ask("POST", f"/api/v1{address}", data=json.dumps({}), content_type=other)
            assert answer.status_code in (403, 415)


def test_an_operation_of_somebody_else_is_not_taken(house, visit):
    tablet = Tablet(house)
    for change in ({"author": worlds.ADMINISTRATOR.id}, {"kind": "seal"}, {"base_rev": 2**40}, {"base_rev": -1}, {"item": "../x"},
                   {"person": "' OR 1=1"}, {"client_time": "1970-01-01T00:00:00Z"}, {"client_time": "2100-01-01T00:00:00Z"}):  # fmt: skip
        op = tablet.answer(NEEDLES[0], mark="IN") | change
        (row,) = tablet.post(f"/inspections/{visit.id}/ops", tablet.batch(op)).told["results"]
        assert (row["status"] == "rejected") != ("client_time" in change), (change, row)
