"""The copies of photos: made after a photo was acknowledged, at the latest when somebody asks for one.

One thread in each process of the server makes them, one photo at a time. What waits when a process ends is not
written down anywhere: a copy that is missing is made from the bytes received before it is first shown or printed.
"""

import logging
import queue
import threading
from pathlib import Path

from audit.domain.problems import NotFound, Problem
from audit.domain.tongue import say
from audit.store import images
from audit.store.files import Folder, fingerprint
from audit.store.images import SIZES

MOST_WAITING = 500
_log = logging.getLogger(__name__)
_waiting: "queue.Queue[tuple[Path, str]]" = queue.Queue(MOST_WAITING)
_starting = threading.Lock()
_threads: list[threading.Thread] = []


class Copies:
    """The bytes received and the copies made from them, as files by the photo's SHA-256."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.originals = Folder(data / "originals")
        # Made again when they are missing, so they need not hold up the disk for answers.
        self.folders = {size: Folder(data / "photos" / size, ".jpg", lasting=False) for size in SIZES}

    def missing(self, sha256: str) -> list[str]:
        """The sizes that are not there."""
        return [size for size, folder in self.folders.items() if not folder.has(sha256)]

    def complete(self, sha256: str, hurry: bool = True) -> None:
        """Make the copies that are missing.

        Raises:
            NotFound: when the bytes received are not there, or are others by now.
            Problem: when they cannot be made at the moment.
        """
        missing = self.missing(sha256)
        if not missing:
            return
        data = self.originals.path(sha256).read_bytes() if self.originals.has(sha256) else b""
        if fingerprint(data) != sha256:
            raise NotFound(say("There is no such photo."))
        made = images.copies(data, hurry)
        for size in missing:
            self.folders[size].keep(sha256, made[size])

    def later(self, sha256: str) -> None:
        """Have the missing copies made soon. When too many wait, they are made when they are asked for."""
        with _starting:
            if not any(
                thread.is_alive() for thread in _threads
            ):  # none yet, or none in a process split off since
                _threads[:] = [threading.Thread(target=_work, name="copies", daemon=True)]
                _threads[0].start()
        try:
            _waiting.put_nowait((self._data, sha256))
        except queue.Full:
            _log.info("too many photos wait for their copies")


def _work() -> None:
    while True:
        data, sha256 = _waiting.get()
        try:
            Copies(data).complete(sha256, hurry=False)
        except (Problem, OSError) as problem:
            _log.warning("no copies of photo %s for now: %s", sha256[:8], problem)
        finally:
            _waiting.task_done()


def settle() -> None:
    """Wait until all that was asked for later is done; for tests and for commands that end."""
    _waiting.join()
