"""Tablets: which ones sent anything, what their clocks said, and the work of those nobody trusts any more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.store.rows import (
    from_instant,
    from_json,
    maybe_from_instant,
    maybe_to_instant,
    to_instant,
    to_json,
)


@dataclass(frozen=True)
class Device:
    """A tablet or browser that sent operations; ``person_id`` is who worked on it last.

    ``offset_seconds`` is how far its clock was behind the server's at the last contact.
    """

    id: str
    name: str
    person_id: str
    app_version: str
    first_seen_at: datetime
    seen_at: datetime
    offset_seconds: int | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True)
class StartClaim:
    """What a tablet said about a visit it started, possibly days before anybody heard of it."""

    inspection_id: str
    device: str
    op_id: str
    inspected_on: date
    client_time: str
    received_at: datetime


@dataclass(frozen=True)
class Apart:
    """An operation in quarantine, as it came."""

    seq: int
    device: str
    inspection_id: str
    document: dict[str, Any]
    received_at: datetime


class DeviceShelf:
    """All tablets, and the quarantine."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def find(self, device_id: str) -> Device | None:
        row = self._db.execute("SELECT * FROM devices WHERE id = ?", (device_id,)).fetchone()
        return _device(row) if row else None

    def get(self, device_id: str) -> Device:
        """The device of that id.

        Raises:
            NotFound: when it never sent anything.
        """
        found = self.find(device_id)
        if found is None:
            raise NotFound(say("There is no such device."))
        return found

    def of(self, person_id: str | None = None) -> tuple[Device, ...]:
        """The devices somebody worked on last, or all of them; the most recently seen first."""
        rows = self._db.execute(
            "SELECT * FROM devices WHERE ? IS NULL OR person_id = ? ORDER BY seen_at DESC, id",
            (person_id, person_id),
        )
        return tuple(map(_device, rows))

    def names(self) -> dict[str, str]:
        """What each device is called."""
        return {row["id"]: row["name"] for row in self._db.execute("SELECT id, name FROM devices")}

    def keep(self, device: Device) -> None:
        """Add a device, or keep what changed about it."""
        self._db.execute(
            """
            INSERT INTO devices (id, name, person_id, app_version, first_seen_at, seen_at, offset_seconds,
                                 revoked_at, revoked_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, person_id = excluded.person_id,
                app_version = excluded.app_version, seen_at = excluded.seen_at,
                offset_seconds = excluded.offset_seconds, revoked_at = excluded.revoked_at,
                revoked_by = excluded.revoked_by
            """,
            (
                device.id,
                device.name,
                device.person_id,
                device.app_version,
                to_instant(device.first_seen_at),
                to_instant(device.seen_at),
                device.offset_seconds,
                maybe_to_instant(device.revoked_at),
                device.revoked_by,
            ),
        )

    # claims -----------------------------------------------------------------------------------------------

    def keep_clock(self, device: str, at: datetime, sent_at: str, offset_seconds: int | None) -> None:
        """Keep what a device's clock said when it sent: together with ``client_time`` it dates its claims."""
        self._db.execute(
            """
            INSERT INTO device_clocks (device, received_at, sent_at, offset_seconds) VALUES (?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            (device, to_instant(at), sent_at, offset_seconds),
        )

    def clock(self, device: str, at: datetime) -> int | None:
        """How many seconds the device was behind when something of that instant was received."""
        row = self._db.execute(
            "SELECT offset_seconds FROM device_clocks WHERE device = ? AND received_at = ?",
            (device, to_instant(at)),
        ).fetchone()
        return row["offset_seconds"] if row else None

    def keep_start(self, claim: StartClaim) -> None:
        """Keep what a tablet claimed about the start of a visit."""
        self._db.execute(
            """
            INSERT INTO tablet_starts (inspection_id, device, op_id, inspected_on, client_time, received_at)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            (
                claim.inspection_id,
                claim.device,
                claim.op_id,
                claim.inspected_on.isoformat(),
                claim.client_time,
                to_instant(claim.received_at),
            ),
        )

    def start_of(self, inspection_id: str) -> StartClaim | None:
        row = self._db.execute(
            "SELECT * FROM tablet_starts WHERE inspection_id = ?", (inspection_id,)
        ).fetchone()
        if row is None:
            return None
        return StartClaim(
            row["inspection_id"],
            row["device"],
            row["op_id"],
            date.fromisoformat(row["inspected_on"]),
            row["client_time"],
            from_instant(row["received_at"]),
        )

    # quarantine -------------------------------------------------------------------------------------------

    def set_apart(self, device: str, inspection_id: str, document: dict[str, Any], at: datetime) -> bool:
        """Keep an operation of a revoked device, unjudged; returns whether it is new."""
        added = self._db.execute(
            """
            INSERT INTO quarantine (op_id, device, inspection_id, document, received_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """,
            (document["op_id"], device, inspection_id, to_json(document), to_instant(at)),
        )
        return bool(added.rowcount)

    def is_apart(self, document: dict[str, Any]) -> bool:
        """Is exactly this operation kept in quarantine?"""
        row = self._db.execute(
            "SELECT document FROM quarantine WHERE op_id = ?", (document["op_id"],)
        ).fetchone()
        return row is not None and row["document"] == to_json(document)

    def apart(self, device: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        """What waits in quarantine of a device, oldest first: (visit, operation)."""
        rows = self._db.execute(
            "SELECT inspection_id, document FROM quarantine WHERE device = ? AND released_at IS NULL ORDER BY seq",
            (device,),
        )
        return tuple((row["inspection_id"], from_json(row["document"])) for row in rows)

    def all_apart(self) -> tuple[Apart, ...]:
        """What waits in quarantine of all devices, oldest first."""
        rows = self._db.execute("SELECT * FROM quarantine WHERE released_at IS NULL ORDER BY seq")
        return tuple(
            Apart(
                row["seq"],
                row["device"],
                row["inspection_id"],
                from_json(row["document"]),
                from_instant(row["received_at"]),
            )
            for row in rows
        )

    def counts_apart(self) -> dict[str, int]:
        """How many operations wait in quarantine, by device."""
        rows = self._db.execute(
            "SELECT device, count(*) AS number FROM quarantine WHERE released_at IS NULL GROUP BY device"
        )
        return {row["device"]: row["number"] for row in rows}

    def release(self, op_ids: Iterable[str], at: datetime) -> None:
        """These wait no more: somebody took them in after all, or set them aside. They stay as they came."""
        for op_id in op_ids:
            self._db.execute(
                "UPDATE quarantine SET released_at = ? WHERE op_id = ? AND released_at IS NULL",
                (to_instant(at), op_id),
            )


def _device(row: Any) -> Device:
    return Device(
        id=row["id"],
        name=row["name"],
        person_id=row["person_id"],
        app_version=row["app_version"],
        first_seen_at=from_instant(row["first_seen_at"]),
        seen_at=from_instant(row["seen_at"]),
        offset_seconds=row["offset_seconds"],
        revoked_at=maybe_from_instant(row["revoked_at"]),
        revoked_by=row["revoked_by"],
    )
