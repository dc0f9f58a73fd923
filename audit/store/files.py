"""Files named by the SHA-256 of their content, written in the order that survives a power cut."""

import hashlib
import os
import re
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.domain.problems import NoRoom, NotFound, ReadOnly
from audit.domain.tongue import say
from audit.store.database import sync_folder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

DRAFT = ".tmp-"
LITTER_SECONDS = 3600
_NAME = re.compile(r"[0-9a-f]{64}")
_FULL = {28, 122}  # ENOSPC, EDQUOT
_CLOSED = {1, 5, 13, 30}  # EPERM, EIO, EACCES, EROFS


def fingerprint(data: bytes) -> str:
    """Lower-case hex SHA-256."""
    return hashlib.sha256(data).hexdigest()


def fingerprint_of_file(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Folder:
    """A tree of files: ``ab/abcd….suffix``. A name is 64 hex digits and nothing else.

    ``lasting``: a file is there after a power cut. One that can be made again may be gone then, but is never half there.
    """

    def __init__(self, root: Path, suffix: str = "", lasting: bool = True) -> None:
        self.root, self.suffix, self.lasting = root, suffix, lasting

    def path(self, name: str) -> Path:
        """Where the file of that name is or would be.

        Raises:
            NotFound: when it is not a name at all.
        """
        if not _NAME.fullmatch(name):
            raise NotFound(say("There is no such file."))
        return self.root / name[:2] / f"{name}{self.suffix}"

    def has(self, name: str) -> bool:
        return self.path(name).is_file()

    def keep(self, name: str, data: bytes) -> Path:
        """Write a file so that a power cut leaves it whole or absent; one that is there already stays."""
        path = self.path(name)
        if path.is_file() and path.stat().st_size == len(data):
            return path
        try:
            self._write(path, data)
        except OSError as error:
            if error.errno in _FULL:
                raise NoRoom(say("There is no room left on the disk; nothing was saved.")) from error
            if error.errno in _CLOSED:
                raise ReadOnly(
                    say("Nothing can be saved at the moment: the disk does not take changes.")
                ) from error
            raise
        return path

    def _write(self, path: Path, data: bytes) -> None:
        make_folder(path.parent, self.lasting)
        draft = path.with_name(f"{DRAFT}{secrets.token_hex(8)}")
        try:
            with open(draft, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, path)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        if self.lasting:
            sync_folder(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock file: everybody else who asks for it, in any process, waits. A dead holder holds nothing."""
    with open(path, "a+b") as file:
        if sys.platform != "win32":
            fcntl.flock(file, fcntl.LOCK_EX)
        else:
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # tries for ten seconds, then raises OSError
        yield


def make_folder(folder: Path, lasting: bool = True) -> None:
    """Make a folder and those above it, each name synced into the one above unless it may be gone."""
    if folder.is_dir():
        return
    make_folder(folder.parent, lasting)
    folder.mkdir(mode=0o700, exist_ok=True)
    if lasting:
        sync_folder(folder.parent)


def sweep(root: Path, now: float | None = None) -> int:
    """Remove drafts that a killed process left behind more than an hour ago; returns how many."""
    before = (time.time() if now is None else now) - LITTER_SECONDS
    swept = 0
    for draft in root.rglob(f"{DRAFT}*"):
        if draft.is_file() and draft.stat().st_mtime < before:
            draft.unlink(missing_ok=True)
            swept += 1
    return swept
