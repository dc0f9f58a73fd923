"""The server dies at each named step of a write path; sent again, everything has exactly one effect."""

import threading
import time
from pathlib import Path

import pytest

from audit.store.ledger import Ledger
from tests.faults.crashing import STEPS
from tests.faults.test_kills import LONG
from tests.faults.yard import Server, Tablet, faults, furnish, signed_in

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux: /proc and signals")
SHORT = ("operations: committed, not answered",)
PATIENCE = 200


@pytest.mark.timeout(600)
@pytest.mark.parametrize("step", STEPS if LONG else SHORT)
def test_a_crash_at_a_step_leaves_one_effect(tmp_path, step):
    data, flag, stop = tmp_path / "data", tmp_path / "died", threading.Event()
    furnish(data)
    server = Server(data, program=("-m", "tests.faults.crashing", step, str(flag)))
    server.start()
    try:
        server.wait()
        tablet = Tablet(server.port, signed_in(server.port), stop)
        tablet.start()
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not (flag.exists() and tablet.told.photos and tablet.told.cut):
            time.sleep(0.05)
        stop.set()
        tablet.join(30)
    finally:
        server.kill_all()
    assert flag.exists() and tablet.told.cut and len(tablet.told.operations) > 10
    assert faults(data, [tablet]) == []
    assert without_copies(data, tablet) == []


def without_copies(data: Path, tablet: Tablet) -> list[str]:
    """Acknowledged photos that cannot be shown; what nobody made before the crash is made now."""
    ledger = Ledger.open(data)
    try:
        return [name for name in tablet.told.photos if not ledger.photos.path(name, "print").stat().st_size]
    finally:
        ledger.close()
