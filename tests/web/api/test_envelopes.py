"""Envelopes that cannot be read: a 4xx with its reason, never a 5xx, and nothing is written."""

import json
from typing import Any

import pytest

from tests.web.api.conftest import OURS, Tablet

ITEM = "needles.single-use"


def raw(tablet, visit, body, **how):
    how.setdefault("content_type", "application/json")
    return tablet.ask("POST", f"/api/v1/inspections/{visit}/ops", data=body, **how)


def test_a_batch_cut_anywhere_is_refused(tablet, visit, lost):
    body = json.dumps(
        tablet.batch(*(tablet.answer(ITEM, mark="IN", note="Ünï ✓") for _ in range(3)))
    ).encode()
    before = lost()
    for cut in range(0, len(body) - 1, 10):
        assert raw(tablet, visit, body[:cut]).status_code == 400, cut
    assert lost() == before


BODIES = [
    b"",
    b"null",
    b"7",
    b"[]",
    b'"ops"',
    b"{",
    b"[" * 50_000,
    b'{"ops":' * 50_000,
    b'{"ops":' + b"[" * 30 + b"]" * 30 + b"}",
    b'{"device_id": NaN}',
    b'{"device_id": Infinity}',
    b'{"device_id": 1' + b"0" * 5000 + b"}",
    b'{"ops": [], "ops": []}',
    b"\xff\xfe",
    b'{"device_id": "\xff"}',
    b"{}",
]


def test_a_body_that_is_no_envelope_is_refused(tablet, visit, lost):
    before = lost()
    for body in BODIES:
        assert raw(tablet, visit, body).status_code == 400, body[:24]
    assert lost() == before


WRONG: list[dict[str, Any]] = [
    {"device_id": None},
    {"device_id": "tablet"},
    {"device_id": "\ud800"},
    {"device_id": 7},
    {"app_version": None},
    {"app_version": "x" * 500},
    {"sent_at": None},
    {"ops": None},
    {"ops": {}},
    {"ops": "x"},
]


def test_an_envelope_with_a_wrong_field_is_refused(tablet, visit, lost):
    before = lost()
    for wrong in WRONG:
        batch = tablet.batch(tablet.answer(ITEM, mark="IN")) | wrong
        assert tablet.post(f"/inspections/{visit}/ops", batch).status_code == 400, wrong
    assert lost() == before


def test_too_much_at_once_is_refused(tablet, visit):
    many = tablet.batch(*(tablet.answer(ITEM, mark="IN") for _ in range(201)))
    assert tablet.post(f"/inspections/{visit}/ops", many).status_code == 413
    long = tablet.batch(tablet.answer(ITEM, mark="IN", note="x" * 1_100_000))
    assert tablet.post(f"/inspections/{visit}/ops", long).status_code == 413


def test_two_hundred_at_once_are_taken_in(tablet, visit):
    many = [tablet.answer(ITEM, None, rev, mark="IN" if rev % 2 else "NO") for rev in range(200)]
    assert set(tablet.verdicts(visit, *many)) == {"applied"}


@pytest.mark.parametrize(
    ("version", "status"),
    [("2025-12-02.x", 426), ("2025-12-03.x", 200), ("2026-03-04.x", 200), ("dev", 200), ("0001-01-01", 426)],
)
def test_an_app_of_last_year_is_told_to_go(tablet, visit, version, status):
    batch = tablet.batch(tablet.answer(ITEM, mark="IN")) | {"app_version": version}
    answer = tablet.post(f"/inspections/{visit}/ops", batch)
    assert answer.status_code == status
    if status == 426:
        assert answer.told["error"]["code"] == "too-old"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_read(tablet, visit, kind):
    body = json.dumps(tablet.batch(tablet.answer(ITEM, mark="IN")))
    assert raw(tablet, visit, body, content_type=kind).status_code == 415


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        OURS | {"Sec-Fetch-Site": "cross-site"},
        OURS | {"Sec-Fetch-Site": "same-site"},
        OURS | {"Origin": "http://elsewhere.example"},
        OURS | {"Origin": "null"},
        OURS | {"Origin": "http://[::"},
    ],
    ids=str,
)
def test_a_page_of_another_site_can_do_nothing(tablet, visit, lost, headers):
    before = lost()
    batch = tablet.batch(tablet.answer(ITEM, mark="IN"))
    assert tablet.post(f"/inspections/{visit}/ops", batch, headers=headers).status_code == 403
    assert lost() == before


@pytest.mark.parametrize(
    "headers", [OURS, {"X-Clinic-Audit": "1"}, OURS | {"Sec-Fetch-Site": "none"}], ids=str
)
def test_a_page_of_ours_and_a_client_without_a_browser_may(tablet, visit, headers):
    batch = tablet.batch(tablet.answer(ITEM, mark="IN"))
    assert tablet.post(f"/inspections/{visit}/ops", batch, headers=headers).status_code == 200


def test_without_a_session_everything_says_so_and_nothing_leads_elsewhere(house, visit):
    nobody = Tablet(house, None)
    for answer in (
        nobody.get("/bootstrap"),
        nobody.get(f"/inspections/{visit}"),
        nobody.post(f"/inspections/{visit}/ops", nobody.batch()),
        nobody.photo(visit, b"x"),
    ):
        assert answer.status_code == 401 and answer.told["error"]["code"] == "signed-out"
    assert nobody.ask("HEAD", f"/api/v1/photos/{'0' * 64}?inspection={visit}").status_code == 401


def test_a_session_that_ended_keeps_nothing_from_coming_later(house, tablet, visit):
    house.world.later(hours=13)
    op = tablet.answer(ITEM, mark="IN")
    assert tablet.post(f"/inspections/{visit}/ops", tablet.batch(op)).status_code == 401
    again = Tablet(house)
    again.device = tablet.device
    assert again.verdicts(visit, op) == ["applied"]


def test_what_is_not_there_is_said_as_json(tablet):
    assert tablet.get("/nothing").status_code == 404
    assert tablet.get("/inspections/not-a-uuid").status_code == 404
    assert tablet.ask("DELETE", "/api/v1/bootstrap").status_code == 405


def test_a_failure_is_json_with_no_trace(house, tablet, monkeypatch):
    monkeypatch.setitem(house.app.view_functions, "api.bootstrap.show", lambda: 1 / 0)
    answer = tablet.get("/bootstrap")
    assert answer.status_code == 500 and "ZeroDivision" not in answer.text


def test_what_cannot_be_saved_now_says_when_to_come_again(house, tablet, visit, monkeypatch):
    from audit.domain.problems import NoRoom
    from audit.operations import tablet as deeds

    def full(*_):
        raise NoRoom("There is no room left on the disk.")

    monkeypatch.setattr(deeds, "receive", full)
    answer = tablet.post(f"/inspections/{visit}/ops", tablet.batch(tablet.answer(ITEM, mark="IN")))
    assert answer.status_code == 503 and int(answer.headers["Retry-After"]) > 0
