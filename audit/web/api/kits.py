"""GET …/clinics/{id}/kit: "take with me"."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from audit.domain.answers import Key, PhotoLink
from audit.operations import actions, kits
from audit.operations.actions import Told
from audit.operations.kits import OpenFinding
from audit.operations.records import Latest
from audit.operations.suggestions import OnFile
from audit.web.actions import photos_after, row_shown, steps_shown
from audit.web.api.answering import answer, told
from audit.web.api.visits import past_told, repeats_told
from audit.web.gate import desk

doors = Blueprint("kits", __name__)


@doors.get("/clinics/<uuid:clinic_id>/kit")
def show(clinic_id: UUID) -> Response:
    """Everything of a clinic that a visit there needs without a network."""
    kit = kits.kit(desk(), str(clinic_id))
    return answer(
        clinic=told(kit.clinic) | {"profile": dict(kit.clinic.profile)},
        practitioners=[
            {"id": row.id, "name": row.name, "title": row.title, "active": row.active}
            for row in kit.practitioners
        ],
        checklists=dict(kit.checklists),
        visits_before=kit.visits_before,
        repeats=repeats_told(kit.repeats),
        past=past_told(kit.past),
        last_visit=_last(kit.last) if kit.last else None,
        open_findings=[_finding(row, kit.names) for row in kit.open_findings],
        older_findings=[_older(row) for row in kit.older],
        follow_up=list(kit.follow_up),
        on_file=[_on_file(key, row) for key, row in kit.on_file.items()],
    )


def _finding(row: OpenFinding, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "item": row.item,
        "number": row.number,
        "person": row.person or None,
        "person_name": names.get(row.person, ""),
        "severity": row.severity,
        "note": row.note,
        "corrective": row.corrective,
        "correct_by": row.correct_by,
        "stop": row.stop,
        "photos": [{"sha256": one["sha256"], "caption": one["caption"]} for one in row.photos],
        "found_on": None,
        **_since(row.since),
    }


def _older(row: Told) -> dict[str, Any]:
    action = row.action
    return {
        "item": action.item,
        "number": action.number,
        "person": action.person or None,
        "person_name": row.person_name,
        "severity": action.severity,
        "note": action.seen,
        "corrective": action.required,
        "correct_by": action.correct_by.isoformat(),
        "stop": action.stop,
        "photos": _photos(actions.photos_before(desk(), action)),
        "found_on": row.inspected_on.isoformat(),
        **_since(row),
    }


def _photos(links: Iterable[PhotoLink]) -> list[dict[str, str]]:
    return [{"sha256": one.sha256, "caption": one.caption} for one in links]


def _since(row: Told | None) -> dict[str, Any]:
    """What was said and shown since. ``waits`` is how it stands in words, where it no longer waits for the clinic."""
    if row is None:
        return {"waits": None, "steps": [], "after": []}
    shown = row_shown(row)
    waits = {"words": shown["left"], "tone": shown["tone"]} if row.action.waits_for != "clinic" else None
    steps = [
        {name: step[name] for name in ("shape", "title", "by", "at", "on", "words")}
        for step in steps_shown(row)
    ]
    return {"waits": waits, "steps": steps, "after": list(photos_after(row.action))}


def _on_file(key: Key, row: OnFile) -> dict[str, Any]:
    return {
        "item": key[0],
        "person": key[1],
        "before": list(row.before),
        "part": row.part,
        "issued": _day(row.issued),
        "expires": _day(row.expires),
        "after": list(row.after),
        "ahead": row.ahead,
    }


def _day(found: date | None) -> str | None:
    return found.isoformat() if found else None


def _last(last: Latest) -> dict[str, Any]:
    result = last.sealed.document["result"]
    return {
        "id": last.visit_id,
        "kind": last.kind,
        "inspected_on": last.inspected_on.isoformat(),
        "status": result["status"],
        "score": result["score"],
        "findings": len(last.sealed.document["findings"]),
        "report": f"/visits/{last.visit_id}/reports/record.pdf",
    }
