"""The life of a visit: running, then sealed; or set aside with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from audit.domain import strokes
from audit.domain.problems import Fault, NotNow
from audit.domain.strokes import Strokes
from audit.domain.tongue import say

RUNNING, SEALED, SET_ASIDE = "running", "sealed", "set-aside"
STATES = (RUNNING, SEALED, SET_ASIDE)
INSPECTION, SELF_AUDIT = "inspection", "self-audit"
PURPOSES = (
    "routine",
    "follow-up",
    "complaint",
    "pre-opening",
    "investigation",
    "change-of-owner",
    "temporary-event",
    "self-audit",
    "other",
)


@dataclass(frozen=True)
class Inspection:
    """One visit. ``inspected_on`` is the local date at the start; every comparison and due date uses it.

    ``facts`` hold visit facts and derived facts; the clinic's profile is frozen into ``profile`` at the start.
    ``scope`` are the items a follow-up looks at when it looks at former findings only; empty is the whole checklist.
    """

    id: str
    clinic_id: str
    checklist_sha: str
    kind: str
    purpose: str
    state: str
    started_at: datetime
    inspected_on: date
    time_zone: str
    inspector_id: str
    inspector_name: str
    profile: Mapping[str, bool | int | str] = field(default_factory=dict)
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    practitioners: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    remarks: str = ""
    finished_at: datetime | None = None
    set_aside_reason: str = ""
    scope: tuple[str, ...] = ()
    rev: int = 1

    @property
    def all_facts(self) -> dict[str, bool | int | str]:
        """Profile, visit and derived facts together, as conditions read them."""
        return {**self.profile, **self.facts}

    @property
    def deed(self) -> str:
        """The prefix of the deeds that apply to it in the permission table."""
        return self.kind

    def must_run(self) -> None:
        """Refuse any change of a visit that is over.

        Raises:
            NotNow: when the visit is sealed or set aside.
        """
        if self.state == SEALED:
            raise NotNow(say("This visit is sealed. What was found cannot be changed any more."))
        if self.state == SET_ASIDE:
            raise NotNow(say("This visit was set aside. Start a new one to go on."))

    def sealed(self, finished_at: datetime) -> "Inspection":
        self.must_run()
        return replace(self, state=SEALED, finished_at=finished_at)

    def set_aside(self, reason: str) -> "Inspection":
        self.must_run()
        return replace(self, state=SET_ASIDE, set_aside_reason=reason)


@dataclass(frozen=True)
class Signature:
    """Who signed (or refused, or was absent).

    The typed name always signs. ``strokes`` are what was drawn beside it (``how`` is ``drawn`` then, else ``typed``).
    """

    role: str
    state: str
    name: str
    title: str = ""
    at: datetime | None = None
    how: str = "typed"
    strokes: Strokes = ()
    seen: str = ""  # the fingerprint of the visit as it was signed; another one makes the signature void


INSPECTOR, PERSON_IN_CHARGE = "inspector", "person-in-charge"
SIGNATURE_ROLES = (INSPECTOR, PERSON_IN_CHARGE)
SIGNATURE_STATES = ("signed", "refused", "absent")


def signature_faults(signature: Signature) -> list[Fault]:
    """What is wrong with a signature, a refusal or an absence."""
    faults = []
    if signature.role not in (INSPECTOR, PERSON_IN_CHARGE):
        faults.append(Fault("role", say("Choose who signs.")))
    if signature.state not in SIGNATURE_STATES:
        faults.append(Fault(signature.role, say("Choose signed, refused or absent.")))
    if signature.role == INSPECTOR and signature.state != "signed":
        faults.append(Fault(INSPECTOR, say("The inspector always signs.")))
    if signature.state == "signed" and not signature.name.strip():
        faults.append(Fault(signature.role, say("Give the name of the person who signs.")))
    if len(signature.name) > 200 or len(signature.title) > 200:
        faults.append(Fault(signature.role, say("Keep name and title under 200 characters.")))
    if bool(signature.strokes) != (signature.how == "drawn") or signature.how not in ("typed", "drawn"):
        faults.append(Fault(signature.role, say("A drawn signature has lines, a typed one has none.")))
    if signature.strokes and signature.state != "signed":
        faults.append(Fault(signature.role, say("Only who signs can draw a signature.")))
    try:
        strokes.check(signature.strokes)
    except ValueError as error:
        faults.append(Fault(signature.role, str(error)))
    return faults
