"""Clinics and the people who work there."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import available_timezones

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.actions import Unfinished
from audit.domain.answers import Key
from audit.domain.clinics import Clinic
from audit.domain.problems import BadInput, NotFound
from audit.domain.scoring import tenths_words
from audit.domain.tongue import say, word
from audit.operations import actions as acts
from audit.operations import agency, checklists, clinics, inspections, records
from audit.operations.clinics import ClinicFields, ClinicRow, Duplicate
from audit.operations.inspections import VisitFilter
from audit.web.actions import counts_shown
from audit.web.coming import coming
from audit.web.dates import age_words, day_words, days_words, today_in
from audit.web.gate import can, clock, desk
from audit.web.glances import Glance, glance_at
from audit.web.on_file import on_file
from audit.web.standing import findings_left, papers_left
from audit.web.tables import table_of
from audit.web.told import STATUS_SHAPES, STATUS_WORDS
from audit.web.trends import Trend, trend_of
from audit.web.visits import fact_places, row_shown
from forms.base import offered
from forms.clinics import ELSEWHERE, ClinicForm, NewPractitioner, PractitionerForm
from forms.facts import fact_values, with_facts

doors = Blueprint("clinics", __name__)
VISITS_SHOWN = 10
PAPERS_SHOWN = 4
MOST_RESULTS = 500
_VISIT_OF = {"inspection": word("inspection of {date}"), "self-audit": word("self-audit of {date}")}
Answer = str | Response | tuple[str, int]


@doors.get("/clinics")
def index() -> str:
    text = request.args.get("text", "").strip()[:200]
    page = clinics.search(desk(), text, request.args.get("after"))
    following = url_for("clinics.index", text=text or None, after=page.next) if page.next else None
    return render_template("clinics/list.html", text=text, rows=_rows(page.rows), next=following)


def one_line(address: str) -> str:
    """An address of several lines in one."""
    return ", ".join(line.strip().rstrip(",") for line in address.splitlines() if line.strip())


def _rows(rows: Sequence[ClinicRow]) -> list[dict[str, Any]]:
    left = acts.unfinished(desk(), [row.clinic.id for row in rows])
    return [_row(row, left.get(row.clinic.id, ())) for row in rows]


def _row(row: ClinicRow, unfinished: Sequence[Unfinished]) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": row.clinic.id,
        "name": row.clinic.name,
        "address": one_line(row.clinic.address),
        "running": bool(row.running_id),
        "result": "",
    }
    today = today_in(row.clinic.time_zone, clock())
    if row.last_result and row.last_on:
        shown |= {
            "result": say(STATUS_WORDS[row.last_result]),
            "shape": STATUS_SHAPES[row.last_result],
            "when": age_words(row.last_on, today),
        }
    return shown | {"glance": glance_at(row, unfinished, today)}


@doors.get("/clinics/<uuid:clinic_id>")
def show(clinic_id: UUID) -> str:
    clinic = clinics.get(desk(), str(clinic_id))
    page = inspections.visits(desk(), VisitFilter(clinic_id=clinic.id), None, VISITS_SHOWN)
    sealed = next((row for row in page.rows if row.status), None)
    running = next((row for row in page.rows if row.state == "running" and row.readable), None)
    return render_template(
        "clinics/show.html",
        clinic=clinic,
        address=one_line(clinic.address),
        actions=_actions(clinic, running.id if running else ""),
        last=_last(clinic, row_shown(sealed), sealed.inspected_on) if sealed else None,
        glance_now=_glance(clinic),
        visits=[row_shown(row) for row in page.rows],
        more=page.next,
        practitioners=[row for row in clinics.practitioners(desk(), clinic.id) if row.active],
        profile=_profile(clinic),
        on_file=on_file(clinic),
        **_standing(clinic),
        **coming(clinic),
        may_edit=can("clinic.edit", clinic.id),
        may_staff=can("practitioner.edit", clinic.id),
    )


def _glance(clinic: Clinic) -> Glance:
    left = acts.unfinished(desk(), [clinic.id]).get(clinic.id, ())
    return glance_at(clinics.row_of(desk(), clinic), left, today_in(clinic.time_zone, clock()))


def _last(clinic: Clinic, row: dict[str, Any], inspected_on: str) -> dict[str, Any]:
    today = today_in(clinic.time_zone, clock())
    return {**row, "age": age_words(date.fromisoformat(inspected_on), today)}


def _standing(clinic: Clinic) -> dict[str, Any]:
    """How the clinic stands today: what is to be corrected since the last inspection, papers, results over time."""
    today = today_in(clinic.time_zone, clock())
    inspection = records.latest(desk(), clinic.id, ("inspection",))
    newest = records.latest(desk(), clinic.id)
    papers = papers_left(newest, today) if newest else []
    shown = max(PAPERS_SHOWN, sum(paper.tone != "fine" for paper in papers))
    return {
        "inspected": _from(inspection) if inspection else None,
        "counts": counts_shown(acts.counts(desk(), clinic.id), clinic.id),
        "open": findings_left(inspection, _closed(inspection), today) if inspection else [],
        "papers_from": _from(newest) if newest else None,
        "papers": papers[:shown],
        "more_papers": papers[shown:],
        "trends": _trends(clinic),
        "again": [(one.words, days_words(one.days)) for one in records.found_again(desk(), clinic.id)],
    }


def _closed(latest: records.Latest) -> set[Key]:
    """The findings of a visit that nobody has to correct any more."""
    told = acts.of_visit(desk(), latest.visit_id)
    return {(one.action.item, one.action.person) for one in told if one.action.closed}


def _from(latest: records.Latest) -> dict[str, str]:
    return {
        "href": url_for("visits.show", visit_id=latest.visit_id),
        "words": say(_VISIT_OF[latest.kind], date=day_words(latest.inspected_on)),
    }


@doors.get("/clinics/<uuid:clinic_id>/results.csv")
def table(clinic_id: UUID) -> Answer:
    """The results over time, newest first, of the kinds of visits this person may read."""
    clinic = clinics.get(desk(), str(clinic_id))
    heads = (say("Kind"), say("Day"), say("Result"), say("Score"), say("Findings"))
    rows = (
        (
            say(words),
            point.on.isoformat(),
            say(STATUS_WORDS[point.status]),
            tenths_words(point.score),
            str(point.findings),
        )
        for kind, words in (("inspection", word("Inspection")), ("self-audit", word("Self-audit")))
        for point in reversed(records.trend(desk(), clinic.id, kind, MOST_RESULTS))
    )
    return table_of("results", heads, rows)


def _trends(clinic: Clinic) -> list[Trend]:
    """One for each kind of visit this person may read; a single result is no trend."""
    found = [
        trend_of(title, records.trend(desk(), clinic.id, kind))
        for kind, title in (
            ("inspection", say("Inspections over time")),
            ("self-audit", say("Self-audits over time")),
        )
    ]
    return [trend for trend in found if trend.dots]


def _actions(clinic: Clinic, running: str) -> list[tuple[str, str, str]]:
    """What can be begun here: a running visit is gone on with before another one is started."""
    found = []
    if running:
        found.append((url_for("visits.show", visit_id=running), say("Go on with the visit"), "go"))
    for kind, words in (
        ("inspection", say("Start an inspection")),
        ("self-audit", say("Start a self-audit")),
    ):
        if can(f"{kind}.start", clinic.id):
            found.append((url_for("visits.start", clinic_id=clinic.id), words, "" if running else "go"))
    return found


def _profile(clinic: Clinic) -> list[tuple[str, str]]:
    where = dict(_jurisdictions()).get(clinic.jurisdiction, clinic.jurisdiction)
    lines = [(say("Jurisdiction"), where), (say("Time zone"), clinic.time_zone)]
    for fact in clinics.profile_facts(desk()):
        if fact.key in clinic.profile:
            lines.append((fact.label, fact.shown(clinic.profile[fact.key])))
    return lines


def _jurisdictions() -> list[tuple[str, str]]:
    """Where a published checklist fits: (jurisdiction, name of its pack)."""
    packs = {
        row.jurisdiction: checklists.get(desk(), row.sha256).pack_title
        for row in checklists.published(desk())
    }
    return sorted(packs.items())


def _choices(clinic: Clinic | None) -> list[tuple[str, str]]:
    """What may be chosen: where a published checklist fits, where the clinic is said to be, or another place."""
    known = dict(_jurisdictions())
    if clinic and clinic.jurisdiction not in known:
        known[clinic.jurisdiction] = clinic.jurisdiction
    return [
        ("", say("Choose")),
        *sorted(known.items(), key=lambda one: one[1]),
        (ELSEWHERE, say("Another state or place")),
    ]


@doors.route("/clinics/new", methods=["GET", "POST"])
def new() -> Answer:
    desk().must("clinic.add")
    return _edit(None)


@doors.route("/clinics/<uuid:clinic_id>/edit", methods=["GET", "POST"])
def edit(clinic_id: UUID) -> Answer:
    clinic = clinics.get(desk(), str(clinic_id))
    desk().must("clinic.edit", clinic.id)
    return _edit(clinic)


def _edit(clinic: Clinic | None) -> Answer:
    form = with_facts(ClinicForm, clinics.profile_facts(desk()))(data=_shown(clinic))
    form.jurisdiction.choices = offered(_choices(clinic))
    left: list[str] = []
    alike: tuple[Clinic, ...] = ()
    if form.validate_on_submit():
        try:
            saved = _save(form, clinic)
            if not isinstance(saved, Duplicate):
                return redirect(url_for("clinics.show", clinic_id=saved.id), 303)
            alike = saved.candidates
        except BadInput as problem:
            left = form.take(fact_places(problem))
    page = render_template(
        "clinics/edit.html",
        form=form,
        title=say("Edit the clinic") if clinic else say("Add a clinic"),
        errors=[*(("", words) for words in left), *form.error_links()],
        alike=alike,
        zones=zones(),
        back=f"/clinics/{clinic.id}" if clinic else "/clinics",
    )
    return (page, 422) if form.is_submitted() else page


def _shown(clinic: Clinic | None) -> dict[str, str]:
    if clinic is None:
        return {"time_zone": agency.get(desk()).time_zone}
    return {
        "name": clinic.name,
        "address": clinic.address,
        "permit": clinic.permit,
        "jurisdiction": clinic.jurisdiction,
        "time_zone": clinic.time_zone,
        **fact_values(clinic.profile),
    }


def _save(form: Any, clinic: Clinic | None) -> Clinic | Duplicate:
    fields = ClinicFields(
        name=form.text("name"),
        address=form.text("address"),
        jurisdiction=form.place,
        permit=form.text("permit"),
        time_zone=form.text("time_zone"),
        profile=form.facts,
    )
    if clinic is not None:
        return clinics.edit(desk(), clinic.id, fields)
    return clinics.create(desk(), fields, despite_duplicate=bool(request.form.get("despite")))


def zones() -> list[str]:
    """IANA names as a person would choose them: a continent or ocean and a place."""
    return sorted(
        name
        for name in available_timezones()
        if "/" in name and not name.startswith(("Etc/", "posix", "right"))
    )


@doors.route("/clinics/<uuid:clinic_id>/practitioners/new", methods=["GET", "POST"])
def new_practitioner(clinic_id: UUID) -> Answer:
    clinic = clinics.get(desk(), str(clinic_id))
    desk().must("practitioner.edit", clinic.id)
    form = NewPractitioner(data={"made": str(uuid4())})
    if form.validate_on_submit():
        name, title = form.text("name"), form.text("title")
        clinics.add_practitioner(desk(), clinic.id, name, title, _id_of(form, clinic))
        return redirect(url_for("clinics.show", clinic_id=clinic.id), 303)
    return _practitioner_page(clinic, form, say("Add a practitioner"))


@doors.route("/clinics/<uuid:clinic_id>/practitioners/<uuid:practitioner_id>", methods=["GET", "POST"])
def edit_practitioner(clinic_id: UUID, practitioner_id: UUID) -> Answer:
    clinic = clinics.get(desk(), str(clinic_id))
    desk().must("practitioner.edit", clinic.id)
    found = next(
        (row for row in clinics.practitioners(desk(), clinic.id) if row.id == str(practitioner_id)), None
    )
    if found is None:
        raise NotFound(say("There is no such practitioner here."))
    form = PractitionerForm(data={"name": found.name, "title": found.title, "active": found.active})
    if form.validate_on_submit():
        clinics.edit_practitioner(desk(), found.id, form.text("name"), form.text("title"), form.active.data)
        return redirect(url_for("clinics.show", clinic_id=clinic.id), 303)
    return _practitioner_page(clinic, form, say("Edit {name}", name=found.name))


def _id_of(form: NewPractitioner, clinic: Clinic) -> str:
    """The page's own number makes a double post one person; the content is in it, so that going back and typing
    another name adds another one."""
    try:
        made_on_page = UUID(form.text("made"))
    except ValueError:
        made_on_page = uuid4()
    return str(uuid5(made_on_page, ascii((clinic.id, form.text("name"), form.text("title")))))


def _practitioner_page(clinic: Clinic, form: NewPractitioner | PractitionerForm, title: str) -> Answer:
    page = render_template(
        "clinics/practitioner.html", clinic=clinic, form=form, title=title, errors=form.error_links()
    )
    return (page, 422) if form.is_submitted() else page
