"""Passkeys in a real browser with a virtual authenticator, and answers that do not fit, without one."""

import json
import re
import threading
from typing import Any

import pytest
from werkzeug.serving import make_server

from audit.domain.problems import NotAllowed
from audit.operations import factors, passkeys
from audit.store.ledger import PASSKEY, Factor
from tests.operations import worlds
from tests.web.conftest import PASSWORD

INES = worlds.INSPECTOR_PERSON


@pytest.fixture
def served(house):
    """The app on a port of this machine: ``http://localhost:…``, which browsers trust."""
    server = make_server("127.0.0.1", 0, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def tab(browser, served):
    """A tab with an authenticator that knows its holder."""
    context = browser.new_context(base_url=served)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.cdp = context.new_cdp_session(page)
    page.cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    options |= {"automaticPresenceSimulation": True, "hasResidentKey": True}
    made = page.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.authenticator = made["authenticatorId"]
    yield page
    context.close()


def sign_in(tab) -> None:
    tab.goto("/sign-in")
    tab.fill("[name=login]", INES.login)
    tab.fill("[name=password]", PASSWORD)
    tab.click("main button")


def test_a_passkey_from_its_making_to_the_seal(house, tab) -> None:
    """Made, used as the second step, used in place of the password at the seal, removed."""
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    house.world.sign(visit)
    sign_in(tab)
    tab.goto("/account/second-factor/passkey")
    tab.fill("[name=name]", "This tablet")
    tab.click("[data-use]")
    tab.wait_for_selector("text=/recovery/i")
    assert (
        len(tab.cdp.send("WebAuthn.getCredentials", {"authenticatorId": tab.authenticator})["credentials"])
        == 1
    )
    tab.goto("/account/second-factor")
    assert "This tablet" in tab.inner_text("main")

    tab.context.clear_cookies()
    sign_in(tab)
    tab.click("[data-use]")
    tab.wait_for_url("**/visits")

    house.world.later(minutes=16)
    tab.goto(f"/visits/{visit.id}/seal")
    tab.click("text=Use a passkey instead")
    tab.click("[data-use]")
    tab.wait_for_url("**/hand-over*")
    assert house.world.desk().ledger.inspections.get(visit.id).state == "sealed"

    tab.goto("/account/second-factor")
    tab.click("summary:has-text('Remove')")
    tab.click("button.stop")
    tab.wait_for_selector("text=Removed.")
    assert not factors.own(house.world.desk(INES)).factors
    told = [line.deed for line in house.world.desk().ledger.trail.of(INES.id)]
    assert {"factor.added", "passkey.used", "factor.removed"} <= set(told)


def test_who_cannot_be_made_sure_of_goes_another_way(house, tab) -> None:
    """An authenticator that does not ask who holds it is no proof by itself; nor is one that refuses."""
    sign_in(tab)
    tab.goto("/account/second-factor/passkey")
    tab.click("[data-use]")
    tab.wait_for_selector("text=/recovery/i")
    told = {"authenticatorId": tab.authenticator, "isUserVerified": False}
    tab.cdp.send("WebAuthn.setUserVerified", told)
    house.world.later(minutes=16)
    tab.goto("/account")
    with tab.expect_navigation():
        tab.click("form[action='/account/data'] button")
    tab.click("[data-use]")
    tab.wait_for_selector("[data-trouble]:not([hidden])")
    assert tab.locator("#proof").is_visible()


def test_a_tablet_that_comes_back_seals_by_a_passkey(house, tab) -> None:
    """The page that is shown without a network; it asks once there is one."""
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    house.world.sign(visit)
    sign_in(tab)
    tab.goto("/account/second-factor/passkey")
    tab.click("[data-use]")
    tab.wait_for_selector("text=/recovery/i")
    house.world.later(minutes=16)
    shell = tab.context.request.get("/tablet")
    tab.route("**/seal", lambda route: route.fulfill(response=shell))
    refusing = {"authenticatorId": tab.authenticator, "isUserVerified": False}
    tab.cdp.send("WebAuthn.setUserVerified", refusing)
    tab.goto(f"/visits/{visit.id}/seal")
    tab.click("text=Use a passkey instead")
    tab.wait_for_selector(".err:has-text('No passkey came of it')")
    tab.cdp.send("WebAuthn.setUserVerified", refusing | {"isUserVerified": True})
    tab.click("text=Use a passkey instead")
    tab.wait_for_url("**/hand-over*")
    assert house.world.desk().ledger.inspections.get(visit.id).state == "sealed"
    assert "passkey.used" in [line.deed for line in house.world.desk().ledger.trail.of(INES.id)]


# without a browser --------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(house) -> Any:
    """Ines has a passkey whose key is nobody's."""
    with house.world.desk(INES).entry() as entry:
        entry.factors.add(Factor("f1", INES.id, PASSKEY, "Key", "AAAA", house.world.now, "Y3JlZA", 1))
        entry.note("factor.added", INES.id)
    return house


def half(house) -> Any:
    browser = house.browser()
    page = browser.open("/sign-in").submit({"login": INES.login, "password": PASSWORD})
    assert page.status == 200 and "passkey" in page.words
    return browser, page


NONSENSE = [
    "x",
    "[]",
    "{}",
    json.dumps({"id": "Y3JlZA"}),
    json.dumps({"id": 1, "rawId": 2, "response": 3, "type": 4}),
    json.dumps({"id": "b3RoZXI", "rawId": "b3RoZXI", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "Y3JlZA",
            "rawId": "Y3JlZA",
            "type": "public-key",
            "response": {"authenticatorData": "AA", "clientDataJSON": "e30", "signature": "AA"},
        }
    ),
    "{" * 30_000,
    "[" * 19_000,
]


@pytest.mark.parametrize("said", NONSENSE, ids=range(len(NONSENSE)))
def test_an_answer_that_does_not_fit_opens_nothing(keyed, said) -> None:
    browser, page = half(keyed)
    refused = page.submit({"passkey": said, "code": ""})
    assert refused.status == 422 and "was not taken" in refused.words
    assert browser.open("/visits").status == 303


def test_a_challenge_is_asked_of_one_session_and_taken_once(keyed) -> None:
    _, page = half(keyed)
    _, other = half(keyed)
    shown = [re.findall(r"&#34;challenge&#34;: &#34;([\w-]+)&#34;", one.text) for one in (page, other)]
    assert all(shown) and shown[0] != shown[1]
    page.submit({"passkey": "{}", "code": ""})
    left = [
        row for row in keyed.world.desk().ledger._db.execute("SELECT challenge FROM sessions WHERE half = 1")
    ]
    assert (
        sum(1 for row in left if row["challenge"]) == 2
    )  # the other's, and the new one of the page that came back


def test_a_signature_without_a_challenge_is_refused(keyed) -> None:
    at, place = keyed.world.desk(INES), passkeys.Place("localhost", "http://localhost")
    with pytest.raises(NotAllowed):
        passkeys.prove(at, "no such session", place, NONSENSE[-3])


def test_the_page_says_what_passkeys_need(keyed) -> None:
    browser, page = half(keyed)
    assert "Passkeys need JavaScript" in page.words
    assert "data-use hidden" in page.text
    assert browser.open("/account/second-factor").status == 303
