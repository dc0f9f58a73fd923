"""Published checklists to read: which there are, one as a document, and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for

from audit.domain import versions, wording
from audit.domain.checklists import SEVERITIES, Checklist, Citation, Item, Section, severity_count
from audit.domain.problems import NotFound
from audit.domain.tongue import say
from audit.domain.wording import LimitLine
from audit.operations import agency, checklists
from audit.web.dates import day_words, today_in
from audit.web.gate import desk
from audit.web.keeping import Keeper
from audit.web.told import KIND_WORDS

doors = Blueprint("checklists", __name__)


@dataclass(frozen=True)
class PartText:
    """One thing to enter: what it takes, when it is asked, its limits and its advice."""

    label: str
    takes: str
    when: str
    limits: tuple[LimitLine, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True)
class CitationText:
    """A citation with its kind and certainty in words."""

    ref: str
    about: str
    sure: bool


@dataclass(frozen=True)
class ItemText:
    """An item as a document tells it."""

    item: Item
    when: str
    asked: tuple[str, ...]
    parts: tuple[PartText, ...]
    correct_by: str
    citations: tuple[CitationText, ...]


@dataclass(frozen=True)
class Text:
    """A checklist as a document: facts about it, then its sections."""

    about: tuple[tuple[str, str], ...]
    sections: tuple[tuple[Section, tuple[ItemText, ...]], ...]


_texts: Keeper[Text] = Keeper(room=8)


def _text(checklist: Checklist) -> Text:
    """The document of a published checklist; content never changes under its fingerprint."""
    return _texts.get(
        (checklist.sha256, checklist.version),
        lambda: Text(
            about=tuple(_about(checklist)),
            sections=tuple(
                (section, tuple(_item(item, checklist) for item in section.items))
                for section in checklist.sections
            ),
        ),
    )


def _about(checklist: Checklist) -> Iterator[tuple[str, str]]:
    items = list(checklist.items())
    official = [item for item in items if item.standing == "official"]
    counts = [sum(item.severity == severity for item in official) for severity in SEVERITIES]
    extra = len(items) - len(official)
    told = ", ".join(
        severity_count(severity, count) for count, severity in zip(counts, SEVERITIES, strict=True)
    )
    words = say("{number} in the score: {severities}", number=len(official), severities=told)
    if extra:
        words = f"{words}; {say('{number} recommended, outside it', number=extra)}"
    yield say("Items"), words
    yield say("Score"), wording.scheme_words(checklist.scheme)
    deadlines = wording.due_words(checklist.due)
    yield say("Deadlines"), say("{deadlines}; an item may have its own", deadlines=deadlines)
    yield say("Next visit"), wording.next_visit_rule(checklist.due)


def _item(item: Item, checklist: Checklist) -> ItemText:
    asked = (
        (item.per_practitioner, say("for each practitioner")),
        (item.photo_asked, say("photo asked for")),
        (item.needs_sight, say("needs a procedure to be seen")),
    )
    return ItemText(
        item=item,
        when=wording.condition_words(item.applies_when, checklist),
        asked=tuple(words for holds, words in asked if holds),
        parts=tuple(
            PartText(
                label=part.label if part.kind != "mark" else say("Mark"),
                takes=", ".join(item.marks) if part.kind == "mark" else wording.entered_words(part),
                when=wording.condition_words(part.when, checklist),
                limits=wording.limit_lines(part, checklist),
                advice=part.advice,
            )
            for part in item.parts
        ),
        correct_by=wording.correct_by_words(item, checklist.due),
        citations=tuple(map(_citation, item.citations)),
    )


def _citation(citation: Citation) -> CitationText:
    kind, certainty = wording.KIND_WORDS[citation.kind], wording.CERTAINTY_WORDS[citation.certainty]
    words = " · ".join(filter(None, (say(kind), say(certainty), citation.source)))
    return CitationText(citation.ref, words, citation.certainty == "verified")


def address_of(checklist: Checklist, item: str = "") -> str:
    """Where a published checklist can be read, or one item of it."""
    return url_for(
        "checklists.show",
        key=checklist.key,
        pack=checklist.pack,
        version=checklist.version,
        _anchor=item or None,
    )


def _rows() -> list[dict[str, Any]]:
    """Every published version, current ones first, then newest first."""
    zone = agency.get(desk()).time_zone
    rows = []
    for row in checklists.published(desk()):
        checklist = checklists.get(desk(), row.sha256)
        rows.append(
            {
                "href": url_for("checklists.show", key=row.key, pack=row.pack, version=row.version),
                "token": f"{row.key}/{row.pack}/{row.version}",
                "key": row.key,
                "title": row.title,
                "kind": say(KIND_WORDS[row.kind]),
                "pack": row.pack,
                "pack_title": checklist.pack_title,
                "version": row.version,
                "count": sum(1 for _ in checklist.items()),
                "published": day_words(today_in(zone, row.published_at)),
                "current": row.current,
            }
        )
    return sorted(
        rows, key=lambda row: (row["title"], not row["current"], row["pack_title"], -row["version"])
    )


@doors.get("/checklists")
def index() -> str:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in _rows():
        groups.setdefault(row["key"], []).append(row)
    return render_template("checklists/list.html", groups=list(groups.values()))


@doors.get("/checklists/<key>/<pack>/<int:version>")
def show(key: str, pack: str, version: int) -> str:
    """One version as a document; with ``against`` (``key/pack/version``) what differs from that one to this."""
    checklist = checklists.find(desk(), key, pack, version)
    rows = _rows()
    row = next(row for row in rows if row["token"] == f"{key}/{pack}/{version}")
    against = request.args.get("against", "")
    if against:
        return _difference(checklist, row, against, rows)
    text = _text(checklist)
    return render_template(
        "checklists/show.html",
        checklist=checklist,
        row=row,
        about=[*text.about, (say("Published"), row["published"])],
        sections=text.sections,
        others=sorted(
            (other for other in rows if other is not row),
            key=lambda other: (other["key"] != key, other["pack"] != pack),
        ),
    )


def _difference(newer: Checklist, row: dict[str, Any], against: str, rows: list[dict[str, Any]]) -> str:
    other = next((other for other in rows if other["token"] == against), None)
    if other is None:
        raise NotFound(say("There is no such published checklist to compare with."))
    older = checklists.find(desk(), other["key"], other["pack"], other["version"])
    found = versions.compare(older, newer)
    return render_template(
        "checklists/difference.html",
        older=older,
        newer=newer,
        older_row=other,
        row=row,
        found=found,
        counts=[
            (len(found.added), say("added")),
            (len(found.removed), say("removed")),
            (len(found.changed), say("changed")),
            (len(found.renumbered), say("renumbered")),
        ],
    )
