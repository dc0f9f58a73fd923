"""A clinic shows one of its self-audits to the agency, or stops showing it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from audit.domain.inspections import SEALED
from audit.domain.visits import Visit
from audit.operations import disclosing
from audit.web.dates import moment_words
from audit.web.gate import can, desk
from forms.visits import Confirm

doors = Blueprint("disclosing", __name__)


@doors.post("/visits/<uuid:visit_id>/disclose")
def change(visit_id: UUID) -> Response:
    on = request.form.get("to") == "on"
    if Confirm().validate_on_submit():
        (disclosing.disclose if on else disclosing.withdraw)(desk(), str(visit_id))
    else:
        disclosing.check(desk(), str(visit_id))
    return redirect(url_for("visits.show", visit_id=visit_id, _anchor="shown"), 303)


def shown(visit: Visit) -> dict[str, Any] | None:
    """What the page of a sealed self-audit says of who reads it; nothing about other visits."""
    if not visit.is_self_audit or visit.inspection.state != SEALED:
        return None
    found = disclosing.standing(desk(), visit.inspection)
    return {
        "since": moment_words(found.since, visit.inspection.time_zone) if found else "",
        "may": can(disclosing.DEED, visit.clinic.id),
    }
