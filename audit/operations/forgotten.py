"""A forgotten password: whoever types a login gets the same answer, and its person a link by mail.

The link works once, for an hour, beside others that are out: somebody who asks in another's name takes nothing from
them. Whoever has no address for letters asks an administrator, who makes a link on the person's page.
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from audit.domain.people import Person
from audit.domain.problems import TooMany
from audit.domain.tongue import say
from audit.operations import counting, post, signing_in
from audit.operations.desk import Desk
from audit.operations.links import PATH, Address
from audit.operations.people import FORGOTTEN, PASSWORD_LINK
from audit.store.ledger import LinkRow

LASTS = timedelta(hours=1)
# Asked from one network, for whomever; and letters to one person.
WINDOW, MOST_ASKED, MOST_LETTERS = timedelta(hours=1), 20, 3


def count(desk: Desk, address: str) -> None:
    """Count somebody who asks, before anything is looked up.

    Raises:
        TooMany: after many from that network, whatever they typed.
    """
    if not _counted(desk, f"forgot {signing_in.network_of(address)}", MOST_ASKED):
        raise TooMany(say("Too many tries. Wait a few minutes."), int(WINDOW.total_seconds()))


def ask(desk: Desk, login: str, address: Address) -> None:
    """Send the person of that login a link, where they have an address for letters; ``address`` gives that of a token.

    Says nothing and takes as long as it takes: to be called when the answer has gone out.
    """
    found = desk.ledger.people.by_login(login[: signing_in.LONGEST_LOGIN + 1].strip().casefold())
    if found is None or not found[0].active:
        return
    person = found[0]
    if not _counted(desk, f"forgot {person.id}", MOST_LETTERS):
        return
    token, desk = secrets.token_urlsafe(signing_in.TOKEN_BYTES), replace(desk, actor=None)
    with desk.entry() as entry:
        if person.email:
            token_hash = sha256(token.encode()).hexdigest()
            entry.links.add(LinkRow(token_hash, PASSWORD_LINK, person.id, entry.now + LASTS))
        sent = post.to_person(
            desk,
            entry,
            person,
            FORGOTTEN,
            lambda: _words(desk, person, _link(desk, address, token)),
            entry.now + LASTS,
        )
        entry.note("password.forgotten", person.id, {"letter": sent})


def _counted(desk: Desk, place: str, most: int) -> bool:
    """Count a try; gives whether it was one of those that are heard."""
    return counting.tries(desk, FORGOTTEN, place, most, WINDOW) < most


def _link(desk: Desk, address: Address, token: str) -> str:
    site = desk.ledger.agency.get().site
    return f"{site}{PATH}?key={token}" if site else address(token)


def _words(desk: Desk, person: Person, link: str) -> tuple[str, str]:
    agency = desk.ledger.agency.get().name or "clinic-audit"
    text = say(
        "Hello {name},\n\nsomebody asked for a new password for your login {login} at {agency}. Choose one here, once,"
        " within an hour:\n\n{link}\n\nUntil you do, nothing changes. If it was not you, leave this letter: without"
        " the link nobody gets in, and your password still works.",
        name=person.name,
        login=person.login,
        agency=agency,
        link=link,
    )
    return say("A new password for {agency}", agency=agency), text
