"""The history of a clinic: results over time, what came again, what was put right and how fast, and the papers."""

from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.tongue import numeral, say
from reports.flow import Drawn, Gap, Piece, Row, Table, Titled, words
from reports.front import masthead
from reports.ink import Ink
from reports.style import ACCENT, BAD, BODY, FINE, HAIR, LABEL, QUIET, SMALL, STRONG_SMALL, TITLE
from reports.text import Span, lines
from reports.todo import title
from reports.values import Head

_CHART, _BASE, _BAR = 92.0, 14.0, 26.0  # height, room for the days below, widest bar
_MOST_BARS = 24
_DAY = 62.0  # points that a day needs under its bar
_LEAST = 90.0  # points left on a page to begin a table
_TITLE = TITLE.but(size=13, leading=16)


@dataclass(frozen=True)
class Bar:
    """A result of the chart: the day, the score from 0 to 100, and whether something critical was left open."""

    day: str
    score: float
    critical: bool


@dataclass(frozen=True)
class Sheet:
    """One table: its title, the heads of its columns with their widths (0 takes the rest), and its rows."""

    title: str
    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True)
class History:
    """The report in words; ``bars`` oldest first, ``made_at`` an instant as text (UTC)."""

    agency: str
    clinic: str
    address: str
    day: str
    summary: Sequence[str]
    bars: Sequence[Bar]
    sheets: Sequence[Sheet]
    made_at: str
    identity: str


def head(history: History) -> Head:
    """What stands on every page."""
    day = say("As of {day}", day=history.day)
    return Head(
        title=say("Clinic history"),
        self_audit=False,
        agency=history.agency,
        agency_line="",
        clinic=history.clinic,
        clinic_line=history.address,
        visit_line=day,
        behalf="",
        short_id="",
        date=history.day,
        sealed=day,
        made_at=history.made_at,
        identity=history.identity,
    )


def pieces(history: History) -> list[Piece]:
    """The pieces of the report, in order."""
    found: list[Piece] = [masthead(head(history), say("Clinic history")), Gap(12)]
    found += [words(line, BODY) for line in history.summary]
    if len(history.bars) > 1:
        bars = history.bars[-_MOST_BARS:]
        found += [
            Gap(12),
            title(say("Score of inspections over time"), style=_TITLE),
            Drawn(
                _CHART,
                lambda ink, x, top, width, height: _chart(ink, x, top, width, bars),
                "; ".join(f"{bar.day}: {_number(bar.score)}" for bar in bars),
            ),
        ]
    for one in history.sheets:
        found += [Gap(16), Titled(title(one.title, one.note, style=_TITLE), _table(one), _LEAST)]
    found += [
        Gap(14),
        words(
            say(
                "Drawn from the records as they stand on this day. The sealed records themselves and their reports"
                " stay what they are."
            ),
            FINE,
        ),
    ]
    return found


def _table(one: Sheet) -> Piece:
    if not one.rows:
        return words(say("None."), BODY.but(colour=QUIET))
    columns = tuple(one.widths)
    top = Row(
        tuple(words(text, LABEL) for text in one.heads),
        columns,
        gutter=8,
        above=2,
        below=4,
        whole=True,
        header=True,
    )
    return Table(top, [_row(cells, columns) for cells in one.rows])


def _row(cells: Sequence[str], columns: tuple[float, ...]) -> Row:
    def under(ink: Ink, x: float, top: float, width: float, height: float) -> None:
        ink.hairline(x, top, width, HAIR)

    first, *rest = cells
    set_cells = (words(first, STRONG_SMALL), *(words(text, SMALL) for text in rest))
    return Row(set_cells, columns, gutter=8, above=4, below=4, under=under, names=0)


def _chart(ink: Ink, x: float, top: float, width: float, bars: Sequence[Bar]) -> None:
    """Bars from 0 to 100, the gravest told by colour and by the number standing above; days below."""
    floor, room = top - _CHART + _BASE, _CHART - _BASE - 14
    ink.hairline(x, floor, width, HAIR)
    step = width / len(bars)
    for place, bar in enumerate(bars):
        wide = min(_BAR, step * 0.6)
        left = x + place * step + (step - wide) / 2
        tall = max(1.0, room * bar.score / 100)
        ink.block(left, floor + tall, wide, tall, BAD if bar.critical else ACCENT)
        _label(ink, _number(bar.score), x + place * step, floor + tall + FINE.leading, step)
        if step > _DAY:
            _label(ink, bar.day, x + place * step, floor - 2, step)


def _label(ink: Ink, text: str, x: float, top: float, width: float) -> None:
    style = FINE.but(align="centre")
    ink.put(lines((Span(text, style),), width)[:1], x, top, width, style)


def _number(score: float) -> str:
    return numeral(f"{score:.1f}")
