"""People, their roles, and the one table of who may do what."""

from dataclasses import dataclass

from audit.domain.tongue import word

ROLES = ("administrator", "inspector", "owner", "practitioner")
ROLE_WORDS = {
    "administrator": word("Administrator"),
    "inspector": word("Inspector"),
    "owner": word("Owner"),
    "practitioner": word("Practitioner"),
}

EVERY, OWN, SEALED = "every clinic", "own clinics", "own clinics, once sealed"
MINE = "about oneself"  # about the practitioner that this person is, and nobody else


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. ``clinics`` are the ids of the clinics an owner answers for, or a practitioner works in
    now; ``practitioners`` who a practitioner is in them, or was in those they left, by id.

    ``language`` is the one pages and reports speak to them; none leaves it to the browser. ``email`` is where letters
    to them go; without one they get none.
    """

    id: str
    login: str
    name: str
    role: str
    clinics: frozenset[str] = frozenset()
    active: bool = True
    language: str = ""
    email: str = ""
    practitioners: frozenset[str] = frozenset()


# Deed -> role -> reach. No entry means no. Administrators read all and write nothing in an inspection.
DEEDS: dict[str, dict[str, str]] = {
    "agency.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY, "practitioner": EVERY},
    "agency.edit": {"administrator": EVERY},
    "reminder.own": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY, "practitioner": EVERY},
    "person.list": {"administrator": EVERY},
    "person.add": {"administrator": EVERY},
    "person.edit": {"administrator": EVERY},
    "person.reset": {"administrator": EVERY},
    # One's own data one always gets.
    "person.export": {"administrator": EVERY},
    "clinic.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "clinic.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "clinic.add": {"administrator": EVERY, "inspector": EVERY},
    # Jurisdiction, permit and profile decide what is asked: the audited do not choose their rules.
    "clinic.edit": {"administrator": EVERY, "inspector": EVERY},
    "practitioner.edit": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    # Papers, logs and lots are the clinic's to keep; what hangs on the wall, somebody from outside must have seen.
    "paper.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN, "practitioner": MINE},
    "paper.edit": {"administrator": EVERY, "inspector": EVERY, "owner": OWN, "practitioner": MINE},
    "paper.see": {"inspector": EVERY},
    "paper.own": {"practitioner": EVERY},
    "log.edit": {"owner": OWN},
    # What the agency saw or was shown (a laboratory's report), entered into the clinic's log as the agency's.
    "log.see": {"inspector": EVERY},
    "lot.search": {"administrator": EVERY, "inspector": EVERY},
    # A lot that is called back; the clinics that have it are told, and say what became of it.
    "recall.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "recall.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "recall.make": {"administrator": EVERY, "inspector": EVERY},
    "recall.answer": {"owner": OWN},
    "checklist.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "checklist.publish": {"administrator": EVERY},
    # Lists hold only what the rows below let a person know of.
    # What anybody may know of a clinic is the agency's to decide.
    "history.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "card.decide": {"administrator": EVERY},
    "standing.read": {"administrator": EVERY, "inspector": EVERY},
    "visit.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "action.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY, "practitioner": EVERY},
    # Only a public authority closes, and opens again; the deed looks at that.
    "closure.propose": {"inspector": EVERY},
    "closure.reopen": {"inspector": EVERY},
    # What is planned; a clinic sees its own. Programmes of self-audits are the clinic's, or laid down for it.
    "schedule.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "schedule.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "schedule.plan": {"administrator": EVERY, "inspector": EVERY},
    "schedule.missed": {"administrator": EVERY, "inspector": EVERY},
    "programme.edit": {"administrator": EVERY, "owner": OWN},
    "calendar.feed": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "inspection.start": {"inspector": EVERY},
    "inspection.read": {"administrator": EVERY, "inspector": EVERY, "owner": SEALED},
    "inspection.write": {"inspector": EVERY},
    "inspection.seal": {"inspector": EVERY},
    "inspection.set-aside": {"inspector": EVERY},
    # What is said of a sealed visit afterwards; never by those who were inspected.
    "inspection.amend": {"inspector": EVERY},
    # Corrective actions: the clinic answers, the inspector accepts or sends back; either gives out a link.
    "inspection.fix": {"owner": OWN, "practitioner": MINE},
    "inspection.accept": {"inspector": EVERY},
    "inspection.share": {"inspector": EVERY, "owner": OWN},
    # All of what happened to a visit; whoever reads it knows what concerns them.
    "inspection.history": {"administrator": EVERY, "inspector": EVERY},
    "self-audit.history": {"owner": OWN},
    # A self-audit belongs to the clinic: the agency sees that it was done, not what it says.
    "self-audit.start": {"owner": OWN},
    "self-audit.read": {"owner": OWN},
    "self-audit.write": {"owner": OWN},
    "self-audit.seal": {"owner": OWN},
    "self-audit.set-aside": {"owner": OWN},
    "self-audit.fix": {"owner": OWN, "practitioner": MINE},
    "self-audit.accept": {"owner": OWN},
    "self-audit.share": {"owner": OWN},
    # Shown by the clinic, it is read by the agency like an inspection; never written.
    "self-audit.disclose": {"owner": OWN},
    "self-audit.read-disclosed": {"administrator": EVERY, "inspector": EVERY},
    # One's own devices; everybody's are the administrator's to look after.
    "device.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "device.administer": {"administrator": EVERY},
    "seal-key.import": {"administrator": EVERY},
    "letter.list": {"administrator": EVERY},
    "backup.make": {"administrator": EVERY},
    "trail.read": {"administrator": EVERY},
    # How long visits are kept, erasing them then, and keeping one whatever the rule says.
    "retention.edit": {"administrator": EVERY},
    "retention.erase": {"administrator": EVERY},
    "inspection.hold": {"administrator": EVERY},
    "self-audit.hold": {"owner": OWN},
}


def may(
    person: Person | None,
    deed: str,
    clinic: str | None = None,
    sealed: bool = True,
    practitioner: str | None = None,
) -> bool:
    """Does the table let this person do the deed (at this clinic)? Unknown deeds are nobody's.

    ``sealed`` matters for deeds that reach own clinics only once the inspection is sealed; ``practitioner``, whom it
    is about, for those that reach a practitioner only where it is about themselves.
    """
    if person is None or not person.active:
        return False
    found = DEEDS.get(deed, {}).get(person.role)
    if found is None or found == EVERY:
        return found == EVERY
    if clinic is None or clinic not in person.clinics:
        return False
    if found == MINE:
        return practitioner is not None and practitioner in person.practitioners
    return found == OWN or sealed


def reach(person: Person | None, deed: str) -> frozenset[str] | None:
    """The clinics the deed reaches for this person; ``None`` stands for every clinic. What reaches somebody only
    where it is about themselves reaches no clinic."""
    if person is None or not person.active:
        return frozenset()
    row = DEEDS.get(deed, {}).get(person.role)
    if row == EVERY:
        return None
    return person.clinics if row in (OWN, SEALED) else frozenset()
