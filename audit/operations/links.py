"""One-time links: the set-up of a new installation, and a password of one's own. Only their hashes are kept."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256

from audit.domain.people import Person
from audit.domain.problems import NotFound, NotNow
from audit.domain.tongue import say, word
from audit.operations import languages, people, post, signing_in
from audit.operations.desk import Desk
from audit.operations.people import PASSWORD_LINK
from audit.operations.signing_in import Session
from audit.store.ledger import Entry, LinkRow

SET_UP = "set-up"
LASTS = {SET_UP: timedelta(hours=24), PASSWORD_LINK: timedelta(hours=72)}
PATH = "/new-password"
Address = Callable[[str], str]
GONE = word("This link was used already, is too old, or a newer one was made. Ask for a new one.")


def offer_set_up(desk: Desk) -> str:
    """A link for whoever started a new installation: its token. Earlier ones end.

    Raises:
        NotNow: when there is somebody already.
    """
    if not people.nobody_yet(desk):
        raise NotNow(say("There is an administrator already. Sign in as one to add people."))
    with desk.entry() as entry:
        token = _give_out(entry, SET_UP, None)
        entry.note("set-up.offered", "")
    return token


def check_set_up(desk: Desk, token: str) -> None:
    """Does this link still open the set-up? Looking does not use it up.

    Raises:
        NotFound: when it does not.
    """
    if not people.nobody_yet(desk):
        raise NotFound(say(GONE))
    _live(desk, token, SET_UP)


def set_up(desk: Desk, token: str, login: str, name: str, password: str, address: str) -> Session:
    """Add the first administrator and sign them in; the link is used up.

    Raises:
        NotFound: when the link does not open the set-up any more.
        BadInput: with all faults; the link stays.
    """
    check_set_up(desk, token)
    person, kept = people.prepared(desk, people.new_person(login, name, "administrator"), password)
    with desk.entry() as entry:
        if entry.people.any() or not entry.links.use(_hash(token)):
            raise NotFound(say(GONE))
        people.put_in(entry, person, kept)
    return signing_in.begin_session(
        replace(desk, actor=person), kept, person.login, signing_in.network_of(address)
    )


def invite(
    desk: Desk,
    login: str,
    name: str,
    role: str,
    clinics: Collection[str],
    email: str = "",
    practitioners: Collection[str] = (),
    language: str = "",
    address: Address | None = None,
) -> tuple[Person, str]:
    """Add somebody who chooses the password by a link: the person, and the token of the link.

    ``address`` gives the whole address of a token's link; with it the link also goes to the person by mail, when they
    have an address for letters.

    Raises:
        BadInput: with all faults.
    """
    desk.must("person.add")
    languages.check(language)
    new = people.new_person(login, name, role, clinics, email, practitioners)
    person, kept = people.prepared(desk, replace(new, language=language), None)
    with desk.entry() as entry:
        people.put_in(entry, person, kept)
        token = _give_out(entry, PASSWORD_LINK, person.id)
        _post(desk, entry, person, address, token, _invitation)
    return person, token


def offer_password(desk: Desk, person_id: str, address: Address | None = None) -> str:
    """A link by which somebody chooses a new password: its token. Earlier ones end; the old password stays so long.

    With ``address`` it also goes to them by mail, as ``invite`` does.

    Raises:
        NotNow: when they are switched off.
    """
    desk.must("person.reset")
    person = desk.ledger.people.get(person_id)
    if not person.active:
        raise NotNow(say("This person is switched off. Switch them on first."))
    with desk.entry() as entry:
        token = _give_out(entry, PASSWORD_LINK, person.id)
        entry.note("password.link", person.id)
        _post(desk, entry, person, address, token, _new_password)
    return token


def _post(
    desk: Desk,
    entry: Entry,
    person: Person,
    address: Address | None,
    token: str,
    words: Callable[[str, Person, str, int], tuple[str, str]],
) -> None:
    """Send the link to its person. The agency's own address goes before the one this page was asked under."""
    if address is None:
        return
    agency, days = desk.ledger.agency.get(), LASTS[PASSWORD_LINK].days
    link = f"{agency.site}{PATH}?key={token}" if agency.site else address(token)
    until = entry.now + LASTS[PASSWORD_LINK]
    told = partial(words, agency.name or "clinic-audit", person, link, days)
    post.to_person(desk, entry, person, PASSWORD_LINK, told, until)


def _invitation(agency: str, person: Person, link: str, days: int) -> tuple[str, str]:
    subject = say("You can sign in at {agency}", agency=agency)
    text = say(
        "Hello {name},\n\n{agency} has added you to its inspections of body-art clinics. Your login is:"
        " {login}\n\nChoose a password here, once, within {days} days:\n\n{link}\n\nWho opens this link can sign in"
        " as you: pass it on to nobody. If you did not expect this letter, leave it and tell the agency.",
        name=person.name,
        agency=agency,
        login=person.login,
        days=days,
        link=link,
    )
    return subject, text


def _new_password(agency: str, person: Person, link: str, days: int) -> tuple[str, str]:
    subject = say("A new password for {agency}", agency=agency)
    text = say(
        "Hello {name},\n\nan administrator of {agency} made a link by which you choose a new password, once, within"
        " {days} days:\n\n{link}\n\nUntil you use it, your password stays as it is. Who opens this link can sign in as"
        " you: pass it on to nobody. If you did not ask for it, leave it and tell the agency.",
        name=person.name,
        agency=agency,
        days=days,
        link=link,
    )
    return subject, text


def whose(desk: Desk, token: str) -> Person:
    """Whose password the link changes. Looking does not use it up.

    Raises:
        NotFound: when the link does not work any more.
    """
    person = desk.ledger.people.find(_live(desk, token, PASSWORD_LINK).person_id or "")
    if person is None or not person.active:
        raise NotFound(say(GONE))
    return person


def choose_password(desk: Desk, token: str, new: str, address: str, device: str = "") -> Session:
    """Take the new password, end all the person's sessions and begin one; the link is used up.

    Whoever has a second factor still owes it: a link that was read by others is not enough.

    Raises:
        NotFound: when the link does not work any more.
        BadInput: when the password is not taken; the link stays.
    """
    person = whose(desk, token)
    kept = people.hashed(desk, person, new)
    own = replace(desk, actor=person)
    with own.entry() as entry:
        if not entry.links.use(_hash(token)):
            raise NotFound(say(GONE))
        entry.people.keep_password(person.id, kept)
        entry.sessions.end_all(person.id, desk.now)
        people.end_links(entry, person.id)
        entry.note("password.changed", person.id, {"by": "link"})
        people.tell_changed(own, entry, person)
    return signing_in.begin_session(own, kept, person.login, signing_in.network_of(address), device)


def _give_out(entry: Entry, purpose: str, person_id: str | None) -> str:
    token = secrets.token_urlsafe(signing_in.TOKEN_BYTES)
    entry.links.give_out(LinkRow(_hash(token), purpose, person_id, entry.now + LASTS[purpose]))
    return token


def _live(desk: Desk, token: str, purpose: str) -> LinkRow:
    row = desk.ledger.links.get(_hash(token))
    if row is None or row.purpose != purpose or desk.now >= row.expires_at:
        raise NotFound(say(GONE))
    return row


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
