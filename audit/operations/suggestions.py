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


@dataclass(frozen=True)
class OnFile:
    """What the clinic keeps about an item, before anybody knows the day of the visit and its facts.

    ``before`` and ``after`` are words; between them stand age and limit of the date that ``part`` (empty without one)
    asks for: ``issued`` where the limit is an age, else ``expires``. ``ahead``: only a limit that looks ahead is told.
    """

    before: tuple[str, ...]
    part: str = ""
    issued: date | None = None
    expires: date | None = None
    after: tuple[str, ...] = ()
    ahead: bool = False


def for_items(desk: Desk, visit: Visit, asked: Iterable[tuple[Item, str | None]]) -> dict[Key, Suggestion]:
    """The suggestions for some answers of a visit, by item and practitioner. Asks nobody: who sees the visit sees them."""
    wanted = [(item, person) for item, person in asked if item.key in ABOUT]
    if not wanted:
        return {}
    on, facts = visit.inspection.inspected_on, visit.inspection.all_facts
    teller = _Teller(desk, visit.clinic, on)
    found = {(item.key, person): (item, teller.tell(item, person)) for item, person in wanted}
    return {key: said(one, item, facts, on) for key, (item, one) in found.items() if one}


def to_take_along(
    desk: Desk, clinic: Clinic, asked: Iterable[tuple[Item, str | None]], today: date
) -> dict[Key, OnFile]:
    """What a tablet takes along for a visit that has not begun: it says the rest itself, on the day. Asks nobody."""
    teller = _Teller(desk, clinic, today)
    found = {(item.key, person): teller.tell(item, person) for item, person in asked if item.key in ABOUT}
    return {key: one for key, one in found.items() if one}


def said(one: OnFile, item: Item, facts: Mapping[str, object], on: date) -> Suggestion:
    """What is on file, said at a visit on that day under these facts. The tablet says the same (``onfile.js``)."""
    part = _part(item, one.part)
    limit = part.limit.standing_for(facts) if part and part.limit else None
    value = one.issued if limit and limit.kind == "max-age" else one.expires
    told = limit is not None and (limit.looks_ahead or not one.ahead)
    aged = _aged(limit, value, on) if told else ()
    return Suggestion(
        (*one.before, *aged, *one.after), ((one.part, value.isoformat()),) if part and value else ()
    )


def _aged(limit: Limit | None, value: date | None, on: date) -> tuple[str, ...]:
    """Age and limit in words, as the item itself will judge them."""
    if limit is None or value is None or (value > on and not limit.looks_ahead):
        return ()
    words = judge_date(limit, value, on).words
    return (words,) if words else ()


class _Teller:
    """What the clinic keeps, read once for all items of a page."""

    def __init__(self, desk: Desk, clinic: Clinic, on: date) -> None:
        self.on, self.clinic = on, clinic
        entered = desk.ledger.credentials.of(clinic.id)
        self.papers = credentials.current(one.paper for one in entered)
        self.logged = desk.ledger.clocks.of(clinic.id, 1)
        self.lots = [row.lot for row in desk.ledger.lots.of(clinic.id)]

    def tell(self, item: Item, person: str | None) -> OnFile | None:
        if item.key in _PAPERS:
            return self._paper(item, person)
        if item.key in _LOGS:
            return self._log(item)
        return self._lots(item)

    def _paper(self, item: Item, person: str | None) -> OnFile | None:
        kind, name = _PAPERS[item.key]
        paper = credentials.newest(self.papers, kind, person if item.per_practitioner else None)
        if paper is None:
            return OnFile((say("The clinic has no such paper on file."),)) if self.papers else None
        return OnFile((self._filed(paper),), name, paper.issued, paper.expires, self._hung(paper))

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

    def _log(self, item: Item) -> OnFile | None:
        kind, name = _LOGS[item.key]
        last = next((one for one in self.logged if one.kind == kind and one.on <= self.on), None)
        if last is None or _part(item, name) is None:
            return None
        words = say("By the clinic's log: {day}", day=writing.day_words(last.on))
        return OnFile((words,), name, last.on, last.on, (last.note,) if last.note else ())

    def _lots(self, item: Item) -> OnFile | None:
        if not self.lots:
            return None
        kinds = lots.ITEMS[item.key]
        ends = [lot.expires for lot in self.lots if lot.kind in kinds and lot.in_use(self.on) and lot.expires]
        part = next((one for one in item.value_parts if one.kind == "date"), None)
        told = lots.told_for(item.key, self.lots, self.on, writing.day_words)
        if not part or not ends:
            return OnFile(told)
        return OnFile(told, part.key, min(ends), min(ends), ahead=True)


def _part(item: Item, name: str) -> Part | None:
    return next((part for part in item.value_parts if part.key == name and part.kind == "date"), None)
