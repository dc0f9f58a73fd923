"""Corrective actions: the lists, one with its answers, and the forms of the clinic and of the inspector."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Redirect

from audit.domain.actions import (
    ACCEPTED,
    CONFIRMED,
    FIXED,
    FOUND_AGAIN,
    SENT_BACK,
    STATE_WORDS,
    TAKEN_BACK,
    Action,
    Step,
)
from audit.domain.checklists import SEVERITIES
from audit.domain.problems import BadInput, NotNow
from audit.domain.tongue import say, word
from audit.operations import actions, clinics
from audit.operations.actions import CLOSED, OWED, Answer, Counts, Told, Wanted
from audit.web.dates import day_words, moment_words
from audit.web.gate import can, desk
from audit.web.standing import due_left
from audit.web.tables import table_of
from forms.actions import FixForm, JudgeForm

doors = Blueprint("actions", __name__)
STATES = {OWED: word("To fix"), FIXED: word("Came in"), CLOSED: word("Closed")}
_SHAPES = {
    FIXED: "looked-at",
    ACCEPTED: "done",
    CONFIRMED: "done",
    FOUND_AGAIN: "over",
    TAKEN_BACK: "set-aside",
}
MOST_LINES = 10_000
Reply = str | Redirect | tuple[str, int]


@doors.get("/actions")
def index() -> str:
    wanted = _wanted()
    page = actions.find(desk(), wanted, _id("after") or None)
    here = clinics.get(desk(), wanted.clinic_id) if wanted.clinic_id else None
    following = f"/actions?{urlencode(_asked() | {'after': page.next})}" if page.next else None
    return render_template(
        "actions/list.html",
        wanted=wanted,
        clinic=here,
        staff=clinics.practitioners(desk(), here.id) if here else (),
        alone=not can("visit.list"),
        states=[("", say("All")), *((value, say(words)) for value, words in STATES.items())],
        severities=[("", say("Every severity")), *((value, say(value)) for value in SEVERITIES)],
        rows=[row_shown(row) for row in page.rows],
        counts=counts_shown(actions.counts(desk(), wanted.clinic_id), wanted.clinic_id),
        filtered=bool(_asked() or request.args.get("after")),
        csv=f"/actions.csv?{urlencode(_asked())}",
        next=following,
    )


def _wanted() -> Wanted:
    state, severity = request.args.get("state", ""), request.args.get("severity", "")
    return Wanted(
        state=state if state in STATES else "",
        clinic_id=_id("clinic"),
        severity=severity if severity in SEVERITIES else "",
        overdue=request.args.get("overdue") == "y",
        person=_id("person"),
        text=request.args.get("text", "").strip()[:200],
    )


def _id(name: str) -> str:
    """An id of the address; what is none finds nothing."""
    return request.args.get(name, "")[:64]


def _asked() -> dict[str, str]:
    """The filters of the address that are set, as the next page and the table take them along."""
    names = ("state", "clinic", "severity", "overdue", "person", "text")
    return {name: value for name in names if (value := request.args.get(name, ""))}


def counts_shown(counts: Counts, clinic_id: str = "") -> list[tuple[str, str, str]]:
    """(address, how many, of what), only what there is: overdue, to fix, came in."""
    where = {"clinic": clinic_id} if clinic_id else {}
    found = (
        (counts.overdue, {"overdue": "y"}, say("overdue")),
        (counts.owed, {"state": OWED}, say("to fix")),
        (counts.came_in, {"state": FIXED}, say("came in, to look at")),
    )
    return [
        (f"/actions?{urlencode(how | where)}", f"{number}+" if number >= Counts.MOST else str(number), words)
        for number, how, words in found
        if number
    ]


def row_shown(row: Told) -> dict[str, Any]:
    """A line of a list, or the head of a page, in words."""
    action = row.action
    left, tone = _left(row)
    return {
        "id": action.id,
        "href": url_for("actions.show", action_id=action.id),
        "number": action.number,
        "severity": action.severity,
        "recommended": action.standing != "official",
        "prompt": row.prompt,
        "clinic": row.clinic_name,
        "person": row.person_name,
        "left": left,
        "tone": tone,
        "day": day_words(action.correct_by),
        "sent_back": action.state == SENT_BACK,
    }


def _left(row: Told) -> tuple[str, str]:
    action = row.action
    if action.waits_for != "clinic":
        return say(STATE_WORDS[action.state]), _SHAPES[action.state]
    if action.stop and not row.overdue:
        return say("Before any further procedure"), "over"
    return due_left(action.correct_by, row.today)


@doors.get("/actions.csv")
def table() -> Response:
    """All lines of the list under the same filters, at most ten thousand."""
    heads = (
        say("Clinic"),
        say("Number"),
        say("Severity"),
        say("What was asked"),
        say("Practitioner"),
        say("What was seen"),
        say("What must be done"),
        say("Citation"),
        say("Inspected on"),
        say("Correct by"),
        say("State"),
        say("Overdue"),
        say("Last answer"),
    )
    rows = actions.find(desk(), _wanted(), limit=MOST_LINES).rows
    return table_of("actions", heads, map(list, map(_cells, rows)))


def _cells(row: Told) -> Iterable[str]:
    action = row.action
    yield from (row.clinic_name, action.number, say(action.severity), row.prompt, row.person_name)
    yield from (action.seen, action.required, action.citation)
    yield from (row.inspected_on.isoformat(), action.correct_by.isoformat(), say(STATE_WORDS[action.state]))
    yield say("yes") if row.overdue else say("no")
    yield action.steps[-1].words if action.steps else ""


# one of them --------------------------------------------------------------------------------------------------


@doors.get("/actions/<uuid:action_id>")
def show(action_id: UUID) -> str:
    return _page(actions.get(desk(), str(action_id)))


@doors.post("/actions/<uuid:action_id>/fix")
def fix(action_id: UUID) -> Reply:
    form = FixForm()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            actions.fix(desk(), str(action_id), answer_of(form))
            return redirect(url_for("actions.show", action_id=action_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(actions.get(desk(), str(action_id)), form, left), 422


def answer_of(form: FixForm) -> Answer:
    """What the clinic typed, with the photos it chose."""
    sent = [file.stream.read() for file in request.files.getlist("photos") if file.filename]
    return Answer(form.text("words"), form.day, sent)


@doors.post("/actions/<uuid:action_id>/judge")
def judge(action_id: UUID) -> Reply:
    form = JudgeForm()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            if request.form.get("deed") == ACCEPTED:
                actions.accept(desk(), str(action_id), form.text("words"))
            else:
                actions.send_back(desk(), str(action_id), form.text("words"))
            return redirect(url_for("actions.show", action_id=action_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(actions.get(desk(), str(action_id)), form, left), 422


def _page(row: Told, form: FixForm | JudgeForm | None = None, left: Iterable[str] = ()) -> str:
    action, where = row.action, (row.action.kind, row.action.clinic_id)
    fixes = action.waits_for == "clinic" and can(f"{where[0]}.fix", where[1], action.person)
    judges = action.waits_for == "inspector" and can(f"{where[0]}.accept", where[1])
    if form is None or isinstance(form, FixForm) != fixes:
        form = FixForm(formdata=None) if fixes else JudgeForm(formdata=None)
    return render_template(
        "actions/show.html",
        row=row_shown(row),
        action=action,
        citations=row.citations,
        inspected=day_words(row.inspected_on),
        before=actions.photos_before(desk(), action),
        after=photos_after(action),
        steps=steps_shown(row),
        form=form,
        fixes=fixes,
        judges=judges,
        may_share=can(f"{where[0]}.share", where[1]) and not action.closed,
        may_read=can("visit.list"),
        today=row.today.isoformat(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )


def photos_after(action: Action) -> tuple[str, ...]:
    """The photos of the clinic's latest answer."""
    fixed = [step for step in action.steps if step.kind == FIXED]
    return fixed[-1].photos if fixed else ()


def steps_shown(row: Told) -> list[dict[str, Any]]:
    """Everything that was said since the visit, the latest last."""
    return [_step(step, row) for step in row.action.steps]


def _step(step: Step, row: Told) -> dict[str, Any]:
    by = step.by or (say("the clinic, over its link") if step.kind == FIXED else "")
    return {
        "shape": "over" if step.kind == SENT_BACK else _SHAPES[step.kind],
        "visit": step.visit,
        "title": say(STATE_WORDS[step.kind]),
        "by": by,
        "at": moment_words(step.at, row.time_zone),
        "on": day_words(step.on) if step.on else "",
        "words": step.words,
        "photos": step.photos,
    }
