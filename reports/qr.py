"""A QR code as a path of squares: for a page it is drawn by SVG, for paper by the pen of the report."""

from dataclasses import dataclass

from reports.ink import Ink
from reports.style import INK

QUIET = 4  # modules of white around it, as the standard asks


@dataclass(frozen=True)
class Code:
    """``rows`` say from top to bottom which modules are dark, without the quiet zone."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """Modules from edge to edge, with the quiet zone."""
        return len(self.rows) + 2 * QUIET

    @property
    def path(self) -> str:
        """The dark modules as an SVG path in a box of ``size`` by ``size``: runs of a row are one piece."""
        return "".join(
            f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
            for y, row in enumerate(self.rows)
            for start, length in _runs(row)
        )


def code(text: str) -> Code:
    """The code of a text, in the smallest size that holds it with medium correction."""
    # Its neighbours there take an eighth of every start of a process; most draw no code.
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    drawn = QRCode(None, QRErrorCorrectLevel.M)
    drawn.addData(text)
    drawn.make()
    return Code(tuple(tuple(bool(module) for module in row) for row in drawn.modules))


def paint(ink: Ink, x: float, top: float, size: float, drawn: Code) -> None:
    """The code on paper: dark modules as runs, so that no hairline shows between neighbours."""
    edge = size / drawn.size
    for down, row in enumerate(drawn.rows):
        for start, length in _runs(row):
            left = x + (start + QUIET) * edge
            ink.block(left, top - (down + QUIET) * edge, length * edge, edge * 1.02, INK)


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and runs and sum(runs[-1]) == x:
            runs[-1] = runs[-1][0], runs[-1][1] + 1
        elif dark:
            runs.append((x, 1))
    return runs
