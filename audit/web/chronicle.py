"""The history of one visit in plain words."""

from itertools import groupby
from uuid import UUID

from flask import Blueprint, render_template

from audit.operations import chronicle, clinics
from audit.operations.chronicle import Told
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
