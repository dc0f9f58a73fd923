"""Retention: visits whose time is over go as a whole, once an administrator set a period; hashes and the trail stay.

Nothing goes by itself before that. A clinic's newest visit of each kind stays, and so does every visit with an action or a
closure still open, or that somebody asked to keep.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from audit.domain import amendments, scoring
from audit.domain.agency import Agency
from audit.domain.answers import IN, OUT
from audit.domain.inspections import INSPECTION, RUNNING, SEALED, SELF_AUDIT, Inspection
from audit.domain.people import may
from audit.domain.problems import BadInput, Fault, NotAllowed, NotFound, NotNow, Unfit
from audit.domain.tongue import say, word
from audit.domain.values import cleaned
from audit.domain.visits import Visit
from audit.operations.desk import Desk
from audit.operations.inspections import load
from audit.store.ledger import Entry, Erasure, Hold

KINDS = (INSPECTION, SELF_AUDIT)
# Three years where nobody knows better, and never less: what fewer years allow, others forbid.
LEAST, MOST = 3, 100
LONGEST_REASON = 500
AT_ONCE = 200  # visits in one round; the next round goes on
# How long what is no evidence is kept, and why; printed on the page of rules and in the privacy notice.
CLASSES = (
    (word("Sessions and failed sign-ins"), word("Until they end, and counts of failures for a day")),
    (word("Browsers known from earlier sign-ins"), word("400 days after they were last used")),
    (word("One-time links"), word("30 days after they ran out")),
    (
        word("Letters"),
        word("Their words until they are sent, as files 3 days; that they were sent, 30 days"),
    ),
    (word("People who sign in"), word("As long as the trail names them: by an id, never by name")),
    (word("The trail of what was done"), word("For ever: it names people by an id only")),
)


@dataclass(frozen=True)
class Standing:
    """The rules in force (years by kind), what is due under them now, and what is held back."""

    rules: dict[str, int]
    due: tuple[str, ...]
    holds: tuple[Hold, ...]
    erased: int


@dataclass(frozen=True)
class Erased:
    """What one round did: the visits, how many files went with them, and what is wrong with those that stayed."""

    visits: tuple[str, ...]
    files: int
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Notice:
    """What anybody may know: who is responsible, and the rules in force (years by kind)."""

    agency: Agency
    rules: dict[str, int]


def notice(desk: Desk) -> Notice:
    """For the public notice; asks nobody."""
    return Notice(desk.ledger.agency.get(), desk.ledger.erasing.rules())


def standing(desk: Desk) -> Standing:
    """The rules and what they come to today; holds of visits this person may not read come without their reason.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("retention.edit")
    shelf = desk.ledger.erasing
    holds = tuple(one if _may_be_told(desk, one) else replace(one, reason="") for one in shelf.holds())
    return Standing(shelf.rules(), tuple(due(desk)), holds, len(shelf.ids()))


def _may_be_told(desk: Desk, one: Hold) -> bool:
    """Why a clinic keeps a self-audit is its own until it shows the self-audit."""
    return desk.reads(desk.ledger.inspections.get(one.inspection_id))


def rule(desk: Desk, years: dict[str, int | None]) -> None:
    """Keep visits of these kinds so many years, or for ever.

    Raises:
        BadInput: for fewer years than anybody may choose; NotAllowed: for all but administrators.
    """
    desk.must("retention.edit")
    faults = [
        Fault(kind, say("Choose {least} to {most} years, or none.", least=LEAST, most=MOST))
        for kind, number in years.items()
        if kind not in KINDS or (number is not None and not LEAST <= number <= MOST)
    ]
    if faults:
        raise BadInput(faults)
    before = desk.ledger.erasing.rules()
    changed = {kind: number for kind, number in years.items() if before.get(kind) != number}
    if not changed:
        return
    with desk.entry() as entry:
        for kind, number in changed.items():
            entry.erasing.rule(kind, number)
            entry.note("retention.changed", kind, {"years": number})


# holds --------------------------------------------------------------------------------------------------------


def held(desk: Desk, inspection_id: str) -> Hold | None:
    """Why a visit is kept whatever the rule says; none when nobody asked for it.

    Raises:
        NotFound: when the visit is not this person's to keep.
    """
    _holdable(desk, inspection_id)
    return desk.ledger.erasing.held(inspection_id)


def may_hold(desk: Desk, visit: Visit) -> bool:
    inspection = visit.inspection
    return inspection.state != RUNNING and may(desk.actor, f"{inspection.kind}.hold", inspection.clinic_id)


def hold(desk: Desk, inspection_id: str, reason: str) -> None:
    """Keep a visit until somebody lets it go: for a court, an appeal, a complaint.

    Raises:
        BadInput: without a reason; NotNow: while it is running.
    """
    kept = cleaned(reason)
    if not kept or len(kept) > LONGEST_REASON:
        raise BadInput([Fault("reason", say("Say why, in up to {most} characters.", most=LONGEST_REASON))])
    assert desk.actor is not None
    with desk.entry() as entry:
        inspection = _holdable(desk, inspection_id)
        entry.erasing.hold(Hold(inspection_id, kept, desk.actor.id, desk.now))
        entry.note(f"{inspection.kind}.held", inspection_id)


def let_go(desk: Desk, inspection_id: str) -> None:
    """Let the rule decide about a visit again. One that nobody holds is fine."""
    inspection = _holdable(desk, inspection_id)
    if desk.ledger.erasing.held(inspection_id) is None:
        return
    with desk.entry() as entry:
        entry.erasing.let_go(inspection_id)
        entry.note(f"{inspection.kind}.let-go", inspection_id)


def _holdable(desk: Desk, inspection_id: str) -> Inspection:
    inspection = desk.ledger.inspections.get(inspection_id)
    if not desk.reads(inspection):
        raise NotFound(say("There is no such visit."))
    if not may(desk.actor, f"{inspection.kind}.hold", inspection.clinic_id):
        raise NotAllowed(say("Your role does not include this."))
    if inspection.state == RUNNING:
        raise NotNow(say("A running visit is kept anyway."))
    desk.still_has(inspection)
    return inspection


# erasing ------------------------------------------------------------------------------------------------------


def due(desk: Desk) -> list[str]:
    """The visits whose time is over, and that nothing keeps; oldest first."""
    found: list[str] = []
    for kind, years in sorted(desk.ledger.erasing.rules().items()):
        found += desk.ledger.erasing.due(kind, _years_before(desk.now.date(), years))
    return found


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def erase_due(desk: Desk) -> Erased:
    """Erase what is due, some at a time; what a crash left half done is finished. Does nothing while no rule is set.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("retention.erase")
    rules, done = desk.ledger.erasing.rules(), []
    for inspection_id in due(desk)[:AT_ONCE]:
        _erase(desk, inspection_id, rules)
        done.append(inspection_id)
    if done:
        desk.ledger.compact()
    files, faults = _remove_files(desk)
    return Erased(tuple(done), files, faults)


def _remove_files(desk: Desk) -> tuple[int, tuple[str, ...]]:
    """Remove what went just now or was left by a power cut of late; how many files, and the faults of those that stay."""
    files, faults, recent = 0, [], desk.now - timedelta(days=2)
    for one in desk.ledger.erasing.all():
        if one.at >= recent:
            try:
                files += desk.ledger.erasing.remove(one)
            except Unfit as problem:
                faults.append(problem.words)
    return files, tuple(faults)


def _erase(desk: Desk, inspection_id: str, rules: dict[str, int]) -> None:
    with desk.entry() as entry:
        inspection = entry.inspections.get(inspection_id)
        years = rules[inspection.kind]
        before = _years_before(desk.now.date(), years)
        if inspection_id not in entry.erasing.due(inspection.kind, before):
            return  # somebody asked to keep it meanwhile
        one = _what_remains(entry, load(entry, inspection), years, desk.now)
        owed = entry.erasing.erase(one)
        entry.note(
            f"{inspection.kind}.erased",
            inspection_id,
            {
                "erasure": one.sha256,
                "record": one.record,
                "years": years,
                "files": len(one.files),
                "actions": owed,
            },
        )


def _what_remains(entry: Entry, visit: Visit, years: int, at: datetime) -> Erasure:
    inspection = visit.inspection
    record, status, score = "", "", None
    counts: Counter[tuple[str, bool]] = Counter()
    if inspection.state == SEALED:
        record = entry.records.get(inspection.id).sha256
        listed = entry.records.outcome(inspection.id)
        status, score = listed.status, listed.score
        made = entry.amendments.of(inspection.id)
        if not amendments.is_void(made):
            counts.update(counted(amendments.corrected(visit, made)))
    reports = [
        (row.number, row.sha256, row.kind)
        for row in entry.reports.all()
        if row.inspection_id == inspection.id
    ]
    return Erasure(
        inspection.id,
        at,
        years,
        status,
        score,
        record,
        tuple(reports),
        entry.erasing.files_of(inspection.id),
        tuple(sorted(counts.elements())),
    )


def counted(visit: Visit) -> Collection[tuple[str, bool]]:
    """How each rated item of a visit counts: its key, and whether it failed."""
    rated = filter(None, map(scoring.rated, visit.journey.items()))
    return [(row.item, row.mark == OUT) for row in rated if row.mark in (IN, OUT)]


def erased_on(desk: Desk, ids: Collection[str]) -> dict[str, datetime]:
    """When each of these visits was erased, of those that were. Asks nobody: ids alone say nothing."""
    return desk.ledger.erasing.dates(ids)
