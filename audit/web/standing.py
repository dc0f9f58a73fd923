"""How a clinic stands on the day somebody looks: open findings with their deadlines, papers with their ends."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from audit.domain.answers import Key
from audit.domain.findings import Finding, by_deadline
from audit.domain.limits import days_words
from audit.domain.papers import ENDING, HOLDS, MISSING, OVER, Paper, held
from audit.domain.tongue import say
from audit.operations.records import Latest
from audit.web import stories
from audit.web.dates import day_words

TONES = {OVER: "over", MISSING: "over", ENDING: "soon", HOLDS: "fine"}
SOON_DAYS = 7


@dataclass(frozen=True)
class Line:
    """A finding or a paper: what, whose, what is left in words, a tone, and the date behind it."""

    number: str
    what: str
    whose: str
    left: str
    tone: str
    day: str
    severity: str = ""
    recommended: bool = False


def findings_left(latest: Latest, closed: Collection[Key], today: date) -> list[Line]:
    """What was found, not corrected on site and not accepted since, by deadline, with the days left today."""
    story = stories.sealed(latest.checklist, latest.sealed)
    still_open = [
        finding
        for finding in story.findings
        if not finding.corrected_on_site and (finding.item, finding.person) not in closed
    ]
    return [_finding(finding, latest, today, story.names) for finding in by_deadline(still_open)]


def _finding(finding: Finding, latest: Latest, today: date, names: Mapping[str, str]) -> Line:
    left, tone = left_of(finding, today)
    return Line(
        number=finding.number,
        what=latest.checklist.item(finding.item).prompt,
        whose=names.get(finding.person or "", ""),
        left=left,
        tone=tone,
        day=day_words(finding.correct_by),
        severity=finding.severity,
        recommended=finding.standing != "official",
    )


def left_of(finding: Finding, today: date) -> tuple[str, str]:
    """What is left of a finding's time in words, with its tone."""
    if finding.stop:
        return say("Before any further procedure"), "over"
    return due_left(finding.correct_by, today)


def due_left(due: date, today: date) -> tuple[str, str]:
    """``("12 days left", "fine")``, ``("5 days overdue", "over")``"""
    days = (due - today).days
    if days < 0:
        return say("{days} overdue", days=days_words(-days)), "over"
    if days == 0:
        return say("Due today"), "soon"
    return say("{days} left", days=days_words(days)), "soon" if days <= SOON_DAYS else "fine"


def papers_left(latest: Latest, today: date) -> list[Line]:
    """The dated papers of a visit with the days they hold from today, the most urgent first."""
    story = stories.sealed(latest.checklist, latest.sealed)
    return [_paper(paper, today, story.names) for paper in held(latest.checklist, story.answers)]


def _paper(paper: Paper, today: date, names: Mapping[str, str]) -> Line:
    return Line(
        number=paper.number,
        what=paper.name,
        whose=names.get(paper.person or "", ""),
        left=_paper_left(paper, today),
        tone=TONES[paper.state(today)],
        day=day_words(paper.ends) if paper.ends else "",
    )


def _paper_left(paper: Paper, today: date) -> str:
    days = paper.days_left(today)
    if days is None:
        return say("Not shown")
    if days < 0:
        return say("Ended {days} ago", days=days_words(-days))
    return say("Last day today") if days == 0 else say("{days} left", days=days_words(days))
