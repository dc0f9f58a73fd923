"""Time stamps of reports, from the authority that the settings name: asked for after the seal, so that none waits for it.

Only the SHA-256 of a report is sent. An authority that does not answer holds nothing up: the report is sealed, says so,
and is stamped by a later round.
"""

import http.client
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from audit.operations.desk import Desk
from audit.store.ledger import Stamped
from reports import stamp
from reports.stamp import NoStamp

SECONDS = 15
AT_ONCE = 50
STAMPED = "report.stamped"


@dataclass(frozen=True)
class Round:
    """How many reports were stamped, how many still wait, and why the round ended early (or nothing)."""

    stamped: int
    waiting: int
    trouble: str = ""


def stamp_due(desk: Desk, url: str) -> Round:
    """Stamp reports that have no stamp yet, some at a time. The first that fails ends the round.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("trail.read")
    done, trouble = 0, ""
    for name in desk.ledger.stamps.wanted(AT_ONCE):
        try:
            found = request(url, name)
        except (OSError, http.client.HTTPException, NoStamp) as error:
            trouble = f"{type(error).__name__}: {error}"[:200]
            break
        done += _keep(desk, name, found)
    return Round(done, desk.ledger.stamps.count_wanted(), trouble)


def _keep(desk: Desk, name: str, found: stamp.Stamp) -> bool:
    with desk.entry() as entry:
        new = entry.stamps.add(Stamped(name, found.token, found.at, found.by))
        if new:
            token = sha256(found.token.encode()).hexdigest()
            entry.note(STAMPED, name, {"token": token, "by": found.by, "says": found.at})
    return new


def request(url: str, name: str) -> stamp.Stamp:
    """Ask an authority for a stamp of the file with that SHA-256.

    Raises:
        OSError, HTTPException: when it does not answer; NoStamp: when the answer is none.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    body, nonce = stamp.asked(name)
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": stamp.QUERY, "Accept": stamp.REPLY})
        answer = connection.getresponse()
        data = answer.read(stamp.LARGEST + 1)
    finally:
        connection.close()
    if answer.status != 200 or len(data) > stamp.LARGEST:
        raise NoStamp(f"the authority answered {answer.status}")
    return stamp.received(data, name, nonce)
