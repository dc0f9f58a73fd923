"""The history of a clinic as a report: results, what came again, what was put right and how fast, papers."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from audit.domain.actions import STATE_WORDS
from audit.domain.agency import PAPERS
from audit.domain.canonical import instant_text
from audit.domain.clinics import Clinic
from audit.domain.credentials import KINDS
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.limits import days_words
from audit.domain.problems import BadInput, Fault
from audit.domain.scoring import tenths_words
from audit.domain.tongue import say, several, word
from audit.domain.values import listed
from audit.languages import writing
from audit.operations import actions, credentials, records
from audit.operations.actions import Told, Wanted
from audit.operations.desk import Desk
from audit.operations.inspections import local_time
from audit.operations.records import Point
from reports import pdf
from reports.history import Bar, History, Sheet

MOST_VISITS, MOST_ACTIONS = 60, 200
RESULTS = {
    "no-findings": word("No findings"),
    "findings": word("Findings"),
    "uncorrected-critical": word("Critical finding open"),
    "not-scored": word("Not scored"),
}
VISITS = {INSPECTION: word("Inspection"), SELF_AUDIT: word("Self-audit")}


def draw(desk: Desk, clinic_id: str, paper: str = "") -> bytes:
    """The history as a PDF on ``a4`` or ``letter``, by default the agency's.

    Raises:
        BadInput: for a paper that does not exist; NotFound: when the clinic is somebody else's.
    """
    if paper not in ("", *PAPERS):
        raise BadInput([Fault("paper", say("Choose {choices}.", choices=listed(PAPERS)))])
    told = history(desk, clinic_id)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "history.pdf"
        pdf.draw_history(told, paper or desk.ledger.agency.get().paper, out)
        return out.read_bytes()


def history(desk: Desk, clinic_id: str) -> History:
    """Everything the report says, as far as this person may read it."""
    desk.must("history.read", clinic_id)
    clinic = desk.ledger.clinics.get(clinic_id)
    today = local_time(desk.now, clinic.time_zone).date()
    points = {
        kind: records.trend(desk, clinic.id, kind, MOST_VISITS)
        for kind in records.readable_kinds(desk, clinic.id)
    }
    scored = [point for point in points.get(INSPECTION, ()) if point.score is not None]
    return History(
        agency=desk.ledger.agency.get().name,
        clinic=clinic.name,
        address=", ".join(filter(None, (line.strip().rstrip(",") for line in clinic.address.splitlines()))),
        day=writing.day_words(today),
        summary=tuple(_summary(points.get(INSPECTION, ()))),
        bars=[
            Bar(writing.day_words(point.on), (point.score or 0) / 10, point.status == "uncorrected-critical")
            for point in scored
        ],
        sheets=[
            _visits(points),
            _repeats(desk, clinic),
            _owed(desk, clinic),
            _closed(desk, clinic),
            _papers(desk, clinic),
        ],
        made_at=instant_text(desk.now),
        identity=f"history {clinic.id} {today}",
    )


def _summary(points: Sequence[Point]) -> Iterable[str]:
    if not points:
        yield say("No inspection of this clinic is on record here.")
        return
    last = points[-1]
    yield several("{number} inspection on record.", "{number} inspections on record.", len(points))
    yield say(
        "The last one was on {day}: {result}.",
        day=writing.day_words(last.on),
        result=say(RESULTS[last.status]),
    )


def _visits(points: dict[str, tuple[Point, ...]]) -> Sheet:
    every = sorted(
        ((point, kind) for kind, found in points.items() for point in found), key=_newest, reverse=True
    )
    return Sheet(
        say("Visits"),
        (say("Day"), say("Visit"), say("Result"), say("Score"), say("Findings")),
        (92, 78, 0, 60, 56),
        [
            (
                writing.day_words(point.on),
                say(VISITS[kind]),
                say(RESULTS[point.status]),
                tenths_words(point.score),
                str(point.findings),
            )
            for point, kind in every
        ],
    )


def _newest(pair: tuple[Point, str]) -> tuple[date, str]:
    return pair[0].on, pair[0].visit_id


def _repeats(desk: Desk, clinic: Clinic) -> Sheet:
    return Sheet(
        say("Found more than once"),
        (say("Item"), say("Number of times"), say("On")),
        (0, 44, 190),
        [
            (again.words, str(len(again.days)), ", ".join(map(writing.day_words, again.days)))
            for again in records.found_again(desk, clinic.id, MOST_VISITS)
        ],
    )


def _owed(desk: Desk, clinic: Clinic) -> Sheet:
    rows = [
        told
        for told in actions.find(desk, Wanted(clinic_id=clinic.id), limit=MOST_ACTIONS).rows
        if not told.action.closed
    ]
    return Sheet(
        say("Open actions"),
        (say("Item"), say("Severity"), say("Correct by"), say("State")),
        (0, 56, 92, 110),
        [
            (
                f"{told.action.number} {told.prompt}",
                say(told.action.severity),
                writing.day_words(told.action.correct_by),
                say("Overdue") if told.overdue else say(STATE_WORDS[told.action.state]),
            )
            for told in rows
        ],
    )


def _closed(desk: Desk, clinic: Clinic) -> Sheet:
    rows = actions.find(desk, Wanted(clinic_id=clinic.id, state=actions.CLOSED), limit=MOST_ACTIONS).rows
    return Sheet(
        say("Closed actions"),
        (say("Item"), say("Severity"), say("Found on"), say("Took"), say("State")),
        (0, 56, 92, 56, 100),
        [(*_item(told), _took(told), say(STATE_WORDS[told.action.state])) for told in rows],
    )


def _item(told: Told) -> tuple[str, str, str]:
    action = told.action
    return f"{action.number} {told.prompt}", say(action.severity), writing.day_words(told.inspected_on)


def _took(told: Told) -> str:
    days = told.action.days_to_fix(told.inspected_on)
    return "" if days is None else days_words(days)


def _papers(desk: Desk, clinic: Clinic) -> Sheet:
    board = credentials.board(desk, clinic.id)
    rows = [(clinic.name, one) for one in board.own]
    rows += [(person.practitioner.name, one) for person in board.people for one in person.papers]
    return Sheet(
        say("Papers"),
        (say("Paper"), say("Whose"), say("Number"), say("Until"), say("State")),
        (0, 110, 80, 92, 90),
        [
            (
                say(KINDS[one.kind]),
                whose,
                one.paper.number if one.paper else "",
                writing.day_words(one.paper.expires) if one.paper and one.paper.expires else "",
                one.standing.words,
            )
            for whose, one in rows
        ],
    )
