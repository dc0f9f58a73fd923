"""Recalls: entering one tells every clinic whose log names the lot; each answers what became of it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from audit.domain import recalls as rules
from audit.domain.people import reach
from audit.domain.problems import BadInput, Fault, NotFound, NotNow
from audit.domain.recalls import Recall
from audit.domain.tongue import say
from audit.domain.values import cleaned
from audit.operations import lots, telling
from audit.operations.desk import NOTHING, Desk
from audit.operations.lots import Hit
from audit.store.ledger import ConcernedRow, RecallRow

__all__ = ["ConcernedRow", "RecallRow"]
A_PAGE = 50


@dataclass(frozen=True)
class Fields:
    """A recall as typed."""

    lot: str
    maker: str
    reason: str
    since: date | None


@dataclass(frozen=True)
class Told:
    """A recall with the clinics it concerns, as far as this person may know of them; ``next`` is handed back as
    ``after`` for the following ones."""

    row: RecallRow
    clinics: tuple[ConcernedRow, ...]
    next: str | None


def listed(desk: Desk) -> tuple[RecallRow, ...]:
    """The recalls that concern clinics of this person, those that stand first."""
    desk.must("recall.list")
    return desk.ledger.recalls.listed(reach(desk.actor, "recall.read"))


def get(desk: Desk, recall_id: str, after: str = "", at_most: int = A_PAGE) -> Told:
    """One recall, with the clinics it concerns, those that have not answered first.

    Raises:
        NotFound: when there is none, or it concerns no clinic of this person.
    """
    desk.must("recall.list")
    clinics = reach(desk.actor, "recall.read")
    row = desk.ledger.recalls.get(recall_id, clinics)
    found = desk.ledger.recalls.concerned(recall_id, clinics, after, at_most + 1)
    following = desk.ledger.recalls.place(found[at_most - 1]) if len(found) > at_most else None
    return Told(row, found[:at_most], following)


def whereabouts(desk: Desk, recall: Recall) -> tuple[Hit, ...]:
    """Where the lot is logged, with the visits made while it was in use: the look-up of a recall."""
    hits = lots.look_up(desk, recall.lot)
    return tuple(hit for hit in hits if recall.concerns(hit.told.row.lot.lot, hit.told.row.lot.maker))


def make(desk: Desk, fields: Fields, recall_id: str = "") -> Recall:
    """Enter a recall and tell the clinics whose log names such a lot; ``recall_id`` may come from a page, so that a
    repeat makes none.

    Raises:
        BadInput: with all faults.
    """
    desk.must("recall.make")
    assert desk.actor is not None
    zone = ZoneInfo(desk.ledger.agency.get().time_zone)
    lot, maker, reason = cleaned(fields.lot), cleaned(fields.maker), cleaned(fields.reason)
    faults = rules.faults(lot, maker, reason, fields.since, desk.now.astimezone(zone).date())
    if faults or fields.since is None:
        raise BadInput(faults)
    recall = Recall(recall_id or str(uuid.uuid4()), lot, maker, reason, fields.since, desk.actor.id, desk.now)
    with desk.entry() as entry:
        try:
            return entry.recalls.get(recall.id).recall
        except NotFound:
            entry.recalls.add(recall)
        meant = entry.recalls.meant(recall)
        entry.note("recall.made", recall.id, {"lot": lot, "maker": maker, "clinics": len(meant)})
        for clinic_id in meant:
            telling.tell(desk, entry, recall, clinic_id)
    return recall


def answer(desk: Desk, recall_id: str, clinic_id: str, state: str, words: str) -> None:
    """The clinic says what became of the lot; it may say something else later.

    Raises:
        NotFound: when the recall does not concern this clinic, or the clinic is somebody else's; BadInput, NotNow: as
            ``domain.recalls.check_answer`` says.
    """
    told = get(desk, recall_id, at_most=10_000)
    if clinic_id not in {row.concerned.clinic_id for row in told.clinics}:
        raise NotFound(say(NOTHING))
    desk.must("recall.answer", clinic_id)
    said = cleaned(words)
    rules.check_answer(told.row.recall, state, said)
    with desk.entry() as entry:
        rules.check_answer(entry.recalls.get(recall_id).recall, state, said)
        entry.recalls.answer(recall_id, clinic_id, state, said, entry.actor, desk.now)
        entry.note("recall.answered", recall_id, {"clinic": clinic_id, "state": state})


def end(desk: Desk, recall_id: str, words: str) -> None:
    """End a recall: its lots may be used again, or are all gone.

    Raises:
        BadInput: without words; NotNow: when it has ended.
    """
    desk.must("recall.make")
    recall, said = get(desk, recall_id).row.recall, cleaned(words)
    if not said:
        raise BadInput([Fault("words", say("Say why it ends."))])
    if len(said) > rules.LONGEST_WORDS:
        raise BadInput([Fault("words", say("Keep it to {limit} characters.", limit=rules.LONGEST_WORDS))])
    with desk.entry() as entry:
        if not entry.recalls.end(recall.id, said, desk.now):
            raise NotNow(say("This recall has ended."))
        entry.note("recall.ended", recall.id, {})


def waiting(desk: Desk, clinic_ids: Iterable[str]) -> tuple[tuple[Recall, ConcernedRow], ...]:
    """The recalls that stand and that these clinics have not answered, of those this person may know of."""
    clinics = reach(desk.actor, "recall.read")
    return desk.ledger.recalls.waiting_at([one for one in clinic_ids if clinics is None or one in clinics])
