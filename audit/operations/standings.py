"""Where the agency stands: what was done and is due, what it came to, what fails most, who is at risk and why."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from audit.domain.clinics import Clinic
from audit.domain.inspections import INSPECTION
from audit.domain.limits import months_before
from audit.domain.problems import NotFound
from audit.domain.tongue import language, say
from audit.operations.desk import Desk
from audit.store.ledger import Among, Ending, Fixing, Listed, Load, Outcome, Rate, Risk

__all__ = ["Among", "Listed"]
PERIODS = (3, 12, 36)  # months
SOON = timedelta(days=30)
# Scores in tenths: from (inclusive) and below (exclusive); sums are kept by tens of points.
BANDS = ((900, 1001), (800, 900), (700, 800), (0, 700))
A_PAGE = 50


@dataclass(frozen=True)
class FailedItem:
    """An item with how often it was rated and how often it was OUT."""

    number: str
    prompt: str
    rate: Rate


@dataclass(frozen=True)
class InspectorLoad:
    """What an inspector made, and what is planned for them."""

    id: str
    name: str
    made: int
    planned: int
    overdue: int


@dataclass(frozen=True)
class AtRisk:
    """A clinic that needs somebody, with what is overdue there and what its last inspection came to."""

    clinic: Clinic
    risk: Risk
    last: Outcome | None
    repeats: int


@dataclass(frozen=True)
class Standing:
    """Everything of the page. ``since`` is the first day counted, ``today`` the day at the agency, ``until`` the last
    one of what is due soon."""

    since: date
    today: date
    until: date
    done: int
    overdue: int
    due_soon: int
    statuses: Mapping[str, int]
    bands: tuple[tuple[int, int, int], ...]
    placards: Mapping[str, int]
    failed: tuple[FailedItem, ...]
    fixing: tuple[Fixing, ...]
    loads: tuple[InspectorLoad, ...]
    at_risk: tuple[AtRisk, ...]


def standing(desk: Desk, months: int, among: Among | None = None) -> Standing:
    """Where everything stands, over the last months, or what is among it. What is planned or overdue has no checklist,
    what a clinic owes no inspector: those filters leave them as they are."""
    desk.must("standing.read")
    shelf, today, whose = desk.ledger.standings, _today(desk), among or Among()
    since = first_day(today, months)
    endings = shelf.endings(since, whose)
    overdue, soon = shelf.due(today, today + SOON, whose)
    return Standing(
        since=since,
        today=today,
        until=today + SOON,
        done=endings.total(),
        overdue=overdue,
        due_soon=soon,
        statuses=_by(endings, "status"),
        bands=tuple((*band, _in_band(endings, *band)) for band in BANDS),
        placards=_by(endings, "placard"),
        failed=_failed(desk, shelf.most_failed(since, whose)),
        fixing=shelf.fixing(since, whose),
        loads=_loads(desk, _by(endings, "inspector"), shelf.loads(today, whose)),
        at_risk=at_risk(desk, today, whose.area),
    )


def choices(desk: Desk) -> tuple[list[tuple[str, str]], list[tuple[str, str]], list[str]]:
    """What can be chosen among: inspectors (id, name), checklists (``key/pack``, title), areas (jurisdictions)."""
    desk.must("standing.read")
    people = [(one.id, one.name) for one in desk.ledger.people.all() if one.role == "inspector"]
    rows = [row for row in desk.ledger.checklists.newest() if row.kind == INSPECTION]
    checklists = [(f"{row.key}/{row.pack}", f"{row.title} ({row.jurisdiction.upper()})") for row in rows]
    return people, checklists, list(desk.ledger.standings.areas())


def _today(desk: Desk) -> date:
    """At the agency: clinics in other time zones may be a day off for some hours."""
    zone = desk.ledger.agency.get().time_zone
    return desk.now.astimezone(ZoneInfo(zone)).date()


def first_day(today: date, months: int) -> date:
    """Whole months are counted, this one too."""
    return months_before(today.replace(day=1), months - 1)


def _by(endings: Counter[Ending], what: str) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for ending, times in endings.items():
        if value := getattr(ending, what):
            found[value] += times
    return found


def _in_band(endings: Counter[Ending], least: int, below: int) -> int:
    return sum(
        times for one, times in endings.items() if one.tens is not None and least <= one.tens * 100 < below
    )


def _failed(desk: Desk, rates: tuple[Rate, ...]) -> tuple[FailedItem, ...]:
    """With the words of the newest checklists that ask them."""
    published = [row for row in desk.ledger.checklists.newest() if row.kind == INSPECTION]
    checklists = [desk.ledger.checklists.get(row.sha256).in_language(language()) for row in published]
    found = []
    for rate in rates:
        item = next((one.item(rate.item) for one in checklists if one.has(rate.item)), None)
        found.append(FailedItem(item.number if item else "", item.prompt if item else rate.item, rate))
    return tuple(found)


def _loads(desk: Desk, made: Mapping[str, int], loads: tuple[Load, ...]) -> tuple[InspectorLoad, ...]:
    names = {person.id: person.name for person in desk.ledger.people.all()}
    planned = {load.inspector_id: (load.planned, load.overdue) for load in loads}
    rows = [
        InspectorLoad(one, names.get(one, say("Somebody else")), made.get(one, 0), *planned.get(one, (0, 0)))
        for one in sorted({*made, *planned})
    ]
    return tuple(sorted(rows, key=lambda row: (-row.made, row.name)))


def at_risk(desk: Desk, today: date, area: str = "") -> tuple[AtRisk, ...]:
    """The clinics that owe most, the worst first."""
    shelf = desk.ledger.standings
    risks = shelf.at_risk(today, area)
    latest = desk.ledger.records.latest_for([risk.clinic_id for risk in risks], [INSPECTION])
    repeats = shelf.repeated([outcome.inspection_id for outcome in latest.values()])
    return tuple(
        AtRisk(
            desk.ledger.clinics.get(risk.clinic_id),
            risk,
            last := latest.get(risk.clinic_id),
            repeats.get(last.inspection_id, 0) if last else 0,
        )
        for risk in risks
    )


def visits(
    desk: Desk, months: int, wanted: Mapping[str, str], after: str = "", at_most: int = A_PAGE
) -> tuple[Listed, ...]:
    """The inspections behind a figure of the page; see ``StandingShelf.visits``."""
    desk.must("standing.read")
    return desk.ledger.standings.visits(first_day(_today(desk), months), wanted, after, at_most)


def item_words(desk: Desk, key: str) -> str:
    """An item in words, for the list of visits where it failed.

    Raises:
        NotFound: when no published checklist has it.
    """
    (found,) = _failed(desk, (Rate(key, 1, 1),))
    if found.prompt == key:
        raise NotFound(say("There is no such item."))
    return f"{found.number} {found.prompt}".strip()
