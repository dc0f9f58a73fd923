"""Answering: changes come in, each gets one verdict, nothing is overwritten in silence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC
from typing import Any

from audit.domain import markings, values
from audit.domain.answers import Key, PhotoLink, Raw, raw_from
from audit.domain.changes import (
    ANSWER,
    APPLIED,
    CONFLICT,
    DUPLICATE,
    KINDS,
    PHOTO_LINK,
    REJECTED,
    RESOLVE,
    SAME,
    Change,
    Current,
    Outcome,
    verdict,
)
from audit.domain.checklists import Checklist
from audit.domain.inspections import Inspection
from audit.domain.problems import BadInput, Fault
from audit.domain.steps import people_for
from audit.domain.tongue import say, thousands, word
from audit.domain.visits import Kept
from audit.operations import photos
from audit.operations.desk import Desk
from audit.operations.inspections import go_on_with, writable
from audit.store.ledger import Entry, Taken

LONGEST_VALUE, MOST_CHANGES = 20_000, 500
CANNOT_KEEP = word("This text holds characters that cannot be kept. Type it again.")


def take_in(desk: Desk, inspection_id: str, changes: Sequence[Change]) -> tuple[Outcome, ...]:
    """Take in changes, one verdict each; all verdicts are kept together or none is.

    A change that was made on an older revision never overwrites: it is kept as a conflict.
    """
    with desk.entry() as entry:
        before = entry.trail.head
        inspection = writable(desk, inspection_id, shelves=entry)
        checklist = entry.checklists.get(inspection.checklist_sha)
        outcomes = take_into(entry, desk, inspection, checklist, changes)
        after = entry.trail.head
    if all(change.kind == ANSWER for change in changes) and all(
        outcome.status in (APPLIED, SAME, DUPLICATE) for outcome in outcomes
    ):
        go_on_with(desk, inspection_id, before, after, _applied(desk, changes, outcomes))
    return outcomes


def _applied(desk: Desk, changes: Sequence[Change], outcomes: Sequence[Outcome]) -> dict[Key, Kept]:
    """What the answers are now that were changed; the ledger keeps whole seconds."""
    assert desk.actor is not None
    author, at = desk.actor.id, desk.now.astimezone(UTC).replace(microsecond=0)
    return {
        change.key: Kept(raw_from(change.value), outcome.rev, author, at)
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome.status == APPLIED
    }


def take_into(
    entry: Entry,
    desk: Desk,
    inspection: Inspection,
    checklist: Checklist,
    changes: Sequence[Change],
    new: bool = False,
) -> tuple[Outcome, ...]:
    """Take in changes of a running visit inside an entry, as the person at the desk; see ``take_in``.

    ``new``: whoever calls has asked already that none of them was received before.
    """
    if len(changes) > MOST_CHANGES:
        raise BadInput([Fault("changes", say("Send {number} changes at most at once.", number=MOST_CHANGES))])
    taker = _Taker(desk, entry, inspection, checklist, changes, new)
    outcomes = tuple(taker.take(change) for change in changes)
    taker.keep()
    moved = [
        change
        for change, outcome in zip(changes, outcomes, strict=True)
        if outcome.status in (APPLIED, CONFLICT)
    ]
    if moved:
        voided = entry.inspections.void_signatures(inspection.id)
        entry.note(
            f"{inspection.kind}.answered",
            inspection.id,
            {
                "operations": [change.op_id for change in moved],
                "items": sorted({change.item for change in moved}),
                **({"signatures_voided": voided} if voided else {}),
            },
        )
    return outcomes


def device_of(desk: Desk, inspection_id: str, key: Key, rev: int) -> str:
    """Where the current value of an answer was entered; for telling it from one that lost against it."""
    return desk.ledger.inspections.device_of(inspection_id, key, rev)


def author_of(desk: Desk, author: str) -> str:
    """The name of who entered an answer."""
    found = desk.ledger.people.find(author)
    return found.name if found else say("Somebody else")


class _Taker:
    """Takes in the changes of one batch inside one entry."""

    def __init__(
        self,
        desk: Desk,
        entry: Entry,
        inspection: Inspection,
        checklist: Checklist,
        changes: Sequence[Change],
        new: bool,
    ) -> None:
        self.desk, self.entry, self.inspection = desk, entry, inspection
        self.checklist, self.now = checklist, desk.now
        assert desk.actor is not None
        self.author = desk.actor.id
        # Asked once for the whole batch, then kept in step with what the batch itself does.
        asked = () if new else changes
        received = entry.inspections.operations_of([change.op_id for change in asked]) if asked else {}
        self.known = {op_id: (row.body_hash, row.rev) for op_id, row in received.items()}
        self.currents = entry.inspections.currents(inspection.id, {change.item for change in changes})
        counts = [(change.device, change.seq) for change in asked if change.seq is not None]
        self.counted = entry.inspections.counted(counts) if counts else set()
        # Written in one go at the end, or before something of it is looked up.
        self.taken: list[Taken] = []
        self.changed: dict[Key, Current] = {}

    def keep(self) -> None:
        """Write what was taken in so far."""
        self.entry.inspections.append_operations(self.inspection.id, self.taken, self.author, self.now)
        self.entry.inspections.keep_answers(self.inspection.id, self.changed)
        self.taken, self.changed = [], {}

    def _current(self, key: Key) -> Current:
        return self.currents.get(key) or Current()

    def take(self, change: Change) -> Outcome:
        shapeless = _shape_refusal(change)
        if shapeless:
            return Outcome(change.op_id, REJECTED, 0, shapeless)
        body = change.body_hash(self.inspection.id)
        known = self.known.get(change.op_id)
        if known is not None:
            if known[0] != body:
                return Outcome(
                    change.op_id, REJECTED, 0, say("This operation was sent before with other content.")
                )
            return Outcome(change.op_id, DUPLICATE, known[1])
        if change.seq is not None and (change.device, change.seq) in self.counted:
            return Outcome(
                change.op_id, REJECTED, 0, say("This device has counted another operation the same.")
            )
        refusal = self._refusal(change)
        if refusal:
            return Outcome(change.op_id, REJECTED, 0, refusal)
        if change.kind == ANSWER:
            return self._answer(change, body)
        if change.kind == RESOLVE:
            return self._resolve(change, body)
        return self._photo(change, body)

    def _refusal(self, change: Change) -> str:
        if not self.checklist.has(change.item):
            return say("This item is not in the checklist of the visit.")
        item = self.checklist.item(change.item)
        if change.person not in people_for(item, self.inspection.practitioners):
            return say("This item is not asked for that person.")
        if change.kind == PHOTO_LINK and not self._photo_is_here(str(change.value.get("sha256"))):
            return say("The photo has not arrived yet.")
        return ""

    def _photo_is_here(self, sha256: str) -> bool:
        """One that is here, but not for this person, has not arrived: its bytes have to be sent."""
        return self.entry.photos.has(sha256) and photos.may_show(self.desk, sha256)

    def _append(self, change: Change, body: str, rev: int, status: str) -> None:
        self.taken.append(Taken(change, body, rev, status))
        self.known[change.op_id] = body, rev
        if change.seq is not None:
            self.counted.add((change.device, change.seq))

    def _answer(self, change: Change, body: str) -> Outcome:
        current = self._current(change.key)
        status = verdict(change, current)
        if status == SAME:
            return Outcome(change.op_id, SAME, current.rev)
        rev = current.rev + 1 if status == APPLIED else current.rev
        self._append(change, body, rev, status)
        if status == APPLIED:
            self._keep(change.key, rev, change.value)
        return Outcome(change.op_id, status, rev)

    def _keep(self, key: Key, rev: int, value: Mapping[str, Any]) -> None:
        self.currents[key] = self.changed[key] = Current(rev, value, self.author, self.now)

    def _resolve(self, change: Change, body: str) -> Outcome:
        """Choose between the current value and the ones that lost; every conflict of the item is settled."""
        reason = str(change.value.get("reason", "")).strip()
        if not reason:
            return Outcome(change.op_id, REJECTED, 0, say("Say why this value is the right one."))
        self.keep()
        current = self._current(change.key)
        if change.base_rev != current.rev:
            return Outcome(
                change.op_id, REJECTED, current.rev, say("The answer changed meanwhile. Look again.")
            )
        open_ones = [
            row for row in self.entry.inspections.conflicts(self.inspection.id) if row.key == change.key
        ]
        chosen = next((row for row in open_ones if row.op_id == change.value.get("keep")), None)
        if chosen is None and change.value.get("keep") != "current":
            return Outcome(change.op_id, REJECTED, current.rev, say("Choose one of the values shown."))
        rev = current.rev + 1
        self._append(change, body, rev, APPLIED)
        self._keep(change.key, rev, chosen.value if chosen else current.value)
        self.keep()  # what a settlement names has to be there
        for row in open_ones:
            self.entry.inspections.settle_conflict(row.op_id, change.op_id)
        return Outcome(change.op_id, APPLIED, rev)

    def _photo(self, change: Change, body: str) -> Outcome:
        """Photos only add or leave, so they never conflict."""
        sha256 = change.value.get("sha256", "")
        caption = values.cleaned(change.value.get("caption", ""))[:200]
        inspections = self.entry.inspections
        links = {link.sha256: link for link in inspections.links(self.inspection.id).get(change.key, ())}
        here = sha256 in links
        drawn = "marks" in change.value or not here
        marks = markings.written(change.value.get("marks")) if drawn else links[sha256].marks
        wanted = change.kind == PHOTO_LINK
        rev = self._current(change.key).rev
        if not wanted and not here:
            return Outcome(change.op_id, SAME, rev)
        self._append(change, body, rev, APPLIED)
        self.keep()
        if wanted:
            inspections.link_photo(self.inspection.id, change.key, PhotoLink(sha256, caption, marks))
        else:
            inspections.unlink_photo(self.inspection.id, change.key, sha256)
        return Outcome(change.op_id, APPLIED, rev)


def _shape_refusal(change: Change) -> str:
    if change.kind not in KINDS:
        return say("This operation is not known.")
    if change.kind == ANSWER:
        return _value_refusal(change.value)
    try:
        markings.written(change.value.get("marks"))
    except ValueError as error:
        return str(error)
    texts = [change.value.get(name, "") for name in ("sha256", "caption", "keep", "reason")]
    if not all(isinstance(text, str) and len(text) <= LONGEST_VALUE for text in texts):
        return say("This operation has a shape that is not known.")
    return say(CANNOT_KEEP) if _unkeepable(texts) else ""


_TEXTS = ("mark", "absent", "note", "reason", "correct_by")
_ENTRIES = {entry.name for entry in fields(Raw)}


def _value_refusal(value: Mapping[str, Any]) -> str:
    """Drafts may be wrong, but not shapeless or endless."""
    unknown = say("This answer has a shape that is not known.")
    if not (isinstance(value.get("values", {}), Mapping) and isinstance(value.get("units", {}), Mapping)):
        return unknown
    if not value.keys() <= _ENTRIES:
        return unknown
    texts = [value.get(name, "") for name in _TEXTS]
    for entered in (value.get("values"), value.get("units")):
        texts += entered.values() if entered else ()
    try:
        whole = "".join(texts)
    except TypeError:
        return unknown
    if value.get("corrected_on_site", False) not in (True, False):
        return unknown
    if len(whole) > LONGEST_VALUE and any(len(text) > LONGEST_VALUE for text in texts):
        return say("Keep each text under {limit} characters.", limit=thousands(LONGEST_VALUE))
    return say(CANNOT_KEEP) if _UNKEEPABLE.search(whole) else ""


# Zero bytes and halves of letters: SQLite or UTF-8 would not give them back.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


def _unkeepable(texts: Iterable[str]) -> bool:
    return _UNKEEPABLE.search("".join(texts)) is not None


def change_of(op_id: str, key: Key, base_rev: int, raw: Raw, device: str, seq: int | None = None) -> Change:
    """An answer operation for what a page or a document carried."""
    return Change(op_id, ANSWER, key[0], key[1], base_rev, raw.document(), device, seq)
