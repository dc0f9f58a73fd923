"""Draws reports: pours pieces down pages, with running heads, page totals and a table of contents.

The same content gives the same bytes: no clock, no random names, typefaces and ReportLab pinned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.domain.checklists import Checklist
from audit.domain.tongue import language, say
from reports import amended, annex, blank, card, delta, front, history, issue, sheets, standing, todo, wall
from reports.archive import Attached
from reports.flow import Gap, Piece, Stack
from reports.ink import Info, Ink
from reports.style import FINE, HAIR, INK, LABEL, SHEETS, Sheet
from reports.text import Line, Span, fitted, lines, width_of
from reports.values import Content, Head, Pair

_HEAD_LINE = 31.0  # from the upper edge
_FOOT_LINE = 30.0  # from the lower edge
_LIFT = 18.0  # page 1 begins higher: it has a masthead in place of a running head
_MOST_CLOSED = 0.65
_APART = 18.0
_TIGHTEST = 3
_SPARE = 0.36  # of a page: when page 1 runs over by less, the next part follows it at once


def draw_record(content: Content, paper: str, out: Path, attached: tuple[Attached, ...] = ()) -> int:
    """The inspector's record, all parts, on ``a4`` or ``letter`` to a file; returns its number of pages.

    ``attached`` are the files that the report carries.
    """
    head = content.head
    first, behind = _page_one(content, head.title, paper)
    pieces = [
        *first,
        _Break(spare=_SPARE),
        *todo.actions(content.deadlines),
        *todo.findings(content.findings, paper),
        *sheets.checklist(content.sections),
        *sheets.inapplicable(content.inapplicable),
        *sheets.measures(content.measures),
        *sheets.papers(content.papers),
        *sheets.visit(behind),
        *sheets.signatures(content),
        *amended.annex(content.amended),
        *_tied(sheets.annex(content), issue.piece(content.issue)),
        *sheets.gallery(content),
    ]
    return _draw(pieces, head, head.title, paper, out, _number(content), attached)


def draw_owner(content: Content, paper: str, out: Path) -> int:
    """The owner's action plan: the decision, what to do by when, each finding; returns its pages."""
    title = say("Action plan, amended") if content.amended else say("Action plan")
    back = [Gap(6), *sheets.sources(content.wins, content.own_sources), *issue.piece(content.issue)]
    alone = not (content.findings or content.amended)
    first, behind = _page_one(content, title, paper, back if alone else None)
    who = sheets.visit([pair for pair in _but_known(behind) if alone or pair not in content.people])
    if alone:  # one page, when it can be
        return _draw([*first, *who, *back], content.head, title, paper, out, _number(content))
    pieces = [
        *first,
        *([_Break(spare=_SPARE)] if content.findings else []),
        *todo.actions(content.deadlines, issue.answers(content.issue)),
        *_tied([*todo.findings(content.findings, paper), *who, *amended.annex(content.amended)], back),
    ]
    return _draw(pieces, content.head, title, paper, out, _number(content))


def draw_delta(content: Content, paper: str, out: Path) -> int:
    """The re-inspection report: former findings only, before and after side by side, what remains; returns its pages."""
    title = say("Re-inspection report, amended") if content.amended else say("Re-inspection report")
    pieces = [
        front.masthead(content.head, title, content.issue),
        *([Gap(12), amended.banner(content.amended)] if content.amended else []),
        *delta.pieces(content),
        *_tied([*sheets.signatures(content), *amended.annex(content.amended)], issue.piece(content.issue)),
    ]
    return _draw(pieces, content.head, title, paper, out, _number(content))


def draw_notice(content: Content, paper: str, out: Path) -> int:
    """The notice of what a visit closes; returns its pages."""
    title = say("Notice of closure")
    pieces = [
        front.masthead(content.head, title, content.issue),
        *standing.notice(content),
        *_tied(sheets.signatures(content), issue.piece(content.issue)),
    ]
    return _draw(pieces, content.head, title, paper, out, _number(content))


def draw_blank(checklist: Checklist, paper: str, out: Path) -> int:
    """An empty form of the whole checklist to be filled in by hand; returns its pages."""
    return _draw(blank.form(checklist), blank.head(checklist), say("Empty form"), paper, out)


def draw_wall(told: wall.Wall, paper: str, out: Path) -> int:
    """The sheet for the wall of a clinic; returns its pages."""
    return _draw(wall.sheet(told), wall.head(told), say("Who may work here"), paper, out)


def draw_card(told: card.Card, paper: str, out: Path) -> int:
    """The placard with the public card of a clinic; ``paper`` may also be ``a5``. Returns its pages."""
    return _draw(card.sheet(told, paper), card.head(told), say("Public card"), paper, out)


def draw_history(told: history.History, paper: str, out: Path) -> int:
    """What a clinic's visits, actions and papers came to over time; returns its pages."""
    return _draw(history.pieces(told), history.head(told), say("Clinic history"), paper, out)


def _number(content: Content) -> str:
    return content.issue.number if content.issue else ""


def _page_one(
    content: Content, title: str, paper: str, after: Sequence[Piece] | None = None
) -> tuple[list[Piece], tuple[Pair, ...]]:
    """Page 1 as full as it may be, and what had to leave it. ``after`` stands below it with what had to leave:
    then both count.

    Where even the tightest runs over, the fullest does: there is a second page for it anyway.
    """
    sheet = SHEETS[paper]
    for tight in range(_TIGHTEST + 1):
        pieces = front.front(content, title, tight)
        behind = front.said_behind(content) if tight else ()
        below = [*sheets.visit(_but_known(behind)), *after] if after is not None else []
        excess = sum(one.height(sheet.measure) for one in (*pieces, *below)) - sheet.room - _LIFT
        gaps = sum(piece.size for piece in pieces if isinstance(piece, Gap))
        if excess <= gaps * _MOST_CLOSED:
            scale = 1 - max(0.0, excess) / gaps
            fitted = [Gap(piece.size * scale) if isinstance(piece, Gap) else piece for piece in pieces]
            return fitted, behind
    return front.front(content, title), ()


def _but_known(pairs: Sequence[Pair]) -> list[Pair]:
    """Without the facts about the place: behind page 1 of a plan they serve nobody, and the record has them."""
    return [pair for pair in pairs if pair.label != say(annex.KNOWN)]


@dataclass
class _Tied(Piece):
    """A piece with what must not begin a page without it."""

    piece: Piece
    tail: Piece

    def height(self, width: float) -> float:
        return self.piece.height(width) + self.tail.height(width)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        self.piece.draw(ink, x, top, width)
        self.tail.draw(ink, x, top - self.piece.height(width), width)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        if self.piece.height(width) <= room:
            return (None, self) if room < page and self.height(width) <= page else (self.piece, self.tail)
        first, rest = self.piece.split(width, room, page)
        return first, _Tied(rest, self.tail) if rest else self.tail


def _tied(pieces: Sequence[Piece], tail: Sequence[Piece]) -> list[Piece]:
    """The tail tied to the last of the pieces that is no gap."""
    last = max((place for place, piece in enumerate(pieces) if not isinstance(piece, Gap)), default=None)
    if last is None or not tail:
        return [*pieces, *tail]
    gaps = sum(piece.size for piece in pieces[last + 1 :] if isinstance(piece, Gap))
    return [*pieces[:last], _Tied(pieces[last], Stack((Gap(gaps), *tail)))]


@dataclass
class _Break(Piece):
    """What follows begins a new page, but not after page 1's last lines: ``spare`` is how much they may take."""

    spare: float

    def height(self, width: float) -> float:
        return 0


def _draw(
    pieces: Sequence[Piece],
    head: Head,
    kind: str,
    paper: str,
    out: Path,
    number: str = "",
    attached: tuple[Attached, ...] = (),
) -> int:
    sheet = SHEETS[paper]
    where = f"{kind}: {head.clinic}, {head.date}" if head.date else f"{kind}: {head.clinic}"
    ink = Ink(
        out,
        sheet,
        Info(
            where,
            head.agency,
            head.behalf,
            head.made_at,
            f"{head.identity}{kind}{paper}{language()}",
            language=language(),
            attached=attached,
            number=number,
        ),
    )
    pages = _Pages(ink, sheet, head, kind, number)
    for piece in pieces:
        pages.add(piece)
    return pages.end()


class _Pages:
    """Fills one page after the other."""

    def __init__(self, ink: Ink, sheet: Sheet, head: Head, kind: str, number: str) -> None:
        self.ink, self.sheet, self.head, self.kind, self.number = ink, sheet, head, kind, number
        self.left = 0.0
        self.room = 0.0
        self.begun = False
        self.total_x = 0.0

    def add(self, piece: Piece) -> None:
        if isinstance(piece, _Break):
            if self.ink.pages > 1 and self.room - self.left < piece.spare * self.room:
                self.add(Gap(_APART))
            else:
                self._leave()
            return
        rest: Piece | None = piece
        while rest is not None:
            rest = self._place(rest)

    def _place(self, piece: Piece) -> Piece | None:
        """Draw what fits; what is returned belongs on the next page."""
        if not self.begun:
            if isinstance(piece, Gap):
                return None
            self._begin()
        width = self.sheet.measure
        tall = piece.height(width)
        if tall <= self.left + 0.01:
            self._draw(piece, tall)
            return None
        if isinstance(piece, Gap):
            self._leave()
            return None
        first, rest = piece.split(width, self.left, self.room)
        if first is None and self.left >= self.room - 0.01:
            self._draw(piece, tall)  # larger than a page and not to be broken: better seen than lost
            return None
        if first is not None:
            self._draw(first, first.height(width))
        self._leave()
        return rest

    def _draw(self, piece: Piece, tall: float) -> None:
        top = self.sheet.bottom + self.left
        piece.draw(self.ink, self.sheet.side, top, self.sheet.measure)
        self.left -= tall

    def _begin(self) -> None:
        self.ink.pages += 1
        self.begun = True
        self.room = self.sheet.room + (_LIFT if self.ink.pages == 1 else 0)
        self.left = self.room
        with self.ink.artifact(furniture=True):
            if self.ink.pages > 1:
                self._running_head()
            self._foot()

    def _running_head(self) -> None:
        y = self.sheet.height - _HEAD_LINE
        side, measure = self.sheet.side, self.sheet.measure
        right = " · ".join(filter(None, (self.kind, self.head.short_id)))
        self._line(right, side, y, measure, "end")
        room = measure - width_of(right, FINE) - 20
        date = f" · {self.head.date}" if self.head.date else ""
        name = fitted(self.head.clinic, LABEL.but(capitals=False, tracking=0.0), room - width_of(date, FINE))
        bold = LABEL.but(capitals=False, tracking=0.0, colour=INK, size=7.2)
        self._line_of(lines((Span(name, bold), Span(date, FINE)), measure), side, y, measure)
        self.ink.hairline(side, y - 4, measure, HAIR)

    def _foot(self) -> None:
        y = _FOOT_LINE
        side, measure = self.sheet.side, self.sheet.measure
        self.ink.hairline(side, y + 10, measure, HAIR)
        left = f"{self.head.sealed} · {self.head.agency}"
        if self.number and self.ink.pages == 1:
            left = f"{say('Report {number}', number=self.number)} · {left}"
        self._line(fitted(left, FINE, measure - 90), side, y, measure)
        self.total_x = side + measure - width_of("00", FINE)
        self._line(
            say("Page {number} of", number=self.ink.pages),
            side,
            y,
            self.total_x - width_of(" ", FINE) - side,
            "end",
        )
        self.ink.total()

    def _line(self, text: str, x: float, y: float, width: float, align: str = "start") -> None:
        self._line_of(lines((Span(text, FINE),), width), x, y, width, align)

    def _line_of(
        self, set_lines: Sequence[Line], x: float, y: float, width: float, align: str = "start"
    ) -> None:
        style = FINE.but(align=align)
        self.ink.put(set_lines[:1], x, y + style.size * 0.78 + (style.leading - style.size) / 2, width, style)

    def _leave(self) -> None:
        if self.begun:
            self.ink.showPage()
            self.begun = False

    def end(self) -> int:
        self._leave()
        self.ink.finish(FINE, self.total_x, _FOOT_LINE)
        lines.cache_clear()  # broken lines serve one document; nobody's words stay in memory for the next
        return self.ink.pages
