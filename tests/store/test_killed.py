"""A process that dies in the middle loses nothing it acknowledged and leaves nothing half done."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audit.store.ledger import Ledger

ROOT = Path(__file__).parents[2]

# Writes people and photos' files without end, and says what is kept only after it is.
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from audit.domain.people import Person
from audit.store.ledger import Ledger
data, name = Path(sys.argv[1]), sys.argv[2]
ledger, number = Ledger.open(data), 0
while True:
    person = f"{name}-{number}"
    report = ledger.reports.store(person.encode())
    with ledger.entry(name, datetime(2026, 3, 3, tzinfo=UTC)) as entry:
        entry.people.add(Person(person, person, report, "inspector"), "hash")
        entry.note("person.added", person)
    print(person, flush=True)
    number += 1
"""

# Opens a desk, forks, and lets both sides write.
FORKER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from audit.operations.desk import open_desk
data, now = Path(sys.argv[1]), datetime(2026, 3, 3, tzinfo=UTC)
def write(who, many):
    for number in range(many):
        with open_desk(data, None, now).entry() as entry:
            entry.note("written", f"{who}-{number}")
write("before", 5)
parents = open_desk(data, None, now).ledger
child = os.fork()
if child == 0:
    assert open_desk(data, None, now).ledger is not parents
    write("child", 50)
    os._exit(0)
write("parent", 50)
assert os.waitpid(child, 0)[1] == 0
"""


def run(script: str, *given: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script, *given], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_what_was_acknowledged_survives_kill_9(data: Path) -> None:
    acknowledged: list[str] = []
    for turn in range(8):
        writer = run(WRITER, str(data), f"turn-{turn}")
        assert writer.stdout is not None
        for _ in range(3 + turn * 2):
            acknowledged.append(writer.stdout.readline().strip())
        writer.send_signal(signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
    ledger = Ledger.open(data)
    kept = {person.id: person for person in ledger.people.all()}
    chain = ledger.trail.verify()
    assert set(acknowledged) <= set(kept)
    assert len(acknowledged) > 50
    assert (chain.sound, chain.length) == (True, len(kept))
    assert all(
        ledger.reports.path(person.name).read_bytes() == name.encode() for name, person in kept.items()
    )
    ledger.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_gets_connections_of_its_own(data: Path) -> None:
    forker = run(FORKER, str(data))
    assert forker.wait(60) == 0
    assert forker.stdout is not None
    forker.stdout.close()
    ledger = Ledger.open(data)
    chain = ledger.trail.verify()
    ledger.close()
    assert (chain.sound, chain.length) == (True, 105)
