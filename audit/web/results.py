"""From the last answer to a signed copy: check, result, sign, seal, hand over."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

from audit.domain import strokes
from audit.domain.answers import raw_from
from audit.domain.changes import Conflict
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, RUNNING, SEALED, Signature
from audit.domain.people import Person
from audit.domain.problems import BadInput, Fault, NotFound, NotNow, Stale
from audit.domain.steps import Gap
from audit.domain.strokes import Strokes
from audit.domain.tongue import say, several
from audit.domain.visits import Visit
from audit.operations import inspections, reports, sealing
from audit.operations.closures import grounds, may_propose
from audit.operations.inspections import open_visit
from audit.web import stories
from audit.web.cards import entered_by, fault_words, kept_by, raw_words
from audit.web.closures import advice_words, closed_lines, services_shown
from audit.web.dates import day_words, days_from, today_in
from audit.web.downloads import downloads_of
from audit.web.gate import clock, desk, person
from audit.web.sections import running_visit
from audit.web.stories import answered_words
from audit.web.told import finding_cards, section_of, show_result
from audit.web.visits import may_share, story_of
from forms.base import offered
from forms.visits import CHARGE_STATES, Confirm, SignForm

doors = Blueprint("results", __name__)
Answer = str | Redirect | tuple[str, int]


@doors.get("/visits/<uuid:visit_id>/check")
def check(visit_id: UUID) -> str:
    """Only what is open, each one tap away."""
    visit = running_visit(visit_id)
    journey = visit.journey
    return render_template(
        "visits/check.html",
        visit=visit,
        gaps=[_gap(visit, gap) for gap in {gap.entry.key: gap for gap in journey.gaps}.values()],
        clashes=[_clash(visit, conflict) for conflict in visit.conflicts],
        answered=answered_words(journey.answered, journey.total, journey.preset),
        total=journey.total,
        presets=journey.preset,
    )


def _gap(visit: Visit, gap: Gap) -> dict[str, Any]:
    """One thing to answer, with all that is wrong with it."""
    entry, item = gap.entry, gap.entry.item
    return {
        "href": _place(visit, gap.section.key, item.number),
        "number": item.number,
        "prompt": item.prompt,
        "person": visit.practitioner_name(entry.person) if entry.person else "",
        "words": [fault_words(entry, fault) for fault in entry.reading.faults] or [gap.words],
    }


def _clash(visit: Visit, conflict: Conflict) -> dict[str, str]:
    item = visit.checklist.item(conflict.key[0])
    kept = visit.kept.get(conflict.key)
    return {
        "href": _place(visit, section_of(visit.checklist, item.key), item.number),
        "number": item.number,
        "prompt": item.prompt,
        "kept": raw_words(item, kept.raw) if kept else "",
        "kept_by": kept_by(visit, conflict.key),
        "other": raw_words(item, raw_from(conflict.value)),
        "other_by": entered_by(visit, conflict.author, conflict.device, conflict.at),
    }


def _place(visit: Visit, section: str, number: str) -> str:
    return url_for("sections.show", visit_id=visit.inspection.id, key=section, _anchor=f"i-{number}")


@doors.get("/visits/<uuid:visit_id>/result")
def result(visit_id: UUID) -> str:
    visit = running_visit(visit_id)
    story = stories.running(visit)
    return render_template(
        "visits/result.html",
        visit=visit,
        open=_what_is_open(visit),
        findings=finding_cards(story),
        services=services_shown(visit),
        closed=closed_lines(story.closures),
        advice=advice_words(visit),
        may_close=may_propose(visit) and bool(grounds(visit)),
        **show_result(story),
    )


def _what_is_open(visit: Visit) -> str:
    left = visit.journey.open
    words = [several("{number} item is open.", "{number} items are open.", left)] if left else []
    if visit.conflicts:
        words.append(say("Different on two devices: {number}.", number=len(visit.conflicts)))
    return " ".join(words)


@doors.route("/visits/<uuid:visit_id>/sign", methods=["GET", "POST"])
def sign(visit_id: UUID) -> Answer:
    """Names, typed, and drawn beside if they like. The auditor always signs; the person in charge signs, refuses or
    is absent."""
    visit = running_visit(visit_id)
    if _what_is_open(visit):
        return redirect(url_for("results.check", visit_id=visit_id), 303)
    form = SignForm(data=_signed_so_far(visit))
    form.charge_state.choices = offered(_charge_choices(visit))
    left: list[str] = []
    if form.validate_on_submit():
        try:
            signatures = _signatures(visit, form)
            inspections.sign(desk(), visit.inspection.id, *signatures, seen=form.seen.data or "-")
            return redirect(url_for("results.seal", visit_id=visit_id), 303)
        except BadInput as problem:
            left = form.take(problem)
        except Stale as problem:
            visit, left = running_visit(visit_id), [problem.words]
    form.seen.data = visit.fingerprint
    story = stories.running(visit)
    page = render_template(
        "visits/sign.html",
        visit=visit,
        form=form,
        ask_name=bool(form.inspector.errors and form.inspector.data) or form.other_name.data,
        bounds=strokes,
        errors=[*(("", words) for words in left), *form.error_links()],
        findings=finding_cards(story),
        total=visit.journey.total,
        date=day_words(visit.inspection.inspected_on),
        **show_result(story),
    )
    return (page, 422) if form.is_submitted() else page


def _charge_choices(visit: Visit) -> list[tuple[str, str]]:
    states = [(state, say(words)) for state, words in CHARGE_STATES]
    return [*states, ("", say("Not needed for a self-audit"))] if visit.is_self_audit else states


def _is_name_of(name: str, somebody: Person) -> bool:
    """The same name, however it is spaced and capitalized."""
    return name.casefold().split() == somebody.name.casefold().split()


def _signed_so_far(visit: Visit) -> dict[str, Any]:
    auditor, charge = visit.signature(INSPECTOR), visit.signature(PERSON_IN_CHARGE)
    return {
        "inspector": auditor.name if auditor else "",
        "other_name": auditor is not None and not _is_name_of(auditor.name, person()),
        "charge_state": charge.state if charge else "",
        "charge_name": charge.name if charge else "",
        "charge_title": charge.title if charge else "",
        "inspector_strokes": strokes.written(auditor.strokes) if auditor else "",
        "charge_strokes": strokes.written(charge.strokes) if charge else "",
    }


def _signatures(visit: Visit, form: SignForm) -> list[Signature]:
    """What was signed; faults stand at the fields of the page.

    Raises:
        BadInput: when somebody signs without a name, or unasked with another one than the account's.
    """
    charge, account = form.charge_state.data, person()
    if charge not in dict(_charge_choices(visit)):
        raise BadInput([Fault("charge_state", say("Choose whether the person in charge signs."))])
    if not form.other_name.data and not _is_name_of(form.text("inspector"), account):
        words = say("You are signed in as {name}. Sign with another name?", name=account.name)
        raise BadInput([Fault("inspector", words)])
    found = [_signature(INSPECTOR, "signed", form.text("inspector"), "", form.inspector_strokes.strokes)]
    if charge == "signed" and not form.charge_name.data:
        raise BadInput([Fault("charge_name", say("Type the name of the person who signs."))])
    if charge:
        # Who draws and then refuses has not signed: the drawing goes no further than the page.
        drawn = form.charge_strokes.strokes if charge == "signed" else ()
        name, title = form.text("charge_name"), form.text("charge_title")
        found.append(_signature(PERSON_IN_CHARGE, charge, name, title, drawn))
    return found


def _signature(role: str, state: str, name: str, title: str, drawn: Strokes) -> Signature:
    how = "drawn" if drawn else "typed"
    return Signature(role, state, name, title, how=how, strokes=drawn)


@doors.route("/visits/<uuid:visit_id>/seal", methods=["GET", "POST"])
def seal(visit_id: UUID) -> Answer:
    visit = open_visit(desk(), str(visit_id))
    if visit.inspection.state == SEALED:
        return redirect(url_for("results.hand_over", visit_id=visit_id), 303)
    visit = running_visit(visit_id)
    form, errors = Confirm(), [("", words) for words in visit.hindrances]
    if form.validate_on_submit():
        try:
            sealing.seal(desk(), visit.inspection.id)
            return redirect(url_for("results.hand_over", visit_id=visit_id), 303)
        except (NotNow, Stale) as problem:
            visit = open_visit(desk(), str(visit_id))
            if visit.inspection.state == SEALED:
                return redirect(url_for("results.hand_over", visit_id=visit_id), 303)
            errors = [("", problem.words)]
    story = stories.running(visit)
    page = render_template(
        "visits/seal.html",
        visit=visit,
        errors=[*errors, *form.error_links()],
        signed=story.signed,
        drawn=story.drawn,
        date=day_words(visit.inspection.inspected_on),
        **show_result(story),
    )
    return (page, 422) if form.is_submitted() else page


def _sealed_visit(visit_id: UUID) -> Visit:
    visit = open_visit(desk(), str(visit_id))
    if visit.inspection.state == RUNNING:
        raise NotNow(say("This visit is not sealed yet. Its reports are made at the seal."))
    if visit.inspection.state != SEALED:
        raise NotNow(say("This visit was set aside. There is no report."))
    return visit


@doors.get("/visits/<uuid:visit_id>/hand-over")
def hand_over(visit_id: UUID) -> str:
    visit = _sealed_visit(visit_id)
    story = story_of(visit)
    first = min((row.correct_by for row in story.findings if not row.corrected_on_site), default=None)
    return render_template(
        "visits/hand_over.html",
        visit=visit,
        reports=downloads_of(visit),
        date=day_words(story.inspected_on),
        first_due=f"{day_words(first)}, {days_from(first, today_in(visit.clinic.time_zone, clock()))}"
        if first
        else "",
        sha256=story.sha256,
        may_share=bool(first) and may_share(visit),
        **show_result(story),
    )


@doors.get("/visits/<uuid:visit_id>/reports/<kind>.pdf")
def report(visit_id: UUID, kind: str) -> Response:
    """A stored report; one that was not asked for before is drawn now and kept."""
    if kind not in reports.KINDS:
        raise NotFound(say("There is no such report."))
    visit = _sealed_visit(visit_id)
    paper, language = (request.args.get(name, "") for name in ("paper", "language"))
    stored = reports.report(desk(), visit.inspection.id, kind, paper, language)
    return send_file(stored.path, "application/pdf", as_attachment=True, download_name=stored.filename)
