"""What is entered while a visit runs: operations, current answers, photo links and signatures."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlite_utils import Database

from audit.domain.answers import Key, PhotoLink, raw_from
from audit.domain.changes import ANSWER, APPLIED, CONFLICT, RESOLVE, Change, Conflict, Current
from audit.domain.inspections import Signature
from audit.domain.visits import Kept
from audit.store.database import many
from audit.store.rows import (
    from_instant,
    from_json,
    from_person,
    marks_for,
    maybe_from_instant,
    maybe_to_instant,
    to_instant,
    to_json,
    to_person,
)

NO_MARKS = "[]"


@dataclass(frozen=True)
class Operation:
    """A change as it was received, with its verdict and the revision that was current after it."""

    seq: int
    inspection_id: str
    change: Change
    body_hash: str
    author: str
    received_at: datetime
    status: str
    rev: int


class Taken(NamedTuple):
    """A change with the hash of its content, its verdict and the revision that is current after it."""

    change: Change
    body_hash: str
    rev: int
    status: str


class AnswerShelf:
    """Everything entered, by inspection. Once the inspection is over the ledger refuses every change."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # operations -------------------------------------------------------------------------------------------

    def append_operation(
        self,
        inspection_id: str,
        change: Change,
        body_hash: str,
        rev: int,
        status: str,
        author: str,
        received_at: datetime,
    ) -> None:
        """Keep an operation for good with its verdict."""
        self.append_operations(inspection_id, [Taken(change, body_hash, rev, status)], author, received_at)

    def append_operations(
        self, inspection_id: str, taken: Iterable[Taken], author: str, received_at: datetime
    ) -> None:
        """Keep operations for good with their verdicts, in this order."""
        at = to_instant(received_at)
        many(
            self._db,
            """
            INSERT INTO operations (op_id, device, device_seq, inspection_id, item, person, kind, base_rev, rev,
                                    status, value, body_hash, author, client_time, received_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    change.op_id,
                    change.device,
                    change.seq,
                    inspection_id,
                    change.item,
                    to_person(change.person),
                    change.kind,
                    change.base_rev,
                    rev,
                    status,
                    to_json(change.value),
                    body_hash,
                    author,
                    change.client_time,
                    at,
                )
                for change, body_hash, rev, status in taken
            ],
        )

    def operation(self, op_id: str) -> Operation | None:
        row = self._db.execute("SELECT * FROM operations WHERE op_id = ?", (op_id,)).fetchone()
        return _operation(row) if row else None

    def operations_of(self, op_ids: Collection[str]) -> dict[str, Operation]:
        """The operations of these ids that were received before."""
        rows = self._db.execute(f"SELECT * FROM operations WHERE op_id IN ({marks_for(op_ids)})", [*op_ids])
        return {row["op_id"]: _operation(row) for row in rows}

    def counted(self, counts: Collection[tuple[str, int]]) -> set[tuple[str, int]]:
        """Which of these (device, count) pairs came before: another operation under one means a cloned device."""
        found: set[tuple[str, int]] = set()
        for device in {device for device, _ in counts}:
            seqs = [seq for name, seq in counts if name == device]
            rows = self._db.execute(
                f"SELECT device_seq FROM operations WHERE device = ? AND device_seq IN ({marks_for(seqs)})",
                [device, *seqs],
            )
            found.update((device, row["device_seq"]) for row in rows)
        return found

    def operations(self, inspection_id: str, since: int = 0) -> tuple[Operation, ...]:
        """All operations of a visit after that place, in the server's order."""
        rows = self._db.execute(
            "SELECT * FROM operations WHERE inspection_id = ? AND seq > ? ORDER BY seq",
            (inspection_id, since),
        )
        return tuple(map(_operation, rows))

    def newest_seq(self, inspection_id: str | None = None) -> int:
        """The place of the newest operation in the server's order, of one visit or of all."""
        where = "" if inspection_id is None else " WHERE inspection_id = ?"
        row = self._db.execute(
            f"SELECT coalesce(max(seq), 0) FROM operations{where}", [inspection_id] if inspection_id else []
        ).fetchone()
        return int(row[0])

    def moved(self, inspection_id: str, since: int) -> frozenset[Key]:
        """The answers that operations after that place were about."""
        rows = self._db.execute(
            "SELECT DISTINCT item, person FROM operations WHERE inspection_id = ? AND seq > ?",
            (inspection_id, since),
        )
        return frozenset((row["item"], from_person(row["person"])) for row in rows)

    def entered(self, inspection_id: str) -> dict[Key, tuple[str, str, datetime]]:
        """Device, the device's time, and time of receipt of each current answer."""
        rows = self._db.execute(
            """
            SELECT o.item, o.person, o.device, o.client_time, o.received_at FROM answers a
            JOIN operations o ON o.inspection_id = a.inspection_id AND o.item = a.item AND o.person = a.person
                AND o.rev = a.rev AND o.status = ? AND o.kind IN (?, ?)
            WHERE a.inspection_id = ? ORDER BY o.seq
            """,
            (APPLIED, ANSWER, RESOLVE, inspection_id),
        )
        return {
            (row["item"], from_person(row["person"])): (
                row["device"],
                row["client_time"],
                from_instant(row["received_at"]),
            )
            for row in rows
        }

    def conflicts(self, inspection_id: str) -> tuple[Conflict, ...]:
        """Values that lost, as long as nobody has chosen."""
        rows = self._db.execute(
            # The status stands in the text, so that the index of the few that lost is used.
            f"""
            SELECT * FROM operations WHERE inspection_id = ? AND status = '{CONFLICT}'
                AND NOT EXISTS (SELECT 1 FROM settlements s WHERE s.op_id = operations.op_id)
            ORDER BY seq
            """,
            (inspection_id,),
        )
        return tuple(_conflict(_operation(row)) for row in rows)

    def settle_conflict(self, op_id: str, settled_by: str) -> None:
        """Note which operation chose about a value that lost."""
        self._db.execute("INSERT INTO settlements (op_id, settled_by) VALUES (?, ?)", (op_id, settled_by))

    # answers ----------------------------------------------------------------------------------------------

    def keep_answer(self, inspection_id: str, key: Key, current: Current) -> None:
        """Make this the current answer; its value is ``Raw.document()``.

        Raises:
            ValueError: without a time.
        """
        self.keep_answers(inspection_id, {key: current})

    def keep_answers(self, inspection_id: str, currents: Mapping[Key, Current]) -> None:
        """Make these the current answers; see ``keep_answer``."""
        # Those of one batch have one and the same time.
        times = {id(one.at): _time_of(one) for one in currents.values()}
        told = {key: to_instant(at) for key, at in times.items()}
        many(
            self._db,
            """
            INSERT INTO answers (inspection_id, item, person, rev, value, author, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (inspection_id, item, person) DO UPDATE SET rev = excluded.rev, value = excluded.value,
                author = excluded.author, at = excluded.at
            """,
            [
                (
                    inspection_id,
                    item,
                    to_person(person),
                    current.rev,
                    to_json(current.value),
                    current.author,
                    told[id(current.at)],
                )
                for (item, person), current in currents.items()
            ],
        )

    def answers(self, inspection_id: str) -> dict[Key, Kept]:
        """The current answers by item and practitioner."""
        rows = self._db.execute("SELECT * FROM answers WHERE inspection_id = ?", (inspection_id,))
        return {(row["item"], from_person(row["person"])): _kept(row) for row in rows}

    def current(self, inspection_id: str, key: Key) -> Current:
        """The current value of one answer; revision 0 before the first."""
        row = self._db.execute(
            "SELECT * FROM answers WHERE inspection_id = ? AND item = ? AND person = ?",
            (inspection_id, key[0], to_person(key[1])),
        ).fetchone()
        if row is None:
            return Current()
        return Current(row["rev"], from_json(row["value"]), row["author"], from_instant(row["at"]))

    def device_of(self, inspection_id: str, key: Key, rev: int) -> str:
        """The device on which an answer got this revision; empty when it came with a document."""
        row = self._db.execute(
            """
            SELECT device FROM operations WHERE inspection_id = ? AND item = ? AND person = ? AND rev = ?
                AND status = ? AND kind IN (?, ?)
            ORDER BY seq DESC LIMIT 1
            """,
            (inspection_id, key[0], to_person(key[1]), rev, APPLIED, ANSWER, RESOLVE),
        ).fetchone()
        return str(row["device"]) if row else ""

    def currents(self, inspection_id: str, items: Collection[str]) -> dict[Key, Current]:
        """The current values of all answers of these items; one that was never given is not there."""
        rows = self._db.execute(
            f"SELECT * FROM answers WHERE inspection_id = ? AND item IN ({marks_for(items)})",
            [inspection_id, *items],
        )
        return {
            (row["item"], from_person(row["person"])): Current(
                row["rev"], from_json(row["value"]), row["author"], from_instant(row["at"])
            )
            for row in rows
        }

    # photo links ------------------------------------------------------------------------------------------

    def link_photo(self, inspection_id: str, key: Key, link: PhotoLink) -> None:
        """Show a photo with an answer; a second time changes its caption and its marks only."""
        place = (inspection_id, key[0], to_person(key[1]))
        self._db.execute(
            """
            INSERT INTO photo_links (inspection_id, item, person, sha256, caption, marks, position)
            VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM photo_links
                                    WHERE inspection_id = ? AND item = ? AND person = ?))
            ON CONFLICT (inspection_id, item, person, sha256) DO UPDATE SET caption = excluded.caption,
                marks = excluded.marks
            """,
            (*place, link.sha256, link.caption, link.marks or NO_MARKS, *place),
        )

    def unlink_photo(self, inspection_id: str, key: Key, sha256: str) -> None:
        """Stop showing a photo with an answer. The file stays: other answers or an operation may name it."""
        self._db.execute(
            "DELETE FROM photo_links WHERE inspection_id = ? AND item = ? AND person = ? AND sha256 = ?",
            (inspection_id, key[0], to_person(key[1]), sha256),
        )

    def links(self, inspection_id: str) -> dict[Key, tuple[PhotoLink, ...]]:
        """The photos shown with each answer, in the order they were added."""
        found: dict[Key, tuple[PhotoLink, ...]] = {}
        rows = self._db.execute(
            "SELECT * FROM photo_links WHERE inspection_id = ? ORDER BY item, person, position",
            (inspection_id,),
        )
        for row in rows:
            key = row["item"], from_person(row["person"])
            found[key] = (*found.get(key, ()), _link(row))
        return found

    # signatures -------------------------------------------------------------------------------------------

    def keep_signature(self, inspection_id: str, signature: Signature) -> None:
        """Keep a signature; a later one in the same role takes its place while the visit runs."""
        self._db.execute(
            """
            INSERT INTO signatures (inspection_id, role, state, name, title, at, how, strokes, seen)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (inspection_id, role) DO UPDATE SET state = excluded.state, name = excluded.name,
                title = excluded.title, at = excluded.at, how = excluded.how, strokes = excluded.strokes,
                seen = excluded.seen
            """,
            (
                inspection_id,
                signature.role,
                signature.state,
                signature.name,
                signature.title,
                maybe_to_instant(signature.at),
                signature.how,
                to_json(signature.strokes),
                signature.seen,
            ),
        )

    def void_signatures(self, inspection_id: str) -> list[str]:
        """Take all signatures back, because what was signed has changed; returns the roles that had signed."""
        rows = self._db.execute(
            "DELETE FROM signatures WHERE inspection_id = ? RETURNING role", (inspection_id,)
        )
        return sorted(row["role"] for row in rows)

    def signatures(self, inspection_id: str) -> tuple[Signature, ...]:
        rows = self._db.execute(
            "SELECT * FROM signatures WHERE inspection_id = ? ORDER BY role", (inspection_id,)
        )
        return tuple(map(_signature, rows))


def _link(row: Any) -> PhotoLink:
    return PhotoLink(row["sha256"], row["caption"], "" if row["marks"] == NO_MARKS else row["marks"])


def _time_of(current: Current) -> datetime:
    if current.at is None:
        raise ValueError("an answer is kept with its time")
    return current.at


def _operation(row: Any) -> Operation:
    change = Change(
        op_id=row["op_id"],
        kind=row["kind"],
        item=row["item"],
        person=from_person(row["person"]),
        base_rev=row["base_rev"],
        value=from_json(row["value"]),
        device=row["device"],
        seq=row["device_seq"],
        client_time=row["client_time"],
    )
    return Operation(
        seq=row["seq"],
        inspection_id=row["inspection_id"],
        change=change,
        body_hash=row["body_hash"],
        author=row["author"],
        received_at=from_instant(row["received_at"]),
        status=row["status"],
        rev=row["rev"],
    )


def _conflict(operation: Operation) -> Conflict:
    change = operation.change
    return Conflict(
        change.op_id, change.key, change.value, operation.author, change.device, operation.received_at
    )


def _kept(row: Any) -> Kept:
    return Kept(raw_from(from_json(row["value"])), row["rev"], row["author"], from_instant(row["at"]))


def _signature(row: Any) -> Signature:
    return Signature(
        role=row["role"],
        state=row["state"],
        name=row["name"],
        title=row["title"],
        at=maybe_from_instant(row["at"]),
        how=row["how"],
        seen=row["seen"],
        strokes=tuple(
            tuple((point[0], point[1]) for point in stroke) for stroke in from_json(row["strokes"])
        ),
    )
