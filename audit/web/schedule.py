"""The schedule: what is planned, as a list and as a month; planning, assigning, moving and cancelling; programmes."""

import re
from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.due import WEEKDAYS
from audit.domain.problems import BadInput, NotNow
from audit.domain.programmes import DUE, EVERY, KEPT, MISSED, Time
from audit.domain.schedule import (
    DONE,
    FOLLOW_UP,
    NOBODY,
    OVERDUE,
    PLANNABLE,
    PLANNED,
    STARTED,
    STATE_WORDS,
    STATES,
)
from audit.domain.tongue import say, word
from audit.languages import writing
from audit.operations import agency, clinics, programmes, schedule
from audit.operations.programmes import Kept
from audit.operations.schedule import Plan, Told, Wanted
from audit.web.dates import day_words, today_in
from audit.web.gate import can, clock, desk, person
from audit.web.standing import due_left
from audit.web.tables import table_of
from audit.web.told import PURPOSE_WORDS
from forms.base import offered
from forms.schedule import CancelForm, PlanForm, ProgrammeForm

doors = Blueprint("schedule", __name__)
Reply = str | Response | tuple[str, int]
SHAPES = {OVERDUE: "over", PLANNED: "not-started", STARTED: "running", DONE: "done"}
TIME_SHAPES = {KEPT: "done", MISSED: "over", DUE: "not-started"}
TIME_WORDS = {KEPT: word("Made"), MISSED: word("Missed"), DUE: word("Due")}
LISTED = {
    "": word("All to come"),
    PLANNED: STATE_WORDS[PLANNED],
    OVERDUE: word("Overdue"),
    STARTED: word("Under way"),
    DONE: word("Made"),
}
LIST, MONTH = "list", "month"
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")
_ENDS = "0001-01", "9999-12"  # of the calendar; months between them have one before and one after
TIMES_SHOWN, MOST_LINES = 26, 10_000
FILTERS = ("state", "clinic", "inspector", "since", "until", "area")


@doors.get("/schedule")
def index() -> str:
    wanted, view = _wanted(), MONTH if request.args.get("view") == MONTH else LIST
    here = clinics.get(desk(), wanted.clinic_id) if wanted.clinic_id else None
    counted = schedule.counts(desk(), Wanted(clinic_id=wanted.clinic_id))
    shown: dict[str, Any] = {
        "wanted": wanted,
        "view": view,
        "clinic": here,
        "states": [(value, say(words)) for value, words in LISTED.items()],
        "inspectors": _inspectors() if can("schedule.plan") else [],
        "counts": _counted(counted, wanted.clinic_id),
        "here_list": _address(view="", month=""),
        "here_month": _address(view=MONTH, month=""),
        "filtered": bool(_asked()),
        "days": [(name, words, day) for name, words, day in _days(wanted) if day],
        "csv": f"/schedule.csv?{urlencode(_asked())}",
        "audits": _audits(here.id if here else ""),
    }
    if view == MONTH:
        return render_template("schedule/month.html", **shown, **_month(wanted))
    page = schedule.find(desk(), wanted, request.args.get("after", "")[:64] or None)
    rows = [row_shown(row) for row in page.rows]
    following = _address(after=page.next) if page.next else None
    return render_template("schedule/list.html", rows=rows, next=following, **shown)


@doors.get("/schedule.csv")
def table() -> Response:
    """All lines of the list under the same filters, at most ten thousand."""
    heads = (
        say("Clinic"),
        say("Purpose"),
        say("Day"),
        say("Inspector"),
        say("State"),
        say("Why"),
    )
    rows = schedule.find(desk(), _wanted(), limit=MOST_LINES).rows
    return table_of("schedule", heads, map(_cells, rows))


def _cells(row: Told) -> list[str]:
    planned = row.planned
    purpose = say(PURPOSE_WORDS.get(planned.purpose, planned.purpose))
    state, reasons = say(STATE_WORDS[row.state]), "; ".join(row.reasons)
    return [row.clinic_name, purpose, planned.by.isoformat(), row.inspector_name, state, reasons]


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        state=state if state in STATES else "",
        clinic_id=request.args.get("clinic", "")[:64],
        inspector=request.args.get("inspector", "")[:64],
        first=_day_asked("since"),
        last=_day_asked("until"),
        area=request.args.get("area", "")[:100],
    )


def _days(wanted: Wanted) -> list[tuple[str, str, str]]:
    """(name, label, day), of the days between which plans are listed."""
    first, last = (day.isoformat() if day else "" for day in (wanted.first, wanted.last))
    return [("since", say("Due from"), first), ("until", say("Due until"), last)]


def _day_asked(name: str) -> date | None:
    """A day of the address; what is none asks for nothing."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _asked() -> dict[str, str]:
    """The filters of the address that are set."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _address(**other: str) -> str:
    """This page under the same filters, with something else besides."""
    kept = {name: request.args[name] for name in ("view", "month") if request.args.get(name)}
    parts = {name: value for name, value in (_asked() | kept | other).items() if value}
    return f"/schedule?{urlencode(parts)}" if parts else "/schedule"


def _inspectors() -> list[tuple[str, str]]:
    me = person()
    known = [(one.id, one.name) for one in schedule.inspectors(desk()) if one.id != me.id]
    mine = [(me.id, say("{name} (me)", name=me.name))] if me.role == "inspector" else []
    return [("", say("Everybody")), *mine, (NOBODY, say("Nobody yet")), *known]


def _counted(counts: schedule.Counts, clinic_id: str) -> list[tuple[str, str, str]]:
    """(address, how many, of what), only what there is."""
    where = {"clinic": clinic_id} if clinic_id else {}
    found = (
        (counts.overdue, {"state": OVERDUE}, say("overdue")),
        (
            counts.unassigned if can("schedule.plan") else 0,
            {"inspector": NOBODY},
            say("without an inspector"),
        ),
    )
    return [
        (f"/schedule?{urlencode(how | where)}", f"{number}+" if number >= counts.MOST else str(number), words)
        for number, how, words in found
        if number
    ]


def row_shown(row: Told) -> dict[str, Any]:
    """A line of a list, or the head of a page, in words."""
    planned, state = row.planned, row.state
    left, tone = (
        due_left(planned.by, row.today)
        if planned.open
        else (say(STATE_WORDS[state]), SHAPES.get(state, "set-aside"))
    )
    return {
        "id": planned.id,
        "href": url_for("schedule.show", planned_id=planned.id),
        "clinic": row.clinic_name,
        "purpose": say(PURPOSE_WORDS.get(planned.purpose, planned.purpose)),
        "day": day_words(planned.by),
        "left": left,
        "tone": tone,
        "inspector": row.inspector_name or say("Nobody yet"),
        "reasons": row.reasons,
        "reason": row.reasons[0] if row.reasons else "",
    }


def _month(wanted: Wanted) -> dict[str, Any]:
    """A month in weeks from Monday on, each day with what is due on it."""
    asked = request.args.get("month", "")
    today = today_in(_zone(wanted), clock())
    first = (
        date.fromisoformat(f"{asked}-01")
        if _MONTH.fullmatch(asked) and _ENDS[0] < asked < _ENDS[1]
        else today.replace(day=1)
    )
    following = (first + timedelta(days=31)).replace(day=1)
    by_day: dict[date, list[dict[str, Any]]] = {}
    rows, every = schedule.between(desk(), first, following - timedelta(days=1), wanted)
    for row in rows:
        by_day.setdefault(row.planned.by, []).append(row_shown(row))
    weeks = Calendar(0).monthdatescalendar(first.year, first.month)
    return {
        "title": writing.long_month(first.year, first.month),
        "heads": [say(name) for name in WEEKDAYS],
        "weeks": [[_day(day, first, today, by_day, every) for day in week] for week in weeks],
        "empty": not by_day,
        "before": _address(view=MONTH, month=f"{first - timedelta(days=1):%Y-%m}"),
        "after": _address(view=MONTH, month=f"{following:%Y-%m}"),
        "now": _address(view=MONTH, month=""),
    }


def _zone(wanted: Wanted) -> str:
    return (
        clinics.get(desk(), wanted.clinic_id).time_zone if wanted.clinic_id else agency.get(desk()).time_zone
    )


def _day(
    day: date,
    first: date,
    today: date,
    by_day: dict[date, list[dict[str, Any]]],
    every: Mapping[date, int],
) -> dict[str, Any]:
    rows = by_day.get(day, []) if day.month == first.month else []
    more = every[day] - len(rows) if rows else 0
    return {
        "number": day.day,
        "words": day_words(day),
        "inside": day.month == first.month,
        "today": day == today,
        "rows": rows,
        "more": say("{number} more", number=more) if more else "",
        "all": _address(view="", month="", since=day.isoformat(), until=day.isoformat()),
    }


# one of them --------------------------------------------------------------------------------------------------


@doors.route("/clinics/<uuid:clinic_id>/plan", methods=["GET", "POST"])
def new(clinic_id: UUID) -> Reply:
    """Plan a visit of a clinic."""
    clinic = clinics.get(desk(), str(clinic_id))
    desk().must("schedule.plan", clinic.id)
    form, left = _plan_form({"purpose": FOLLOW_UP, "inspector": ""}), list[str]()
    if form.validate_on_submit():
        try:
            planned = schedule.plan(desk(), clinic.id, _plan(form))
            return redirect(url_for("schedule.show", planned_id=planned.id), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "schedule/new.html",
        clinic=clinic,
        form=form,
        today=today_in(clinic.time_zone, clock()).isoformat(),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


def _plan_form(shown: dict[str, Any], kept: str = "") -> PlanForm:
    form = PlanForm(data=shown)
    form.purpose.choices = offered((one, say(PURPOSE_WORDS[one])) for one in PLANNABLE)
    known = [(one.id, one.name) for one in schedule.inspectors(desk())]
    form.inspector.choices = offered([("", say("Nobody yet")), *known])
    return form


def _plan(form: PlanForm) -> Plan:
    return Plan(form.text("purpose"), form.day, form.text("inspector"), form.text("reason"))


@doors.route("/schedule/<uuid:planned_id>", methods=["GET", "POST"])
def show(planned_id: UUID) -> Reply:
    """A planned visit; posting assigns it, moves it, or says another reason."""
    row = schedule.get(desk(), str(planned_id))
    may, form, left = can("schedule.plan", row.planned.clinic_id), None, list[str]()
    if may or request.method == "POST":
        desk().must("schedule.plan", row.planned.clinic_id)
        form = _plan_form(_shown(row))
        if form.validate_on_submit():
            try:
                schedule.change(desk(), str(planned_id), _plan(form))
                return redirect(url_for("schedule.show", planned_id=planned_id), 303)
            except BadInput as problem:
                left = form.take(problem)
            except NotNow as problem:
                left = [problem.words]
    page = _page(row, form, CancelForm(formdata=None), left)
    return (page, 422) if request.method == "POST" else page


def _shown(row: Told) -> dict[str, str]:
    planned = row.planned
    return {
        "purpose": planned.purpose,
        "by": planned.by.isoformat(),
        "inspector": planned.inspector_id or "",
        "reason": planned.reason,
    }


@doors.post("/schedule/<uuid:planned_id>/cancel")
def cancel(planned_id: UUID) -> Reply:
    row, form, left = schedule.get(desk(), str(planned_id)), CancelForm(), list[str]()
    desk().must("schedule.plan", row.planned.clinic_id)
    if form.validate_on_submit():
        try:
            schedule.cancel(desk(), str(planned_id), form.text("words"))
            return redirect(url_for("schedule.show", planned_id=planned_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except NotNow as problem:
            left = [problem.words]
    return _page(row, _plan_form(_shown(row)), form, left), 422


def _page(row: Told, form: PlanForm | None, ending: CancelForm, left: Iterable[str]) -> str:
    planned = row.planned
    links = [*(form.error_links() if form else ()), *ending.error_links()]
    return render_template(
        "schedule/show.html",
        row=row_shown(row),
        planned=planned,
        form=form if planned.open else None,
        ending=ending,
        may_start=planned.open and can("inspection.start", planned.clinic_id),
        start=f"/clinics/{planned.clinic_id}/start?{urlencode({'planned': planned.id, 'purpose': planned.purpose})}",
        visit=_visit(row),
        source=url_for("visits.show", visit_id=planned.source) if planned.source else "",
        errors=[*(("", words) for words in left), *dict.fromkeys(links)],
    )


def _visit(row: Told) -> str:
    """The address of the visit that came of it, where this person may read it: a clinic once it is sealed."""
    planned = row.planned
    may = can("inspection.write", planned.clinic_id) or row.state == DONE
    return url_for("visits.show", visit_id=planned.visit) if planned.visit and may else ""


# programmes ---------------------------------------------------------------------------------------------------


@doors.route("/clinics/<uuid:clinic_id>/programme", methods=["GET", "POST"])
def programme(clinic_id: UUID) -> Reply:
    """How often a clinic looks at itself, which times it kept, and which it missed."""
    kept = programmes.of(desk(), str(clinic_id))
    may = can("programme.edit", kept.clinic.id)
    form, left = ProgrammeForm(data={"every": kept.programme.every if kept.programme else ""}), list[str]()
    if request.method == "POST":
        desk().must("programme.edit", kept.clinic.id)
        if form.validate_on_submit():
            try:
                programmes.decide(desk(), kept.clinic.id, form.every.data or "")
                return redirect(url_for("schedule.programme", clinic_id=clinic_id), 303)
            except BadInput as problem:
                left = form.take(problem)
    page = render_template(
        "schedule/programme.html",
        clinic=kept.clinic,
        kept=kept,
        every=say(EVERY[kept.programme.every]) if kept.programme else "",
        since=day_words(kept.programme.since) if kept.programme else "",
        told=programme_words(kept),
        times=times_shown(kept)[:TIMES_SHOWN],
        form=form if may else None,
        may_audit=can("self-audit.start", kept.clinic.id),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if request.method == "POST" else page


@doors.get("/schedule/missed")
def missed() -> str:
    """The clinics, all over the agency, that missed the last time of their programme."""
    found = programmes.behind(desk(), request.args.get("after", "")[:64])
    return render_template(
        "schedule/missed.html",
        rows=[audit_shown(kept) for kept in found.rows],
        next=f"/schedule/missed?{urlencode({'after': found.next})}" if found.next else None,
    )


@doors.get("/schedule/missed.csv")
def missed_table() -> Response:
    """All of them, at most ten thousand."""
    rows, after = list[Kept](), ""
    while len(rows) < MOST_LINES:
        found = programmes.behind(desk(), after, MOST_LINES)
        rows += found.rows
        if found.next is None:
            break
        after = found.next
    heads = (say("Clinic"), say("How often"), say("Since"), say("Missed"), say("Last made"))
    return table_of("missed-self-audits", heads, map(_missed_cells, rows))


def _missed_cells(kept: Kept) -> list[str]:
    assert kept.programme is not None
    made = [time.done for time in kept.times if time.done]
    return [
        kept.clinic.name,
        kept.programme.words,
        kept.programme.since.isoformat(),
        str(len(kept.missed)),
        made[-1].isoformat() if made else "",
    ]


def programme_words(kept: Kept) -> str:
    """``Every week: 4 of 6 made, 2 missed``"""
    if kept.programme is None:
        return say("No programme of self-audits.")
    made = sum(time.state(kept.today) == KEPT for time in kept.times)
    over = [time for time in kept.times if time.state(kept.today) != DUE]
    return say(
        "{every}: {made} of {total} made, {missed} missed",
        every=kept.programme.words,
        made=made,
        total=len(over),
        missed=len(kept.missed),
    )


def times_shown(kept: Kept) -> list[dict[str, str]]:
    """The times of a programme in words, the newest first."""
    return [_time(time, kept.today) for time in reversed(kept.times)]


def _time(time: Time, today: date) -> dict[str, str]:
    state = time.state(today)
    return {
        "days": say("{first} to {last}", first=day_words(time.first), last=day_words(time.last)),
        "words": day_words(time.done) if time.done else say(TIME_WORDS[state]),
        "shape": TIME_SHAPES[state],
    }


def _audits(clinic_id: str) -> list[dict[str, str]]:
    """The programmes of the clinics this person answers for, or of the one that is looked at."""
    ids: Sequence[str] = [clinic_id] if clinic_id else sorted(person().clinics)
    return [audit_shown(programmes.of(desk(), one)) for one in ids if can("schedule.read", one)]


def audit_shown(kept: Kept) -> dict[str, str]:
    """A clinic's programme in a line."""
    due = kept.due
    return {
        "href": url_for("schedule.programme", clinic_id=kept.clinic.id),
        "clinic": kept.clinic.name,
        "words": programme_words(kept),
        "tone": "over" if kept.missed else "done" if kept.programme and not due else "not-started",
        "left": say("Next by {day}", day=day_words(due.last)) if due else say("Nothing is due"),
    }
