"""Fills a ledger in bulk with what an agency of 200,000 inspections has: visits, actions, plans, papers, logs, lots.

The rows hold the content that sealing writes; the triggers of the ledger count them as they do in the product.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlite_utils import Database

from audit.domain import records, scoring
from audit.domain.answers import NA, NO, OUT, Raw
from audit.domain.canonical import canonical
from audit.domain.checklists import Checklist
from audit.domain.clinics import Clinic, likeness
from audit.domain.people import Person
from audit.store.ledger import Ledger
from tests.domain import making

CLINICS, DAYS, VARIANTS, SECTIONS, PER_SECTION = 30_000, 3 * 365, 40, 10, 6
FIRST_DAY = date(2023, 9, 1)
ID, CLINIC_ID, DAY = "11111111-2222-4333-8444-555555555555", making.CLINIC.id, making.DAY
AREA = f'"jurisdiction":"{making.CLINIC.jurisdiction}"'
NOTE = "Two cartridge packs past their date lay in the top drawer beside the station, opened the week before."
GIVEN, FIXED_AFTER = timedelta(days=14), timedelta(days=9)
LAST_MONTHS = f"{FIRST_DAY + timedelta(days=DAYS - 60)}"
BATCH, CACHE_KB = 5000, 500_000
TODAY = FIRST_DAY + timedelta(days=DAYS)
PLACARDS = (None, None, "pass", "conditional-pass", "services-closed")
AREAS, MAKERS, LOT_NUMBERS = 5, ("Northpoint", "Fineline", "Quill & Co"), 3000
INSPECTORS = tuple(
    Person(f"inspector-{number}", f"ines{number}", f"Ines Field {number:02}", "inspector")
    for number in range(1, 41)
)


ITEMS = [f"section-{section}.item-{number}" for section in range(SECTIONS) for number in range(PER_SECTION)]


def catalogue() -> str:
    rows = []
    for section in range(SECTIONS):
        for number in range(PER_SECTION):
            severity = ("critical", "major", "minor")[(section + number) % 3]
            rows.append(f'[[item]]\nkey = "section-{section}.item-{number}"\nseverity = "{severity}"')
    return "\n".join(rows)


PLANNED = """
    INSERT INTO planned_visits (id, clinic_id, purpose, by_date, inspector, reason, why, by_rule, made_by, made_at, visit,
                                ended, ended_at)
    VALUES (?, ?, 'routine', ?, ?, '', '[]', 0, ?, ?, ?, ?, ?)
"""


LOT = """
    INSERT INTO lots (id, clinic_id, kind, maker, maker_likeness, product, lot, lot_likeness, expires, certificate,
                      received_on, author, at)
    VALUES (?, ?, ?, ?, ?, 'Round liner', ?, ?, ?, 'C-1', ?, 'x', '2025-01-01T12:00:00Z')
"""


@dataclass(frozen=True, eq=False)
class Variant:
    """One way a visit can end: its document as text with places for id, clinic and day, and its rows."""

    document: str
    persons: str
    sha256: str
    status: str
    score: int | None
    answers: tuple[tuple[str, str], ...]
    findings: tuple[tuple[object, ...], ...]
    open_findings: int
    marks: tuple[tuple[str, bool], ...]


def variants(chance: random.Random) -> list[Variant]:
    checklist = making.checklist(catalogue())
    return [variant(checklist, chance) for _ in range(VARIANTS)]


def variant(checklist: Checklist, chance: random.Random) -> Variant:
    raws = {(item.key, None): raw(chance) for item in checklist.items()}
    visit = making.visit(checklist, raws)
    sealed = records.build(visit, making.NOON, (), {key: "00" * 16 for key in records.people_in(visit)})
    standing = chance.choice(PLACARDS)
    placard: dict[str, object] = (
        {"placard": {"standing": standing, "services": [], "come_back_by": None}} if standing else {}
    )
    rated = [row for row in map(scoring.rated, visit.journey.items()) if row]
    return Variant(
        document=canonical(sealed.document | placard).decode(),
        persons=canonical(sealed.persons).decode(),
        sha256=sealed.sha256,
        status=visit.result.status,
        score=visit.result.main,
        answers=tuple((key, canonical(raw.document()).decode()) for (key, _), raw in raws.items()),
        findings=tuple(
            (
                row.item,
                row.number,
                row.severity,
                row.standing,
                row.correct_by.isoformat(),
                row.note,
                row.corrective,
            )
            for row in visit.findings
        ),
        open_findings=len(visit.findings),
        marks=tuple((row.item, row.mark == OUT) for row in rated if row.mark in ("IN", OUT)),
    )


def raw(chance: random.Random) -> Raw:
    number = chance.random()
    if number < 0.08:
        return Raw(mark=OUT, note=NOTE)
    return Raw(mark=NO if number < 0.12 else NA if number < 0.17 else "IN")


class Filler:
    """Writes many sealed visits in bulk."""

    def __init__(self, db: Database, visits: int, chance: random.Random) -> None:
        self.db, self.visits, self.chance = db, visits, chance
        self.variants = variants(chance)
        self.checklist = making.checklist(catalogue())
        self.clinics = [clinic(number) for number in range(CLINICS)]
        self.endings: Counter[tuple[str, str, Variant]] = Counter()

    def fill(self, ledger: Ledger) -> None:
        with ledger.entry("bench", making.NOON) as entry:
            entry.checklists.publish(making.published(catalogue()), making.NOON)
            for person in INSPECTORS:
                entry.people.add(person, "no password")
            for one in self.clinics:
                entry.clinics.add(one)
            entry.note("furnished", "bench")
        # Nobody else looks and nothing is worth saving: write as fast as the disk takes it.
        for setting in ("query_only", "foreign_keys", "synchronous", "journal_mode"):
            self.db.execute(f"PRAGMA {setting}=OFF").fetchall()
        self.db.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        identities = sorted(
            str(UUID(int=self.chance.getrandbits(128), version=4)) for _ in range(self.visits)
        )
        for start in range(0, self.visits, BATCH):
            self.db.execute("BEGIN IMMEDIATE")
            self._batch(identities[start : start + BATCH])
            self.db.execute("COMMIT")
        self.db.execute("BEGIN IMMEDIATE")
        self._counts()
        self._around()
        self.db.execute("COMMIT")
        self.db.execute("PRAGMA optimize")

    def _batch(self, identities: list[str]) -> None:
        made = [self._visit(identity) for identity in identities]
        many = self.db.conn.executemany
        many(
            "INSERT INTO inspections VALUES (?, ?, ?, 'inspection', 'routine', 'sealed', ?, ?, ?, 'UTC', ?, ?,"
            " '{}', '{}', '[]', '[]', '', '', 2, '[]')",
            [
                (
                    one.id,
                    one.clinic.id,
                    self.checklist.sha256,
                    one.at,
                    one.at,
                    one.day,
                    one.inspector.id,
                    one.inspector.name,
                )
                for one in made
            ],
        )
        # What is over refuses answers; ``run`` has taken that guard away for as long as it takes.
        many("INSERT INTO answers VALUES (?, ?, '', 1, ?, ?, ?)", self._answers(made))
        many(
            "INSERT INTO findings VALUES (?, ?, '', ?, 'inspection', ?, ?, ?, 0, ?, 0, ?, ?, 0, 0)",
            [
                (one.id, row[0], one.clinic.id, *row[1:4], row[4], row[5], row[6])
                for one in made
                for row in one.ended.findings
            ],
        )
        many(
            "INSERT INTO records VALUES (?, ?, 'inspection', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    one.id,
                    one.clinic.id,
                    one.day,
                    one.at,
                    one.ended.status,
                    one.ended.score,
                    len(one.ended.findings),
                    one.ended.open_findings,
                    one.ended.sha256,
                    one.document,
                )
                for one in made
            ],
        )
        many("INSERT INTO record_persons VALUES (?, ?)", [(one.id, one.ended.persons) for one in made])
        self._actions(made)
        self._amendments(made)
        self._done(made)

    def _actions(self, made: "list[Made]") -> None:
        """One for each finding; all but a few of the last months are closed a fortnight after the visit."""
        rows = [
            (str(UUID(int=self.chance.getrandbits(128), version=4)), one, row)
            for one in made
            for row in one.ended.findings
        ]
        many = self.db.conn.executemany
        many(
            "INSERT INTO actions (id, inspection_id, item, person, clinic_id, kind, number, severity, correct_by)"
            " VALUES (?, ?, ?, '', ?, 'inspection', ?, ?, ?)",
            [
                (
                    name,
                    one.id,
                    row[0],
                    one.clinic.id,
                    row[1],
                    row[2],
                    f"{date.fromisoformat(one.day) + GIVEN}",
                )
                for name, one, row in rows
            ],
        )
        closed = [(name, one) for name, one, _ in rows if one.day < LAST_MONTHS or self.chance.random() < 0.5]
        for kind, after in (("fixed", FIXED_AFTER), ("accepted", GIVEN)):
            many(
                "INSERT INTO action_steps (action_id, kind, author, at, words) VALUES (?, ?, ?, ?, '')",
                [
                    (name, kind, one.inspector.id, f"{date.fromisoformat(one.day) + after}T12:00:00Z")
                    for name, one in closed
                ],
            )

    def _amendments(self, made: "list[Made]") -> None:
        """One visit of a hundred was amended, one of three hundred made void."""
        rows = []
        for one in made:
            number = self.chance.random()
            if number < 0.01:
                now = Made(one.id, one.clinic, one.day, one.at, self.chance.choice(self.variants))
                kind = "void" if number < 0.003 else "correction"
                count = len(now.ended.findings)
                rows.append(
                    (
                        one.id,
                        kind,
                        one.inspector.id,
                        one.at,
                        now.ended.status,
                        now.ended.score,
                        count,
                        count,
                        "0" * 64,
                        now.document,
                    )
                )
        self.db.conn.executemany(
            "INSERT INTO amendments VALUES (?, 1, ?, '', '', '{}', '{}', 'It was another day.', ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )

    def _done(self, made: "list[Made]") -> None:
        """Every second visit was planned."""
        self.db.conn.executemany(
            PLANNED,
            [
                (
                    self._id(),
                    one.clinic.id,
                    one.day,
                    one.inspector.id,
                    one.inspector.id,
                    one.at,
                    one.id,
                    "done",
                    one.at,
                )
                for one in made[::2]
            ],
        )

    def _around(self) -> None:
        """What each clinic has: a planned visit, papers, a log, lots."""
        for start in range(0, len(self.clinics), BATCH):
            some = self.clinics[start : start + BATCH]
            many = self.db.conn.executemany
            many(PLANNED, [self._plan(one) for one in some])
            many(
                "INSERT INTO credentials VALUES (?, ?, '', ?, ?, 'County', ?, ?, '[]', '', 1, NULL, NULL, NULL, 0, ?, ?, 1)",
                [
                    (
                        self._id(),
                        one.id,
                        kind,
                        f"N-{self.chance.randrange(10**6)}",
                        f"{FIRST_DAY}",
                        self._day(-30, 700),
                        "x",
                        "2025-01-01T12:00:00Z",
                    )
                    for one in some
                    for kind in ("facility-permit", "insurance", "other")
                ],
            )
            many(
                "INSERT INTO ticks VALUES (?, ?, ?, ?, '', NULL, 'x', '2025-01-01T12:00:00Z', 0, 0)",
                [
                    (self._id(), one.id, kind, self._day(-200, 0))
                    for one in some
                    for kind in ("spore-test", "sharps-pick-up", "disinfectant-change", "spore-test")
                ],
            )
            many(
                LOT,
                [self._lot(one, kind) for one in some for kind in ("needle", "cartridge", "pigment")],
            )

    def _plan(self, one: Clinic) -> tuple[object, ...]:
        inspector = (
            INSPECTORS[int(one.permit[2:]) % len(INSPECTORS)].id if self.chance.random() < 0.8 else None
        )
        day = self._day(-60, 300)
        return self._id(), one.id, day, inspector, INSPECTORS[0].id, "2025-01-01T12:00:00Z", None, None, None

    def _lot(self, one: Clinic, kind: str) -> tuple[object, ...]:
        number = self.chance.randrange(LOT_NUMBERS)
        maker = MAKERS[number % len(MAKERS)]
        return (
            self._id(),
            one.id,
            kind,
            maker,
            likeness(maker),
            f"L-{number:05}",
            f"l{number:05}",
            self._day(-30, 700),
            self._day(-300, 0),
        )

    def _id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def _day(self, first: int, last: int) -> str:
        return f"{TODAY + timedelta(days=self.chance.randrange(first, last))}"

    def _answers(self, made: "list[Made]") -> Iterator[tuple[object, ...]]:
        for one in made:
            for item, value in one.ended.answers:
                yield one.id, item, value, one.inspector.id, one.at

    def _visit(self, identity: str) -> "Made":
        day = FIRST_DAY + timedelta(days=self.chance.randrange(DAYS))
        ended, where = self.chance.choice(self.variants), self.chance.choice(self.clinics)
        self.endings[where.id, f"{day:%Y-%m}", ended] += 1
        at = f"{day}T{self.chance.randrange(8, 18):02}:{self.chance.randrange(60):02}:00Z"
        return Made(identity, where, day.isoformat(), at, ended)

    def _counts(self) -> None:
        rated: Counter[tuple[str, str, str]] = Counter()
        failed: Counter[tuple[str, str, str]] = Counter()
        for (where, month, ended), times in self.endings.items():
            for item, out in ended.marks:
                rated[where, item, month] += times
                failed[where, item, month] += times * out
        self.db.conn.executemany(
            "INSERT INTO item_months VALUES ('inspection', ?, ?, ?, ?, ?)",
            [(*row, rated[row], failed[row]) for row in sorted(rated)],
        )
        self.db.execute(
            "INSERT INTO item_totals SELECT kind, item, sum(rated), sum(failed) FROM item_months GROUP BY kind, item"
        )


@dataclass(frozen=True)
class Made:
    id: str
    clinic: Clinic
    day: str
    at: str
    ended: Variant

    @property
    def inspector(self) -> Person:
        """Each has clinics of their own, all in one area."""
        return INSPECTORS[int(self.clinic.permit[2:]) % len(INSPECTORS)]

    @property
    def document(self) -> str:
        text = self.ended.document.replace(ID, self.id).replace(CLINIC_ID, self.clinic.id)
        text = text.replace(DAY.isoformat(), self.day).replace("inspector-1", self.inspector.id)
        return text.replace(AREA, f'"jurisdiction":"{self.clinic.jurisdiction}"')


def clinic(number: int) -> Clinic:
    identity = str(UUID(int=number + 1, version=4))
    area = f"xx-{'abcde'[number % AREAS]}"
    name = f"Studio {number:05} Fine Dots"
    return replace(making.CLINIC, id=identity, name=name, permit=f"P-{number}", jurisdiction=area)
