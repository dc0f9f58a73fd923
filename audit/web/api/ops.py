"""POST …/ops: a batch of acts about one visit, one verdict for each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort
from werkzeug.exceptions import BadRequest, HTTPException

from audit.domain import acts
from audit.domain.changes import REJECTED
from audit.domain.tongue import say
from audit.operations import answers, tablet, takeaway
from audit.operations.tablet import Batch, Verdict
from audit.web import noting
from audit.web.api import asking
from audit.web.api.answering import answer, instant
from audit.web.gate import clock, desk

doors = Blueprint("ops", __name__)
OLDEST_APP = timedelta(days=90)
FURTHEST = timedelta(days=3660)  # a clock that is further off says nothing


class TooOld(HTTPException):
    """The app on the tablet is of a build from another season; what it says may mean something else by now."""

    code = 426


@doors.post("/inspections/<uuid:visit_id>/ops")
def take_in(visit_id: UUID) -> Response:
    """Take in a batch; 4xx for all of it only when its envelope cannot be read."""
    batch = batch_from(asking.document())
    verdicts = tablet.receive(desk(), str(visit_id), batch)
    if any(verdict.status == REJECTED for verdict in verdicts):
        noting.refused(str(visit_id))
    results = [_result(verdict) for verdict in verdicts]
    return answer(results=results, seq=takeaway.newest_seq(desk(), str(visit_id)))


def batch_from(found: dict[str, Any]) -> Batch:
    """The envelope and its acts.

    Raises:
        BadRequest: when the envelope cannot be read.
        HTTPException: 413 for too many acts, 426 for an app that is too old.
    """
    device = asking.text(found, "device_id", 36)
    if not acts.is_uuid(device):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name="device_id"))
    version = asking.text(found, "app_version", 80)
    if is_too_old(version, clock().date()):
        raise TooOld(say("This app is too old for the server. What waits on the tablet can be exported."))
    rows = found.get("ops")
    if isinstance(rows, list) and len(rows) > tablet.MOST_ACTS:
        abort(413, say("Send at most {most} operations at once.", most=tablet.MOST_ACTS))
    sent_at = asking.text(found, "sent_at", acts.LONGEST_TIME)
    return Batch(
        device=device,
        app_version=version,
        sent_at=sent_at,
        offset=offset_of(sent_at, clock()),
        acts=tuple(acts.read(row, device) for row in asking.rows(found, "ops", tablet.MOST_ACTS)),
    )


def is_too_old(version: str, today: date) -> bool:
    """``2026-11-21.4f0c…``: the day on which the server last called the build its own, and the build."""
    try:
        fresh = date.fromisoformat(version[:10])
    except ValueError:
        return False
    return today - fresh > OLDEST_APP


def offset_of(sent_at: str, now: datetime) -> int | None:
    """How many seconds a tablet's clock is behind ours; none when it cannot be told."""
    try:
        sent = datetime.fromisoformat(sent_at)
    except ValueError:
        return None
    try:
        off = now - (sent if sent.tzinfo else sent.replace(tzinfo=UTC))
    except OverflowError:
        return None
    return int(off.total_seconds()) if abs(off) <= FURTHEST else None


def _result(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = {"op_id": verdict.op_id, "status": verdict.status, "rev": verdict.rev}
    if verdict.words:
        found["words"] = verdict.words
    if verdict.was:
        found["was"] = verdict.was
    if verdict.current is not None:
        found["current"] = {
            "value": dict(verdict.current.value),
            "author_name": answers.author_of(desk(), verdict.current.author),
            "at": instant(verdict.current.at),
        }
    return found
