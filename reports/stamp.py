"""Time stamps (RFC 3161): a third party's word that a report's bytes were there at a time. Detached: no byte of the
sealed file moves, and anybody can judge a token with common tools, from the file alone."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp

from reports.seal import BROKEN, apart

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
LARGEST = 64 * 1024


class NoStamp(ValueError):
    """What came back is no time stamp of that; the text says why."""


@dataclass(frozen=True)
class Stamp:
    """A token as base64, when it says the bytes were there (UTC), and whom its certificate names."""

    token: str
    at: datetime
    by: str


def asked(sha256: str) -> tuple[bytes, Any]:
    """The request for a stamp of a file with that SHA-256, and the number that the answer has to repeat."""
    from pyhanko.sign.timestamps.api import TimeStamper

    made: Any = TimeStamper  # pyHanko has no types here
    nonce, request = made().request_cms(bytes.fromhex(sha256), "sha256")
    return bytes(request.dump()), nonce


def received(answer: bytes, sha256: str, nonce: Any) -> Stamp:
    """The stamp out of an authority's answer, once it was judged.

    Raises:
        NoStamp: when it was refused, is of something else, or is no sound signature.
    """
    from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

    try:
        token = handle_tsp_response(tsp.TimeStampResp.load(answer), nonce)
        data = bytes(token.dump())
    except (TimestampRequestError, *BROKEN) as error:
        raise NoStamp(f"refused or unreadable: {error}") from error
    return judged(base64.b64encode(data).decode("ascii"), sha256)


def judged(token: str, sha256: str) -> Stamp:
    """What a token says of the file with that SHA-256. Who made it is named, not believed.

    Raises:
        NoStamp: when it is of something else, or its signature is not sound.
    """
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko_certvalidator import ValidationContext

    def imprint(algorithm: str) -> bytes:
        if algorithm != "sha256":
            raise NoStamp(f"made with {algorithm}")
        return bytes.fromhex(sha256)

    try:
        info = cms.ContentInfo.load(base64.b64decode(token, validate=True))
        own = [one.chosen for one in info["content"]["certificates"]]  # named, and believed by nobody here
        trust = ValidationContext(trust_roots=own, allow_fetching=False)
        told = apart(_running(lambda: validate_tst_signed_data(info["content"], trust, imprint)))
    except (SigningError, SignatureValidationError, *BROKEN) as error:
        raise NoStamp(f"no time stamp: {error}") from error
    if not (told["intact"] and told["valid"]):
        raise NoStamp("it is of another file, or was changed")
    return Stamp(token, told["timestamp"].astimezone(UTC), told["signing_cert"].subject.human_friendly)


def _running(work: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: asyncio.run(work())
