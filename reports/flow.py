"""Pieces that flow down a page: words, stacks, rows, tables, photos. Each knows its height and how to break.

A piece is measured for a width, may be split into what fits the room left and the rest, and is drawn from
its upper left corner. Heights are kept per piece, so the cost of a page is linear in its text.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace

from audit.domain import markings
from reports.ink import Ink, Picture
from reports.style import HAIR, QUIET, Colour, Style
from reports.text import Line, Span, lines, shown

Draw = Callable[[Ink, float, float, float, float], None]  # ink, x, top, width, height
_EPS = 0.01


class Piece:
    """Something that takes height. ``split`` returns what fits and what is left; none means it cannot."""

    def height(self, width: float) -> float:
        raise NotImplementedError

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        raise NotImplementedError

    def split(self, width: float, room: float, page: float) -> "tuple[Piece | None, Piece | None]":
        """Break for ``room`` points; ``page`` is the height of an empty page."""
        return None, self


@dataclass
class Words(Piece):
    """A paragraph of one or more styled spans; ``style`` gives leading and alignment."""

    spans: tuple[Span, ...]
    style: Style
    rows: tuple[Line, ...] | None = None  # set when only some of the lines are left
    role: str = "P"

    @property
    def text(self) -> str:
        return " ".join(shown("".join(span.text for span in self.spans)).split())

    def set_lines(self, width: float) -> tuple[Line, ...]:
        return self.rows if self.rows is not None else lines(self.spans, width)

    def height(self, width: float) -> float:
        return len(self.set_lines(width)) * self.style.leading

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        set_lines = self.set_lines(width)
        if any(line.runs for line in set_lines):
            with ink.tags.element(self.role):
                ink.put(set_lines, x, top, width, self.style)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        rows = self.set_lines(width)
        fit = min(int((room + _EPS) / self.style.leading), len(rows) - 2)  # no single line is left over
        if fit < 2:
            return None, self
        return replace(self, rows=rows[:fit]), replace(self, rows=rows[fit:])


def words(text: str, style: Style, role: str = "P") -> Words:
    """The one way for text onto a page: nothing in it is markup, what cannot be drawn becomes visible."""
    return Words((Span(text, style),), style, role=role)


def rich(*spans: tuple[str, Style], role: str = "P") -> Words:
    """A paragraph in several styles; the first gives the leading."""
    return Words(tuple(Span(text, style) for text, style in spans if text), spans[0][1], role=role)


@dataclass
class Gap(Piece):
    size: float

    def height(self, width: float) -> float:
        return self.size

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        """Nothing to see."""


@dataclass
class Drawn(Piece):
    """A drawing of fixed height; decoration, unless ``says`` puts it into words."""

    size: float
    paint: Draw
    says: str = ""

    def height(self, width: float) -> float:
        return self.size

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        with ink.figure(self.says) if self.says else ink.artifact():
            self.paint(ink, x, top, width, self.size)


def rule(colour: Colour = HAIR, weight: float = 0.5, space: float = 0) -> Drawn:
    def paint(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top - height / 2, width, colour, weight)

    return Drawn(2 * space + weight, paint)


@dataclass
class Stack(Piece):
    """Pieces one below the other. With ``keep`` it breaks only when longer than a page."""

    pieces: Sequence[Piece]
    gap: float = 0
    keep: bool = True
    role: str = ""  # ``L``: each piece is an entry of a list
    _heights: dict[float, float] = field(default_factory=dict, repr=False)

    def height(self, width: float) -> float:
        if width not in self._heights:
            inner = sum(piece.height(width) for piece in self.pieces)
            self._heights[width] = inner + self.gap * max(0, len(self.pieces) - 1)
        return self._heights[width]

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        with ink.tags.element(self.role) if self.role else nullcontext():
            for piece in self.pieces:
                with _entry(ink) if self.role == "L" and not isinstance(piece, Gap) else nullcontext():
                    piece.draw(ink, x, top, width)
                top -= piece.height(width) + self.gap

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        if self.keep and self.height(width) <= page and room < page - _EPS:
            return None, self
        head: list[Piece] = []
        left = room
        for index, piece in enumerate(self.pieces):
            tall = piece.height(width)
            if tall <= left + _EPS:
                head.append(piece)
                left -= tall + self.gap
                continue
            first, rest = piece.split(width, left, page)
            tail = [*([rest] if rest else []), *self.pieces[index + 1 :]]
            if first:
                head.append(first)
            while head and isinstance(head[-1], Gap):
                head.pop()
            return (self._part(head) if head else None), (self._part(tail) if tail else None)
        return self, None

    def _part(self, pieces: Sequence[Piece]) -> "Stack":
        return Stack(pieces, self.gap, self.keep, self.role)


@contextmanager
def _entry(ink: Ink) -> Iterator[None]:
    with ink.tags.element("LI"), ink.tags.element("LBody"):
        yield


@dataclass
class Titled(Piece):
    """A title that never stands alone at the foot of a page."""

    title: Piece
    body: Piece
    least: float = 40  # points of the body that must stand below the title

    def height(self, width: float) -> float:
        return self.title.height(width) + self.body.height(width)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        self.title.draw(ink, x, top, width)
        self.body.draw(ink, x, top - self.title.height(width), width)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        tall = self.title.height(width)
        if room - tall < self.least:
            return None, self
        first, rest = self.body.split(width, room - tall, page - tall if room < page - _EPS else room - tall)
        return (replace(self, body=first), rest) if first else (None, self)


@dataclass
class Row(Piece):
    """Cells side by side. Columns are widths in points; 0 shares what is left, ``gutter`` lies between.

    ``under`` paints behind or beside the row (bars, tints, rules) once its height is known.
    """

    cells: Sequence[Piece]
    columns: tuple[float, ...]
    gutter: float = 10
    above: float = 0
    below: float = 0
    under: Draw | None = None
    whole: bool = False  # never split, for rows that are short by nature
    loose: bool = False  # split however short it is
    header: bool = False  # in a table: its cells head their columns
    names: int = -1  # in a table: the cell that names the row
    across: int = 1  # in a table: columns that the last cell takes
    _heights: dict[float, float] = field(default_factory=dict, repr=False)

    def widths(self, width: float) -> tuple[float, ...]:
        fixed = sum(self.columns) + self.gutter * (len(self.columns) - 1)
        share = (width - fixed) / max(1, self.columns.count(0))
        return tuple(column or share for column in self.columns)

    def height(self, width: float) -> float:
        if width not in self._heights:
            cells = zip(self.cells, self.widths(width), strict=True)
            self._heights[width] = max(cell.height(wide) for cell, wide in cells) + self.above + self.below
        return self._heights[width]

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        self._draw_under(ink, x, top, width)
        for cell, wide in zip(self.cells, self.widths(width), strict=True):
            cell.draw(ink, x, top - self.above, wide)
            x += wide + self.gutter

    def draw_in_table(self, ink: Ink, x: float, top: float, width: float) -> None:
        """The same, as a row of a table."""
        self._draw_under(ink, x, top, width)
        with ink.tags.element("TR"):
            for place, (cell, wide) in enumerate(zip(self.cells, self.widths(width), strict=True)):
                scope = "Column" if self.header else "Row" if place == self.names else ""
                span = self.across if place == len(self.cells) - 1 else 1
                with ink.tags.element("TH" if scope else "TD", scope=scope, span=span):
                    cell.draw(ink, x, top - self.above, wide)
                x += wide + self.gutter

    def _draw_under(self, ink: Ink, x: float, top: float, width: float) -> None:
        if self.under:
            with ink.artifact():
                self.under(ink, x, top, width, self.height(width))

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        tall = self.height(width)
        if self.whole or (tall <= page / 3 and room < page - _EPS and not self.loose):
            return None, self
        inner = room - self.above - self.below
        heads: list[Piece] = []
        tails: list[Piece] = []
        moved = False
        for cell, wide in zip(self.cells, self.widths(width), strict=True):
            if cell.height(wide) <= inner + _EPS:
                heads.append(cell)
                tails.append(Gap(0))
                moved = True
                continue
            first, rest = cell.split(wide, inner, page)
            moved = moved or first is not None
            heads.append(first or Gap(0))
            tails.append(rest or Gap(0))
        useful = any(head.height(wide) > 0 for head, wide in zip(heads, self.widths(width), strict=True))
        if not moved or not useful:
            return None, self
        return self._part(heads), self._part(tails)

    def _part(self, cells: Sequence[Piece]) -> "Row":
        return replace(self, cells=cells, _heights={})


@dataclass
class Table(Piece):
    """Rows below a head that is repeated on every page the table runs over."""

    head: Piece | None
    rows: Sequence[Piece]
    again: Piece | None = None  # stands in for the head on the pages that follow

    def height(self, width: float) -> float:
        return self._head_height(width) + sum(row.height(width) for row in self.rows)

    def _head_height(self, width: float) -> float:
        return self.head.height(width) if self.head else 0

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        above, head = _head_parts(self.head)
        for piece in above:  # a title over the head is no row of the table
            piece.draw(ink, x, top, width)
            top -= piece.height(width)
        with ink.tags.element("Table"):
            for row in (*((head,) if head else ()), *self.rows):
                if isinstance(row, Row):
                    row.draw_in_table(ink, x, top, width)
                else:
                    row.draw(ink, x, top, width)
                top -= row.height(width)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        left = room - self._head_height(width)
        for index, row in enumerate(self.rows):
            tall = row.height(width)
            if tall <= left + _EPS:
                left -= tall
                continue
            first, rest = row.split(width, left, page - self._head_height(width))
            head = [*self.rows[:index], *([first] if first else [])]
            tail = [*([rest] if rest else []), *self.rows[index + 1 :]]
            if not head:
                return None, self
            after = self.again or self.head
            return Table(self.head, head), Table(after, tail, after)
        return self, None


def _head_parts(head: Piece | None) -> tuple[Sequence[Piece], Row | None]:
    """What stands above a table, and its head row, or none."""
    if isinstance(head, Row) and head.header:
        return (), head
    if isinstance(head, Stack) and isinstance(head.pieces[-1], Row) and head.pieces[-1].header:
        return head.pieces[:-1], head.pieces[-1]
    return ((head,) if head else ()), None


@dataclass
class Photo(Piece):
    """A photo, upright and in its own proportions, no higher than ``tallest``; a frame when it is missing."""

    shot: Picture | None
    tallest: float
    caption: Words
    drawn: Sequence[markings.Line] = ()

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.shot.width / self.shot.height if self.shot else 4 / 3

    def _size(self, width: float) -> tuple[float, float]:
        if self.shot is None:
            return width, 40
        scale = min(width / self.shot.width, self.tallest / self.shot.height)
        return self.shot.width * scale, self.shot.height * scale

    def height(self, width: float) -> float:
        return self._size(width)[1] + 4 + self.caption.height(width)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        wide, tall = self._size(width)
        with ink.figure(self.caption.text):
            if self.shot:
                ink.photo(self.shot, x, top, wide, tall)
                ink.over(self.drawn, x, top, wide, tall)
            else:
                ink.frame(x, top, wide, tall, QUIET)
                ink.line(x, top, x + wide, top - tall)
        self.caption.draw(ink, x, top - tall - 4, width)


@dataclass
class Photos(Piece):
    """Photos side by side over the whole width, all of the same height but no higher than ``tallest``."""

    photos: Sequence[Photo]
    tallest: float
    gutter: float = 12

    def _row(self, width: float) -> Row:
        aspects = [photo.aspect for photo in self.photos]
        free = width - self.gutter * (len(aspects) - 1)
        tall = min(self.tallest, free / sum(aspects))
        return Row(self.photos, tuple(aspect * tall for aspect in aspects), self.gutter, whole=True)

    def height(self, width: float) -> float:
        return self._row(width).height(width)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        self._row(width).draw(ink, x, top, width)
