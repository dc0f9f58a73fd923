"""A clinic at a glance: what is left to correct today, and which papers of the latest record run out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from audit.domain.actions import Unfinished
from audit.domain.papers import ENDING, MISSING, OVER, Paper, held
from audit.domain.tongue import say, several
from audit.operations import records
from audit.operations.clinics import ClinicRow
from audit.operations.records import Latest
from audit.web import stories
from audit.web.gate import desk
from audit.web.keeping import Keeper


@dataclass(frozen=True)
class Glance:
    """Two answers in words, each with its tone (``fine``, ``soon``, ``over``); empty when nobody looked yet."""

    to_correct: str = ""
    correct_tone: str = ""
    papers: str = ""
    papers_tone: str = ""


# A record never changes, so what is counted from it day by day is kept under its visit and its last amendment.
_papers: Keeper[tuple[Paper, ...]] = Keeper(room=4096)


def glance_at(row: ClinicRow, unfinished: Sequence[Unfinished], today: date) -> Glance:
    """How the clinic stands on that day; readings of the same record are kept."""
    found = Glance()
    if row.inspected is not None:
        found = Glance(*open_words(unfinished, today))
    if row.last is not None:
        last = row.last
        papers = _papers.get((last.inspection_id, last.amended), lambda: _held(records.behind(desk(), last)))
        words, tone = paper_words([paper.state(today) for paper in papers])
        found = Glance(found.to_correct, found.correct_tone, words, tone)
    return found


def _held(latest: Latest) -> tuple[Paper, ...]:
    return held(latest.checklist, stories.sealed(latest.checklist, latest.sealed).answers)


def open_words(unfinished: Sequence[Unfinished], today: date) -> tuple[str, str]:
    """``("3 to correct, 1 overdue", "over")``; what must be done before any further procedure is due at once."""
    owed = [one for one in unfinished if one.owed]
    answered = len(unfinished) - len(owed)
    late = sum(one.stop or one.correct_by < today for one in owed)
    parts = []
    if owed:
        parts.append(several("{number} to correct", "{number} to correct", len(owed)))
    if late:
        parts.append(several("{number} overdue", "{number} overdue", late))
    if answered:
        parts.append(several("{number} answered", "{number} answered", answered))
    if not parts:
        return say("Nothing to correct"), "fine"
    return ", ".join(parts), "over" if late else "soon"


def paper_words(states: list[str]) -> tuple[str, str]:
    """``("1 paper over, 2 end soon", "over")``"""
    if not states:
        return "", ""
    over, ending = states.count(OVER) + states.count(MISSING), states.count(ENDING)
    parts = []
    if over:
        parts.append(several("{number} paper over or not shown", "{number} papers over or not shown", over))
    if ending:
        parts.append(several("{number} paper ends soon", "{number} papers end soon", ending))
    if not parts:
        return say("Papers hold"), "fine"
    return ", ".join(parts), "over" if over else "soon"
