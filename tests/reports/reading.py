"""Reads a PDF back with the usual tools: its text, where each word stands, what a checker says."""

import html
import re
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tests.needs import tool

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
# Marks of direction that the extractor adds, and joiners that no glyph carries.
_UNSEEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u200c\u200d\u200e\u200f"))


@dataclass(frozen=True)
class Placed:
    """A word and its box in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def text_of(path: Path) -> str:
    """The text in the order it was drawn, white space as single spaces, compatibility forms undone."""
    return plain(_run(tool("pdftotext"), "-raw", str(path), "-"))


def reading_order(path: Path) -> str:
    """The text in the order the extractor believes it is read."""
    return plain(_run(tool("pdftotext"), str(path), "-"))


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(_UNSEEN).split())


def solid(text: str) -> str:
    """Without any space: lines may be broken anywhere in a word that fits no line."""
    return "".join(plain(text).split())


def pages_of(path: Path) -> list[tuple[float, float, list[Placed]]]:
    """Width, height and placed words of each page."""
    pages = []
    for width, height, body in _PAGE.findall(_run(tool("pdftotext"), "-bbox", str(path), "-")):
        words = [Placed(html.unescape(row[4]), *map(float, row[:4])) for row in _WORD.findall(body)]
        pages.append((float(width), float(height), words))
    return pages


def check(path: Path) -> None:
    """The file is sound in the eyes of qpdf, without a warning."""
    subprocess.run((tool("qpdf"), "--check", str(path)), capture_output=True, check=True)


def info(path: Path) -> dict[str, str]:
    rows = _run(tool("pdfinfo"), "-isodates", str(path)).splitlines()
    return {key.strip(): value.strip() for key, _, value in (row.partition(":") for row in rows)}
