"""Lots of needles, cartridges and pigments: what a clinic uses, proved sterile by which certificate, until when.

A recall names a lot; a lot is found however its number was spelled.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audit.domain.clinics import likeness
from audit.domain.problems import Fault
from audit.domain.tongue import say, several, word

KINDS = {
    "needle": word("Needles"),
    "cartridge": word("Cartridges"),
    "pigment": word("Pigment"),
    "other": word("Something else"),
}
# What must come sterile: its maker's certificate belongs to the lot.
STERILE = frozenset({"needle", "cartridge"})
# The items of a visit that look at lots, and the kinds that each is about.
ITEMS: Mapping[str, frozenset[str]] = {
    "needles.traceable": STERILE,
    "needles.expiry": STERILE,
    "pigment.expiry": frozenset({"pigment"}),
}
RECALLED, OVER, ENDING, UNPROVED, FINE, GONE = "recalled", "over", "ending", "unproved", "fine", "gone"
SOON_DAYS, LONGEST, SHORTEST_SOUGHT = 60, 200, 3


@dataclass(frozen=True)
class Lot:
    """A lot that came to a clinic; ``certificate`` is the number of its sterilisation certificate, ``photo`` the
    SHA-256 of a picture of it, ``used_up_on`` the last day it was in use, ``recall`` why it is called back (empty: it is
    not)."""

    id: str
    clinic_id: str
    kind: str
    maker: str
    product: str
    lot: str
    received_on: date
    expires: date | None = None
    certificate: str = ""
    photo: str | None = None
    used_up_on: date | None = None
    rev: int = 1
    recall: str = ""

    @property
    def proved(self) -> bool:
        """Is there a certificate where one belongs to it?"""
        return self.kind not in STERILE or bool(self.certificate or self.photo)

    def in_use(self, day: date) -> bool:
        return self.received_on <= day and (self.used_up_on is None or day <= self.used_up_on)


@dataclass(frozen=True)
class Standing:
    """Where a lot stands on a day, in words."""

    state: str
    words: str


def standing(lot: Lot, today: date) -> Standing:
    """The gravest thing first: called back, over, without its certificate, ending, fine; or used up."""
    if lot.used_up_on is not None and lot.used_up_on < today:
        return Standing(GONE, say("Used up"))
    if lot.recall:
        return Standing(RECALLED, say("Called back: {reason}", reason=lot.recall))
    left = (lot.expires - today).days if lot.expires else None
    if left is not None and left < 0:
        words = several("Expired {number} day ago", "Expired {number} days ago", -left)
        return Standing(OVER, words)
    if not lot.proved:
        return Standing(UNPROVED, say("No sterilisation certificate"))
    if left is not None and left <= SOON_DAYS:
        words = several("Expires in {number} day", "Expires in {number} days", left)
        return Standing(ENDING, words if left else say("Expires today"))
    return Standing(FINE, say("In use"))


def sought(text: str) -> str:
    """What a look-up compares: letters and digits alone; empty when that is too little to look for."""
    found = likeness(text)
    return found if len(found) >= SHORTEST_SOUGHT else ""


def faults(lot: Lot, today: date) -> tuple[Fault, ...]:
    """What is wrong with a lot as it was entered."""
    found = []
    if lot.kind not in KINDS:
        found.append(Fault("kind", say("Choose what it is.")))
    if not likeness(lot.lot):
        found.append(Fault("lot", say("Give the number of the lot.")))
    for name in ("maker", "product", "lot", "certificate"):
        if len(getattr(lot, name)) > LONGEST:
            found.append(Fault(name, say("Keep it to {limit} characters.", limit=LONGEST)))
    if lot.received_on > today:
        found.append(Fault("received_on", say("This day has not come yet.")))
    if lot.used_up_on and lot.used_up_on < lot.received_on:
        found.append(Fault("used_up_on", say("This is before the day it came.")))
    return tuple(found)


def told_for(
    item: str, lots: Iterable[Lot], today: date, day_words: Callable[[date], str] = date.isoformat
) -> tuple[str, ...]:
    """What the log says to an item that looks at lots: how many are in use, and each one that is not as it should be.

    None when the item is not about lots.
    """
    kinds = ITEMS.get(item)
    if kinds is None:
        return ()
    own = [lot for lot in lots if lot.kind in kinds and lot.in_use(today)]
    if not own:
        return (say("The clinic's log names no lot in use."),)
    found = [several("{number} lot in use by the log", "{number} lots in use by the log", len(own))]
    ends = [lot.expires for lot in own if lot.expires]
    if ends:
        found.append(say("the first one ends on {day}", day=day_words(min(ends))))
    for lot in own:
        stands = standing(lot, today)
        if stands.state in (RECALLED, OVER, UNPROVED):
            found.append(say("{lot}: {words}", lot=lot.lot, words=stands.words))
    return tuple(found)
