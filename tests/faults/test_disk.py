"""Disks fail: one fills and is freed, one turns read-only and comes back, one loses power. Nothing named is lost."""

import fcntl
import os
import random
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests import needs
from tests.faults.test_kills import LONG
from tests.faults.yard import Server, Tablet, ask, faults, furnish, signed_in, until

pytestmark = pytest.mark.skipif(not LONG, reason="part of the long form: make faults")
SMALL, IMAGE_MB = "24m", 256
SHUTDOWN, WITHOUT_ITS_LOG = (
    0x8004587D,
    2,
)  # EXT4_IOC_SHUTDOWN (include/uapi/linux/ext4.h), as when the power goes
CUTS = int(os.environ.get("FAULTS_CUTS", "8"))


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes."""
    if os.name != "posix" or os.geteuid() != 0:
        needs.missing("root (for a small file system)", "run as root")
    place = tmp_path / "small"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", place], check=False)
    if made.returncode:
        needs.missing("mounting a small file system", "run as root outside a container")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


class Disk:
    """An ext4 file system of its own, in a file."""

    def __init__(self, folder: Path) -> None:
        self.image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir()
        with self.image.open("wb") as file:
            file.truncate(IMAGE_MB << 20)
        subprocess.run(["mkfs.ext4", "-q", self.image], check=True)

    def mount(self) -> bool:
        done = subprocess.run(
            ["mount", "-o", "loop", self.image, self.place], capture_output=True, check=False
        )
        return done.returncode == 0

    def unmount(self) -> None:
        command = ["umount", str(self.place)]
        until(lambda: subprocess.run(command, capture_output=True, check=False).returncode == 0, 30)

    def turn_read_only(self) -> None:
        """As after a fault of the disk; an ordinary remount is refused while files are open for writing."""
        subprocess.run(["mount", "-o", "remount,abort", self.place], capture_output=True, check=True)

    def cut_power(self) -> None:
        """What was not synced is gone."""
        handle = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", WITHOUT_ITS_LOG))
        finally:
            os.close(handle)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.name != "posix" or os.geteuid() != 0:
        needs.missing("root (for a disk of its own)", "run as root")
    needs.tool("mkfs.ext4")
    found = Disk(tmp_path)
    if not found.mount():
        needs.missing("loop devices", "run as root outside a container")
    yield found
    subprocess.run(["umount", "-l", found.place], capture_output=True, check=False)


def told(tablets: list[Tablet]) -> int:
    return sum(len(tablet.told.operations) for tablet in tablets)


def photographed(tablets: list[Tablet]) -> bool:
    return any(tablet.told.photos for tablet in tablets)


def refused(tablets: list[Tablet]) -> int:
    return sum(tablet.told.statuses.get(503, 0) for tablet in tablets)


def begin(server: Server, stop: threading.Event, number: int = 4) -> list[Tablet]:
    """Start the server and tablets that have sent something."""
    server.start()
    server.wait()
    cookie = signed_in(server.port)
    tablets = [Tablet(server.port, cookie, stop) for _ in range(number)]
    for tablet in tablets:
        tablet.start()
    until(lambda: all(tablet.told.operations for tablet in tablets))
    return tablets


def end(tablets: list[Tablet], stop: threading.Event) -> None:
    stop.set()
    for tablet in tablets:
        tablet.join(30)


@pytest.mark.timeout(300)
def test_a_full_disk_loses_nothing_and_recovers(small: Path) -> None:
    data, stop, ballast = small / "data", threading.Event(), small / "ballast"
    furnish(data)
    server = Server(data)
    try:
        tablets = begin(server, stop)
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(64 * 1024))
            except OSError:
                pass
        until(lambda: refused(tablets) > len(tablets))
        ballast.unlink()
        before = told(tablets)
        until(lambda: told(tablets) > before)
        end(tablets, stop)
    finally:
        server.kill_all()
    assert faults(data, tablets) == []


@pytest.mark.timeout(300)
def test_a_disk_that_turns_read_only_is_read_and_takes_up_again(disk: Disk) -> None:
    data, stop = disk.place / "data", threading.Event()
    furnish(data)
    server = Server(data)
    try:
        tablets = begin(server, stop)
        disk.turn_read_only()
        until(lambda: refused(tablets) > len(tablets))
        cookie = {"Cookie": tablets[0].cookie}
        status, _, page = ask(server.port, "GET", f"/visits/{tablets[0].visit}", headers=cookie)
        assert status == 200 and b"Mission" in page  # reading goes on
        end(tablets, stop)
        server.kill_all()
        disk.unmount()
        assert disk.mount()
        assert faults(data, tablets) == []
        again = threading.Event()
        more = begin(server, again)
        end(more, again)
    finally:
        server.kill_all()
    assert faults(data, [*tablets, *more]) == []


@pytest.mark.timeout(600)
def test_a_power_cut_takes_nothing_that_was_named(disk: Disk) -> None:
    data = disk.place / "data"
    furnish(data)
    os.sync()
    every: list[Tablet] = []
    for turn in range(CUTS):
        server, stop = Server(data), threading.Event()
        try:
            tablets = begin(server, stop)
            until(partial(photographed, tablets))
            time.sleep(random.uniform(0, 1))  # a cut comes at any moment
            assert not [tablet.failed for tablet in tablets if tablet.failed]
            disk.cut_power()
            stop.set()
        finally:
            server.kill_all()
        end(tablets, stop)
        for tablet in tablets:
            tablet.failed = ""  # what a server says after its disk is gone is no promise
        disk.unmount()
        assert disk.mount()
        every += tablets
        assert faults(data, every) == [], f"cut {turn + 1}"
    photos = sum(len(tablet.told.photos) for tablet in every)
    print(f"{CUTS} power cuts, {told(every)} operations and {photos} photos acknowledged: nothing lost")
