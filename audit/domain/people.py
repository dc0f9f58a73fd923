"""People, their roles, and the one table of who may do what."""

from dataclasses import dataclass

from audit.domain.tongue import word

ROLES = ("administrator", "inspector", "owner")
ROLE_WORDS = {"administrator": word("Administrator"), "inspector": word("Inspector"), "owner": word("Owner")}

EVERY, OWN, SEALED = "every clinic", "own clinics", "own clinics, once sealed"


@dataclass(frozen=True)
class Person:
    """Somebody who signs in. ``clinics`` are the ids of the clinics an owner answers for.

    ``language`` is the one pages and reports speak to them; none leaves it to the browser.
    """

    id: str
    login: str
    name: str
    role: str
    clinics: frozenset[str] = frozenset()
    active: bool = True
    language: str = ""


# Deed -> role -> reach. No entry means no. Administrators read all and write nothing in an inspection.
DEEDS: dict[str, dict[str, str]] = {
    "agency.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "agency.edit": {"administrator": EVERY},
    "person.list": {"administrator": EVERY},
    "person.add": {"administrator": EVERY},
    "person.edit": {"administrator": EVERY},
    "person.reset": {"administrator": EVERY},
    "clinic.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "clinic.add": {"administrator": EVERY, "inspector": EVERY},
    # Jurisdiction, permit and profile decide what is asked: the audited do not choose their rules.
    "clinic.edit": {"administrator": EVERY, "inspector": EVERY},
    "practitioner.edit": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "checklist.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "checklist.publish": {"administrator": EVERY},
    # Lists hold only what the rows below let a person know of.
    "visit.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "action.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    # What is planned; a clinic sees its own. Programmes of self-audits are the clinic's, or laid down for it.
    "schedule.list": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "schedule.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "schedule.plan": {"administrator": EVERY, "inspector": EVERY},
    "programme.edit": {"administrator": EVERY, "owner": OWN},
    "paper.own": {"practitioner": EVERY},
    # Papers, logs and lots are the clinic's to keep; what hangs on the wall, somebody from outside must have seen.
    "paper.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN, "practitioner": MINE},
    "paper.edit": {"administrator": EVERY, "inspector": EVERY, "owner": OWN, "practitioner": MINE},
    "paper.see": {"inspector": EVERY},
    "log.edit": {"owner": OWN},
    "lot.search": {"administrator": EVERY, "inspector": EVERY},
    "calendar.feed": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "inspection.start": {"inspector": EVERY},
    "inspection.read": {"administrator": EVERY, "inspector": EVERY, "owner": SEALED},
    "inspection.write": {"inspector": EVERY},
    "inspection.seal": {"inspector": EVERY},
    "inspection.set-aside": {"inspector": EVERY},
    # Papers, logs and lots are the clinic's to keep; what hangs on the wall, somebody from outside must have seen.
    "paper.read": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "paper.edit": {"administrator": EVERY, "inspector": EVERY, "owner": OWN},
    "paper.see": {"inspector": EVERY},
    # What is said of a sealed visit afterwards; never by those who were inspected.
    "inspection.amend": {"inspector": EVERY},
    # Corrective actions: the clinic answers, the inspector accepts or sends back; either gives out a link.
    "inspection.fix": {"owner": OWN},
    "inspection.accept": {"inspector": EVERY},
    "inspection.share": {"inspector": EVERY, "owner": OWN},
    # A self-audit belongs to the clinic: the agency sees that it was done, not what it says.
    "self-audit.start": {"owner": OWN},
    "self-audit.read": {"owner": OWN},
    "self-audit.write": {"owner": OWN},
    "self-audit.seal": {"owner": OWN},
    "self-audit.set-aside": {"owner": OWN},
    "self-audit.fix": {"owner": OWN},
    "self-audit.accept": {"owner": OWN},
    "self-audit.share": {"owner": OWN},
    # One's own devices; everybody's are the administrator's to look after.
    "device.read": {"administrator": EVERY, "inspector": EVERY, "owner": EVERY},
    "device.administer": {"administrator": EVERY},
    "seal-key.import": {"administrator": EVERY},
    "backup.make": {"administrator": EVERY},
    "trail.read": {"administrator": EVERY},
}


def may(person: Person | None, deed: str, clinic: str | None = None, sealed: bool = True) -> bool:
    """Does the table let this person do the deed (at this clinic)? Unknown deeds are nobody's.

    ``sealed`` matters for deeds that reach own clinics only once the inspection is sealed.
    """
    if person is None or not person.active:
        return False
    reach = DEEDS.get(deed, {}).get(person.role)
    if reach is None or reach == EVERY:
        return reach == EVERY
    return clinic is not None and clinic in person.clinics and (reach == OWN or sealed)


def reach(person: Person | None, deed: str) -> frozenset[str] | None:
    """The clinics the deed reaches for this person; ``None`` stands for every clinic."""
    if person is None or not person.active:
        return frozenset()
    row = DEEDS.get(deed, {}).get(person.role)
    if row == EVERY:
        return None
    return person.clinics if row else frozenset()
