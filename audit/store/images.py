"""Checks photos and makes their copies, in a child process that can fail without taking anything along."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.domain.problems import BadInput, Busy, Fault, Problem, TooLarge
from audit.domain.tongue import say, word
from audit.store.files import fingerprint

MOST_BYTES = 8 * 1024 * 1024
SECONDS = 10
AT_ONCE = 2
WAIT_SECONDS = 20
SIZES = ("thumb", "screen", "print")
_CHILD = Path(__file__).with_name("imaging.py")
_SLOTS = threading.BoundedSemaphore(AT_ONCE)

WORDS = {
    "pixels": word("The photo has more than 50 megapixels. Take it in a smaller size."),
    "memory": word("The photo needs more memory than one photo may. Take it in a smaller size."),
    "format": word("This is no photo in JPEG, PNG, WebP or HEIC."),
    "frames": word("This is a moving picture. Choose a single photo."),
    "damaged": word("The photo is incomplete or damaged. Send it again."),
}


@dataclass(frozen=True)
class Claims:
    """What the camera wrote into the photo: a claim, neither checked nor shown. Degrees north and east."""

    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None


@dataclass(frozen=True)
class Photo:
    """A checked photo: the SHA-256 of the bytes received, format, upright size in pixels, bytes, copies by size."""

    sha256: str
    format: str
    width: int
    height: int
    data: bytes
    copies: dict[str, bytes]
    claims: Claims

    @property
    def size(self) -> int:
        return len(self.data)


def check(data: bytes) -> Photo:
    """Look at the bytes of a photo and make its copies; takes about half a second for 12 megapixels.

    Raises:
        TooLarge: over 8 MB, 50 megapixels, or what memory and time allow.
        BadInput: when it is no photo that can be taken, with words fit for the field.
        Busy: when too many photos are being looked at.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(say("The photo has more than 8 MB. Take it in a smaller size."))
    if not data:
        raise _bad("damaged")
    told, rest = _ask_child(data)
    if "refused" in told:
        raise _refusal(told["refused"])
    copies, start = {}, 0
    for name, length in told["copies"].items():
        copies[name] = rest[start : start + length]
        start += length
    claims = Claims(**told["claims"])
    return Photo(fingerprint(data), told["format"], told["width"], told["height"], data, copies, claims)


def _ask_child(data: bytes) -> tuple[dict[str, Any], bytes]:
    if not _SLOTS.acquire(timeout=WAIT_SECONDS):
        raise Busy(say("Many photos are arriving just now. Send this one again in a moment."))
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(_CHILD)], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _refusal("memory") from error
    finally:
        _SLOTS.release()
    line, _, rest = child.stdout.partition(b"\n")
    if child.returncode != 0 or not line:
        raise _refusal("damaged")  # killed by a limit, or the decoder itself broke down
    told: dict[str, Any] = json.loads(line)
    return told, rest


def _refusal(code: str) -> Problem:
    return TooLarge(say(WORDS[code])) if code in ("pixels", "memory") else _bad(code)


def _bad(code: str) -> BadInput:
    return BadInput([Fault("photo", say(WORDS[code]))])
