"""The steps: one page per section. What was changed is saved, whatever else is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID, uuid5

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.answers import Key
from audit.domain.changes import ANSWER, CONFLICT, REJECTED, RESOLVE, Change, Outcome
from audit.domain.people import may
from audit.domain.problems import NotAllowed, NotFound
from audit.domain.steps import ItemState
from audit.domain.visits import Visit
from audit.operations import answers
from audit.operations.inspections import open_visit
from audit.web.cards import cards_of
from audit.web.gate import desk, person
from audit.web.progress import Laid, progress_of
from audit.web.stories import answered_words, not_asked
from forms.steps import SectionForm, Sent, form_for, read_section, slug_of, spelled

doors = Blueprint("sections", __name__)
DEVICE = "page"
Errors = Sequence[tuple[str, str]]


def running_visit(visit_id: UUID) -> Visit:
    """The visit, when this person may write in it now.

    Raises:
        NotFound, NotAllowed, NotNow: as the deeds would.
    """
    visit = open_visit(desk(), str(visit_id))
    visit.inspection.must_run()
    if not may(person(), f"{visit.inspection.kind}.write", visit.inspection.clinic_id):
        raise NotAllowed("Only those who make this visit may change it.")
    return visit


@doors.get("/visits/<uuid:visit_id>/sections/<key>")
def show(visit_id: UUID, key: str) -> str:
    visit = running_visit(visit_id)
    return _page(visit, key)


@doors.post("/visits/<uuid:visit_id>/sections/<key>")
def save(visit_id: UUID, key: str) -> tuple[str, int] | Response:
    visit = running_visit(visit_id)
    state = progress_of(visit).of(key)
    form = form_for(visit.checklist, state.section, _keys(state.items))()
    if not form.validate_on_submit():
        posted = {sent.key: sent for sent in form.sent if sent.changed}
        return _page(visit, key, form.error_links(), posted), 422
    outcomes = _take_in(visit, form)
    refused = {sent.key: sent for sent, outcome in outcomes if outcome.status == REJECTED}
    errors = _refusals(outcomes)
    go = request.form.get("go", "next")
    if not errors and (go != "next" or _sound(visit, state, form)):
        return redirect(_address_after(visit, state, go), 303)
    visit = open_visit(desk(), str(visit_id))
    state = progress_of(visit).of(key)
    conflicts = any(outcome.status == CONFLICT for _, outcome in outcomes)
    return _page(visit, key, [*errors, *_faults(state)], refused), 409 if conflicts else 422


def _keys(items: Iterable[ItemState]) -> list[Key]:
    return [entry.key for item in items for entry in item.entries]


def _take_in(visit: Visit, form: SectionForm) -> list[tuple[Sent, Outcome]]:
    """Hand in what was changed; untouched answers make no operation, not even from a stale tab."""
    wanted = [(sent, change) for sent in form.sent for change in _changes(visit, sent)]
    if not wanted:
        return []
    outcomes = answers.take_in(desk(), visit.inspection.id, [change for _, change in wanted])
    return [(sent, outcome) for (sent, _), outcome in zip(wanted, outcomes, strict=True)]


def _changes(visit: Visit, sent: Sent) -> list[Change]:
    if sent.keep:
        choice = {"keep": sent.keep, "reason": sent.keep_reason}
        return [_change(sent, RESOLVE, choice)]
    return [_change(sent, ANSWER, sent.raw.document())] if sent.changed else []


def _change(sent: Sent, kind: str, value: Mapping[str, object]) -> Change:
    """The page's own op_id makes a double post one operation; the content is in it, so that going back and
    sending something else is another one (and meets the newer revision)."""
    try:
        made_on_page = UUID(sent.op_id)
    except ValueError:
        made_on_page = UUID(int=0)
    name = ascii((sent.key, kind, sent.base_rev, sent.keep, sent.keep_reason, spelled(sent.raw)))
    op_id = str(uuid5(made_on_page, name))
    return Change(op_id, kind, sent.item.key, sent.person, sent.base_rev, value, DEVICE)


def _refusals(outcomes: Iterable[tuple[Sent, Outcome]]) -> list[tuple[str, str]]:
    found = []
    for sent, outcome in outcomes:
        if outcome.status == CONFLICT:
            words = "somebody changed this answer after you opened the page. Both are kept: choose one."
            found.append((f"{sent.slug}-keep", f"{sent.item.number}: {words}"))
        elif outcome.status == REJECTED:
            found.append((f"i-{sent.item.number}", f"{sent.item.number}: {outcome.words}"))
    return found


def _sound(visit: Visit, state: Laid, form: SectionForm) -> bool:
    """Is nothing wrong with what is entered in this section? Items left open are not wrong, only open."""
    inspection = visit.inspection
    kept = {key: kept.raw for key, kept in visit.kept.items()}
    sent = [sent for sent in form.sent if sent.changed]
    readings = read_section(
        visit.checklist, state.section, kept, sent, inspection.inspected_on, inspection.all_facts
    )
    shown = set(_keys(state.items))
    return not any(reading.faults for key, reading in readings.items() if key in shown)


def _faults(state: Laid) -> list[tuple[str, str]]:
    return [
        (
            _place(slug_of(entry.item, entry.person), entry.item.number, fault.field),
            f"{entry.item.number}: {fault.words}",
        )
        for item in state.items
        for entry in item.entries
        for fault in entry.reading.faults
    ]


def _place(slug: str, number: str, field: str) -> str:
    """The element a fault is about."""
    if field.startswith("values."):
        return f"{slug}-v.{field.removeprefix('values.')}"
    return {"note": f"{slug}-note", "reason": f"{slug}-reason", "correct_by": f"{slug}-by"}.get(
        field, f"i-{number}"
    )


def _address_after(visit: Visit, state: Laid, go: str) -> str:
    visit_id = visit.inspection.id
    kind, _, rest = go.partition(":")
    if kind == "section":
        return url_for("sections.show", visit_id=visit_id, key=rest)
    if kind == "photos":
        return _photos_address(visit, state, rest)
    following = progress_of(visit).after(state.section.key)
    if kind == "hub":
        return url_for("visits.show", visit_id=visit_id)
    if following is None:
        return url_for("results.check", visit_id=visit_id)
    return url_for("sections.show", visit_id=visit_id, key=following.section.key)


def _photos_address(visit: Visit, state: Laid, slug: str) -> str:
    for item in state.items:
        for entry in item.entries:
            if slug_of(entry.item, entry.person) == slug:
                return url_for(
                    "photos.show", visit_id=visit.inspection.id, item=entry.item.key, person=entry.person
                )
    raise NotFound("This section has no such item.")


def _page(visit: Visit, key: str, errors: Errors = (), posted: dict[Key, Sent] | None = None) -> str:
    progress = progress_of(visit)
    laid, following = progress.of(key), progress.after(key)
    return render_template(
        "visits/section.html",
        here="visits",
        visit_id=visit.inspection.id,
        clinic_name=visit.clinic.name,
        section=laid.section,
        position=next((place for place, one in enumerate(progress.sections, 1) if one is laid), 0),
        rail=[one.drawn_here if one is laid else one.drawn for one in progress.sections],
        answered=answered_words(progress.answered, progress.total, progress.preset),
        strip=laid.row.strip,
        cards=cards_of(visit, laid.items, posted),
        errors=errors,
        summary_title=f"{len(errors)} thing{'s' if len(errors) != 1 else ''} to look at. Everything else is saved.",
        inapplicable=[not_asked(visit.checklist, row.item.number, *row.because) for row in laid.inapplicable],
        next_href=_address_after(visit, laid, "next"),
        next_words=f"Save and go to {following.section.letter}" if following else "Save and check answers",
    )
