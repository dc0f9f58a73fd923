"""One's own sessions: where, since when, last seen; and signing out there."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from audit.domain.tongue import say
from audit.operations import agency, signed_in
from audit.operations.signed_in import Listed
from audit.web.dates import moment_words
from audit.web.devices_told import shown
from audit.web.gate import TOKEN, desk
from forms.visits import Confirm

doors = Blueprint("sessions", __name__)
Answer = str | Response | tuple[str, int]


@doors.get("/account/sessions")
def index() -> str:
    return _page([])


def _page(errors: list[tuple[str, str]]) -> str:
    zone = agency.get(desk()).time_zone
    rows = [_row(row, zone) for row in signed_in.listed(desk(), session[TOKEN])]
    return render_template(
        "people/sessions.html", rows=rows, ended=request.args.get("ended", "")[:10], errors=errors
    )


def _row(row: Listed, zone: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "device": shown(row.device),
        "address": row.address or say("a browser known by itself"),
        "since": moment_words(row.since, zone),
        "seen": moment_words(row.seen_at, zone),
        "ends": moment_words(row.ends_at, zone),
        "here": row.here,
    }


@doors.post("/account/sessions/end")
def end() -> Answer:
    """Sign out there."""
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    signed_in.end(desk(), request.form.get("session", ""))
    return redirect(url_for("sessions.index", ended="one"), 303)


@doors.post("/account/sessions/end-others")
def end_others() -> Answer:
    """Sign out everywhere else."""
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    signed_in.end_others(desk(), session[TOKEN])
    return redirect(url_for("sessions.index", ended="others"), 303)
