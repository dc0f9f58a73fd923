"""What a one-time link opens: the set-up of a new installation, and a password of one's own.

The link's secret stands in the query, which no log of ours keeps, and travels on inside the form.
"""

from collections.abc import Callable
from contextlib import suppress

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from audit.domain.problems import BadInput, Busy, NoRoom, ReadOnly, TooMany
from audit.operations import forgotten as by_mail
from audit.operations import links
from audit.operations.desk import Desk
from audit.web.afterwards import after
from audit.web.gate import begin, desk, device_words, home
from forms.people import ChoosePassword, Forgotten, SetUpForm

doors = Blueprint("links", __name__)
Answer = str | Redirect | tuple[str, int]


@doors.route("/set-up", methods=["GET", "POST"])
def set_up() -> Answer:
    """The first administrator of a new installation."""
    form = SetUpForm(data={"key": request.args.get("key", "")})
    links.check_set_up(desk(), form.text("key"))
    left: list[str] = []
    if form.validate_on_submit():
        who = form.text("login"), form.text("name"), form.text("password")
        try:
            entered = links.set_up(desk(), form.text("key"), *who, request.remote_addr or "")
            begin(entered)
            return redirect(url_for("agency.edit"), 303)
        except BadInput as problem:
            left = form.take(problem)
    errors = [*(("", words) for words in left), *form.error_links()]
    page = render_template("links/set_up.html", form=form, errors=errors)
    return (page, 422) if form.is_submitted() else page


@doors.route("/forgot-password", methods=["GET", "POST"])
def forgotten() -> Answer:
    """For who cannot sign in any more. Known and unknown logins get the same answer at once; what it leads to is done
    when it has gone out, so that nobody can tell by the time it took."""
    form = Forgotten()
    if not form.validate_on_submit():
        page = render_template("links/forgotten.html", form=form, asked="", errors=form.error_links())
        return (page, 422) if form.is_submitted() else page
    login = form.text("login")
    try:
        by_mail.count(desk(), request.remote_addr or "")
    except TooMany as problem:
        form.login.errors = [problem.words]
        page = render_template("links/forgotten.html", form=form, asked="", errors=form.error_links())
        return Response(page, 429, {"Retry-After": str(problem.retry_after)})
    answer = Response(render_template("links/forgotten.html", form=form, asked=login, errors=[]))
    after(answer, _sending(login))
    return answer


def _sending(login: str) -> Callable[[Desk], None]:
    """Whoever asks may be anybody: where the link leads is as the server was told, never as the request says."""
    told = current_app.config["ADDRESS"]
    root = f"{told}{links.PATH}?key=" if told else url_for("links.password", key="", _external=True)

    def send(at: Desk) -> None:
        with suppress(Busy, NoRoom, ReadOnly):
            by_mail.ask(at, login, lambda token: f"{root}{token}")

    return send


@doors.route("/new-password", methods=["GET", "POST"])
def password() -> Answer:
    """A password chosen by the person whose link it is."""
    form = ChoosePassword(data={"key": request.args.get("key", "")})
    one = links.whose(desk(), form.text("key"))
    left: list[str] = []
    if form.validate_on_submit():
        try:
            chosen = links.choose_password(
                desk(), form.text("key"), form.text("new"), request.remote_addr or "", device_words()
            )
            begin(chosen)
            return redirect(url_for("sign_in.second") if chosen.half else home(chosen.person), 303)
        except BadInput as problem:
            left = form.take(problem)
    errors = [*(("", words) for words in left), *form.error_links()]
    page = render_template("links/password.html", form=form, one=one, errors=errors)
    return (page, 422) if form.is_submitted() else page
