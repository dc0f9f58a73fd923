"""Former findings: what earlier visits left open, with what was done since, as a later visit looks at it.

The record of that later visit holds them as they then stood; names of people stand in none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from audit.domain import markings
from audit.domain.actions import ACCEPTED, CLOSED, Action
from audit.domain.answers import IN, OUT, PhotoLink
from audit.domain.tongue import word

IN_ORDER, MENDED, REMAINS, UNSEEN, TAKEN_AS_DONE = "in-order", "mended", "remains", "unseen", "taken-as-done"
OUTCOMES = (REMAINS, UNSEEN, MENDED, TAKEN_AS_DONE, IN_ORDER)
OUTCOME_WORDS = {
    IN_ORDER: word("Seen in order"),
    MENDED: word("Found again, corrected on site"),
    REMAINS: word("Found again"),
    UNSEEN: word("Not looked at, still open"),
    TAKEN_AS_DONE: word("Accepted before this visit, not looked at again"),
}


@dataclass(frozen=True)
class Former:
    """A finding that was left open: the action that came of it, the day and the words of its visit, its photos."""

    action: Action
    inspected_on: date
    prompt: str
    photos: tuple[PhotoLink, ...] = ()


def outcome(state: str, now: Mapping[str, Any] | None) -> str:
    """What became of it: ``state`` is the action's before the later visit, ``now`` the answer given there, if any."""
    mark = now["mark"] if now else None
    if mark == IN:
        return IN_ORDER
    if mark == OUT and now:
        return MENDED if now["corrected_on_site"] else REMAINS
    return TAKEN_AS_DONE if state == ACCEPTED else UNSEEN


def document(one: Former) -> dict[str, Any]:
    """A former finding as a record holds it."""
    action = one.action
    return {
        "visit": action.inspection_id,
        "inspected_on": one.inspected_on,
        "item": action.item,
        "number": action.number,
        "person": action.person,
        "severity": action.severity,
        "standing": action.standing,
        "prompt": one.prompt,
        "note": action.seen,
        "corrective": action.required,
        "correct_by": action.correct_by,
        "stop": action.stop,
        "state": action.state,
        "photos": [
            {"sha256": photo.sha256, "caption": photo.caption, "marks": markings.read(photo.marks)}
            for photo in one.photos
        ],
        "steps": [
            {"kind": step.kind, "at": step.at, "on": step.on, "words": step.words, "photos": step.photos}
            for step in action.steps
            if step.kind not in CLOSED or step.kind == ACCEPTED
        ],
    }
