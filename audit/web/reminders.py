"""What is due for the person at work, which letters they get, and the link in a letter that ends them."""

from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from audit.domain.reminders import KINDS, Line
from audit.domain.tongue import say
from audit.operations import reminders
from audit.web.dates import day_words
from audit.web.gate import desk, person
from forms.reminders import RemindersForm

doors = Blueprint("reminders", __name__)
Reply = str | Response | tuple[str, int]


@doors.route("/reminders", methods=["GET", "POST"])
def show() -> Reply:
    form = RemindersForm(data={"kinds": sorted(reminders.wanted(desk()))})
    if form.validate_on_submit():
        reminders.choose(desk(), _chosen())
        return redirect("/reminders?saved=1", 303)
    page = render_template(
        "reminders/show.html",
        lines=[_shown(line) for line in reminders.due(desk())],
        form=form,
        email=person().email,
        saved=bool(request.args.get("saved")) and not form.is_submitted(),
        errors=form.error_links(),
    )
    return (page, 422) if form.is_submitted() else page


def _chosen() -> list[str]:
    """The kinds that are ticked; none at all is an answer too."""
    return request.form.getlist("kinds")


def _shown(line: Line) -> dict[str, Any]:
    return {
        "href": line.path,
        "words": line.words,
        "clinic": line.clinic,
        "kind": say(KINDS[line.kind]),
        "day": day_words(line.day),
        "tone": "over" if line.over else "soon",
    }


@doors.route("/reminders/off/<token>", methods=["GET", "POST"])
def leave(token: str) -> Reply:
    """Opened by the link of a letter, without a sign-in. Looking changes nothing: mail programs look at links too.

    What RFC 8058 posts comes from a mail program, which holds no token of a form; the secret of the link is enough.
    """
    _, on = reminders.opened(desk(), token)
    if request.form.get("List-Unsubscribe") == "One-Click":
        reminders.leave(desk(), token)
        return Response(status=204)
    form = RemindersForm(data={"kinds": sorted(on)})
    done = False
    if form.validate_on_submit():
        reminders.leave(desk(), token, set(KINDS) - set(_chosen()))
        _, on = reminders.opened(desk(), token)
        form, done = RemindersForm(formdata=None, data={"kinds": sorted(on)}), True
    page = render_template("reminders/off.html", form=form, done=done, errors=form.error_links())
    return (page, 422) if form.is_submitted() and not done else page
