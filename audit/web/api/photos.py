"""HEAD and PUT of photos: named by their content, acknowledged once they are kept."""

import math
import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from audit.domain.acts import keepable
from audit.domain.tongue import say
from audit.operations import photos
from audit.operations.photos import Claimed
from audit.web.api import asking
from audit.web.api.answering import answer
from audit.web.gate import desk

doors = Blueprint("photos", __name__)
CLAIMS = "X-Photo-Claims"
LONGEST_CLAIMS, LONGEST_TEXT = 2000, 100
_NUMBER = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?")


def _name(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        abort(404)
    return sha256


def _visit() -> str:
    """The visit the photo is for: who may write in it may add photos."""
    try:
        return str(UUID(request.args.get("inspection", "")))
    except ValueError:
        raise BadRequest(
            say("{name} is missing or is no text that can be kept.", name="inspection")
        ) from None


@doors.route("/photos/<sha256>", methods=["HEAD"])
def head(sha256: str) -> Response:
    """200 when these bytes are here, else 404."""
    facts = photos.here(desk(), _visit(), _name(sha256))
    return answer(sha256=facts.sha256, size=facts.size)


@doors.put("/photos/<sha256>")
def put(sha256: str) -> Response:
    """Keep a photo; sent again it is the same photo."""
    if not request.mimetype.startswith("image/"):
        raise UnsupportedMediaType(say("Send the photo as an image."))
    claims = claims_from(request.headers.get(CLAIMS, ""))
    facts = photos.accept_named(desk(), _visit(), _name(sha256), request.get_data(cache=False), claims)
    return answer(201, sha256=facts.sha256, size=facts.size)


def claims_from(text: str) -> Claimed | None:
    """What the tablet read from the camera before it reduced the photo; none when it says nothing.

    Raises:
        BadRequest: when it is no such document.
    """
    if not text:
        return None
    if len(text) > LONGEST_CLAIMS:
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name=CLAIMS))
    return claimed_in(asking.read(text.encode("latin-1", "replace")))


def claimed_in(found: Mapping[str, Any]) -> Claimed | None:
    """The same out of a document; see ``claims_from``."""
    if not found:
        return None
    return Claimed(
        taken_at=_text(found.get("taken_at")),
        latitude=_degrees(found.get("latitude", found.get("lat")), 90),
        longitude=_degrees(found.get("longitude", found.get("lon")), 180),
        camera=_text(found.get("camera")),
    )


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not keepable(value):
        raise BadRequest(say("{name} is missing or is no text that can be kept.", name=CLAIMS))
    return value


def _degrees(value: object, most: int) -> float | None:
    if value is None or value == "":
        return None
    # As a number, or as the text of one: a rescue file spells no fractions.
    number = float(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise BadRequest(say("{name} is missing or is no number.", name=CLAIMS))
    return float(number) if -most <= number <= most else None
