"""What the agency seals with: the private key as a file nobody else may read, the authorities believed in the ledger."""

import os
import secrets
import sys
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from audit.domain.problems import Unfit
from audit.domain.tongue import say
from audit.store.database import sync_folder
from audit.store.files import DRAFT, fingerprint, make_folder
from audit.store.rows import to_instant

FOLDER, FILE = "keys", "seal.pem"


class KeyShelf:
    """One PEM file: private key, certificate, and the authorities above it. It is in no backup."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db = db
        self.folder = data / FOLDER
        self.path = self.folder / FILE

    def get(self) -> bytes | None:
        """The file, or none when there is none yet.

        Raises:
            Unfit: when others on this machine may read it: whoever can, can seal.
        """
        if not self.path.exists():
            return None
        if sys.platform != "win32" and self.path.stat().st_mode & 0o077:
            raise Unfit(say("{path} may be read by others. Give it the mode 0600.", path=f"{FOLDER}/{FILE}"))
        return self.path.read_bytes()

    def keep(self, pem: bytes) -> None:
        """Write the file whole, in place of the one before."""
        make_folder(self.folder)
        draft = self.folder / f"{DRAFT}{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(self.folder)

    def believe(self, certificate: bytes, at: datetime) -> str:
        """Remember an authority for good: what was sealed under it stays provable. Gives its SHA-256."""
        sha256 = fingerprint(certificate)
        self._db.execute(
            "INSERT INTO authorities (sha256, certificate, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (sha256, certificate.decode("ascii"), to_instant(at)),
        )
        return sha256

    def authorities(self) -> dict[str, bytes]:
        """Every authority that was ever believed here, as PEM by the SHA-256 of that."""
        rows = self._db.execute("SELECT sha256, certificate FROM authorities ORDER BY since, sha256")
        return {row["sha256"]: row["certificate"].encode("ascii") for row in rows}
