"""The glyphs of the marks as SVG paths, made once; every page carries them as symbols."""

from dataclasses import dataclass

from audit.domain.glyphs import CUT, GLYPHS, LINE, Block, Disc, Part, Trace


@dataclass(frozen=True)
class Path:
    """One path of a symbol: how it is drawn (a CSS class and a weight), and where it goes."""

    kind: str
    weight: str
    dashes: str
    d: str


def path_of(part: Part) -> Path:
    """A part of a glyph as a path; ``solid`` is filled, ``cut`` and ``line-art`` are strokes."""
    if isinstance(part, Trace):
        kind, weight = ("cut", CUT) if part.cut else ("line-art", LINE)
        return Path(kind, _n(weight), "", "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in part.points))
    drawn = _circle(part) if isinstance(part, Disc) else _square(part)
    dashes = " ".join(map(_n, part.dashes)) if isinstance(part, Disc) else ""
    return Path("solid" if part.solid else "line-art", _n(LINE), dashes, drawn)


def _circle(disc: Disc) -> str:
    r, across = _n(disc.radius), _n(disc.radius * 2)
    return f"M{_n(disc.x - disc.radius)} {_n(disc.y)}a{r} {r} 0 1 1 {across} 0a{r} {r} 0 1 1-{across} 0z"


def _square(block: Block) -> str:
    c, straight = _n(block.corner), _n(block.side - 2 * block.corner)
    turn = f"a{c} {c} 0 0 1"
    return (
        f"M{_n(block.x + block.corner)} {_n(block.y)}h{straight}{turn} {c} {c}v{straight}{turn}-{c} {c}"
        f"h-{straight}{turn}-{c}-{c}v-{straight}{turn} {c}-{c}z"
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


SYMBOLS: dict[str, tuple[Path, ...]] = {name: tuple(map(path_of, parts)) for name, parts in GLYPHS.items()}
