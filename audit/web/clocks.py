"""The clocks of a clinic: where each stands, and its log with one tap for what was done today."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.clocks import OVERDUE, RUNNING, SEEN, SOON
from audit.domain.problems import BadInput
from audit.domain.tongue import say
from audit.operations import clocks
from audit.operations.clocks import EntryFields, Face, Told
from audit.web.dates import age_words, day_words
from audit.web.gate import can, desk
from audit.web.tables import table_of
from forms.clocks import IntervalForm, LogForm
from forms.credentials import day_of
from forms.visits import Confirm

doors = Blueprint("clocks", __name__)
TONES = {RUNNING: "fine", SOON: "soon", OVERDUE: "over"}
SHOWN = 6
Reply = str | Response | tuple[str, int]


@doors.get("/clinics/<uuid:clinic_id>/clocks")
def index(clinic_id: UUID) -> str:
    return _page(clocks.face(desk(), str(clinic_id)))


@doors.get("/clinics/<uuid:clinic_id>/clocks.csv")
def table(clinic_id: UUID) -> Response:
    """The whole log, newest first within each clock, and the clocks that nobody logged."""
    face = clocks.face(desk(), str(clinic_id))
    heads = (say("What"), say("Due by"), say("How often"), say("Day"), say("Note"), say("By"))
    return table_of("log", heads, (row for told in face.clocks for row in _lines(told)))


def _lines(told: Told) -> Iterator[tuple[str, ...]]:
    clock = told.clock
    due = clock.due.isoformat() if clock.due else ""
    every = clock.interval.words if clock.interval else ""
    for entry, name in told.entries:
        by = say("{name}, for the agency", name=name) if entry.seen else name
        yield clock.name, due, every, entry.on.isoformat(), entry.note, by
    if not told.entries:
        yield clock.name, due, every, "", "", ""


@doors.post("/clinics/<uuid:clinic_id>/clocks")
def log(clinic_id: UUID) -> Reply:
    face = clocks.face(desk(), str(clinic_id))
    if not can("log.see", face.clinic.id):
        desk().must("log.edit", face.clinic.id)
    form = LogForm()
    left: list[str] = []
    if form.validate_on_submit():
        file = request.files.get("photo")
        photo = file.stream.read() if file and file.filename else None
        # The one tap sends no day of its own: it means today at the clinic.
        day = day_of(form.text("on")) or face.today
        fields = EntryFields(form.text("kind"), day, form.text("note"))
        try:
            clocks.log(desk(), face.clinic.id, fields, photo, _id_of(form))
            where = f"k-{fields.kind}"
            return redirect(url_for("clocks.index", clinic_id=clinic_id, _anchor=where), 303)
        except BadInput as problem:
            left = form.take(problem)
    errors = [*(("", words) for words in left), *(("", words) for _, words in form.error_links())]
    return _page(face, errors), 422


@doors.post("/clinics/<uuid:clinic_id>/clocks/<kind>/interval")
def interval(clinic_id: UUID, kind: str) -> Reply:
    face = clocks.face(desk(), str(clinic_id))
    desk().must("log.edit", face.clinic.id)
    form = IntervalForm()
    errors = form.error_links() if not form.validate_on_submit() else []
    if not errors:
        text = form.text("days")
        whole = text.isdecimal() and text.isascii()
        try:
            clocks.keep_to(desk(), face.clinic.id, kind, int(text) if whole else None if not text else 0)
            return redirect(url_for("clocks.index", clinic_id=clinic_id, _anchor=f"k-{kind}"), 303)
        except BadInput as problem:
            errors = [("", fault.words) for fault in problem.faults]
    return _page(face, errors), 422


@doors.post("/log/<uuid:entry_id>/take-back")
def take_back(entry_id: UUID) -> Response:
    form = Confirm()
    found = clocks.entry(desk(), str(entry_id))
    desk().must("log.see" if found.seen else "log.edit", found.clinic_id)
    if form.validate_on_submit():
        clocks.take_back(desk(), found.id)
    return redirect(url_for("clocks.index", clinic_id=found.clinic_id, _anchor=f"k-{found.kind}"), 303)


def _id_of(form: LogForm) -> str:
    try:
        return str(UUID(form.text("made")))
    except ValueError:
        return str(uuid4())


def _page(face: Face, errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "clocks/list.html",
        clinic=face.clinic,
        today=face.today.isoformat(),
        day=day_words(face.today),
        clocks=[_shown(one, face) for one in face.clocks],
        edits=can("log.edit", face.clinic.id),
        sees=can("log.see", face.clinic.id),
        errors=errors or [],
    )


def _shown(told: Told, face: Face) -> dict[str, Any]:
    clock, last = told.clock, ""
    if clock.last:
        age, day = age_words(clock.last.on, face.today), day_words(clock.last.on)
        if clock.last.source == SEEN:
            last = say("{day}, {age}, as the agency saw it", day=day, age=age)
        else:
            last = say("{day}, {age}, by the log", day=day, age=age)
    pack = told.by_pack
    return {
        "kind": clock.kind,
        "name": clock.name,
        "words": clock.words(face.today),
        "tone": TONES.get(clock.state, "set-aside"),
        "last": last,
        "due": day_words(clock.due) if clock.due else "",
        "how_often": clock.interval.words if clock.interval else "",
        "source": pack.source if pack.interval and pack.interval == clock.interval else "",
        "own": told.own_days or "",
        "made": str(uuid4()),
        "entries": [
            {
                "id": entry.id,
                "day": day_words(entry.on),
                "note": entry.note,
                "photo": entry.photo,
                "by": say("{name}, for the agency", name=name) if entry.seen else name,
                "seen": entry.seen,
            }
            for entry, name in told.entries[:SHOWN]
        ],
    }
