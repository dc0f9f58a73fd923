"""The result on page 1: words, the number, the counts, and what they are made of."""

from collections.abc import Collection

from audit.domain.answers import combine
from reports.values import Count, Record, Verdict
from reports.wording import SEVERITIES, counted, listed


def verdict(record: Record) -> Verdict:
    """The result in words, with its tone, the number beside it and how that came about."""
    result = record["result"]
    open_critical = sum(
        row["severity"] == "critical" and not row["corrected_on_site"] for row in record["findings"]
    )
    total = len(record["findings"])
    words, tone = {
        "no-findings": ("No findings", "good"),
        "findings": (counted(total, "finding"), "warn"),
        "uncorrected-critical": (f"{counted(open_critical, 'critical finding')} open", "bad"),
        "not-scored": ("Not scored", "unseen"),
    }[result["status"]]
    if result["may_pass"]:
        words = "Pass" if not total else f"Pass, with {words}"
    percent = result["scheme"] == "percent"
    number = result["percent"] if percent else result["score"]
    return Verdict(
        words=words,
        tone=tone,
        detail=_detail(record),
        number=number or "",
        number_unit="" if not number else ("% of rated items" if percent else "of 100"),
        how=tuple(result["words"]),
    )


def _detail(record: Record) -> str:
    rows = record["findings"]
    if not rows:
        scored = record["result"]["status"] != "not-scored"
        return "All that was rated is in order." if scored else "Nothing was rated IN or OUT."
    grades = [(grade, sum(row["severity"] == grade for row in rows)) for grade in SEVERITIES]
    said = listed(f"{number} {grade}" for grade, number in grades if number)
    corrected = sum(row["corrected_on_site"] for row in rows)
    fixed = f" {corrected}\u00a0corrected on site." if corrected else ""
    outside = sum(row["standing"] == "recommended" for row in rows)
    aside = f" {outside}\u00a0recommended only, outside the score." if outside else ""
    return f"{counted(len(rows), 'finding')}: {said}.{fixed}{aside}{_grave(record)}"


def _grave(record: Record) -> str:
    """An open critical finding that the number beside it does not hold."""
    beyond = sum(
        row["severity"] == "critical" and row["standing"] == "recommended" and not row["corrected_on_site"]
        for row in record["findings"]
    )
    if not beyond:
        return ""
    verb = "is" if beyond == 1 else "are"
    return f" {counted(beyond, 'critical finding')} {verb} outside the score: recommended here."


def counts(record: Record) -> tuple[Count, ...]:
    """How often each mark was given, recommended items too."""
    marks = record["result"]["counts"]
    words = {"IN": "in order", "OUT": "not in order", "NO": "not observed", "NA": "not applicable"}
    return tuple(
        Count(mark, str(int(marks[mark]) + int(marks.get(f"recommended_{mark}", "0"))), words[mark])
        for mark in words
    )


def tally(record: Record, answered: Collection[list[Record]]) -> str:
    """What the counts are made of; ``answered`` holds the answers of each item."""
    marks = record["result"]["counts"]
    outside = sum(int(number) for key, number in marks.items() if key.startswith("recommended_"))
    total = sum(int(marks[mark]) for mark in ("IN", "OUT", "NO", "NA"))
    skipped = len(record["inapplicable"])
    parts = [f"{total} in the score"]
    if outside:
        parts.append(f"{outside} recommended, outside it")
    if skipped:
        parts.append(f"{skipped} did not apply to this clinic")
    parts += _presets(answered)
    return " · ".join(parts)


def _presets(answered: Collection[list[Record]]) -> list[str]:
    """How many NO nobody gave: the items that wait for a procedure to watch."""
    unseen = [rows for rows in answered if combine(row["mark"] for row in rows) == "NO"]
    preset = sum(any(row.get("preset") for row in rows) for rows in unseen)
    if not preset:
        return []
    verb = "was" if preset == 1 else "were"
    return [f"{preset} of {len(unseen)} NO {verb} preset: no procedure was under way"]
