"""GET …/inspections/{id}: a whole visit for a tablet, and what changed since it last asked."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest

from audit.domain import manifest, markings
from audit.domain.answers import Key
from audit.domain.changes import Conflict
from audit.domain.history import Past
from audit.domain.inspections import INSPECTION, RUNNING, Inspection, Signature
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.operations import takeaway
from audit.operations.takeaway import Whole
from audit.web.api.answering import answer, instant
from audit.web.gate import desk

doors = Blueprint("visits", __name__)
LONGEST_SEQ = 15
IN_A_BROWSER = "page"


@doors.get("/inspections/<uuid:visit_id>")
def show(visit_id: UUID) -> Response:
    """Everything about a visit; one that is sealed can only be read."""
    return answer(**document(takeaway.whole(desk(), str(visit_id))))


@doors.get("/inspections/<uuid:visit_id>/changes")
def changes(visit_id: UUID) -> Response:
    """The same, with only those answers that changed after ``since``."""
    since = request.args.get("since", "")
    if not since.isascii() or not since.isdigit() or len(since) > LONGEST_SEQ:
        raise BadRequest(say("{name} is missing or is no number.", name="since"))
    return answer(**document(takeaway.whole(desk(), str(visit_id), int(since))))


def document(whole: Whole) -> dict[str, Any]:
    """The visit as JSON. Only answers are left out when they did not change; all else is always whole."""
    visit = whole.visit
    inspection = visit.inspection
    # A self-audit's past holds earlier ones, also where only this one is shown.
    past = visit.past if inspection.kind == INSPECTION or whole.may_write else ()
    return {
        **_inspection(inspection),
        "seq": whole.seq,
        "writable": whole.may_write and inspection.state == RUNNING,
        "clinic": {"id": visit.clinic.id, "name": visit.clinic.name, "address": visit.clinic.address},
        "people": [
            {"id": row.id, "name": row.name, "title": row.title, "active": row.active}
            for row in visit.practitioners
        ],
        "answers": [_answer(whole, key) for key in visit.kept if _wanted(whole, key)],
        "links": [
            {
                "item": key[0],
                "person": key[1],
                "sha256": link.sha256,
                "caption": link.caption,
                "marks": markings.read(link.marks),
            }
            for key, links in visit.links.items()
            for link in links
        ],
        "conflicts": [_conflict(whole, row) for row in visit.conflicts],
        "signatures": [_signature(visit, row) for row in visit.signatures],
        "repeats": repeats_told(visit.possible_repeats if past else {}),
        "past": past_told(past),
        "services": [[item, person, name] for (item, person), name in visit.services.items()],
        "manifest_hash": manifest.fingerprint(manifest.of(visit)),
    }


def repeats_told(repeats: Mapping[str, Iterable[date]]) -> dict[str, list[str]]:
    """Items that would be a repeat, with the days in ISO form."""
    return {item: [day.isoformat() for day in days] for item, days in repeats.items()}


def past_told(past: Iterable[Past]) -> list[dict[str, Any]]:
    """The sealed visits before, newest first: items that were OUT, with whether they were corrected on site."""
    return [
        {
            "inspected_on": one.inspected_on.isoformat(),
            "purpose": one.purpose,
            "outs": dict(one.outs),
            "asked": None if one.asked is None else sorted(one.asked),
        }
        for one in past
    ]


def _wanted(whole: Whole, key: Key) -> bool:
    return whole.moved is None or key in whole.moved


def _inspection(inspection: Inspection) -> dict[str, Any]:
    return {
        "id": inspection.id,
        "clinic_id": inspection.clinic_id,
        "checklist_sha": inspection.checklist_sha,
        "kind": inspection.kind,
        "purpose": inspection.purpose,
        "state": inspection.state,
        "started_at": instant(inspection.started_at),
        "finished_at": instant(inspection.finished_at),
        "inspected_on": inspection.inspected_on.isoformat(),
        "time_zone": inspection.time_zone,
        "inspector_id": inspection.inspector_id,
        "inspector_name": inspection.inspector_name,
        "profile": dict(inspection.profile),
        "facts": dict(inspection.facts),
        "practitioners": list(inspection.practitioners),
        "present": list(inspection.present),
        "remarks": inspection.remarks,
        "set_aside_reason": inspection.set_aside_reason,
        "rev": inspection.rev,
        "scope": list(inspection.scope),
    }


def _device_name(whole: Whole, device: str) -> str:
    if device == IN_A_BROWSER:
        return say("in a browser")
    return whole.devices.get(device, device if whole.may_write else "")


def _answer(whole: Whole, key: Key) -> dict[str, Any]:
    kept, entered = whole.visit.kept[key], whole.entered.get(key)
    return {
        "item": key[0],
        "person": key[1],
        "rev": kept.rev,
        "value": kept.raw.document(),
        "author": kept.author,
        "author_name": whole.names.get(kept.author, ""),
        # Who knows a tablet's id could send in its name: only those who write with it are told.
        "device": entered.device if entered and whole.may_write else "",
        "device_name": _device_name(whole, entered.device) if entered else "",
        "client_time": entered.client_time if entered else "",
        "at": instant(kept.at),
        "received_at": instant(entered.received_at if entered else kept.at),
    }


def _conflict(whole: Whole, row: Conflict) -> dict[str, Any]:
    return {
        "op_id": row.op_id,
        "item": row.key[0],
        "person": row.key[1],
        "value": dict(row.value),
        "author": row.author,
        "author_name": whole.names.get(row.author, ""),
        "device_name": _device_name(whole, row.device),
        "at": instant(row.at),
        "client_time": whole.claimed.get(row.op_id, ""),
    }


def _signature(visit: Visit, row: Signature) -> dict[str, Any]:
    return {
        "role": row.role,
        "state": row.state,
        "name": row.name,
        "title": row.title,
        "how": row.how,
        "at": instant(row.at),
        "strokes": [[list(point) for point in line] for line in row.strokes] or None,
        "covers": row.seen == visit.fingerprint,
    }
