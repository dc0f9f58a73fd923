"""Text onto paper: what can be drawn is drawn, everything else becomes a visible code, nothing is lost.

No markup is parsed anywhere, so no text can be an instruction. Every step is linear in the length.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from reports import arabic
from reports.style import REGULAR, Colour, Style, fallback, font, glyphs

LONGEST = 20_000  # characters; notes end at 4,000, this only keeps a damaged record from stopping a report
_MARKS_IN_A_ROW = 4
# All in the main typeface, composed, without direction: nothing to look at letter by letter.
_PLAIN = re.compile(
    "[ -~\n\u00a0-\u00ac\u00ae-\u017f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2192\u2212\u2264\u2265]*"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_EMPTY_LINES = re.compile("\n{3,}")
_MOST_LINES = 80  # in one text; a note of empty lines must not fill a hundred pages
_SPACE = re.compile(r"[ \t]+")
_CONTROLS = {
    0x061C: "ALM", 0x200E: "LRM", 0x200F: "RLM", 0x202A: "LRE", 0x202B: "RLE", 0x202C: "PDF",
    0x202D: "LRO", 0x202E: "RLO", 0x2066: "LRI", 0x2067: "RLI", 0x2068: "FSI", 0x2069: "PDI",
}  # fmt: skip
_BREAK_AFTER = re.compile(r"[\]/\\\-_.,;:@&=?)}]")
_LOOK_BACK = 24


def shown(text: str) -> str:
    """Text as it can be drawn: NFC, line ends as ``\\n``, and codes such as ``[U+1F3E5]`` or ``[RLO]``.

    A character that the typefaces lack, or that would act without being seen, is never dropped and never
    becomes another one.
    """
    if len(text) > LONGEST:
        rest = len(text) - LONGEST
        text = f"{text[:LONGEST]} [… {rest} more characters are in the sealed record]"
    text = _line_ends(text)
    if _PLAIN.fullmatch(text):
        return text
    return "".join(_visible(unicodedata.normalize("NFC", text)))


def _line_ends(text: str) -> str:
    """One kind of line end, no more than one empty line; a flood of them is run in, each shown as ¶."""
    text = _EMPTY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", text)).rstrip("\n")
    return text.replace("\n", " ¶ ") if text.count("\n") > _MOST_LINES else text


def _visible(text: str) -> Iterator[str]:
    marks, before = 0, ""
    for index, char in enumerate(text):
        marks = marks + 1 if unicodedata.combining(char) else 0
        if char in ("\u200c", "\u200d"):
            after = text[index + 1 : index + 2]
            joins = arabic.is_arabic(before or " ") and arabic.is_arabic(after or " ")
            yield char if joins else code(char)
        elif marks > _MARKS_IN_A_ROW:
            yield code(char)
        else:
            yield _drawable(char)
        before = char


def _drawable(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\t":
        return char
    if category == "Zs":
        return "\u00a0" if char in "\u00a0\u202f" else " "
    point = ord(char)
    if category.startswith("C") or point > 0xFFFF or not _covered(point):
        return code(char)
    return char


def code(char: str) -> str:
    """The visible code of one character."""
    point = ord(char)
    return f"[{_CONTROLS[point]}]" if point in _CONTROLS else f"[U+{point:04X}]"


def _covered(point: int) -> bool:
    return point in glyphs(REGULAR) or point in glyphs(fallback(REGULAR))


def replaced(texts: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Every character of these texts that paper shows as a code: (code, Unicode name), by code point."""
    found: set[str] = set()
    for text in texts:
        if not _PLAIN.fullmatch(text):
            found.update(char for char in text[:LONGEST] if not char.isspace() and _drawable(char) != char)
    codes = {code(char): unicodedata.name(char, "unnamed").lower() for char in sorted(found)}
    return tuple(codes.items())


# measuring ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text in one style; a paragraph is one or more of them."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one typeface, ready to be drawn from left to right."""

    font: str
    text: str
    size: float
    colour: Colour
    tracking: float
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    runs: tuple[Run, ...]
    width: float
    rtl: bool = False
    spaced: bool = False  # a space stood where the line ends; those who hear or copy the text need it


@lru_cache(maxsize=20_000)
def _unit_width(face: str, text: str) -> float:
    """Width at 1,000 points of text that may need the fallback typeface."""
    return sum(float(font(name).stringWidth(part, 1000)) for name, part in _by_font(face, text))


def width_of(text: str, style: Style) -> float:
    return _unit_width(style.face, text) * style.size / 1000 + len(text) * style.tracking


def _by_font(face: str, text: str) -> list[tuple[str, str]]:
    """Cut text into runs of one typeface; a letter goes with its marks to the face that has them all."""
    if text.isascii() or glyphs(face).issuperset(map(ord, text)):
        return [(face, text)]
    runs: list[tuple[str, str]] = []
    for cluster in _clusters(text):
        name = _face_for(face, cluster)
        if runs and runs[-1][0] == name:
            runs[-1] = (name, runs[-1][1] + cluster)
        else:
            runs.append((name, cluster))
    return runs


def _face_for(face: str, cluster: str) -> str:
    for name in (face, fallback(face)):
        if glyphs(name).issuperset(map(ord, cluster)):
            return name
    return fallback(REGULAR)


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for char in text:
        if clusters and unicodedata.combining(char):
            clusters[-1] += char
        else:
            clusters.append(char)
    return clusters


# breaking -------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4_000)
def lines(spans: tuple[Span, ...], width: float) -> tuple[Line, ...]:
    """Break a paragraph (spans may hold line ends) into lines no wider than ``width``."""
    broken: list[Line] = []
    for paragraph in _paragraphs(spans):
        broken.extend(_break(paragraph, width))
    return tuple(broken)


def _paragraphs(spans: Iterable[Span]) -> Iterator[list[Span]]:
    current: list[Span] = []
    for span in spans:
        text = shown(span.text)
        first, *others = (text.upper() if span.style.capitals else text).split("\n")
        current.append(Span(first, span.style))
        for other in others:
            yield current
            current = [Span(other, span.style)]
    yield current


@dataclass(slots=True)
class _Word:
    text: str
    style: Style
    width: float
    spaced: bool  # a space stands before it


def _break(spans: list[Span], width: float) -> list[Line]:
    whole = "".join(span.text for span in spans)
    direction = arabic.base_direction(whole) if arabic.has_rtl(whole) else ""
    broken: list[Line] = []
    line: list[_Word] = []
    used = 0.0
    for word in _words(spans, bool(direction), width):
        space = width_of(" ", word.style) if word.spaced and line else 0.0
        # A word that only follows a change of style (no space before it) is kept on its line if it fits.
        if line and used + space + word.width > width + 0.01:
            broken.append(replace(_line(line, direction), spaced=word.spaced))
            line, used, space = [], 0.0, 0.0
        line.append(word)
        used += space + word.width
    broken.append(_line(line, direction))
    return broken


def _words(spans: list[Span], rtl: bool, width: float) -> Iterator[_Word]:
    spaced = False
    for span in spans:
        text = arabic.join(span.text) if rtl else span.text
        pieces = _SPACE.split(text)
        for index, piece in enumerate(pieces):
            spaced = spaced or index > 0
            if not piece:
                continue
            measured = width_of(piece, span.style)
            if measured <= width:
                yield _Word(piece, span.style, measured, spaced)
            else:
                for number, part in enumerate(_cut(piece, span.style, width)):
                    yield _Word(part, span.style, width_of(part, span.style), spaced and number == 0)
            spaced = False


def _cut(word: str, style: Style, width: float) -> Iterator[str]:
    """Cut a word that no line can hold, by measured width, rather after a sign than within a stretch."""
    current: list[str] = []
    used = 0.0
    for cluster in _clusters(word):
        wide = width_of(cluster, style)
        if current and used + wide > width:
            keep = _cut_place(current)
            yield "".join(current[:keep])
            current = current[keep:]
            used = sum(width_of(part, style) for part in current)
        current.append(cluster)
        used += wide
    yield "".join(current)


def _cut_place(clusters: list[str]) -> int:
    for index in range(len(clusters) - 1, max(1, len(clusters) - _LOOK_BACK), -1):
        if _BREAK_AFTER.fullmatch(clusters[index - 1]):
            return index
    return len(clusters)


def _line(words: list[_Word], direction: str) -> Line:
    spans: list[Span] = []
    for word in words:
        gap = " " if word.spaced and spans else ""
        if spans and spans[-1].style == word.style:
            spans[-1] = Span(spans[-1].text + gap + word.text, word.style)
        else:
            if gap:
                spans[-1] = Span(spans[-1].text + gap, spans[-1].style)
            spans.append(Span(word.text, word.style))
    runs: list[Run] = []
    for span in reversed(spans) if direction == "R" else spans:
        text = arabic.visual(span.text, direction) if direction else span.text
        for name, part in _by_font(span.style.face, text):
            style = span.style
            wide = float(font(name).stringWidth(part, style.size)) + len(part) * style.tracking
            runs.append(Run(name, part, style.size, style.colour, style.tracking, wide))
    return Line(tuple(runs), sum(run.width for run in runs), direction == "R")


def fitted(text: str, style: Style, width: float) -> str:
    """One line of text for running heads, ended with … where it is too long."""
    line = " ".join(shown(text).split())
    if width_of(line, style) <= width:
        return line
    kept = ""
    for cluster in _clusters(line):
        if width_of(f"{kept}{cluster}…", style) > width:
            break
        kept += cluster
    return f"{kept.rstrip()}…"
