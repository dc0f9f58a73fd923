"""The form for the day the tablet is dead: every item with empty marks, value lines and room for words.

Printed in advance from a published checklist; what is written on it is typed in later, so the numbers and the
checklist's fingerprint stand on every page.
"""

from collections.abc import Sequence

from audit.domain.answers import MARKS
from audit.domain.checklists import Checklist, Item, Part, Section
from audit.domain.limits import describe
from reports.annex import sources as copies_of
from reports.annex import wins
from reports.answers import citations
from reports.flow import Drawn, Gap, Piece, Row, Stack, Table, Titled, rich, rule, words
from reports.front import facts
from reports.ink import Ink
from reports.sheets import sources
from reports.style import AIR, FINE, HAIR, HEADING, INK, LABEL, QUIET, RULE, SMALL, STRONG_SMALL, TITLE
from reports.todo import title
from reports.values import Head, Pair
from reports.wording import unit

_PEOPLE = 3  # lines for practitioners, initials written beside the marks
_MARKS = 104.0
_PITCH = 26.0  # from one mark to the next
_NUMBER = 28.0
_VALUE = 128.0
_FINDINGS = 8


def head(checklist: Checklist) -> Head:
    """The words that stand on every page of the form."""
    return Head(
        title="Empty form",
        self_audit=checklist.kind == "self-audit",
        agency=f"{checklist.pack_title}, version {checklist.version}",
        agency_line="",
        clinic=checklist.title,
        clinic_line="",
        visit_line="",
        behalf=f"Checklist {checklist.key}, {checklist.pack}, version {checklist.version}",
        short_id=checklist.sha256[:8].upper(),
        date="",
        sealed=f"Checklist {checklist.sha256[:16]}",
        made_at="2000-01-01T00:00:00Z",
        identity=checklist.sha256,
    )


def form(checklist: Checklist) -> list[Piece]:
    """The pieces of the form, in order."""
    pieces: list[Piece] = [
        rule(INK, 1.2),
        Gap(6),
        words(f"{checklist.pack_title}, version {checklist.version}", LABEL),
        words(checklist.title, TITLE.but(size=22, leading=26)),
        words(
            "Empty form for paper. Fill in one mark for each item; an OUT needs words. Type it in afterwards.",
            SMALL,
        ),
        Gap(10),
        *_fields(),
        Gap(6),
        *_facts(checklist),
        _legend(),
    ]
    for section in checklist.sections:
        pieces += [_section(section), Gap(8)]
    pieces += [*_finding_lines(), *_signatures(), *_sources(checklist)]
    return pieces


def _fields() -> list[Piece]:
    lines = (
        ("Clinic", "Permit no."),
        ("Address", "Date"),
        ("Inspector", "From / to"),
        ("Practitioners 1, 2, 3", "Purpose"),
        ("Also present", "Person in charge"),
    )
    return [
        Row((_field(left), _field(right)), (0, 168), gutter=16, below=5, whole=True) for left, right in lines
    ]


def _field(label: str) -> Piece:
    return Row((words(label, FINE.but(leading=17)), _line(17)), (80 if len(label) > 16 else 54, 0), gutter=6)


def _line(height: float, colour_weight: float = 0.6) -> Drawn:
    def paint(ink: Ink, x: float, top: float, width: float, tall: float) -> None:
        ink.hairline(x, top - tall + 3, width, RULE, colour_weight)

    return Drawn(height, paint)


def _facts(checklist: Checklist) -> list[Piece]:
    """What must be known, because it decides which items apply."""
    asked = [fact for fact in checklist.facts if fact.scope != "derived"]
    if not asked:
        return []
    cells: list[Piece] = []
    for fact in asked:
        options = [option.label for option in fact.options] or (["yes", "no"] if fact.kind == "bool" else [])
        boxes = _boxes(options) if options else _line(11)
        cells.append(Row((words(fact.question, SMALL), boxes), (0, 66), gutter=6, below=2, whole=True))
    rows = [
        Row((*cells[at : at + 2], *([Gap(0)] * (2 - len(cells[at : at + 2])))), (0, 0), gutter=20, whole=True)
        for at in range(0, len(cells), 2)
    ]
    heading = Stack((words("The clinic and the visit", HEADING), rule(INK, 0.7), Gap(3)))
    return [Titled(heading, Stack(rows, keep=False), 20), Gap(8)]


def _boxes(labels: Sequence[str]) -> Piece:
    return Stack(
        [Row(tuple(_box(label) for label in some), (0,) * len(some), gutter=4) for some in _pairs(labels)]
    )


def _pairs(labels: Sequence[str]) -> list[Sequence[str]]:
    short = all(len(label) <= 4 for label in labels)
    return (
        [labels[at : at + 2] for at in range(0, len(labels), 2)] if short else [[label] for label in labels]
    )


def _box(label: str) -> Piece:
    square = Drawn(10.4, lambda ink, x, top, width, height: ink.frame(x, top - 1.4, 7.6, 7.6, INK, 0.7))
    return Row((square, words(label, SMALL)), (8, 0), gutter=4)


def _legend() -> Piece:
    said = (("IN", "in order"), ("OUT", "not in order"), ("NO", "not observed"), ("NA", "not applicable"))
    spans = [
        span for mark, text in said for span in ((mark, STRONG_SMALL), (f"\u00a0{text}{AIR}{AIR}", FINE))
    ]
    bars = words("Edge: broad CRITICAL, narrow major, hairline minor.", FINE.but(align="end", leading=10.4))
    return Row((rich(*spans), bars), (0, 190), below=6, whole=True)


def _section(section: Section) -> Piece:
    rows = tuple(_item(item) for item in section.items)
    return Table(_heading(section, ""), rows, _heading(section, ", continued"))


def _heading(section: Section, after: str) -> Piece:
    text = rich((f"{section.letter}{AIR}", HEADING), (f"{section.title}{after}", HEADING))
    return Stack((text, rule(INK, 0.8), Gap(1)))


def _item(item: Item) -> Piece:
    prompt = [(item.prompt, SMALL)]
    if item.standing == "recommended":
        prompt.append((f"{AIR}recommended", FINE.but(colour=INK)))
    body: list[Piece] = [rich(*prompt)]
    if item.look:
        body.append(words(item.look, FINE))
    said = citations(item)
    if said:
        body.append(words("; ".join(said), FINE.but(colour=QUIET)))
    body.append(_line(14, 0.4))
    times = _PEOPLE if item.per_practitioner else 1
    values = Stack([_value(part, times) for part in item.value_parts])
    marks = _people(item) if item.per_practitioner else _marks(item)

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, HAIR)
        ink.bar(item.severity, x - 9, top - 4, height - 8)

    return Row(
        (words(item.number, STRONG_SMALL), Stack(body), values if item.value_parts else Gap(0), marks),
        (_NUMBER, 0, _VALUE if item.value_parts else 1, _MARKS),
        gutter=7,
        above=4,
        below=3,
        under=under,
        whole=True,
    )


def _marks(item: Item, label: str = "") -> Piece:
    """The shapes to tick: circle IN, square OUT, circle with NO beside it, slash NA; only those the item offers."""
    offered = [mark for mark in MARKS if mark in item.marks or (not item.marks and mark in ("IN", "OUT"))]

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        for place, mark in enumerate(MARKS):
            if mark in offered:
                _empty(ink, mark, x + place * _PITCH + 7, top - 8)

    small = FINE.but(size=7, leading=9, align="centre")
    letters = [words(mark if mark in offered else "", small) for mark in MARKS]
    stack = Stack((Drawn(17, paint), Row(letters, (14.0,) * len(MARKS), gutter=_PITCH - 14)))
    return Row((words(label, FINE.but(leading=16)), stack), (9, 0), gutter=0) if label else stack


def _empty(ink: Ink, mark: str, x: float, y: float) -> None:
    if mark == "NA":
        ink.frame(x - 6.4, y + 6.4, 12.8, 12.8, RULE, 0.5)
        ink.mark("NA", x, y, 9, empty=True)
    else:
        ink.mark(mark, x, y, 13, empty=True)
        if mark == "NO":
            ink.line(x - 3, y, x + 3, y)


def _people(item: Item) -> Piece:
    return Stack([_marks(item, str(number)) for number in range(1, _PEOPLE + 1)], gap=2)


def _value(part: Part, times: int) -> Piece:
    """Lines to write on (one a practitioner), with unit and limit; boxes for a choice."""
    label = words(part.label, FINE.but(colour=INK))
    if part.kind == "choice":
        return Stack((label, *(_box(option.label) for option in part.options)))
    hint = {"date": "day, month, year"}.get(
        part.kind, " or ".join(unit(name) for name in part.units or (part.unit,))
    )
    limit = describe(part.limit, part.unit) if part.limit else ""
    said = "; ".join(filter(None, (hint, limit)))
    lines = [_line(16) for _ in range(times)]
    return Stack((label, *lines, *((words(said, FINE),) if said else ()), Gap(2)))


def _finding_lines() -> list[Piece]:
    labels = ("No.", "What was seen", "What is required", "Correct by", "On site")
    columns = (34.0, 0.0, 150.0, 62.0, 36.0)
    header = Row(tuple(words(label, LABEL) for label in labels), columns, gutter=8, below=2, whole=True)
    lines = tuple(
        Row((_line(30), _line(30), _line(30), _line(30), Drawn(30, _tick)), columns, gutter=8, whole=True)
        for _ in range(_FINDINGS)
    )
    return [Titled(title("Findings"), Table(header, lines), 120), Gap(14)]


def _tick(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.frame(x + 4, top - 12, 13, 13, INK, 0.8)


def _signatures() -> list[Piece]:
    def side(label: str, note: str) -> Piece:
        refused = _boxes(["signed", "refused", "absent"]) if label != "Inspector" else Gap(0)
        return Stack(
            (
                words(label, LABEL),
                _line(44),
                words("Name, date, time", FINE),
                Gap(4),
                refused,
                words(note, FINE),
            )
        )

    row = Row(
        (
            side("Inspector", "Made this record and stands by what it says."),
            side("Person in charge", "Has seen this record. Signing is not agreeing."),
        ),
        (0, 0),
        gutter=24,
        whole=True,
    )
    return [Titled(title("Signatures"), row), Gap(12)]


def _sources(checklist: Checklist) -> list[Piece]:
    name = f"{checklist.title} ({checklist.key}), {checklist.pack_title}, version {checklist.version}"
    used = facts((Pair("Checklist", name), Pair("SHA-256", checklist.sha256)))
    return [*used, Gap(6), *sources(wins(checklist, authority=False), copies_of(checklist))]
