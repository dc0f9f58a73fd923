"""The page we draw on: a ReportLab canvas that writes straight to a file and copies photos through.

ReportLab joins a whole document in memory and reads each picture when it is placed. Here objects go to the
file as they are formatted and a JPEG's bytes are read at that moment, so memory does not grow with photos.
This overrides two methods of ``PDFDocument``; the version of ReportLab is pinned for it.
What is drawn is tagged (``reports.tags``), and the file says what PDF/A-3b and PDF/UA-1 ask of it.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.pdfutils import readJPEGInfo
from reportlab.pdfgen.canvas import Canvas

from audit.domain import markings
from audit.domain.glyphs import BOX, CUT, EDGE, GLYPHS, LINE, Block, Disc, Part, Trace
from reports import archive
from reports.style import BAD, INK, MARK_COLOURS, PAPER, Colour, Sheet, Style, font
from reports.tags import ARTIFACT, FURNITURE, Tags
from reports.text import Line, Run, shown

_TOTAL = "page-total"
_BUFFER = 1 << 18


@dataclass(frozen=True)
class Info:
    """What a viewer shows about the file. ``made_at`` is the record's instant (``…Z``), never the clock."""

    title: str
    author: str
    subject: str
    made_at: str
    identity: str  # goes into the file's identifier; the record's fingerprint
    language: str = "en"
    attached: "tuple[archive.Attached, ...]" = ()
    number: str = ""  # readable in the file as it lies there, also where its seal was taken off


class _File(pdfdoc.PDFFile):
    """Passes every object on instead of collecting it."""

    def __init__(self, sink: IO[bytes], version: tuple[int, int]) -> None:
        super().__init__(version)
        head = b"".join(self.strings)
        self.write: Any = sink.write
        sink.write(head)


class _Document(pdfdoc.PDFDocument):
    """A document whose objects are written one by one."""

    sink: IO[bytes]
    Catalog: Any
    _pdfVersion: Any

    def SaveToFile(self, filename: str, canvas: Canvas) -> None:
        with open(filename, "wb", buffering=_BUFFER) as self.sink:
            self.GetPDFData(canvas)

    Reference: Any

    def format(self) -> bytes:
        root, info = self.Reference(self.Catalog), self.Reference(self.info)
        out = _File(self.sink, self._pdfVersion)
        written: list[str] = []
        # Formatting an object may add further ones, so the numbers are followed until there is none.
        while len(written) + 1 in self.numberToId:
            name = self.numberToId[len(written) + 1]
            made = pdfdoc.PDFIndirectObject(name, self.idToObject[name]).format(self)
            # An archive wants the end of a stream on a line of its own.
            head, stream, end = made.rpartition(b"endstream")
            self.idToOffset[name] = out.add(head + b"\n" + stream + end if stream else made)
            written.append(name)
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, written)
        start = out.add(table.format(self))
        out.add(
            pdfdoc.PDFTrailer(
                startxref=start, Size=len(written) + 1, Root=root, Info=info, ID=self.ID()
            ).format(self)
        )
        return b""


class _Jpeg(pdfdoc.PDFImageXObject):
    """A JPEG whose bytes are read while the file is written."""

    def __init__(self, name: str, path: Path, width: int, height: int, channels: int) -> None:
        self.path = path
        super().__init__(name)
        self.width, self.height, self.bitsPerComponent = width, height, 8
        self.colorSpace = {1: "DeviceGray", 3: "DeviceRGB"}[channels]
        self._filters = ("DCTDecode",)

    @property
    def streamContent(self) -> Any:
        return self.path.read_bytes()

    @streamContent.setter
    def streamContent(self, value: object) -> None:
        """The sample picture that ReportLab sets first is not wanted."""


@dataclass(frozen=True)
class Picture:
    """A photo that can be placed: its size in pixels."""

    name: str
    path: Path
    width: int
    height: int
    channels: int


def picture(name: str, path: Path) -> Picture | None:
    """Read the size of a JPEG; none when the file is missing or no baseline grey or colour JPEG."""
    try:
        with path.open("rb") as file:
            size = readJPEGInfo(file)
    except (OSError, pdfdoc.PDFError, struct.error):
        return None
    if not size or size[2] not in (1, 3) or not (size[0] and size[1]):
        return None
    return Picture(name, path, size[0], size[1], size[2])


@dataclass
class _State:
    """What the operators of one text have set so far."""

    face: tuple[str, float] = ("", 0.0)
    colour: Colour | None = None
    tracking: float = 0.0


class Ink(Canvas):
    """A canvas with the few strokes a report is made of. Coordinates are points from the lower left."""

    # What ReportLab offers no other way to: the document, the page's operators, its escaping of strings.
    _doc: Any
    _code: list[str]
    _escape: Any

    def __init__(self, path: Path, sheet: Sheet, info: Info) -> None:
        font(Style().face)
        super().__init__(
            str(path),
            pagesize=(sheet.width, sheet.height),
            pageCompression=1,
            lang=info.language,
            initialFontName=Style().face,  # type: ignore[arg-type]  # the stub says a number
            pdfVersion=(1, 7),
        )
        self._doc.__class__ = _Document
        self._doc.Catalog.__class__ = archive.Catalog
        self.info, self.tags = info, Tags()
        self.sheet = sheet
        self.pages = 0
        self._keys = 0
        self.setTitle(_one_line(info.title))
        self.setAuthor(_one_line(info.author))
        self.setSubject(_one_line(info.subject))
        self.setCreator("clinic-audit")
        stamp = "".join(char for char in info.made_at if char.isdigit()).ljust(14, "0")[:14]
        self.setDateFormatter(lambda *_now: f"D:{stamp}Z")
        self.setViewerPreference("DisplayDocTitle", "true")
        self._doc.updateSignature(info.identity)

    # text -------------------------------------------------------------------------------------------------

    def put(self, lines: Iterable[Line], x: float, top: float, width: float, style: Style) -> None:
        """Set lines one below the other from ``top``; the baseline lies so that leading is shared."""
        with self.tags.content(self._code, self.pages):
            self._put(lines, x, top, width, style)

    def _put(self, lines: Iterable[Line], x: float, top: float, width: float, style: Style) -> None:
        """Writes the operators itself: text objects would measure and format every run once more."""
        code = ["BT"]
        y = top - (style.leading - style.size) / 2 - style.size * 0.78
        state = _State()
        for line in lines:
            if line.runs:
                code.append(f"1 0 0 1 {x + _indent(line, width, style.align):.2f} {y:.2f} Tm")
                for run in line.runs:
                    self._show(run, state, code)
                if line.spaced and not line.rtl:
                    self._show(replace(line.runs[-1], text=" "), state, code)
            y -= style.leading
        if state.tracking:
            code.append("0 Tc")  # it would stay for the next text otherwise
        code.append("ET")
        self._code.append("\n".join(code))

    def _show(self, run: Run, state: "_State", code: list[str]) -> None:
        if run.colour != state.colour:
            state.colour = run.colour
            code.append(f"{run.colour.red:.3f} {run.colour.green:.3f} {run.colour.blue:.3f} rg")
        if run.tracking != state.tracking:
            state.tracking = run.tracking
            code.append(f"{run.tracking} Tc")
        face = font(run.font)
        # The first subset holds ASCII under its own codes, so most text needs no look at single letters.
        plain = run.text.isascii() and self._doc in face.state
        parts = [(0, run.text.encode())] if plain else face.splitString(run.text, self._doc)
        for subset, chars in parts:
            name = face.getSubsetInternalName(subset, self._doc)
            if (name, run.size) != state.face:
                state.face = name, run.size
                code.append(f"{name} {run.size} Tf")
            code.append(f"({self._escape(chars)}) Tj")

    # shapes -----------------------------------------------------------------------------------------------

    def fill(self, colour: Colour) -> None:
        self.setFillColorRGB(colour.red, colour.green, colour.blue)

    def stroke(self, colour: Colour, weight: float) -> None:
        self.setStrokeColorRGB(colour.red, colour.green, colour.blue)
        self.setLineWidth(weight)

    def hairline(self, x: float, y: float, length: float, colour: Colour, weight: float = 0.5) -> None:
        self.stroke(colour, weight)
        self.line(x, y, x + length, y)

    def block(self, x: float, top: float, width: float, height: float, colour: Colour) -> None:
        self.fill(colour)
        self.rect(x, top - height, width, height, stroke=0, fill=1)

    def frame(
        self, x: float, top: float, width: float, height: float, colour: Colour, weight: float = 0.6
    ) -> None:
        self.stroke(colour, weight)
        self.rect(x, top - height, width, height, stroke=1, fill=0)

    def bar(self, severity: str, x: float, top: float, height: float) -> None:
        """Severity at the left edge, by weight: critical solid, major half as wide, minor a hairline."""
        weight = {"critical": 4.0, "major": 2.0}.get(severity, 0.7)
        self.block(x, top, weight, height, BAD)

    def mark(self, mark: str, x: float, y: float, size: float, empty: bool = False) -> None:
        """A mark's shape centred on (x, y). ``empty`` draws its outline alone, to be ticked by hand."""
        colour, scale = INK if empty else MARK_COLOURS[mark], size / EDGE
        parts = GLYPHS[mark]
        if empty:
            parts = tuple(part for part in parts if not isinstance(part, Trace)) or parts
        for part in parts:
            self.fill(colour)
            self.stroke(colour, max(0.6, LINE * scale))
            self._part(part, x, y, scale, empty)

    def _part(self, part: Part, x: float, y: float, scale: float, empty: bool) -> None:
        """One part of a glyph; its box is centred on (x, y), and paper counts upwards."""

        def at(across: float, down: float) -> tuple[float, float]:
            return x + (across - BOX / 2) * scale, y - (down - BOX / 2) * scale

        if isinstance(part, Disc):
            filled = part.solid and not empty
            self.circle(*at(part.x, part.y), part.radius * scale, stroke=not filled, fill=filled)
        elif isinstance(part, Block):
            filled = part.solid and not empty
            side = part.side * scale
            lower = at(part.x, part.y + part.side)
            self.roundRect(*lower, side, side, part.corner * scale, stroke=not filled, fill=filled)
        else:
            self._trace([at(*point) for point in part.points], scale, part.cut)

    def _trace(self, points: Sequence[tuple[float, float]], scale: float, cut: bool) -> None:
        if cut:
            self.stroke(PAPER, CUT * scale)
        path = self.beginPath()
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
        self.drawPath(path, stroke=1, fill=0)

    def strokes(
        self,
        strokes: Sequence[Sequence[tuple[float, float]]],
        x: float,
        top: float,
        width: float,
        height: float,
    ) -> None:
        """A signature redrawn from its lines of (x, y, …), y downwards, scaled into the box, without corners."""
        points = [(float(p[0]), float(p[1])) for stroke in strokes for p in stroke]
        if not points:
            return
        left, high = min(p[0] for p in points), min(p[1] for p in points)
        wide, tall = max(p[0] for p in points) - left, max(p[1] for p in points) - high
        scale = min(width / (wide or 1), height / (tall or 1))
        self.stroke(INK, 1.1)
        self.setLineCap(1)
        self.setLineJoin(1)
        for stroke in filter(None, strokes):
            path = self.beginPath()
            _curve(
                path, [(x + (float(p[0]) - left) * scale, top - (float(p[1]) - high) * scale) for p in stroke]
            )
            self.drawPath(path, stroke=1, fill=0)
        self.setLineCap(0)
        self.setLineJoin(0)

    def photo(self, shot: Picture, x: float, top: float, width: float, height: float) -> None:
        name = f"photo-{sha256(shot.name.encode()).hexdigest()[:16]}"  # by content, never by place
        if not self._doc.hasForm(name):
            self._doc.addForm(name, _Jpeg(name, shot.path, shot.width, shot.height, shot.channels))
        self.saveState()
        self.transform(width, 0, 0, height, x, top - height)
        self.doForm(name)
        self.restoreState()

    def over(self, drawn: Sequence[markings.Line], x: float, top: float, width: float, height: float) -> None:
        """Lines over a photo in that place, its width being 10,000: bright on a white edge, seen on any photo."""
        if not drawn:
            return
        scale = width / markings.WIDE
        self.saveState()
        inside = self.beginPath()
        inside.rect(x, top - height, width, height)
        self.clipPath(inside, stroke=0, fill=0)
        self.setLineCap(1)
        self.setLineJoin(1)
        for colour, weight in ((PAPER, 210 * scale), (BAD, 110 * scale)):
            self.stroke(colour, max(weight, 0.5))
            for line in drawn:
                path = self.beginPath()
                path.moveTo(x + line[0][0] * scale, top - line[0][1] * scale)
                for point in line[1:]:
                    path.lineTo(x + point[0] * scale, top - point[1] * scale)
                self.drawPath(path, stroke=1, fill=0)
        self.restoreState()

    # structure --------------------------------------------------------------------------------------------

    def artifact(self, furniture: bool = False) -> AbstractContextManager[None]:
        """What is drawn inside says nothing; ``furniture`` are running heads and feet."""
        return self.tags.artifact(self._code, FURNITURE if furniture else ARTIFACT)

    @contextmanager
    def figure(self, words: str) -> Iterator[None]:
        """What is drawn inside is a picture; ``words`` stand for it where it is heard."""
        with self.tags.element("Figure", words), self.tags.content(self._code, self.pages):
            yield

    # pages ------------------------------------------------------------------------------------------------

    def showPage(self) -> None:
        super().showPage()
        page = self._doc.Pages.pages[-1]
        page.__class__, page.Trans = archive.Page, None

    def outline(self, title: str, level: int, top: float) -> None:
        """An entry in the viewer's table of contents that leads to this place."""
        self._keys += 1
        key = f"part-{self._keys}"
        self.bookmarkHorizontal(key, 0, top + 8)
        self.addOutlineEntry(title, key, level, closed=level > 0)

    def total(self) -> None:
        """Stands for the number of pages, which is known when the last page is done."""
        self.doForm(_TOTAL)

    def finish(self, style: Style, x: float, y: float) -> None:
        """Fill in the page total at (x, y), end the document and write it."""
        self.beginForm(_TOTAL, 0, 0, self.sheet.width, self.sheet.height)
        self.setFont(style.face, style.size)
        self.fill(style.colour)
        self.drawString(x, y, str(self.pages))
        self.endForm()
        catalog, pages = self._doc.Catalog, list(self._doc.Pages.pages)
        catalog.StructTreeRoot = self.tags.write(self._doc, pages)
        archive.declare(self._doc, self.info.attached, self._xmp())
        self.save()

    def _xmp(self) -> bytes:
        info = self.info
        return archive.metadata(
            _one_line(info.title),
            _one_line(info.author),
            _one_line(info.subject),
            info.made_at,
            info.language,
            f"Report {info.number}" if info.number else "",
        )


def _one_line(text: str) -> str:
    return " ".join(shown(text).split())


def _indent(line: Line, width: float, align: str) -> float:
    if align == "end" or (align == "start" and line.rtl):
        return width - line.width
    if align == "centre":
        return (width - line.width) / 2
    return 0.0


def _curve(path: Any, places: Sequence[tuple[float, float]]) -> None:
    """Through the middle between places, each place pulling the line towards itself; one place is a dot."""
    here = places[0]
    path.moveTo(*here)
    for at, after in pairwise(places[1:]):
        end = (at[0] + after[0]) / 2, (at[1] + after[1]) / 2
        path.curveTo(*_towards(here, at), *_towards(end, at), *end)
        here = end
    path.lineTo(*places[-1])


def _towards(place: tuple[float, float], pull: tuple[float, float]) -> tuple[float, float]:
    """Two thirds of the way: what makes a cubic curve of a quadratic one."""
    return place[0] + (pull[0] - place[0]) * 2 / 3, place[1] + (pull[1] - place[1]) * 2 / 3
