"""Recalls: the list, entering one, and what became of the lot at each clinic."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.problems import BadInput, NotNow
from audit.domain.recalls import NOT_HERE, QUARANTINED, STATE_WORDS, TOLD, USED_UP
from audit.domain.tongue import say, several
from audit.operations import agency, recalls
from audit.operations.recalls import ConcernedRow, Fields, RecallRow
from audit.web.dates import day_words, moment_words, today_in
from audit.web.gate import can, clock, desk
from audit.web.lots import hit_shown
from audit.web.tables import table_of
from forms.credentials import day_of
from forms.recalls import RecallAnswerForm, RecallEndForm, RecallForm

doors = Blueprint("recalls", __name__)
TONES = {TOLD: "over", QUARANTINED: "done", USED_UP: "looked-at", NOT_HERE: "set-aside"}
MOST_LINES = 10_000
Reply = str | Response | tuple[str, int]


@doors.get("/recalls")
def index() -> str:
    rows = [_shown(row) for row in recalls.listed(desk())]
    return render_template("recalls/list.html", rows=rows, makes=can("recall.make"))


def _shown(row: RecallRow) -> dict[str, Any]:
    recall = row.recall
    waiting = several("{number} clinic has not answered", "{number} clinics have not answered", row.waiting)
    all_said = several("{number} clinic, answered", "{number} clinics, all answered", row.clinics)
    words = waiting if row.waiting else all_said if row.clinics else say("At no clinic")
    return {
        "id": recall.id,
        "href": url_for("recalls.show", recall_id=recall.id),
        "lot": recall.lot,
        "maker": recall.maker,
        "reason": recall.reason,
        "since": day_words(recall.since),
        "author": row.author,
        "ended": recall.ended,
        "words": words if recall.stands else say("Ended"),
        "tone": "set-aside" if not recall.stands else "over" if row.waiting else "done",
    }


@doors.route("/recalls/new", methods=["GET", "POST"])
def new() -> Reply:
    desk().must("recall.make")
    today = today_in(agency.get(desk()).time_zone, clock()).isoformat()
    form = RecallForm(data={"made": str(uuid4()), "since": today, "lot": request.args.get("lot", "")[:200]})
    left: list[str] = []
    if form.validate_on_submit():
        fields = Fields(form.text("lot"), form.text("maker"), form.text("reason"), day_of(form.text("since")))
        try:
            made = recalls.make(desk(), fields, _id_of(form))
            return redirect(url_for("recalls.show", recall_id=made.id), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "recalls/new.html", form=form, errors=[*(("", words) for words in left), *form.error_links()]
    )
    return (page, 422) if form.is_submitted() else page


def _id_of(form: RecallForm) -> str:
    try:
        return str(UUID(form.text("made")))
    except ValueError:
        return str(uuid4())


@doors.get("/recalls/<uuid:recall_id>")
def show(recall_id: UUID) -> str:
    return _page(str(recall_id), RecallAnswerForm(formdata=None), RecallEndForm(formdata=None))


def _page(recall_id: str, form: RecallAnswerForm, ending: RecallEndForm, left: Iterable[str] = ()) -> str:
    told = recalls.get(desk(), recall_id, request.args.get("after", "")[:64])
    recall = told.row.recall
    following = f"/recalls/{recall_id}?{urlencode({'after': told.next})}" if told.next else None
    return render_template(
        "recalls/show.html",
        row=_shown(told.row),
        clinics=[_concerned(one) for one in told.clinics],
        next=following,
        hits=[hit_shown(one) for one in recalls.whereabouts(desk(), recall)] if can("lot.search") else [],
        form=form if recall.stands else None,
        ending=ending if recall.stands and can("recall.make") else None,
        errors=[
            *(("", words) for words in left),
            *dict.fromkeys([*form.error_links(), *ending.error_links()]),
        ],
    )


def _concerned(row: ConcernedRow) -> dict[str, Any]:
    one = row.concerned
    return {
        "id": one.clinic_id,
        "clinic": row.clinic_name,
        "told": moment_words(one.told_at, row.time_zone),
        "state": say(STATE_WORDS[one.state]),
        "tone": TONES[one.state],
        "words": one.words,
        "answered": moment_words(one.answered_at, row.time_zone) if one.answered_at else "",
        "answers": can("recall.answer", one.clinic_id),
    }


@doors.get("/recalls/<uuid:recall_id>.csv")
def table(recall_id: UUID) -> Response:
    told = recalls.get(desk(), str(recall_id), at_most=MOST_LINES)
    heads = (say("Clinic"), say("Told"), say("State"), say("Answered"), say("In their words"))
    rows = map(_concerned, told.clinics)
    return table_of(
        "recall",
        heads,
        ([row["clinic"], row["told"], row["state"], row["answered"], row["words"]] for row in rows),
    )


@doors.post("/recalls/<uuid:recall_id>/clinics/<uuid:clinic_id>")
def answer(recall_id: UUID, clinic_id: UUID) -> Reply:
    """The clinic says what became of the lot."""
    form, left = RecallAnswerForm(), list[str]()
    if form.validate_on_submit():
        try:
            recalls.answer(desk(), str(recall_id), str(clinic_id), form.text("state"), form.text("words"))
            return redirect(url_for("recalls.show", recall_id=recall_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(str(recall_id), form, RecallEndForm(formdata=None), left), 422


@doors.post("/recalls/<uuid:recall_id>/end")
def end(recall_id: UUID) -> Reply:
    form, left = RecallEndForm(), list[str]()
    desk().must("recall.make")
    if form.validate_on_submit():
        try:
            recalls.end(desk(), str(recall_id), form.text("words"))
            return redirect(url_for("recalls.show", recall_id=recall_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(str(recall_id), RecallAnswerForm(formdata=None), form, left), 422
