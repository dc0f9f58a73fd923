"""Files by fingerprint: whole or absent, kept once, shown as copies only."""

import errno
import os
import queue
import threading
from pathlib import Path

import pytest
from PIL import Image

from audit.domain.problems import NoRoom, NotFound, ReadOnly
from audit.store import copying
from audit.store.files import Folder, fingerprint, sweep
from audit.store.ledger import Ledger
from tests.store import making, pictures


def take(ledger: Ledger, data: bytes) -> str:
    photo = ledger.photos.take(data)
    with making.entry(ledger) as entry:
        if entry.photos.add(photo, making.NOW, "ines"):
            entry.note("photo.received", photo.sha256)
    return photo.sha256


def test_a_photo_is_kept_as_received_with_copies(ledger: Ledger, tmp_path: Path) -> None:
    name = take(ledger, pictures.photo())
    assert name == fingerprint(pictures.photo())
    assert ledger.photos.original(name).data == pictures.photo()
    assert ledger.photos.original(name).suffix == "jpg"
    assert making.files_in(tmp_path) == [f"originals/{name[:2]}/{name}"]
    ledger.photos.prepare(name)
    ledger.photos.settle()
    assert making.files_in(tmp_path) == [
        f"originals/{name[:2]}/{name}",
        f"photos/print/{name[:2]}/{name}.jpg",
        f"photos/screen/{name[:2]}/{name}.jpg",
        f"photos/thumb/{name[:2]}/{name}.jpg",
    ]
    facts = ledger.photos.facts(name)
    assert (facts.width, facts.height, facts.size) == (640, 480, len(pictures.photo()))
    assert ledger.photos.whole(pictures.photo()) == facts


def test_the_same_photo_twice_is_one_photo(ledger: Ledger, tmp_path: Path) -> None:
    assert take(ledger, pictures.photo()) == take(ledger, pictures.photo())
    assert len(making.files_in(tmp_path)) == 1
    assert len(ledger.photos.names()) == 1


def test_copies_are_made_when_somebody_asks_first(ledger: Ledger) -> None:
    """As after a crash between the acknowledgement and the copies: nobody is left who was to make them."""
    name = take(ledger, pictures.photo())
    assert ledger.photos.copies_of(name) == []
    with Image.open(ledger.photos.path(name, "print")) as copy:
        assert copy.size == (640, 480)
    assert len(ledger.photos.copies_of(name)) == 3


def test_a_lost_copy_is_made_again(ledger: Ledger) -> None:
    name = take(ledger, pictures.photo())
    before = ledger.photos.path(name, "thumb").read_bytes()
    ledger.photos.path(name, "thumb").unlink()
    assert ledger.photos.path(name, "thumb").read_bytes() == before


def test_a_lost_original_is_noticed_and_written_again(ledger: Ledger, tmp_path: Path) -> None:
    name = take(ledger, pictures.photo())
    (tmp_path / "originals" / name[:2] / name).unlink()
    assert ledger.photos.whole(pictures.photo()) is None
    with pytest.raises(NotFound):
        ledger.photos.path(name, "thumb")
    take(ledger, pictures.photo())
    assert ledger.photos.path(name, "thumb").is_file()


def test_no_copy_is_made_of_other_bytes(ledger: Ledger, tmp_path: Path) -> None:
    name = take(ledger, pictures.photo())
    (tmp_path / "originals" / name[:2] / name).write_bytes(pictures.noisy())
    with pytest.raises(NotFound):
        ledger.photos.path(name, "thumb")
    ledger.photos.prepare(name)
    ledger.photos.settle()
    assert ledger.photos.copies_of(name) == []


def test_what_is_too_much_to_wait_is_made_when_asked_for(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_waiting", queue.Queue(1))
    monkeypatch.setattr(copying, "_threads", [threading.current_thread()])  # nobody takes from it
    name = take(ledger, pictures.photo())
    for _ in range(3):
        ledger.photos.prepare(name)
    assert ledger.photos.copies_of(name) == []
    assert ledger.photos.path(name, "screen").is_file()


@pytest.mark.parametrize("size", ["original", "originals", "", "../thumb", "/"])
def test_only_copies_have_a_path(ledger: Ledger, size: str) -> None:
    name = take(ledger, pictures.photo())
    with pytest.raises(NotFound):
        ledger.photos.path(name, size)


@pytest.mark.parametrize(
    "name", ["", "abc", "../../../etc/passwd", "A" * 64, "é" * 64, "0" * 63 + "\n", "0" * 65]
)
def test_a_name_is_a_fingerprint_or_nothing(ledger: Ledger, name: str) -> None:
    with pytest.raises(NotFound):
        ledger.photos.path(name, "thumb")
    with pytest.raises(NotFound):
        ledger.photos.original(name)


def test_files_are_synced_before_their_name_and_folders_after(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Otherwise a power cut leaves files of no bytes, or no name for bytes that were acknowledged."""
    done: list[str] = []
    fsync, replace = os.fsync, os.replace

    def seen_fsync(handle: int) -> None:
        done.append("folder" if os.path.isdir(f"/proc/self/fd/{handle}") else "file")
        fsync(handle)

    def seen_replace(old: Path, new: Path) -> None:
        done.append("name")
        replace(old, new)

    monkeypatch.setattr(os, "fsync", seen_fsync)
    monkeypatch.setattr(os, "replace", seen_replace)
    (tmp_path / "ab").mkdir()
    Folder(tmp_path).keep("ab" * 32, b"content")
    assert done == ["file", "name", "folder"]
    done.clear()
    Folder(tmp_path, lasting=False).keep("cd" * 32, b"content")
    assert done == ["file", "name"]  # made again when its name is gone; never half there


@pytest.mark.parametrize(("number", "problem"), [(errno.ENOSPC, NoRoom), (errno.EROFS, ReadOnly)])
def test_trouble_with_the_disk_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, problem: type[Exception]
) -> None:
    def refuse(handle: int) -> None:
        raise OSError(number, "no")

    (tmp_path / "ab").mkdir()
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(problem):
        Folder(tmp_path).keep("ab" * 32, b"content")
    assert making.files_in(tmp_path) == []


def test_drafts_are_swept_after_an_hour(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    old, young, kept = (tmp_path / "ab" / name for name in (".tmp-old", ".tmp-young", "ab" * 32))
    for path in (old, young, kept):
        path.write_bytes(b"x")
    now = young.stat().st_mtime
    for path in (old, kept):
        os.utime(path, (now - 3700, now - 3700))
    assert sweep(tmp_path, now) == 1
    assert not old.exists()
    assert young.exists()
    assert kept.exists()
