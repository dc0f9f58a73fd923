"""The append-only trail: each line's hash covers the line before it, so that no line changes unseen."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.canonical import canonical, instant_text, sha256_of
from audit.store.rows import from_instant, from_json, marks_for

BEFORE_THE_FIRST = "0" * 64


@dataclass(frozen=True)
class Line:
    """One deed: when, by whom (a person's id, or empty for the machine), what, on what; ``detail`` is text."""

    seq: int
    at: datetime
    actor: str
    deed: str
    object: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True)
class Chain:
    """What a check of the trail found: its length, its head, and the first line that does not fit (or none)."""

    length: int
    head: str
    broken_at: int | None = None
    words: str = ""

    @property
    def sound(self) -> bool:
        return self.broken_at is None


def hash_of(previous: str, at: str, actor: str, deed: str, what: str, detail: str) -> str:
    """The hash of one line: over its canonical JSON, ``detail`` as the text that is stored."""
    return sha256_of(
        {"previous": previous, "at": at, "actor": actor, "deed": deed, "object": what, "detail": detail}
    )


class Trail:
    """The lines of the trail, oldest first."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._written = ""  # the head while this trail writes: nobody else does meanwhile

    def append(self, at: datetime, actor: str, deed: str, what: str, detail: Mapping[str, Any]) -> None:
        """Add a line, in the transaction of the deed it tells of."""
        previous, when, text = self.head, instant_text(at), canonical(detail).decode()
        following = hash_of(previous, when, actor, deed, what, text)
        self._db.execute(
            "INSERT INTO trail (at, actor, deed, object, detail, previous, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (when, actor, deed, what, text, previous, following),
        )
        self._written = following

    @property
    def head(self) -> str:
        """The hash of the newest line: who knows it can prove that nothing before it was changed."""
        if self._written:
            return self._written
        row = self._db.execute("SELECT hash FROM trail ORDER BY seq DESC LIMIT 1").fetchone()
        return row["hash"] if row else BEFORE_THE_FIRST

    def hash_at(self, seq: int) -> str:
        """The hash of a line by its number; the line before the first has one too, and none is past the last."""
        if seq == 0:
            return BEFORE_THE_FIRST
        row = self._db.execute("SELECT hash FROM trail WHERE seq = ?", (seq,)).fetchone()
        return row["hash"] if row else ""

    def of(self, what: str) -> tuple[Line, ...]:
        """All lines about one object, oldest first."""
        rows = self._db.execute("SELECT * FROM trail WHERE object = ? ORDER BY seq", (what,))
        return tuple(map(_line, rows))

    def lately(self, what: str, since: datetime) -> tuple[Line, ...]:
        """The lines about one object since then, newest first."""
        found = []
        for row in self._db.execute("SELECT * FROM trail WHERE object = ? ORDER BY seq DESC", (what,)):
            line = _line(row)
            if line.at < since:
                break
            found.append(line)
        return tuple(found)

    def page(self, deeds: Collection[str], actor: str, before: int, limit: int) -> tuple[Line, ...]:
        """Lines below a number (0: all), newest first: of these deeds and by this person, where any are named. A name
        of a deed that ends in a dot stands for all that begin so."""
        wanted = " OR ".join("deed GLOB ?" for _ in deeds)
        rows = self._db.execute(
            f"""
            SELECT * FROM trail WHERE (? = 0 OR seq < ?) AND (? = '' OR actor = ?) {f"AND ({wanted})" if wanted else ""}
            ORDER BY seq DESC LIMIT ?
            """,
            (
                before,
                before,
                actor,
                actor,
                *(f"{deed}*" if deed.endswith(".") else deed for deed in deeds),
                limit,
            ),
        )
        return tuple(map(_line, rows))

    def told(self, deeds: Collection[str]) -> Iterator[Line]:
        """All lines that tell of these deeds, oldest first."""
        rows = self._db.execute(
            f"SELECT * FROM trail WHERE deed IN ({marks_for(deeds)}) ORDER BY seq", [*deeds]
        )
        return map(_line, rows)

    def newest(self, limit: int = 100) -> tuple[Line, ...]:
        """The newest lines, newest first."""
        rows = self._db.execute("SELECT * FROM trail ORDER BY seq DESC LIMIT ?", (limit,))
        return tuple(map(_line, rows))

    def verify(self) -> Chain:
        """Compute every hash again. A cut-off end shows by the counter that SQLite keeps beside the table."""
        previous, length, last = BEFORE_THE_FIRST, 0, 0
        for row in self._db.execute("SELECT * FROM trail ORDER BY seq"):
            length, last = length + 1, row["seq"]
            texts = (row["at"], row["actor"], row["deed"], row["object"], row["detail"])
            if row["previous"] != previous or row["hash"] != hash_of(previous, *texts):
                return Chain(length, previous, last, f"line {last} of the trail was changed")
            if last != length:
                return Chain(length, previous, length, f"line {length} of the trail is missing")
            previous = row["hash"]
        counted = next(self._counter(), 0)
        if counted != last:
            return Chain(length, previous, last + 1, f"the trail ends at line {last} of {counted}")
        return Chain(length, previous)

    def _counter(self) -> Iterator[int]:
        for row in self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'trail'"):
            yield row["seq"]


def _line(row: Any) -> Line:
    return Line(
        row["seq"],
        from_instant(row["at"]),
        row["actor"],
        row["deed"],
        row["object"],
        from_json(row["detail"]),
        row["hash"],
    )
