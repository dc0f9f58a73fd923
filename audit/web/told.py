"""A result and its findings in the words and shapes of a page; the same for a running visit and a sealed one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from audit.domain.answers import Answer, PhotoLink
from audit.domain.checklists import Checklist, Item
from audit.domain.findings import Finding, by_deadline
from audit.domain.measures import unit_words, with_units
from audit.domain.scoring import Line, Result, tenths
from audit.web.cards import judged_words
from audit.web.dates import day_words, days_from
from audit.web.stories import Story

STATUS_SHAPES = {"no-findings": "IN", "findings": "OUT", "uncorrected-critical": "OUT", "not-scored": "NO"}
STATUS_WORDS = {
    "no-findings": "No findings",
    "findings": "Findings",
    "uncorrected-critical": "Critical finding open",
    "not-scored": "Not scored",
}
PURPOSE_WORDS = {
    "routine": "Routine",
    "follow-up": "Follow-up",
    "complaint": "Complaint",
    "pre-opening": "Before opening",
    "investigation": "Investigation of an injury or infection",
    "change-of-owner": "Change of owner",
    "temporary-event": "Temporary event",
    "self-audit": "Self-audit",
    "other": "Other",
}
KIND_WORDS = {"inspection": "Inspection", "self-audit": "Self-audit"}
COUNTED = (("IN", "in order"), ("OUT", "not in order"), ("NO", "not observed"), ("NA", "not applicable"))


@dataclass(frozen=True)
class ResultCard:
    """What a visit comes to: headline, number, four counts, and the lines that made the number."""

    shape: str
    headline: str
    under: str
    number: str | None
    number_words: str
    counts: tuple[tuple[str, int, str], ...]
    beside: str
    deducted: tuple[Line, ...]
    words: tuple[str, ...]


@dataclass(frozen=True)
class FindingCard:
    """One finding as it is shown: what was seen, what must be done, by when."""

    number: str
    anchor: str
    section: str
    severity: str
    recommended: bool
    prompt: str
    person: str
    note: str
    corrective: str
    corrected_on_site: bool
    due: str
    due_in: str
    stop: bool
    photos: tuple[PhotoLink, ...]
    citations: tuple[str, ...]


def _plural(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def result_card(result: Result, findings: Iterable[Finding], so_far: str = "") -> ResultCard:
    """``so_far`` says how much is answered while items are open: then nothing is good or bad yet."""
    every = list(findings)
    number_words = "of 100 points" if result.scheme == "deduction" else "% of the rated items"
    under = _under(result, every)
    return ResultCard(
        shape="none" if so_far else STATUS_SHAPES[result.status],
        headline=_so_far(len(every)) if so_far else _headline(result, every),
        under=", ".join([so_far, *under] if so_far else under),
        number=tenths(result.main),
        number_words=f"{number_words} so far" if so_far else number_words,
        counts=tuple(
            (mark, result.count(mark) + result.count(f"recommended_{mark}"), words) for mark, words in COUNTED
        ),
        beside=_beside(result, every),
        deducted=tuple(line for line in result.lines if line.mark == "OUT"),
        words=result.words,
    )


def _so_far(count: int) -> str:
    return f"{_plural(count, 'finding') if count else 'No findings'} so far"


def _headline(result: Result, findings: list[Finding]) -> str:
    if result.status == "findings":
        return _plural(len(findings), "finding")
    if result.status == "uncorrected-critical":
        return f"{_plural(_open_critical(findings), 'critical finding')} open"
    return STATUS_WORDS[result.status]


def _open_critical(findings: list[Finding]) -> int:
    return sum(finding.uncorrected_critical for finding in findings)


def _under(result: Result, findings: list[Finding]) -> list[str]:
    """What belongs to the headline: all findings, those corrected, or why there is no score."""
    corrected = sum(finding.corrected_on_site for finding in findings)
    found = []
    if result.status == "uncorrected-critical":
        found.append(f"{_plural(len(findings), 'finding')} in all")
    if corrected:
        found.append(f"{corrected} corrected on site")
    if result.status == "not-scored":
        found.append("nothing was rated IN or OUT" if found else "Nothing was rated IN or OUT")
    return found


def _beside(result: Result, findings: list[Finding]) -> str:
    """The counts are of all items; the score is of the official ones only, and this line says so."""
    outside = sum(result.count(f"recommended_{mark}") for mark, _ in COUNTED)
    if not outside:
        return ""
    inside = sum(result.count(mark) for mark, _ in COUNTED)
    words = f"{inside} in the score · {outside} recommended, outside it"
    beyond = _open_critical([finding for finding in findings if finding.standing != "official"])
    if beyond:
        words += (
            f". {_plural(beyond, 'critical finding')} open {'is' if beyond == 1 else 'are'} recommended:"
            " outside the score"
        )
    return words


def finding_cards(story: Story) -> list[FindingCard]:
    """All findings, the earliest deadline first."""
    return [_finding(story, finding) for finding in by_deadline(story.findings)]


def _finding(story: Story, finding: Finding) -> FindingCard:
    item = story.checklist.item(finding.item)
    return FindingCard(
        number=finding.number,
        anchor=f"i-{finding.number}",
        section=section_of(story.checklist, finding.item),
        severity=finding.severity,
        recommended=finding.standing != "official",
        prompt=item.prompt,
        person=story.names.get(finding.person or "", ""),
        note=finding.note,
        corrective=finding.corrective,
        corrected_on_site=finding.corrected_on_site,
        due=day_words(finding.correct_by),
        due_in=days_from(finding.correct_by, story.inspected_on).replace("today", "at once"),
        stop=finding.stop,
        photos=finding.photos,
        citations=tuple(citation.printed for citation in item.citations),
    )


def section_of(checklist: Checklist, item: str) -> str:
    """The key of the section that holds an item."""
    return next(
        section.key for section in checklist.sections if any(one.key == item for one in section.items)
    )


@dataclass(frozen=True)
class ReadLine:
    """One answer of the read-only view."""

    number: str
    prompt: str
    person: str
    mark: str | None
    values: str
    note: str
    reason: str
    judged: tuple[str, ...]
    photos: tuple[PhotoLink, ...]
    corrected_on_site: bool


def read_lines(story: Story) -> list[tuple[str, str, list[ReadLine]]]:
    """The whole checklist as answered: (letter, title, lines) per section that was asked."""
    by_item: dict[str, list[Answer]] = {}
    for answer in story.answers:
        by_item.setdefault(answer.item, []).append(answer)
    found = []
    for section in story.checklist.sections:
        lines = [_line(story, item, answer) for item in section.items for answer in by_item.get(item.key, ())]
        if lines:
            found.append((section.letter, section.title, lines))
    return found


def _line(story: Story, item: Item, answer: Answer) -> ReadLine:
    return ReadLine(
        number=item.number,
        prompt=item.prompt,
        person=story.names.get(answer.person or "", ""),
        mark=answer.mark,
        values=_values(item, answer),
        note=answer.note,
        reason=answer.reason,
        judged=tuple(judged_words(judged) for judged in answer.judged if judged.limit or judged.finding),
        photos=answer.photos,
        corrected_on_site=answer.corrected_on_site,
    )


def _values(item: Item, answer: Answer) -> str:
    found = []
    for part in item.value_parts:
        value = answer.values.get(part.key)
        if not value:
            continue
        if part.kind == "choice":
            value = next((option.label for option in part.options if option.value == value), value)
        elif part.kind == "number":
            value = f"{value} {unit_words(part.unit)}".strip()
        read = answer.values.get(f"{part.key}@entered")
        found.append(f"{part.label}: {value}" + (f" (read {with_units(read)})" if read else ""))
    if answer.absent:
        found.append("not shown" if answer.absent == "not-shown" else "could not be measured")
    return " · ".join(found)


def show_result(story: Story) -> dict[str, Any]:
    """What the result composition needs: the card, and the next visit in words."""
    return {
        "card": result_card(story.result, story.findings, story.so_far),
        "next_visit": next_visit_words(story),
    }


def next_visit_words(story: Story) -> str:
    if story.next_visit is None:
        return "The rules of this checklist set no date for the next visit."
    return f"By {day_words(story.next_visit)}, {days_from(story.next_visit, story.inspected_on)}"
