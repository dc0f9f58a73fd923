"""The agency's page: where everything stands, each figure with the visits behind it, each table to take away."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from audit.domain.limits import days_words
from audit.domain.placard import ORDER
from audit.domain.placard import WORDS as PLACARD_WORDS
from audit.domain.problems import NotFound
from audit.domain.scoring import tenths_words
from audit.domain.tongue import numeral, say, several, thousands
from audit.operations import standings
from audit.operations.standings import A_PAGE, PERIODS, AtRisk, Standing
from audit.web.dates import age_words, day_words
from audit.web.gate import desk
from audit.web.tables import table_of
from audit.web.told import STATUS_SHAPES, STATUS_WORDS

doors = Blueprint("standings", __name__)
FILTERS = ("status", "placard", "inspector", "item", "least", "below")
MOST_LINES = 10_000
SEVERITIES = ("critical", "major", "minor")


@doors.get("/standing")
def show() -> str:
    months = _months()
    found = standings.standing(desk(), months)
    return render_template(
        "standings/show.html",
        months=months,
        periods=[(number, several("{number} month", "{number} months", number)) for number in PERIODS],
        since=day_words(found.since),
        tiles=_tiles(found, months),
        tables=[_table(name, found, months) for name in TABLES],
    )


def _months() -> int:
    asked = request.args.get("months", "")
    return int(asked) if asked in map(str, PERIODS) else 12


def _visits(months: int, **wanted: object) -> str:
    return f"/standing/visits?{urlencode({'months': months} | wanted)}"


def _tiles(found: Standing, months: int) -> list[tuple[str, str, str]]:
    """(address, how many, of what)"""
    return [
        (_visits(months), thousands(found.done), say("inspections made")),
        ("", thousands(found.overdue), say("planned visits overdue")),
        ("", thousands(found.due_soon), say("due within 30 days")),
    ]


# Each table: its title, its heads, and its rows; a row is (address or nothing, cells).
Row = tuple[str, tuple[str, ...]]


def _results(found: Standing, months: int) -> Iterable[Row]:
    for status, words in STATUS_WORDS.items():
        if times := found.statuses.get(status, 0):
            yield _visits(months, status=status), (say(words), thousands(times), _share(times, found.done))


def _scores(found: Standing, months: int) -> Iterable[Row]:
    for least, below, times in found.bands:
        if times:
            words = _band(least, below)
            address = _visits(months, least=least, below=below) if least else _visits(months, below=below)
            yield address, (words, thousands(times), _share(times, found.done))


def _band(least: int, below: int) -> str:
    if below > 1000:
        return say("{least} and more", least=least // 10)
    if not least:
        return say("below {below}", below=below // 10)
    return say("{least} to below {below}", least=least // 10, below=below // 10)


def _placards(found: Standing, months: int) -> Iterable[Row]:
    for standing in ORDER:
        if times := found.placards.get(standing, 0):
            address = _visits(months, placard=standing)
            yield address, (say(PLACARD_WORDS[standing]), thousands(times), _share(times, found.done))


def _failed(found: Standing, months: int) -> Iterable[Row]:
    for one in found.failed:
        share = _share(one.rate.failed, one.rate.rated)
        cells = (
            f"{one.number} {one.prompt}".strip(),
            thousands(one.rate.failed),
            thousands(one.rate.rated),
            share,
        )
        yield _visits(months, item=one.rate.item), cells


def _fixing(found: Standing, months: int) -> Iterable[Row]:
    rows = {row.severity: row for row in found.fixing}
    for severity in SEVERITIES:
        if row := rows.get(severity):
            mean = days_words(round(row.days / row.closed))
            cells = (say(severity), thousands(row.closed), mean, _share(row.in_time, row.closed))
            yield f"/actions?{urlencode({'state': 'closed', 'severity': severity})}", cells


def _loads(found: Standing, months: int) -> Iterable[Row]:
    for row in found.loads:
        cells = (row.name, thousands(row.made), thousands(row.planned), thousands(row.overdue))
        yield _visits(months, inspector=row.id), cells


def _risks(found: Standing, months: int) -> Iterable[Row]:
    for row in found.at_risk:
        yield f"/clinics/{row.clinic.id}", (row.clinic.name, " · ".join(_reasons(row, found)))


def _reasons(row: AtRisk, found: Standing) -> Iterable[str]:
    risk = row.risk
    if risk.critical:
        yield several(
            "{number} critical finding overdue", "{number} critical findings overdue", risk.critical
        )
    if rest := risk.actions - risk.critical:
        yield several("{number} other finding overdue", "{number} other findings overdue", rest)
    if risk.visit_by:
        late = days_words((found.today - risk.visit_by).days)
        yield say("planned visit {days} overdue", days=late)
    if row.repeats:
        yield several("{number} repeat", "{number} repeats", row.repeats)
    if row.last:
        words = say(STATUS_WORDS[row.last.status])
        yield say(
            "last inspected {age}: {result}", age=age_words(row.last.inspected_on, found.today), result=words
        )


def _share(part: int, whole: int) -> str:
    return numeral(f"{part * 100 / whole:.1f}\u00a0%") if whole else ""


# name -> title, heads, rows. Words are said when the page is drawn.
TABLES: dict[str, tuple[Callable[[], tuple[str, ...]], Callable[[Standing, int], Iterable[Row]]]] = {
    "results": (lambda: (say("Results"), say("Result"), say("Visits"), say("Share")), _results),
    "scores": (lambda: (say("Scores"), say("Score"), say("Visits"), say("Share")), _scores),
    "placards": (lambda: (say("Placards"), say("Placard"), say("Visits"), say("Share")), _placards),
    "risk": (lambda: (say("Clinics at risk"), say("Clinic"), say("Why")), _risks),
    "failed": (
        lambda: (say("Most failed, of those rated"), say("Item"), say("OUT"), say("Rated"), say("Share")),
        _failed,
    ),
    "fixing": (
        lambda: (say("Time to fix"), say("Severity"), say("Closed"), say("On average"), say("In time")),
        _fixing,
    ),
    "inspectors": (
        lambda: (say("Inspectors"), say("Inspector"), say("Made"), say("Planned"), say("Overdue")),
        _loads,
    ),
}


def _table(name: str, found: Standing, months: int) -> dict[str, Any]:
    heads, rows = TABLES[name]
    title, *columns = heads()
    return {
        "name": name,
        "title": title,
        "columns": columns,
        "rows": list(rows(found, months)),
        "csv": f"/standing/{name}.csv?months={months}",
    }


@doors.get("/standing/<any(results, scores, placards, risk, failed, fixing, inspectors):table>.csv")
def take(table: str) -> Response:
    heads, rows = TABLES[table]
    months = _months()
    found = standings.standing(desk(), months)
    return table_of(table, heads()[1:], (cells for _, cells in rows(found, months)))


# behind a figure ----------------------------------------------------------------------------------------------


def _wanted() -> dict[str, str]:
    found = {name: value for name in FILTERS if (value := request.args.get(name, "")[:100])}
    if any(
        not found[name].isascii() or not found[name].isdigit() for name in ("least", "below") if name in found
    ):
        raise NotFound(say("There is no such page."))
    return found


@doors.get("/standing/visits")
def visits() -> str:
    months, wanted = _months(), _wanted()
    asked = request.args.get("skip", "0")
    skip = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 0
    rows = standings.visits(desk(), months, wanted, skip, A_PAGE + 1)
    following = _visits(months, **wanted, skip=skip + A_PAGE) if len(rows) > A_PAGE else ""
    return render_template(
        "standings/visits.html",
        what=_what(wanted),
        rows=[_line(row) for row in rows[:A_PAGE]],
        back=f"/standing?months={months}",
        csv=f"/standing/visits.csv?{urlencode({'months': months} | wanted)}",
        next=following,
    )


def _what(wanted: dict[str, str]) -> str:
    if "item" in wanted:
        return say("OUT: {item}", item=standings.item_words(desk(), wanted["item"]))
    if "status" in wanted:
        return say(STATUS_WORDS.get(wanted["status"], wanted["status"]))
    if "placard" in wanted:
        return say(PLACARD_WORDS.get(wanted["placard"], wanted["placard"]))
    return say("Inspections")


def _line(row: Any) -> dict[str, str]:
    return {
        "href": f"/visits/{row.inspection_id}",
        "clinic": row.clinic_name,
        "inspector": row.inspector_name,
        "day": day_words(row.on),
        "result": say(STATUS_WORDS[row.ending.status]),
        "shape": STATUS_SHAPES[row.ending.status],
        "number": tenths_words(row.ending.score),
    }


@doors.get("/standing/visits.csv")
def visits_table() -> Response:
    heads = (say("Clinic"), say("Day"), say("Inspector"), say("Result"), say("Score"))
    rows = standings.visits(desk(), _months(), _wanted(), 0, MOST_LINES)
    return table_of(
        "visits",
        heads,
        (
            (row["clinic"], one.on.isoformat(), row["inspector"], row["result"], row["number"])
            for one in rows
            for row in (_line(one),)
        ),
    )
