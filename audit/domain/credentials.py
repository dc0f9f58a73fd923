"""Credentials: licences, permits, certificates and insurance of clinics and of the people who work there.

Held, displayed, valid and covering this procedure are four different things; a paper may fail on any of them.
Where a credential stands is a matter of the day it is asked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from audit.domain.checklists import Checklist, Item
from audit.domain.clinics import likeness
from audit.domain.conditions import decide
from audit.domain.limits import Limit, months_before
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
OF_CLINIC = ("facility-permit", "insurance", "infection-control", "other")
OF_PERSON = tuple(kind for kind in KINDS if kind != "facility-permit")
# That it is on file, and since when; never a number, a picture or a word about health.
WITHOUT_DETAIL = "hepatitis-b"
# What a clinic offers, by the keys of its profile; a paper may be for some of it only.
PROCEDURES = {
    "smp": word("Scalp micropigmentation"),
    "tattoo": word("Tattoo"),
    "permanent_makeup": word("Permanent make-up"),
    "piercing": word("Piercing"),
}
# The items of a visit that look at a paper. The second name is the part that holds its date.
ITEMS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "facility-permit": (("permit.facility-posted", ""), ("permit.facility-expiry", "date")),
    "insurance": (("insurance.current", "date"),),
    "practitioner-licence": (
        ("licence.practitioner-displayed", ""),
        ("licence.practitioner-expiry", "date"),
    ),
    "bloodborne": (("training.bbp-current", "date"),),
    "smp-training": (("training.smp-specific", ""),),
    "hepatitis-b": (("health.hepb-status", ""),),
}
# The items that look for a paper on the wall.
HANGS: Mapping[str, str] = {
    "permit.facility-posted": "facility-permit",
    "licence.practitioner-displayed": "practitioner-licence",
}
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

    ``covers`` lists the procedures named on it (none named: every procedure), ``place`` the address on it;
    ``displayed`` is what was last seen on the wall (on the day ``seen_on``, by an inspector), and none when nobody
    looked or nothing has to hang there; ``scan`` the SHA-256 of its picture. A renewed paper stays, and its
    successor says which one it ``replaces``.
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
    place: str = ""
    seen_on: date | None = None
    replaces: str | None = None
    removed: bool = False

    @property
    def as_entered(self) -> bool:
        """Entered by the clinic, and no inspector has seen it yet."""
        return self.seen_on is None


@dataclass(frozen=True)
class Standing:
    """Where a paper stands on a day: the gravest thing first, in words; ``days_left`` is negative once over."""

    state: str
    words: str
    days_left: int | None = None

    @property
    def stops_work(self) -> bool:
        return self.state in STOPS_WORK


def standing(
    credential: Credential | None, today: date, procedure: str | None = None, address: str = ""
) -> Standing:
    """Where the paper stands today, for this procedure and at this address when they are named."""
    if credential is None:
        return Standing(MISSING, say("Not on file"))
    left = (credential.expires - today).days if credential.expires else None
    if left is not None and left < 0:
        return Standing(
            EXPIRED, several("Expired {number} day ago", "Expired {number} days ago", -left), left
        )
    if procedure and credential.covers and procedure not in credential.covers:
        return Standing(NOT_COVERING, say("Does not cover this procedure"), left)
    if address and credential.place and likeness(credential.place) != likeness(address):
        return Standing(NOT_COVERING, say("Names another address"), left)
    if credential.displayed is False:
        return Standing(NOT_DISPLAYED, say("Valid, but not displayed when last seen"), left)
    if left is not None and left <= NOTICE_DAYS[0]:
        words = several("Expires in {number} day", "Expires in {number} days", left)
        return Standing(EXPIRING, words if left else say("Expires today"), left)
    return Standing(VALID, say("Valid") if left is not None else say("Valid, no end given"), left)


def held_to(credential: Credential, limit: Limit | None) -> Credential:
    """The paper with the end that a rule gives it: a certificate without one holds as long as the pack says."""
    if limit is None or limit.kind != "max-age" or credential.issued is None:
        return credential
    ends = months_before(credential.issued, -limit.months) + timedelta(days=limit.days)
    return replace(credential, expires=min(ends, credential.expires or ends))


@dataclass(frozen=True)
class Required:
    """A kind of paper that a checklist asks for. ``stops``: without it there is no work; ``limit`` is how long one
    without an end of its own holds; ``per_person``: each practitioner needs one."""

    kind: str
    per_person: bool
    stops: bool
    limit: Limit | None = None


def required(checklist: Checklist, profile: Mapping[str, object]) -> tuple[Required, ...]:
    """The papers a checklist asks for of a clinic with this profile; a fact nobody stated leaves the paper asked.

    Only official items ask. A paper stops work when its item must be corrected at once, or before anything else.
    """
    known = {item.key: item for item in checklist.items()}
    found = []
    for kind, places in ITEMS.items():
        asking = [(known[key], part) for key, part in places if key in known and _asks(known[key], profile)]
        if not asking:
            continue
        stops = any(_at_once(item) for item, _ in asking)
        limits = [_limit(item, part, profile) for item, part in asking if part]
        limit = next((one for one in limits if one), None)
        found.append(Required(kind, asking[0][0].per_practitioner, stops, limit))
    return tuple(found)


def _asks(item: Item, profile: Mapping[str, object]) -> bool:
    found = decide(item.applies_when, profile)
    return item.standing == "official" and (found.applies or not found.known)


def _at_once(item: Item) -> bool:
    by = item.correct_by
    return by is not None and (by.stop or (by.kind != "next_visit" and by.count == 0))


def _limit(item: Item, part: str, profile: Mapping[str, object]) -> Limit | None:
    limit = next((one.limit for one in item.value_parts if one.key == part), None)
    return limit.standing_for(profile) if limit else None


def current(credentials: Iterable[Credential]) -> tuple[Credential, ...]:
    """The papers that count: neither removed nor replaced by another one."""
    kept = [one for one in credentials if not one.removed]
    replaced = {one.replaces for one in kept}
    return tuple(one for one in kept if one.id not in replaced)


def newest(credentials: Iterable[Credential], kind: str, holder: str | None) -> Credential | None:
    """The paper of a kind that counts for a holder: the one that ends last; one without an end never ends."""
    own = [one for one in credentials if (one.kind, one.holder) == (kind, holder) and not one.removed]
    return max(own, key=lambda one: one.expires or date.max, default=None)


@dataclass(frozen=True)
class MayWork:
    """May this practitioner work today? ``papers`` are the kinds asked for with where each stands; those in
    ``minor`` are wanted, but nobody stops working for want of them."""

    holder: str
    papers: tuple[tuple[str, Standing], ...]
    minor: frozenset[str] = frozenset()

    @property
    def may(self) -> bool:
        return not any(found.stops_work and kind not in self.minor for kind, found in self.papers)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why not, one line for each paper that stops work."""
        return tuple(
            f"{say(KINDS[kind])}: {found.words}"
            for kind, found in self.papers
            if found.stops_work and kind not in self.minor
        )


def who_may_work(
    holders: Iterable[str],
    credentials: Iterable[Credential],
    required: Iterable[str],
    today: date,
    procedure: str | None = None,
    minor: Collection[str] = (),
) -> tuple[MayWork, ...]:
    """For each practitioner, where the required papers stand today. ``required`` are the kinds a pack asks of people,
    ``minor`` those among them that stop nobody."""
    every, kinds = list(credentials), list(required)
    return tuple(
        MayWork(
            holder,
            tuple((kind, standing(newest(every, kind, holder), today, procedure)) for kind in kinds),
            frozenset(minor),
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


def faults(
    fields: Mapping[str, str],
    issued: date | None,
    expires: date | None,
    today: date | None = None,
    scanned: bool = False,
) -> tuple[Fault, ...]:
    """What is wrong with a paper as it was entered; ``fields`` holds kind, holder, number, issuer and place."""
    found = []
    kind = fields.get("kind", "")
    if kind not in (OF_PERSON if fields.get("holder") else OF_CLINIC):
        found.append(Fault("kind", say("Choose what paper this is.")))
    for name in ("number", "issuer", "place"):
        if len(fields.get(name, "")) > LONGEST:
            found.append(Fault(name, say("Keep this under {limit} characters.", limit=LONGEST)))
    if kind == WITHOUT_DETAIL:
        if fields.get("number"):
            found.append(Fault("number", say("Only that a status is on file: no medical detail.")))
        if scanned:
            found.append(Fault("scan", say("Only that a status is on file: no picture of a medical paper.")))
    if issued and today and issued > today:
        found.append(Fault("issued", say("This day has not come yet.")))
    if issued and expires and expires < issued:
        found.append(Fault("expires", say("This paper would end before it was issued.")))
    return tuple(found)
