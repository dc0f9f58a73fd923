"""A tablet's work arrives: each act gets one verdict, all of a batch are kept together, and none twice.

Pages and tablets meet here: what a page does with one request, an act does within a batch.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from audit.domain import manifest, markings, strokes, values
from audit.domain.acts import (
    ANSWERING,
    CAPTION,
    REST_IN,
    SET_ASIDE,
    SET_UP,
    SIGNATURE,
    START,
    UNKNOWN_SHAPE,
    Act,
    Unreadable,
)
from audit.domain.changes import APPLIED, CONFLICT, DUPLICATE, REJECTED, SAME, Change, Outcome
from audit.domain.inspections import Inspection, Signature
from audit.domain.problems import BadInput, Fault, Problem
from audit.domain.strokes import Strokes
from audit.domain.tongue import say, word
from audit.operations import answers, devices, former, inspections
from audit.operations.desk import Desk
from audit.operations.inspections import NewVisit, SetUp, writable
from audit.store.ledger import Entry, StartClaim

MOST_ACTS = 200
QUARANTINED = "quarantined"
LONGEST_CAPTION = 200
REUSED = word("This operation was sent before with other content.")
COUNTED_TWICE = word("This device has counted another operation the same.")
ANOTHERS = word("This is the work of another person. Let them sign in and send it.")


@dataclass(frozen=True)
class Batch:
    """What a tablet sends at once. ``offset`` is how many seconds its clock is behind ours, when it can be told."""

    device: str
    app_version: str
    sent_at: str
    offset: int | None
    acts: tuple[Act | Unreadable, ...]


@dataclass(frozen=True)
class Standing:
    """The answer that stands, beside which another one lost."""

    value: Mapping[str, Any]
    author: str
    at: datetime | None


@dataclass(frozen=True)
class Verdict:
    """What became of one act: its status and the revision that is current now. ``was`` is the first verdict on one
    that came again."""

    op_id: str
    status: str
    rev: int = 0
    words: str = ""
    was: str = ""
    current: Standing | None = None


def receive(desk: Desk, inspection_id: str, batch: Batch) -> tuple[Verdict, ...]:
    """Take in a batch of one visit, as the person at the desk. All verdicts are kept together or none is.

    Work of a device that was taken out of use is set apart unjudged, never dropped.
    """
    with desk.entry() as entry:
        known = entry.devices.find(batch.device)
        taker = Taker(entry, desk, inspection_id, known is not None and known.revoked_at is not None)
        verdicts = taker.take(batch.device, batch.acts)
        if entry.noted:
            devices.keep_seen(
                entry, desk, known, batch.device, batch.app_version, batch.sent_at, batch.offset
            )
    return verdicts


@dataclass
class Taker:
    """Takes in acts about one visit inside one entry, as the person at the desk.

    ``quarantine``: the device is not trusted any more, its acts are set apart.
    """

    entry: Entry
    desk: Desk
    inspection_id: str
    quarantine: bool = False
    found: dict[str, Verdict] = field(default_factory=dict)
    waiting: list[Act] = field(default_factory=list)
    bodies: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    counts: set[int] = field(default_factory=set)

    def take(self, device: str, acts: Sequence[Act | Unreadable]) -> tuple[Verdict, ...]:
        """One verdict for each act, in their order."""
        readable = [act.change for act in acts if isinstance(act, Act)]
        shelf = self.entry.inspections
        for op_id, row in shelf.operations_of([change.op_id for change in readable]).items():
            self.bodies[op_id] = row.body_hash, row.status, row.rev
        counted = shelf.counted([(device, change.seq) for change in readable if change.seq is not None])
        self.counts = {seq for _, seq in counted}
        places = [self._one(act) for act in acts]
        self._flush()
        return tuple(place() for place in places)

    def _one(self, act: Act | Unreadable) -> Callable[[], Verdict]:
        """Judge one act, or let it wait for those it goes together with; gives where its verdict will be."""
        if isinstance(act, Unreadable):
            refused = Verdict(act.op_id, REJECTED, words=act.words)
            return lambda: refused
        op_id = act.change.op_id
        if any(other.change.op_id == op_id for other in self.waiting):
            self._flush()
        early = self._early(act)
        if early is not None:
            return lambda: early
        if act.change.seq is not None:
            self.counts.add(act.change.seq)
        if self.quarantine:
            aside = self._set_apart(act)
            return lambda: aside
        if act.change.kind in ANSWERING:
            self.waiting.append(act)
            return lambda: self.found[op_id]
        self._flush()
        late = self._judged(act)
        return lambda: late

    def _early(self, act: Act) -> Verdict | None:
        """The verdict on what was here before, or comes from somebody else."""
        change = act.change
        known = self.bodies.get(change.op_id)
        if known is not None:
            body, status, rev = known
            if body != change.body_hash(self.inspection_id):
                return Verdict(change.op_id, REJECTED, words=say(REUSED))
            return Verdict(change.op_id, DUPLICATE, rev, was=status)
        if self.desk.actor is None or act.author != self.desk.actor.id:
            return Verdict(change.op_id, REJECTED, words=say(ANOTHERS))
        if change.seq in self.counts:
            return Verdict(change.op_id, REJECTED, words=say(COUNTED_TWICE))
        return None

    def _set_apart(self, act: Act) -> Verdict:
        change = act.change
        shelf, document = self.entry.devices, act.document()
        if shelf.set_apart(change.device, self.inspection_id, document, self.desk.now):
            self.entry.note("device.quarantined", change.device, {"operation": change.op_id})
        elif not shelf.is_apart(document):
            return Verdict(change.op_id, REJECTED, words=say(REUSED))
        words = say(
            "This tablet was taken out of use. Its work is kept apart until an administrator looks at it."
        )
        return Verdict(change.op_id, QUARANTINED, words=words)

    # answers ----------------------------------------------------------------------------------------------

    def _flush(self) -> None:
        """Take in the answers that wait, as a page would hand them in."""
        acts, self.waiting = self.waiting, []
        if not acts:
            return
        changes = [act.change for act in acts]
        try:
            inspection = writable(self.desk, self.inspection_id, shelves=self.entry)
        except Problem as problem:
            self.found |= {one.op_id: _refused(one, problem) for one in changes}
            return
        checklist = self.entry.checklists.get(inspection.checklist_sha)
        outcomes = answers.take_into(self.entry, self.desk, inspection, checklist, changes, new=True)
        self._keep_same(inspection, changes, outcomes)
        for change, outcome in zip(changes, outcomes, strict=True):
            self.found[change.op_id] = self._verdict(change, outcome)
            if outcome.status in (APPLIED, SAME, CONFLICT):
                body = change.body_hash(self.inspection_id)
                self.bodies[change.op_id] = body, outcome.status, outcome.rev

    def _keep_same(
        self, inspection: Inspection, changes: Sequence[Change], outcomes: Sequence[Outcome]
    ) -> None:
        """What says nothing new is kept too: it may come again when something else is true meanwhile."""
        same = [
            (change, outcome)
            for change, outcome in zip(changes, outcomes, strict=True)
            if outcome.status == SAME
        ]
        for change, outcome in same:
            self._append(change, outcome.rev, SAME)
        if same:
            confirmed = {"operations": [change.op_id for change, _ in same]}
            self.entry.note(f"{inspection.kind}.confirmed", inspection.id, confirmed)

    def _verdict(self, change: Change, outcome: Outcome) -> Verdict:
        current = None
        if outcome.status == CONFLICT:
            kept = self.entry.inspections.current(self.inspection_id, change.key)
            current = Standing(kept.value, kept.author, kept.at)
        return Verdict(change.op_id, outcome.status, outcome.rev, outcome.words, current=current)

    def _append(self, change: Change, rev: int, status: str = APPLIED) -> None:
        assert self.desk.actor is not None
        body = change.body_hash(self.inspection_id)
        self.entry.inspections.append_operation(
            self.inspection_id, change, body, rev, status, self.desk.actor.id, self.desk.now
        )
        self.bodies[change.op_id] = body, status, rev

    # everything else --------------------------------------------------------------------------------------

    def _judged(self, act: Act) -> Verdict:
        deeds = {
            START: self._start,
            SET_UP: self._set_up,
            SIGNATURE: self._sign,
            CAPTION: self._caption,
            REST_IN: self._rest_in,
            SET_ASIDE: self._set_aside,
        }
        try:
            rev = deeds[act.change.kind](act.change)
        except Problem as problem:
            return _refused(act.change, problem)
        if act.change.op_id not in self.bodies:  # what ends a visit is kept before its end
            self._append(act.change, rev)
        return Verdict(act.change.op_id, APPLIED, rev)

    def _running(self) -> Inspection:
        return writable(self.desk, self.inspection_id, shelves=self.entry)

    def _start(self, change: Change) -> int:
        wanted = Told(change.value)
        day = wanted.day("inspected_on")
        visit = NewVisit(
            clinic_id=wanted.text("clinic_id"),
            kind=wanted.text("kind"),
            purpose=wanted.text("purpose", "routine"),
            practitioners=wanted.texts("practitioners"),
            present=wanted.texts("present"),
            facts=wanted.mapping("facts"),
            id=self.inspection_id,
            inspected_on=day,
            checklist_sha=wanted.text("checklist_sha"),
            scope=wanted.texts("scope"),
        )
        started = inspections.start_into(self.entry, self.desk, visit)
        claim = StartClaim(started.id, change.device, change.op_id, day, change.client_time, self.desk.now)
        self.entry.devices.keep_start(claim)
        return started.rev

    def _set_up(self, change: Change) -> int:
        """Fields that are not named stay as they are."""
        now, told = self._running(), Told(change.value)
        visit_facts = {
            key: value
            for key, value in now.facts.items()
            if (fact := self.entry.checklists.get(now.checklist_sha).fact(key)) and fact.scope == "visit"
        }
        wanted = SetUp(
            purpose=told.text("purpose", now.purpose),
            practitioners=told.texts("practitioners", now.practitioners),
            present=told.texts("present", now.present),
            facts=told.mapping("facts", visit_facts),
            remarks=told.text("remarks", now.remarks),
        )
        changed = inspections.set_up_into(self.entry, self.desk, now, wanted, change.base_rev or now.rev)
        if told.flag("whole"):
            changed = former.widen_into(self.entry, changed)
        if changed is now:
            self.entry.note(f"{now.kind}.confirmed", now.id, {"operations": [change.op_id]})
        return changed.rev

    def _sign(self, change: Change) -> int:
        """A signature covers the answers and photos by name, as both sides spell them."""
        told = Told(change.value)
        signature = Signature(
            role=told.text("role"),
            state=told.text("state"),
            name=values.cleaned(told.text("name", "")),
            title=values.cleaned(told.text("title", "")),
            how=told.text("how", "typed"),
            strokes=_strokes(change.value.get("strokes")),
        )
        visit = inspections.load(self.entry, self._running())
        shown = {manifest.fingerprint(manifest.of(visit, signed)) for signed in ((), visit.signatures)}
        as_seen = told.text("fingerprint") in shown
        inspections.sign_into(self.entry, self.desk, visit, [signature], as_seen)
        return 0

    def _caption(self, change: Change) -> int:
        running, told = self._running(), Told(change.value)
        sha256, shelf = told.text("sha256"), self.entry.inspections
        link = next(
            (one for one in shelf.links(running.id).get(change.key, ()) if one.sha256 == sha256), None
        )
        if link is None:
            raise BadInput([Fault("sha256", say("This photo is not shown here."))])
        caption = values.cleaned(told.text("caption"))[:LONGEST_CAPTION]
        try:
            marks = markings.written(change.value["marks"]) if "marks" in change.value else link.marks
        except ValueError as error:
            raise BadInput([Fault("marks", str(error))]) from error
        shelf.link_photo(running.id, change.key, replace(link, caption=caption, marks=marks))
        shelf.void_signatures(running.id)
        self.entry.note(f"{running.kind}.captioned", running.id, {"operations": [change.op_id]})
        return shelf.current(running.id, change.key).rev

    def _rest_in(self, change: Change) -> int:
        """Somebody said of the rest of a section that it is in order; the answers come as acts of their own."""
        running, told = self._running(), Told(change.value)
        detail = {"section": told.text("section"), "items": list(told.texts("items"))}
        self.entry.note(f"{running.kind}.rest-in", running.id, {**detail, "operation": change.op_id})
        return 0

    def _set_aside(self, change: Change) -> int:
        running = writable(self.desk, self.inspection_id, "set-aside", shelves=self.entry)
        reason = Told(change.value).text("reason")
        if not values.cleaned(reason):
            raise BadInput([Fault("reason", say("Say why this visit is set aside."))])
        self._append(change, running.rev + 1)
        inspections.set_aside_into(self.entry, running, reason)
        return running.rev + 1


def _refused(change: Change, problem: Problem) -> Verdict:
    return Verdict(change.op_id, REJECTED, words=words_of(problem))


def words_of(problem: Problem) -> str:
    """What a problem says to people."""
    if isinstance(problem, BadInput):
        return " ".join(fault.words for fault in problem.faults)
    return problem.words


def _strokes(given: object) -> Strokes:
    """A drawing as JSON holds it, read as strictly as one that a page hands in."""
    if given in (None, []):
        return ()
    try:
        return strokes.read(json.dumps(given, separators=(",", ":")))
    except ValueError as error:
        raise BadInput([Fault("strokes", str(error))]) from error


class Told:
    """The value of an act, asked for what its kind needs."""

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value

    def _of(self, name: str, kind: type, default: Any) -> Any:
        found = self._value.get(name, default)
        if not isinstance(found, kind):
            raise BadInput([Fault(name, say(UNKNOWN_SHAPE))])
        return found

    def text(self, name: str, default: str | None = None) -> str:
        found: str = self._of(name, str, default)
        return found

    def flag(self, name: str) -> bool:
        found: bool = self._of(name, bool, False)
        return found

    def texts(self, name: str, default: Iterable[str] = ()) -> tuple[str, ...]:
        found = self._of(name, list, list(default))
        if not all(isinstance(one, str) for one in found):
            raise BadInput([Fault(name, say(UNKNOWN_SHAPE))])
        return tuple(found)

    def mapping(self, name: str, default: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self._of(name, Mapping, default or {})
        return found

    def day(self, name: str) -> date:
        text = self.text(name)
        try:
            return values.day(text)
        except ValueError as error:
            raise BadInput([Fault(name, str(error))]) from error
