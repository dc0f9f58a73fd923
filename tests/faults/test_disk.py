"""A disk that fills and is freed again: 503 and no loss, and writing goes on without a restart."""

import os
import subprocess
import threading
import time

import pytest

from tests import needs
from tests.faults.test_kills import LONG
from tests.faults.yard import Server, Tablet, faults, furnish, signed_in

SIZE = "24m"


@pytest.fixture
def small(tmp_path):
    """A file system of a few megabytes."""
    if os.name != "posix" or os.geteuid() != 0:
        needs.missing("root (for a small file system)", "run as root")
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=False)
    if made.returncode:
        needs.missing("mounting a small file system", "run as root outside a container")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@pytest.mark.timeout(180)
@pytest.mark.skipif(not LONG, reason="part of the long form: make faults")
def test_a_full_disk_loses_nothing_and_recovers(small):
    data, stop, ballast = small / "data", threading.Event(), small / "ballast"
    furnish(data)
    server = Server(data)
    server.start()
    try:
        server.wait()
        cookie = signed_in(server.port)
        tablets = [Tablet(server.port, cookie, stop) for _ in range(4)]
        for tablet in tablets:
            tablet.start()
        time.sleep(3)
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(64 * 1024))
            except OSError:
                pass
        time.sleep(5)
        ballast.unlink()
        before = sum(len(tablet.told.operations) for tablet in tablets)
        time.sleep(4)
        stop.set()
        for tablet in tablets:
            tablet.join(30)
    finally:
        server.kill_all()
    assert sum(tablet.told.statuses.get(503, 0) for tablet in tablets) > 0
    assert sum(len(tablet.told.operations) for tablet in tablets) > before, "it did not recover"
    assert faults(data, tablets) == []
