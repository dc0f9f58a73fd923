"""Sealed records: the frozen document, its findings, and the monthly counts that analysis reads."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlite_utils import Database

from audit.domain.amendments import VOID
from audit.domain.answers import IN, OUT
from audit.domain.canonical import canonical
from audit.domain.findings import Finding
from audit.domain.history import MOST_PAST, Past
from audit.domain.inspections import INSPECTION, SEALED, Inspection
from audit.domain.problems import NotFound
from audit.domain.records import Sealed
from audit.domain.scoring import Rated, Result
from audit.domain.tongue import say
from audit.store.amendments import NEWEST
from audit.store.rows import (
    from_day,
    from_instant,
    from_json,
    marks_for,
    maybe_to_instant,
    to_instant,
    to_json,
    to_person,
)


@dataclass(frozen=True)
class Outcome:
    """What a sealed visit came to, without its document. ``score`` is in tenths.

    ``amended`` counts its amendments; what it came to is as amended then.
    """

    inspection_id: str
    clinic_id: str
    kind: str
    inspected_on: date
    sealed_at: datetime
    status: str
    score: int | None
    findings: int
    open_findings: int
    amended: int = 0


@dataclass(frozen=True)
class Rate:
    """How often an item was rated IN or OUT, and how often of those OUT."""

    item: str
    rated: int
    failed: int


# Records, each with its newest amendment (or none): what a visit comes to now. Void ones count nowhere.
_STANDING = f"""
    SELECT r.inspection_id, r.clinic_id, r.kind, r.inspected_on, r.sealed_at, ifnull(a.number, 0) AS amended,
           iif(a.number, a.status, r.status) AS status, iif(a.number, a.score_tenths, r.score_tenths) AS score_tenths,
           iif(a.number, a.findings, r.findings) AS findings,
           iif(a.number, a.open_findings, r.open_findings) AS open_findings
    FROM records r LEFT JOIN amendments a
    ON a.inspection_id = r.inspection_id AND a.number = {NEWEST.format("r.inspection_id")}
"""


class RecordShelf:
    """Sealed records by inspection. There is no way to change one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def keep(
        self,
        inspection: Inspection,
        sealed: Sealed,
        findings: Collection[Finding],
        rated: Iterable[Rated],
        result: Result,
        at: datetime,
    ) -> None:
        """Close the inspection and keep its record, the names in it, its findings and its counts."""
        self._close(inspection)
        for finding in findings:
            self._keep_finding(inspection, finding)
        still_open = sum(not finding.corrected_on_site for finding in findings)
        self._db.execute(
            """
            INSERT INTO records (inspection_id, clinic_id, kind, inspected_on, sealed_at, status, score_tenths,
                                 findings, open_findings, sha256, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                inspection.id,
                inspection.clinic_id,
                inspection.kind,
                inspection.inspected_on.isoformat(),
                to_instant(at),
                result.status,
                result.main,
                len(findings),
                still_open,
                sealed.sha256,
                canonical(sealed.document).decode(),
            ),
        )
        self._db.execute(
            "INSERT INTO record_persons (inspection_id, persons) VALUES (?, ?)",
            (inspection.id, to_json(sealed.persons)),
        )
        for entry in rated:
            if entry.mark in (IN, OUT):
                self._count(inspection, entry)

    def keep_amended(self, inspection: Inspection, finding: Finding, number: int) -> None:
        """Keep a finding that an amendment found; one that was there from the seal stays as it was."""
        row = {**_finding_row(inspection, finding), "amendment": number}
        self._db.execute(
            f"INSERT INTO findings ({', '.join(row)}) VALUES ({marks_for(row)}) ON CONFLICT DO NOTHING",
            [*row.values()],
        )

    def recount(self, inspection: Inspection, before: Iterable[Rated], after: Iterable[Rated]) -> None:
        """Count other marks for a visit than were counted: an amendment moved them, or made it void."""
        for sign, rated in ((-1, before), (1, after)):
            for entry in rated:
                if entry.mark in (IN, OUT):
                    self._count(inspection, entry, sign)

    def get(self, inspection_id: str) -> Sealed:
        """The record as it was sealed, with the names that stand in it by hash.

        Raises:
            NotFound: when there is none.
        """
        found = self.find(inspection_id)
        if found is None:
            raise NotFound(say("There is no record of this visit."))
        return found

    def find(self, inspection_id: str) -> Sealed | None:
        row = self._db.execute(
            """
            SELECT r.sha256, r.document, p.persons
            FROM records r LEFT JOIN record_persons p ON p.inspection_id = r.inspection_id
            WHERE r.inspection_id = ?
            """,
            (inspection_id,),
        ).fetchone()
        if row is None:
            return None
        return Sealed(from_json(row["document"]), from_json(row["persons"] or "{}"), row["sha256"])

    def outcome(self, inspection_id: str) -> Outcome:
        """What is listed of a record that is there."""
        return _outcome(
            self._db.execute(f"{_STANDING} WHERE r.inspection_id = ?", (inspection_id,)).fetchone()
        )

    def as_sealed(self, inspection_id: str) -> Outcome:
        """What is listed of a record that is there, before any amendment."""
        row = self._db.execute(
            "SELECT *, 0 AS amended FROM records WHERE inspection_id = ?", (inspection_id,)
        ).fetchone()
        return _outcome(row)

    def counted(self) -> Counter[tuple[str, str, str, str, bool]]:
        """How often each item (kind, clinic, item, month) was rated IN, and how often OUT (the last of the five);
        totals over all clinics that do not agree with their months are counted too, under a clinic without an id."""
        found: Counter[tuple[str, str, str, str, bool]] = Counter()
        totals: Counter[tuple[str, str, bool]] = Counter()
        for row in self._db.execute("SELECT * FROM item_months"):
            for failed, times in ((True, row["failed"]), (False, row["rated"] - row["failed"])):
                found[row["kind"], row["clinic_id"], row["item"], row["month"], failed] += times
                totals[row["kind"], row["item"], failed] += times
        for row in self._db.execute("SELECT * FROM item_totals"):
            for failed, times in ((True, row["failed"]), (False, row["rated"] - row["failed"])):
                if totals[row["kind"], row["item"], failed] != times:
                    found[row["kind"], "", row["item"], "", failed] += 1
                totals[row["kind"], row["item"], failed] = 0
        for (kind, item, failed), times in totals.items():
            found[kind, "", item, "", failed] += times
        return found

    def latest_for(self, clinic_ids: Collection[str], kinds: Collection[str]) -> dict[str, Outcome]:
        """The latest outcome of each of these clinics, among visits of these kinds."""
        latest: dict[str, Outcome] = {}
        for clinic_id in clinic_ids:
            found = [
                outcome for kind in kinds for outcome in self._outcomes(clinic_id, kind, "DESC", at_most=1)
            ]
            if found:
                latest[clinic_id] = max(found, key=lambda outcome: (outcome.inspected_on, outcome.sealed_at))
        return latest

    def trend(self, clinic_id: str, kind: str = INSPECTION, at_most: int = 500) -> tuple[Outcome, ...]:
        """The outcomes of a clinic, oldest first (of the newest ``at_most``)."""
        return self._outcomes(clinic_id, kind, "DESC", at_most)[::-1]

    def most_failed(
        self, clinic_id: str | None = None, kind: str = INSPECTION, at_most: int = 20
    ) -> tuple[Rate, ...]:
        """The items most often OUT of those rated, in a clinic or in all; the worst rate first."""
        if clinic_id is None:
            source, given = "SELECT item, rated, failed FROM item_totals WHERE kind = ?", [kind]
        else:
            source = """
                SELECT item, sum(rated) AS rated, sum(failed) AS failed
                FROM item_months WHERE kind = ? AND clinic_id = ? GROUP BY item
            """
            given = [kind, clinic_id]
        rows = self._db.execute(
            f"""
            SELECT item, rated, failed FROM ({source}) WHERE failed > 0
            ORDER BY failed * 1.0 / rated DESC, failed DESC, item LIMIT ?
            """,
            [*given, at_most],
        )
        return tuple(Rate(row["item"], row["rated"], row["failed"]) for row in rows)

    def past(
        self,
        clinic_id: str,
        kinds: Collection[str],
        inspection_id: str = "",
        on: date = date.max,
        at_most: int = MOST_PAST,
    ) -> tuple[Past, ...]:
        """The sealed visits of these kinds at a clinic before one of that day, newest first, as amended; no void ones."""
        rows = self._db.execute(
            f"""
            SELECT r.inspection_id AS id, r.inspected_on, i.purpose, i.scope,
                   iif(a.number, json_extract(a.document, '$.findings'), (
                       SELECT json_group_array(json_object('item', f.item, 'corrected_on_site', f.corrected_on_site))
                       FROM findings f WHERE f.inspection_id = r.inspection_id)) AS outs
            FROM records r JOIN inspections i ON i.id = r.inspection_id
            LEFT JOIN amendments a
            ON a.inspection_id = r.inspection_id AND a.number = {NEWEST.format("r.inspection_id")}
            WHERE r.clinic_id = ? AND r.kind IN ({marks_for(kinds)}) AND r.inspection_id <> ?
            AND ifnull(a.kind, '') <> ? AND (r.inspected_on, r.sealed_at) < (
                ?, ifnull((SELECT sealed_at FROM records WHERE inspection_id = ?), '~'))
            ORDER BY r.inspected_on DESC, r.sealed_at DESC LIMIT ?
            """,
            [clinic_id, *kinds, inspection_id, VOID, on.isoformat(), inspection_id, at_most],
        )
        return tuple(map(_past, rows))

    def later(self, inspection: Inspection) -> Iterable[tuple[str, Mapping[str, Any]]]:
        """The visits of that kind at that clinic after one, oldest first, each with its document as it stands; no void
        ones."""
        rows = self._db.execute(
            f"""
            SELECT r.inspection_id, iif(a.number, a.document, r.document) AS document FROM records r
            LEFT JOIN amendments a
            ON a.inspection_id = r.inspection_id AND a.number = {NEWEST.format("r.inspection_id")}
            WHERE r.clinic_id = ? AND r.kind = ? AND r.inspection_id <> ? AND ifnull(a.kind, '') <> ?
            AND (r.inspected_on, r.sealed_at) > (?, (SELECT sealed_at FROM records WHERE inspection_id = ?))
            ORDER BY r.inspected_on, r.sealed_at
            """,
            (
                inspection.clinic_id,
                inspection.kind,
                inspection.id,
                VOID,
                inspection.inspected_on.isoformat(),
                inspection.id,
            ),
        ).fetchall()
        for row in rows:
            yield row["inspection_id"], from_json(row["document"])

    def shared(self, clinic_id: str) -> frozenset[str]:
        """The self-audits that the clinic shows to the agency."""
        rows = self._db.execute(
            """
            SELECT s.inspection_id FROM shared_visits s JOIN records r ON r.inspection_id = s.inspection_id
            WHERE r.clinic_id = ?
            """,
            (clinic_id,),
        )
        return frozenset(row["inspection_id"] for row in rows)

    def fingerprints(self) -> Iterable[tuple[str, str, str]]:
        """Inspection, SHA-256 and document of every record, for a check."""
        for row in self._db.execute("SELECT inspection_id, sha256, document FROM records"):
            yield row["inspection_id"], row["sha256"], row["document"]

    def _outcomes(self, clinic_id: str, kind: str, order: str, at_most: int) -> tuple[Outcome, ...]:
        rows = self._db.execute(
            f"""
            {_STANDING} WHERE r.clinic_id = ? AND r.kind = ? AND ifnull(a.kind, '') <> ?
            ORDER BY r.inspected_on {order}, r.sealed_at {order} LIMIT ?
            """,
            (clinic_id, kind, VOID, at_most),
        )
        return tuple(map(_outcome, rows))

    def _close(self, inspection: Inspection) -> None:
        self._db.execute(
            "UPDATE inspections SET state = ?, finished_at = ?, rev = rev + 1 WHERE id = ?",
            (SEALED, maybe_to_instant(inspection.finished_at), inspection.id),
        )

    def _keep_finding(self, inspection: Inspection, finding: Finding) -> None:
        row = _finding_row(inspection, finding)
        self._db.execute(
            f"INSERT INTO findings ({', '.join(row)}) VALUES ({marks_for(row)})", [*row.values()]
        )

    def _count(self, inspection: Inspection, entry: Rated, by: int = 1) -> None:
        failed = by * int(entry.mark == OUT)
        self._db.execute(
            """
            INSERT INTO item_months (kind, clinic_id, item, month, rated, failed) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed
            """,
            (
                inspection.kind,
                inspection.clinic_id,
                entry.item,
                f"{inspection.inspected_on:%Y-%m}",
                by,
                failed,
            ),
        )
        self._db.execute(
            """
            INSERT INTO item_totals (kind, item, rated, failed) VALUES (?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET rated = rated + excluded.rated, failed = failed + excluded.failed
            """,
            (inspection.kind, entry.item, by, failed),
        )


def _past(row: Any) -> Past:
    outs: dict[str, bool] = {}
    for found in from_json(row["outs"]):
        # Of several practitioners it was corrected when it was for all.
        outs[found["item"]] = bool(found["corrected_on_site"]) and outs.get(found["item"], True)
    asked = from_json(row["scope"])
    return Past(from_day(row["inspected_on"]), row["purpose"], outs, frozenset(asked) if asked else None)


def _finding_row(inspection: Inspection, finding: Finding) -> Mapping[str, Any]:
    return {
        "inspection_id": inspection.id,
        "item": finding.item,
        "person": to_person(finding.person),
        "clinic_id": inspection.clinic_id,
        "kind": inspection.kind,
        "number": finding.number,
        "severity": finding.severity,
        "standing": finding.standing,
        "corrected_on_site": int(finding.corrected_on_site),
        "correct_by": finding.correct_by.isoformat(),
        "stop": int(finding.stop),
        "note": finding.note,
        "corrective": finding.corrective,
        "repeats": len(finding.repeats),
    }


def _outcome(row: Any) -> Outcome:
    return Outcome(
        inspection_id=row["inspection_id"],
        clinic_id=row["clinic_id"],
        kind=row["kind"],
        inspected_on=from_day(row["inspected_on"]),
        sealed_at=from_instant(row["sealed_at"]),
        status=row["status"],
        score=row["score_tenths"],
        findings=row["findings"],
        open_findings=row["open_findings"],
        amended=row["amended"],
    )
