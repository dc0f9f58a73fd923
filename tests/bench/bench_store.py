"""The ledger at 200,000 sealed visits of 60 items in 30,000 clinics: what people wait for most, each under 150 ms.

    python tests/bench/bench_store.py [VISITS] [--folder FOLDER]

Needs about 52 KB of disk for each visit. The rows are written in bulk, but with the content that sealing writes;
everything measured goes through the same shelves, deeds and pages as in the product.
"""

import argparse
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from flask.testing import FlaskClient

from audit.app import create_app
from audit.config import Settings
from audit.operations import clinics, inspections, passwords, standings
from audit.operations import desk as desks
from audit.operations.desk import Desk
from audit.operations.inspections import VisitFilter
from audit.store import database
from audit.store.ledger import Among, Ledger
from tests.bench.filling import (
    CLINICS,
    INSPECTORS,
    ITEMS,
    LOT_NUMBERS,
    PER_SECTION,
    SECTIONS,
    TODAY,
    Filler,
)
from tests.domain import making

GOAL_MS, TURNS, SEED = 150, 200, 7
BYTES_PER_VISIT = 52_000
INSPECTOR = INSPECTORS[0]


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def questions(
    desk: Desk, ids: list[str], places: list[str], after: list[str | None], chance: random.Random
) -> dict[str, Callable[[], object]]:
    """What is measured, by name: each asks about something else every time."""
    ledger = desk.ledger

    def visits(place: str | None = None, **wanted: str) -> object:
        return inspections.visits(desk, VisitFilter(**wanted), place)

    return {
        "open one sealed record": lambda: ledger.records.get(chance.choice(ids)),
        "open one visit with its answers": lambda: inspections.open_visit(desk, chance.choice(ids)).result,
        "list, first page": lambda: visits(),
        "list, a page far back": lambda: visits(chance.choice(after)),
        "list, one clinic": lambda: visits(clinic_id=chance.choice(places)),
        "list, running only (none)": lambda: visits(state="running"),
        "list, self-audits only (none)": lambda: visits(kind="self-audit"),
        "list, sealed only": lambda: visits(state="sealed"),
        "list, by name of one clinic": lambda: visits(text=f"studio {chance.randrange(CLINICS):05}"),
        "list, by a word in every name": lambda: visits(text="dots"),
        "list, by a name nobody has": lambda: visits(text="nobody has this"),
        "clinics with latest results": lambda: clinics.search(desk, "dots"),
        "clinic trend": lambda: ledger.records.trend(chance.choice(places)),
        "most failed of those rated, one clinic": lambda: ledger.records.most_failed(chance.choice(places)),
        "most failed of those rated, all": lambda: ledger.records.most_failed(),
        "where the agency stands, 12 months": lambda: standings.standing(desk, 12),
        "where the agency stands, 36 months": lambda: standings.standing(desk, 36),
        "where one inspector stands": lambda: standings.standing(
            desk, 36, Among(chance.choice(INSPECTORS).id)
        ),
        "where one area stands": lambda: standings.standing(desk, 36, Among(area="xx-c")),
        "behind a figure, one result": lambda: standings.visits(desk, 36, {"status": "findings"}),
        "behind a figure, a result nobody had": lambda: standings.visits(desk, 36, {"status": "none"}),
        "behind a figure, a score nobody had": lambda: standings.visits(desk, 36, {"below": "1"}),
        "behind a figure, one item": lambda: standings.visits(desk, 12, {"item": chance.choice(ITEMS)}),
    }


def pages(
    client: FlaskClient, ids: list[str], places: list[str], chance: random.Random
) -> dict[str, Callable[[], object]]:
    """Pages as a browser asks for them, in process; each must be there."""

    def get(address: str) -> Callable[[], object]:
        def ask() -> None:
            full = address.format(
                visit=chance.choice(ids),
                clinic=chance.choice(places),
                inspector=chance.choice(INSPECTORS).id,
                item=chance.choice(ITEMS),
                number=f"{chance.randrange(CLINICS):05}",
                lot=f"{chance.randrange(LOT_NUMBERS):05}",
            )
            answer = client.get(full)
            assert answer.status_code == 200, (full, answer.status_code)

        return ask

    return {address: get(address) for address in PAGES}


PAGES = (
    "/clinics",
    "/clinics?text=studio+{number}",
    "/clinics/{clinic}",
    "/clinics/{clinic}/gap",
    "/standing",
    "/standing?months=36",
    "/standing?months=36&inspector={inspector}",
    "/standing?months=36&area=xx-c",
    "/standing/visits?months=36",
    "/standing/visits?months=36&status=findings&area=xx-d",
    "/standing/visits?months=36&below=700",
    "/standing/visits?months=36&placard=services-closed",
    "/standing/visits?item={item}",
    "/standing/visits?months=36&item={item}&inspector={inspector}",
    "/schedule",
    "/schedule?state=overdue",
    "/schedule?inspector={inspector}",
    "/schedule?view=month",
    "/schedule?view=month&inspector={inspector}",
    "/schedule?clinic={clinic}",
    "/schedule/missed",
    "/actions",
    "/actions?overdue=y",
    "/actions?state=fixed",
    "/actions?severity=critical&state=closed",
    "/actions?text=studio+{number}",
    "/actions?clinic={clinic}",
    "/lots?lot=L-{lot}",
    "/clinics/{clinic}/papers",
    "/clinics/{clinic}/clocks",
    "/clinics/{clinic}/lots",
    "/reminders",
    "/visits",
    "/visits?clinic={clinic}",
    "/visits/{visit}",
)


def signed_in(folder: Path, now: datetime) -> FlaskClient:
    passwords.hashing = passwords.CHEAP
    desk = desks.open_desk(folder, INSPECTOR, now)
    with desk.entry() as entry:
        entry.people.keep_password(INSPECTOR.id, passwords.CHEAP.hash("bench"))
        entry.note("bench", "")
    desks.close(folder)
    client = create_app(Settings(data=folder), clock=lambda: now).test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found
    given = {"login": INSPECTOR.login, "password": "bench", "csrf_token": found[1]}
    assert client.post("/sign-in", data=given).status_code in (302, 303)
    return client


def measure(ask: Callable[[], object]) -> tuple[list[float], float]:
    """Milliseconds of each turn, and those of the processor for one."""
    ask()
    times, began = [], time.process_time()
    for _ in range(TURNS):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1000)
    return times, (time.process_time() - began) * 1000 / TURNS


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("visits", nargs="?", type=int, default=200_000)
    parser.add_argument(
        "--folder", type=Path, help="where to make the data folder; a temporary one otherwise"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="bench-store-") as folder:
        return run(Path(folder), given.visits)


def run(folder: Path, visits: int) -> int:
    if shutil.disk_usage(folder).free < visits * BYTES_PER_VISIT * 1.1:
        needed = visits * BYTES_PER_VISIT / 1e9
        print(
            f"NOT MEASURED: {needed:.1f} GB are needed in {folder.parent}; give another --folder or fewer visits"
        )
        return 1
    chance = random.Random(SEED)
    desks.bring_up_to_date(folder, making.NOON)
    db = database.connect(folder / database.LEDGER_FILE)
    guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE name LIKE 'answers_refuse_%'").fetchall()
    start = time.perf_counter()
    db.execute("PRAGMA query_only=OFF")
    for name, _ in guards:
        db.execute(f"DROP TRIGGER {name}")
    db.execute("PRAGMA query_only=ON")
    Filler(db, visits, chance).fill(Ledger(db, folder))
    for _, sql in guards:
        db.execute(sql)
    db.execute("PRAGMA journal_mode=WAL").fetchall()
    db.close()
    size = (folder / database.LEDGER_FILE).stat().st_size
    print(f"{visits:,} visits of {SECTIONS * PER_SECTION} items, {CLINICS} clinics, {size / 1e9:.2f} GB,")
    print(f"written in {time.perf_counter() - start:.0f} s\n")
    return report(folder, chance)


def report(folder: Path, chance: random.Random) -> int:
    now = datetime.combine(TODAY, making.NOON.time(), UTC)
    db = database.connect(folder / database.LEDGER_FILE)
    rows = db.execute("SELECT id, started_at FROM inspections").fetchall()
    ids = [row["id"] for row in rows]
    after: list[str | None] = [
        f"{row['started_at']}~{row['id']}" for row in chance.sample(rows, min(200, len(rows)))
    ]
    places = [row["id"] for row in db.execute("SELECT id FROM clinics")]
    db.close()
    client = signed_in(folder, now)
    asked = questions(desks.open_desk(folder, INSPECTOR, now), ids, places, after, chance)
    print(f"{'':64}{'p50 ms':>9}{'p95 ms':>9}{'worst':>9}{'CPU ms':>9}")
    slow = []
    for name, ask in (asked | pages(client, ids, places, chance)).items():
        times, cpu = measure(ask)
        line = f"{statistics.median(times):9.2f}{p95(times):9.2f}{max(times):9.2f}{cpu:9.2f}"
        print(f"{name:64}{line}", flush=True)
        if p95(times) > GOAL_MS:
            slow.append(name)
    desks.close(folder)
    print(f"\ngoal: p95 under {GOAL_MS} ms: " + (f"MISSED by {', '.join(slow)}" if slow else "met"))
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
