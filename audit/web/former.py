"""Former findings: what the last visit left open, looked at before the sections of this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.answers import IN, PhotoLink, Raw
from audit.domain.changes import REJECTED
from audit.domain.findings import Finding, by_deadline
from audit.domain.inspections import INSPECTION, SELF_AUDIT, Inspection
from audit.domain.problems import NotNow
from audit.domain.steps import Entry
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.operations import actions, answers, records
from audit.operations import former as former_findings
from audit.operations.actions import Told, Wanted
from audit.operations.records import Latest
from audit.web import stories
from audit.web.actions import photos_after, row_shown, steps_shown
from audit.web.dates import day_words, today_in
from audit.web.gate import clock, desk
from audit.web.sections import DEVICE, running_visit
from audit.web.standing import left_of
from audit.web.told import KIND_WORDS, section_of
from forms.visits import Confirm

doors = Blueprint("former", __name__)
MOST_OLDER = 200


@dataclass(frozen=True)
class Former:
    """A finding that was left open: what was seen, what is left of its time, and how the item stands today.

    ``href`` leads to the item at this visit, and is empty where it is not asked; ``mark`` is today's, if any.
    ``steps`` and ``after`` are what was said and photographed since; ``one_tap``: nothing but a mark is asked, and none
    is there yet. ``found_on`` is the day of the visit, where that is not the last one.
    """

    number: str
    severity: str
    recommended: bool
    prompt: str
    person: str
    note: str
    corrective: str
    photos: tuple[PhotoLink, ...]
    left: str
    tone: str
    day: str
    href: str
    mark: str | None
    item: str = ""
    whose: str = ""
    steps: tuple[Mapping[str, Any], ...] = ()
    after: tuple[str, ...] = ()
    found_on: str = ""
    one_tap: bool = False

    @property
    def anchor(self) -> str:
        """Unlike any other on the page: numbers repeat between practitioners, and between versions."""
        return "-".join(["o" if self.found_on else "f", self.number, *([self.whose] if self.whose else [])])


def before(inspection: Inspection) -> Latest | None:
    """The last sealed visit this one follows on. An inspection follows inspections; a self-audit whatever was last."""
    kinds = (INSPECTION,) if inspection.kind == INSPECTION else (INSPECTION, SELF_AUDIT)
    return records.latest(desk(), inspection.clinic_id, kinds)


def left_open(latest: Latest) -> list[Finding]:
    """What that visit found and nobody corrected on site, the earliest deadline first."""
    found = stories.sealed(latest.checklist, latest.sealed).findings
    return [finding for finding in by_deadline(found) if not finding.corrected_on_site]


def address_of(inspection: Inspection) -> str:
    """Where a visit that was just set up goes on: by the former findings, if there are any."""
    latest = before(inspection)
    if latest is not None and left_open(latest):
        return url_for("former.show", visit_id=inspection.id)
    return url_for("visits.show", visit_id=inspection.id)


@doors.get("/visits/<uuid:visit_id>/former")
def show(visit_id: UUID) -> str:
    return _page(running_visit(visit_id))


@doors.post("/visits/<uuid:visit_id>/former")
def confirm(visit_id: UUID) -> Response | tuple[str, int]:
    """In order now, with one tap: the item is IN at this visit, and the seal closes what was owed."""
    visit, form = running_visit(visit_id), Confirm()
    key = request.form.get("item", ""), request.form.get("person") or None
    entry = next((entry for entry in visit.journey.entries() if entry.key == key), None)
    if entry is None or not _one_tap(visit, entry):
        raise NotNow(say("This item is answered already, or asks for more than a mark."))
    if not form.validate_on_submit():
        return _page(visit, form.error_links()), 422
    change = answers.change_of(_op_id(), key, visit.rev(key), Raw(mark=IN), DEVICE)
    (outcome,) = answers.take_in(desk(), visit.inspection.id, [change])
    if outcome.status == REJECTED:
        return _page(running_visit(visit_id), [("", outcome.words)]), 422
    return redirect(url_for("former.show", visit_id=visit_id), 303)


@doors.post("/visits/<uuid:visit_id>/whole")
def widen(visit_id: UUID) -> Response | tuple[str, int]:
    """The rest of the checklist is asked too, from now on."""
    visit, form = running_visit(visit_id), Confirm()
    if not form.validate_on_submit():
        return _page(visit, form.error_links()), 422
    former_findings.widen(desk(), visit.inspection.id)
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


def whole_words(visit: Visit) -> str:
    """What a follow-up looks at when it does not look at the whole checklist; else nothing."""
    checklist = visit.checklist
    if checklist.whole is None:
        return ""
    return say(
        "Only former findings are looked at: {number} of {total} items.",
        number=len(list(checklist.items())),
        total=len(list(checklist.whole.items())),
    )


def _op_id() -> str:
    """Made with the page: pressing twice answers once."""
    try:
        return str(uuid5(UUID(request.form.get("op", "")), request.form.get("item", "")))
    except ValueError:
        return str(uuid4())


def _one_tap(visit: Visit, entry: Entry) -> bool:
    """Is a mark all that is asked, and none there yet?"""
    return IN in entry.item.marks and not entry.item.value_parts and not visit.rev(entry.key)


def _page(visit: Visit, errors: Sequence[tuple[str, str]] = ()) -> str:
    latest = before(visit.inspection)
    return render_template(
        "visits/former.html",
        visit=visit,
        rows=_rows(visit, latest) if latest else [],
        older=_older(visit, latest) if latest else [],
        op=str(uuid4()),
        errors=errors,
        **{"from": _from(latest) if latest else None},
    )


def _older(visit: Visit, latest: Latest) -> list[Former]:
    """What visits before the last one left open, and nobody looked at since."""
    owed = actions.find(desk(), Wanted(clinic_id=visit.clinic.id), limit=MOST_OLDER).rows
    return [
        _of_action(visit, row)
        for row in owed
        if not row.action.closed
        and row.action.inspection_id != latest.visit_id
        and (row.action.kind == INSPECTION or visit.is_self_audit)
    ]


def _of_action(visit: Visit, told: Told) -> Former:
    action, shown = told.action, row_shown(told)
    href, mark, entry = _today(visit, action.item, action.person)
    return Former(
        number=action.number,
        severity=action.severity,
        recommended=action.standing != "official",
        prompt=told.prompt,
        person=told.person_name,
        note=action.seen,
        corrective=action.required,
        photos=actions.photos_before(desk(), action),
        left=shown["left"],
        tone=shown["tone"],
        day=shown["day"],
        href=href,
        mark=mark,
        item=action.item,
        whose=action.person or "",
        steps=tuple(steps_shown(told)),
        after=photos_after(action),
        found_on=day_words(told.inspected_on),
        one_tap=entry is not None and _one_tap(visit, entry),
    )


def _from(latest: Latest) -> dict[str, str]:
    words = say("{kind} of {day}", kind=say(KIND_WORDS[latest.kind]), day=day_words(latest.inspected_on))
    return {"href": url_for("visits.show", visit_id=latest.visit_id), "words": words}


def _rows(visit: Visit, latest: Latest) -> list[Former]:
    names = stories.sealed(latest.checklist, latest.sealed).names
    today = today_in(visit.inspection.time_zone, clock())
    since = {(row.action.item, row.action.person): row for row in actions.of_visit(desk(), latest.visit_id)}
    found = []
    for finding in left_open(latest):
        told = since.get((finding.item, finding.person))
        row = _row(visit, latest, finding, names, today)
        found.append(_with_answer(row, told) if told else row)
    return found


def _with_answer(row: Former, told: Told) -> Former:
    """The finding as the record tells it, with what was said and shown since."""
    shown = row_shown(told)
    return replace(
        row,
        left=shown["left"],
        tone=shown["tone"],
        steps=tuple(steps_shown(told)),
        after=photos_after(told.action),
    )


def _row(visit: Visit, latest: Latest, finding: Finding, names: Mapping[str, str], today: date) -> Former:
    left, tone = left_of(finding, today)
    href, mark, entry = _today(visit, finding.item, finding.person)
    return Former(
        number=finding.number,
        severity=finding.severity,
        recommended=finding.standing != "official",
        prompt=latest.checklist.item(finding.item).prompt,
        person=names.get(finding.person or "", ""),
        note=finding.note,
        corrective=finding.corrective,
        photos=finding.photos,
        left=left,
        tone=tone,
        day=day_words(finding.correct_by),
        href=href,
        mark=mark,
        item=finding.item,
        whose=finding.person or "",
        one_tap=entry is not None and _one_tap(visit, entry),
    )


def _today(visit: Visit, item: str, person: str | None) -> tuple[str, str | None, Entry | None]:
    """Where the same item of the same person is asked at this visit, its mark, and itself; nothing where it is not."""
    entries = [entry for entry in visit.journey.entries() if entry.item.key == item]
    same = [entry for entry in entries if entry.person == person]
    if not entries or (not same and person is not None):
        return "", None, None  # not asked, or that practitioner is not on duty today
    entry = (same or entries)[0]
    key, anchor = section_of(visit.checklist, item), f"i-{entry.item.number}"
    answer = entry.reading.answer
    mark = None if answer.preset else answer.mark
    address = url_for("sections.show", visit_id=visit.inspection.id, key=key, _anchor=anchor)
    return address, mark, entry if same else None
