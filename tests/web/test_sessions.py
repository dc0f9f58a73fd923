"""Sessions end when somebody says so, and only then."""

from tests.operations import worlds
from tests.web.conftest import PASSWORD


def test_a_stale_sign_out_says_that_the_session_lives(inspector):
    page = inspector.send("/sign-out", {"csrf_token": "stale"})
    assert page.status == 422 and "You are still signed in" in page.words
    assert inspector.open("/visits").status == 200
    outs = [form for form in page.forms if form.action == "/sign-out"]
    out = inspector.send("/sign-out", outs[-1].filled({}))
    assert out.status == 303 and out.response.location == "/sign-in"
    assert inspector.open("/visits").status == 303


def test_signing_in_again_ends_the_session_before(house, inspector):
    old = inspector.client.get_cookie("session").value
    page = inspector.open("/sign-in")
    assert page.submit({"login": "ines", "password": "not this one at all"}).status == 422
    assert inspector.open("/visits").status == 200
    assert page.submit({"login": worlds.OWNER.login, "password": PASSWORD}).status == 303
    assert inspector.open("/visits").status == 200
    thief = house.browser()
    thief.client.set_cookie("session", old)
    assert thief.open("/visits").status == 303
