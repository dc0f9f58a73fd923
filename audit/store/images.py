"""Checks photos and makes their copies, in child processes that can fail without taking anything along."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audit.domain.problems import BadInput, Busy, Fault, Problem, TooLarge
from audit.domain.tongue import say, word
from audit.store import splitting
from audit.store.files import fingerprint

MOST_BYTES = 8 * 1024 * 1024
SECONDS, SECONDS_LATER = 10, 40
AT_ONCE = 2
MOST_WAITING = 4  # photos that wait for their check; each holds a thread of the server that answers could use
WAIT_SECONDS = 20
SIZES = ("thumb", "screen", "print")
_CHILD = Path(__file__).with_name("imaging.py")
_SLOTS = threading.BoundedSemaphore(AT_ONCE)
_ROOM = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)

MANY = word("Many photos are arriving just now. Send this one again in a moment.")
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
    """A checked photo: the SHA-256 of the bytes received, format, upright size in pixels, bytes."""

    sha256: str
    format: str
    width: int
    height: int
    data: bytes
    claims: Claims

    @property
    def size(self) -> int:
        return len(self.data)


def check(data: bytes) -> Photo:
    """Look at the bytes of a photo and decode it once, small: a few hundredths of a second for 3 megapixels.

    Raises:
        TooLarge: over 8 MB, 50 megapixels, or what memory and time allow.
        BadInput: when it is no photo that can be taken, with words fit for the field.
        Busy: when too many photos are being looked at.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(say("The photo has more than 8 MB. Take it in a smaller size."))
    if not data:
        raise _bad("damaged")
    told, _ = _ask_child(data, "check")
    claims = Claims(**told["claims"])
    return Photo(fingerprint(data), told["format"], told["width"], told["height"], data, claims)


def copies(data: bytes, hurry: bool = True) -> dict[str, bytes]:
    """The upright copies of a photo that was checked, by size: JPEG without metadata. Raises as ``check``."""
    told, rest = _ask_child(data, "copies" if hurry else "later")
    made, start = {}, 0
    for name, length in told["copies"].items():
        made[name] = rest[start : start + length]
        start += length
    return made


def _ask_child(data: bytes, what: str) -> tuple[dict[str, Any], bytes]:
    with _turn(what):
        try:
            answer = _answer(data, what)
        except TimeoutError as error:
            raise _refusal("memory") from error
    line, _, rest = answer.partition(b"\n")
    if not line:
        raise _refusal("damaged")  # killed by a limit, or the decoder itself broke down
    told: dict[str, Any] = json.loads(line)
    if "refused" in told:
        raise _refusal(told["refused"])
    return told, rest


@contextmanager
def _turn(what: str) -> Iterator[None]:
    """Few at once. A photo that arrives while many wait is sent again later, so that answers find a thread; copies
    that nobody waits for have a thread of their own and hold up no photo.

    Raises:
        Busy: when it is not its turn soon.
    """
    if what == "later":
        yield
        return
    waits = what == "check"
    if waits and not _ROOM.acquire(blocking=False):
        raise Busy(say(MANY))
    try:
        if not _SLOTS.acquire(timeout=WAIT_SECONDS):
            raise Busy(say(MANY))
        try:
            yield
        finally:
            _SLOTS.release()
    finally:
        if waits:
            _ROOM.release()


def _answer(data: bytes, what: str) -> bytes:
    """What a child says; nothing when it broke down."""
    if splitting.POSSIBLE:
        return splitting.ask(_CHILD, what, data, SECONDS_LATER if what == "later" else SECONDS)
    command = [sys.executable, "-I", str(_CHILD), what]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from error
    return child.stdout if child.returncode == 0 else b""


def _refusal(code: str) -> Problem:
    return TooLarge(say(WORDS[code])) if code in ("pixels", "memory") else _bad(code)


def _bad(code: str) -> BadInput:
    return BadInput([Fault("photo", say(WORDS[code]))])
