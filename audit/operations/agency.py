"""The agency: on whose behalf everything here is done."""

import ipaddress
import re
from dataclasses import replace
from urllib.parse import urlsplit

from audit.domain.agency import PAPERS, Agency
from audit.domain.exchange import known_zone
from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say, thousands
from audit.domain.values import cleaned
from audit.languages import NAMES
from audit.operations import photos
from audit.operations.desk import Desk

LONGEST = {"site": 200, "name": 200, "address": 500, "phone": 60, "appeal_route": 2000}
MOST_STATEMENTS, LONGEST_STATEMENT = 20, 1000
# A host, perhaps a port and a folder; no person, no query: it is printed and scanned.
_SITE = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?")


def get(desk: Desk) -> Agency:
    """The agency as it stands in new records; nameless until somebody saves it."""
    desk.must("agency.read")
    return desk.ledger.agency.get()


def save(desk: Desk, agency: Agency) -> Agency:
    """Change the agency for everything sealed from now on.

    Raises:
        BadInput: with all faults.
    """
    desk.must("agency.edit")
    agency = replace(
        agency,
        name=cleaned(agency.name),
        address=cleaned(agency.address),
        phone=cleaned(agency.phone),
        statements=tuple(filter(None, map(cleaned, agency.statements))),
        appeal_route=cleaned(agency.appeal_route),
        site=cleaned(agency.site).rstrip("/"),
    )
    faults = _faults(desk, agency)
    if faults:
        raise BadInput(faults)
    if agency == desk.ledger.agency.get():
        return agency
    with desk.entry() as entry:
        entry.agency.keep(agency)
        entry.note("agency.changed", "agency", {"public_authority": agency.public_authority})
    return agency


def take_logo(desk: Desk, data: bytes) -> Agency:
    """Show a picture before the agency's name in everything sealed from now on; earlier records keep theirs.

    Raises:
        TooLarge, BadInput: when it cannot be taken, with the reason.
    """
    return save(desk, replace(get(desk), logo=photos.accept_logo(desk, data).sha256))


def drop_logo(desk: Desk) -> Agency:
    """Go without a logo from now on."""
    return save(desk, replace(get(desk), logo=None))


def _faults(desk: Desk, agency: Agency) -> list[Fault]:
    faults = [
        Fault(field, say("Keep it to {limit} characters.", limit=thousands(limit)))
        for field, limit in LONGEST.items()
        if len(getattr(agency, field)) > limit
    ]
    if not agency.name:
        faults.append(Fault("name", say("Give the name of the agency.")))
    if agency.site and not _goes_safely(agency.site):
        faults.append(Fault("site", say("Give an address such as https://audit.example.")))
    if not known_zone(agency.time_zone):
        faults.append(Fault("time_zone", say("Give a time zone such as America/Los_Angeles.")))
    if agency.paper not in PAPERS:
        faults.append(Fault("paper", say("Choose A4 or Letter.")))
    if agency.language not in NAMES:
        faults.append(Fault("language", say("Choose a language.")))
    if len(agency.statements) > MOST_STATEMENTS or any(
        len(statement) > LONGEST_STATEMENT for statement in agency.statements
    ):
        words = say(
            "Give at most {number} statements of up to {limit} characters.",
            number=MOST_STATEMENTS,
            limit=thousands(LONGEST_STATEMENT),
        )
        faults.append(Fault("statements", words))
    if agency.logo is not None and not desk.ledger.photos.has(agency.logo):
        faults.append(Fault("logo", say("The logo has not arrived yet.")))
    return faults


def _goes_safely(site: str) -> bool:
    """An address whose links nobody reads on the way: they open accounts. On this very machine there is no way."""
    if not _SITE.fullmatch(site):
        return False
    parts = urlsplit(site)
    if parts.scheme == "https":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
