"""POST /api/v1/rescue: an administrator takes in the file that a tablet wrote because it could not send."""

import base64
import binascii
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest

from audit.domain import acts
from audit.domain.canonical import sha256_of
from audit.domain.tongue import say
from audit.operations import rescue
from audit.operations.rescue import Rescued, Taken
from audit.web.api import asking
from audit.web.api.answering import answer
from audit.web.api.photos import claimed_in
from audit.web.gate import desk

doors = Blueprint("rescue", __name__)
FORMAT, MOST_OPERATIONS, MOST_PHOTOS = "clinic-audit rescue", 5_000, 500


@doors.post("/rescue")
def take_in() -> Response:
    """One verdict for each operation; whatever was sent before is a duplicate."""
    desk().must("device.administer")  # before anything is read: such a file may be long
    taken = read_in(asking.document())
    return answer(
        results=[
            {"op_id": row.op_id, "status": row.status, "rev": row.rev, "words": row.words}
            for row in taken.verdicts
        ],
        photos=[{"sha256": name, "words": words} for name, words in taken.photos.items()],
    )


def read_in(found: dict[str, Any]) -> Taken:
    """Take in the document of a rescue file.

    Raises:
        NotAllowed: for anybody but an administrator. BadRequest, BadInput: for what is none, or of nobody here.
    """
    desk().must("device.administer")
    if found.get("format") != FORMAT or found.get("sha256") != _fingerprint(found):
        raise BadRequest(say("This is no rescue file, or it is damaged."))
    device = asking.text(found, "device_id", 36)
    operations = asking.rows(found, "operations", MOST_OPERATIONS)
    return rescue.take_in(
        desk(),
        device,
        asking.text(found, "author"),
        [_operation(row, device) for row in operations],
        [_photo(row) for row in asking.rows(found, "photos", MOST_PHOTOS)],
    )


def _fingerprint(found: dict[str, Any]) -> str:
    """The SHA-256 of everything but itself, in the one spelling that both sides share."""
    try:
        return sha256_of({name: value for name, value in found.items() if name != "sha256"})
    except (TypeError, UnicodeEncodeError):
        return ""


def _operation(row: Any, device: str) -> tuple[str, acts.Act | acts.Unreadable]:
    if not isinstance(row, dict) or not acts.is_uuid(row.get("inspection")):
        return "", acts.read(None, device)
    return row["inspection"], acts.read({key: row[key] for key in row if key != "inspection"}, device)


def _photo(row: Any) -> Rescued:
    if not isinstance(row, dict) or not isinstance(row.get("claims", {}), dict):
        raise BadRequest(say("This is no rescue file, or it is damaged."))
    try:
        data = base64.b64decode(asking.text(row, "base64", 12 * 1024 * 1024), validate=True)
    except (ValueError, binascii.Error):
        raise BadRequest(say("This is no rescue file, or it is damaged.")) from None
    name, visit = asking.text(row, "sha256", 64), asking.text(row, "inspection", 36)
    return Rescued(name, visit, data, claimed_in(row.get("claims", {})))
