"""One's own second factors, and whether the agency requires them."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from audit.domain.problems import BadInput, NotAllowed, NotNow
from audit.domain.tongue import word
from audit.operations import agency, factors, passkeys
from audit.web.dates import moment_words
from audit.web.gate import TOKEN, desk, place
from forms.people import NewApp, NewPasskey
from forms.visits import Confirm

doors = Blueprint("factors", __name__)
Answer = str | Response | tuple[str, int]
SAVED = {
    "removed": word("Removed."),
    "required": word("From now on inspectors and administrators set up a second factor when they sign in."),
    "free": word("A second factor is everybody's own choice again."),
}


@doors.get("/account/second-factor")
def show() -> str:
    return _page([])


def _page(errors: list[tuple[str, str]]) -> str:
    own, zone = factors.own(desk()), agency.get(desk()).time_zone
    return render_template(
        "people/factors.html",
        rows=[
            {
                "id": row.id,
                "name": row.name,
                "made": moment_words(row.made_at, zone),
                "used": moment_words(row.used_at, zone) if row.used_at else "",
            }
            for row in own.factors
        ],
        left=own.codes_left,
        required=own.required,
        owed=own.required and not own.factors,
        rule=own.rule,
        saved=SAVED.get(request.args.get("saved", ""), ""),
        errors=errors,
    )


@doors.get("/account/second-factor/app")
def offer() -> str:
    """The picture an app reads, and the field for its first code."""
    return _app_page(NewApp(formdata=None, data={"key": factors.new_key()}), [])


def _app_page(form: NewApp, left: list[str]) -> str:
    errors = [*(("", words) for words in left), *form.error_links()]
    new = factors.offered(desk(), form.text("key"))
    return render_template("people/app.html", form=form, new=new, errors=errors)


@doors.post("/account/second-factor/app")
def add() -> Answer:
    form = NewApp()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            fresh = factors.add_app(desk(), form.text("key"), form.text("code"), form.text("name"))
            return _codes_page(fresh) if fresh else redirect(url_for("factors.show"), 303)
        except BadInput as problem:
            left = form.take(problem)
    return _app_page(form, left), 422


def _codes_page(fresh: tuple[str, ...]) -> str:
    """Recovery codes, shown this once: only their hashes are kept."""
    return render_template("people/recovery.html", codes=[factors.readable(code) for code in fresh])


@doors.get("/account/second-factor/passkey")
def passkey() -> str:
    return _passkey_page(NewPasskey(formdata=None), [])


def _passkey_page(form: NewPasskey, left: list[str]) -> str:
    asked = passkeys.offer_new(desk(), session[TOKEN], place())
    errors = [*(("", words) for words in left), *form.error_links()]
    return render_template("people/passkey.html", form=form, asked=asked, errors=errors)


@doors.post("/account/second-factor/passkey")
def add_passkey() -> Answer:
    form = NewPasskey()
    left: list[str] = []
    if form.validate_on_submit():
        said = request.form.get("passkey", "")
        try:
            fresh = passkeys.add(desk(), session[TOKEN], place(), said, form.text("name"))
            return _codes_page(fresh) if fresh else redirect(url_for("factors.show"), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotAllowed as problem:
            left = [problem.words]
    return _passkey_page(form, left), 422


@doors.post("/account/second-factor/recovery")
def codes() -> Answer:
    return _do(factors.new_codes, _codes_page)


@doors.post("/account/second-factor/remove")
def remove() -> Answer:
    return _do(lambda at: factors.remove(at, request.form.get("factor", "")), lambda _: _to("removed"))


@doors.post("/account/second-factor/rule")
def require() -> Answer:
    """For the agency: must those who inspect and administer have one?"""
    on = request.form.get("to") == "on"
    return _do(lambda at: factors.require(at, on), lambda _: _to("required" if on else "free"))


def _do(deed: Any, then: Any) -> Answer:
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    try:
        done: Answer = then(deed(desk()))
        return done
    except NotNow as problem:
        return _page([("", problem.words)]), 409


def _to(saved: str) -> Response:
    return redirect(url_for("factors.show", saved=saved), 303)
