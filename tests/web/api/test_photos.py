"""Photos: named by their content, refused when anything is wrong, acknowledged once they are kept."""

import hashlib
import json

import pytest

from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.web.api.conftest import Tablet

ITEM = "needles.single-use"
DATA = worlds.jpeg()
NAME = hashlib.sha256(DATA).hexdigest()


def head(tablet, visit, name=NAME):
    return tablet.ask("HEAD", f"/api/v1/photos/{name}?inspection={visit}").status_code


def test_a_photo_arrives_once_and_shows_when_it_is_linked(house, tablet, visit):
    assert tablet.verdicts(visit, tablet.op("photo-link", ITEM, sha256=NAME, caption="Tray")) == ["rejected"]
    assert head(tablet, visit) == 404
    for _ in range(2):
        answer = tablet.photo(visit, DATA)
        assert answer.status_code == 201
        assert (answer.told["sha256"], answer.told["size"]) == (NAME, len(DATA))
    assert head(tablet, visit) == 200
    assert tablet.verdicts(visit, tablet.op("photo-link", ITEM, sha256=NAME, caption="Tray")) == ["applied"]
    (link,) = tablet.visit(visit)["links"]
    assert (link["item"], link["sha256"], link["caption"]) == (ITEM, NAME, "Tray")
    assert tablet.verdicts(visit, tablet.op("caption", ITEM, sha256=NAME, caption="Open tray")) == ["applied"]
    assert tablet.visit(visit)["links"][0]["caption"] == "Open tray"
    arrow = {"kind": "arrow", "from": [0, 0], "to": [900, 800]}
    drawn = tablet.op("caption", ITEM, sha256=NAME, caption="Open tray", marks=[arrow])
    wrong = tablet.op("caption", ITEM, sha256=NAME, caption="x", marks=[7])
    assert tablet.verdicts(visit, drawn, wrong) == ["applied", "rejected"]
    assert tablet.visit(visit)["links"][0]["marks"] == [arrow]
    assert tablet.verdicts(visit, tablet.op("photo-link", ITEM, sha256=NAME, caption="Tray")) == ["applied"]
    assert tablet.visit(visit)["links"][0]["marks"] == [arrow]
    assert tablet.verdicts(visit, tablet.op("photo-unlink", ITEM, sha256=NAME)) == ["applied"]
    assert tablet.visit(visit)["links"] == []
    assert tablet.verdicts(visit, tablet.op("caption", ITEM, sha256=NAME, caption="x")) == ["rejected"]


def test_one_photo_may_show_at_two_items(tablet, visit):
    tablet.photo(visit, DATA)
    both = [tablet.op("photo-link", item, sha256=NAME) for item in (ITEM, "gloves.changed")]
    assert tablet.verdicts(visit, *both) == ["applied", "applied"]


@pytest.mark.parametrize("cut", [0, 1, len(DATA) // 2, len(DATA) - 1])
def test_a_photo_that_was_cut_is_refused(house, tablet, visit, cut):
    assert tablet.photo(visit, DATA[:cut], NAME).status_code == 422
    assert head(tablet, visit) == 404


def test_a_photo_that_was_changed_on_its_way_is_refused(tablet, visit):
    flipped = bytes([*DATA[:500], DATA[500] ^ 1, *DATA[501:]])
    assert tablet.photo(visit, flipped, NAME).status_code == 422


def test_bytes_that_are_no_photo_are_refused(tablet, visit):
    assert tablet.photo(visit, b"%!PS-Adobe-3.0 EPSF-3.0").status_code == 422


def test_a_photo_that_is_too_large_is_refused(tablet, visit):
    assert tablet.photo(visit, b"x" * (8 * 1024 * 1024 + 1)).status_code == 413
    assert tablet.photo(visit, b"x" * (12 * 1024 * 1024 + 1)).status_code == 413


@pytest.mark.parametrize("name", ["x", "0" * 63, "G" * 64, NAME.upper()])
def test_a_name_that_is_none_is_not_there(tablet, visit, name):
    assert tablet.photo(visit, DATA, name).status_code == 404


def test_only_images_are_read(tablet, visit):
    address = f"/api/v1/photos/{NAME}?inspection={visit}"
    assert tablet.ask("PUT", address, data=DATA, content_type="application/json").status_code == 415
    assert tablet.ask("PUT", address, data=DATA, content_type="image/jpeg", headers={}).status_code == 403


def test_only_who_may_write_in_the_visit_may_add_to_it(house, visit):
    for person, status in ((worlds.OWNER, 404), (worlds.ADMINISTRATOR, 403)):
        tablet = Tablet(house, person)
        assert tablet.photo(visit, DATA).status_code == status
        assert head(tablet, visit) == status
    inspector = Tablet(house)
    for wrong in ("", "x", "00000000-0000-4000-8000-000000000000"):
        assert inspector.photo(wrong, DATA).status_code in (400, 404)


def test_what_the_camera_said_is_kept_apart(house, tablet, visit):
    said = {"taken_at": "2026-03-03T08:58:00", "lat": 37.7, "lon": -122.4, "camera": "Tablet 9"}
    tablet.photo(visit, DATA, **{"X-Photo-Claims": json.dumps(said)})
    claims = house.world.desk().ledger.photos.claims(NAME)
    assert (claims.taken_at, claims.latitude, claims.longitude) == (said["taken_at"], 37.7, -122.4)


@pytest.mark.parametrize(
    "claims",
    ["{", "[]", '{"lat": "x"}', '{"lat": NaN}', '{"lat": 1e400}', '{"camera": 7}', '{"camera": "\\ud800"}',
     '{"taken_at": "' + "x" * 200 + '"}', "x" * 3000],
)  # fmt: skip
def test_claims_that_cannot_be_read_are_refused(tablet, visit, claims):
    assert tablet.photo(visit, DATA, **{"X-Photo-Claims": claims}).status_code == 400


def test_a_place_off_the_globe_is_no_place(house, tablet, visit):
    tablet.photo(visit, DATA, **{"X-Photo-Claims": '{"lat": 91, "lon": 7}'})
    assert house.world.desk().ledger.photos.claims(NAME).latitude is None


def test_photos_of_a_sealed_visit_stay(house, tablet):
    from audit.operations import sealing

    started = house.world.start()
    house.world.answer(started, worlds.COMPLETE)
    house.world.sign(started)
    sealing.seal(house.world.desk(), started.id)
    assert tablet.photo(started.id, DATA).status_code == 409
    assert open_visit(house.world.desk(), started.id).links == {}
