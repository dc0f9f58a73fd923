"""Passwords: which ones are taken, how they are hashed, and equal work for logins that do not exist.

Rules after NIST SP 800-63B-4: at least 15 characters, no rules about their kinds, no forced changes, a block list.
"""

import base64
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audit.domain.problems import BadInput, Busy, Fault
from audit.domain.tongue import say

SHORTEST, LONGEST, REFUSED_UNREAD = 15, 128, 1000
HARD_TO_GUESS = 4  # zxcvbn: 0 to 4; 4 takes more than 10^10 guesses
LEAST_OF_ITS_OWN = 8  # characters left when all known words are taken out
READ_BY_ZXCVBN = 64
PRODUCT_WORDS = ("clinic", "audit", "inspection", "inspector", "password")
_NO_LETTER = re.compile(r"[\W_]+")

# One at a time: a crowd at the door may not take all memory (64 MiB each) and every core from those at work; nor
# may it keep every thread waiting.
_ONE = threading.Lock()
WAIT_SECONDS = 3.0


class Hashing:
    """Argon2id with one cost for everybody, known or not."""

    def __init__(self, passes: int, kibibytes: int, lanes: int = 1) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=kibibytes, parallelism=lanes)
        filler = [base64.b64encode(bytes(length)).rstrip(b"=").decode() for length in (16, 32)]
        self._nobodys = f"$argon2id$v=19$m={kibibytes},t={passes},p={lanes}${filler[0]}${filler[1]}"

    def hash(self, password: str) -> str:
        with _one_at_a_time():
            return self._hasher.hash(_normal(password))

    def fits(self, password: str, kept: str | None) -> bool:
        """Does the password fit the kept hash? Without one the same work is done, and the answer is no."""
        with _one_at_a_time():
            try:
                self._hasher.verify(kept or self._nobodys, _normal(password))
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Was the hash made at another cost than today's?"""
        return self._hasher.check_needs_rehash(kept)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    if not _ONE.acquire(timeout=WAIT_SECONDS):
        raise Busy(say("Many people are signing in just now. Try again in a moment."))
    try:
        yield
    finally:
        _ONE.release()


STRONG = Hashing(passes=3, kibibytes=64 * 1024)
CHEAP = Hashing(passes=1, kibibytes=64)  # for tests, which sign in hundreds of times
hashing = STRONG


def _normal(password: str) -> str:
    """The same password from another keyboard must be the same password."""
    return unicodedata.normalize("NFKC", password)


def check_new(password: str, own_words: Iterable[str], place: str = "password") -> None:
    """Refuse a new password that is short, endless or easy to guess.

    ``own_words`` are those of the person and the agency, which somebody who knows them would try.

    Raises:
        BadInput: with words for the field ``place``.
    """
    length = len(_normal(password[: REFUSED_UNREAD + 1]))
    if length < SHORTEST:
        raise BadInput(
            [
                Fault(
                    place,
                    say("Use at least {number} characters: a few unrelated words do well.", number=SHORTEST),
                )
            ]
        )
    if length > LONGEST:
        raise BadInput([Fault(place, say("Use at most {limit} characters.", limit=LONGEST))])
    if _is_easy(_normal(password), own_words):
        words = say(
            "This is easy to guess: common words, repeats, sequences or names. Use a few unrelated words."
        )
        raise BadInput([Fault(place, words)])


def _is_easy(password: str, own_words: Iterable[str]) -> bool:
    known = {word for text in (*PRODUCT_WORDS, *own_words) for word in _NO_LETTER.split(text.casefold())}
    own = sorted((word for word in known if len(word) > 2), key=len, reverse=True)
    left = _NO_LETTER.sub("", password.casefold())
    for word in own:
        left = left.replace(word, "")
    if len(left) < LEAST_OF_ITS_OWN:
        return True
    from zxcvbn import zxcvbn  # lists of words, of which most commands need none

    return bool(zxcvbn(password[:READ_BY_ZXCVBN], user_inputs=own)["score"] < HARD_TO_GUESS)


def check_length(password: str) -> None:
    """Refuse what nobody's password can be, before any work is done on it.

    Raises:
        BadInput: over 1,000 characters.
    """
    if len(password) > REFUSED_UNREAD:
        raise BadInput([Fault("password", say("This is too long to be a password."))])
