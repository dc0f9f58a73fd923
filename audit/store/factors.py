"""What somebody proves themselves with beside the password: apps that make codes, passkeys, and recovery codes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.store.rows import from_instant, to_instant
from audit.store.vault import SEALED, Vault

APP, PASSKEY = "app", "passkey"


@dataclass(frozen=True)
class Factor:
    """One second factor.

    ``secret`` is the key of an app in base32, or the public key of a passkey in base64; ``credential`` the passkey's
    id in base64url; ``counter`` the last time step a code was taken for, or the passkey's own count.
    """

    id: str
    person_id: str
    kind: str
    name: str
    secret: str
    made_at: datetime
    credential: str = ""
    counter: int = 0
    used_at: datetime | None = None


class FactorShelf:
    """Second factors and recovery codes, and whether they are required. The keys of apps are stored hidden."""

    def __init__(self, db: Database, data: Path) -> None:
        self._db, self._vault = db, Vault(data)

    def of(self, person_id: str) -> tuple[Factor, ...]:
        """A person's, oldest first."""
        rows = self._db.execute(
            "SELECT * FROM factors WHERE person_id = ? ORDER BY made_at, id", (person_id,)
        )
        return tuple(map(self._factor, rows))

    def any_of(self, person_id: str) -> bool:
        row = self._db.execute("SELECT 1 FROM factors WHERE person_id = ? LIMIT 1", (person_id,)).fetchone()
        return row is not None

    def by_credential(self, credential: str) -> Factor | None:
        row = self._db.execute("SELECT * FROM factors WHERE credential = ?", (credential,)).fetchone()
        return self._factor(row) if row and credential else None

    def add(self, factor: Factor) -> None:
        self._db.execute(
            """
            INSERT INTO factors (id, person_id, kind, name, secret, credential, counter, made_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                factor.id,
                factor.person_id,
                factor.kind,
                factor.name,
                self._hidden(factor.kind, factor.id, factor.secret),
                factor.credential,
                factor.counter,
                to_instant(factor.made_at),
            ),
        )

    def hide_open_ones(self) -> int:
        """Hide the keys of apps that were set up before keys were hidden; gives how many."""
        rows = self._db.execute(
            "SELECT * FROM factors WHERE kind = ? AND substr(secret, 1, ?) <> ?", (APP, len(SEALED), SEALED)
        ).fetchall()
        for row in rows:
            hidden = self._hidden(APP, row["id"], row["secret"])
            self._db.execute("UPDATE factors SET secret = ? WHERE id = ?", (hidden, row["id"]))
        return len(rows)

    def _hidden(self, kind: str, factor_id: str, secret: str) -> str:
        """A passkey's public key is no secret."""
        return self._vault.hide(secret, factor_id) if kind == APP else secret

    def _factor(self, row: Any) -> Factor:
        found = _factor(row)
        return replace(found, secret=self._vault.show(found.secret, found.id)) if found.kind == APP else found

    def use(self, factor_id: str, counter: int, at: datetime) -> bool:
        """Note a use, once for each count; gives whether it was not used so before."""
        done = self._db.execute(
            "UPDATE factors SET counter = :new, used_at = :at WHERE id = :id"
            " AND (counter < :new OR (kind = 'passkey' AND counter = 0 AND :new = 0))",
            {"new": counter, "at": to_instant(at), "id": factor_id},
        )
        return bool(done.rowcount == 1)

    def remove(self, person_id: str, factor_id: str) -> bool:
        """Take a factor of that person away; gives whether it was there."""
        done = self._db.execute("DELETE FROM factors WHERE id = ? AND person_id = ?", (factor_id, person_id))
        return bool(done.rowcount == 1)

    def remove_all(self, person_id: str) -> None:
        """Take away every factor and recovery code of a person."""
        self._db.execute("DELETE FROM factors WHERE person_id = ?", (person_id,))
        self._db.execute("DELETE FROM recovery_codes WHERE person_id = ?", (person_id,))

    # recovery codes -------------------------------------------------------------------------------------------

    def keep_codes(self, person_id: str, hashes: Iterable[str]) -> None:
        """New recovery codes instead of all earlier ones."""
        self._db.execute("DELETE FROM recovery_codes WHERE person_id = ?", (person_id,))
        for one in hashes:
            self._db.execute(
                "INSERT INTO recovery_codes (person_id, code_hash) VALUES (?, ?)", (person_id, one)
            )

    def codes_left(self, person_id: str) -> int:
        row = self._db.execute(
            "SELECT count(*) AS count FROM recovery_codes WHERE person_id = ? AND used_at IS NULL",
            (person_id,),
        ).fetchone()
        return int(row["count"])

    def use_code(self, person_id: str, code_hash: str, at: datetime) -> bool:
        """Use a recovery code up; gives whether it was one that was left."""
        done = self._db.execute(
            "UPDATE recovery_codes SET used_at = ? WHERE person_id = ? AND code_hash = ? AND used_at IS NULL",
            (to_instant(at), person_id, code_hash),
        )
        return bool(done.rowcount == 1)

    # the rule -------------------------------------------------------------------------------------------------

    def required(self) -> bool:
        row = self._db.execute("SELECT required FROM factor_rule").fetchone()
        return bool(row and row["required"])

    def require(self, required: bool) -> None:
        self._db.execute("INSERT OR REPLACE INTO factor_rule (id, required) VALUES (1, ?)", (int(required),))


def _factor(row: Any) -> Factor:
    return Factor(
        id=row["id"],
        person_id=row["person_id"],
        kind=row["kind"],
        name=row["name"],
        secret=row["secret"],
        made_at=from_instant(row["made_at"]),
        credential=row["credential"],
        counter=row["counter"],
        used_at=from_instant(row["used_at"]) if row["used_at"] else None,
    )
