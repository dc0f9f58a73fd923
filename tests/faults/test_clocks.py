"""Clocks jump, the server's and the tablets': nothing is lost, and the server's own order stands."""

import threading
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from audit.store.ledger import Ledger
from tests.faults.test_kills import LONG
from tests.faults.yard import Server, Tablet, faults, furnish, signed_in, until

pytestmark = pytest.mark.skipif(not LONG, reason="part of the long form: make faults")
DAYS = (0, -3, 40, 0)
A_FEW = 40  # operations after each jump


def acknowledged(tablets: list[Tablet]) -> int:
    return sum(len(tablet.told.operations) for tablet in tablets)


@pytest.mark.timeout(600)
def test_jumping_clocks_lose_nothing(tmp_path):
    data, moved, stop = tmp_path / "data", tmp_path / "ahead", threading.Event()
    furnish(data)
    moved.write_text("0", "ascii")
    server = Server(data, program=("-m", "tests.faults.clocked", str(moved)))
    server.start()
    try:
        server.wait()
        tablets = [Tablet(server.port, signed_in(server.port), stop) for _ in range(3)]
        for tablet in tablets:
            tablet.start()
        for days in DAYS:
            move(moved, timedelta(days=days))
            for tablet, ahead in zip(tablets, (0, -20_000, 27_000), strict=True):
                tablet.ahead = timedelta(days=ahead * bool(days))  # to 1970 or so, and to 2100
            enough = acknowledged(tablets) + A_FEW
            until(partial(passed, tablets, enough))
        stop.set()
        for tablet in tablets:
            tablet.join(30)
    finally:
        server.kill_all()
    assert faults(data, tablets) == []
    assert steps_back(data, tablets) >= 1


def passed(tablets: list[Tablet], number: int) -> bool:
    return acknowledged(tablets) > number


def move(file: Path, ahead: timedelta) -> None:
    """Whole or not at all: the server reads it all the time."""
    draft = file.with_suffix(".draft")
    draft.write_text(str(int(ahead.total_seconds())), "ascii")
    draft.replace(file)


def steps_back(data: Path, tablets: list[Tablet]) -> int:
    """How often, in the server's own order, an operation was received before the one before it."""
    ledger = Ledger.open(data)
    try:
        rows = [row for tablet in tablets for row in ledger.inspections.operations(tablet.visit)]
    finally:
        ledger.close()
    times = [row.received_at for row in sorted(rows, key=lambda row: row.seq)]
    return sum(later < earlier for earlier, later in pairwise(times))
