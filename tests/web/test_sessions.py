"""Sessions end when somebody says so, and only then."""


def test_a_stale_sign_out_says_that_the_session_lives(inspector):
    page = inspector.send("/sign-out", {"csrf_token": "stale"})
    assert page.status == 422 and "You are still signed in" in page.words
    assert inspector.open("/visits").status == 200
    outs = [form for form in page.forms if form.action == "/sign-out"]
    out = inspector.send("/sign-out", outs[-1].filled({}))
    assert out.status == 303 and out.response.location == "/sign-in"
    assert inspector.open("/visits").status == 303
