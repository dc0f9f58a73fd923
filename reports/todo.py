"""What to do and why: the table by deadline (a page an owner can work from), then each finding in full."""

from collections.abc import Sequence
from itertools import pairwise

from audit.domain.tongue import say
from reports.answers import shortened
from reports.flow import Drawn, Gap, Photo, Photos, Piece, Row, Stack, Table, Titled, rich, rule, words
from reports.ink import Ink, picture
from reports.style import (
    AIR,
    BAD,
    BODY,
    FINE,
    GOOD,
    HAIR,
    HEADING,
    INK,
    LABEL,
    QUIET,
    RULE,
    SMALL,
    STRONG_BODY,
    STRONG_SMALL,
    TITLE,
    Style,
)
from reports.values import Deadline, Finding, Shot

_SHORT = 260  # characters of an observation in the table; the whole of it stands in the finding's block
_PAIR = 2  # photos of a finding beside its text; more go over the whole width, up to four a row
_MOST = 4
# Points, by paper: three findings with a pair of photos go on a page of A4; on one of Letter two, with larger ones.
_TALL = {"a4": 112.0, "letter": 160.0}
_ALONE = 150.0  # one photo has the room of two
_LABELS = 78.0
_COLUMNS = (34.0, 0.0, 142.0, 74.0, 30.0)
_SIDE = 92.0
_LEAST = 120.0  # points left on a page to begin a finding that runs over it


def title(text: str, note: str = "", level: int = 0, style: Style = TITLE) -> Piece:
    """A part's title with its entry in the table of contents."""

    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.outline(text, level, top)

    role = "H2" if style.size > HEADING.size else "H3"
    parts: list[Piece] = [Drawn(0, paint), words(text, style, role)]
    if note:
        parts.append(words(note, SMALL.but(colour=QUIET)))
    return Stack((*parts, Gap({TITLE: 8.0, HEADING: 1.0}.get(style, 4.0))))


def actions(deadlines: Sequence[Deadline], lead: Sequence[Piece] = ()) -> list[Piece]:
    """One table by deadline; corrected findings close it. ``lead`` stands between the title and the table."""
    note = say("By deadline, the gravest first. Write down who takes it on; tick the box when it is done.")
    head = Row(
        tuple(
            words(text, LABEL)
            for text in (say("No."), say("What was seen"), say("What is required"), say("Who"), say("Done"))
        ),
        _COLUMNS,
        gutter=8,
        above=2,
        below=4,
        whole=True,
        header=True,
    )
    pieces: list[Piece] = []
    for place, deadline in enumerate(deadlines):
        rows = tuple(_action(finding) for finding in deadline.findings)
        first = Stack((_deadline(deadline), head)) if place == 0 else _deadline(deadline)
        group = Table(first, rows, Stack((_deadline(deadline, say("continued")), head)))
        begin = Stack((title(say("What to do"), note), *lead))
        pieces.append(Titled(begin, group, 90) if place == 0 else group)
        pieces.append(Gap(10))
    return pieces


def _deadline(deadline: Deadline, words_after: str = "") -> Piece:
    tone = BAD if any(f.severity == "critical" and not f.corrected for f in deadline.findings) else INK
    line = rich(
        (deadline.title, HEADING.but(colour=tone)),
        (f"{AIR}{words_after or deadline.words}", SMALL.but(colour=QUIET)),
        role="H3",
    )
    return Stack((rule(INK, 0.9), Gap(4), line, Gap(4)))


def _action(finding: Finding) -> Piece:
    seen: list[Piece] = [words(_shortened(finding), STRONG_SMALL)]
    seen.append(words(f"{finding.prompt} ({finding.person})" if finding.person else finding.prompt, FINE))
    if finding.citations:
        seen.append(words("; ".join(finding.citations), FINE))
    again = [_repeat()] if finding.repeats else []
    number = Stack((words(finding.number, STRONG_SMALL), severity(finding.severity), *again))
    who = Drawn(22, lambda ink, x, top, width, height: ink.hairline(x, top - 18, width, RULE))

    def box(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        if finding.corrected:
            ink.mark("IN", x + 7, top - 8, 13)
        else:
            ink.frame(x, top - 1, 13, 13, INK, 0.8)

    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height, width, HAIR)
        ink.bar(finding.severity, x - 9, top - 4, height - 8)

    done: Piece = Drawn(16, box, say("Done") if finding.corrected else say("To be ticked when done"))
    required = Stack(
        (
            words(finding.required, SMALL),
            *((words(say("Corrected on site"), FINE.but(colour=GOOD)),) if finding.corrected else ()),
            *((words(say("Recommended, outside the score"), FINE),) if finding.recommended else ()),
        )
    )
    return Row(
        (number, Stack(seen, keep=False), required, who, done),
        _COLUMNS,
        gutter=8,
        above=5,
        below=6,
        under=under,
        names=0,
    )


def _shortened(finding: Finding) -> str:
    return shortened(
        finding.observed or finding.values or say("No words were given."), finding.number, _SHORT
    )


def severity(severity: str, style: Style = FINE) -> Piece:
    """The word by weight: critical in capitals and strong, major strong, minor plain."""
    if severity == "critical":
        return words(
            say("critical").upper(), STRONG_SMALL.but(size=7, leading=style.leading, colour=BAD, tracking=0.2)
        )
    return words(
        say(severity), (STRONG_SMALL if severity == "major" else SMALL).but(size=7.4, leading=style.leading)
    )


def findings(found: Sequence[Finding], paper: str) -> list[Piece]:
    """One block for each finding."""
    pieces: list[Piece] = []
    for place, finding in enumerate(found):
        block = _block(finding, _TALL[paper])
        pieces.append(
            Titled(
                title(say("Findings"), say("What was seen, what is required, and where it is written.")),
                block,
            )
        )
        if place:
            pieces[-1] = block
        pieces.append(Gap(14))
    return pieces


class _Block(Stack):
    """A finding with its severity bar along the whole height, on every page it runs over.

    It is kept together up to half a page; a taller one breaks in its words or before a row of photos.
    """

    def __init__(self, finding: Finding, pieces: Sequence[Piece], lead: int) -> None:
        super().__init__(pieces, keep=False)
        self.finding, self.severity, self.lead = finding, finding.severity, lead

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        with ink.artifact():
            ink.bar(self.severity, x - 9, top, self.height(width))
        super().draw(ink, x, top, width)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        if room < page - 1 and (room < _LEAST or self.height(width) <= page / 2):
            return None, self
        first, rest = super().split(width, room, page)
        if not isinstance(first, Stack) or len(first.pieces) <= self.lead:
            return None, self  # nothing but its rule or label would stand here
        if isinstance(rest, Stack):
            label = words(say("{number} continued", number=self.finding.number), LABEL)
            rest = _Block(self.finding, (label, *rest.pieces), 1)
        return first, rest

    def _part(self, pieces: Sequence[Piece]) -> Stack:
        return _Block(self.finding, pieces, self.lead)


def _block(finding: Finding, tallest: float) -> Piece:
    side: list[Piece] = [
        rich((finding.number, HEADING), role="H3"),
        severity(finding.severity, SMALL),
        Gap(5),
        *_due(finding),
        *([Gap(4), _repeat(say("Repeat")), words(finding.repeats, FINE)] if finding.repeats else []),
    ]
    main: list[Piece] = [
        words(finding.prompt, STRONG_BODY),
        *((words(finding.person, BODY),) if finding.person else ()),
        *((words(say("Concerns: {service}", service=finding.service), SMALL),) if finding.service else ()),
        Gap(4),
        _told(
            say("What was seen"),
            *((words(finding.values, BODY),) if finding.values else ()),
            *((words(finding.observed, BODY),) if finding.observed else ()),
            *((words(finding.override, SMALL.but(colour=QUIET)),) if finding.override else ()),
        ),
        Gap(4),
        _told(
            say("What is required"),
            words(finding.required, BODY),
            words(finding.reason, SMALL.but(colour=QUIET)),
            *((words("; ".join(finding.citations), FINE),) if finding.citations else ()),
            *((words(say("Recommended: outside the score."), FINE),) if finding.recommended else ()),
        ),
    ]
    text = Row((Stack(side), Stack(main, keep=False)), (_SIDE, 0), gutter=12)
    few = len(finding.shots) <= _PAIR
    shown = (
        photos(finding.shots, _SIDE + 12, tallest if len(finding.shots) > 1 else max(tallest, _ALONE))
        if few
        else many(finding.shots)
    )
    return _Block(finding, (rule(HAIR), Gap(5), text, *shown), 2)


def _told(label: str, *said: Piece) -> Piece:
    """What is said, under a label that stands beside it."""
    return Row((words(label, LABEL), Stack(said, keep=False)), (_LABELS, 0), gutter=8)


def _repeat(note: str = "") -> Piece:
    """The shape of a repeat with its letter, and what is said of it."""
    mark = Drawn(11, lambda ink, x, top, width, height: ink.mark("R", x + 4.6, top - 5.4, 9))
    return Row((mark, words(note or "R", STRONG_SMALL.but(size=7.6))), (10, 0), gutter=3, whole=True)


def _due(finding: Finding) -> list[Piece]:
    if finding.corrected:
        mark = Drawn(12, lambda ink, x, top, width, height: ink.mark("IN", x + 5, top - 5, 10))
        label = words(say("Corrected on site"), STRONG_SMALL.but(colour=GOOD))
        return [Row((mark, label), (10, 0), gutter=4, whole=True)]
    return [words(say("Correct by"), LABEL), words(finding.due, STRONG_SMALL), words(finding.due_words, FINE)]


def photos(shots: Sequence[Shot], inset: float = 0, tallest: float = 190) -> list[Piece]:
    """Two photos a row, each with its number and caption below it."""
    pieces: list[Piece] = []
    for start in range(0, len(shots), 2):
        cells: list[Piece] = [photo(shot, tallest) for shot in shots[start : start + 2]]
        cells += [Gap(0)] * (2 - len(cells))
        row = Row(tuple(cells), (0, 0), gutter=12, whole=True)
        pieces.append(Gap(8))
        pieces.append(Row((Gap(0), row), (inset, 0), gutter=0, whole=True) if inset else row)
    return pieces


def many(shots: Sequence[Shot], tallest: float = 190, most: int = _MOST) -> list[Piece]:
    """Three and more photos in rows of even length over the whole width."""
    rows = -(-len(shots) // most)
    cuts = [len(shots) * row // rows for row in range(rows + 1)]
    pieces: list[Piece] = []
    for start, end in pairwise(cuts):
        pieces += [Gap(8), Photos([photo(shot, tallest) for shot in shots[start:end]], tallest)]
    return pieces


def photo(shot: Shot, tallest: float) -> Photo:
    shown = picture(shot.sha256, shot.path) if shot.path else None
    number = shot.number
    label = (
        say("Photo {number}", number=number)
        if shown
        else say("Photo {number} cannot be shown", number=number)
    )
    caption = AIR + AIR.join(filter(None, (shot.where, shot.caption, shot.when)))
    return Photo(shown, tallest, rich((label, STRONG_SMALL.but(size=7.6)), (caption, FINE)), shot.drawn)
