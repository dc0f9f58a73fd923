"""Is this server able to work? For whoever watches it: no page, no person, no secrets."""

from flask import Blueprint

from audit.web.gate import desk

doors = Blueprint("health", __name__)


@doors.get("/healthz")
def healthz() -> dict[str, str]:
    """Opening the desk has already opened the ledger; a broken one answers 500."""
    desk()
    return {"status": "ok"}
