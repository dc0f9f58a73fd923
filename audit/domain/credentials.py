"""Credentials: licences, permits, certificates and insurance of clinics and of the people who work there.

Held, displayed, valid and covering this procedure are four different things; a paper may fail on any of them.
Where a credential stands is a matter of the day it is asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audit.domain.problems import Fault
from audit.domain.tongue import say, several, word

KINDS = {
    "facility-permit": word("Facility permit"),
    "practitioner-licence": word("Practitioner licence or registration"),
    "bloodborne": word("Bloodborne pathogen certificate"),
    "smp-training": word("Scalp micropigmentation training"),
    "infection-control": word("Infection-control training"),
    "first-aid": word("First aid certificate"),
    "insurance": word("Insurance"),
    # The status only: why somebody is or is not vaccinated is nobody's business here.
    "hepatitis-b": word("Hepatitis B status"),
    "other": word("Other paper"),
}
OF_CLINIC = ("facility-permit", "insurance", "other")
VALID, EXPIRING, EXPIRED, MISSING = "valid", "expiring", "expired", "missing"
NOT_COVERING, NOT_DISPLAYED = "not-covering", "not-displayed"
# From the one that stops work to the one that does not.
GRAVITY = (MISSING, EXPIRED, NOT_COVERING, NOT_DISPLAYED, EXPIRING, VALID)
STOPS_WORK = frozenset({MISSING, EXPIRED, NOT_COVERING})
NOTICE_DAYS = (60, 30, 7)
LONGEST = 200


@dataclass(frozen=True)
class Credential:
    """A paper. ``holder`` is a practitioner's id, or none for the clinic's own.

    ``covers`` lists the procedures named on it (none named: every procedure); ``displayed`` is what was last seen
    on the wall, and none when nobody looked or nothing has to hang there; ``scan`` the SHA-256 of its picture.
    """

    id: str
    clinic_id: str
    kind: str
    holder: str | None = None
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    expires: date | None = None
    covers: tuple[str, ...] = ()
    displayed: bool | None = None
    scan: str | None = None
    rev: int = 1


@dataclass(frozen=True)
class Standing:
    """Where a paper stands on a day: the gravest thing first, in words; ``days_left`` is negative once over."""

    state: str
    words: str
    days_left: int | None = None

    @property
    def stops_work(self) -> bool:
        return self.state in STOPS_WORK


def standing(credential: Credential | None, today: date, procedure: str | None = None) -> Standing:
    """Where the paper stands today, for this procedure when one is named."""
    if credential is None:
        return Standing(MISSING, say("Not on file"))
    left = (credential.expires - today).days if credential.expires else None
    if left is not None and left < 0:
        return Standing(
            EXPIRED, several("Expired {number} day ago", "Expired {number} days ago", -left), left
        )
    if procedure and credential.covers and procedure not in credential.covers:
        return Standing(NOT_COVERING, say("Does not cover this procedure"), left)
    if credential.displayed is False:
        return Standing(NOT_DISPLAYED, say("Valid, but not displayed when last seen"), left)
    if left is not None and left <= NOTICE_DAYS[0]:
        words = several("Expires in {number} day", "Expires in {number} days", left)
        return Standing(EXPIRING, words if left else say("Expires today"), left)
    return Standing(VALID, say("Valid") if left is not None else say("Valid, no end given"), left)


def newest(credentials: Iterable[Credential], kind: str, holder: str | None) -> Credential | None:
    """The paper of a kind that counts for a holder: the one that ends last; one without an end never ends."""
    own = [one for one in credentials if (one.kind, one.holder) == (kind, holder)]
    return max(own, key=lambda one: one.expires or date.max, default=None)


@dataclass(frozen=True)
class MayWork:
    """May this practitioner work today? ``papers`` are the required kinds with where each stands."""

    holder: str
    papers: tuple[tuple[str, Standing], ...]

    @property
    def may(self) -> bool:
        return not any(found.stops_work for _, found in self.papers)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, one line for each paper that stops work."""
        return tuple(f"{say(KINDS[kind])}: {found.words}" for kind, found in self.papers if found.stops_work)


def who_may_work(
    holders: Iterable[str],
    credentials: Iterable[Credential],
    required: Iterable[str],
    today: date,
    procedure: str | None = None,
) -> tuple[MayWork, ...]:
    """For each practitioner, where the required papers stand today. ``required`` are the kinds a pack asks of people."""
    every, kinds = list(credentials), list(required)
    return tuple(
        MayWork(
            holder, tuple((kind, standing(newest(every, kind, holder), today, procedure)) for kind in kinds)
        )
        for holder in holders
    )


def notices(credentials: Iterable[Credential], today: date) -> tuple[tuple[Credential, int], ...]:
    """The papers to remind of, each with the notice it has reached: 60, 30, 7 days, or 0 once it is over.

    A notice is reached once and stays reached, so that a loop that slept for days still sends the right one.
    """
    found = []
    for one in credentials:
        if one.expires is None:
            continue
        left = (one.expires - today).days
        reached = [days for days in NOTICE_DAYS if left <= days]
        if left < 0:
            found.append((one, 0))
        elif reached:
            found.append((one, min(reached)))
    return tuple(sorted(found, key=lambda pair: pair[0].expires or date.max))


def faults(fields: Mapping[str, str], issued: date | None, expires: date | None) -> tuple[Fault, ...]:
    """What is wrong with a paper as it was entered; ``fields`` holds kind, number and issuer."""
    found = []
    if fields.get("kind") not in KINDS:
        found.append(Fault("kind", say("Choose what paper this is.")))
    for name in ("number", "issuer"):
        if len(fields.get(name, "")) > LONGEST:
            found.append(Fault(name, say("Keep this under {limit} characters.", limit=LONGEST)))
    if issued and expires and expires < issued:
        found.append(Fault("expires", say("This paper would end before it was issued.")))
    return tuple(found)
