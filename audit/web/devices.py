"""The tablets that send work: one's own; an administrator sees all, and what waits in quarantine."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from audit.domain.problems import BadInput
from audit.domain.tongue import say, several
from audit.operations import apart, devices, rescue
from audit.operations.apart import Decided
from audit.operations.devices import Listed
from audit.operations.rescue import Taken
from audit.web.api import asking
from audit.web.api.rescue import read_in
from audit.web.dates import moment_words
from audit.web.gate import can, desk
from forms.visits import Confirm

doors = Blueprint("devices", __name__)
Answer = str | Response | tuple[str, int]
FEW_SECONDS = 120


@doors.get("/devices")
def index() -> str:
    return _page([])


def _page(errors: list[tuple[str, str]]) -> str:
    return render_template(
        "devices/list.html",
        rows=[_row(row) for row in devices.listed(desk())],
        everybodys=can("device.administer"),
        saved=request.args.get("saved", "")[:10],
        left=request.args.get("left", "0")[:4],
        errors=errors,
    )


def _row(row: Listed) -> dict[str, Any]:
    device = row.device
    return {
        "id": device.id,
        "name": device.name,
        "person": row.person_name,
        "seen": moment_words(device.seen_at, "UTC"),
        "clock": _clock_words(device.offset_seconds),
        "revoked": moment_words(device.revoked_at, "UTC") if device.revoked_at else "",
        "apart": row.apart,
    }


def _clock_words(offset: int | None) -> str:
    """Said only when the clock of the tablet is so far off that its times mislead."""
    if offset is None or abs(offset) < FEW_SECONDS:
        return ""
    minutes = abs(offset) // 60
    if offset > 0:
        return several("its clock is {number} minute slow", "its clock is {number} minutes slow", minutes)
    return several("its clock is {number} minute fast", "its clock is {number} minutes fast", minutes)


@doors.post("/devices/<uuid:device_id>/name")
def rename(device_id: UUID) -> Answer:
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    try:
        devices.rename(desk(), str(device_id), request.form.get("name", ""))
    except BadInput as problem:
        return _page([(f"name-{device_id}", fault.words) for fault in problem.faults]), 422
    return redirect(url_for("devices.index", saved="name"), 303)


@doors.post("/devices/<uuid:device_id>/revoke")
def revoke(device_id: UUID) -> Answer:
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    if request.form.get("sure") != "y":
        words = say("Tick that this tablet is not to be trusted any more. It cannot be taken back.")
        return _page([(f"sure-{device_id}", words)]), 422
    devices.revoke(desk(), str(device_id))
    return redirect(url_for("devices.index", saved="revoked"), 303)


@doors.post("/devices/<uuid:device_id>/release")
def release(device_id: UUID) -> Answer:
    form = Confirm()
    if not form.validate_on_submit():
        return _page(form.error_links()), 422
    taken = rescue.release(desk(), str(device_id))
    return redirect(url_for("devices.others", saved="released", left=rescue.refused(taken)), 303)


# work that came another way -----------------------------------------------------------------------------------


@doors.get("/devices/apart")
def others() -> str:
    """What is kept apart, what a rescue file holds, and what was decided about either."""
    return _apart([])


def _apart(errors: list[tuple[str, str]], taken: Taken | None = None) -> str:
    names = devices.names(desk())
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in apart.waiting(desk()):
        since = moment_words(one.since, "UTC")
        rows.setdefault(one.device, []).append({**vars(one), "since": since, "by": ", ".join(one.authors)})
    return render_template(
        "devices/apart.html",
        waiting=[(device, names.get(device, ""), groups) for device, groups in rows.items()],
        decided=[_decided(one) for one in apart.decided(desk())],
        taken=_taken(taken) if taken else None,
        saved=request.args.get("saved", "")[:10],
        left=request.args.get("left", "0")[:4],
        errors=errors,
    )


def _decided(one: Decided) -> dict[str, Any]:
    return {
        "taken_in": one.taken_in,
        "at": moment_words(one.line.at, "UTC"),
        "by": one.by,
        "device": one.device,
        "author": one.author,
        "visit": one.line.object if one.taken_in else "",
        "reason": one.reason,
    }


def _taken(taken: Taken) -> dict[str, Any]:
    """How many things of a file are kept now, and what is said about the others, each sentence once."""
    good = sum(row.status in rescue.KEPT for row in taken.verdicts)
    photos = [words for words in taken.photos.values() if words]
    said = [row.words for row in taken.verdicts if row.status not in rescue.KEPT]
    return {
        "kept": good + len(taken.photos) - len(photos),
        "left": len(said) + len(photos),
        "words": list(dict.fromkeys([*said, *photos])),
    }


@doors.post("/devices/<uuid:device_id>/aside")
def aside(device_id: UUID) -> Answer:
    form = Confirm()
    if not form.validate_on_submit():
        return _apart(form.error_links()), 422
    try:
        apart.set_aside(desk(), str(device_id), request.form.get("reason", ""))
    except BadInput as problem:
        return _apart([(f"reason-{device_id}", fault.words) for fault in problem.faults]), 422
    return redirect(url_for("devices.others", saved="aside"), 303)


@doors.post("/devices/rescue")
def bring() -> Answer:
    """Take in a rescue file: every act in it is judged as its author's, and none counts twice."""
    desk().must("device.administer")
    form, sent = Confirm(), request.files.get("file")
    if not form.validate_on_submit():
        return _apart(form.error_links()), 422
    if sent is None or not sent.filename:
        return _apart([("file", say("Choose the rescue file."))]), 422
    try:
        return _apart([], read_in(asking.read(sent.read())))
    except BadRequest as problem:
        return _apart([("file", problem.description or "")]), 422
    except BadInput as problem:
        return _apart([("file", fault.words) for fault in problem.faults]), 422
