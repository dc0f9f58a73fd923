"""Visits: listed, taken in as documents, given out as documents and as reports."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from audit.cli.common import (
    OPERATOR,
    Refused,
    as_option,
    data_option,
    desk_of,
    json_option,
    may_go_to,
    may_write,
    person_of,
    print_json,
    print_table,
    write_whole,
)
from audit.domain import exchange as documents
from audit.domain.agency import PAPERS
from audit.domain.amendments import is_void
from audit.domain.inspections import INSPECTION, SELF_AUDIT, STATES
from audit.domain.people import Person, reach
from audit.domain.problems import BadInput, TooLarge
from audit.domain.scoring import tenths
from audit.domain.tongue import speaking
from audit.languages import NAMES, tongue
from audit.operations import agency, amendments, carried, checklists, exchange, people, reports
from audit.operations import inspections as deeds
from audit.operations.desk import Desk
from audit.operations.inspections import VisitFilter, VisitRow

LARGEST_DOCUMENT = 16 * 1024 * 1024
LARGEST_REPORT, PDF = 256 * 1024 * 1024, b"%PDF-"
DOCUMENT = "inspection.json"
PAGE = 200
_PHOTO_NAME = re.compile(r"[0-9a-f]{64}")


@click.group()
def inspections() -> None:
    """Visits: inspections and self-audits."""


@inspections.command("list")
@click.option("--clinic", metavar="ID", default="", help="Only of this clinic.")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only in this state.")
@click.option("--kind", type=click.Choice((INSPECTION, SELF_AUDIT)), default=None, help="Only of this kind.")
@click.option("--text", metavar="WORDS", default="", help="Only where clinic or inspector hold these words.")
@click.option("--limit", type=click.IntRange(1), default=None, help="The newest so many; else all.")
@as_option
@json_option
@data_option
def list_(
    clinic: str,
    state: str | None,
    kind: str | None,
    text: str,
    limit: int | None,
    login: str,
    as_json: bool,
    data: Path,
) -> None:
    """Visits, newest first.

    What a self-audit found belongs to its clinic: without --as an owner, only that it was made is shown.

    \b
    --json: a list of {"id", "clinic_id", "clinic_name", "kind", "purpose",
    "state", "inspected_on", "inspector_name", "status", "score",
    "findings", "readable", "amended", "void"}. score is text such as
    "92.0"; status, score and findings are null while a visit runs and where
    it may not be read. They are as amended; "amended" counts amendments.
    """
    wanted = VisitFilter(clinic, state or "", kind or "", text)
    with desk_of(data, login) as desk:
        rows = _rows(desk, wanted, limit)
    if as_json:
        print_json([asdict(row) | {"score": tenths(row.score)} for row in rows])
    elif rows:
        print_table([("ID", "DATE", "KIND", "STATE", "RESULT", "SCORE", "CLINIC"), *map(_cells, rows)])
    else:
        click.echo("No visits.")


def _rows(desk: Desk, wanted: VisitFilter, limit: int | None) -> list[VisitRow]:
    rows: list[VisitRow] = []
    after: str | None = None
    while limit is None or len(rows) < limit:
        page = deeds.visits(desk, wanted, after, PAGE)
        rows += page.rows
        after = page.next
        if after is None:
            break
    return rows[:limit]


def _cells(row: VisitRow) -> tuple[str, ...]:
    return (
        row.id,
        row.inspected_on,
        row.kind,
        row.state,
        row.status or "",
        tenths(row.score) or "",
        row.clinic_name,
    )


# documents ----------------------------------------------------------------------------------------------------


@click.command(short_help="Take in a visit as a document, and seal it.")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_option
@json_option
@data_option
def record(file: Path, login: str, as_json: bool, data: Path) -> None:
    """Take in FILE, a visit as an exchange document with its photos beside it, and seal it.

    FILE may also be the PDF of a sealed record: it carries its visit. Photos that lie beside it, named by their
    SHA-256, come along; the others are kept as not carried. It is taken in whole or not at all. Without --as the only person who may seal such a visit is its author.

    \b
    --json: {"id", "already", "clinic_made", "result"}; result holds
    "status", "score", "percent", "weighted", "words" (how it came about),
    "lines" (each rated item's share), "counts" and "next_visit"; numbers
    are text. With faults: {"faults": [{"place", "words"}]}.

    \b
    Exit codes: 0 sealed, or here already; 1 faults, nothing was changed;
    2 wrong use; 3 the same id is here with other content.
    """
    try:
        done = _recorded(file, login, data)
    except BadInput as problem:
        if as_json:
            print_json({"faults": [asdict(fault) for fault in problem.faults]})
        raise
    if as_json:
        print_json(
            {
                "id": done.id,
                "already": done.already,
                "clinic_made": done.clinic_made or None,
                "result": dict(done.result),
            }
        )
        return
    if done.clinic_made:
        click.echo(f"Made the clinic {done.clinic_made}.")
    click.echo(f"{'Here already' if done.already else 'Sealed'}: {done.id}")
    click.echo("\n".join(_result_lines(done.result)))


def _recorded(file: Path, login: str, data: Path) -> exchange.Recorded:
    with file.open("rb") as opened:
        most = LARGEST_REPORT if opened.read(len(PDF)) == PDF else LARGEST_DOCUMENT
    if file.stat().st_size > most:
        raise TooLarge(f"{file} is too large: it may have {most // 1024 // 1024} MB.")
    content = file.read_bytes()
    is_report = content.startswith(PDF)
    if is_report:
        content = carried.visit_in(content, LARGEST_DOCUMENT)
    given = documents.read(documents.loads(content))
    kind = SELF_AUDIT if given.purpose == SELF_AUDIT else INSPECTION
    with desk_of(data) as desk:
        author = person_of(desk, login) if login else _author(desk, kind)
        return exchange.record(replace(desk, actor=author), content, file.absolute().parent, is_report)


def _author(desk: Desk, kind: str) -> Person:
    """The only person who may seal a visit of that kind.

    Raises:
        click.UsageError: when there are several, or none.
    """
    deed = f"{kind}.seal"
    able = [person for person in people.list_people(desk) if reach(person, deed) != frozenset()]
    if len(able) == 1:
        return able[0]
    if not able:
        role = "owner" if kind == SELF_AUDIT else "inspector"
        raise click.UsageError(
            f"Nobody here may seal {kind}s: 'clinic-audit person add' with --role {role} adds one."
        )
    raise click.UsageError(
        f"Say whose it is with --as: {', '.join(f'{person.login} ({person.name})' for person in able)}"
    )


def _result_lines(result: Mapping[str, Any]) -> list[str]:
    lines = [f"Result: {result['status']}", *(f"  {words}" for words in result["words"])]
    return lines + ([f"Next visit: {result['next_visit']}"] if result.get("next_visit") else [])


@click.command(short_help="Write a sealed visit as a document.")
@click.argument("visit_id", metavar="ID")
@click.option(
    "-o",
    "--output",
    "folder",
    metavar="DIR",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder to write to; made when it is not there.",
)
@as_option
@data_option
def export(visit_id: str, folder: Path, login: str, data: Path) -> None:
    """Write the sealed visit ID as an exchange document, with its photos as they were received beside it.

    'record' takes it in again elsewhere; exported from there it has the same bytes. Was it amended since, the record as
    it stands now lies beside it, with each amendment. Self-audits need --as their owner.
    """
    may_go_to(folder, data)
    _may_export(visit_id, folder)
    with desk_of(data, login) as desk:
        _must_say_whose(desk, visit_id)
        path = exchange.export(desk, visit_id, folder)
        made = amendments.of(desk, visit_id)
    click.echo(path)
    if made:
        what = "declared void" if is_void(made) else f"amended ({len(made)})"
        words = f"{path.name} is as it was sealed, {exchange.AS_AMENDED} as it stands now."
        click.echo(f"This visit was {what} since its seal: {words}", err=True)


def _must_say_whose(desk: Desk, visit_id: str) -> None:
    """Tells the operator, who sees in the list that a self-audit was made, how to get at it."""
    known = desk.ledger.inspections.find(visit_id) if desk.actor == OPERATOR else None
    if known is not None and known.kind == SELF_AUDIT:
        raise Refused("A self-audit needs --as its owner.")


def _may_export(visit_id: str, folder: Path) -> None:
    """Ends the command where the folder holds another visit, or links where files are to be."""
    if not folder.is_dir():
        may_write(folder)
        return
    for path in folder.iterdir():
        if path.name in (DOCUMENT, exchange.AS_AMENDED) or _PHOTO_NAME.fullmatch(path.stem):
            may_write(path)
    path = folder / DOCUMENT
    if path.exists() and _id_of(path) != visit_id:
        raise Refused(f"{path} is not the document of this visit. Choose another folder.")


def _id_of(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            return ""
        return documents.read(documents.loads(path.read_bytes())).id
    except BadInput:
        return ""


# reports ------------------------------------------------------------------------------------------------------


@click.command(short_help="Write a report, or a blank form, as PDF.")
@click.argument("visit_id", metavar="[ID]", default="")
@click.option(
    "--kind",
    type=click.Choice((*reports.KINDS, reports.BLANK)),
    default=reports.RECORD,
    show_default=True,
    help="The inspector's record, the owner's action plan, or an empty form on paper.",
)
@click.option("--paper", type=click.Choice(PAPERS), default=None, help="Else the paper of the agency.")
@click.option(
    "--language",
    type=click.Choice(list(NAMES)),
    default=None,
    help="Else the language of the agency at the seal.",
)
@click.option("--checklist", "key", metavar="KEY", default="", help="For a blank form: the checklist.")
@click.option("--pack", metavar="KEY", default="", help="For a blank form: its pack.")
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The PDF to write; it is there whole or not at all.",
)
@as_option
@data_option
def report(
    visit_id: str,
    kind: str,
    paper: str | None,
    language: str | None,
    key: str,
    pack: str,
    file: Path,
    login: str,
    data: Path,
) -> None:
    """Write a report of the sealed visit ID as PDF, or with --kind blank the paper form of a checklist.

    The same report has the same bytes whenever it is written. Self-audits need --as their owner.
    """
    blank = kind == reports.BLANK
    if blank and (visit_id or not (key and pack)):
        raise click.UsageError("A blank form takes --checklist and --pack, and no visit.")
    if not blank and (not visit_id or key or pack):
        raise click.UsageError(
            "Give the ID of a sealed visit ('inspections list' shows them); --checklist and --pack are for blank forms."
        )
    may_go_to(file, data)
    may_write(file)
    with desk_of(data, login) as desk:
        if blank:
            with speaking(tongue(language or agency.get(desk).language)):
                content = _blank(desk, key, pack, paper or agency.get(desk).paper)
        else:
            _must_say_whose(desk, visit_id)
            content = reports.report(desk, visit_id, kind, paper or "", language or "").path.read_bytes()
    write_whole(file, content)
    click.echo(file)


def _blank(desk: Desk, key: str, pack: str, paper: str) -> bytes:
    with TemporaryDirectory() as folder:
        out = Path(folder) / "blank.pdf"
        reports.blank(checklists.find(desk, key, pack), paper, out)
        return out.read_bytes()
