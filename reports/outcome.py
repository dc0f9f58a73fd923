"""The result on page 1: words, the number, the counts, and what they are made of."""

from collections.abc import Collection

from audit.domain.answers import combine
from audit.domain.checklists import severity_count
from audit.domain.tongue import numeral, say, several
from reports.values import Count, Record, Verdict
from reports.wording import MARK_WORDS, SEVERITIES, findings_words, listed


def verdict(record: Record) -> Verdict:
    """The result in words, with its tone, the number beside it and how that came about."""
    result = record["result"]
    open_critical = sum(
        row["severity"] == "critical" and not row["corrected_on_site"] for row in record["findings"]
    )
    total = len(record["findings"])
    words, tone = {
        "no-findings": (say("No findings"), "good"),
        "findings": (findings_words(total), "warn"),
        "uncorrected-critical": (
            several("{number} critical finding open", "{number} critical findings open", open_critical),
            "bad",
        ),
        "not-scored": (say("Not scored"), "unseen"),
    }[result["status"]]
    if result["may_pass"]:
        words = say("Pass") if not total else say("Pass, with {findings}", findings=words)
    percent = result["scheme"] == "percent"
    number = result["percent"] if percent else result["score"]
    return Verdict(
        words=words,
        tone=tone,
        detail=_detail(record),
        number=numeral(number or ""),
        number_unit="" if not number else say("% of rated items") if percent else say("of 100"),
        how=tuple(result["words"]),
    )


def _detail(record: Record) -> str:
    rows = record["findings"]
    if not rows:
        scored = record["result"]["status"] != "not-scored"
        return say("All that was rated is in order.") if scored else say("Nothing was rated IN or OUT.")
    grades = [(grade, sum(row["severity"] == grade for row in rows)) for grade in SEVERITIES]
    said = listed(severity_count(grade, number) for grade, number in grades if number)
    corrected = sum(row["corrected_on_site"] for row in rows)
    parts = [say("{findings}: {severities}.", findings=findings_words(len(rows)), severities=said)]
    if corrected:
        parts.append(several("{number} corrected on site.", "{number} corrected on site.", corrected))
    repeated = sum(bool(row.get("repeats")) for row in rows)
    if repeated:
        parts.append(several("{number} repeat.", "{number} repeats.", repeated))
    outside = sum(row["standing"] == "recommended" for row in rows)
    if outside:
        parts.append(
            several(
                "{number} recommended only, outside the score.",
                "{number} recommended only, outside the score.",
                outside,
            )
        )
    return " ".join(filter(None, (*parts, _grave(record))))


def _grave(record: Record) -> str:
    """An open critical finding that the number beside it does not hold."""
    beyond = sum(
        row["severity"] == "critical" and row["standing"] == "recommended" and not row["corrected_on_site"]
        for row in record["findings"]
    )
    if not beyond:
        return ""
    return several(
        "{number} critical finding is outside the score: recommended here.",
        "{number} critical findings are outside the score: recommended here.",
        beyond,
    )


def counts(record: Record) -> tuple[Count, ...]:
    """How often each mark was given, recommended items too."""
    marks = record["result"]["counts"]
    return tuple(
        Count(mark, str(int(marks[mark]) + int(marks.get(f"recommended_{mark}", "0"))), say(MARK_WORDS[mark]))
        for mark in MARK_WORDS
    )


def tally(record: Record, answered: Collection[list[Record]]) -> str:
    """What the counts are made of; ``answered`` holds the answers of each item."""
    marks = record["result"]["counts"]
    outside = sum(int(number) for key, number in marks.items() if key.startswith("recommended_"))
    total = sum(int(marks[mark]) for mark in ("IN", "OUT", "NO", "NA"))
    skipped = len(record["inapplicable"])
    parts = [say("{number} in the score", number=total)]
    if outside:
        parts.append(say("{number} recommended, outside it", number=outside))
    if skipped:
        parts.append(say("{number} did not apply to this clinic", number=skipped))
    parts += _presets(answered)
    return " · ".join(parts)


def _presets(answered: Collection[list[Record]]) -> list[str]:
    """How many NO nobody gave: the items that wait for a procedure to watch."""
    unseen = [rows for rows in answered if combine(row["mark"] for row in rows) == "NO"]
    preset = sum(any(row.get("preset") for row in rows) for rows in unseen)
    if not preset:
        return []
    return [
        several(
            "{number} of {total} NO was preset: no procedure was under way",
            "{number} of {total} NO were preset: no procedure was under way",
            preset,
            total=len(unseen),
        )
    ]
