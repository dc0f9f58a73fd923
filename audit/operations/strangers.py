"""Addresses that try secrets which open nothing: how many tries are heard before they have to wait."""

from datetime import timedelta
from hashlib import sha256

from audit.domain.problems import TooMany
from audit.domain.tongue import say
from audit.operations import noting
from audit.operations.desk import Desk
from audit.operations.signing_in import network_of

STRANGERS = "strangers.many"
WINDOW, STRANGE_TRIES, STRANGER = timedelta(minutes=15), 30, sha256(b"a fix link").hexdigest()


def turn_away(desk: Desk, address: str) -> None:
    """Count a try with a secret that opens nothing, apart from sign-ins: a calendar goes on asking for its ended feed.

    Raises:
        TooMany: after many of them from that address.
    """
    place = f"stranger {network_of(address)}"
    with desk.ledger.upkeep() as sessions:
        tries = sessions.failures(desk.now - WINDOW, login_hash=STRANGER, address=place).count
        if tries < STRANGE_TRIES:
            sessions.failed(STRANGER, place, desk.now)
    if tries == STRANGE_TRIES - 1:
        noting.note(desk, "", STRANGERS, {})
    if tries >= STRANGE_TRIES:
        raise TooMany(say("Too many tries. Wait a few minutes."), int(WINDOW.total_seconds()))
