"""JSON answers: each carries the server's time, so that a tablet can tell how far its own clock is off."""

import json
from datetime import datetime
from typing import Any

from flask import Response

from audit.domain.canonical import instant_text
from audit.domain.clinics import Clinic
from audit.web.gate import clock


def answer(status: int = 200, /, **fields: Any) -> Response:
    """A JSON object with these fields."""
    body = json.dumps({**fields, "server_time": instant_text(clock())}, ensure_ascii=False)
    return Response(f"{body}\n", status, mimetype="application/json")


def told(clinic: Clinic) -> dict[str, Any]:
    """What every answer about a clinic says of it."""
    return {
        "id": clinic.id,
        "name": clinic.name,
        "address": clinic.address,
        "jurisdiction": clinic.jurisdiction,
        "permit": clinic.permit,
        "time_zone": clinic.time_zone,
    }


def instant(at: datetime | None) -> str | None:
    """``2026-03-03T17:00:00Z``"""
    return None if at is None else instant_text(at)
