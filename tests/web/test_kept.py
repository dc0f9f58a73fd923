"""What was typed when a session ended waits on the sign-in page: for its owner, without secrets, through errors."""

import pytest

from audit.domain.problems import BadInput, Fault
from audit.operations import signing_in
from tests.operations import worlds
from tests.web.conftest import PASSWORD

HERE = {"Sec-Fetch-Site": "same-origin"}
CLINIC = {"name": "Northside Scalp"}


def test_what_was_typed_is_saved_after_signing_in(house, inspector):
    page = inspector.open("/clinics/new")
    house.world.later(hours=13)
    asked = page.submit(CLINIC, headers=HERE)
    assert asked.status == 401 and "Northside Scalp" in asked.form.values("kept")[0]
    resume = asked.submit({"login": "ines", "password": PASSWORD}, headers=HERE)
    assert resume.status == 200 and resume.form.action == "/clinics/new"
    assert resume.form.values("name") == ["Northside Scalp"]


def test_signing_in_goes_back_to_the_same_persons_photos(house, inspector):
    visit = house.world.start()
    address = f"/visits/{visit.id}/items/licence.shown/photos?person={worlds.ANNA.id}"
    house.world.later(hours=13)
    asked = inspector.send(address, {"deed": "none"}, headers=HERE)
    assert asked.status == 401 and asked.form.values("next") == [address]


@pytest.mark.parametrize(
    ("address", "field"), [("/account", "new"), ("/account", "old"), ("/people/new", "password")]
)
def test_no_password_is_written_into_a_page(house, address, field):
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open(address)
    house.world.later(hours=25)
    asked = page.submit({field: "a secret that nobody reads"}, headers=HERE)
    assert asked.status == 401 and "secret" not in asked.text
    assert asked.form.values("kept") == [] and asked.form.values("next") == [address]


@pytest.mark.parametrize(
    ("sender", "is_kept"),
    [
        ({}, False),
        ({"Origin": "http://localhost"}, True),
        ({"Referer": "http://localhost/clinics/new"}, True),
        ({"Origin": "null", "Referer": "http://localhost/"}, False),
        ({"Origin": "http://localhost.elsewhere.example"}, False),
        ({"Origin": "http://localhost:8001"}, False),
        ({"Origin": "http://["}, False),
        ({"Referer": "http://elsewhere.example/localhost"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
    ],
)
def test_a_strangers_form_is_not_kept(house, sender, is_kept):
    stranger = house.browser()
    asked = stranger.send("/clinics/new", CLINIC, headers=sender)
    assert asked.status == 401 and ("Northside" in asked.text) == is_kept
    handed = {"login": "ines", "next": "/clinics/new", "kept": '[["name", "Northside Scalp"]]'}
    assert ("Northside" in stranger.send("/sign-in", handed, headers=sender).text) == is_kept


def test_what_was_typed_outlasts_errors_of_the_sign_in(house, inspector, monkeypatch):
    page = inspector.open("/clinics/new")
    house.world.later(hours=13)
    asked = page.submit(CLINIC, headers=HERE)
    for one in range(8):
        asked = asked.submit({"login": "ines", "password": f"guess number {one:04}"}, headers=HERE)
        assert "Northside Scalp" in asked.form.values("kept")[0]
    assert asked.status == 429 and int(asked.headers["Retry-After"]) > 0 and "Too many tries" in asked.words
    house.world.later(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr(signing_in, "sign_in", _refuse)
        asked = asked.submit({"login": "ines", "password": "x"}, headers=HERE)
    assert asked.status == 422 and "Not a password." in asked.words
    resume = asked.submit({"password": PASSWORD}, headers=HERE)
    assert resume.form.values("name") == ["Northside Scalp"]


def _refuse(*_):
    raise BadInput([Fault("password", "Not a password.")])
