"""The morning burst of a county: tablets send what they gathered, with photos of 350 KB, as fast as they are told.

300 inspectors send two visits each within half an hour: 40 answers and 5 photos a second; ten times that is the aim,
with 95 of 100 batches answered within 300 ms and nothing but 200, 201 and 503. Counted is what was acknowledged. The
tablets run on the same machine as the server.
"""

import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.faults.yard import Server, Tablet, faults, furnish, signed_in

SECONDS, TABLETS, PHOTO_BYTES = 30, 16, 350_000
BURST_ANSWERS, BURST_PHOTOS, GOAL_MS = 40, 5, 300


def p95(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=20)[-1] * 1000 if len(waits) > 20 else float("nan")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data, stop = Path(folder) / "data", threading.Event()
        furnish(data)
        server = Server(data)
        server.start()
        try:
            server.wait()
            cookie = signed_in(server.port)
            tablets = [Tablet(server.port, cookie, stop, size=PHOTO_BYTES) for _ in range(TABLETS)]
            for tablet in tablets:
                tablet.start()
            time.sleep(SECONDS)
            stop.set()
            for tablet in tablets:
                tablet.join(60)
        finally:
            server.kill_all()
        show(tablets, faults(data, tablets))


def show(tablets: list[Tablet], found: list[str]) -> None:
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
    if found or set(statuses) - {200, 201, 503}:
        sys.exit(1)


if __name__ == "__main__":
    main()
