"""Does everything that stands beside a seal still say what was sealed? Every difference is named; nothing is changed.

More than a backup's check: amendments, authorities, checklists and every column of a report are held against the
trail, whose lines nobody can change unseen.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.domain import amendments
from audit.domain.actions import ACCEPTED, CONFIRMED, FIXED, FOUND_AGAIN, SENT_BACK
from audit.domain.canonical import instant_text, plain
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.problems import Problem
from audit.domain.scoring import tenths
from audit.store.backups import ERASED_DEEDS, SEALED_DEEDS, Check
from audit.store.belongings import opened_of, step_of
from audit.store.database import driver
from audit.store.files import fingerprint
from audit.store.trail import Line

AMENDED_DEEDS = tuple(f"{kind}.{deed}" for kind in (INSPECTION, SELF_AUDIT) for deed in ("amended", "voided"))
STEP_DEEDS = tuple(f"action.{kind}" for kind in (FIXED, SENT_BACK, ACCEPTED, CONFIRMED, FOUND_AGAIN))
_WRONG_STATES = """
    SELECT id, state FROM actions a WHERE state <> ifnull(
        (SELECT kind FROM action_steps WHERE action_id = a.id ORDER BY seq DESC LIMIT 1), 'open')
"""
# The line tells of the action, which was made with these columns of its finding.
_UNLIKE_THEIR_ACTION = """
    SELECT a.id FROM findings f JOIN actions a USING (inspection_id, item, person) WHERE f.amendment <> 0
    AND (f.clinic_id, f.kind, f.number, f.severity, f.correct_by)
        IS NOT (a.clinic_id, a.kind, a.number, a.severity, a.correct_by)
"""
KEY_DEEDS = ("seal-key.made", "seal-key.imported")
# What a row damaged by hand makes a reader say.
BROKEN = (ArithmeticError, AttributeError, LookupError, Problem, RecursionError, TypeError, ValueError)


class Evidence(Check):
    """Looks at a whole ledger and its files; ``faults`` names what differs."""

    def __init__(self, db: Database, folder: Path) -> None:
        super().__init__(db, folder, {}, [])

    def look(self) -> tuple[str, ...]:
        """Every difference, each once.

        A ledger so damaged that reading it fails says so, besides what was found before.
        """
        try:
            self.verdict()
            for part in (self._amendments, self._authorities, self._checklists, self._issued, self._recorded):
                part()
            self._beside()
            self._steps()
            self._opened()
            self._reopened()
        except driver.DatabaseError as error:
            self.faults.append(f"the database cannot be read: {error}")
        except BROKEN:
            self.faults.append("the database holds what clinic-audit never wrote")
        return tuple(dict.fromkeys(self.faults))

    def _amendments(self) -> None:
        told = {
            (line.object, int(line.detail["number"])): line
            for line in self.kept.trail.told(AMENDED_DEEDS)
            if line.object not in self.erased
        }
        rows = {}
        for row in self.db.execute("SELECT * FROM amendments ORDER BY inspection_id, number"):
            rows[row["inspection_id"], row["number"]] = row
            if not self._is_as_amended(row, told.get((row["inspection_id"], row["number"]))):
                self.faults.append(f"amendment {row['number']} of visit {row['inspection_id']} was changed")
        for visit, number in sorted(told.keys() - rows.keys()):
            self.faults.append(f"amendment {number} of visit {visit} is missing")

    def _is_as_amended(self, row: Any, line: Line | None) -> bool:
        if line is None or fingerprint(row["document"].encode()) != row["sha256"] != "":
            return False
        found = self.kept.amendments.document(row["inspection_id"], row["number"])
        assert found is not None
        document, made = found[1], self.kept.amendments.of(row["inspection_id"])[: row["number"]]
        findings, result = document["findings"], document["result"]
        main = result["score" if result["scheme"] == "deduction" else "percent"]
        still_open = sum(not finding["corrected_on_site"] for finding in findings)
        listed = (row["status"], tenths(row["score_tenths"]), row["findings"], row["open_findings"])
        trail = (line.detail["record"], line.actor, instant_text(line.at))
        return (
            document["amendments"] == [plain(amendments.told(one)) for one in made]
            and listed == (result["status"], main, len(findings), still_open)
            and trail == (row["sha256"], row["author"], row["at"])
        )

    def _beside(self) -> None:
        """What belongs to each visit beside its record; seals of old did not say."""
        for line in self.kept.trail.told(SEALED_DEEDS):
            wanted = line.detail.get("beside")
            if wanted and line.object not in self.erased and self.kept.belongings(line.object) != wanted:
                self.faults.append(f"what was entered for visit {line.object} is not what was sealed")

    def _opened(self) -> None:
        """What amendments found, and the actions they opened, against the lines that tell of it."""
        gone = {one for line in self.kept.trail.told(ERASED_DEEDS) for one in line.detail["actions"]}
        told = {line.object: line.detail["opened"] for line in self.kept.trail.told(("action.opened",))}
        for action, wanted in told.items():
            if action not in gone and opened_of(self.db, action) != wanted:
                self.faults.append(f"action {action} is not the one that an amendment opened")
        rows = self.db.execute(
            """
            SELECT a.id FROM findings f LEFT JOIN actions a USING (inspection_id, item, person) WHERE f.amendment <> 0
            """
        )
        if any(row["id"] not in told for row in rows.fetchall()):
            self.faults.append("a finding is listed that no amendment found")
        for row in self.db.execute(_UNLIKE_THEIR_ACTION).fetchall():
            self.faults.append(f"the finding of action {row['id']} is not the one that an amendment found")

    def _reopened(self) -> None:
        """What was opened again after a closure, against the last line that tells of it; older ones did not say the day."""
        told = {line.detail["closure"]: line.detail for line in self.kept.trail.told(("closure.ended",))}
        for row in self.db.execute("SELECT id, inspection_id, reopened_by, reopened_on FROM closures"):
            line = told.get(row["id"], {})
            same = row["reopened_by"] == line.get("visit")
            on = line.get("on", row["reopened_on"] if row["reopened_by"] else None)
            if not same or row["reopened_on"] != on:
                self.faults.append(
                    f"a closure of visit {row['inspection_id']} was not opened again as is said"
                )

    def _steps(self) -> None:
        """Every step of every action against the line that tells of it, and the state against the last step."""
        steps: dict[str, list[int]] = {}
        for row in self.db.execute("SELECT action_id, seq FROM action_steps ORDER BY seq"):
            steps.setdefault(row["action_id"], []).append(row["seq"])
        erased = {one for line in self.kept.trail.told(ERASED_DEEDS) for one in line.detail["actions"]}
        told: dict[str, list[str]] = {}
        for line in self.kept.trail.told(STEP_DEEDS):
            told.setdefault(line.object, []).append(line.detail.get("step", ""))
        for action in sorted(steps.keys() | told.keys()):
            seqs, lines = steps.get(action, []), told.get(action, [])
            if not seqs and action in erased:
                continue
            same = len(seqs) == len(lines) and all(
                wanted in ("", step_of(self.db, seq)) for seq, wanted in zip(seqs, lines, strict=True)
            )
            if not same:
                self.faults.append(f"the steps of action {action} are not those that were taken")
        for row in self.db.execute(_WRONG_STATES):
            self.faults.append(f"action {row['id']} is called {row['state']}, and its steps say otherwise")

    def _authorities(self) -> None:
        told = {one for line in self.kept.trail.told(KEY_DEEDS) for one in line.detail["authorities"]}
        rows = {
            row["sha256"]: row["certificate"].encode() for row in self.db.execute("SELECT * FROM authorities")
        }
        for sha256, certificate in rows.items():
            if sha256 not in told or fingerprint(certificate) != sha256:
                self.faults.append(f"the authority {sha256} was never made or imported here")
        self.faults += [f"the authority {sha256} is missing" for sha256 in sorted(told - rows.keys())]

    def _checklists(self) -> None:
        for row in self.db.execute("SELECT sha256, document FROM checklists"):
            if fingerprint(row["document"].encode()) != row["sha256"]:
                self.faults.append(f"the checklist {row['sha256']} was changed")

    def _issued(self) -> None:
        """Every column of the list of reports against the line that tells of the drawing."""
        told = {
            (line.object, line.detail["sha256"]): line for line in self.kept.trail.told(("report.drawn",))
        }
        first = {line.object: line for line in self.kept.trail.told(SEALED_DEEDS)}
        made: dict[tuple[str, str], set[str]] = {}
        for row in self.db.execute("SELECT inspection_id, sha256, made_at FROM reports"):
            made.setdefault((row["inspection_id"], row["sha256"]), set()).add(row["made_at"])
        for report in self.kept.reports.all():
            line = told.get((report.inspection_id, report.sha256))
            wanted: Mapping[str, Any]
            if line is None:
                line = first[report.inspection_id]
                agency = self.kept.records.get(report.inspection_id).document["agency"]
                wanted = {
                    **line.detail,
                    "kind": "record",
                    "paper": agency["paper"],
                    "language": agency.get("language", "en"),
                }
            else:
                wanted = line.detail
            path = self.kept.reports.path(report.sha256)
            same = (
                report.kind == wanted["kind"]
                and report.paper == wanted["paper"]
                and report.language == wanted.get("language", "en")
                and report.number == wanted.get("number", "")
                and made[report.inspection_id, report.sha256] == {instant_text(line.at)}
                and (not path.is_file() or path.stat().st_size == report.size)
            )
            if not same:
                self.faults.append(f"what is listed of a report of visit {report.inspection_id} was changed")

    def _recorded(self) -> None:
        """When a record was sealed, and the size of its photos, as listed and as sealed."""
        for row in self.db.execute("SELECT inspection_id, sealed_at FROM records"):
            document = self.kept.records.get(row["inspection_id"]).document
            if row["sealed_at"] != document["sealed_at"]:
                self.faults.append(f"the time of the seal of visit {row['inspection_id']} was changed")
            for photo in document["photos"]:
                facts = self.kept.photos.find(photo["sha256"])
                wanted = (photo["width"], photo["height"], photo["bytes"])
                if facts is None:
                    self.faults.append(f"photo {photo['sha256']} is missing")
                elif tuple(map(str, (facts.width, facts.height, facts.size))) != wanted:
                    self.faults.append(f"what is listed of photo {photo['sha256']} was changed")
