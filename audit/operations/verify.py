"""Is everything as it was sealed? Recomputed from the ledger, the files, the seals and the anchors kept outside."""

import hashlib
import json
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from audit.domain import amendments, records
from audit.domain.canonical import instant_text, plain
from audit.domain.inspections import SEALED
from audit.domain.problems import Problem
from audit.domain.tongue import speaking
from audit.domain.visits import Visit
from audit.languages import tongue
from audit.operations import retention
from audit.operations.desk import Desk
from audit.operations.inspections import load
from audit.operations.reports import AMENDED, RECORD, RECORD_FILE, original_language
from audit.operations.stamping import STAMPED
from audit.store.ledger import Erasure, make_folder
from reports import archive, seal, stamp

BROKEN = (ArithmeticError, AttributeError, LookupError, Problem, RecursionError, TypeError, ValueError)
# What a file is that is none of those issued here, by the state of its seal.
_NOT_OURS = {
    seal.UNCHANGED: "sealed here and issued to nobody: its visit is not in this folder",
    seal.CHANGED: "changed after sealing",
    seal.EXTENDED: "extended after sealing: something was added behind the seal",
    seal.UNSEALED: "without a seal: never sealed, or the seal was taken off",
    seal.FOREIGN: "sealed by somebody else",
    seal.UNREADABLE: "no PDF that can be read",
}
ANCHORS, ANCHOR = "anchors", "clinic-audit/anchor/1"
LARGEST_RECORD = 64 * 1024 * 1024
# What a visit's own rows and its record both say. Sentences are left out: a later version may say them better.
_SAID = ("id", "kind", "purpose", "facts", "started_at", "finished_at", "inspected_on", "time_zone", "inspector",
         "practitioners", "present", "remarks", "signatures")  # fmt: skip
_ANSWER = ("item", "person", "rev", "mark", "derived", "values", "absent", "note", "reason", "corrected_on_site",
           "correct_by", "preset", "photos", "by", "answered_at")  # fmt: skip
_MOST_JUDGED = 4096
_JUDGED: OrderedDict[tuple[str, tuple[str, ...]], tuple[str, str]] = OrderedDict()
Counts = Counter[tuple[str, str, str, str, bool]]


@dataclass(frozen=True)
class Verdict:
    """What was looked at, and every difference, in words; none means that all is as it was sealed."""

    faults: tuple[str, ...]
    visits: int
    reports: int
    anchors: int
    lines: int
    head: str
    erased: tuple[tuple[str, date], ...] = ()
    unstamped: int = 0


def verify(desk: Desk) -> Verdict:
    """Look at everything once more. Takes some milliseconds a visit and 50 for each report.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("trail.read")
    ledger = desk.ledger
    with ledger.reading():
        faults = [*ledger.differences()]
        chain = ledger.trail.verify()
        if not faults:  # what follows reads rows as they are, and has nothing to say of broken ones
            faults += _readable(_visits(desk))
            faults += _readable(_reports(desk))
            faults += _readable(_stamps(desk))
        anchors = sorted((desk.data / ANCHORS).glob("*.json"))
        faults += [words for path in anchors for words in _anchor(desk, path)]
        visits, drawn = (0, 0) if faults else _looked_at(desk)
        gone = tuple((one.inspection_id, one.at.date()) for one in ledger.erasing.all())
        bare = ledger.stamps.count_wanted()
        told = tuple(dict.fromkeys(faults))
        return Verdict(told, visits, drawn, len(anchors), chain.length, chain.head, gone, bare)


def _looked_at(desk: Desk) -> tuple[int, int]:
    return sum(1 for _ in desk.ledger.records.fingerprints()), len(desk.ledger.reports.all())


def _readable(found: Iterable[str]) -> Iterator[str]:
    """What is found, and that some of it cannot be read, where that is so."""
    try:
        yield from found
    except BROKEN as error:
        yield f"the database holds what clinic-audit never wrote ({type(error).__name__})"


# visits -------------------------------------------------------------------------------------------------------


def _visits(desk: Desk) -> Iterator[str]:
    counts: Counts = Counter()
    sealed_ids = set()
    for inspection_id, _, _ in desk.ledger.records.fingerprints():
        sealed_ids.add(inspection_id)
        visit = load(desk.ledger, desk.ledger.inspections.get(inspection_id))
        record = desk.ledger.records.get(inspection_id)
        yield from _visit(visit, record)
        made = desk.ledger.amendments.of(inspection_id)
        if not amendments.is_void(made):
            counts.update(_counted(amendments.corrected(visit, made)))
    for one in desk.ledger.erasing.all():
        counts.update(_counted_then(desk, one))
    erased = desk.ledger.erasing.ids()
    for inspection_id in desk.ledger.inspections.ids(SEALED):
        if inspection_id not in sealed_ids | erased:
            yield f"visit {inspection_id} is called sealed and has no record"
    if +counts != +desk.ledger.records.counted():
        yield "what is counted of items by month is not what the records say"


def _visit(visit: Visit, record: records.Sealed) -> Iterator[str]:
    """The rows of a visit against its record, read by the rules again."""
    inspection_id, document = visit.inspection.id, record.document
    if visit.inspection.state != SEALED:
        yield f"visit {inspection_id} has a record and is not called sealed"
        return
    with speaking(tongue(original_language(record))):
        people = records.people_in(visit)
        built = records.build(visit, visit.inspection.started_at, (), dict.fromkeys(people, "")).document
    if any(built[part] != document[part] for part in _SAID) or (
        built["clinic"]["profile"] != document["clinic"]["profile"]
        or built["clinic"]["id"] != document["clinic"]["id"]
        or built["checklist"]["sha256"] != document["checklist"]["sha256"]
    ):
        yield f"what is kept of visit {inspection_id} is not what was sealed"
    if _answers(built) != _answers(document):
        yield f"the answers of visit {inspection_id} are not those that were sealed"
    there = {
        visit.inspection.inspector_id,
        *document["present"],
        *(row["person"] for row in document["signatures"]),
    }
    for key in there & record.persons.keys():
        kept = {name: value for name, value in record.persons[key].items() if name != "salt"}
        if plain(people.get(key)) != kept:
            yield f"the names kept with visit {inspection_id} are not those that were sealed"


def _answers(document: dict[str, Any]) -> list[list[Any]]:
    rows = (*document["answers"], *document["kept_aside"])
    return [[row[part] for part in _ANSWER] for row in rows]


def _counted(visit: Visit) -> Iterator[tuple[str, str, str, str, bool]]:
    inspection = visit.inspection
    month = f"{inspection.inspected_on:%Y-%m}"
    for item, failed in retention.counted(visit):
        yield inspection.kind, inspection.clinic_id, item, month, failed


def _counted_then(desk: Desk, one: Erasure) -> Iterator[tuple[str, str, str, str, bool]]:
    """How an erased visit was counted: counts name nobody, so they stay."""
    inspection = desk.ledger.inspections.get(one.inspection_id)
    month = f"{inspection.inspected_on:%Y-%m}"
    for item, failed in one.counts:
        yield inspection.kind, inspection.clinic_id, item, month, failed


# reports ------------------------------------------------------------------------------------------------------


def _reports(desk: Desk) -> Iterator[str]:
    authorities = desk.ledger.keys.authorities()
    for report in desk.ledger.reports.all():
        if not report.number:  # drawn before reports were sealed
            continue
        words = f"the report {report.number} of visit {report.inspection_id}"
        state, carries = _judged(desk, report.sha256, authorities)
        if state != seal.UNCHANGED:
            yield f"{words} is {state}"
        elif carries != _told_of(desk, report.inspection_id, report.kind):
            yield f"{words} does not carry the record that is kept"


def _stamps(desk: Desk) -> Iterator[str]:
    """Every time stamp against the file it is of, and against the line that tells of it."""
    told = {line.object: line.detail["token"] for line in desk.ledger.trail.told((STAMPED,))}
    kept = {one.sha256: one for one in desk.ledger.stamps.all()}
    for name in told.keys() - kept.keys():
        yield f"the time stamp of the report {name} is missing"
    for name, one in kept.items():
        if told.get(name) != hashlib.sha256(one.token.encode()).hexdigest():
            yield f"the time stamp of the report {name} is not the one that was received"
            continue
        try:
            found = stamp.judged(one.token, name)
        except stamp.NoStamp as problem:
            yield f"the time stamp of the report {name}: {problem}"
            continue
        if (found.at.replace(microsecond=0), found.by) != (one.at, one.by):
            yield f"what is listed of the time stamp of the report {name} was changed"


def _told_of(desk: Desk, inspection_id: str, kind: str) -> str:
    """The SHA-256 of the record that a kind of report carries; empty for one that carries none."""
    if kind == RECORD:
        return desk.ledger.records.get(inspection_id).sha256
    name, _, number = kind.rpartition("-")
    found = desk.ledger.amendments.document(inspection_id, int(number)) if name == AMENDED else None
    return found[0] if found else ""


def _judged(desk: Desk, sha256: str, authorities: Mapping[str, bytes]) -> tuple[str, str]:
    """The state of a report's seal, and the SHA-256 of the record it carries. A file is known by its SHA-256, which
    was compared before; what was judged once under these authorities is not judged again."""
    key = sha256, tuple(authorities)
    known = _JUDGED.get(key)
    if known is None:
        data = desk.ledger.reports.path(sha256).read_bytes()
        state = seal.judge(data, [*authorities.values()]).state
        carried = archive.carried(data, RECORD_FILE, LARGEST_RECORD) if state == seal.UNCHANGED else None
        known = _JUDGED[key] = state, "" if carried is None else hashlib.sha256(carried).hexdigest()
        while len(_JUDGED) > _MOST_JUDGED:
            _JUDGED.popitem(last=False)
    return known


def of_file(desk: Desk, data: bytes) -> tuple[bool, str]:
    """Is a PDF from elsewhere a report as it was issued here? Whether it is, and in words what it is.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("trail.read")
    name = hashlib.sha256(data).hexdigest()
    if desk.ledger.reports.by_file(name) is not None:
        return True, "unchanged since issue"
    if desk.ledger.erasing.of_report(sha256=name) is not None:
        return True, "unchanged since issue; its visit was erased here under retention"
    judged = seal.judge(data, [*desk.ledger.keys.authorities().values()])
    return False, _NOT_OURS[judged.state]


# anchors ------------------------------------------------------------------------------------------------------


def anchor_name(at: datetime) -> str:
    """The name of the file of that day."""
    return f"{at:%Y-%m-%d}.json"


def anchor(desk: Desk, folder: Path | None = None) -> Path:
    """Write the head of the trail of this day to a file; one that is there already stays. Kept outside the machine, it
    proves that nothing before it was changed.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("trail.read")
    chain = desk.ledger.trail.verify()
    path = (folder or desk.data / ANCHORS) / anchor_name(desk.now)
    make_folder(path.parent.absolute())
    found = {"format": ANCHOR, "at": instant_text(desk.now), "lines": chain.length, "head": chain.head}
    try:
        with path.open("x", encoding="utf-8") as file:
            json.dump(found, file, indent=1)
            file.write("\n")
    except FileExistsError:
        pass
    return path


def _anchor(desk: Desk, path: Path) -> Iterator[str]:
    try:
        found = json.loads(path.read_text("utf-8"))
        lines, head = int(found["lines"]), str(found["head"])
        known = found["format"] == ANCHOR
    except (AttributeError, LookupError, TypeError, ValueError):
        known = False
    if not known:
        yield f"{ANCHORS}/{path.name} is no anchor"
    elif desk.ledger.trail.hash_at(lines) != head:
        yield f"the trail is not the one that {ANCHORS}/{path.name} remembers at line {lines}"
