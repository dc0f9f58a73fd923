"""POST …/finalize: tablet and server compare what they hold, then the visit is sealed."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, session
from werkzeug.exceptions import BadRequest

from audit.domain.acts import keepable
from audit.domain.tongue import say
from audit.operations import finishing, passkeys, signing_in
from audit.operations.finishing import Differences, Said
from audit.web.api import asking
from audit.web.api.answering import answer, instant
from audit.web.gate import TOKEN, desk, place

doors = Blueprint("sealing", __name__)
MOST_ANSWERS, MOST_PHOTOS, MOST_SIGNATURES, LONGEST_PASSWORD = 20_000, 2_000, 10, 2_000


@doors.post("/inspections/<uuid:visit_id>/passkey")
def ask_passkey(visit_id: UUID) -> Response:
    """What a passkey is asked before the seal; null for who has none."""
    asked = finishing.ask_passkey(desk(), str(visit_id), session[TOKEN], place())
    return answer(asked=json.loads(asked) if asked else None)


@doors.post("/inspections/<uuid:visit_id>/finalize")
def finalize(visit_id: UUID) -> Response:
    """Seal, or say piece by piece why not. Asked again after the seal, it says the same again."""
    found = asking.document()
    done = finishing.finish(desk(), str(visit_id), said_in(found), proof_in(found))
    if isinstance(done, Differences):
        return answer(
            409,
            error={"code": "differs", "words": done.words},
            missing_photos=list(done.missing_photos),
            differing_answers=[list(key) for key in done.differing_answers],
            open_conflicts=list(done.open_conflicts),
            gaps=[list(key) for key in done.gaps],
            manifest=done.manifest,
        )
    return answer(
        sealed_at=instant(done.sealed_at),
        sha256=done.sha256,
        duplicate=done.again,
        address=f"/visits/{visit_id}/hand-over",
    )


def proof_in(found: dict[str, Any]) -> Callable[[], None]:
    """Proves by what stands here, a password or a passkey's answer, that it is still the person who signed in.

    Raises:
        BadRequest: when neither can be read.
    """
    if found.get("passkey") is None:
        password = asking.text(found, "password", LONGEST_PASSWORD)
        return lambda: signing_in.prove(desk(), password, request.remote_addr or "")
    said = asking.text(found, "passkey", passkeys.LONGEST_ANSWER)
    return lambda: passkeys.prove(desk(), session[TOKEN], place(), said)


def said_in(found: dict[str, Any]) -> Said:
    """What the tablet says it holds.

    Raises:
        BadRequest: when it cannot be read.
    """
    count = found.get("answers")
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= MOST_ANSWERS:
        raise BadRequest(say("{name} is missing or is no number.", name="answers"))
    return Said(
        manifest_hash=asking.text(found, "manifest_hash", 64),
        count=count,
        photos=[_text(one) for one in asking.rows(found, "photos", MOST_PHOTOS)],
        signatures=[_texts(row) for row in asking.rows(found, "signatures", MOST_SIGNATURES)],
        answers=_answers(found["manifest"]) if found.get("manifest") is not None else None,
    )


def _answers(given: Any) -> list[list[Any]]:
    if not isinstance(given, dict):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name="manifest"))
    rows = asking.rows(given, "answers", MOST_ANSWERS)
    for row in rows:
        _texts(row[:2] if isinstance(row, list) and len(row) == 3 and isinstance(row[2], int) else None)
    return list(rows)


def _texts(row: Any) -> list[str]:
    if not isinstance(row, list):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name="signatures"))
    return [_text(one) for one in row]


def _text(one: Any) -> str:
    if not isinstance(one, str) or len(one) > 200 or not keepable(one):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name="photos"))
    return one
