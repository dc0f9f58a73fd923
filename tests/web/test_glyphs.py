"""Screen, icon and paper draw the same marks."""

import re
from pathlib import Path

import pytest
from pypdf import PdfReader

from audit.domain.glyphs import BOX, EDGE, GLYPHS, LINE, Disc, Trace
from audit.web import glyphs
from audit.web.assets import FOLDER
from reports.ink import Info, Ink
from reports.style import SHEETS

MARKS = ("IN", "OUT", "NO", "NA")


def numbers(path: str) -> list[float]:
    return [float(one) for one in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_every_mark_has_a_glyph_of_its_own_that_stays_in_its_box() -> None:
    assert {*MARKS, "COS", "R", "none"} == set(GLYPHS)
    assert len({str(parts) for parts in GLYPHS.values()}) == len(GLYPHS)
    for name, parts in GLYPHS.items():
        for part in parts:
            if isinstance(part, Trace):
                places = [number for point in part.points for number in point]
            elif isinstance(part, Disc):
                places = [part.x - part.radius, part.x + part.radius]
            else:
                places = [part.x, part.x + part.side]
            margin = 0 if getattr(part, "solid", False) else LINE / 2
            assert margin <= min(places) and max(places) <= BOX - margin, name


def test_what_is_drawn_on_screen_goes_through_the_points_of_the_glyph() -> None:
    for name, parts in GLYPHS.items():
        for part, path in zip(parts, glyphs.SYMBOLS[name], strict=True):
            if isinstance(part, Trace):
                assert numbers(path.d) == [number for point in part.points for number in point]
            elif isinstance(part, Disc):
                assert numbers(path.d)[:3] == [round(part.x - part.radius, 2), part.y, part.radius]
            else:
                assert path.d.endswith("z")
            assert (path.kind == "solid") == getattr(part, "solid", False)


@pytest.mark.parametrize("mark", MARKS)
def test_paper_goes_through_the_same_points(mark: str, tmp_path: Path) -> None:
    file = tmp_path / "mark.pdf"
    ink = Ink(file, SHEETS["a4"], Info("t", "a", "s", "2026-03-03T17:00:00Z", "x"))
    ink.mark(mark, 100, 200, EDGE)  # as large as on screen: a point is a unit
    ink.showPage()
    ink.save()
    contents = PdfReader(file).pages[0].get_contents()
    assert contents is not None
    drawn = contents.get_data().decode("latin-1")
    for part in GLYPHS[mark]:
        if isinstance(part, Trace):
            for across, down in part.points:
                x, y = 100 + across - BOX / 2, 200 - (down - BOX / 2)
                assert re.search(rf"\b{_n(x)} {_n(y)} [ml]\b", drawn), (mark, x, y)


def _n(value: float) -> str:
    return re.escape(f"{value:.6f}".rstrip("0").rstrip("."))


def test_the_icon_and_the_style_sheet_follow() -> None:
    disc, tick = glyphs.SYMBOLS["IN"]
    icon = (FOLDER / "icon.svg").read_text("utf-8")
    assert f'd="{disc.d}"' in icon and f'd="{tick.d}"' in icon
    css = (FOLDER / "style.css").read_text("utf-8")
    assert f".line-art {{ stroke: currentcolor; stroke-width: {LINE};" in css
