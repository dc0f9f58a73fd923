"""What a visit closes: proposed at its result, told in a notice, opened again after a follow-up; and the services."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.amendments import is_void
from audit.domain.answers import Key
from audit.domain.closure import SCOPES, STOP_ADVISED, Closure
from audit.domain.inspections import RUNNING, SEALED
from audit.domain.placard import SERVICES
from audit.domain.problems import BadInput, NotNow
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.operations import amendments, closures, concerns
from audit.operations.closures import Proposal
from audit.operations.inspections import open_visit
from audit.web.dates import day_words
from audit.web.gate import can, desk
from audit.web.sections import running_visit
from forms.base import offered
from forms.closures import ClosureForm
from forms.visits import Confirm

doors = Blueprint("closures", __name__)
Reply = str | Response | tuple[str, int]


@doors.route("/visits/<uuid:visit_id>/closure", methods=["GET", "POST"])
def show(visit_id: UUID) -> Reply:
    """Propose a closure with its notice; once the visit is sealed, read it, and open again what it closed before."""
    visit = open_visit(desk(), str(visit_id))
    if visit.inspection.state != RUNNING and request.method == "GET":
        return _reading(visit)
    visit = running_visit(visit_id)
    proposed = closures.suggested(visit)
    form, left = _form(visit, proposed), list[str]()
    if form.validate_on_submit():
        try:
            closures.propose(desk(), visit.inspection.id, _proposal(form))
            return redirect(url_for("closures.show", visit_id=visit_id), 303)
        except BadInput as problem:
            left = form.take(problem)
    page = render_template(
        "visits/closure.html",
        visit=visit,
        form=form if closures.may_propose(visit) and closures.grounds(visit) else None,
        closures=[closure_shown(one, visit) for one in visit.closures],
        may=closures.may_propose(visit),
        errors=[*(("", words) for words in left), *form.error_links()],
    )
    return (page, 422) if form.is_submitted() else page


def _form(visit: Visit, proposed: Closure | None) -> ClosureForm:
    shown = (
        {
            "scope": proposed.scope,
            "items": list(proposed.items),
            "acts": proposed.acts,
            "citation": proposed.citation,
            "hearing": proposed.hearing,
        }
        if proposed
        else {"hearing": visit.agency.appeal_route}
    )
    form = ClosureForm(data=shown)
    numbers = [(key, visit.checklist.item(key)) for key in closures.grounds(visit)]
    form.items.choices = offered((key, f"{item.number} {item.prompt}") for key, item in numbers)
    return form


def _proposal(form: ClosureForm) -> Proposal:
    return Proposal(
        scope=form.scope.data or "",
        subject=form.text("subject"),
        items=tuple(form.items.data or ()),
        acts=form.text("acts"),
        citation=form.text("citation"),
        hearing=form.text("hearing"),
    )


def _reading(visit: Visit) -> str:
    """What a visit that is over closed, and what it may open again."""
    own = closures.of_visit(desk(), visit.inspection.id)
    seen = amendments.as_amended(desk(), visit.inspection.id)
    return render_template(
        "visits/closure.html",
        visit=visit,
        form=None,
        may=True,
        closures=[closure_shown(one, visit) for one in own],
        earlier=[closure_shown(one, seen) for one in to_reopen(visit)],
        errors=[],
    )


def to_reopen(visit: Visit) -> tuple[Closure, ...]:
    """What is closed at the clinic by visits before this sealed follow-up, for who may open it again."""
    inspection = visit.inspection
    if inspection.state != SEALED or not can("closure.reopen", inspection.clinic_id):
        return ()
    if is_void(amendments.of(desk(), inspection.id)):
        return ()
    found = closures.of_clinic(desk(), inspection.clinic_id)
    return tuple(
        one for one in found if one.inspection_id != inspection.id and one.since <= inspection.inspected_on
    )


def closure_shown(one: Closure, visit: Visit | None = None) -> dict[str, Any]:
    """A closure in words; the items with their numbers where the visit is at hand."""
    whole = (visit.checklist.whole or visit.checklist) if visit else None
    items = [
        f"{whole.item(key).number} {whole.item(key).prompt}" if whole and whole.has(key) else key
        for key in one.items
    ]
    named = say(SCOPES[one.scope])
    return {
        "id": one.id,
        "visit": one.inspection_id,
        "what": f"{named}: {one.subject}" if one.subject else named,
        "since": day_words(one.since),
        "items": items,
        "acts": one.acts,
        "citation": one.citation,
        "hearing": one.hearing,
        "reopened": day_words(one.reopened_on) if one.reopened_on else "",
        "missing": bool(visit and closures.not_seen_corrected(visit, one)),
    }


@doors.post("/visits/<uuid:visit_id>/closure/withdraw")
def withdraw(visit_id: UUID) -> Reply:
    visit, form = running_visit(visit_id), Confirm()
    if form.validate_on_submit():
        closures.withdraw(desk(), visit.inspection.id, request.form.get("closure", "")[:64])
        return redirect(url_for("closures.show", visit_id=visit_id), 303)
    raise NotNow(say("This page was open while you signed out or in again. Nothing is lost: save once more."))


@doors.post("/visits/<uuid:visit_id>/closure/reopen")
def reopen(visit_id: UUID) -> Reply:
    """This sealed follow-up opens again what an earlier visit closed."""
    visit = open_visit(desk(), str(visit_id))
    desk().must("closure.reopen", visit.clinic.id)
    if not Confirm().validate_on_submit():
        raise NotNow(
            say("This page was open while you signed out or in again. Nothing is lost: save once more.")
        )
    closures.reopen(desk(), request.form.get("closure", "")[:64], visit.inspection.id)
    return redirect(url_for("closures.show", visit_id=visit_id), 303)


def advice_words(visit: Visit) -> str:
    """What a visit that closes nothing says of an uncorrected critical finding: stop work advised."""
    if closures.may_propose(visit) or not any(one.uncorrected_critical for one in visit.findings):
        return ""
    return say(STOP_ADVISED)


# services -----------------------------------------------------------------------------------------------------


@doors.post("/visits/<uuid:visit_id>/services")
def services(visit_id: UUID) -> Reply:
    """Which service each finding concerns, as chosen on the page of the result."""
    visit, form = running_visit(visit_id), Confirm()
    if not form.validate_on_submit():
        raise NotNow(
            say("This page was open while you signed out or in again. Nothing is lost: save once more.")
        )
    chosen = {
        finding.key: request.form[name]
        for finding in visit.findings
        if (name := field_of(finding.key)) in request.form
    }
    concerns.decide(desk(), visit.inspection.id, chosen)
    return redirect(url_for("results.result", visit_id=visit_id, _anchor="placard"), 303)


def field_of(key: Key) -> str:
    return f"s-{key[0]}-{key[1] or ''}"


def services_shown(visit: Visit) -> dict[str, Any] | None:
    """The form that asks which service each finding concerns; none where only one is offered, or no placard hangs."""
    if visit.placard is None or len(visit.services_offered) < 2 or not visit.findings:
        return None
    return {
        "choices": [
            ("", say("The whole clinic")),
            *((name, say(SERVICES[name])) for name in visit.services_offered),
        ],
        "rows": [_asked(visit, finding.key, finding.number) for finding in visit.findings],
    }


def _asked(visit: Visit, key: Key, number: str) -> dict[str, str]:
    return {
        "name": field_of(key),
        "number": number,
        "prompt": visit.checklist.item(key[0]).prompt,
        "person": visit.practitioner_name(key[1]),
        "chosen": visit.services.get(key, ""),
    }


def closed_lines(found: Iterable[Closure]) -> list[str]:
    """What is closed in a line each, for the head of a page."""
    return [
        say("{what}, since {day}", what=shown["what"], day=shown["since"])
        for shown in map(closure_shown, found)
    ]
