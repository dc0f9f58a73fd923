"""The session cookie and the token of forms: what is remembered must be no weaker than what is asked anew."""

import io
import re
import time
from typing import Any

import pytest
from itsdangerous import URLSafeTimedSerializer

from audit.web import cookies
from tests.operations import worlds
from tests.web.conftest import Browser

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REFUSED = "signed out or in again"


def token_of(browser: Browser) -> str:
    found = TOKEN.search(browser.client.get("/clinics/new").text)
    assert found
    return found[1]


def sent(browser: Browser, token: str) -> str:
    return str(browser.client.post("/clinics/new", data={"csrf_token": token, "name": "Bare"}).text)


def test_the_token_of_a_page_is_taken_again_and_again(inspector: Browser) -> None:
    token = token_of(inspector)
    assert all(REFUSED not in sent(inspector, token) for _ in range(3))
    assert REFUSED not in sent(inspector, token_of(inspector))


def test_a_token_made_for_nobody_here_is_refused(inspector: Browser, house: Any) -> None:
    token = token_of(inspector)
    sent(inspector, token)  # remembered from here on
    signer = URLSafeTimedSerializer(house.app.secret_key, salt="wtf-csrf-token")
    for wrong in ("", "x", "é", token[:-1], "é" + token, str(signer.dumps("0" * 40))):
        assert REFUSED in sent(inspector, wrong), wrong


def test_a_session_cookie_ends_by_its_age_also_when_remembered(
    inspector: Browser, house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert inspector.open("/visits").status == 200
    past_its_end = time.time() + house.app.permanent_session_lifetime.total_seconds() + 60
    monkeypatch.setattr(cookies, "now", lambda: past_its_end)
    assert inspector.open("/visits").status == 303


def test_a_changed_cookie_is_nobody(inspector: Browser) -> None:
    assert inspector.open("/visits").status == 200
    cookie = inspector.client.get_cookie("session")
    inspector.client.set_cookie("session", cookie.value[:-3] + "AAA")
    assert inspector.open("/visits").status == 303


def test_a_form_with_a_file_brings_a_token_that_flask_wtf_reads(inspector: Browser, house: Any) -> None:
    address = f"/visits/{house.world.start().id}/items/needles.single-use/photos"
    inspector.open("/visits")
    filled: dict[str, Any] = {**inspector.open(address).form.filled({})}
    filled["photo"] = (io.BytesIO(worlds.jpeg()), "a.jpg")
    assert inspector.send(address, filled).status == 303
