"""What a clinic's own papers, log and lots say to the items of a visit: a suggestion beside the item, with value, age
and limit. The inspector confirms by looking; nothing is answered by itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from audit.domain import clocks, credentials, lots
from audit.domain.answers import Key
from audit.domain.checklists import Item, Part
from audit.domain.clinics import Clinic
from audit.domain.credentials import Credential
from audit.domain.limits import Limit, judge_date
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.languages import writing
from audit.operations.desk import Desk

_PAPERS: Mapping[str, tuple[str, str]] = {
    item: (kind, part) for kind, places in credentials.ITEMS.items() for item, part in places
}
_LOGS: Mapping[str, tuple[str, str]] = {
    place.partition("#")[0]: (kind, place.partition("#")[2]) for kind, place in clocks.ITEMS.items()
}
ABOUT = frozenset({*_PAPERS, *_LOGS, *lots.ITEMS})


@dataclass(frozen=True)
class Suggestion:
    """Lines of words, and the values that could be taken over: (part, value as it is entered)."""

    words: tuple[str, ...]
    values: tuple[tuple[str, str], ...] = ()


def for_items(desk: Desk, visit: Visit, asked: Iterable[tuple[Item, str | None]]) -> dict[Key, Suggestion]:
    """The suggestions for some answers of a visit, by item and practitioner. Asks nobody: who sees the visit sees them."""
    wanted = [(item, person) for item, person in asked if item.key in ABOUT]
    if not wanted:
        return {}
    teller = _Teller(desk, visit)
    found = {(item.key, person): teller.tell(item, person) for item, person in wanted}
    return {key: one for key, one in found.items() if one}


class _Teller:
    """What the clinic keeps, read once for all items of a page."""

    def __init__(self, desk: Desk, visit: Visit) -> None:
        self.on, self.facts = visit.inspection.inspected_on, visit.inspection.all_facts
        self.clinic: Clinic = visit.clinic
        entered = desk.ledger.credentials.of(visit.inspection.clinic_id)
        self.papers = credentials.current(one.paper for one in entered)
        self.logged = desk.ledger.clocks.of(visit.inspection.clinic_id, 1)
        self.lots = [row.lot for row in desk.ledger.lots.of(visit.inspection.clinic_id)]

    def tell(self, item: Item, person: str | None) -> Suggestion | None:
        if item.key in _PAPERS:
            return self._paper(item, person)
        if item.key in _LOGS:
            return self._log(item)
        return self._lots(item)

    def _paper(self, item: Item, person: str | None) -> Suggestion | None:
        kind, name = _PAPERS[item.key]
        paper = credentials.newest(self.papers, kind, person if item.per_practitioner else None)
        if paper is None:
            return Suggestion((say("The clinic has no such paper on file."),)) if self.papers else None
        part = _part(item, name)
        limit = part.limit.standing_for(self.facts) if part and part.limit else None
        value = paper.issued if limit and limit.kind == "max-age" else paper.expires
        lines = (self._filed(paper), *self._aged(limit, value), *self._hung(paper))
        return Suggestion(lines, ((name, value.isoformat()),) if part and value else ())

    def _filed(self, paper: Credential) -> str:
        told = [paper.number, paper.issuer]
        if paper.issued:
            told.append(say("issued {day}", day=writing.day_words(paper.issued)))
        if paper.expires:
            told.append(say("expires {day}", day=writing.day_words(paper.expires)))
        address = "" if paper.holder else self.clinic.address
        stands = credentials.standing(paper, self.on, None, address)
        if stands.state == credentials.NOT_COVERING:
            told.append(stands.words)
        return say("On file: {paper}", paper=", ".join(filter(None, told)) or say("yes"))

    def _hung(self, paper: Credential) -> tuple[str, ...]:
        if paper.seen_on is None:
            return (say("As entered, not yet seen by an inspector"),)
        day = writing.day_words(paper.seen_on)
        if paper.displayed:
            return (say("Seen displayed on {day}", day=day),)
        return (say("Not displayed on {day}", day=day),)

    def _log(self, item: Item) -> Suggestion | None:
        kind, name = _LOGS[item.key]
        last = next((one for one in self.logged if one.kind == kind and one.on <= self.on), None)
        part = _part(item, name)
        if last is None or part is None:
            return None
        limit = part.limit.standing_for(self.facts) if part.limit else None
        lines = (
            say("By the clinic's log: {day}", day=writing.day_words(last.on)),
            *self._aged(limit, last.on),
        )
        return Suggestion((*lines, last.note) if last.note else lines, ((name, last.on.isoformat()),))

    def _lots(self, item: Item) -> Suggestion | None:
        if not self.lots:
            return None
        kinds = lots.ITEMS[item.key]
        ends = [lot.expires for lot in self.lots if lot.kind in kinds and lot.in_use(self.on) and lot.expires]
        part = next((one for one in item.value_parts if one.kind == "date"), None)
        told = lots.told_for(item.key, self.lots, self.on, writing.day_words)
        if not part or not ends:
            return Suggestion(told)
        limit = part.limit.standing_for(self.facts) if part.limit else None
        aged = self._aged(limit, min(ends)) if limit and limit.looks_ahead else ()
        return Suggestion((*told, *aged), ((part.key, min(ends).isoformat()),))

    def _aged(self, limit: Limit | None, value: date | None) -> tuple[str, ...]:
        """Age and limit in words, as the item itself will judge them."""
        if limit is None or value is None or (value > self.on and not limit.looks_ahead):
            return ()
        words = judge_date(limit, value, self.on).words
        return (words,) if words else ()


def _part(item: Item, name: str) -> Part | None:
    return next((part for part in item.value_parts if part.key == name and part.kind == "date"), None)
