"""The history of one visit in plain words."""

from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request, url_for

from audit.domain.chronicle import GROUPS
from audit.domain.tongue import say, word
from audit.operations import agency, chronicle, clinics, people
from audit.operations.chronicle import Told, TrailLine
from audit.web.dates import day_words, local
from audit.web.gate import can, desk

doors = Blueprint("chronicle", __name__)
# What stands out in a long list: what closed something, and what went against somebody.
SHAPES = {"sealed": "done", "amended": "warn", "voided": "over", "visit.refused": "over"}


@doors.get("/visits/<uuid:visit_id>/history")
def show(visit_id: UUID) -> str:
    found = chronicle.of_visit(desk(), str(visit_id))
    inspection = found.inspection
    return render_template(
        "visits/history.html",
        visit_id=inspection.id,
        clinic=clinics.get(desk(), inspection.clinic_id).name,
        date=day_words(inspection.inspected_on),
        days=_by_day(found.events, inspection.time_zone),
        whole=found.whole,
        zone=inspection.time_zone,
        trail=can("trail.read"),
    )


def _by_day(events: tuple[Told, ...], zone: str) -> list[tuple[str, list[dict[str, str]]]]:
    """(day, its events), the newest first, on the clock of the clinic."""
    days = groupby(reversed(events), key=lambda one: local(one.at, zone).date())
    return [(day_words(day), [_shown(one, zone) for one in found]) for day, found in days]


def _shown(one: Told, zone: str) -> dict[str, str]:
    there = local(one.at, zone)
    shape = SHAPES.get(one.deed, "")
    return {"time": f"{there:%H:%M}", "who": one.who, "words": one.words, "shape": shape}


# the whole trail ----------------------------------------------------------------------------------------------

GROUP_WORDS = {
    "": word("Everything"),
    "doors": word("Signing in"),
    "refusals": word("Refusals"),
    "taken": word("Downloads and exports"),
    "rights": word("Rights and settings"),
}
PAGES = {
    "visit": "visits.show",
    "clinic": "clinics.show",
    "person": "people.edit",
    "action": "actions.show",
    "recall": "recalls.show",
    "planned visit": "schedule.show",
}
PLACES = {
    "visit": "visit_id",
    "clinic": "clinic_id",
    "person": "person_id",
    "action": "action_id",
    "recall": "recall_id",
    "planned visit": "planned_id",
}


@doors.get("/trail")
def trail() -> str:
    """Everything that was done, tried and taken along, newest first."""
    asked = request.args
    group = asked.get("group", "") if asked.get("group") in GROUPS else ""
    before = asked.get("before", "")
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else 0
    person = asked.get("person", "")[:64]
    found = chronicle.trail(desk(), group, person, last)
    zone = agency.get(desk()).time_zone
    kept: dict[str, Any] = {"group": group or None, "person": person or None}
    return render_template(
        "people/trail.html",
        groups=[(value, say(words)) for value, words in GROUP_WORDS.items()],
        group=group,
        by=person,
        people=[("", say("Everybody")), *((one.id, one.name) for one in people.list_people(desk()))],
        days=_days(found.lines, zone),
        zone=zone,
        next=url_for("chronicle.trail", before=found.next, **kept) if found.next else "",
    )


def _days(rows: tuple[TrailLine, ...], zone: str) -> list[tuple[str, list[dict[str, str]]]]:
    found = groupby(rows, key=lambda one: local(one.at, zone).date())
    return [(day_words(day), [_line(one, zone) for one in lines]) for day, lines in found]


def _line(one: TrailLine, zone: str) -> dict[str, str]:
    page, place = PAGES.get(one.kind, ""), PLACES.get(one.kind, "")
    address: dict[str, Any] = {place: one.thing}
    return {
        "time": f"{local(one.at, zone):%H:%M}",
        "who": one.who,
        "words": one.words,
        "name": one.name,
        "href": url_for(page, **address) if page else "",
    }
