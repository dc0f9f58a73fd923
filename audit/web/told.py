"""A result and its findings in the words and shapes of a page; the same for a running visit and a sealed one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from audit.domain.answers import Answer, PhotoLink
from audit.domain.checklists import Checklist, Item
from audit.domain.entered import absent_words
from audit.domain.findings import Finding, by_deadline
from audit.domain.measures import unit_words, with_units
from audit.domain.placard import (
    CLOSED,
    CONDITIONAL,
    PASS,
    PASS_WITH_NOTES,
    SERVICE_WORDS,
    SERVICES,
    SERVICES_CLOSED,
    Placard,
)
from audit.domain.scoring import Line, Result, tenths_words
from audit.domain.tongue import numeral, say, several, word
from audit.web.cards import judged_words
from audit.web.dates import day_words, days_from, days_words
from audit.web.stories import Story

STATUS_SHAPES = {"no-findings": "IN", "findings": "OUT", "uncorrected-critical": "OUT", "not-scored": "NO"}
STATUS_WORDS = {
    "no-findings": word("No findings"),
    "findings": word("Findings"),
    "uncorrected-critical": word("Critical finding open"),
    "not-scored": word("Not scored"),
}
PURPOSE_WORDS = {
    "routine": word("Routine"),
    "follow-up": word("Follow-up"),
    "complaint": word("Complaint"),
    "pre-opening": word("Before opening"),
    "investigation": word("Investigation of an injury or infection"),
    "change-of-owner": word("Change of owner"),
    "temporary-event": word("Temporary event"),
    "self-audit": word("Self-audit"),
    "other": word("Other"),
}
_PLACARD_SHAPES = {
    PASS: "IN",
    PASS_WITH_NOTES: "IN",
    CONDITIONAL: "COS",
    SERVICES_CLOSED: "OUT",
    CLOSED: "OUT",
}
KIND_WORDS = {"inspection": word("Inspection"), "self-audit": word("Self-audit")}
COUNTED = (
    ("IN", word("in order")),
    ("OUT", word("not in order")),
    ("NO", word("not observed")),
    ("NA", word("not applicable")),
)


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
    """One finding as it is shown: what was seen, what must be done, by when.

    ``repeats`` are the days at which the item was OUT before, ``service`` the one it concerns; both may be empty.
    """

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
    repeats: str = ""
    service: str = ""


def _findings(count: int) -> str:
    return several("{number} finding", "{number} findings", count)


def result_card(result: Result, findings: Iterable[Finding], so_far: str = "") -> ResultCard:
    """``so_far`` says how much is answered while items are open: then nothing is good or bad yet."""
    every = list(findings)
    under = _under(result, every)
    return ResultCard(
        shape="none" if so_far else STATUS_SHAPES[result.status],
        headline=_so_far(len(every)) if so_far else _headline(result, every),
        under=", ".join([so_far, *under] if so_far else under),
        number=None if result.main is None else tenths_words(result.main),
        number_words=_number_words(result, bool(so_far)),
        counts=tuple(
            (mark, result.count(mark) + result.count(f"recommended_{mark}"), say(words))
            for mark, words in COUNTED
        ),
        beside=_beside(result, every),
        deducted=tuple(line for line in result.lines if line.mark == "OUT"),
        words=result.words,
    )


def _number_words(result: Result, so_far: bool) -> str:
    if result.scheme == "deduction":
        return say("of 100 points so far") if so_far else say("of 100 points")
    return say("% of the rated items so far") if so_far else say("% of the rated items")


def _so_far(count: int) -> str:
    if not count:
        return say("No findings so far")
    return several("{number} finding so far", "{number} findings so far", count)


def _headline(result: Result, findings: list[Finding]) -> str:
    if result.status == "findings":
        return _findings(len(findings))
    if result.status == "uncorrected-critical":
        return several(
            "{number} critical finding open", "{number} critical findings open", _open_critical(findings)
        )
    return say(STATUS_WORDS[result.status])


def _open_critical(findings: list[Finding]) -> int:
    return sum(finding.uncorrected_critical for finding in findings)


def _under(result: Result, findings: list[Finding]) -> list[str]:
    """What belongs to the headline: all findings, those corrected, or why there is no score."""
    corrected = sum(finding.corrected_on_site for finding in findings)
    found = []
    if result.status == "uncorrected-critical":
        found.append(several("{number} finding in all", "{number} findings in all", len(findings)))
    if corrected:
        found.append(several("{number} corrected on site", "{number} corrected on site", corrected))
    if result.status == "not-scored":
        found.append(say("nothing was rated IN or OUT") if found else say("Nothing was rated IN or OUT"))
    return found


def _beside(result: Result, findings: list[Finding]) -> str:
    """The counts are of all items; the score is of the official ones only, and this line says so."""
    outside = sum(result.count(f"recommended_{mark}") for mark, _ in COUNTED)
    if not outside:
        return ""
    inside = sum(result.count(mark) for mark, _ in COUNTED)
    words = say("{inside} in the score · {outside} recommended, outside it", inside=inside, outside=outside)
    beyond = _open_critical([finding for finding in findings if finding.standing != "official"])
    if beyond:
        more = several(
            "{number} critical finding open is recommended: outside the score",
            "{number} critical findings open are recommended: outside the score",
            beyond,
        )
        return f"{words}. {more}"
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
        due_in=(
            say("at once")
            if finding.correct_by == story.inspected_on
            else days_from(finding.correct_by, story.inspected_on)
        ),
        stop=finding.stop,
        photos=finding.photos,
        citations=tuple(citation.printed for citation in item.citations),
        repeats=days_words(finding.repeats),
        service=say(SERVICES[finding.service]) if finding.service in SERVICES else "",
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
            value = f"{numeral(value)} {unit_words(part.unit)}".strip()
        read = answer.values.get(f"{part.key}@entered")
        told = f"{part.label}: {value}"
        found.append(
            say("{value} (read {read})", value=told, read=with_units(numeral(read))) if read else told
        )
    if answer.absent:
        found.append(absent_words(answer.absent))
    return " · ".join(found)


def show_result(story: Story) -> dict[str, Any]:
    """What the result composition needs: the card, and the next visit in words."""
    return {
        "card": result_card(story.result, story.findings, story.so_far),
        "next_visit": next_visit_words(story),
        "next_why": story.next_why,
        "placard": placard_shown(story.placard) if story.placard else None,
    }


def placard_shown(placard: Placard) -> dict[str, Any]:
    """A placard in words and shapes: of the establishment, then of each service."""
    return {
        "shape": _PLACARD_SHAPES[placard.standing],
        "words": placard.words,
        "services": [
            (say(SERVICES.get(name, name)), say(SERVICE_WORDS[standing]), _PLACARD_SHAPES[standing])
            for name, standing in placard.services
        ],
        "again": day_words(placard.come_back_by) if placard.come_back_by else "",
    }


def next_visit_words(story: Story) -> str:
    if story.next_visit is None:
        return say("The rules of this checklist set no date for the next visit.")
    left = days_from(story.next_visit, story.inspected_on)
    return say("By {date}, {distance}", date=day_words(story.next_visit), distance=left)
