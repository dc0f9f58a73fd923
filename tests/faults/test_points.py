"""The server dies at each named step of a write path; sent again, everything has exactly one effect."""

import threading
from pathlib import Path

import pytest

from audit.store.ledger import Ledger
from tests.faults.crashing import STEPS
from tests.faults.test_kills import LONG
from tests.faults.yard import Server, Tablet, faults, furnish, signed_in, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux: /proc and signals")
SHORT = ("operations: committed, not answered",)
PATIENCE = 540  # seconds: what is waited for comes by work, not by time
AFTER = 10  # operations that are acknowledged after the crash
# No request is under way when this one comes, so no tablet need notice.
UNNOTICED = "photo: acknowledged, copies not made"


@pytest.mark.timeout(2 * PATIENCE + 60)
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
        until(lambda: flag.exists() or tablet.failed, PATIENCE)
        enough = len(tablet.told.operations) + AFTER
        until(lambda: done(tablet, enough), PATIENCE)
        stop.set()
        tablet.join(30)
    finally:
        server.kill_all()
    assert flag.exists() and (tablet.told.cut or step == UNNOTICED)
    assert faults(data, [tablet]) == []
    assert without_copies(data, tablet) == []


def done(tablet: Tablet, enough: int) -> bool:
    """A photo too was sent to its end, and more after it; or there is nothing left to wait for."""
    return bool(tablet.failed or (tablet.told.photos and len(tablet.told.operations) >= enough))


def without_copies(data: Path, tablet: Tablet) -> list[str]:
    """Acknowledged photos that cannot be shown; what nobody made before the crash is made now."""
    ledger = Ledger.open(data)
    try:
        return [name for name in tablet.told.photos if not ledger.photos.path(name, "print").stat().st_size]
    finally:
        ledger.close()
