"""Long pages and documents travel packed, and say the same."""

import gzip
import json

from tests.operations import worlds

PACKED = {"Accept-Encoding": "gzip, br"}


def test_a_page_is_packed_for_those_who_can_unpack_it(inspector):
    plain = inspector.open("/help")
    packed = inspector.client.get("/help", headers=PACKED)
    assert "Content-Encoding" not in plain.headers and packed.headers["Content-Encoding"] == "gzip"
    for answer in (plain.response, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.response.data) / 2
    assert b"The words of the field" in gzip.decompress(packed.data)


def test_a_checklist_for_the_tablet_is_packed(house, inspector):
    visit = house.world.start(worlds.INSPECTOR_PERSON)
    packed = inspector.client.get(f"/api/v1/checklists/{visit.checklist_sha}", headers=PACKED)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data))


def test_short_answers_and_files_stay_as_they_are(house, inspector):
    assert "Content-Encoding" not in inspector.client.get("/healthz", headers=PACKED).headers
    address = house.app.extensions["assets"].address["style.css"]
    sheet = inspector.client.get(address, headers=PACKED)
    assert gzip.decompress(sheet.data).startswith(b"/*")  # packed once, not twice
