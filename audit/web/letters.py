"""The post, for administrators: what could not be sent, what waits, and what went out lately."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.tongue import say, word
from audit.operations import agency, post
from audit.web.dates import moment_words
from audit.web.gate import desk
from forms.visits import Confirm

doors = Blueprint("letters", __name__)
KINDS = {
    "forgotten": word("One-time link"),
    "password": word("One-time link"),
    "password-changed": word("Notice of a new password"),
}
STATES = {"waiting": word("Waits"), "sent": word("Sent"), "failed": word("Could not be sent")}


@doors.get("/letters")
def index() -> str:
    rows, zone = post.listed(desk()), agency.get(desk()).time_zone
    return render_template(
        "people/letters.html",
        rows=[_row(row, zone) for row in rows],
        dropped=bool(request.args.get("dropped")),
    )


def _row(row: Any, zone: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": say(KINDS.get(row.letter.kind, row.letter.subject)),
        "to": row.letter.address,
        "state": row.state,
        "words": say(STATES[row.state]),
        "written": moment_words(row.written_at, zone),
        "ended": moment_words(row.ended_at, zone) if row.ended_at else "",
        "next": moment_words(row.due_at, zone) if row.state == "waiting" and row.tries else "",
        "tries": row.tries,
        "fault": say(row.fault) if row.fault else "",
    }


@doors.post("/letters/drop")
def drop() -> Response:
    """Take a letter that failed off the list."""
    if Confirm().validate_on_submit():
        post.drop(desk(), request.form.get("letter", ""))
        return redirect(url_for("letters.index", dropped=1), 303)
    return redirect(url_for("letters.index"), 303)
