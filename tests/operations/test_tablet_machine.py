"""Two tablets on one visit: answers lost, sent again, out of step, sealed in between. Nothing is lost, nothing doubled.

The machine knows what each tablet still holds (its outbox) and what it was told. At every step: an answer that was
acknowledged is in the ledger once, the current value is the newest that was applied, and every value that lost waits
as a conflict until somebody chooses.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
)

from audit.domain.acts import Act
from audit.domain.changes import APPLIED, CONFLICT, DUPLICATE, REJECTED, SAME, Change
from audit.operations import desk as desks
from audit.operations import inspections, tablet
from audit.operations.tablet import Batch, Taker, Verdict
from tests.operations import worlds

TABLETS = (0, 1)
ITEMS = ("needles.single-use", "gloves.changed", "autoclave.log")
MARKS = ("IN", "NO")
TAKEN = (APPLIED, SAME, CONFLICT, DUPLICATE)


class Outbox:
    """One tablet: what it has not been told about yet, and the revisions it believes in."""

    def __init__(self) -> None:
        self.device, self.seq = str(uuid4()), 0
        self.waiting: list[Act] = []
        self.sent: list[Act] = []
        self.revs: dict[str, int] = {}

    def act(self, kind: str, item: str, value: dict[str, Any]) -> Act:
        self.seq += 1
        change = Change(str(uuid4()), kind, item, None, self.revs.get(item, 0), value, self.device, self.seq)
        return Act(change, worlds.INSPECTOR_PERSON.id)


class TwoTablets(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.world = worlds.make(self.folder / "data")
        self.visit = self.world.start().id
        self.tablets = [Outbox() for _ in TABLETS]
        self.first: dict[str, Verdict] = {}
        self.over = False

    def teardown(self) -> None:
        desks.close(self.world.data)
        shutil.rmtree(self.folder)

    # what people and networks do ------------------------------------------------------------------------

    @rule(which=st.sampled_from(TABLETS), item=st.sampled_from(ITEMS), mark=st.sampled_from(MARKS))
    def answer(self, which: int, item: str, mark: str) -> None:
        box = self.tablets[which]
        box.waiting.append(box.act("answer", item, {"mark": mark}))

    @rule(which=st.sampled_from(TABLETS), heard=st.booleans(), most=st.integers(1, 6))
    def send(self, which: int, heard: bool, most: int) -> None:
        """One act for each answer at once, as the outbox does; the answer may be lost on its way back."""
        box = self.tablets[which]
        batch: list[Act] = []
        for act in box.waiting[:most]:
            if act.change.item not in {one.change.item for one in batch}:
                batch.append(act)
        verdicts = self._receive(box, batch)
        if heard:
            self._settle(box, batch, verdicts)

    @precondition(lambda self: any(box.sent for box in self.tablets))
    @rule(which=st.sampled_from(TABLETS), data=st.data())
    def send_an_old_one_again(self, which: int, data: st.DataObject) -> None:
        box = self.tablets[which]
        if not box.sent:
            return
        self.send_again(which, data.draw(st.sampled_from(box.sent)))

    def send_again(self, which: int, old: Act | None = None) -> None:
        box = self.tablets[which]
        old = old or box.sent[-1]
        (verdict,) = self._receive(box, [old])
        assert verdict.status == DUPLICATE and verdict.was == self.first[old.change.op_id].status

    @rule(which=st.sampled_from(TABLETS))
    def refresh(self, which: int) -> None:
        """What others did is brought in, except where something of one's own still waits."""
        box, visit = self.tablets[which], self._open()
        waiting = {act.change.item for act in box.waiting}
        box.revs |= {key[0]: kept.rev for key, kept in visit.kept.items() if key[0] not in waiting}

    @rule(which=st.sampled_from(TABLETS), current=st.booleans())
    def choose(self, which: int, current: bool) -> None:
        conflicts = self._open().conflicts
        box = self.tablets[which]
        if not conflicts or self.over:
            return
        row = conflicts[0]
        box.revs[row.key[0]] = self._open().rev(row.key)
        keep = "current" if current else row.op_id
        act = box.act("resolve", row.key[0], {"keep": keep, "reason": "Looked at it again."})
        (verdict,) = self._receive(box, [act])
        assert verdict.status == APPLIED
        assert row.key not in {one.key for one in self._open().conflicts}
        if not current:
            assert self._open().kept[row.key].raw.document() == row.value

    @precondition(lambda self: not self.over)
    @rule()
    def close(self) -> None:
        """The visit ends while tablets still hold work: set aside, which ends it as the seal does."""
        if len(self.first) >= 12:
            inspections.set_aside(self.world.desk(), self.visit, "Closed for the day.")
            self.over = True

    # the oracle -----------------------------------------------------------------------------------------

    def _open(self) -> Any:
        return inspections.open_visit(self.world.desk(), self.visit)

    def _receive(self, box: Outbox, acts: list[Act]) -> tuple[Verdict, ...]:
        batch = Batch(box.device, "test", "", 0, tuple(acts))
        verdicts = tablet.receive(self.world.desk(), self.visit, batch)
        for act, verdict in zip(acts, verdicts, strict=True):
            op_id = act.change.op_id
            assert verdict.op_id == op_id
            if op_id in self.first:
                assert verdict.status == DUPLICATE, "the same operation had a second effect"
            elif verdict.status == REJECTED:
                assert self.over, verdict.words
            else:
                assert verdict.status in (APPLIED, SAME, CONFLICT) and not self.over
                self.first[op_id] = verdict
        return verdicts

    def _settle(self, box: Outbox, acts: list[Act], verdicts: tuple[Verdict, ...]) -> None:
        """Only what the server named leaves the outbox; what follows goes on from the revision it got."""
        for act, verdict in zip(acts, verdicts, strict=True):
            box.waiting.remove(act)
            if verdict.status not in TAKEN:
                continue
            box.sent.append(act)
            box.revs[act.change.item] = verdict.rev
            box.waiting = [
                Act(Change(**{**vars(one.change), "base_rev": verdict.rev}), one.author)
                if one.change.item == act.change.item and one.change.op_id not in self.first
                else one
                for one in box.waiting
            ]

    @invariant()
    def every_acknowledged_operation_is_kept_once(self) -> None:
        shelf = self.world.desk().ledger.inspections
        kept = [row.change.op_id for row in shelf.operations(self.visit)]
        assert sorted(kept) == sorted(self.first)

    @invariant()
    def the_current_answer_is_the_newest_that_was_applied(self) -> None:
        shelf, visit = self.world.desk().ledger.inspections, self._open()
        revs: dict[str, int] = {}
        for row in shelf.operations(self.visit):
            if row.status == APPLIED:
                item = row.change.item
                assert row.rev == revs.get(item, 0) + 1, "a revision was skipped or given twice"
                revs[item] = row.rev
        assert {key[0]: kept.rev for key, kept in visit.kept.items()} == revs

    @invariant()
    def whatever_lost_waits_or_was_chosen_about(self) -> None:
        shelf = self.world.desk().ledger.inspections
        lost = [row for row in shelf.operations(self.visit) if row.status == CONFLICT]
        waiting = {row.op_id for row in self._open().conflicts}
        resolved = {row.change.item for row in shelf.operations(self.visit) if row.change.kind == "resolve"}
        for row in lost:
            assert row.change.op_id in waiting or row.change.item in resolved

    @invariant()
    def the_trail_holds(self) -> None:
        assert self.world.desk().ledger.trail.verify().sound


@pytest.mark.parametrize("defect", ["_keep_same", "_append"])
def test_the_machine_notices_what_is_wrong(monkeypatch, defect):
    """Controls: what says nothing new is forgotten, or what was acknowledged is not written."""
    wrong = {
        "_keep_same": lambda *_: None,
        "_append": lambda *_: None,
    }
    monkeypatch.setattr(Taker, defect, wrong[defect])
    machine = TwoTablets()
    try:
        with pytest.raises(AssertionError):
            for which in TABLETS:
                machine.answer(which, ITEMS[0], "IN")
                machine.send(which, True, 1)
                machine.every_acknowledged_operation_is_kept_once()
                machine.the_current_answer_is_the_newest_that_was_applied()
                machine.send_again(which)
    finally:
        machine.teardown()


TestTwoTablets = TwoTablets.TestCase
TestTwoTablets.settings = settings(max_examples=10, stateful_step_count=20, deadline=None)
