"""What a clinic's page says of what is to come: planned visits, its self-audits, its placard, what is closed."""

from typing import Any

from audit.domain.clinics import Clinic
from audit.domain.inspections import INSPECTION
from audit.operations import closures, programmes, records, schedule
from audit.web import stories
from audit.web.closures import closed_lines
from audit.web.gate import desk
from audit.web.schedule import audit_shown, row_shown
from audit.web.told import placard_shown

SHOWN = 3


def coming(clinic: Clinic) -> dict[str, Any]:
    """For whoever may read the clinic."""
    last = records.latest(desk(), clinic.id, (INSPECTION,))
    placard = stories.placard_of(last.sealed.document) if last else None
    kept = programmes.of(desk(), clinic.id)
    return {
        "coming": [row_shown(row) for row in schedule.next_of(desk(), clinic.id)[:SHOWN]],
        "audits": audit_shown(kept) if kept.programme else None,
        "placard": placard_shown(placard) if placard else None,
        "closed": closed_lines(closures.of_clinic(desk(), clinic.id)),
    }
