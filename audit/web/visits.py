"""Visits: the list, the start, the overview, the set-up, setting aside, and reading one that is over."""

import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.clinics import Clinic, Practitioner
from audit.domain.inspections import INSPECTION, PURPOSES, RUNNING, SEALED, SELF_AUDIT, STATES
from audit.domain.people import may
from audit.domain.problems import BadInput, Differs, NotAllowed, NotFound, Stale
from audit.domain.scoring import tenths_words
from audit.domain.tongue import say, word
from audit.domain.visits import Visit
from audit.operations import actions, clinics, inspections, records
from audit.operations import former as former_findings
from audit.operations.inspections import NewVisit, SetUp, VisitFilter, VisitRow, open_visit
from audit.web import former, stories
from audit.web.actions import counts_shown
from audit.web.actions import row_shown as action_shown
from audit.web.amendments import told_of
from audit.web.closures import closed_lines, to_reopen
from audit.web.dates import day_words
from audit.web.disclosing import shown
from audit.web.downloads import downloads_of
from audit.web.gate import can, desk, home, person
from audit.web.progress import progress_of, strip_for
from audit.web.sections import running_visit
from audit.web.stories import Story
from audit.web.told import PURPOSE_WORDS, STATUS_SHAPES, STATUS_WORDS, finding_cards, read_lines, show_result
from forms.base import offered
from forms.facts import PREFIX, fact_values, with_facts
from forms.visits import FORMER, SetAsideForm, SetUpForm, StartForm

doors = Blueprint("visits", __name__)
STATE_WORDS = {"running": word("Running"), "sealed": word("Sealed"), "set-aside": word("Set aside")}
Answer = str | Response | tuple[str, int]
_FACT_PLACE = re.compile(r"^(facts|profile)\.")


@doors.get("/")
def first() -> Response:
    return redirect(home(person()))


@doors.get("/visits")
def index() -> str:
    state = request.args.get("state", "")
    wanted = VisitFilter(
        clinic_id=request.args.get("clinic", "")[:64],
        state=state if state in STATES else "",
        text=request.args.get("text", "").strip()[:200],
    )
    page = inspections.visits(desk(), wanted, request.args.get("after"))
    return render_template(
        "visits/list.html",
        wanted=wanted,
        states=[("", say("All")), *((state, say(words)) for state, words in STATE_WORDS.items())],
        rows=[row_shown(row) for row in page.rows],
        filtered=bool(wanted.state or wanted.text or wanted.clinic_id or request.args.get("after")),
        next=_following(page.next),
        counts=counts_shown(actions.counts(desk())),
    )


def _following(after: str | None) -> str | None:
    """The address of the next page under the same filters."""
    return f"/visits?{urlencode({**request.args.to_dict(), 'after': after})}" if after else None


def row_shown(row: VisitRow) -> dict[str, Any]:
    """A line of a list of visits as the page shows it; one that may not be read has no address."""
    return {
        "href": url_for("visits.show", visit_id=row.id) if row.readable else "",
        "clinic": row.clinic_name,
        "date": day_words(date.fromisoformat(row.inspected_on)),
        "purpose": say(PURPOSE_WORDS.get(row.purpose, row.purpose)),
        "inspector": row.inspector_name,
        "state": row.state,
        "state_words": say(STATE_WORDS[row.state]),
        "amended": _amended_words(row),
        "result": say(STATUS_WORDS[row.status]) if row.status else "",
        "shape": STATUS_SHAPES[row.status] if row.status else "",
        "number": tenths_words(row.score),
        "closed": ""
        if row.readable or row.kind != SELF_AUDIT
        else say("Self-audit: only the clinic reads it"),
    }


def _amended_words(row: VisitRow) -> str:
    if row.void:
        return say("Void")
    return say("Amended ({number})", number=row.amended) if row.amended else ""


@doors.get("/visits/<uuid:visit_id>")
def show(visit_id: UUID) -> str:
    visit = open_visit(desk(), str(visit_id))
    writes = may(person(), f"{visit.inspection.kind}.write", visit.inspection.clinic_id)
    return _hub(visit) if visit.inspection.state == RUNNING and writes else _reading(visit)


def _hub(visit: Visit) -> str:
    progress = progress_of(visit)
    story = stories.running(visit)
    pinned = [
        card for card in finding_cards(story) if card.severity == "critical" and not card.corrected_on_site
    ]
    return render_template(
        "visits/hub.html",
        visit=visit,
        rail=progress.rail,
        answered=stories.answered_words(progress.answered, progress.total, progress.preset),
        strip=strip_for(item for laid in progress.every for item in laid.items),
        pinned=pinned,
        next=next((laid for laid in progress.sections if laid.row.state != "done"), None),
        inapplicable=story.not_asked,
        facts=_fact_line(visit),
        former=_former_count(visit),
        saved=False,
        **common(visit),
    )


def _former_count(visit: Visit) -> int:
    latest = former.before(visit.inspection)
    return len(former.left_open(latest)) if latest else 0


def common(visit: Visit) -> dict[str, str]:
    """What every page about a visit says of it."""
    return {
        "purpose": say(PURPOSE_WORDS.get(visit.inspection.purpose, visit.inspection.purpose)),
        "date": day_words(visit.inspection.inspected_on),
        "state_words": say(STATE_WORDS[visit.inspection.state]),
        "narrow": former.whole_words(visit),
    }


def _fact_line(visit: Visit) -> str:
    """The visit facts in one line: what decides which items are asked today."""
    facts = visit.inspection.facts
    known = [
        (fact, facts[fact.key])
        for fact in visit.checklist.facts
        if fact.scope == "visit" and fact.key in facts
    ]
    return " · ".join(f"{fact.label}: {fact.shown(value)}" for fact, value in known)


def _reading(visit: Visit) -> str:
    story = story_of(visit)
    return render_template(
        "visits/read.html",
        visit=visit,
        findings=finding_cards(story),
        sections=read_lines(story),
        inapplicable=story.not_asked,
        people=_by_label([*story.people, *story.signed]),
        drawn=story.drawn,
        reports=downloads_of(visit) if visit.inspection.state == SEALED else None,
        closed=closed_lines(story.closures),
        reopens=bool(to_reopen(visit)),
        owed=[action_shown(row) for row in actions.of_visit(desk(), visit.inspection.id)],
        may_share=may_share(visit),
        shown=shown(visit),
        amended=told_of(visit) if visit.inspection.state == SEALED else None,
        remarks=story.remarks,
        **show_result(story),
        **common(visit),
    )


def may_share(visit: Visit) -> bool:
    """May the person at work give out links to the findings of this visit?"""
    return visit.inspection.state == SEALED and can(f"{visit.inspection.kind}.share", visit.clinic.id)


def _by_label(lines: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Each label once: who inspected and that they signed stand below one another."""
    found: dict[str, list[str]] = {}
    for words, who in lines:
        found.setdefault(words, []).append(who)
    return list(found.items())


def story_of(visit: Visit) -> Story:
    """From the record when there is one, as amended, else as it stands."""
    if visit.inspection.state == SEALED:
        return stories.sealed(visit.checklist, records.standing(desk(), visit.inspection.id))
    return stories.running(visit)


@doors.route("/clinics/<uuid:clinic_id>/start", methods=["GET", "POST"])
def start(clinic_id: UUID) -> Answer:
    """Start an inspection, or an owner's self-audit: the role decides which."""
    clinic = clinics.get(desk(), str(clinic_id))
    kind = SELF_AUDIT if can("self-audit.start", clinic.id) else INSPECTION
    if not can(f"{kind}.start", clinic.id):
        raise NotAllowed(say("You may read this clinic, but not start visits there."))
    people = [row for row in clinics.practitioners(desk(), clinic.id) if row.active]
    checklist = inspections.checklist_for(desk(), clinic.jurisdiction, kind)
    facts = [fact for fact in checklist.facts if fact.scope == "visit"]
    chosen = {
        "visit_id": str(uuid4()),
        "practitioners": [row.id for row in people],
        "purpose": asked_purpose(request.args.get("purpose", "")),
        "planned": request.args.get("planned", "")[:64],
        "scope": FORMER,
    }
    form = _people_form(with_facts(StartForm, facts), people, kind, chosen)
    open_items = former_findings.scope_at(desk(), clinic.id) if kind == INSPECTION else ()
    if not open_items:
        del form.scope
    left: list[str] = []
    if form.validate_on_submit():
        try:
            narrow = "scope" in form and form.scope.data == FORMER
            started = open_visit(desk(), _start(form, clinic, kind, open_items if narrow else ()))
            return redirect(former.address_of(started.inspection), 303)
        except BadInput as problem:
            left = form.take(fact_places(problem))
    page = render_template(
        "visits/set_up.html",
        form=form,
        title=say("Start a self-audit") if kind == SELF_AUDIT else say("Start an inspection"),
        under=f"{clinic.name} · {checklist.title} · {checklist.pack_title}",
        links=[("/clinics", say("Clinics")), (f"/clinics/{clinic.id}", clinic.name)],
        errors=[*(("", words) for words in left), *form.error_links()],
        add_practitioner=f"/clinics/{clinic.id}/practitioners/new",
        back=f"/clinics/{clinic.id}",
        button=say("Start"),
    )
    return (page, 422) if form.is_submitted() else page


def asked_purpose(wanted: str) -> str:
    """The purpose that an address proposes."""
    return wanted if wanted in PURPOSES and wanted != SELF_AUDIT else "routine"


def _start(form: Any, clinic: Clinic, kind: str, scope: tuple[str, ...]) -> str:
    """Start the visit the page proposed; pressing twice finds the one that was started, and only that one."""
    wanted = NewVisit(
        clinic_id=clinic.id,
        kind=kind,
        purpose=form.purpose.data if kind == INSPECTION else SELF_AUDIT,
        practitioners=tuple(form.practitioners.data or ()),
        present=form.names,
        facts=form.facts,
        id=_uuid(form.visit_id.data),
        scope=scope,
        planned=form.planned.data or "",
    )
    try:
        return inspections.start(desk(), wanted).id
    except Differs:
        if _runs_here(wanted):
            return wanted.id
        return inspections.start(desk(), replace(wanted, id=str(uuid4()))).id


def _runs_here(wanted: NewVisit) -> bool:
    """Is the visit of that id one that this person started at that clinic and still makes?"""
    try:
        found = open_visit(desk(), wanted.id).inspection
    except NotFound:
        return False
    same = (found.clinic_id, found.kind, found.inspector_id) == (wanted.clinic_id, wanted.kind, person().id)
    return same and found.state == RUNNING


def _uuid(text: str | None) -> str:
    try:
        return str(UUID(text or ""))
    except ValueError:
        return str(uuid4())


def _people_form(
    kind_of_form: type[Any], people: list[Practitioner], kind: str, shown: dict[str, Any]
) -> Any:
    form = kind_of_form(data=shown)
    form.practitioners.choices = offered(
        (row.id, f"{row.name}, {row.title}" if row.title else row.name) for row in people
    )
    if kind == SELF_AUDIT:
        del form.purpose
    else:
        form.purpose.choices = offered(
            (purpose, say(PURPOSE_WORDS[purpose])) for purpose in PURPOSES if purpose != SELF_AUDIT
        )
    return form


def fact_places(problem: BadInput) -> BadInput:
    """Faults of facts are placed ``facts.key`` or ``profile.key`` below and stand at the field of the fact here."""
    return BadInput(replace(fault, place=_FACT_PLACE.sub(PREFIX, fault.place)) for fault in problem.faults)


@doors.route("/visits/<uuid:visit_id>/set-up", methods=["GET", "POST"])
def set_up(visit_id: UUID) -> Answer:
    visit = running_visit(visit_id)
    inspection = visit.inspection
    facts = [fact for fact in visit.checklist.facts if fact.scope == "visit"]
    shown = {
        "purpose": inspection.purpose,
        "practitioners": list(inspection.practitioners),
        "present": "\n".join(inspection.present),
        "remarks": inspection.remarks,
        "base_rev": str(inspection.rev),
        **fact_values(inspection.facts),
    }
    here = [row for row in visit.practitioners if row.active or row.id in inspection.practitioners]
    form = _people_form(with_facts(SetUpForm, facts), here, inspection.kind, shown)
    left: list[str] = []
    if form.validate_on_submit():
        try:
            _set_up(visit, form)
            return redirect(url_for("visits.show", visit_id=visit_id), 303)
        except BadInput as problem:
            left = form.take(fact_places(problem))
        except Stale as problem:
            left = [
                f"{problem.words} "
                + say("What you typed is still here; saving again overwrites the other change.")
            ]
            form.base_rev.data = str(open_visit(desk(), inspection.id).inspection.rev)
    page = render_template(
        "visits/set_up.html",
        form=form,
        title=say("Set-up and remarks"),
        under=f"{visit.clinic.name} · {visit.checklist.title}",
        links=[(f"/visits/{inspection.id}", say("{clinic}: overview", clinic=visit.clinic.name))],
        errors=[*(("", words) for words in left), *form.error_links()],
        add_practitioner=f"/clinics/{visit.clinic.id}/practitioners/new",
        back=f"/visits/{inspection.id}",
        button=say("Save"),
    )
    return (page, 422) if form.is_submitted() else page


def _set_up(visit: Visit, form: Any) -> None:
    wanted = SetUp(
        purpose=form.purpose.data if "purpose" in form else visit.inspection.purpose,
        practitioners=tuple(form.practitioners.data or ()),
        present=form.names,
        facts=form.facts,
        remarks=form.remarks.data or "",
    )
    inspections.set_up(desk(), visit.inspection.id, wanted, form.whole("base_rev"))


@doors.route("/visits/<uuid:visit_id>/set-aside", methods=["GET", "POST"])
def set_aside(visit_id: UUID) -> Answer:
    visit = running_visit(visit_id)
    form = SetAsideForm()
    left: list[str] = []
    if form.validate_on_submit():
        try:
            inspections.set_aside(desk(), visit.inspection.id, form.reason.data or "")
            return redirect(url_for("visits.show", visit_id=visit_id), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "visits/set_aside.html",
        visit=visit,
        form=form,
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page
