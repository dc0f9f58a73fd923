"""Signing in and out, and going on where a session ended in the middle of a form."""

import json
from contextlib import suppress
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, make_response, redirect, render_template, request, session
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from audit.domain.problems import NotAllowed, Problem
from audit.operations import factors, passkeys, people, signing_in
from audit.operations.signing_in import Session
from audit.web.errors import Answer, answer_to
from audit.web.gate import (
    HALF,
    TOKEN,
    SignedOut,
    Unproved,
    begin,
    browser_of,
    desk,
    device_words,
    home,
    know_browser,
    own_address,
    place,
)
from forms.people import SecondFactor, SignIn
from forms.visits import Confirm

doors = Blueprint("sign_in", __name__)
LONGEST_KEPT = 400_000
# Forms with passwords: nothing of them is ever written into a page.
SECRET = frozenset({"factors", "links", "people", "sign_in"})


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
        who = form.text("login"), form.text("password"), request.remote_addr or ""
        entered = signing_in.sign_in(desk(), *who, browser_of(), device_words())
    except Problem as problem:
        status, words, headers = answer_to(problem)
        form.password.errors = [words]
        return _page(form, to, kept), 422 if isinstance(problem, NotAllowed) else status, headers
    before = session.get(TOKEN)
    begin(entered)
    if isinstance(before, str):
        signing_in.sign_out(desk(), before)
    if entered.half:
        return _second_page(SecondFactor(formdata=None), to, kept)
    return _entered(entered, to, kept)


def _entered(entered: Session, to: str, kept: str) -> Response:
    """To where they wanted to go, or to what they had typed; the browser is familiar from now on."""
    pairs = _pairs(kept)
    if pairs and to:
        return know_browser(
            make_response(render_template("sign_in/resume.html", next=to, pairs=pairs)), entered.person
        )
    return know_browser(redirect(to or home(entered.person), 303), entered.person)


@doors.get("/sign-in/second")
def second() -> str | Response:
    """The second factor, for somebody whose password was right."""
    try:
        factors.half_of(desk(), session.get(HALF, ""))
    except NotAllowed:
        return redirect("/sign-in", 303)
    return _second_page(SecondFactor(formdata=None), own_address(request.args.get("next", "")), "")


@doors.post("/sign-in/second")
def finish() -> Answer | str | Response:
    form, token = SecondFactor(), session.get(HALF, "")
    to = own_address(request.form.get("next", ""))
    kept = request.form.get("kept", "")[:LONGEST_KEPT] if _is_ours() else ""
    try:
        factors.half_of(desk(), token)
    except NotAllowed as problem:
        again = SignIn(formdata=None)
        again.password.errors = [problem.words]
        return _page(again, to, kept), 401
    said = request.form.get("passkey", "")
    if said:
        form.code.validators = ()
    if not form.validate_on_submit():
        return _second_page(form, to, kept), 422
    try:
        if said:
            entered = passkeys.complete(desk(), token, place(), said)
        else:
            entered = factors.complete(desk(), token, form.text("code"))
    except Problem as problem:
        status, words, headers = answer_to(problem)
        form.code.errors = [words]
        return _second_page(form, to, kept), 422 if isinstance(problem, NotAllowed) else status, headers
    begin(entered)
    return _entered(entered, to, kept)


def _second_page(form: SecondFactor, to: str, kept: str) -> str:
    token = session.get(HALF, "")
    person = factors.half_of(desk(), token)
    asked = passkeys.offer(desk(), person, token, place(), alone=False)
    return render_template(
        "sign_in/second.html", form=form, next=to, kept=kept, errors=form.error_links(), asked=asked
    )


@doors.post("/sign-out")
def leave() -> tuple[str, int] | Response:
    if not Confirm().validate_on_submit():
        return render_template("sign_in/still.html"), 422
    signing_in.sign_out(desk(), session.get(TOKEN, ""))
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
    pairs = _typed() if ours and request.blueprint not in SECRET else []
    kept = json.dumps(pairs, ensure_ascii=False) if pairs else ""
    path = request.full_path if request.query_string else request.path  # which person's photos, for example
    return _page(SignIn(formdata=None), own_address(path) if ours else "", kept[:LONGEST_KEPT]), 401


def _typed() -> list[tuple[str, str]]:
    """What stands in the form; of one that is too large to be read, nothing."""
    with suppress(RequestEntityTooLarge):
        return [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    return []


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


def _prove(unproved: Unproved) -> tuple[str, int]:
    """Something that cannot be taken back: the password once more, and what was typed goes on from this page."""
    pairs = [
        pair for pair in request.form.items(multi=True) if pair[0] not in ("csrf_token", "passkey", "proof")
    ]
    secret = any(value for name, value in pairs if name in ("new", "old", "password"))
    one = g.person
    asked = passkeys.offer(desk(), one, session[TOKEN], place(), alone=True) if one else ""
    page = render_template(
        "sign_in/prove.html",
        wrong=unproved.words,
        to=own_address(request.path) if _is_ours() else "",
        pairs=[] if secret or not _is_ours() else pairs,
        secret=secret,
        asked=asked,
    )
    return page, 401


def install(app: Flask) -> None:
    app.register_blueprint(doors)
    app.register_error_handler(SignedOut, _ask_again)
    app.register_error_handler(Unproved, _prove)
