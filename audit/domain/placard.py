"""The placard on the door: pass, conditional pass, services closed, establishment closed.

Source: Toronto's BodySafe scheme. Each service is judged first, then the establishment. The line between the two
closures is inferred: a crucial infraction that is not corrected closes its service, and the establishment when it
concerns no single service or every one. A self-audit has no placard.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from audit.domain.due import Calendar
from audit.domain.history import within_working_days
from audit.domain.tongue import say, word

PASS, PASS_WITH_NOTES, CONDITIONAL = "pass", "pass-with-notes", "conditional-pass"
SERVICES_CLOSED, CLOSED = "services-closed", "establishment-closed"
ORDER = (PASS, PASS_WITH_NOTES, CONDITIONAL, SERVICES_CLOSED, CLOSED)
# The facts of a clinic's profile that are services, and their words.
SERVICES = {
    "smp": word("Scalp micropigmentation"),
    "tattoo": word("Tattooing"),
    "permanent_makeup": word("Permanent make-up"),
    "piercing": word("Piercing"),
}
# What a pack may say of a visit with minor findings alone.
MINOR_ONLY = (PASS, PASS_WITH_NOTES, CONDITIONAL)
WORDS = {
    PASS: word("Pass"),
    PASS_WITH_NOTES: word("Pass with notes"),
    CONDITIONAL: word("Conditional pass"),
    SERVICES_CLOSED: word("Service closed"),
    CLOSED: word("Establishment closed"),
}
# Of a single service the same standing says less: that service is closed.
SERVICE_WORDS = {**WORDS, CLOSED: word("Service closed")}


@dataclass(frozen=True)
class Infraction:
    """A finding as the placard sees it. ``service`` is the one it concerns, or none for the whole establishment."""

    severity: str
    corrected_on_site: bool = False
    service: str | None = None


@dataclass(frozen=True)
class Placard:
    """What hangs on the door: of the establishment, of each service, and the day by which to come back."""

    standing: str
    services: tuple[tuple[str, str], ...]
    come_back_by: date | None

    @property
    def words(self) -> str:
        return say(WORDS[self.standing])

    @property
    def closed(self) -> tuple[str, ...]:
        """The services that may not go on."""
        return tuple(service for service, standing in self.services if standing == CLOSED)


def placard(
    infractions: Iterable[Infraction],
    services: Sequence[str],
    inspected_on: date,
    calendar: Calendar,
    minor_only: str = PASS_WITH_NOTES,
    working_days: int = 2,
) -> Placard:
    """Judge every service, then the establishment. ``minor_only`` is what minor findings alone come to."""
    every = list(infractions)
    known = tuple(dict.fromkeys([*services, *(one.service for one in every if one.service)]))
    judged = tuple((service, _of_service(service, every, minor_only)) for service in known)
    standing = _of_establishment(every, [own for _, own in judged], minor_only)
    again = standing not in (PASS, PASS_WITH_NOTES)
    return Placard(
        standing, judged, within_working_days(inspected_on, calendar, working_days) if again else None
    )


def _of_service(service: str, every: Iterable[Infraction], minor_only: str) -> str:
    return _worst([_of_one(one, minor_only) for one in every if one.service in (None, service)])


def _of_establishment(every: Sequence[Infraction], services: Sequence[str], minor_only: str) -> str:
    whole = _worst([_of_one(one, minor_only) for one in every if one.service is None])
    if whole == CLOSED or (services and all(standing == CLOSED for standing in services)):
        return CLOSED
    if CLOSED in services:
        return SERVICES_CLOSED
    return _worst([whole, *services])


def _of_one(one: Infraction, minor_only: str) -> str:
    if one.severity == "critical":
        return CONDITIONAL if one.corrected_on_site else CLOSED
    return CONDITIONAL if one.severity == "major" else minor_only


def _worst(standings: Sequence[str]) -> str:
    return max(standings, key=ORDER.index, default=PASS)
