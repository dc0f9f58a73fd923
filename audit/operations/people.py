"""People who may sign in: added, changed, switched off, and their passwords."""

import re
import secrets
import uuid
from collections.abc import Collection
from dataclasses import replace

from audit.domain import letters
from audit.domain.clinics import Practitioner
from audit.domain.people import ROLES, Person
from audit.domain.problems import BadInput, Fault, NotFound, NotNow
from audit.domain.recalls import LETTER as RECALL
from audit.domain.reminders import LETTER as REMINDER
from audit.domain.tongue import say, word
from audit.operations import passwords, post, signing_in
from audit.operations.desk import Desk
from audit.operations.fixing import LETTER as FINDINGS
from audit.operations.signing_in import TOKEN_BYTES, Session, begin_session
from audit.store.ledger import IN_LETTER, Entry

PASSWORD_LINK = "password"
# Letters with a link to a new password: by an administrator, or asked for by somebody who forgot theirs.
FORGOTTEN = "forgotten"
LINK_LETTERS = (PASSWORD_LINK, FORGOTTEN)
CHANGED = "password-changed"
LONGEST_NAME = 200
_LOGIN = re.compile(r"[\w.@+-]{2,100}")
TAKEN = word("Somebody has this login already.")


def list_people(desk: Desk) -> tuple[Person, ...]:
    """Everybody, by name."""
    desk.must("person.list")
    return desk.ledger.people.all()


def practitioners(desk: Desk, also: Collection[str] = ()) -> tuple[Practitioner, ...]:
    """Everybody who works in a clinic, by name: who somebody with that role may be; then those of ``also`` (ids) who
    left theirs."""
    desk.must("person.list")
    found = map(desk.ledger.practitioners.find, sorted(also))
    return *desk.ledger.practitioners.active(), *(one for one in found if one and not one.active)


def get(desk: Desk, person_id: str) -> Person:
    desk.must("person.list")
    return desk.ledger.people.get(person_id)


def by_login(desk: Desk, login: str) -> Person:
    """The person of that login, for ``--as`` on the command line.

    Raises:
        NotFound: when there is none, or they may not sign in any more.
    """
    found = desk.ledger.people.by_login(login.strip().casefold())
    if found is None or not found[0].active:
        raise NotFound(say("There is nobody with the login {login}.", login=login))
    return found[0]


def nobody_yet(desk: Desk) -> bool:
    """Is this the very first start?"""
    return not desk.ledger.people.any()


def first_administrator(desk: Desk, login: str, name: str, password: str) -> Person:
    """Add the first person, who needs nobody's permission.

    Raises:
        NotNow: when there is somebody already.
        BadInput: with all faults.
    """
    if not nobody_yet(desk):
        raise NotNow(say("There is an administrator already. Sign in as one to add people."))
    return _add(desk, new_person(login, name, "administrator"), password)


def add_person(
    desk: Desk,
    login: str,
    name: str,
    role: str,
    password: str,
    clinics: Collection[str] = (),
    email: str = "",
    practitioners: Collection[str] = (),
) -> Person:
    """Add somebody who may sign in; ``clinics`` are the ids of the clinics an owner answers for, ``practitioners`` of
    whom a practitioner is.

    Raises:
        BadInput: with all faults.
    """
    desk.must("person.add")
    return _add(desk, new_person(login, name, role, clinics, email, practitioners), password)


def _add(desk: Desk, new: Person, password: str) -> Person:
    person, kept = prepared(desk, new, password)
    with desk.entry() as entry:
        put_in(entry, person, kept)
    return person


def new_person(
    login: str,
    name: str,
    role: str,
    clinics: Collection[str] = (),
    email: str = "",
    practitioners: Collection[str] = (),
) -> Person:
    """Somebody as typed, tidied and not checked yet."""
    return Person(
        id=str(uuid.uuid4()),
        login=login.strip().casefold(),
        name=name.strip(),
        role=role,
        clinics=frozenset(clinics),
        email=email.strip(),
        practitioners=frozenset(practitioners),
    )


def prepared(desk: Desk, new: Person, password: str | None) -> tuple[Person, str]:
    """A new person, checked, and the hash of the password; without one nothing anybody types will ever fit.

    Raises:
        BadInput: with all faults.
    """
    person = _placed(desk, new)
    faults = [*_faults(desk, person), *_login_faults(desk, person)]
    if password is not None:
        faults += _password_faults(desk, person, password, "password")
    if faults:
        raise BadInput(faults)
    return person, passwords.hashing.hash(
        secrets.token_urlsafe(TOKEN_BYTES) if password is None else password
    )


def put_in(entry: Entry, person: Person, kept: str) -> None:
    """Add a prepared person inside an entry.

    Raises:
        BadInput: when somebody else took the login meanwhile.
    """
    if entry.people.by_login(person.login):
        raise BadInput([Fault("login", say(TAKEN))])
    entry.people.add(person, kept)
    entry.note("person.added", person.id, _rights(person))


def _rights(person: Person) -> dict[str, object]:
    """What the trail says of a person's rights."""
    told: dict[str, object] = {"role": person.role, "clinics": sorted(person.clinics)}
    return told | ({"practitioners": sorted(person.practitioners)} if person.practitioners else {})


def _placed(desk: Desk, person: Person) -> Person:
    """The person; a practitioner with the clinics they work in now, which follow from who they are there."""
    if person.role != "practitioner":
        return person
    found = map(desk.ledger.practitioners.find, person.practitioners)
    return replace(person, clinics=frozenset(one.clinic for one in found if one and one.active))


def _login_faults(desk: Desk, person: Person) -> list[Fault]:
    if not _LOGIN.fullmatch(person.login):
        return [Fault("login", say("Use 2 to 100 letters, digits and . @ + - _ in a login."))]
    found = desk.ledger.people.by_login(person.login)
    return [Fault("login", say(TAKEN))] if found and found[0].id != person.id else []


def edit_person(
    desk: Desk,
    person_id: str,
    name: str,
    role: str,
    clinics: Collection[str],
    active: bool,
    login: str | None = None,
    email: str | None = None,
    practitioners: Collection[str] | None = None,
) -> Person:
    """Change what somebody is called, signs in with, may do, and where; ``None`` leaves as it is. A change of rights
    ends their sessions.

    Raises:
        BadInput: with all faults.
        NotNow: when no administrator would be left.
    """
    desk.must("person.edit")
    with desk.entry() as entry:
        before = entry.people.get(person_id)
        person = replace(
            before,
            login=before.login if login is None else login.strip().casefold(),
            name=name.strip(),
            role=role,
            clinics=frozenset(clinics),
            active=active,
            email=before.email if email is None else email.strip(),
            practitioners=before.practitioners if practitioners is None else frozenset(practitioners),
        )
        return _edit(desk, entry, before, person)


def _edit(desk: Desk, entry: Entry, before: Person, person: Person) -> Person:
    """Check and keep; ``before`` was read inside the entry, so that nobody else changed it meanwhile."""
    person = _placed(desk, person)
    faults = list(_faults(desk, person))
    if person.login != before.login:
        faults += _login_faults(desk, person)
    if faults:
        raise BadInput(faults)
    if person != before:
        _change(entry, before, person)
    return person


def _change(entry: Entry, before: Person, person: Person) -> None:
    found = entry.people.by_login(person.login)
    if found and found[0].id != person.id:
        raise BadInput([Fault("login", say(TAKEN))])
    entry.people.change(person)
    if not any(one.active and one.role == "administrator" for one in entry.people.all()):
        raise NotNow(say("Nobody would be left to administer this. Make somebody else administrator first."))
    if replace(person, name=before.name, login=before.login, email=before.email) != before:
        entry.sessions.end_all(person.id, entry.now)
    if not person.active or person.email != before.email:
        end_links(entry, person.id)
    if not person.active or person.email != before.email or _loses(before, person):
        _end_reminders(entry, person.id)
    _end_fix_links(entry, before, person)
    detail = {**_rights(person), "active": person.active}
    for name in ("login", "email"):
        if getattr(person, name) != getattr(before, name):
            detail[name] = "changed"
    entry.note("person.changed", person.id, detail)


def end_links(entry: Entry, person_id: str) -> None:
    """No link to a new password works any more, and none that waits in a letter goes out."""
    entry.links.withdraw(PASSWORD_LINK, person_id)
    for kind in LINK_LETTERS:
        entry.letters.withdraw(kind, person_id)


def _loses(before: Person, person: Person) -> bool:
    """May they know less than before, so that a letter which waits may tell too much?"""
    same = person.role == before.role and person.practitioners == before.practitioners
    return not same or not before.clinics <= person.clinics


def _end_reminders(entry: Entry, person_id: str) -> None:
    """Letters about clinics that wait are not sent, and the links in earlier reminders end; what still concerns them is
    told anew by a reminder."""
    waiting = *entry.letters.withdraw(REMINDER, person_id), *entry.letters.withdraw_about(RECALL, person_id)
    entry.reminders.untell(person_id, waiting)
    entry.letters.withdraw_about(FINDINGS, person_id)
    entry.reminders.drop_links(person_id)


def _end_fix_links(entry: Entry, before: Person, person: Person) -> None:
    """Links that an owner gave out, was sent or can read in a report end with what they answer for: they know them still."""
    lost = before.clinics - (person.clinics if person.active and person.role == "owner" else frozenset())
    if before.role != "owner":
        return
    known = [*entry.fix_links.made_by(person.id, sorted(lost)), *entry.fix_links.in_reports(sorted(lost))]
    if person.email != before.email:  # whoever has the old address has those that were sent there
        kept = entry.fix_links.made_by(person.id, sorted(before.clinics - lost))
        known += [link for link in kept if link.place == IN_LETTER]
    for link in known:
        entry.fix_links.revoke(link.id, entry.now)
        entry.note("fix-link.ended", link.inspection_id, {"link": link.id})


def hand_over(desk: Desk, from_id: str, to_id: str, clinics: Collection[str]) -> None:
    """Clinics change hands: what one owner answered for, another one does from now on. Both are signed out.

    Raises:
        BadInput: when they are not that owner's, or the other one is no owner who may sign in.
    """
    desk.must("person.edit")
    given = frozenset(clinics)
    with desk.entry() as entry:
        before, heir = entry.people.get(from_id), entry.people.find(to_id)
        if not given or before.role != "owner" or not given <= before.clinics:
            raise BadInput([Fault("clinics", say("Choose clinics that this person answers for."))])
        if heir is None or heir.role != "owner" or not heir.active or heir.id == before.id:
            raise BadInput([Fault("to", say("Choose another owner who can sign in."))])
        _change(entry, before, replace(before, clinics=before.clinics - given))
        _change(entry, heir, replace(heir, clinics=heir.clinics | given))
        for clinic in sorted(given):
            entry.note("clinic.handed-over", clinic, {"from": before.id, "to": heir.id})


def switch(desk: Desk, person_id: str, active: bool) -> Person:
    """Let somebody sign in no more, or again; switching off ends their sessions.

    Raises:
        NotNow: when no administrator would be left.
    """
    desk.must("person.edit")
    with desk.entry() as entry:
        before = entry.people.get(person_id)
        return _edit(desk, entry, before, replace(before, active=active))


def set_password(desk: Desk, person_id: str, new: str) -> None:
    """Give somebody a new password, for example when they forgot theirs; ends all their sessions.

    Raises:
        BadInput: when the password is not taken.
    """
    desk.must("person.edit")
    _keep_password(desk, desk.ledger.people.get(person_id), new)


def change_password(desk: Desk, old: str, new: str, address: str = "", device: str = "") -> Session:
    """Change one's own password; ends all one's sessions and begins a new one.

    Raises:
        BadInput: when the old one is not right, or the new one is not taken.
        TooMany: when the old one was guessed at too often.
    """
    person, place, right = signing_in.own_password(desk, old, address)
    if not right:
        raise BadInput([Fault("old", say("This is not your password."))])
    return begin_session(desk, _keep_password(desk, person, new), person.login, place, device, whole=True)


def hashed(desk: Desk, person: Person, new: str) -> str:
    """The hash of a new password.

    Raises:
        BadInput: when it is not taken.
    """
    faults = _password_faults(desk, person, new, "new")
    if faults:
        raise BadInput(faults)
    return passwords.hashing.hash(new)


def _keep_password(desk: Desk, person: Person, new: str) -> str:
    kept = hashed(desk, person, new)
    with desk.entry() as entry:
        entry.people.keep_password(person.id, kept)
        entry.sessions.end_all(person.id, desk.now)
        end_links(entry, person.id)
        entry.note("password.changed", person.id)
        tell_changed(desk, entry, person)
    return kept


def tell_changed(desk: Desk, entry: Entry, person: Person) -> None:
    """Write to somebody that their password was changed: who did not do it learns of it."""

    def words() -> tuple[str, str]:
        agency = desk.ledger.agency.get().name or "clinic-audit"
        at = f"{desk.now:%Y-%m-%d %H:%M} UTC"
        text = say(
            "Hello {name},\n\na new password was chosen for your login {login} at {agency} on {at}. Every session from"
            " before has ended.\n\nWas it not you? Tell an administrator of {agency} at once: they can switch your"
            " account off.",
            name=person.name,
            login=person.login,
            agency=agency,
            at=at,
        )
        return say("A new password was chosen at {agency}", agency=agency), text

    post.to_person(desk, entry, person, CHANGED, words)


def _faults(desk: Desk, person: Person) -> list[Fault]:
    faults = []
    if not 0 < len(person.name) <= LONGEST_NAME or not person.name.isprintable():
        faults.append(Fault("name", say("Give a name of up to {limit} characters.", limit=LONGEST_NAME)))
    if person.role not in ROLES:
        faults.append(Fault("role", say("Choose one of the roles.")))
    elif person.clinics and person.role not in ("owner", "practitioner"):
        faults.append(Fault("clinics", say("Only owners answer for clinics; the others reach every clinic.")))
    faults += _practitioner_faults(desk, person)
    if person.email and not letters.is_address(person.email):
        faults.append(Fault("email", say("Give an e-mail address such as name@example.org.")))
    if any(desk.ledger.clinics.find(clinic) is None for clinic in person.clinics):
        faults.append(Fault("clinics", say("Choose clinics that are here.")))
    return faults


def _practitioner_faults(desk: Desk, person: Person) -> list[Fault]:
    if person.role != "practitioner":
        words = say("Only somebody with the role of a practitioner is one of these.")
        return [Fault("practitioners", words)] if person.practitioners else []
    found = [desk.ledger.practitioners.find(one) for one in person.practitioners]
    if not found:
        return [Fault("practitioners", say("Choose who this person is in the clinic."))]
    if None in found:
        return [Fault("practitioners", say("Choose practitioners that are here."))]
    if len({one.clinic for one in found if one}) < len(found):
        return [Fault("practitioners", say("Choose one practitioner in each clinic."))]
    return []


def _password_faults(desk: Desk, person: Person, password: str, place: str) -> list[Fault]:
    own_words = (person.name, person.login, desk.ledger.agency.get().name)
    try:
        passwords.check_new(password, own_words, place)
    except BadInput as problem:
        return list(problem.faults)
    return []
