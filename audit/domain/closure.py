"""Closing a clinic, or a part of it, and opening it again.

Sources: the scope is the smallest that ends the danger (SNHD 14.1, CA 119321: practitioner apart from facility);
the notice names acts or omissions, the code section and the right to a hearing (CA 119321); it opens again only
after correction and a satisfactory re-inspection. Only a public authority closes; a self-audit never does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audit.domain.problems import BadInput, Fault, NotAllowed, NotNow
from audit.domain.tongue import say, word

PRACTITIONER, SERVICE, AREA, FACILITY = "practitioner", "service", "area", "facility"
SCOPES = {
    PRACTITIONER: word("One practitioner"),
    SERVICE: word("One service"),
    AREA: word("One area or function"),
    FACILITY: word("The whole clinic"),
}
# The smallest scope that usually ends the danger; the inspector may choose another.
DEFAULT_SCOPE: Mapping[str, str] = {
    "permit.facility-posted": FACILITY,
    "permit.facility-expiry": FACILITY,
    "utilities.working": FACILITY,
    "handsink.accessible": FACILITY,
    "premises.clean": FACILITY,
    "premises.pests": FACILITY,
    "health.practitioner-fit": PRACTITIONER,
    "incident.infection-report": FACILITY,
    "needles.single-use": FACILITY,
    "needles.sterile-sealed": FACILITY,
    "autoclave.spore-result": AREA,
    "licence.practitioner-displayed": PRACTITIONER,
}
STOP_ADVISED = word("Stop work advised")
LONGEST_ACTS = 4000


@dataclass(frozen=True)
class Closure:
    """A closure of a visit: what it covers, what was done or left undone, the law, and how to be heard.

    ``subject`` names the practitioner, service or area; it is empty for the whole clinic. ``reopened_by`` is the
    satisfactory follow-up inspection that ended it.
    """

    id: str
    inspection_id: str
    scope: str
    subject: str
    items: tuple[str, ...]
    acts: str
    citation: str
    hearing: str
    since: date
    reopened_by: str | None = None
    reopened_on: date | None = None

    @property
    def in_force(self) -> bool:
        return self.reopened_by is None


def scope_for(item: str) -> str | None:
    """The scope this item usually closes, or none where it closes nothing."""
    return DEFAULT_SCOPE.get(item)


def check(closure: Closure, kind: str, public_authority: bool, out: Iterable[str]) -> None:
    """Refuse a closure that may not be, or lacks what a notice needs.

    Args:
        kind: of the visit; ``out``: the keys of the items that are OUT and not corrected.

    Raises:
        NotAllowed: a self-audit, or an auditor who is no public authority.
        BadInput: something the notice needs is missing.
    """
    if kind == "self-audit":
        raise NotAllowed(say("A self-audit closes nothing. It says: stop work advised."))
    if not public_authority:
        raise NotAllowed(
            say("Only a public authority can close a clinic. The report says: stop work advised.")
        )
    faults = list(_faults(closure, set(out)))
    if faults:
        raise BadInput(faults)


def _faults(closure: Closure, out: set[str]) -> Iterable[Fault]:
    if closure.scope not in SCOPES:
        yield Fault("scope", say("Choose what is closed."))
    if closure.scope != FACILITY and not closure.subject.strip():
        yield Fault("subject", say("Name the practitioner, service or area that is closed."))
    if not closure.items:
        yield Fault("items", say("Choose the findings that are the reason."))
    elif not set(closure.items) <= out:
        yield Fault("items", say("A reason must be a finding of this visit that is not corrected."))
    for name, text in (("acts", closure.acts), ("citation", closure.citation), ("hearing", closure.hearing)):
        if not text.strip():
            yield Fault(name, say("The notice needs this."))
        elif len(text) > LONGEST_ACTS:
            yield Fault(name, say("Keep this under {limit} characters.", limit=f"{LONGEST_ACTS:,}"))


def reopen(closure: Closure, purpose: str, sealed: bool, on: date, still_out: Iterable[str]) -> None:
    """Refuse to open again before a sealed follow-up inspection found every reason corrected.

    Args:
        purpose: of the follow-up; ``on``: its day, that of the closure or later; ``still_out``: what it did not see
            in order, as amended.

    Raises:
        NotNow: with what is still missing.
    """
    if not closure.in_force:
        raise NotNow(say("This closure is over already."))
    if purpose != "follow-up" or not sealed:
        raise NotNow(say("Opening again needs a sealed follow-up inspection."))
    if on < closure.since:
        raise NotNow(say("This follow-up was made before the closure."))
    left = sorted(set(closure.items) & set(still_out))
    if left:
        raise NotNow(say("Not yet corrected: {items}.", items=", ".join(left)))
