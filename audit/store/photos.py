"""Photos: the bytes received and upright copies as files, a row for each, and what the camera claims apart.

A photo is kept once its bytes and its row are; its copies follow (see ``copying``).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.domain.problems import NotFound
from audit.domain.records import PhotoFacts
from audit.domain.tongue import say
from audit.store import copying, images
from audit.store.copying import Copies
from audit.store.files import fingerprint
from audit.store.images import Claims, Photo
from audit.store.rows import from_instant, to_instant

SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "HEIF": "heic"}


@dataclass(frozen=True)
class Original:
    """The bytes as they were received, and the suffix that goes with their format."""

    data: bytes
    suffix: str


class PhotoShelf:
    """Photos by the SHA-256 of the bytes received. The same photo twice is one photo."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db = db
        self._files = Copies(data)

    def check(self, data: bytes) -> Photo:
        """Look at a photo without keeping anything; raises what ``images.check`` raises."""
        return images.check(data)

    def take(self, photo: bytes | Photo) -> Photo:
        """Check a photo and write its bytes. The row comes after, with ``add``, and only then is it kept."""
        checked = images.check(photo) if isinstance(photo, bytes) else photo
        self._files.originals.keep(checked.sha256, checked.data)
        return checked

    def prepare(self, sha256: str) -> None:
        """Have the copies of a kept photo made soon, beside whatever else is done."""
        self._files.later(sha256)

    def settle(self) -> None:
        """Wait until everything that was to be made soon is made: before a folder is moved, or a process ends."""
        copying.settle()

    def complete(self, sha256: str) -> None:
        """Make the copies that are missing; raises as ``path``."""
        self._files.complete(sha256)

    def add(self, photo: Photo, at: datetime, by: str = "") -> bool:
        """Keep the row of a photo whose files are written; returns whether it is new."""
        added = self._db.execute(
            """
            INSERT INTO photos (sha256, format, width, height, bytes, received_at, received_by)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            (photo.sha256, photo.format, photo.width, photo.height, photo.size, to_instant(at), by),
        )
        if by:
            self.bring(photo.sha256, by)
        if added.rowcount == 0:
            return False
        claims = photo.claims
        self._db.execute(
            "INSERT INTO photo_claims (sha256, taken_at, latitude, longitude, camera) VALUES (?, ?, ?, ?, ?)",
            (photo.sha256, claims.taken_at, claims.latitude, claims.longitude, claims.camera),
        )
        return True

    def bring(self, sha256: str, person_id: str) -> None:
        """This person had the bytes."""
        self._db.execute("INSERT OR IGNORE INTO photo_bringers VALUES (?, ?)", (sha256, person_id))

    def brought(self, sha256: str, person_id: str) -> bool:
        """Did this person have the bytes, and not only their fingerprint?"""
        row = self._db.execute(
            "SELECT 1 FROM photo_bringers WHERE sha256 = ? AND person_id = ?", (sha256, person_id)
        ).fetchone()
        return row is not None

    def whole(self, data: bytes) -> PhotoFacts | None:
        """The photo with exactly these bytes, when it is kept already."""
        sha256 = fingerprint(data)
        return self.find(sha256) if self._files.originals.has(sha256) else None

    def names(self) -> list[str]:
        """All photos kept."""
        return [row["sha256"] for row in self._db.execute("SELECT sha256 FROM photos ORDER BY sha256")]

    def has(self, sha256: str) -> bool:
        return self.find(sha256) is not None

    def find(self, sha256: str) -> PhotoFacts | None:
        row = self._db.execute("SELECT * FROM photos WHERE sha256 = ?", (sha256,)).fetchone()
        return _facts(row) if row else None

    def facts(self, sha256: str) -> PhotoFacts:
        """Size in pixels and bytes.

        Raises:
            NotFound: when it is not kept.
        """
        found = self.find(sha256)
        if found is None:
            raise NotFound(say("There is no such photo."))
        return found

    def claims(self, sha256: str) -> Claims:
        """What the camera said. Not for any page that the public or a clinic sees."""
        row = self._db.execute("SELECT * FROM photo_claims WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None:
            return Claims()
        return Claims(row["taken_at"], row["latitude"], row["longitude"], row["camera"])

    def path(self, sha256: str, size: str) -> Path:
        """The file of a copy: ``thumb``, ``screen`` or ``print``; made now if nobody made it before.

        Raises:
            NotFound: when there is none.
            Problem: when it cannot be made at the moment.
        """
        if size not in self._files.folders:
            raise NotFound(say("There is no such photo."))
        self._files.complete(sha256)
        return self._files.folders[size].path(sha256)

    def copies_of(self, sha256: str) -> list[Path]:
        """The copies that are there, without making any."""
        return [folder.path(sha256) for folder in self._files.folders.values() if folder.has(sha256)]

    def original(self, sha256: str) -> Original:
        """The bytes as received: evidence, for exports and checks only; no route serves them.

        Raises:
            NotFound: when there is none.
        """
        row = self._db.execute("SELECT format FROM photos WHERE sha256 = ?", (sha256,)).fetchone()
        if row is None or not self._files.originals.has(sha256):
            raise NotFound(say("There is no such photo."))
        return Original(self._files.originals.path(sha256).read_bytes(), SUFFIXES[row["format"]])


def _facts(row: Any) -> PhotoFacts:
    return PhotoFacts(
        row["sha256"], row["width"], row["height"], row["bytes"], from_instant(row["received_at"])
    )
