"""Reports of sealed visits: drawn once, kept by fingerprint, never drawn again for a download."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audit.domain.agency import PAPERS
from audit.domain.checklists import Checklist
from audit.domain.clinics import likeness
from audit.domain.inspections import SEALED
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.records import Sealed
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit
from audit.store.ledger import Entry, Issued
from reports import content, pdf

RECORD, OWNER, BLANK = "record", "owner", "blank"
KINDS = (RECORD, OWNER)
FILE_WORDS = {RECORD: "record", OWNER: "action-plan"}


@dataclass(frozen=True)
class Drawn:
    """A report as a file on the shelf, not listed yet: its kind, paper, fingerprint and size in bytes."""

    kind: str
    paper: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Stored:
    """A report that may be handed out: its file, its fingerprint, and the name it travels under."""

    path: Path
    sha256: str
    filename: str


def draw(desk: Desk, sealed: Sealed, checklist: Checklist, kind: str, paper: str) -> Drawn:
    """Draw a report of a sealed record and put the file on the shelf; ``list_it`` lists it."""
    told = content.compliance(
        sealed.document, sealed.persons, checklist, _print_copies(desk, sealed), sealed.sha256
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.pdf"
        (pdf.draw_record if kind == RECORD else pdf.draw_owner)(told, paper, out)
        data = out.read_bytes()
    return Drawn(kind, paper, desk.ledger.reports.store(data), len(data))


def _print_copies(desk: Desk, sealed: Sealed) -> Mapping[str, Path]:
    names = [row["sha256"] for row in sealed.document["photos"]]
    logo = sealed.document["agency"]["logo"]
    names += [logo] if logo else []
    return {name: desk.ledger.photos.path(name, "print") for name in names}


def list_it(entry: Entry, inspection_id: str, drawn: Drawn) -> None:
    """List a drawn report; the caller notes the deed."""
    entry.reports.add(Issued(inspection_id, drawn.kind, drawn.paper, drawn.sha256, drawn.size, entry.now))


def report(desk: Desk, inspection_id: str, kind: str, paper: str = "") -> Stored:
    """The report of a sealed visit; drawn at the first request of its kind and paper, then kept.

    Raises:
        NotFound: when the visit is not this person's to read.
        NotNow: while it is not sealed.
        BadInput: for a kind or paper that does not exist.
    """
    faults = [] if kind in KINDS else [Fault("kind", f"Choose {' or '.join(KINDS)}.")]
    if paper not in ("", *PAPERS):
        faults.append(Fault("paper", f"Choose {' or '.join(PAPERS)}."))
    if faults:
        raise BadInput(faults)
    visit = open_visit(desk, inspection_id)
    if visit.inspection.state != SEALED:
        raise NotNow("A report is drawn when the visit is sealed.")
    sealed = desk.ledger.records.get(inspection_id)
    paper = paper or str(sealed.document["agency"]["paper"])
    issued = desk.ledger.reports.get(inspection_id, kind, paper)
    if issued is None:
        issued = _draw_and_keep(desk, sealed, visit.checklist, kind, paper)
    name = f"{visit.inspection.inspected_on}-{_plain_name(visit.clinic.name)}-{FILE_WORDS[kind]}.pdf"
    return Stored(desk.ledger.reports.path(issued.sha256), issued.sha256, name)


def _draw_and_keep(desk: Desk, sealed: Sealed, checklist: Checklist, kind: str, paper: str) -> Issued:
    drawn = draw(desk, sealed, checklist, kind, paper)
    inspection_id = str(sealed.document["id"])
    with desk.entry() as entry:
        if entry.reports.get(inspection_id, kind, paper) is None:
            list_it(entry, inspection_id, drawn)
            entry.note("report.drawn", inspection_id, {"kind": kind, "paper": paper, "sha256": drawn.sha256})
    issued = desk.ledger.reports.get(inspection_id, kind, paper)
    assert issued is not None
    return issued


def _plain_name(name: str) -> str:
    """A clinic's name as a file may carry it everywhere."""
    letters = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
    return "-".join(filter(None, letters.split("-")))[:60] or likeness(name)[:20] or "clinic"


def blank(checklist: Checklist, paper: str, out: Path) -> None:
    """Draw the empty paper form of a published checklist, for the day the tablet is dead."""
    if paper not in PAPERS:
        raise BadInput([Fault("paper", f"Choose {' or '.join(PAPERS)}.")])
    pdf.draw_blank(checklist, paper, out)
