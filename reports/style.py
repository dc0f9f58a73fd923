"""Paper, colours, typefaces and sizes: one small vocabulary for every page.

Lengths are PDF points. Text is set in Source Sans 3 (two real weights); DejaVu Sans stands in, run by run,
for scripts it lacks. Both are embedded as subsets and read once per process.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

# Binary streams, same bytes on every run, and no shaping pass: this package joins and orders letters itself.
rl_config.useA85 = 0
rl_config.invariant = 1
rl_config.shapeChecking = 0

FONTS = Path(__file__).parent / "fonts"
REGULAR, STRONG = "Sans", "Sans-Strong"
_FILES = {
    REGULAR: "SourceSans3-Regular.ttf",
    STRONG: "SourceSans3-SemiBold.ttf",
    "Sans-Fallback": "DejaVuSans.ttf",
    "Sans-Strong-Fallback": "DejaVuSans-Bold.ttf",
}


@cache
def font(name: str) -> TTFont:
    """The typeface of that name, read and registered at first use."""
    loaded = TTFont(name, str(FONTS / _FILES[name]))
    pdfmetrics.registerFont(loaded)
    return loaded


@cache
def glyphs(name: str) -> frozenset[int]:
    """The code points a typeface can draw."""
    return frozenset(font(name).face.charToGlyph)


def fallback(name: str) -> str:
    return f"{name}-Fallback"


@dataclass(frozen=True)
class Colour:
    red: float
    green: float
    blue: float

    @classmethod
    def of(cls, code: str) -> "Colour":
        return cls(*(int(code[index : index + 2], 16) / 255 for index in (1, 3, 5)))


# Contrast on white: text at least 4.5, rules of controls at least 3.
INK = Colour.of("#14213D")
QUIET = Colour.of("#4B5568")
RULE = Colour.of("#7C8698")
HAIR = Colour.of("#C9CED8")  # separates, carries no meaning
TINT = Colour.of("#F3F6F7")
ACCENT = Colour.of("#0B5D6B")
GOOD = Colour.of("#1B6E3C")
BAD = Colour.of("#B3261E")
WARN = Colour.of("#8A5A00")
UNSEEN = Colour.of("#5B4B8A")
PAPER = Colour.of("#FFFFFF")

TONES = {"good": GOOD, "bad": BAD, "warn": WARN, "unseen": UNSEEN, "plain": INK, "quiet": QUIET}
MARK_COLOURS = {"IN": GOOD, "OUT": BAD, "NO": UNSEEN, "NA": QUIET, "R": WARN}


@dataclass(frozen=True)
class Style:
    """How text is set: typeface, size and leading in points, colour, letter-spacing, alignment."""

    face: str = REGULAR
    size: float = 9.5
    leading: float = 12.6
    colour: Colour = INK
    tracking: float = 0.0
    align: str = "start"  # start follows the script: left, or right for Arabic and Hebrew
    capitals: bool = False

    def but(self, **changes: object) -> "Style":
        return _changed(self, tuple(changes.items()))


@cache
def _changed(style: Style, changes: tuple[tuple[str, object], ...]) -> Style:
    return replace(style, **dict(changes))  # type: ignore[arg-type]


BODY = Style()
STRONG_BODY = Style(face=STRONG)
SMALL = Style(size=8.2, leading=10.4)
STRONG_SMALL = Style(face=STRONG, size=8.2, leading=10.4)
FINE = Style(size=7.2, leading=9.2, colour=QUIET)
LABEL = Style(face=STRONG, size=7, leading=9, colour=QUIET, tracking=0.55, capitals=True)
TITLE = Style(face=STRONG, size=16, leading=19)
HEADING = Style(face=STRONG, size=10.5, leading=13)
NAME = Style(face=STRONG, size=22, leading=25)
RESULT = Style(face=STRONG, size=27, leading=30)
FIGURE = Style(face=STRONG, size=19, leading=21)


@dataclass(frozen=True)
class Sheet:
    """A paper size with its margins; ``measure`` is the width for text."""

    name: str
    width: float
    height: float
    side: float = 46
    top: float = 46
    bottom: float = 45

    @property
    def measure(self) -> float:
        return self.width - 2 * self.side

    @property
    def room(self) -> float:
        return self.height - self.top - self.bottom


# A little more than a space between things that share a line; a line may be broken there.
AIR = "\u00a0 "

A4 = Sheet("a4", 595.28, 841.89)
LETTER = Sheet("letter", 612, 792)
A5 = Sheet("a5", 419.53, 595.28, side=34, top=38, bottom=42)
SHEETS = {"a4": A4, "letter": LETTER, "a5": A5}
