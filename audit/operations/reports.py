"""Reports of sealed visits: drawn once, kept by fingerprint, never drawn again for a download."""

import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from audit.domain import exchange, retelling
from audit.domain.agency import PAPERS
from audit.domain.canonical import canonical
from audit.domain.checklists import Checklist
from audit.domain.clinics import likeness
from audit.domain.inspections import SEALED
from audit.domain.numbers import BITS, number_from
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.records import Sealed
from audit.domain.tongue import ENGLISH, say, speaking
from audit.domain.values import listed
from audit.languages import NAMES, tongue
from audit.operations import fixing, noting, seal_keys
from audit.operations.desk import Desk
from audit.operations.inspections import local_time, open_visit
from audit.store.ledger import Entry, Issued
from reports import content, pdf, seal
from reports.archive import Attached
from reports.values import Answering, Issue

RECORD, OWNER, BLANK = "record", "owner", "blank"
AMENDED, AMENDED_PLAN = "amended", "amended-plan"
AS_AMENDED = (AMENDED, AMENDED_PLAN)
# The re-inspection report: former findings only.
DELTA = "delta"
# What the visit closed, with the acts, the law and the right to a hearing.
NOTICE = "notice"
RECORD_FILE, VISIT_FILE = "record.json", "inspection.json"
KINDS = (RECORD, OWNER, *AS_AMENDED, DELTA, NOTICE)
FILE_WORDS = {
    RECORD: "record",
    OWNER: "action-plan",
    AMENDED: "record-amended",
    AMENDED_PLAN: "action-plan-amended",
    DELTA: "re-inspection",
    NOTICE: "closure-notice",
}


# Drawing takes much processor and memory: one at a time in a process, whatever is asked for at once.
_DRAWING = Lock()


@dataclass(frozen=True)
class Drawn:
    """A report as a sealed file on the shelf, not listed yet; ``number`` is printed on it, ``size`` is in bytes."""

    kind: str
    paper: str
    language: str
    sha256: str
    size: int
    number: str


@dataclass(frozen=True)
class Stored:
    """A report that may be handed out: its file, its fingerprint, and the name it travels under."""

    path: Path
    sha256: str
    filename: str


def draw(
    desk: Desk,
    sealed: Sealed,
    checklist: Checklist,
    kind: str,
    paper: str,
    language: str = "",
    answering: Answering | None = None,
) -> Drawn:
    """Draw a report of a sealed record in a language (else its own), seal the file and put it on the shelf;
    ``list_it`` lists it."""
    keys = seal_keys.keys(desk)
    language = language or original_language(sealed)
    site = desk.ledger.agency.get().site
    number = number_from(secrets.randbits(BITS))
    issue = Issue(number, desk.ledger.trail.head, f"{site}/verify" if site else "", answering)
    data = seal.seal(
        unsealed(desk, sealed, checklist, kind, paper, language, issue), keys, f"Report {number}"
    )
    return Drawn(kind, paper, language, desk.ledger.reports.store(data), len(data), number)


def unsealed(
    desk: Desk, sealed: Sealed, checklist: Checklist, kind: str, paper: str, language: str, issue: Issue
) -> bytes:
    """The report before its seal: the same bytes for the same record and issue, whenever it is drawn."""
    with speaking(tongue(language)):
        told = replace(sealed, document=in_words_of(language, sealed, checklist))
        return _pdf(desk, told, checklist.in_language(language), kind, paper, issue, _carried(sealed, kind))


def _carried(sealed: Sealed, kind: str) -> tuple[Attached, ...]:
    """What a record's PDF carries: the document whose SHA-256 it prints, and the visit as it can be taken in again."""
    if _is_plan(kind) or _is_delta(kind) or kind == NOTICE:
        return ()
    record = Attached(
        RECORD_FILE,
        "application/json",
        say("The record as it was sealed: the SHA-256 of this file is printed in the report."),
        canonical(sealed.document),
        "Source",
    )
    if "amends" in sealed.document:
        return (record,)
    photos = {row["sha256"]: row["sha256"] for row in sealed.document["photos"]}
    visit = Attached(
        VISIT_FILE,
        "application/json",
        say("The same visit as a document for other programs; its photos are named by their SHA-256."),
        exchange.dump(sealed.document, sealed.persons, photos),
    )
    return record, visit


def _is_plan(kind: str) -> bool:
    return kind == OWNER or kind.startswith(AMENDED_PLAN)


def _is_delta(kind: str) -> bool:
    return kind.partition("-")[0] == DELTA


def has_former(document: Mapping[str, Any]) -> bool:
    """Did the visit of that record find anything that was left open before?"""
    return bool(document.get("former"))


def closes(document: Mapping[str, Any]) -> bool:
    """Did the visit of that record close anything?"""
    return bool(document.get("closures"))


def original_language(sealed: Sealed) -> str:
    """The language a visit was sealed in: the agency's at that time. Its report in that language is the original."""
    return str(sealed.document["agency"].get("language", ENGLISH.code))


def in_words_of(language: str, sealed: Sealed, checklist: Checklist) -> dict[str, Any]:
    """The record's document as a reader of that language reads it; see ``retelling``."""
    return retelling.retold(sealed.document, checklist, tongue(original_language(sealed)), tongue(language))


def _pdf(
    desk: Desk,
    sealed: Sealed,
    checklist: Checklist,
    kind: str,
    paper: str,
    issue: Issue,
    carried: tuple[Attached, ...],
) -> bytes:
    persons = {**sealed.persons, **_authors(desk, sealed.document)}
    told = content.compliance(sealed.document, persons, checklist, _print_copies(desk, sealed), sealed.sha256)
    told = replace(told, issue=issue)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.pdf"
        if _is_plan(kind):
            pdf.draw_owner(told, paper, out)
        elif _is_delta(kind):
            pdf.draw_delta(told, paper, out)
        elif kind == NOTICE:
            pdf.draw_notice(told, paper, out)
        else:
            pdf.draw_record(told, paper, out, carried)
        return out.read_bytes()


def _authors(desk: Desk, document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The names of those who amended: the record's own people were there at the seal already."""
    found = {row["author"]: desk.ledger.people.find(row["author"]) for row in document.get("amendments", ())}
    return {key: {"name": person.name} for key, person in found.items() if person is not None}


def _print_copies(desk: Desk, sealed: Sealed) -> Mapping[str, Path]:
    names = [row["sha256"] for row in sealed.document["photos"]]
    for row in sealed.document.get("former", ()):
        names += [photo["sha256"] for photo in row["photos"]]
        names += [sha256 for step in row["steps"] for sha256 in step["photos"]]
    logo = sealed.document["agency"]["logo"]
    names += [logo] if logo else []
    return {name: desk.ledger.photos.path(name, "print") for name in names}


def list_it(entry: Entry, inspection_id: str, drawn: Drawn) -> None:
    """List a drawn report; the caller notes the deed."""
    entry.reports.add(
        Issued(
            inspection_id,
            drawn.kind,
            drawn.paper,
            drawn.language,
            drawn.sha256,
            drawn.size,
            entry.now,
            drawn.number,
        )
    )


def report(desk: Desk, inspection_id: str, kind: str, paper: str = "", language: str = "") -> Stored:
    """The report of a sealed visit; drawn at the first request of its kind, paper and language, then kept.

    Without a paper or language those of the agency at the seal are taken.

    Raises:
        NotFound: when the visit is not this person's to read.
        NotNow: while it is not sealed, or for a report as amended when it never was.
        BadInput: for a kind, paper or language that does not exist.
    """
    faults = [] if kind in KINDS else [Fault("kind", say("Choose {choices}.", choices=listed(KINDS)))]
    if paper not in ("", *PAPERS):
        faults.append(Fault("paper", say("Choose {choices}.", choices=listed(PAPERS))))
    if language not in ("", *NAMES):
        faults.append(Fault("language", say("Choose {choices}.", choices=listed(NAMES))))
    if faults:
        raise BadInput(faults)
    visit = open_visit(desk, inspection_id)
    if visit.inspection.state != SEALED:
        raise NotNow(say("A report is drawn when the visit is sealed."))
    sealed, kept_as = _source(desk, inspection_id, kind)
    paper = paper or str(sealed.document["agency"]["paper"])
    original = original_language(sealed)
    language = language or original
    issued = desk.ledger.reports.get(inspection_id, kept_as, paper, language)
    if issued is None:
        issued = _draw_and_keep(desk, sealed, visit.checklist, kept_as, paper, language)
    noting.note(
        desk, inspection_id, noting.REPORT_TAKEN, {"kind": kind, "paper": paper, "language": language}
    )
    suffix = "" if language == original else f"-{language}"
    name = f"{visit.inspection.inspected_on}-{_plain_name(visit.clinic.name)}-{FILE_WORDS[kind]}{suffix}.pdf"
    return Stored(desk.ledger.reports.path(issued.sha256), issued.sha256, name)


def _source(desk: Desk, inspection_id: str, kind: str) -> tuple[Sealed, str]:
    """The record that a kind of report is drawn from, and what the report is listed as: one for each amendment."""
    sealed = desk.ledger.records.get(inspection_id)
    if kind == NOTICE and not closes(sealed.document):
        raise NotNow(say("This visit closed nothing. There is no notice."))
    if kind not in (*AS_AMENDED, DELTA):
        return sealed, kind
    if kind == DELTA and not has_former(sealed.document):
        raise NotNow(say("Nothing was left open before this visit. There is no re-inspection report."))
    found = desk.ledger.amendments.document(inspection_id)
    if found is None and kind == DELTA:
        return sealed, kind
    if found is None:
        raise NotNow(say("This visit was never amended. Its first report stands."))
    sha256, document = found
    return Sealed(document, sealed.persons, sha256), f"{kind}-{len(document['amendments'])}"


def _draw_and_keep(
    desk: Desk, sealed: Sealed, checklist: Checklist, kind: str, paper: str, language: str
) -> Issued:
    """Draw a report that nobody asked for before. The trail says that it was drawn, by whose wish. Threads wait for each other, processes may draw twice: the first one listed stays."""
    inspection_id = str(sealed.document["id"])
    with _DRAWING:
        issued = desk.ledger.reports.get(inspection_id, kind, paper, language)
        if issued is not None:
            return issued
        printed = fixing.of_report(desk, inspection_id, kind) if _is_plan(kind) else None
        answering = _answering(desk, sealed, printed)
        drawn = draw(desk, sealed, checklist, kind, paper, language, answering)
        with desk.entry() as entry:
            if entry.reports.get(inspection_id, kind, paper, language) is None:
                if printed and printed.is_new and answering and answering.address:
                    fixing.keep_printed(entry, printed)
                list_it(entry, inspection_id, drawn)
                detail = {"kind": kind, "paper": paper, "language": language, "sha256": drawn.sha256}
                detail["number"] = drawn.number
                entry.note("report.drawn", inspection_id, detail)
        issued = desk.ledger.reports.get(inspection_id, kind, paper, language)
    assert issued is not None
    return issued


def _answering(desk: Desk, sealed: Sealed, printed: fixing.Printed | None) -> Answering | None:
    """What a plan says of answering its findings; without an address of the agency's, how to get a link."""
    if printed is None:
        return None
    site = desk.ledger.agency.get().site
    if not site:
        return Answering()
    last = local_time(printed.link.expires_at, str(sealed.document["time_zone"])).date()
    return Answering(f"{site}{fixing.PATH}{printed.token}", last)


def _plain_name(name: str) -> str:
    """A clinic's name as a file may carry it everywhere."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(filter(None, letters.split("-")))[:60] or likeness(name)[:20] or "clinic"


def blank(checklist: Checklist, paper: str, out: Path) -> None:
    """Draw the empty paper form of a published checklist, for the day the tablet is dead."""
    if paper not in PAPERS:
        raise BadInput([Fault("paper", say("Choose {choices}.", choices=listed(PAPERS)))])
    pdf.draw_blank(checklist, paper, out)
