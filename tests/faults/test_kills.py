"""kill -9 under eight tablets: whatever a tablet was told is kept, once. ``make faults`` runs the long form."""

import os
import random
import threading
import time
from pathlib import Path

import pytest

from tests.faults.yard import Server, Tablet, faults, furnish, signed_in

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux: /proc and signals")
LONG = os.environ.get("CLINIC_AUDIT_FAULTS") == "long"
KILLS, SECONDS = (500, 400) if LONG else (8, 8)
TABLETS, EVERY_SO_OFTEN_ALL = 8, 50
CONTROL_SECONDS = 6


def shoot(server: Server, kills: int, seconds: float) -> int:
    """Kill workers at random moments, and now and then the whole server; returns how many were hit."""
    until, hit = time.monotonic() + seconds, 0
    while hit < kills and time.monotonic() < until:
        time.sleep(random.uniform(0.05, 0.4))
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
        time.sleep(1)
        hit = shoot(server, kills, seconds)
        server.wait()
        time.sleep(0.5)
        stop.set()
        for tablet in tablets:
            tablet.join(30)
    finally:
        server.kill_all()  # no clean end: the next one to open has to recover
    return hit, tablets, faults(data, tablets)


@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost(tmp_path):
    hit, tablets, found = battle(tmp_path / "data", ("-m", "audit.cli"), KILLS, SECONDS)
    told = sum(len(tablet.told.operations) for tablet in tablets)
    cut, photos = (sum(getattr(one.told, name) if name == "cut" else len(one.told.photos) for one in tablets)
                   for name in ("cut", "photos"))  # fmt: skip
    print(f"{hit} kills, {told} operations and {photos} photos acknowledged, {cut} requests cut: {found[:5]}")
    assert not found
    assert hit >= min(KILLS, 8) and told > 30


@pytest.mark.timeout(120)
def test_the_oracle_notices_a_server_that_names_too_soon(tmp_path):
    _, _, found = battle(tmp_path / "data", ("-m", "tests.faults.eager"), 10, CONTROL_SECONDS)
    assert any("is not there" in words for words in found), found[:5]
