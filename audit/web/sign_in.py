"""Signing in and out, and going on where a session ended in the middle of a form."""

import json
from urllib.parse import urlsplit

from flask import Blueprint, Flask, redirect, render_template, request, session
from werkzeug.wrappers import Response

from audit.domain.problems import NotAllowed, Problem
from audit.operations import people
from audit.web.errors import Answer, answer_to
from audit.web.gate import TOKEN, SignedOut, begin, desk, own_address
from forms.people import SignIn
from forms.visits import Confirm

doors = Blueprint("sign_in", __name__)
LONGEST_KEPT = 400_000
# Forms with passwords: nothing of them is ever written into a page.
SECRET = frozenset({"links", "people", "sign_in"})


@doors.get("/sign-in")
def show() -> str:
    return _page(SignIn(), own_address(request.args.get("next", "")), "")


@doors.post("/sign-in")
def enter() -> Answer | str | Response:
    form = SignIn()
    to = own_address(request.form.get("next", ""))
    kept = request.form.get("kept", "")[:LONGEST_KEPT] if _is_ours() else ""
    if not form.validate_on_submit():
        return _page(form, to, kept), 422
    try:
        entered = people.sign_in(desk(), form.text("login"), form.text("password"), request.remote_addr or "")
    except Problem as problem:
        status, words, headers = answer_to(problem)
        form.password.errors = [words]
        return _page(form, to, kept), 422 if isinstance(problem, NotAllowed) else status, headers
    before = session.get(TOKEN)
    begin(entered.token)
    if isinstance(before, str):
        people.sign_out(desk(), before)
    pairs = _pairs(kept)
    if pairs and to:
        return render_template("sign_in/resume.html", next=to, pairs=pairs)
    return redirect(to or "/visits", 303)


@doors.post("/sign-out")
def leave() -> tuple[str, int] | Response:
    if not Confirm().validate_on_submit():
        return render_template("sign_in/still.html"), 422
    people.sign_out(desk(), session.get(TOKEN, ""))
    session.clear()
    return redirect("/sign-in", 303)


def _page(form: SignIn, to: str, kept: str) -> str:
    first = people.nobody_yet(desk())
    return render_template(
        "sign_in/show.html", form=form, next=to, kept=kept, first=first, errors=form.error_links()
    )


def _ask_again(signed_out: SignedOut) -> tuple[str, int]:
    """A form arrived after its session ended: ask who it is and keep what was typed on the page."""
    ours = _is_ours()
    keeps = ours and request.blueprint not in SECRET
    pairs = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"] if keeps else []
    kept = json.dumps(pairs, ensure_ascii=False) if pairs else ""
    path = request.full_path if request.query_string else request.path  # which person's photos, for example
    return _page(SignIn(formdata=None), own_address(path) if ours else "", kept[:LONGEST_KEPT]), 401


def _is_ours() -> bool:
    """Does this form come from a page of this host? A browser that does not say so may carry a stranger's form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        return urlsplit(sender).netloc == request.host
    except ValueError:
        return False


def _pairs(kept: str) -> list[tuple[str, str]]:
    """The kept names and values; anything else than a list of text pairs is nothing."""
    try:
        found = json.loads(kept) if kept else []
    except ValueError:
        return []
    if not isinstance(found, list):
        return []
    return [
        (pair[0], pair[1])
        for pair in found
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)
    ]


def install(app: Flask) -> None:
    app.register_blueprint(doors)
    app.register_error_handler(SignedOut, _ask_again)
