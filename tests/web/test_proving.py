"""Who proves what: the password once more at the seal and at changes of people, half sessions, own sessions."""

import re
from datetime import timedelta
from typing import Any

import pytest

from audit.domain import codes
from audit.operations import people, signing_in
from audit.web.gate import PROVED, PUBLIC, SETTING_UP
from tests.operations import worlds
from tests.web.api.conftest import OURS, Tablet
from tests.web.conftest import PASSWORD, Browser

EDIT = f"/people/{worlds.OWNER.id}"
STALE = signing_in.PROVED_FOR + timedelta(minutes=1)


@pytest.fixture
def administrator(house: Any) -> Browser:
    return house.browser(worlds.ADMINISTRATOR)


@pytest.fixture
def ready(house: Any) -> str:
    """The address of a visit that can be sealed."""
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    house.world.sign(visit)
    return f"/visits/{visit.id}/seal"


def state(house: Any, address: str) -> str:
    return house.world.desk().ledger.inspections.get(address.split("/")[2]).state


def form_to(page: Any, action: str) -> Any:
    (found,) = [form for form in page.forms if form.action == action]
    return found


def test_the_lists_name_only_doors_that_exist(house: Any) -> None:
    assert set(house.app.view_functions) >= PROVED | SETTING_UP
    assert not PROVED & PUBLIC


# the seal -------------------------------------------------------------------------------------------------------


def test_whoever_signed_in_just_now_seals_without_being_asked(
    house: Any, inspector: Browser, ready: str
) -> None:
    page = inspector.open(ready)
    assert "proof" not in page.ids
    assert page.submit().status == 303 and state(house, ready) == "sealed"


def test_later_the_seal_asks_for_the_password(house: Any, inspector: Browser, ready: str) -> None:
    house.world.later(seconds=STALE.total_seconds())
    page = inspector.open(ready)
    assert "proof" in page.ids
    wrong = page.submit({"proof": "not my password"})
    assert wrong.status == 401 and "This is not your password." in wrong.words
    assert state(house, ready) == "running"
    sealed = wrong.submit({"proof": PASSWORD})
    assert sealed.status == 303 and state(house, ready) == "sealed"


def test_a_page_left_open_asks_on_a_page_of_its_own(house: Any, inspector: Browser, ready: str) -> None:
    page = inspector.open(ready)
    house.world.later(seconds=STALE.total_seconds())
    asked = page.submit()
    assert asked.status == 401 and "Is it still you?" in asked.words and state(house, ready) == "running"
    assert asked.submit({"proof": PASSWORD}).status == 303 and state(house, ready) == "sealed"


def test_guessing_at_the_seal_is_slowed_down(house: Any, inspector: Browser, ready: str) -> None:
    house.world.later(seconds=STALE.total_seconds())
    page = inspector.open(ready)
    for _ in range(signing_in.FREE_TRIES):
        assert page.submit({"proof": "a guess of mine"}).status == 401
    told = page.submit({"proof": PASSWORD})
    assert told.status == 401 and "Too many tries" in told.words and state(house, ready) == "running"


def test_a_form_of_another_site_tries_no_password(house: Any, inspector: Browser, ready: str) -> None:
    house.world.later(seconds=STALE.total_seconds())
    sent = inspector.send(ready, {"proof": PASSWORD}, headers={"Origin": "http://elsewhere.example"})
    assert sent.status == 401 and PASSWORD not in sent.text and state(house, ready) == "running"
    assert "proof" not in sent.ids


# people ---------------------------------------------------------------------------------------------------------


def test_a_change_of_role_asks_and_then_goes_on(house: Any, administrator: Browser) -> None:
    page = administrator.open(EDIT)
    house.world.later(seconds=STALE.total_seconds())
    fields = form_to(page, EDIT).filled({"role": "inspector", "clinics": None})
    asked = administrator.send(EDIT, fields)
    at = house.world.desk(worlds.ADMINISTRATOR)
    assert asked.status == 401 and people.get(at, worlds.OWNER.id).role == "owner"
    assert asked.submit({"proof": PASSWORD}).status == 303
    assert people.get(at, worlds.OWNER.id).role == "inspector"
    # And then not again for a while.
    assert administrator.send(EDIT, fields | {"name": ["Olu A."]}).status == 303


def test_a_typed_password_stands_in_no_page(house: Any, administrator: Browser) -> None:
    page = administrator.open("/people/new")
    house.world.later(seconds=STALE.total_seconds())
    secret = "seven quiet herons wade"
    asked = page.submit({"name": "Nia", "login": "nia", "role": "inspector", "password": secret})
    assert asked.status == 401 and secret not in asked.text and "/people/new" in asked.links
    anew = administrator.open("/people/new")
    typed = {"name": "Nia", "login": "nia", "role": "inspector", "password": secret, "proof": PASSWORD}
    assert anew.submit(typed).status == 303


# where mailed links lead ----------------------------------------------------------------------------------------


def test_where_mailed_links_lead_changes_after_the_password(house: Any, administrator: Browser) -> None:
    page = administrator.open("/agency")
    house.world.later(seconds=STALE.total_seconds())
    asked = page.submit({"site": "https://elsewhere.example"})
    ledger = house.world.desk().ledger
    assert asked.status == 401 and not ledger.agency.get().site
    assert asked.submit({"proof": PASSWORD}).status == 303
    assert ledger.agency.get().site == "https://elsewhere.example"
    plain = administrator.open("/agency").submit({"site": "http://elsewhere.example"})
    assert plain.status == 422 and ledger.agency.get().site == "https://elsewhere.example"


# other people's work --------------------------------------------------------------------------------------------


def test_work_of_a_lost_tablet_is_taken_in_after_the_password(house: Any, administrator: Browser) -> None:
    tablet, visit = Tablet(house), house.world.start().id
    tablet.send(visit, tablet.answer("needles.single-use", mark="IN"))
    form = form_to(tablet.browser.open("/devices"), f"/devices/{tablet.device}/revoke")
    assert tablet.browser.send(form.action, form.filled({"sure": "y"})).status == 303
    tablet.send(visit, tablet.answer("gloves.changed", mark="IN"))
    page, release = administrator.open("/devices"), f"/devices/{tablet.device}/release"
    house.world.later(seconds=STALE.total_seconds())
    asked = administrator.send(release, form_to(page, release).filled({}))
    assert asked.status == 401 and len(tablet.visit(visit)["answers"]) == 1
    assert asked.submit({"proof": PASSWORD}).status == 303
    assert len(tablet.visit(visit)["answers"]) == 2


def test_a_rescue_file_asks_for_a_fresh_sign_in(house: Any) -> None:
    administrator = Tablet(house, worlds.ADMINISTRATOR)
    house.world.later(seconds=STALE.total_seconds())
    told = administrator.post("/rescue", {})
    assert told.status_code == 403 and "Sign in anew" in told.told["error"]["words"]


# the second factor ----------------------------------------------------------------------------------------------


def set_up(house: Any, browser: Browser) -> tuple[str, list[str]]:
    """By the pages: the key, and the recovery codes they show."""
    page = browser.open("/account/second-factor/app")
    key = page.form.values("key")[0]
    done = page.submit({"code": shown(house, key), "name": "my phone"})
    assert done.status == 200, done.words
    return key, re.findall(r'<li class="hash">([A-Z2-9 ]+)</li>', done.text)


def shown(house: Any, key: str) -> str:
    return codes.code_of(key, codes.step_of(house.world.now))


def test_with_an_app_the_password_opens_half_a_door(house: Any, inspector: Browser) -> None:
    key, recovery = set_up(house, inspector)
    assert len(recovery) == 10
    house.world.later(minutes=1)
    browser = house.browser()
    asked = browser.open("/sign-in?next=/clinics").submit({"login": "ines", "password": PASSWORD})
    assert asked.status == 200 and "Is it you?" in asked.words
    assert browser.open("/visits").response.location.startswith("/sign-in")
    wrong = asked.submit({"code": "no code"})
    assert wrong.status == 422 and "not right" in wrong.words
    entered = wrong.submit({"code": shown(house, key)})
    assert entered.status == 303 and entered.response.location == "/clinics"
    assert browser.open("/visits").status == 200
    other = house.browser()
    asked = other.open("/sign-in").submit({"login": "ines", "password": PASSWORD})
    assert asked.submit({"code": recovery[0]}).status == 303 and other.open("/visits").status == 200
    assert "Left: 9." in other.open("/account/second-factor").words


def test_half_a_door_closes_by_itself(house: Any, inspector: Browser) -> None:
    key, _ = set_up(house, inspector)
    browser = house.browser()
    assert browser.open("/sign-in/second").status == 303
    asked = browser.open("/sign-in").submit({"login": "ines", "password": PASSWORD})
    assert browser.open("/sign-in/second").status == 200
    house.world.later(minutes=16)
    late = asked.submit({"code": shown(house, key)})
    assert late.status == 401 and "too long" in late.words and browser.open("/visits").status == 303


def test_what_was_typed_comes_through_both_steps(house: Any, inspector: Browser) -> None:
    key, _ = set_up(house, inspector)
    page = inspector.open("/clinics/new")
    house.world.later(hours=13)
    asked = page.submit({"name": "Quay Street Ink"})
    assert asked.status == 401
    second = asked.submit({"login": "ines", "password": PASSWORD})
    resumed = second.submit({"code": shown(house, key)})
    assert resumed.status == 200 and resumed.form.values("name") == ["Quay Street Ink"]


def test_the_agencys_rule_leads_everybody_to_the_set_up(house: Any, administrator: Browser) -> None:
    page = administrator.open("/account/second-factor")
    refused = administrator.send(
        "/account/second-factor/rule", form_to(page, "/account/second-factor/rule").filled({})
    )
    assert refused.status == 409 and "your own second factor first" in refused.words
    set_up(house, administrator)
    page = administrator.open("/account/second-factor")
    form = form_to(page, "/account/second-factor/rule")
    assert administrator.follow(administrator.send(form.action, form.filled({}))).status == 200
    ines, olu = house.browser(worlds.INSPECTOR_PERSON), house.browser(worlds.OWNER)
    assert olu.open("/visits").status == 200
    assert ines.open("/visits").response.location == "/account/second-factor"
    assert "Your agency requires one" in ines.open("/account/second-factor").words
    assert ines.open("/api/v1/bootstrap").status == 403
    set_up(house, ines)
    assert ines.open("/visits").status == 200 and ines.open("/api/v1/bootstrap").status == 200


def test_whoever_owes_the_second_factor_gets_past_no_door(house: Any) -> None:
    """Each door by each method, as an inspector and as an administrator without one; what is open to all stays open."""
    with house.world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.factors.require(True)
        entry.note("second-factor.required", "")
    for person in (worlds.INSPECTOR_PERSON, worlds.ADMINISTRATOR):
        browser, past = house.browser(person), []
        for rule in house.app.url_map.iter_rules():
            if rule.endpoint in PUBLIC | SETTING_UP:
                continue
            address = re.sub(r"<uuid:[^>]+>", worlds.MISSION.id, rule.rule)
            address = re.sub(r"<any\((\w+)[^>]*>", r"\1", address)
            address = re.sub(r"<int:[^>]+>", "1", address)
            address = re.sub(r"<[^>]+>", "x", address)
            for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE", "PATCH"}:
                answer = browser.client.open(address, method=method, headers=OURS)
                led = answer.status_code == 303 and answer.location == "/account/second-factor"
                refused = rule.endpoint.startswith("api.") and answer.status_code == 403
                past += [] if led or refused else [(method, address, answer.status)]
        assert past == []


def test_only_administrators_see_and_move_the_rule(house: Any, inspector: Browser) -> None:
    page = inspector.open("/account/second-factor")
    assert "/account/second-factor/rule" not in page.text
    token = form_to(page, "/sign-out").values("csrf_token")[0]
    sent = inspector.send("/account/second-factor/rule", {"csrf_token": token, "to": "on"})
    assert sent.status == 403


def test_an_administrator_takes_lost_factors_away(house: Any, administrator: Browser) -> None:
    address = f"{EDIT}/second-factors"
    assert address not in administrator.open(EDIT).text
    set_up(house, house.browser(worlds.OWNER))
    form = form_to(administrator.open(EDIT), address)
    done = administrator.follow(administrator.send(address, form.filled({})))
    assert "every session of this person has ended" in done.words
    assert house.browser(worlds.OWNER).open("/visits").status == 200


def test_one_removes_ones_own(house: Any, inspector: Browser) -> None:
    set_up(house, inspector)
    page = inspector.open("/account/second-factor")
    assert "my phone" in page.words
    form = form_to(page, "/account/second-factor/remove")
    assert "Removed." in inspector.follow(inspector.send(form.action, form.filled({}))).words
    assert house.browser(worlds.INSPECTOR_PERSON).open("/visits").status == 200


# sessions -------------------------------------------------------------------------------------------------------

PHONE = (
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
)


def test_one_signs_out_somewhere_else(house: Any, inspector: Browser) -> None:
    other = house.browser()
    fields = other.open("/sign-in").form.filled({"login": "ines", "password": PASSWORD})
    how = {"headers": {"Origin": "http://localhost", "User-Agent": PHONE}}
    assert other.send("/sign-in", fields, **how).status == 303
    page = inspector.open("/account/sessions")
    assert "Chrome, Android" in page.words and "This one" in page.words and "127.0.0.1" in page.words
    ended = inspector.follow(
        inspector.send("/account/sessions/end", form_to(page, "/account/sessions/end").filled({}))
    )
    assert "Signed out there." in ended.words and "Chrome, Android" not in ended.words
    assert other.open("/visits").status == 303 and inspector.open("/visits").status == 200


def test_one_signs_out_everywhere_else(house: Any, inspector: Browser) -> None:
    others = [house.browser(worlds.INSPECTOR_PERSON) for _ in range(2)]
    form = form_to(inspector.open("/account/sessions"), "/account/sessions/end-others")
    assert inspector.send(form.action, form.filled({})).status == 303
    assert [one.open("/visits").status for one in others] == [303, 303]
    assert inspector.open("/visits").status == 200


def test_the_browser_is_familiar_after_signing_in(house: Any) -> None:
    browser = house.browser(worlds.INSPECTOR_PERSON)
    cookie = browser.client.get_cookie("browser")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax"
    strangers = house.browser()
    page = strangers.open("/sign-in")
    for _ in range(4):
        told = page.submit({"login": "ines", "password": "a wrong password"})
    assert told.status == 429
    familiar = browser.open("/account").browser
    again = familiar.open("/sign-in").submit({"login": "ines", "password": PASSWORD})
    assert again.status == 303
