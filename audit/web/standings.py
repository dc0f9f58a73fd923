"""The agency's page: where everything stands, each figure with the visits behind it, each table to take away."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, g, render_template, request

from audit.domain.limits import days_words
from audit.domain.placard import ORDER
from audit.domain.placard import WORDS as PLACARD_WORDS
from audit.domain.problems import NotFound
from audit.domain.schedule import OVERDUE, PLANNED
from audit.domain.scoring import tenths_words
from audit.domain.tongue import numeral, say, several, thousands, word
from audit.operations import standings
from audit.operations.standings import A_PAGE, PERIODS, Among, AtRisk, Listed, Standing
from audit.web.dates import age_words, day_words
from audit.web.gate import desk
from audit.web.tables import table_of
from audit.web.told import STATUS_SHAPES, STATUS_WORDS

doors = Blueprint("standings", __name__)
AMONG = ("inspector", "checklist", "area")
BEHIND = ("status", "placard", "item", "least", "below")
MOST_LINES = 10_000
SEVERITIES = ("critical", "major", "minor")
ASIDE = ("scores", "placards")  # the narrow ones stand beside the others


@doors.get("/standing")
def show() -> str:
    months, among = _months(), _among()
    found = standings.standing(desk(), months, among)
    return render_template(
        "standings/show.html",
        months=months,
        periods=[
            (_address("", months=number), number, several("{number} month", "{number} months", number))
            for number in PERIODS
        ],
        filters=_filters(among),
        filtered=among != Among(),
        since=day_words(found.since),
        tiles=_tiles(found),
        tables=[_table(name, found) for name in TABLES],
    )


def _months() -> int:
    asked = request.args.get("months", "")
    return int(asked) if asked in map(str, PERIODS) else 12


def _among() -> Among:
    """The filters of the address; asked for with each link of the page, read once."""
    if "among" not in g:
        g.among = Among(*(request.args.get(name, "")[:100] for name in AMONG))
    among: Among = g.among
    return among


def _address(page: str, **wanted: object) -> str:
    """A page of these under the period and the filters of this one."""
    kept = {name: value for name, value in vars(_among()).items() if value}
    return f"/standing{page}?{urlencode({'months': _months()} | kept | wanted)}"


def _filters(among: Among) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """(name, label, choices, chosen), only where there is a choice."""
    people, checklists, areas = standings.choices(desk())
    rows = (
        ("inspector", say("Inspector"), people, among.inspector),
        ("checklist", say("Checklist"), checklists, among.checklist),
        ("area", say("Area"), [(one, one.upper()) for one in areas], among.area),
    )
    return [
        (name, label, [("", say("All")), *known], chosen)
        for name, label, known, chosen in rows
        if len(known) > 1 or chosen
    ]


def _tiles(found: Standing) -> list[tuple[str, str, str]]:
    """(address, how many, of what)"""
    return [
        (
            _address("/visits"),
            thousands(found.done),
            several("inspection made", "inspections made", found.done),
        ),
        (
            _planned(state=OVERDUE),
            thousands(found.overdue),
            several("planned visit overdue", "planned visits overdue", found.overdue),
        ),
        (_planned(state=PLANNED, until=found.until), thousands(found.due_soon), say("due within 30 days")),
    ]


def _planned(**wanted: object) -> str:
    """The schedule under the filters of this page that it knows."""
    among = _among()
    kept = {name: value for name in ("inspector", "area") if (value := getattr(among, name))}
    return f"/schedule?{urlencode(kept | wanted)}"


# Each table: its title, its heads, and its rows of cells; a cell is (address or nothing, words).
Cell = tuple[str, str]
Row = tuple[Cell, ...]


def _row(address: str, *cells: str) -> Row:
    """The first cell leads somewhere."""
    return ((address, cells[0]), *(("", cell) for cell in cells[1:]))


def _results(found: Standing) -> Iterable[Row]:
    for status, words in STATUS_WORDS.items():
        if times := found.statuses.get(status, 0):
            share = _share(times, found.done)
            yield _row(_address("/visits", status=status), say(words), thousands(times), share)


def _scores(found: Standing) -> Iterable[Row]:
    for least, below, times in found.bands:
        if times:
            asked = {"least": least, "below": below} if least else {"below": below}
            share = _share(times, found.done)
            yield _row(_address("/visits", **asked), _band(least, below), thousands(times), share)


def _band(least: int, below: int) -> str:
    if below > 1000:
        return say("{least} and more", least=least // 10)
    if not least:
        return say("below {below}", below=below // 10)
    return say("{least} to below {below}", least=least // 10, below=below // 10)


def _placards(found: Standing) -> Iterable[Row]:
    for standing in ORDER:
        if times := found.placards.get(standing, 0):
            share = _share(times, found.done)
            words = say(PLACARD_WORDS[standing])
            yield _row(_address("/visits", placard=standing), words, thousands(times), share)


def _failed(found: Standing) -> Iterable[Row]:
    for one in found.failed:
        yield _row(
            _address("/visits", item=one.rate.item),
            f"{one.number} {one.prompt}".strip(),
            thousands(one.rate.failed),
            thousands(one.rate.rated),
            _share(one.rate.failed, one.rate.rated),
        )


def _fixing(found: Standing) -> Iterable[Row]:
    rows = {row.severity: row for row in found.fixing}
    for severity in SEVERITIES:
        if row := rows.get(severity):
            address = f"/actions?{urlencode({'state': 'closed', 'severity': severity})}"
            mean = days_words(round(row.days / row.closed))
            yield _row(address, say(severity), thousands(row.closed), mean, _share(row.in_time, row.closed))


def _loads(found: Standing) -> Iterable[Row]:
    for row in found.loads:
        planned = _planned(inspector=row.id) if row.planned else ""
        overdue = _planned(inspector=row.id, state=OVERDUE) if row.overdue else ""
        yield (
            (_address("/visits", inspector=row.id), row.name),
            ("", thousands(row.made)),
            (planned, thousands(row.planned)),
            (overdue, thousands(row.overdue)),
        )


def _risks(found: Standing) -> Iterable[Row]:
    for row in found.at_risk:
        yield _row(f"/clinics/{row.clinic.id}", row.clinic.name, " · ".join(_reasons(row, found)))


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
TABLES: dict[str, tuple[Callable[[], tuple[str, ...]], Callable[[Standing], Iterable[Row]]]] = {
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


# What is behind the figures of a table, where it is more than they count.
NOTES = {"fixing": word("Behind each severity stand all that were ever closed, of whatever period.")}


def _table(name: str, found: Standing) -> dict[str, Any]:
    heads, rows = TABLES[name]
    title, *columns = heads()
    return {
        "name": name,
        "title": title,
        "columns": columns,
        "rows": list(rows(found)),
        "note": say(NOTES[name]) if name in NOTES else "",
        "csv": _address(f"/{name}.csv"),
        "aside": name in ASIDE,
    }


@doors.get("/standing/<any(results, scores, placards, risk, failed, fixing, inspectors):table>.csv")
def take(table: str) -> Response:
    heads, rows = TABLES[table]
    found = standings.standing(desk(), _months(), _among())
    return table_of(table, heads()[1:], ([words for _, words in row] for row in rows(found)))


# behind a figure ----------------------------------------------------------------------------------------------


def _wanted() -> dict[str, str]:
    found = {name: value for name in (*AMONG, *BEHIND) if (value := request.args.get(name, "")[:100])}
    if any(
        not found[name].isascii() or not found[name].isdigit() for name in ("least", "below") if name in found
    ):
        raise NotFound(say("There is no such page."))
    return found


@doors.get("/standing/visits")
def visits() -> str:
    wanted = _wanted()
    rows = standings.visits(desk(), _months(), wanted, request.args.get("after", "")[:100], A_PAGE + 1)
    following = _address("/visits", **wanted, after=rows[A_PAGE - 1].place) if len(rows) > A_PAGE else ""
    return render_template(
        "standings/visits.html",
        what=_what(wanted),
        among=_among_words(),
        rows=[_line(row) for row in rows[:A_PAGE]],
        back=_address(""),
        csv=_address("/visits.csv", **wanted),
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


def _among_words() -> str:
    """The filters of the page that lead here, in words."""
    return " · ".join(
        words
        for _, _, known, chosen in _filters(_among())
        for value, words in known
        if chosen and value == chosen
    )


def _line(row: Listed) -> dict[str, str]:
    return {
        "href": f"/visits/{row.inspection_id}",
        "clinic": row.clinic_name,
        "inspector": row.inspector_name,
        "day": day_words(row.on),
        "result": say(STATUS_WORDS[row.status]),
        "shape": STATUS_SHAPES[row.status],
        "number": tenths_words(row.score),
    }


@doors.get("/standing/visits.csv")
def visits_table() -> Response:
    heads = (say("Clinic"), say("Day"), say("Inspector"), say("Result"), say("Score"))
    rows = standings.visits(desk(), _months(), _wanted(), "", MOST_LINES)
    return table_of(
        "visits",
        heads,
        (
            (row["clinic"], one.on.isoformat(), row["inspector"], row["result"], row["number"])
            for one in rows
            for row in (_line(one),)
        ),
    )
