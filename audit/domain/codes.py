"""Codes that an app on a phone shows for half a minute (RFC 6238)."""

import base64
import binascii
import hmac
from datetime import datetime

SECONDS, DIGITS = 30, 6
SLACK = 1  # steps a phone's clock may be off, either way
KEY_BYTES = 20


def step_of(at: datetime) -> int:
    """The number of the half minute."""
    return int(at.timestamp()) // SECONDS


def code_of(key: str, step: int) -> str:
    """The code of a key (base32) in that half minute.

    Raises:
        ValueError: when the key is no base32.
    """
    try:
        secret = base64.b32decode(key, casefold=True)
    except binascii.Error as error:
        raise ValueError("no base32") from error
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_shown(key: str, code: str, at: datetime) -> int | None:
    """The half minute whose code this is, near that instant; none when it is no such code."""
    now = step_of(at)
    for step in (now, *(now + off for one in range(1, SLACK + 1) for off in (-one, one))):
        if hmac.compare_digest(code_of(key, step).encode(), code.encode("utf-8", "replace")):
            return step
    return None


def grouped(text: str, size: int = 4) -> str:
    """A long key or code as people read it out."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def ungrouped(text: str) -> str:
    """The same as typed by anybody."""
    return "".join(text.split()).replace("-", "").upper()
