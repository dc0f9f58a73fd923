"""Copies of a whole data folder, and the proof that a copy is whole.

A backup has the layout of a data folder, so restoring is: copy it to where the data shall be. Order: database
first, then files; a row without its file is a fault, a file without a row is litter. The secret key stays behind:
a restored installation makes its own, and everybody signs in anew.
"""

import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from audit.domain.canonical import instant_text
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.domain.problems import Unfit
from audit.domain.records import person_hash
from audit.domain.scoring import tenths
from audit.domain.tongue import say
from audit.store import database
from audit.store.database import LEDGER_FILE, driver, sync_folder
from audit.store.files import DRAFT, fingerprint, fingerprint_of_file, make_folder
from audit.store.shelves import Shelves

MANIFEST = "manifest.json"
FORMAT = "clinic-audit/backup/1"
FOLDERS = ("originals", "photos", "reports")
ERASED_DEEDS = (f"{INSPECTION}.erased", f"{SELF_AUDIT}.erased")
SEALED_DEEDS = (f"{INSPECTION}.sealed", f"{SELF_AUDIT}.sealed")
DRAWN_DEED = "report.drawn"


@dataclass(frozen=True)
class Made:
    """A finished backup: where, how many files it holds, how many were copied just now, the trail's head, and how many
    files of visits that were erased since were removed from it."""

    folder: Path
    files: int
    copied: int
    trail_head: str
    removed: int = 0


@dataclass(frozen=True)
class Verdict:
    """What a check of a backup found; no faults means that it can be restored."""

    faults: tuple[str, ...]
    photos: int
    reports: int
    records: int
    trail_lines: int

    @property
    def sound(self) -> bool:
        return not self.faults


def back_up(db: Database, data: Path, target: Path, now: datetime) -> Made:
    """Copy a data folder, with its open database, to another folder, while others go on writing.

    The same folder may be used again: only files it does not hold yet are copied, the database always is. It is
    a backup only once its manifest is written, which happens last.

    Raises:
        Unfit: when the folder is the data folder, lies in it, or holds something else.
    """
    _check_target(data, target)
    make_folder(target.absolute())
    before = _manifest(target)
    (target / MANIFEST).unlink(missing_ok=True)
    database.copy(db, target / LEDGER_FILE)
    hashes, copied = _copy_files(data, target, before.get("files", {}))
    removed = _forget_files(db, target, hashes)
    copy = database.connect_frozen(target / LEDGER_FILE)
    try:
        head = Shelves(copy, target).trail.head
    finally:
        copy.close()
    manifest = {
        "format": FORMAT,
        "made_at": instant_text(now),
        "trail_head": head,
        "database": fingerprint_of_file(target / LEDGER_FILE),
        "files": hashes,
    }
    _write(target / MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
    return Made(target, len(hashes), copied, head, removed)


def _check_target(data: Path, target: Path) -> None:
    here, there = data.resolve(), target.resolve()
    if there == here or here in there.parents or there in here.parents:
        raise Unfit(say("A backup must lie outside the data folder, best on another machine."))
    if target.exists() and not target.is_dir():
        raise Unfit(f"{target} is no folder.")
    if target.is_dir() and any(target.iterdir()) and not (target / LEDGER_FILE).exists():
        raise Unfit(f"{target} holds something that is no backup. Choose an empty folder.")


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest, or nothing when there is none that this program wrote."""
    if not _regular(folder, MANIFEST):
        return {}
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return {}
    files = found.get("files")
    if not isinstance(files, dict) or not all(isinstance(sha256, str) for sha256 in files.values()):
        return {}
    return found


def _regular(folder: Path, name: str) -> bool:
    """Is that a file of its own inside the folder? A link leads elsewhere; reading a pipe would never end."""
    path = folder
    for part in name.split("/")[:-1]:
        path = path / part
        if not stat.S_ISDIR(_mode(path)):
            return False
    return stat.S_ISREG(_mode(folder / name))


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except (OSError, ValueError):
        return 0


def _is_name(name: str) -> bool:
    """May a file of a backup be called that? It is below one of its folders and says so plainly."""
    folder, *rest = name.split("/")
    plain = not any(letter in name for letter in "\\:\0") and name.isprintable()
    return folder in FOLDERS and bool(rest) and plain and not {"", ".", ".."} & set(rest)


def _copy_files(data: Path, target: Path, known: dict[str, str]) -> tuple[dict[str, str], int]:
    """Copy what the target lacks. Files are named by content and never change, so a name that is there will do."""
    hashes, copied = {}, 0
    for path in _files(data):
        name = path.relative_to(data).as_posix()
        there = target / name
        if name in known and _regular(target, name) and there.stat().st_size == path.stat().st_size:
            hashes[name] = known[name]
            continue
        make_folder(there.parent)
        draft = there.with_name(f"{DRAFT}{there.name}")
        shutil.copyfile(path, draft)
        with open(draft, "rb+") as file:
            os.fsync(file.fileno())
        hashes[name] = fingerprint_of_file(draft)
        os.replace(draft, there)
        copied += 1
    for folder in {(target / name).parent for name in hashes}:
        sync_folder(folder)
    return hashes, copied


def _forget_files(db: Database, target: Path, kept: Mapping[str, str]) -> int:
    """Remove what an earlier backup copied here of visits that were erased since. Nothing else is ever removed: a file
    that the data folder lacks may be the last one there is."""
    removed = 0
    for one in Shelves(db, target).erasing.all():
        for name in one.files:
            if name not in kept and _is_name(name) and _regular(target, name):
                (target / name).unlink()
                removed += 1
    return removed


def _files(data: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        for path in sorted((data / folder).rglob("*")):
            if path.is_file() and not path.name.startswith(DRAFT):
                yield path


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{DRAFT}{path.name}")
    with open(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(path.parent)


def verify(folder: Path) -> Verdict:
    """Check a backup without changing it: database, trail, records, and every photo and report by its hash.

    Raises:
        Unfit: when there is nothing to check.
    """
    if not (folder / LEDGER_FILE).is_file():
        raise Unfit(f"There is no backup in {folder}.")
    if not _regular(folder, LEDGER_FILE):
        return Verdict((f"{LEDGER_FILE} is no file of its own",), 0, 0, 0, 0)
    manifest = _manifest(folder)
    faults = [] if manifest else ["the manifest is missing or is none: this backup was not finished"]
    if manifest and fingerprint_of_file(folder / LEDGER_FILE) != manifest.get("database"):
        faults.append("the database is not the one that was backed up")
    try:
        db = database.connect_frozen(folder / LEDGER_FILE)
        try:
            return Check(db, folder, manifest, faults).verdict()
        finally:
            db.close()
    except driver.DatabaseError as error:
        faults.append(f"the database cannot be read: {error}")
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        faults.append("the database holds what clinic-audit never wrote")
    return Verdict(tuple(faults), 0, 0, 0, 0)


class Check:
    """Looks at everything in a copy and lists what is wrong in ``faults``."""

    def __init__(self, db: Database, folder: Path, manifest: dict[str, Any], faults: list[str]) -> None:
        self.db, self.kept = db, Shelves(db, folder)
        self.folder, self.manifest, self.faults = folder, manifest, faults
        self.erased: set[str] = set()

    def verdict(self) -> Verdict:
        self._database()
        chain = self.kept.trail.verify()
        if not chain.sound:
            self.faults.append(chain.words)
        if self.manifest and chain.head != self.manifest.get("trail_head"):
            self.faults.append("the trail is not the one that was backed up")
        self.erased = self.kept.erasing.ids()
        self._erasures()
        records = self._records()
        photos, reports = self._photos(), self._reports()
        for name, sha256 in self.manifest.get("files", {}).items():
            self._file(name, sha256)
        return Verdict(tuple(dict.fromkeys(self.faults)), photos, reports, records, chain.length)

    def _database(self) -> None:
        found = self.db.execute("PRAGMA integrity_check").fetchall()
        self.faults += [row[0] for row in found if row[0] != "ok"]
        lost = self.db.execute("PRAGMA foreign_key_check").fetchall()
        if lost:
            self.faults.append(f"{len(lost)} rows of the database point nowhere")

    def _records(self) -> int:
        """Every record against the hash that the trail says was sealed, and its names against their hashes."""
        sealed = self._sealed("record")
        found = set()
        for inspection_id, sha256, document in self.kept.records.fingerprints():
            found.add(inspection_id)
            if not sha256 == fingerprint(document.encode()) == sealed.get(inspection_id):
                self.faults.append(f"the record of visit {inspection_id} was changed")
            kept = self.kept.records.get(inspection_id)
            hashes = {key: person_hash(person) for key, person in kept.persons.items()}
            if hashes != kept.document["persons"]:
                self.faults.append(f"the names in the record of visit {inspection_id} were changed")
            if not self._fits(inspection_id, kept.document):
                self.faults.append(f"the result listed for visit {inspection_id} is not that of its record")
        for inspection_id in sealed.keys() - found - self.erased:
            self.faults.append(f"the record of visit {inspection_id} is missing")
        return len(found)

    def _erasures(self) -> None:
        """Every visit that is called erased, against the line that tells of it, its seal and its reports."""
        told = {line.object: line for line in self.kept.trail.told(ERASED_DEEDS)}
        rows = {one.inspection_id: one for one in self.kept.erasing.all()}
        sealed = {line.object: line.detail["record"] for line in self.kept.trail.told(SEALED_DEEDS)}
        drawn = self._drawn()
        self.faults += [
            f"what remains of the erased visit {visit} is missing" for visit in told.keys() - rows.keys()
        ]
        for visit, one in rows.items():
            line = told.get(visit)
            reports = {sha256 for _, sha256, _ in one.reports}
            if line is None or line.detail["erasure"] != one.sha256 or line.at != one.at:
                self.faults.append(f"visit {visit} is called erased, and the trail does not say so")
            elif one.record != sealed.get(visit, "") or reports != {
                name for where, name in drawn if where == visit
            }:
                self.faults.append(f"what remains of the erased visit {visit} is not what was sealed")
            if self.kept.records.find(visit) is not None:
                self.faults.append(f"visit {visit} was erased and still has a record")
        if self.kept.erasing.half_done():
            self.faults.append("a visit is marked as going, and is still there")

    def _drawn(self) -> set[tuple[str, str]]:
        """Every report that was ever drawn, as the trail has it: of which visit, and its SHA-256."""
        sealed = {(line.object, line.detail["report"]) for line in self.kept.trail.told(SEALED_DEEDS)}
        return sealed | {(line.object, line.detail["sha256"]) for line in self.kept.trail.told((DRAWN_DEED,))}

    def _fits(self, inspection_id: str, document: Mapping[str, Any]) -> bool:
        """Is what stands beside the document, for lists and trends, what stands in it?"""
        row, found, result = (
            self.kept.records.as_sealed(inspection_id),
            document["findings"],
            document["result"],
        )
        still_open = sum(not finding["corrected_on_site"] for finding in found)
        main = result["score" if result["scheme"] == "deduction" else "percent"]
        listed = (row.clinic_id, row.kind, row.inspected_on.isoformat(), row.status)
        counted = (row.findings, row.open_findings, tenths(row.score))
        return (
            listed == (*_told(document), result["status"])
            and counted == (len(found), still_open, main)
            and self._findings(inspection_id) == sorted(map(_finding, found))
        )

    def _findings(self, inspection_id: str) -> list[tuple[str, ...]]:
        """The findings listed beside a record, as it would spell them."""
        rows = self.db.execute(
            "SELECT * FROM findings WHERE inspection_id = ? AND amendment = 0", (inspection_id,)
        )
        return sorted(_finding(row) for row in rows)

    def _sealed(self, what: str) -> dict[str, str]:
        """By visit, the hash of its record or report as the trail has it; nothing is sealed twice."""
        hashes: dict[str, str] = {}
        for line in self.kept.trail.told(SEALED_DEEDS):
            if line.object in hashes:
                self.faults.append(f"line {line.seq} of the trail seals visit {line.object} again")
            hashes.setdefault(line.object, line.detail[what])
        return hashes

    def _photos(self) -> int:
        names = self.kept.photos.names()
        for name in names:
            self._file(f"originals/{name[:2]}/{name}", name)
            # Copies that are missing are made anew from the original; one that leads elsewhere is a fault.
            for copy in self.kept.photos.copies_of(name) if _is_name(name) else ():
                place = copy.relative_to(self.folder).as_posix()
                if not _regular(self.folder, place):
                    self.faults.append(f"{place} is no file of its own, or lies behind a link")
        return len(names)

    def _reports(self) -> int:
        issued = self.kept.reports.all()
        drawn = {row for row in self._drawn() if row[0] not in self.erased}
        listed = {(report.inspection_id, report.sha256) for report in issued}
        for inspection_id, _ in sorted(listed ^ drawn):
            self.faults.append(f"the reports listed for visit {inspection_id} are not those of the trail")
        for report in issued:
            self._file(f"reports/{report.sha256[:2]}/{report.sha256}.pdf", report.sha256)
        return len(issued)

    def _file(self, name: str, sha256: str) -> None:
        if not _is_name(name):
            self.faults.append(f"{name!r} is no name of a file in a backup")
        elif not _mode(self.folder / name):
            self.faults.append(f"{name} is missing")
        elif not _regular(self.folder, name):
            self.faults.append(f"{name} is no file of its own, or lies behind a link")
        elif fingerprint_of_file(self.folder / name) != sha256:
            self.faults.append(f"{name} was changed")


# What the table of findings and a record both tell of one.
_TOLD = ("item", "number", "severity", "standing", "note", "corrective", "correct_by")


def _told(document: Mapping[str, Any]) -> tuple[str, str, str]:
    return document["clinic"]["id"], document["kind"], document["inspected_on"]


def _finding(row: Mapping[str, Any]) -> tuple[str, ...]:
    yes_no = (str(int(row["corrected_on_site"])), str(int(row["stop"])))
    return (row["person"] or "", *(str(row[name]) for name in _TOLD), *yes_no)
