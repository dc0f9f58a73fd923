"""Published checklists: what was published, and publishing more. Documents come in resolved."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain.canonical import sha256_of
from audit.domain.checklists import Checklist
from audit.domain.overlay import in_language
from audit.domain.problems import NotFound
from audit.domain.tongue import language, say
from audit.operations.desk import Desk
from audit.store.ledger import Published


@dataclass(frozen=True)
class Publication:
    """What came of publishing: the version that new visits take now, and whether it was added just now."""

    published: Published
    is_new: bool


def publish(desk: Desk, document: Mapping[str, Any]) -> Publication:
    """Publish a resolved document as the next version; equal content stays the version it is.

    Publishing what an earlier version held makes that version the one new visits take.
    """
    desk.must("checklist.publish")
    sha256 = sha256_of(document)
    before = desk.ledger.checklists.listed(document["checklist"], document["pack"])
    if before is not None and before.sha256 == sha256:
        return Publication(before, False)
    with desk.entry() as entry:
        known = entry.checklists.has(sha256)
        published = entry.checklists.publish(document, desk.now)
        detail = {"checklist": published.key, "pack": published.pack, "version": published.version}
        entry.note("checklist.published", sha256, detail)
    return Publication(published, not known)


def publish_shipped(desk: Desk, documents: Iterable[Mapping[str, Any]]) -> tuple[Published, ...]:
    """Publish those documents whose checklist was never published under their pack; returns what was added.

    For every start: later versions are published on command only.
    """
    desk.must("checklist.publish")
    return tuple(
        publish(desk, document).published
        for document in documents
        if desk.ledger.checklists.listed(document["checklist"], document["pack"]) is None
    )


def published(desk: Desk) -> tuple[Published, ...]:
    """Every published version, by checklist and pack, newest first."""
    desk.must("checklist.read")
    return desk.ledger.checklists.all()


def newest(desk: Desk) -> tuple[Published, ...]:
    """Of each checklist and pack the version that new visits take."""
    desk.must("checklist.read")
    return desk.ledger.checklists.newest()


def get(desk: Desk, sha256: str) -> Checklist:
    """One published checklist, by its fingerprint."""
    desk.must("checklist.read")
    return desk.ledger.checklists.get(sha256).in_language(language())


def find(desk: Desk, key: str, pack: str, version: int | None = None) -> Checklist:
    """One version of a checklist under a pack, or the one new visits take.

    Raises:
        NotFound: when it was not published here.
    """
    desk.must("checklist.read")
    found = desk.ledger.checklists.find(key, pack, version)
    if found is None:
        raise NotFound(say("There is no published checklist {key} under {pack}.", key=key, pack=pack))
    return found.in_language(language())


def document(desk: Desk, sha256: str) -> str:
    """The published document itself, as canonical JSON."""
    desk.must("checklist.read")
    return desk.ledger.checklists.document(sha256)


def told(desk: Desk, sha256: str, code: str) -> dict[str, Any]:
    """The published document as it reads in one language, for a tablet: without the others (see ``overlay``)."""
    return in_language(json.loads(document(desk, sha256)), code)
