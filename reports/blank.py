"""The form for the day the tablet is dead: every item with empty marks, value lines and room for words.

Printed in advance from a published checklist; what is written on it is typed in later, so the numbers and the
checklist's fingerprint stand on every page.
"""

from collections.abc import Sequence

from audit.domain.answers import MARKS
from audit.domain.checklists import Checklist, Item, Part, Section
from audit.domain.limits import describe
from audit.domain.tongue import say
from audit.domain.values import listed as choices
from audit.domain.wording import limit_lines
from reports.annex import sources as copies_of
from reports.annex import wins
from reports.answers import ABSENT, citations
from reports.flow import Drawn, Gap, Piece, Row, Stack, Table, Titled, rich, rule, words
from reports.front import facts
from reports.ink import Ink
from reports.sheets import sources
from reports.style import AIR, FINE, HAIR, HEADING, INK, LABEL, QUIET, RULE, SMALL, STRONG_SMALL, TITLE
from reports.text import width_of
from reports.todo import title
from reports.values import Head, Pair
from reports.wording import MARK_WORDS, unit

_PEOPLE = 3  # lines for practitioners, by the numbers given to them at the top
_MARKS = 104.0
_PITCH = 26.0  # from one mark to the next
_NUMBER = 28.0
_VALUE = 140.0
_BOX = 17.0  # a small box, the room before its words and after them
_TICK = FINE.but(colour=INK)
_FINDINGS = 8


def head(checklist: Checklist) -> Head:
    """The words that stand on every page of the form."""
    return Head(
        title=say("Empty form"),
        self_audit=checklist.kind == "self-audit",
        agency=f"{checklist.pack_title}, {say('version {version}', version=checklist.version)}",
        agency_line="",
        clinic=checklist.title,
        clinic_line="",
        visit_line="",
        behalf=f"{say('Checklist')} {checklist.key}, {checklist.pack}, {say('version {version}', version=checklist.version)}",
        short_id=checklist.sha256[:8].upper(),
        date="",
        sealed=f"{say('Checklist')} {checklist.sha256[:16]}",
        made_at="2000-01-01T00:00:00Z",
        identity=checklist.sha256,
    )


def form(checklist: Checklist) -> list[Piece]:
    """The pieces of the form, in order."""
    maker = say("Made by") if checklist.kind == "self-audit" else say("Inspector")
    pieces: list[Piece] = [
        rule(INK, 1.2),
        Gap(6),
        words(f"{checklist.pack_title}, {say('version {version}', version=checklist.version)}", LABEL),
        words(checklist.title, TITLE.but(size=22, leading=26), "H1"),
        words(
            say(
                "Empty form for paper. Fill in one mark for each item; an OUT needs words. Type it in afterwards."
            ),
            SMALL,
        ),
        Gap(10),
        *_fields(maker),
        Gap(6),
        *_facts(checklist),
        _legend(),
    ]
    for section in checklist.sections:
        pieces += [_section(section, checklist), Gap(8)]
    pieces += [*_finding_lines(), *_signatures(maker), *_sources(checklist)]
    return pieces


def _fields(maker: str) -> list[Piece]:
    lines = (
        (say("Clinic"), say("Permit no.")),
        (say("Address"), say("Date")),
        (maker, say("From / to")),
        (say("Practitioners 1, 2, 3"), say("Purpose")),
        (say("Also present"), say("Person in charge")),
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
        options = [option.label for option in fact.options] or (
            [say("yes"), say("no")] if fact.kind == "bool" else []
        )
        boxes = _boxes(options) if options else _line(11)
        cells.append(Row((words(fact.question, SMALL), boxes), (0, 66), gutter=6, below=2, whole=True))
    rows = [
        Row((*cells[at : at + 2], *([Gap(0)] * (2 - len(cells[at : at + 2])))), (0, 0), gutter=20, whole=True)
        for at in range(0, len(cells), 2)
    ]
    heading = Stack((words(say("The clinic and the visit"), HEADING, "H2"), rule(INK, 0.7), Gap(3)))
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
    said = [(mark, say(text)) for mark, text in MARK_WORDS.items()]
    spans = [
        span for mark, text in said for span in ((mark, STRONG_SMALL), (f"\u00a0{text}{AIR}{AIR}", FINE))
    ]
    bars = words(
        say("Edge: broad CRITICAL, narrow major, hairline minor."), FINE.but(align="end", leading=10.4)
    )
    return Row((rich(*spans), bars), (0, 190), below=6, whole=True)


def _section(section: Section, checklist: Checklist) -> Piece:
    rows = tuple(_item(item, checklist) for item in section.items)
    return Table(_heading(section, ""), rows, _heading(section, f", {say('continued')}"))


def _heading(section: Section, after: str) -> Piece:
    text = rich((f"{section.letter}{AIR}", HEADING), (f"{section.title}{after}", HEADING), role="H2")
    return Stack((text, rule(INK, 0.8), Gap(1)))


def _item(item: Item, checklist: Checklist) -> Piece:
    prompt = [(item.prompt, SMALL)]
    if item.standing == "recommended":
        prompt.append((f"{AIR}{say('recommended')}", FINE.but(colour=INK)))
    body: list[Piece] = [rich(*prompt)]
    if item.look:
        body.append(words(item.look, FINE))
    said = citations(item)
    if said:
        body.append(words("; ".join(said), FINE.but(colour=QUIET)))
    body.append(_line(14, 0.4))
    answers, wide = _answers(item, checklist)

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, HAIR)
        ink.bar(item.severity, x - 9, top - 4, height - 8)

    return Row(
        (words(item.number, STRONG_SMALL), Stack(body), answers),
        (_NUMBER, 0, wide),
        gutter=7,
        above=4,
        below=3,
        under=under,
        whole=True,
    )


def _answers(item: Item, checklist: Checklist) -> tuple[Piece, float]:
    """Room for values beside the marks, with the width it takes; a line of its own for each practitioner."""
    parts = item.value_parts
    labels = [str(number) for number in range(1, _PEOPLE + 1)] if item.per_practitioner else [""]
    rows: list[Piece] = []
    for place, label in enumerate(labels):
        values = Stack([_value(part, place == 0) for part in parts] + _missing(item))
        row = Row((values, _marks(item)), (_VALUE, _MARKS), gutter=7) if parts else _marks(item)
        rows.append(Row((words(label, FINE.but(leading=16)), row), (9, 0), gutter=0) if label else row)
    rows += [words(said, FINE) for said in _hints(item, checklist)]
    wide = _MARKS + (_VALUE + 7 if parts else 0) + (9 if item.per_practitioner else 0)
    return Stack(rows, gap=2), wide


def _marks(item: Item) -> Piece:
    """The shapes to tick, all of them empty, each with its letters below; only those the item offers."""
    offered = [mark for mark in MARKS if mark in item.marks or (not item.marks and mark in ("IN", "OUT"))]

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        for place, mark in enumerate(MARKS):
            if mark in offered:
                _empty(ink, mark, x + place * _PITCH + 7, top - 8)

    small = FINE.but(size=7, leading=9, align="centre")
    letters = [words(mark if mark in offered else "", small) for mark in MARKS]
    return Stack((Drawn(17, paint), Row(letters, (14.0,) * len(MARKS), gutter=_PITCH - 14)))


def _empty(ink: Ink, mark: str, x: float, y: float) -> None:
    """An outline: circle IN, square OUT; NO and NA thinner, for what was not rated."""
    if mark == "NA":
        ink.frame(x - 6, y + 6, 12, 12, INK, 0.6)
    elif mark == "NO":
        ink.stroke(INK, 0.6)
        ink.circle(x, y, 6.2, stroke=1, fill=0)
    else:
        ink.mark(mark, x, y, 13, empty=True)


def _value(part: Part, named: bool) -> Piece:
    """A line to write on, or boxes for a choice; what it is stands above the first one."""
    label = [words(part.label, FINE.but(colour=INK))] if named else []
    if part.kind == "choice":
        return Stack((*label, _ticks([option.label for option in part.options]), Gap(2)))
    return Stack((*label, _line(16)))


def _missing(item: Item) -> list[Piece]:
    """Boxes for a value that nobody could show or read."""
    if any(part.required and part.kind != "text" for part in item.value_parts):
        return [_ticks([say(words_of) for words_of in ABSENT.values()]), Gap(2)]
    return []


def _ticks(labels: Sequence[str]) -> Piece:
    """Small boxes one after the other, as many a line as fit."""
    rows: list[list[str]] = []
    free = 0.0
    for label in labels:
        wide = width_of(label, _TICK) + _BOX
        if wide > free:
            rows.append([])
            free = _VALUE
        rows[-1].append(label)
        free -= wide
    return Stack([_ticked(row) for row in rows])


def _ticked(labels: Sequence[str]) -> Piece:
    square = Drawn(9.2, lambda ink, x, top, width, height: ink.frame(x, top - 1.8, 6.2, 6.2, INK, 0.6))
    cells = [Row((square, words(label, _TICK)), (7, 0), gutter=3) for label in labels]
    room = [min(width_of(label, _TICK) + _BOX - 4, _VALUE) for label in labels]
    return Row(cells, tuple(room), gutter=4)


def _hints(item: Item, checklist: Checklist) -> list[str]:
    """How each value is written and its limit; a limit with cases under each of its conditions."""
    found: list[str] = []
    for part in item.value_parts:
        hint = say("day, month, year") if part.kind == "date" else ""
        if part.kind == "number":
            hint = choices([unit(name) for name in part.units or (part.unit or "",)])
        limits = _limits(part, checklist)
        said = ("\n" if len(limits) > 1 else "; ").join(filter(None, (hint, *limits)))
        if said:
            found.append(f"{part.label}: {said}" if len(item.value_parts) > 1 else said)
    return found


def _limits(part: Part, checklist: Checklist) -> list[str]:
    if part.limit is None:
        return []
    if part.limit.kind != "cases":
        return [describe(part.limit, part.unit)]
    lines = limit_lines(part, checklist)
    return [f"{line.when}: {line.words}" if line.when else line.words for line in lines]


def _finding_lines() -> list[Piece]:
    labels = (say("No."), say("What was seen"), say("What is required"), say("Correct by"), say("On site"))
    columns = (34.0, 0.0, 150.0, 62.0, 36.0)
    header = Row(
        tuple(words(label, LABEL) for label in labels), columns, gutter=8, below=2, whole=True, header=True
    )
    lines = tuple(
        Row((_line(30), _line(30), _line(30), _line(30), Drawn(30, _tick)), columns, gutter=8, whole=True)
        for _ in range(_FINDINGS)
    )
    return [Titled(title(say("Findings")), Table(header, lines), 120), Gap(14)]


def _tick(ink: Ink, x: float, top: float, width: float, height: float) -> None:
    ink.frame(x + 4, top - 12, 13, 13, INK, 0.8)


def _signatures(maker: str) -> list[Piece]:
    def side(label: str, note: str) -> Piece:
        refused = _boxes([say("signed"), say("refused"), say("absent")]) if label != maker else Gap(0)
        return Stack(
            (
                words(label, LABEL),
                _line(44),
                words(say("Name, date, time"), FINE),
                Gap(4),
                refused,
                words(note, FINE),
            )
        )

    row = Row(
        (
            side(maker, say("Made this record and stands by what it says.")),
            side(say("Person in charge"), say("Has seen this record. Signing is not agreeing.")),
        ),
        (0, 0),
        gutter=24,
        whole=True,
    )
    return [Titled(title(say("Signatures")), row), Gap(12)]


def _sources(checklist: Checklist) -> list[Piece]:
    version = say("version {version}", version=checklist.version)
    name = f"{checklist.title} ({checklist.key}), {checklist.pack_title}, {version}"
    used = facts((Pair(say("Checklist"), name), Pair(say("SHA-256"), checklist.sha256)))
    return [*used, Gap(6), *sources(wins(checklist, authority=False), copies_of(checklist))]
