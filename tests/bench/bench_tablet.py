"""The morning burst of a county, with photos of 350 KB: at its own rate, at ten times it, and without a pause.

300 inspectors send two visits each within half an hour: 40 answers and 5 photos a second. At ten times that rate 95 of
100 batches are to be answered within 300 ms, with nothing but 200, 201 and 503. Then the same tablets send without a
pause, which shows how many times the burst there is room for. Counted is what was acknowledged. The tablets run on the
same machine as the server, and its load is printed.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.yard import ITEMS, Server, Tablet, faults, furnish, signed_in

SECONDS, TABLETS, PHOTO_BYTES = 30, 16, 350_000
BURST_ANSWERS, BURST_PHOTOS, GOAL_MS = 40, 5, 300
ANSWERS_A_BATCH = len(ITEMS)
BATCHES_A_SECOND = BURST_ANSWERS / ANSWERS_A_BATCH
PHOTO_EVERY = round(BATCHES_A_SECOND / BURST_PHOTOS)


def p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1] * 1000 if len(waits) > 20 else float("nan")


def main() -> None:
    rate = TABLETS / BATCHES_A_SECOND
    sound = [
        burst("at the rate of the burst", rate),
        burst("at ten times the rate", rate / 10),
        burst("without a pause", 0),
    ]
    sys.exit(0 if all(sound) else 1)


def burst(words: str, seconds_a_turn: float) -> bool:
    """Half a minute of it; gives whether nothing was lost and nothing answered but 200, 201 and 503."""
    with tempfile.TemporaryDirectory() as folder:
        data, stop = Path(folder) / "data", threading.Event()
        furnish(data)
        server = Server(data)
        server.start()
        try:
            server.wait()
            cookie = signed_in(server.port)
            tablets = [
                Tablet(
                    server.port,
                    cookie,
                    stop,
                    size=PHOTO_BYTES,
                    seconds_a_turn=seconds_a_turn,
                    photo_every=PHOTO_EVERY,
                )
                for _ in range(TABLETS)
            ]
            for tablet in tablets:
                tablet.start()
            time.sleep(SECONDS)
            stop.set()
            for tablet in tablets:
                tablet.join(60)
        finally:
            server.kill_all()
        print(f"-- {words}; load of the machine {os.getloadavg()[0]:.1f}")
        return show(tablets, faults(data, tablets))


def show(tablets: list[Tablet], found: list[str]) -> bool:
    answers = sum(op["kind"] == "answer" for tablet in tablets for op in tablet.told.operations.values())
    photos = sum(len(tablet.told.photos) for tablet in tablets)
    statuses: dict[int, int] = {}
    for tablet in tablets:
        for status, count in tablet.told.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    print(
        f"{TABLETS} tablets, {SECONDS} s: {answers / SECONDS:.0f} answers/s ({answers / SECONDS / BURST_ANSWERS:.1f} x burst),"
    )
    print(
        f"{photos / SECONDS:.1f} photos/s of {PHOTO_BYTES // 1000} KB ({photos / SECONDS / BURST_PHOTOS:.1f} x burst)"
    )
    batches = [wait for tablet in tablets for wait in tablet.told.batches]
    pictures = [wait for tablet in tablets for wait in tablet.told.uploads]
    print(
        f"p95: batch of answers {p95(batches):.0f} ms (goal {GOAL_MS}), photo {p95(pictures):.0f} ms; statuses {statuses}"
    )
    print("oracle: " + ("; ".join(found[:5]) if found else "everything acknowledged is kept"))
    return not found and not set(statuses) - {200, 201, 503}


if __name__ == "__main__":
    main()
