"""GET …/clinics/{id}/kit: "take with me"."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response

from audit.operations import kits
from audit.operations.records import Latest
from audit.web.api.answering import answer, told
from audit.web.api.visits import repeats_told
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
        last_visit=_last(kit.last) if kit.last else None,
        open_findings=[
            {
                "item": row.item,
                "number": row.number,
                "person": row.person or None,
                "person_name": kit.names.get(row.person, ""),
                "severity": row.severity,
                "note": row.note,
                "corrective": row.corrective,
                "correct_by": row.correct_by,
                "stop": row.stop,
                "photos": [{"sha256": one["sha256"], "caption": one["caption"]} for one in row.photos],
            }
            for row in kit.open_findings
        ],
    )


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
