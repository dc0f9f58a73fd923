"""A sealed record in another language: what was frozen is said again from its structure, never translated.

The sentences of a record (limits, warnings, how a number came about) were made from its values by the rules. They are
made again in the record's own language first; only where that gives the very words that were frozen are they replaced
by the same sentences in the other language. Whatever people wrote stays as they wrote it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.domain.answers import ENTERED, Answer, Key, Raw, settle
from audit.domain.checklists import Checklist
from audit.domain.scoring import Line, score_words, some_words
from audit.domain.tongue import Tongue, speaking

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Said:
    """What the rules say of a record in one language: answers by key, and how the number came about."""

    checklist: Checklist
    answers: Mapping[Key, Answer]
    words: tuple[str, ...]


def retold(document: Row, checklist: Checklist, own: Tongue, wanted: Tongue) -> dict[str, Any]:
    """The record's document for a reader of another language; ``own`` is the one it was frozen in."""
    if own.code == wanted.code:
        return dict(document)
    before, after = _said(document, checklist, own), _said(document, checklist, wanted)
    result = document["result"]
    words = after.words if tuple(result["words"]) == before.words else result["words"]
    return {
        **document,
        "answers": [_answer(row, before, after) for row in document["answers"]],
        "kept_aside": [_answer(row, before, after) for row in document["kept_aside"]],
        "findings": [_finding(row, before, after) for row in document["findings"]],
        "result": {**result, "words": list(words)},
    }


def _said(document: Row, checklist: Checklist, tongue: Tongue) -> _Said:
    told = checklist.in_language(tongue.code)
    facts = {**document["clinic"]["profile"], **document["facts"]}
    rows = (*document["answers"], *document["kept_aside"])
    raws = {(row["item"], row["person"]): _raw(row) for row in rows}
    with speaking(tongue):
        readings = settle(told, raws, date.fromisoformat(document["inspected_on"]), facts)
        lines = tuple(
            Line(**{**row, "weight": int(row["weight"]), "deducted": int(row["deducted"])})
            for row in document["result"]["lines"]
        )
        words = some_words() if document.get("scope") else score_words(lines, told.scheme)
    return _Said(told, {key: reading.answer for key, reading in readings.items()}, words)


def _raw(row: Row) -> Raw:
    """A frozen answer as it was entered."""
    values, units = {}, {}
    for part, value in row["values"].items():
        if part.endswith(ENTERED):
            continue
        read = row["values"].get(part + ENTERED)
        values[part], unit = read.split(" ", 1) if read else (value, "")
        if unit:
            units[part] = unit
    return Raw(
        mark=row["mark"] or "",
        values=values,
        units=units,
        absent=row["absent"] or "",
        note=row["note"],
        reason=row["reason"],
        corrected_on_site=row["corrected_on_site"],
        correct_by=row["correct_by"] or "",
    )


def _answer(row: Row, before: _Said, after: _Said) -> dict[str, Any]:
    key = row["item"], row["person"]
    old, new = before.answers.get(key), after.answers.get(key)
    if old is None or new is None:
        return dict(row)
    same = tuple(row["warnings"]) == old.warnings
    return {
        **row,
        "warnings": list(new.warnings if same else row["warnings"]),
        "judged": [_judged(judged, old, new) for judged in row["judged"]],
    }


def _judged(row: Row, old: Answer, new: Answer) -> Row:
    for was, now in zip(old.judged, new.judged, strict=False):
        if was.part == row["part"] and (was.limit, was.finding) == (row["limit"], row["finding"]):
            source = now.source if was.source == row["source"] else row["source"]
            return {**row, "limit": now.limit, "finding": now.finding, "source": source}
    return row


def _finding(row: Row, before: _Said, after: _Said) -> Row:
    if (
        not after.checklist.has(row["item"])
        or row["corrective"] != before.checklist.item(row["item"]).corrective
    ):
        return row
    return {**row, "corrective": after.checklist.item(row["item"]).corrective}
