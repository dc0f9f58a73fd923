"""Amendments of a sealed visit: what was corrected and why, and (for inspectors) one more correction."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from audit.domain.amendments import REMARKS, VOID, Amendment, is_void
from audit.domain.answers import OUT, Key, Raw, raw_from
from audit.domain.entered import whole_words
from audit.domain.inspections import SEALED
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, Stale
from audit.domain.steps import Entry, ItemState, SectionState
from audit.domain.tongue import say
from audit.domain.visits import Kept, Visit
from audit.operations import amendments, answers, records
from audit.operations.inspections import open_visit
from audit.web import stories
from audit.web.cards import cards_of, raw_words
from audit.web.dates import day_words, moment_words
from audit.web.gate import desk
from audit.web.sections import without_out
from audit.web.told import ResultCard, result_card
from forms.amendments import AmendForm, RemarksForm
from forms.steps import Sent, form_for, slug_of

doors = Blueprint("amendments", __name__)
Answer = str | Response | tuple[str, int]


def sealed_visit(visit_id: UUID) -> Visit:
    """A sealed visit that this person may read."""
    visit = open_visit(desk(), str(visit_id))
    if visit.inspection.state != SEALED:
        raise NotNow(say("Only a sealed visit is amended. While it runs, change the answer itself."))
    return visit


def _amendable(visit_id: UUID) -> Visit:
    """The visit as amended so far, when this person may amend it."""
    visit = sealed_visit(visit_id)
    if not amendments.may_amend(desk(), visit):
        raise NotAllowed(say("Only an inspector amends a sealed inspection."))
    if is_void(amendments.of(desk(), visit.inspection.id)):
        raise NotNow(say("This visit was declared void. Nothing about it is amended any more."))
    return amendments.as_amended(desk(), visit.inspection.id)


def told_of(visit: Visit) -> dict[str, Any] | None:
    """What pages about a sealed visit say of its amendments; none when there is nothing to say or do."""
    made = amendments.of(desk(), visit.inspection.id)
    able = amendments.may_amend(desk(), visit) and not is_void(made)
    if not made and not able:
        return None
    return {"count": len(made), "void": is_void(made), "reason": made[-1].reason if made else "", "may": able}


@doors.get("/visits/<uuid:visit_id>/amendments")
def index(visit_id: UUID) -> str:
    visit = sealed_visit(visit_id)
    made = amendments.of(desk(), visit.inspection.id)
    return render_template(
        "amendments/list.html",
        visit=visit,
        date=day_words(visit.inspection.inspected_on),
        rows=[_shown(visit, one) for one in reversed(made)],
        void=is_void(made),
        results=_results(visit) if made else [],
        may_amend=amendments.may_amend(desk(), visit) and not is_void(made),
    )


def _results(visit: Visit) -> list[tuple[str, ResultCard]]:
    """What the visit came to as sealed, and comes to now."""
    found = []
    for words, record in (
        (say("As sealed"), records.sealed(desk(), visit.inspection.id)),
        (say("As amended"), records.standing(desk(), visit.inspection.id)),
    ):
        story = stories.sealed(visit.checklist, record)
        found.append((words, result_card(story.result, story.findings)))
    return found


def _shown(visit: Visit, one: Amendment) -> dict[str, Any]:
    """An amendment as the page tells it."""
    before = after = ""
    if one.kind == VOID:
        about = say("The whole visit was declared void")
    elif not one.item:
        about = say("Remarks")
        before, after = (str(part[REMARKS]) or say("nothing") for part in (one.before, one.after))
    else:
        item = visit.checklist.item(one.item)
        person = visit.practitioner_name(one.person)
        about = " · ".join(filter(None, (f"{item.number} {item.prompt}", person)))
        before, after = (whole_words(item, raw_from(part), day_words) for part in (one.before, one.after))
    return {
        "number": one.number,
        "about": about,
        "before": before,
        "after": after,
        "reason": one.reason,
        "by": answers.author_of(desk(), one.author),
        "at": moment_words(one.at, visit.inspection.time_zone),
    }


@doors.route("/visits/<uuid:visit_id>/amendments/new", methods=["GET", "POST"])
def new(visit_id: UUID) -> Answer:
    """Choose the answer, then correct it on the same card it was given on."""
    visit = _amendable(visit_id)
    if "item" not in request.args:
        return render_template("amendments/choose.html", visit=visit, sections=_choices(visit))
    key = request.args["item"], request.args.get("person") or None
    section, _, entry = _place_of(visit, key)
    form = AmendForm(data={"seen": _count(visit)})
    answer = form_for(visit.checklist, section.section, [key])()
    if not form.is_submitted():
        return _answer_page(visit, key, form, _raw(visit, entry), [])
    raw = _sent(answer, visit, entry)
    if not answer.validate():
        return _answer_page(visit, key, form, raw, answer.error_links()), 422
    errors = _amend(
        form,
        lambda: amendments.correct(
            desk(), visit.inspection.id, key, raw, form.text("reason"), form.seen_number
        ),
    )
    if errors is None:
        return redirect(url_for("amendments.index", visit_id=visit_id), 303)
    return _answer_page(visit, key, form, raw, errors), 422


def _choices(visit: Visit) -> list[dict[str, Any]]:
    """Every answer of the visit, by section, with its address."""
    return [
        {
            "title": f"{state.section.letter} · {state.section.title}",
            "lines": [_choice(visit, entry) for item in state.items for entry in item.entries],
        }
        for state in visit.journey.sections
        if state.items
    ]


def _choice(visit: Visit, entry: Entry) -> dict[str, Any]:
    where: dict[str, Any] = {"item": entry.item.key} | ({"person": entry.person} if entry.person else {})
    return {
        "href": url_for("amendments.new", visit_id=visit.inspection.id, **where),
        "number": entry.item.number,
        "prompt": entry.item.prompt,
        "person": visit.practitioner_name(entry.person),
        "mark": entry.reading.answer.mark,
        "words": raw_words(entry.item, _raw(visit, entry)),
    }


def _place_of(visit: Visit, key: Key) -> tuple[SectionState, ItemState, Entry]:
    for section in visit.journey.sections:
        for item in section.items:
            for entry in item.entries:
                if entry.key == key:
                    return section, item, entry
    raise NotFound(say("This item was not asked at this visit."))


def _count(visit: Visit) -> int:
    return len(amendments.of(desk(), visit.inspection.id))


def _raw(visit: Visit, entry: Entry) -> Raw:
    """What stands there now: as entered or corrected, or the preset."""
    kept, answer = visit.kept.get(entry.key), entry.reading.answer
    return kept.raw if kept else Raw(mark=answer.mark or "")


def _sent(answer: Any, visit: Visit, entry: Entry) -> Raw:
    """What the page sent; with an OUT taken back goes what only an OUT has."""
    if not answer.sent:
        return _raw(visit, entry)
    sent: Sent = answer.sent[0]
    if entry.reading.answer.mark == OUT and sent.raw.mark not in (OUT, ""):
        sent = without_out(sent)
    return sent.raw


def _amend(form: AmendForm, deed: Callable[[], Amendment]) -> list[tuple[str, str]] | None:
    """Do it; gives back what is wrong, or none when it is done."""
    if not form.validate():
        return form.error_links()
    try:
        deed()
    except BadInput as problem:
        # What is wrong with an answer stands at the answer itself; the summary names it once more.
        left = form.take(BadInput(replace(fault, place=_own_place(fault.place)) for fault in problem.faults))
        return [*(("", words) for words in left), *form.error_links()]
    except Stale as problem:
        return [("", problem.words)]
    return None


def _own_place(place: str) -> str:
    return "" if place.startswith("answer.") else place


def _answer_page(visit: Visit, key: Key, form: AmendForm, raw: Raw, errors: Iterable[tuple[str, str]]) -> str:
    tried = _with(visit, key, raw)
    section, item, entry = _place_of(tried, key)
    posted = {key: Sent(entry.item, entry.person, slug_of(entry.item, entry.person), "", 0, raw, True)}
    (card,) = cards_of(tried, [ItemState(item.item, (entry,), item.mark)], posted)
    form.seen.data = str(_count(visit))
    return render_template(
        "amendments/answer.html",
        visit=visit,
        form=form,
        card=card,
        section=section.section,
        now=raw_words(entry.item, _raw(visit, _place_of(visit, key)[2])),
        errors=[*errors],
    )


def _with(visit: Visit, key: Key, raw: Raw) -> Visit:
    """The visit as it would read, so that the card shows what is wrong where it is wrong."""
    at = visit.inspection.finished_at or visit.inspection.started_at
    return replace(visit, kept={**visit.kept, key: Kept(raw, visit.rev(key), "", at)})


@doors.route("/visits/<uuid:visit_id>/amendments/remarks", methods=["GET", "POST"])
def remarks(visit_id: UUID) -> Answer:
    visit = _amendable(visit_id)
    form = RemarksForm(data={"remarks": visit.inspection.remarks, "seen": _count(visit)})
    return _plain_page(
        visit,
        form,
        "amendments/remarks.html",
        lambda: amendments.correct_remarks(
            desk(), visit.inspection.id, form.text("remarks"), form.text("reason"), form.seen_number
        ),
    )


@doors.route("/visits/<uuid:visit_id>/amendments/void", methods=["GET", "POST"])
def void(visit_id: UUID) -> Answer:
    visit = _amendable(visit_id)
    form = AmendForm(data={"seen": _count(visit)})
    return _plain_page(
        visit,
        form,
        "amendments/void.html",
        lambda: amendments.void(desk(), visit.inspection.id, form.text("reason"), form.seen_number),
    )


def _plain_page(visit: Visit, form: AmendForm, template: str, deed: Callable[[], Amendment]) -> Answer:
    errors: list[tuple[str, str]] = []
    if form.is_submitted():
        found = _amend(form, deed)
        if found is None:
            return redirect(url_for("amendments.index", visit_id=visit.inspection.id), 303)
        errors = found
    form.seen.data = str(_count(visit))
    page = render_template(template, visit=visit, form=form, errors=errors)
    return (page, 422) if form.is_submitted() else page
