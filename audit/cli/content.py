"""Checklists: what is shipped, whether it is sound, what is published, and publishing it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from audit.cli.common import data_option, desk_of, json_option, print_json, print_table
from audit.domain import publishing
from audit.domain.canonical import instant_text
from audit.domain.checklists import Checklist, Item
from audit.domain.definitions import Definitions
from audit.domain.overlay import ENGLISH
from audit.domain.problems import NotFound
from audit.domain.tongue import say, speaking
from audit.languages import tongue
from audit.operations import checklists as deeds
from audit.operations.desk import Desk
from forms import library

pack_option = click.option("--pack", metavar="KEY", required=True, help="The pack, for example us-ca.")


def documents(found: Definitions) -> Iterator[dict[str, Any]]:
    """Every shipped checklist under every shipped pack."""
    for checklist in sorted(found.checklists):
        for pack in sorted(found.packs):
            yield publishing.resolve(found, checklist, pack)


def publish_shipped(desk: Desk) -> int:
    """Publish what was never published under its pack; says how many that were."""
    return len(deeds.publish_shipped(desk, documents(library.read())))


@click.group(short_help="Definitions, and what is published of them.")
def checklists() -> None:
    """Checklists: definitions (TOML) and what is published of them.

    Items are defined once in a catalogue, checklists choose from it, packs add citations, limits and schemes.
    Publishing resolves the three into one document that never changes; visits pin it.
    """


@checklists.command("list")
@json_option
@data_option
def list_(as_json: bool, data: Path) -> None:
    """The published checklists; new visits take those marked *.

    \b
    --json: a list of {"key", "pack", "version", "current", "kind",
    "title", "jurisdiction", "sha256", "published_at"}.
    """
    with desk_of(data) as desk:
        rows = deeds.published(desk)
        current = {row.sha256 for row in rows if row.current}
    if as_json:
        print_json(
            [
                {
                    "key": row.key,
                    "pack": row.pack,
                    "version": row.version,
                    "current": row.current,
                    "kind": row.kind,
                    "title": row.title,
                    "jurisdiction": row.jurisdiction,
                    "sha256": row.sha256,
                    "published_at": instant_text(row.published_at),
                }
                for row in rows
            ]
        )
        return
    lines = [
        ("*" if row.current else "", row.key, row.pack, str(row.version), row.sha256[:12], row.title)
        for row in rows
    ]
    print_table([("", "CHECKLIST", "PACK", "VERSION", "SHA-256", "TITLE"), *lines])
    other = [
        f"{document['checklist']} under {document['pack']}"
        for document in documents(library.read())
        if publishing.fingerprint(document) not in current
    ]
    if other:
        click.echo(f"Shipped with other content: {', '.join(other)}. 'checklists publish all' takes it.")


@checklists.command(short_help="List every fault of the definitions.")
@click.argument(
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=library.HERE,
    metavar="[FOLDER]",
)
def check(folder: Path) -> None:
    """Read the definitions below FOLDER (else the shipped ones) and list every fault: file, item, field.

    FOLDER holds 'catalogue', 'checklists' and 'packs', and may hold 'languages' with a folder for each.
    """
    found = library.read(folder)
    count = sum(1 for _ in documents(found))
    click.echo(
        f"{len(found.items)} items, {len(found.checklists)} checklists, {len(found.packs)} packs,"
        f" in {', '.join((ENGLISH, *found.languages))}: no faults;"
        f" {count} documents can be published."
    )


@checklists.command()
@click.argument("key")
@pack_option
@click.option("--version", type=click.IntRange(1), help="A published version; else the one new visits take.")
@click.option("--lang", metavar="CODE", default=ENGLISH, help="The language to print it in, for example es.")
@json_option
@data_option
def show(key: str, pack: str, version: int | None, lang: str, as_json: bool, data: Path) -> None:
    """Print a published checklist, in any of its languages.

    --json prints the published document itself: format clinic-audit/checklist/1, canonical JSON, whose SHA-256 is
    its fingerprint; it holds all its languages.
    """
    with desk_of(data) as desk:
        checklist = deeds.find(desk, key, pack, version)
        if lang not in checklist.languages:
            raise NotFound(
                say("It was published in {languages} only.", languages=", ".join(checklist.languages))
            )
        if as_json:
            click.echo(deeds.document(desk, checklist.sha256), nl=False)
            return
    with speaking(tongue(lang)):
        click.echo("\n".join(_outline(checklist.in_language(lang))))


def _outline(checklist: Checklist) -> Iterator[str]:
    version = say("version {number}", number=checklist.version)
    yield f"{checklist.title} · {checklist.pack_title} · {version}"
    yield f"SHA-256 {checklist.sha256}"
    for section in checklist.sections:
        yield f"\n{section.letter}. {section.title}"
        for item in section.items:
            yield from _item_lines(item)


def _item_lines(item: Item) -> Iterator[str]:
    about = [say(item.severity)]
    if item.standing != "official":
        about.append(say(item.standing))
    if item.per_practitioner:
        about.append(say("for each practitioner"))
    yield f"{item.number}  {item.prompt}  [{', '.join(about)}]  {item.key}"
    if item.applies_when:
        yield f"      {say('only when {condition}', condition=json.dumps(item.applies_when))}"
    if item.citations:
        yield f"      {'; '.join(citation.printed for citation in item.citations)}"


@checklists.command(short_help="Publish what is shipped now.")
@click.argument("key")
@click.option("--pack", metavar="KEY", help="The pack; else every shipped pack.")
@data_option
def publish(key: str, pack: str | None, data: Path) -> None:
    """Publish the shipped checklist KEY (or 'all') as it is shipped now; new visits take it from then on.

    Equal content publishes nothing. Running and sealed visits keep the version they started with.
    """
    wanted = [
        document
        for document in documents(library.read())
        if key in ("all", document["checklist"]) and pack in (None, document["pack"])
    ]
    if not wanted:
        raise NotFound(f"No checklist {key}{f' under {pack}' if pack else ''} is shipped.")
    with desk_of(data) as desk:
        for document in wanted:
            done = deeds.publish(desk, document)
            row, words = done.published, "published" if done.is_new else "was published already"
            click.echo(f"{row.key} under {row.pack}: version {row.version} {words}")
