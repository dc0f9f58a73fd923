"""Secrets that have to be read again, the keys of second-factor apps and letters that wait: in the database only under
a key of the installation, which lies in a file nobody else may read, and in no backup.

A database that is copied or lost gives away no second factor and no link of a letter. Price: after a restore without
``keys/`` the apps have to be set up anew, and letters that waited are not sent; recovery codes still open.
"""

import base64
import contextlib
import os
import secrets
import sys
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.domain.problems import Unfit
from audit.domain.tongue import say
from audit.store.database import sync_folder
from audit.store.files import DRAFT, make_folder

FOLDER, FILE = "keys", "vault.key"
KEY_BYTES, NONCE_BYTES = 32, 12
SEALED = "v1:"


class Vault:
    """Hides texts under the installation's key, each bound to what it is about."""

    def __init__(self, data: Path) -> None:
        self.path = data / FOLDER / FILE

    def hide(self, text: str, about: str) -> str:
        """The text as it may be stored. The key is made when there is none."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        hidden = self._cipher(make=True).encrypt(nonce, text.encode(), about.encode())
        return SEALED + base64.b64encode(nonce + hidden).decode()

    def show(self, stored: str, about: str) -> str:
        """The text again; one from before there was a vault as it is, and nothing when the key is another one or what
        is stored was meant for something else."""
        if not stored.startswith(SEALED):
            return stored
        if not self.path.exists():
            return ""
        data = base64.b64decode(stored.removeprefix(SEALED))
        try:
            return (
                self._cipher(make=False)
                .decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], about.encode())
                .decode()
            )
        except InvalidTag:
            return ""

    def _cipher(self, make: bool) -> AESGCM:
        if make and not self.path.exists():
            self._make()
        if sys.platform != "win32" and self.path.stat().st_mode & 0o077:
            raise Unfit(say("{path} may be read by others. Give it the mode 0600.", path=f"{FOLDER}/{FILE}"))
        key = HKDF(SHA256(), KEY_BYTES, None, b"clinic-audit second factors 1").derive(self.path.read_bytes())
        return AESGCM(key)

    def _make(self) -> None:
        """Written whole under a name of its own, then linked: of several processes exactly one makes it."""
        make_folder(self.path.parent)
        draft = self.path.with_name(f"{DRAFT}{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(draft, self.path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(self.path.parent)
