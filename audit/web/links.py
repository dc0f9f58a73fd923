"""What a one-time link opens: the set-up of a new installation, and a password of one's own.

The link's secret stands in the query, which no log of ours keeps, and travels on inside the form.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.problems import BadInput
from audit.operations import links
from audit.web.gate import begin, desk, device_words, home
from forms.people import ChoosePassword, SetUpForm

doors = Blueprint("links", __name__)
Answer = str | Response | tuple[str, int]


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
