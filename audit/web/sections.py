"""The steps: one page per section. What was changed is saved, whatever else is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2s
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.answers import OUT, Key, Raw, Reading
from audit.domain.changes import ANSWER, CONFLICT, REJECTED, RESOLVE, Change, Outcome
from audit.domain.people import may
from audit.domain.problems import NotAllowed, NotFound
from audit.domain.steps import Entry, ItemState
from audit.domain.tongue import say, several
from audit.domain.visits import Visit
from audit.operations import answers
from audit.operations.inspections import open_visit
from audit.web.cards import cards_of_section, fault_words
from audit.web.gate import desk, person
from audit.web.progress import Laid, progress_of, section_of
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
        raise NotAllowed(say("Only those who make this visit may change it."))
    return visit


@doors.get("/visits/<uuid:visit_id>/sections/<key>")
def show(visit_id: UUID, key: str) -> str:
    visit = running_visit(visit_id)
    return _page(visit, key)


@doors.post("/visits/<uuid:visit_id>/sections/<key>")
def save(visit_id: UUID, key: str) -> tuple[str, int] | Response:
    visit = running_visit(visit_id)
    state = section_of(visit, key)
    form = form_for(visit.checklist, state.section, _keys(state.items))()
    if not form.validate_on_submit():
        posted = {sent.key: sent for sent in form.sent if sent.changed}
        return _page(visit, key, form.error_links(), posted), 422
    go = request.form.get("go", "next")
    meant = _meant(visit, state, form, go)
    outcomes = _take_in(visit, meant)
    refused = {sent.key: sent for sent, outcome in outcomes if outcome.status == REJECTED}
    errors = _refusals(outcomes)
    if not errors and (go != "next" or _sound(visit, state, meant)):
        return redirect(_address_after(visit, state, go), 303)
    visit = open_visit(desk(), str(visit_id))
    state = progress_of(visit).of(key)
    conflicts = any(outcome.status == CONFLICT for _, outcome in outcomes)
    return _page(visit, key, [*errors, *_faults(state)], refused), 409 if conflicts else 422


def _keys(items: Iterable[ItemState]) -> list[Key]:
    return [entry.key for item in items for entry in item.entries]


def _meant(visit: Visit, state: Laid, form: SectionForm, go: str) -> list[Sent]:
    """What the page means by what it sent: one answer may be cleared, and what is no longer OUT loses what only an
    OUT has."""
    cleared = go.removeprefix("clear:") if go.startswith("clear:") else ""
    every = [_cleared(sent) if sent.slug == cleared else sent for sent in form.sent]
    were_out = {
        entry.key for item in state.items for entry in item.entries if entry.reading.answer.mark == OUT
    }
    left = [sent for sent in every if sent.changed and sent.key in were_out]
    if not left:
        return every
    # A mark that the item offers stands, whatever the values say; only without one they have to be read.
    unsaid = any(sent.raw.mark not in sent.item.marks for sent in left)
    readings = _read(visit, state, every) if unsaid else {}
    gone = {sent.key for sent in left if _left_out(sent, readings.get(sent.key))}
    return [without_out(sent) if sent.key in gone else sent for sent in every]


def _cleared(sent: Sent) -> Sent:
    """The answer taken back; own words stay."""
    texts = {part.key for part in sent.item.value_parts if part.kind == "text"}
    values = {key: value for key, value in sent.raw.values.items() if key in texts}
    return replace(sent, raw=Raw(values=values, note=sent.raw.note), changed=True)


def _left_out(sent: Sent, now: Reading | None) -> bool:
    """Is what was OUT now something else, or taken back? Without a reading the mark that was sent says it."""
    if not (sent.raw.mark or sent.raw.absent or sent.raw.values):
        return True
    return (now.answer.mark if now else sent.raw.mark) not in (OUT, None)


def without_out(sent: Sent) -> Sent:
    """Ready phrases say what was seen wrong; they go with the OUT, as do its correction and its date."""
    lines = [line for line in sent.raw.note.split("\n") if line.strip() not in sent.item.ready_phrases]
    raw = replace(sent.raw, note="\n".join(lines).strip(), corrected_on_site=False, correct_by="")
    return replace(sent, raw=raw)


def _take_in(visit: Visit, every: Iterable[Sent]) -> list[tuple[Sent, Outcome]]:
    """Hand in what was changed; untouched answers make no operation, not even from a stale tab."""
    wanted = [(sent, change) for sent in every for change in _changes(visit, sent)]
    if not wanted:
        return []
    outcomes = answers.take_in(desk(), visit.inspection.id, [change for _, change in wanted])
    return [(sent, outcome) for (sent, _), outcome in zip(wanted, outcomes, strict=True)]


def _changes(visit: Visit, sent: Sent) -> list[Change]:
    if sent.keep:
        choice = {"keep": sent.keep, "reason": sent.keep_reason}
        return [_change(visit.inspection.id, sent, RESOLVE, choice)]
    return [_change(visit.inspection.id, sent, ANSWER, sent.raw.document())] if sent.changed else []


def _change(visit_id: str, sent: Sent, kind: str, value: Mapping[str, object]) -> Change:
    """The page's own op_id makes a double post one operation; the content is in it, so that going back and
    sending something else is another one (and meets the newer revision)."""
    name = (visit_id, sent.key, kind, sent.base_rev, sent.keep, sent.keep_reason, spelled(sent.raw))
    op_id = named_id(sent.op_id, ascii(name))
    return Change(op_id, kind, sent.item.key, sent.person, sent.base_rev, value, DEVICE)


_AS_DRAWN = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def named_id(made_on_page: str, name: str) -> str:
    """The UUID (version 8, RFC 9562) that follows from a page's own and an ASCII name; a new one where none can be
    read. Ten answers of a page have ten: Python's own of version 5 takes six times as long."""
    if not _AS_DRAWN.fullmatch(made_on_page):
        try:
            made_on_page = str(UUID(made_on_page))
        except ValueError:
            return str(uuid4())
    digits = blake2s(f"{made_on_page} {name}".encode("ascii"), digest_size=16).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def _refusals(outcomes: Iterable[tuple[Sent, Outcome]]) -> list[tuple[str, str]]:
    found = []
    for sent, outcome in outcomes:
        if outcome.status == CONFLICT:
            words = say("somebody changed this answer after you opened the page. Both are kept: choose one.")
            found.append((f"{sent.slug}-keep", f"{sent.item.number}: {words}"))
        elif outcome.status == REJECTED:
            found.append((f"i-{sent.item.number}", f"{sent.item.number}: {outcome.words}"))
    return found


def _read(visit: Visit, state: Laid, every: Iterable[Sent]) -> Mapping[Key, Reading]:
    """The section as it will read with what was sent."""
    inspection = visit.inspection
    kept = {key: kept.raw for key, kept in visit.kept.items()}
    sent = [sent for sent in every if sent.changed]
    return read_section(
        visit.checklist, state.section, kept, sent, inspection.inspected_on, inspection.all_facts
    )


def _sound(visit: Visit, state: Laid, every: Iterable[Sent]) -> bool:
    """Is nothing wrong with what is entered in this section? Items left open are not wrong, only open."""
    shown = set(_keys(state.items))
    return not any(reading.faults for key, reading in _read(visit, state, every).items() if key in shown)


def _faults(state: Laid) -> list[tuple[str, str]]:
    return [
        (
            _place(slug_of(entry.item, entry.person), entry.item.number, fault.field),
            f"{entry.item.number}: {fault_words(entry, fault)}",
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
        known = any(section.key == rest for section in visit.checklist.sections)
        return url_for("sections.show", visit_id=visit_id, key=rest if known else state.section.key)
    if kind in ("photos", "clear"):
        entry = _entry_of(state, rest)
        if kind == "photos":
            return url_for("photos.show", visit_id=visit_id, item=entry.item.key, person=entry.person)
        here, anchor = state.section.key, f"i-{entry.item.number}"
        return url_for("sections.show", visit_id=visit_id, key=here, _anchor=anchor)
    if kind == "hub":
        return url_for("visits.show", visit_id=visit_id)
    following = progress_of(visit).after(state.section.key)
    if following is None:
        return url_for("results.check", visit_id=visit_id)
    return url_for("sections.show", visit_id=visit_id, key=following.section.key)


def _entry_of(state: Laid, slug: str) -> Entry:
    for item in state.items:
        for entry in item.entries:
            if slug_of(entry.item, entry.person) == slug:
                return entry
    raise NotFound(say("This section has no such item."))


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
        cards=cards_of_section(visit, laid, posted),
        errors=errors,
        summary_title=several(
            "{number} thing to look at. Everything else is saved.",
            "{number} things to look at. Everything else is saved.",
            len(errors),
        ),
        inapplicable=[not_asked(visit.checklist, row.item.number, *row.because) for row in laid.inapplicable],
        next_href=_address_after(visit, laid, "next"),
        next_words=(
            say("Save and go to {section}", section=following.section.letter)
            if following
            else say("Save and check answers")
        ),
    )
