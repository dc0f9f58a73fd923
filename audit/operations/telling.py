"""Telling a clinic of a recall: when it is entered, and when such a lot is logged afterwards. Once each."""

from audit.domain.lots import Lot
from audit.domain.people import Person
from audit.domain.recalls import LETTER, Recall
from audit.domain.reminders import OVER, RECALLS
from audit.domain.tongue import say
from audit.operations import post
from audit.operations.desk import Desk
from audit.store.ledger import Entry


def lot_logged(desk: Desk, entry: Entry, lot: Lot) -> None:
    """A clinic logged a lot: where it is called back already, the clinic is told now."""
    for recall in entry.recalls.standing_for(lot.lot, lot.maker):
        tell(desk, entry, recall, lot.clinic_id)


def tell(desk: Desk, entry: Entry, recall: Recall, clinic_id: str) -> None:
    """Tell a clinic once: it stands on its pages, and its owners get a letter. They are reminded of it no more."""
    if not entry.recalls.tell(recall.id, clinic_id, desk.now):
        return
    owners = [
        one for one in entry.people.all() if one.active and one.role == "owner" and clinic_id in one.clinics
    ]
    letters = sum(_write(desk, entry, recall, clinic_id, owner) for owner in owners)
    entry.note("recall.told", recall.id, {"clinic": clinic_id, "letters": letters})


def _write(desk: Desk, entry: Entry, recall: Recall, clinic_id: str, owner: Person) -> bool:
    clinic, site = entry.clinics.get(clinic_id).name, entry.agency.get().site

    def words() -> tuple[str, str]:
        lines = [
            say("Lot {lot} is called back: {reason}", lot=recall.lot, reason=recall.reason),
            *([say("Made by {maker}.", maker=recall.maker)] if recall.maker else []),
            say(
                "{clinic} has it in its log. Use none of it any more, set it aside, and say so.",
                clinic=clinic,
            ),
            *([f"{site}/recalls/{recall.id}"] if site else []),
        ]
        return say("Recall of lot {lot}", lot=recall.lot), "\n\n".join(lines) + "\n"

    # One letter for each clinic and recall: an earlier one that waits says something else.
    if not post.to_person(desk, entry, owner, f"{LETTER}:{recall.id}:{clinic_id}", words):
        return False
    entry.reminders.tell(owner.id, [(RECALLS, about(recall.id, clinic_id), OVER)], desk.now)
    return True


def about(recall_id: str, clinic_id: str) -> str:
    """The name of a recall at a clinic among reminders."""
    return f"{recall_id}:{clinic_id}"
