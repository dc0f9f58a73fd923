"""What is left to do when an answer has gone out. In a server no connection waits for it: who could measure how long
theirs does would learn whether a login is known, or whether a thing is there that they may not know of.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore

from flask import Flask, Response, current_app, g

from audit.operations.desk import Desk, open_desk

log = logging.getLogger("audit.web")
Work = Callable[[], None]
MOST_WAITING = 500


def at_once(work: Work) -> None:
    """Where the order of things matters more than the time, as in a test."""
    work()


class Aside:
    """One thread that does one thing after the other; what waits is still done when the server ends."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "afterwards")
        self._room = BoundedSemaphore(MOST_WAITING)

    def __call__(self, work: Work) -> None:
        """Do it soon; at once when too much waits, so that whoever asks for it waits too."""
        if not self._room.acquire(blocking=False):
            work()
            return
        self._pool.submit(work).add_done_callback(self._done)

    def _done(self, future: "Future[None]") -> None:
        self._room.release()
        if error := future.exception():
            log.error("what was left to do after an answer failed", exc_info=error)


def after(answer: Response, deed: Callable[[Desk], None]) -> None:
    """Do this at the desk of this request once its answer has gone out, or begins to: a file is handed to the server,
    which does not say when it is through."""
    at, do = g.desk, current_app.extensions["afterwards"]

    def work() -> None:
        deed(open_desk(at.data, at.actor, at.now))

    if answer.direct_passthrough:
        do(work)
    else:
        answer.call_on_close(lambda: do(work))


def install(app: Flask, do: Callable[[Work], None]) -> None:
    app.extensions["afterwards"] = do
