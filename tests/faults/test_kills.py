"""kill -9 under eight tablets: whatever a tablet was told is kept, once. ``make faults`` runs the long form.

The pace is that of the work: between two kills some operations are acknowledged, how many is left to chance. So a slow
machine takes longer and proves the same, and no run passes that had nothing to lose.
"""

import os
import random
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tests.faults.yard import Server, Tablet, faults, furnish, signed_in, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux: /proc and signals")
LONG = os.environ.get("CLINIC_AUDIT_FAULTS") == "long"
KILLS, SECONDS = (500, 3600) if LONG else (8, 200)  # seconds for all of it, on however slow a machine
TABLETS, EVERY_SO_OFTEN_ALL = 8, 50
CONTROL_KILLS = 6
FEWEST, MOST = 4, 24  # operations that are acknowledged between two kills
A_MOMENT = 0.05  # seconds, so that a kill falls anywhere within the work on a request


def shoot(server: Server, tablets: list[Tablet], kills: int, seconds: float) -> int:
    """Kill workers, and now and then the whole server, each time something more got through; returns how many."""
    end, hit = time.monotonic() + seconds, 0
    while hit < kills and time.monotonic() < end:
        enough = told_by(tablets) + random.randint(FEWEST, MOST)
        until(partial(told_more, tablets, enough), max(end - time.monotonic(), 1))
        time.sleep(random.uniform(0, A_MOMENT))
        if hit % EVERY_SO_OFTEN_ALL == EVERY_SO_OFTEN_ALL - 1:
            server.kill_all()
            server.start()
            hit += 1
        else:
            hit += server.kill_one()
    return hit


def battle(
    data: Path, program: tuple[str, ...], kills: int, seconds: float
) -> tuple[int, list[Tablet], list[str]]:
    furnish(data)
    server, stop = Server(data, program=program), threading.Event()
    server.start()
    try:
        server.wait()
        cookie = signed_in(server.port)
        tablets = [Tablet(server.port, cookie, stop) for _ in range(TABLETS)]
        for tablet in tablets:
            tablet.start()
        until(lambda: all(tablet.told.operations for tablet in tablets), seconds)
        hit = shoot(server, tablets, kills, seconds)
        server.wait()
        until(partial(told_more, tablets, told_by(tablets) + FEWEST), seconds)  # it still works
        stop.set()
        for tablet in tablets:
            tablet.join(30)
    finally:
        server.kill_all()  # no clean end: the next one to open has to recover
    return hit, tablets, faults(data, tablets)


def told_more(tablets: list[Tablet], number: int) -> bool:
    return told_by(tablets) >= number or any(one.failed for one in tablets)


def told_by(tablets: list[Tablet]) -> int:
    return sum(len(tablet.told.operations) for tablet in tablets)


@pytest.mark.timeout(3900)
def test_nothing_acknowledged_is_lost(tmp_path):
    began = time.monotonic()
    hit, tablets, found = battle(tmp_path / "data", ("-m", "audit.cli"), KILLS, SECONDS)
    photos, cut = sum(len(one.told.photos) for one in tablets), sum(one.told.cut for one in tablets)
    told = told_by(tablets)
    print(
        f"{hit} kills in {time.monotonic() - began:.0f} s, {told} operations and {photos} photos acknowledged,"
        f" {cut} requests cut, load {os.getloadavg()[0]:.1f}: {found[:5]}"
    )
    assert not found
    assert hit >= KILLS and told >= KILLS * FEWEST
    if LONG:
        assert cut >= KILLS // 5, "hardly a kill fell into the work"


@pytest.mark.timeout(300)
def test_the_oracle_notices_a_server_that_names_too_soon(tmp_path):
    _, _, found = battle(tmp_path / "data", ("-m", "tests.faults.eager"), CONTROL_KILLS, SECONDS)
    assert any("is not there" in words for words in found), found[:5]
