"""Every door: listed or guarded, dressed in its headers, refusing forms that are not ours."""

import json
import logging
from uuid import uuid4

import pytest
from flask import request
from werkzeug.routing import AnyConverter, UUIDConverter

from audit.app import create_app
from audit.config import Settings
from audit.domain.answers import Raw
from audit.domain.closure import FACILITY
from audit.domain.people import Person
from audit.domain.schedule import FOLLOW_UP
from audit.operations import closures, sealing
from audit.operations.closures import Proposal
from audit.web.gate import PAGE_BYTES, PUBLIC, RESCUE_BYTES, own_address
from audit.web.headers import ALWAYS, POLICY
from tests.operations import worlds
from tests.web.conftest import PASSWORD, Browser

NOBODY = str(uuid4())
PARTS = {
    "clinic_id": worlds.MISSION.id,
    "practitioner_id": NOBODY,
    "person_id": worlds.OWNER.id,
    "device_id": NOBODY,
    "action_id": NOBODY,
    "item": "needles.single-use",
    "key": "a",
    "kind": "record",
    "sha256": "0" * 64,
    "size": "thumb",
    "name": "style.css",
}


def doors(app, method, visit_id=NOBODY):
    """(endpoint, address) of every route that takes the method, with parts that fit its rule."""
    found, known = [], {**PARTS, "visit_id": visit_id}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method in rule.methods:
                parts = {name: known.get(name) or fitting(rule, name) for name in rule.arguments}
                _, address = rule.build(parts, append_unknown=False)
                found.append((rule.endpoint, address))
    return found


def fitting(rule, name):
    """Something of the kind that stands there."""
    kind = rule._converters[name]
    if isinstance(kind, AnyConverter):
        return min(kind.items)
    return NOBODY if isinstance(kind, UUIDConverter) else "1"


def is_api(endpoint):
    return endpoint.startswith("api.")


def test_every_door_needs_a_person_or_is_listed(house):
    stranger = house.browser()
    for endpoint, address in doors(house.app, "GET"):
        page = stranger.open(address)
        if endpoint == "sign_in.second":  # for who said a password only
            assert page.status == 303 and page.response.location == "/sign-in"
        elif endpoint in PUBLIC:
            assert page.status in (200, 404), address
        elif is_api(endpoint):
            assert page.status == 401 and page.response.is_json, address
        else:
            assert page.status == 303, address
            assert page.response.location.startswith("/sign-in"), address
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        for endpoint, address in doors(house.app, method):
            if endpoint not in PUBLIC:
                answer = stranger.client.open(address, method=method, headers={"Origin": "http://localhost"})
                assert answer.status_code == 401, address
                assert answer.is_json == is_api(endpoint), address


def test_the_public_list_names_only_doors_that_exist(house):
    assert set(house.app.view_functions) >= PUBLIC


def test_addresses_are_plain(house):
    for rule in house.app.url_map.iter_rules():
        fixed = "".join(part for part in rule.rule.split("/") if not part.startswith("<"))
        assert fixed == fixed.lower() and "_" not in fixed, rule.rule


@pytest.mark.parametrize("person", [worlds.INSPECTOR_PERSON, worlds.OWNER, worlds.ADMINISTRATOR])
def test_no_door_changes_anything_without_the_token(house, person):
    running, ending, proposed, closed = visits_with_closures(house.world)
    browser = house.browser(person)
    before = done(house.world)
    # A sealed visit has doors of its own: what only a follow-up may do is tried with one that could.
    everywhere = doors(house.app, "POST", running)
    of_sealed = [
        (endpoint, f"{address}?item=needles.single-use")
        for endpoint, address in doors(house.app, "POST", ending)
        if ending in address
    ]
    for closure, tried in ((proposed, everywhere), (closed, of_sealed)):
        for endpoint, address in tried:
            fields = {"name": "x", "reason": "x", "despite": "y", "op": str(uuid4()), "closure": closure}
            page = browser.send(address, fields)
            # The API asks for no token, but for its header.
            expected = (403,) if is_api(endpoint) else (303, 401, 403, 404, 405, 409, 422)
            assert page.status in expected, (endpoint, page.status)
            assert "Traceback" not in page.text
    assert done(house.world) == before


def visits_with_closures(world):
    """Ids: a running visit, a sealed follow-up with all in order, and the closures of the first and before both."""
    needles = ("needles.single-use", None)
    notice = Proposal(FACILITY, "", (needles[0],), "Needles were used twice.", "XX 9", "Ask within 15 days.")
    closing = world.start()
    world.answer(closing, worlds.COMPLETE)
    closed = closures.propose(world.desk(), closing.id, notice)
    ending = world.start(purpose=FOLLOW_UP)
    world.answer(ending, {**worlds.COMPLETE, needles: Raw(mark="IN")})
    for inspection in (closing, ending):
        world.sign(inspection)
        sealing.seal(world.desk(), inspection.id)
    running = world.start()
    world.answer(running, worlds.COMPLETE)
    proposed = closures.propose(world.desk(), running.id, notice)
    return running.id, ending.id, proposed.id, closed.id


def done(world):
    """What the trail tells, but for tries that were refused."""
    lines = world.desk().ledger.trail.newest(1000)
    refused = ("visit.refused", "thing.refused", "door.refused")
    return [line.deed for line in lines if line.deed not in refused]


def test_every_answer_carries_the_headers(house, inspector):
    for address in ("/sign-in", "/visits", "/nothing-here", "/people", "/healthz", "/visits/not-a-uuid"):
        headers = inspector.open(address).headers
        for name, value in ALWAYS.items():
            assert headers[name] == value, (address, name)
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers
        assert headers["X-Request-Id"]
    assert "unsafe" not in POLICY and "'none'" in POLICY


def test_a_failure_shows_a_number_and_no_trace(house, inspector, monkeypatch, caplog):
    monkeypatch.setitem(house.app.view_functions, "visits.index", lambda: 1 / 0)
    page = inspector.open("/visits")
    assert page.status == 500
    assert page.headers["X-Request-Id"] in page.words
    assert "ZeroDivision" not in page.text
    assert page.headers["Content-Security-Policy"] == POLICY
    assert page.headers["X-Request-Id"] in caplog.text and "ZeroDivisionError" in caplog.text


def test_the_log_has_one_line_and_no_secrets(house, caplog):
    with caplog.at_level(logging.INFO, logger="audit.web"):
        house.browser(worlds.INSPECTOR_PERSON)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "audit.web"]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [
        ("GET", "/sign-in", 200),
        ("POST", "/sign-in", 303),
    ]
    assert PASSWORD not in caplog.text and "csrf" not in caplog.text


def test_static_files_are_kept_for_a_year_under_their_content(house):
    stranger = house.browser()
    address = house.app.extensions["assets"].address["style.css"]
    page = stranger.open(address, headers={"Accept-Encoding": "gzip"})
    assert page.status == 200
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert page.headers["Content-Encoding"] == "gzip" and page.headers["Content-Type"].startswith("text/css")
    assert len(page.response.data) < 12_000
    assert stranger.open("/static/style.css").status == 404


def test_another_host_name_is_refused(house):
    page = house.browser().open("/sign-in", headers={"Host": "elsewhere.example"})
    assert page.status == 400


def test_behind_a_proxy_only_the_names_of_the_settings_are_answered(house):
    app = create_app(Settings(data=house.world.data, behind_proxy=1, hosts=("audit.example",)))
    for host, status in [
        ("audit.example", 200),
        ("audit.example:8443", 200),
        ("evil.example", 400),
    ]:
        page = Browser(app, None).open("/sign-in", headers={"Host": host})
        assert page.status == status, host


def test_a_long_form_is_refused_with_a_page(inspector):
    page = inspector.send("/clinics/new", {"name": "x" * 1_100_000})
    assert page.status == 413
    assert "too large" in page.words


def test_a_long_form_after_the_end_of_a_session_is_asked_who_it_is_and_not_read(house):
    page = house.browser().send("/clinics/new", {"name": "x" * 1_100_000})
    assert page.status == 401 and "Sign in" in page.words and "xxxx" not in page.text


def test_only_who_may_take_in_a_rescue_file_sends_a_long_one(house):
    """Nobody else fills the disk with it."""
    for who, most in ((None, PAGE_BYTES), (worlds.OWNER, PAGE_BYTES), (worlds.ADMINISTRATOR, RESCUE_BYTES)):
        browser = house.browser(who)
        for path in ("/devices/rescue", "/api/v1/rescue"):
            with browser.client:
                assert browser.client.post(path, data={}).status_code in (400, 401, 403, 415, 422)
                assert request.max_content_length == most, (path, who)


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "visits", "/a\nb"],
)
def test_nobody_is_sent_elsewhere_after_signing_in(address):
    assert own_address(address) == ""
    assert own_address("/visits?state=running") == "/visits?state=running"


def test_secure_cookies_behind_tls(house, tmp_path):
    from audit.app import create_app
    from audit.config import Settings

    proxied = Settings(data=house.world.data, behind_proxy=1, hosts=("audit.example",))
    app = create_app(proxied, clock=lambda: house.world.now)
    answer = app.test_client().get("/sign-in", base_url="https://audit.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_a_person_switched_off_is_out(house, inspector):
    off = Person(worlds.INSPECTOR_PERSON.id, "ines", "Ines Field", "inspector", active=False)
    with house.world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.people.change(off)
        entry.note("person.changed", off.id)
    assert inspector.open("/visits").status == 303
