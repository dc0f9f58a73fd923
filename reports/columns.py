"""A flow set in two columns, for long lists of short lines."""

from dataclasses import dataclass, field, replace

from reports.flow import Gap, Piece, Row, Stack
from reports.ink import Ink


@dataclass
class Columns(Piece):
    """A body set in two columns: filled one after the other down a page, of even length where it ends."""

    body: Stack
    gutter: float = 20
    _sides: dict[float, tuple[Piece, Piece | None]] = field(default_factory=dict, repr=False)

    def _wide(self, width: float) -> float:
        return (width - self.gutter) / 2

    def _even(self, width: float) -> tuple[Piece, Piece | None]:
        """Both columns, the left one no shorter than the right and as short as that allows."""
        if width not in self._sides:
            wide = self._wide(width)
            low, high = self.body.height(wide) / 2, self.body.height(wide)
            best: tuple[Piece, Piece | None] = (self.body, None)
            while high - low > 2:
                tall = (low + high) / 2
                left, right = self.body.split(wide, tall, high * 2)
                if left is None or (right is not None and right.height(wide) > tall):
                    low = tall
                else:
                    best, high = (left, right), tall
            self._sides[width] = best
        return self._sides[width]

    def height(self, width: float) -> float:
        return max(side.height(self._wide(width)) for side in self._even(width) if side)

    def draw(self, ink: Ink, x: float, top: float, width: float) -> None:
        wide = self._wide(width)
        for side, piece in enumerate(self._even(width)):
            if piece:
                piece.draw(ink, x + side * (wide + self.gutter), top, wide)

    def split(self, width: float, room: float, page: float) -> tuple[Piece | None, Piece | None]:
        wide = self._wide(width)
        left, after = self.body.split(wide, room, page)
        if left is None:
            return None, self
        right, rest = after.split(wide, room, page) if after else (None, None)
        if right is None:
            rest = after
        done = Row((left, right or Gap(0)), (0, 0), self.gutter, whole=True)
        return done, replace(self, body=Stack((rest,), keep=False), _sides={}) if rest else None


def _head_parts(head: Piece | None) -> "list[Piece | None]":
    """What stands above a table, and last its head row, or none."""
    if isinstance(head, Row) and head.header:
        return [head]
    if isinstance(head, Stack) and isinstance(head.pieces[-1], Row) and head.pieces[-1].header:
        return list(head.pieces)
    return [head, None] if head else [None]
