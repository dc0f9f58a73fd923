"""What the server makes of a visit, told in the words of the tablet's engine: plain data without what is empty."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from audit.domain import findings
from audit.domain.answers import Answer, Context, PhotoLink, Reading, raw_from, read
from audit.domain.findings import Finding
from audit.domain.records import result_document
from audit.domain.steps import Entry, ItemState, Journey, SectionState
from audit.domain.visits import Kept, Visit
from tests.domain import making
from tests.vectors.inventing import Entered, Setting, Sheet

Told = Any
Given = tuple[str, str | None, Entered]  # item, practitioner or none, what was entered
Linked = tuple[str, str | None, str, str]  # item, practitioner or none, SHA-256, caption


def tidy(value: Told) -> Told:
    """Leave out what is empty; 0 is not."""
    if isinstance(value, Mapping):
        kept = {key: tidy(entry) for key, entry in value.items()}
        return {
            key: entry
            for key, entry in kept.items()
            if entry not in (None, "", [], {}) and entry is not False
        }
    return [tidy(entry) for entry in value] if isinstance(value, list | tuple) else value


def answer(found: Answer) -> Told:
    told = asdict(found) | {"correct_by": found.correct_by and found.correct_by.isoformat()}
    return tidy(told)


def reading(found: Reading) -> Told:
    return tidy(
        {
            "answer": answer(found.answer),
            "faults": [asdict(fault) for fault in found.faults],
            "complete": found.complete,
        }
    )


def one_answer(
    sheet: Sheet, item: str, entered: Entered, setting: Setting, others: Mapping[str, str]
) -> Told:
    context = Context(setting.on, setting.facts, others)
    return reading(read(sheet.checklist.item(item), raw_from(entered), context))


def whole_visit(sheet: Sheet, setting: Setting, given: Iterable[Given], links: Iterable[Linked] = ()) -> Told:
    """Everything that is judged of a visit, section by section."""
    empty = making.visit(sheet.checklist, facts=setting.facts, people=setting.people)
    kept = {
        (item, person): Kept(raw_from(entered), 1, "inspector-1", making.NOON)
        for item, person, entered in given
    }
    linked: dict[Any, tuple[PhotoLink, ...]] = {}
    for item, person, sha256, caption in links:
        linked[item, person] = (*linked.get((item, person), ()), PhotoLink(sha256, caption))
    on = replace(empty.inspection, inspected_on=setting.on)
    return _visit(replace(empty, inspection=on, kept=kept, links=linked))


def _visit(visit: Visit) -> Told:
    found, due = visit.journey, visit.checklist.due
    next_visit = due.next_visit(visit.inspection.inspected_on)
    return tidy(
        {
            "sections": [_section(state) for state in found.sections],
            "progress": {
                name: getattr(found, name) for name in ("total", "answered", "preset", "open", "done")
            },
            "first_unfinished": found.first_unfinished and found.first_unfinished.section.key,
            "around": _around(found),
            "inapplicable": [[row.item.key, *row.because] for row in found.inapplicable],
            "kept_aside": [answer(aside) for aside in found.kept_aside],
            "gaps": [
                [gap.section.key, gap.entry.item.key, gap.entry.person, gap.words] for gap in found.gaps
            ],
            "findings": [_finding(finding) for finding in visit.findings],
            "by_deadline": [[row.item, row.person] for row in findings.by_deadline(visit.findings)],
            "result": result_document(visit.result),
            "next_visit": next_visit and next_visit.isoformat(),
        }
    )


def _around(found: Journey) -> Told:
    """The sections beside the second one, and beside one that is not there."""
    key = found.sections[1].section.key if len(found.sections) > 1 else ""
    beside = (found.before(key), found.after(key), found.after("nowhere"))
    return [state and state.section.key for state in beside]


def _section(state: SectionState) -> Told:
    return {
        "key": state.section.key,
        "state": state.state,
        "progress": [state.total, state.answered, state.preset],
        "items": [_item(item) for item in state.items],
    }


def _item(state: ItemState) -> Told:
    return {
        "key": state.item.key,
        "mark": state.mark,
        "preset": state.preset,
        "answered": state.answered,
        "entries": [_entry(entry) for entry in state.entries],
    }


def _entry(entry: Entry) -> Told:
    return {"person": entry.person, "reading": reading(entry.reading)}


def _finding(finding: Finding) -> Told:
    return asdict(finding) | {"correct_by": finding.correct_by.isoformat()}


def headline(told: Told) -> Told:
    """The part of a told visit that a reader looks at first; its fingerprint stands for the rest."""
    return {
        "sections": [[row["key"], row["state"], *row["progress"]] for row in told["sections"]],
        "progress": told["progress"],
        "inapplicable": len(told.get("inapplicable", [])),
        "gaps": len(told.get("gaps", [])),
        "due": [row["correct_by"] for row in told.get("findings", [])],
        "status": told["result"]["status"],
        "words": told["result"]["words"],
    }
