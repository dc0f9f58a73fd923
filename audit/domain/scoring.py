"""What a visit comes to. Only IN and OUT are rated; NO and NA never change a score.

Scores are integer tenths inside and are rounded half up once, at the end. Only official items count; the
recommended ones are counted beside them. An uncorrected critical finding forbids the word "pass".
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from audit.domain.answers import IN, MARKS, OUT
from audit.domain.checklists import SEVERITIES, Scheme
from audit.domain.steps import ItemState, Journey
from audit.domain.tongue import numeral, say

NO_FINDINGS, FINDINGS, UNCORRECTED_CRITICAL, NOT_SCORED = (
    "no-findings",
    "findings",
    "uncorrected-critical",
    "not-scored",
)
STATUSES = (NO_FINDINGS, FINDINGS, UNCORRECTED_CRITICAL, NOT_SCORED)


@dataclass(frozen=True)
class Rated:
    """One item as it enters the score: its mark over all practitioners; corrected when every OUT was."""

    item: str
    number: str
    severity: str
    mark: str
    corrected_on_site: bool = False
    official: bool = True


@dataclass(frozen=True)
class Line:
    """One rated item's share: its weight, and what was deducted for it (0 for IN)."""

    item: str
    number: str
    severity: str
    mark: str
    weight: int
    deducted: int
    corrected_on_site: bool


@dataclass(frozen=True)
class Result:
    """A result with the lines that made it. Scores and percents are in tenths, or none when nothing is rated."""

    status: str
    scheme: str
    score: int | None
    percent: int | None
    weighted: int | None
    may_pass: bool
    lines: tuple[Line, ...]
    counts: tuple[tuple[str, int], ...]
    words: tuple[str, ...]

    def count(self, name: str) -> int:
        return dict(self.counts).get(name, 0)

    @property
    def main(self) -> int | None:
        """The number of the checklist's scheme."""
        return self.score if self.scheme == "deduction" else self.percent


def tenths(value: int | None) -> str | None:
    """``926`` is ``92.6``."""
    return None if value is None else f"{Decimal(value) / 10:.1f}"


def tenths_words(value: int | None) -> str:
    """``926`` as it is read: ``92.6`` or ``92,6``; nothing for none."""
    return numeral(tenths(value) or "")


def rated(state: ItemState) -> Rated | None:
    """How an item enters the score, or none while it is open."""
    if state.mark is None:
        return None
    outs = [entry.reading.answer for entry in state.entries if entry.reading.answer.mark == OUT]
    corrected = bool(outs) and all(answer.corrected_on_site for answer in outs)
    item = state.item
    return Rated(item.key, item.number, item.severity, state.mark, corrected, item.standing == "official")


def result(journey: Journey, scheme: Scheme) -> Result:
    """The result of a visit under its checklist's scheme."""
    return score([entry for entry in map(rated, journey.items()) if entry], scheme)


def score(items: Iterable[Rated], scheme: Scheme) -> Result:
    """Score rated items: deduction from 100, and percent plain and weighted beside it.

    Sources: deduction with weights 5/2/1 after Tennessee's 100-point form; percent is this product's own.
    """
    every = list(items)
    weights = dict(scheme.weights)
    lines = tuple(
        _line(entry, weights, scheme) for entry in every if entry.official and entry.mark in (IN, OUT)
    )
    deducted = sum(line.deducted for line in lines)
    passed = sum(line.mark == IN for line in lines)
    weight_in = sum(line.weight for line in lines if line.mark == IN)
    status = _status(every, lines)
    return Result(
        status=status,
        scheme=scheme.kind,
        score=max(0, 100 - deducted) * 10 if lines else None,
        percent=_percent(passed, len(lines)),
        weighted=_percent(weight_in, sum(line.weight for line in lines)),
        may_pass=scheme.may_pass and bool(lines) and status in (NO_FINDINGS, FINDINGS),
        lines=lines,
        counts=_counts(every),
        words=score_words(lines, scheme),
    )


def of_some(found: Result) -> Result:
    """The result of a visit that looked at some items only: its findings stand, a number would compare with nothing."""
    return replace(found, score=None, percent=None, weighted=None, may_pass=False, words=some_words())


def some_words() -> tuple[str, ...]:
    return (say("Only former findings were looked at, so there is no score."),)


def _line(entry: Rated, weights: dict[str, int], scheme: Scheme) -> Line:
    weight = weights[entry.severity]
    spared = entry.corrected_on_site and not scheme.cos_deducts
    deducted = weight if entry.mark == OUT and not spared else 0
    return Line(
        entry.item, entry.number, entry.severity, entry.mark, weight, deducted, entry.corrected_on_site
    )


def _percent(part: int, whole: int) -> int | None:
    """Tenths of a percent, half up, without floats."""
    return (part * 2000 + whole) // (2 * whole) if whole else None


def _status(every: list[Rated], lines: tuple[Line, ...]) -> str:
    outs = [entry for entry in every if entry.mark == OUT]
    if any(entry.severity == "critical" and not entry.corrected_on_site for entry in outs):
        return UNCORRECTED_CRITICAL
    if outs:
        return FINDINGS
    return NO_FINDINGS if lines else NOT_SCORED


def _counts(every: list[Rated]) -> tuple[tuple[str, int], ...]:
    official = [entry for entry in every if entry.official]
    outs = [entry for entry in official if entry.mark == OUT]
    counts = {mark: sum(entry.mark == mark for entry in official) for mark in MARKS}
    counts["COS"] = sum(entry.corrected_on_site for entry in outs)
    counts |= {severity: sum(entry.severity == severity for entry in outs) for severity in SEVERITIES}
    counts |= {
        f"recommended_{mark}": sum(entry.mark == mark and not entry.official for entry in every)
        for mark in MARKS
    }
    return tuple(counts.items())


def score_words(lines: tuple[Line, ...], scheme: Scheme) -> tuple[str, ...]:
    """How a number came about, in sentences."""
    if not lines:
        return (say("No item was rated IN or OUT, so there is no score."),)
    taken = [(severity, [line for line in lines if line.severity == severity]) for severity in SEVERITIES]
    steps = ["100"]
    for severity, some in taken:
        count = sum(1 for line in some if line.deducted)
        if count:
            steps.append(f"{count} {say(severity)} × {dict(scheme.weights)[severity]}")  # noqa: RUF001
    points = max(0, 100 - sum(line.deducted for line in lines))
    passed = sum(line.mark == IN for line in lines)
    weight_in = sum(line.weight for line in lines if line.mark == IN)
    total = sum(line.weight for line in lines)
    spared = sum(1 for line in lines if line.corrected_on_site and not line.deducted)
    deduction = say("Deduction: {steps} = {points}", steps=" − ".join(steps), points=points)  # noqa: RUF001
    if sum(line.deducted for line in lines) > 100:
        deduction = say("{deduction} (never below 0)", deduction=deduction)
    words = [
        deduction,
        say(
            "Percent: {count} of {total} rated items are IN = {percent} %",
            count=passed,
            total=len(lines),
            percent=tenths_words(_percent(passed, len(lines))),
        ),
        say(
            "Weighted: {count} of {total} points = {percent} %",
            count=weight_in,
            total=total,
            percent=tenths_words(_percent(weight_in, total)),
        ),
    ]
    if spared:
        words.append(say("Corrected on site and not deducted: {count}", count=spared))
    elif any(line.corrected_on_site for line in lines):
        words.append(say("Items corrected on site still deduct: they were seen."))
    return tuple(words)
