"""Photos: taking them in for a visit, and showing copies to those who may read it."""

from dataclasses import dataclass, replace
from hashlib import sha256 as sha256_of
from pathlib import Path

from audit.domain.inspections import SEALED
from audit.domain.people import may
from audit.domain.problems import BadInput, Fault, NotFound, TooLarge
from audit.domain.records import PhotoFacts
from audit.domain.tongue import say, word
from audit.operations.desk import Desk
from audit.operations.inspections import writable
from audit.store.ledger import Claims

NO_PDF = word("This is a PDF. Take a photo of the paper, or save its page as a picture.")


def accept(desk: Desk, inspection_id: str, data: bytes) -> PhotoFacts:
    """Keep a photo for a running visit: the bytes as received; upright copies without metadata follow.

    The same photo again is the same photo. It shows with an answer once it is linked to it.

    Raises:
        TooLarge, BadInput: when it cannot be taken, with the reason.
        NotFound, NotAllowed, NotNow: as for any change of the visit.
    """
    writable(desk, inspection_id)
    return keep(desk, data, inspection_id)


@dataclass(frozen=True)
class Claimed:
    """What a tablet read from the camera before it reduced the photo: time and place (degrees north and east)."""

    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None


def here(desk: Desk, inspection_id: str, sha256: str) -> PhotoFacts:
    """The photo of that name, for somebody who may add photos to that visit.

    Raises:
        NotFound: when it has not arrived.
    """
    writable(desk, inspection_id)
    if not may_show(desk, sha256):
        raise NotFound(say("There is no such photo."))
    return desk.ledger.photos.facts(sha256)


def accept_named(
    desk: Desk, inspection_id: str, sha256: str, data: bytes, claimed: Claimed | None
) -> PhotoFacts:
    """Keep a photo under the name its sender gave it; see ``accept``.

    Raises:
        BadInput: when the bytes that arrived are not the ones that were named.
    """
    writable(desk, inspection_id)
    if sha256_of(data).hexdigest() != sha256:
        raise BadInput([Fault("photo", say("The photo was damaged on its way. Send it again."))])
    return keep(desk, data, inspection_id, claimed)


def accept_logo(desk: Desk, data: bytes) -> PhotoFacts:
    """Keep the picture that becomes the agency's logo once the agency is saved with its fingerprint."""
    desk.must("agency.edit")
    return keep(desk, data, "agency")


def keep(desk: Desk, data: bytes, shown_by: str, claimed: Claimed | None = None) -> PhotoFacts:
    """Keep a photo. Asks nobody: whoever calls it has asked. ``shown_by`` is the id of what will show it.

    Raises:
        TooLarge, BadInput: when it cannot be taken, with the reason.
    """
    photos = desk.ledger.photos
    known = photos.whole(data)
    if known is not None:
        if desk.actor is not None and not photos.brought(known.sha256, desk.actor.id):
            with desk.entry() as entry:
                entry.photos.bring(known.sha256, desk.actor.id)
                entry.note("photo.received", known.sha256, {"for": shown_by, "bytes": known.size})
        photos.prepare(known.sha256)
        return known
    taken = photos.take(data)
    if claimed is not None:
        taken = replace(taken, claims=Claims(**vars(claimed)))
    with desk.entry() as entry:
        if entry.photos.add(taken, desk.now, desk.actor.id if desk.actor else ""):
            entry.note("photo.received", taken.sha256, {"for": shown_by, "bytes": taken.size})
    photos.prepare(taken.sha256)
    return photos.facts(taken.sha256)


def keep_for(desk: Desk, data: bytes, shown_by: str, field: str) -> str:
    """Keep the photo that came in a field of a form; gives its fingerprint. Asks nobody, as ``keep``.

    Raises:
        BadInput: at that field, when it cannot be taken.
    """
    if data.lstrip()[:5] == b"%PDF-":
        raise BadInput([Fault(field, say(NO_PDF))])
    try:
        return keep(desk, data, shown_by).sha256
    except BadInput as problem:
        raise BadInput([Fault(field, fault.words) for fault in problem.faults]) from problem
    except TooLarge as problem:
        raise BadInput([Fault(field, problem.words)]) from problem


def may_show(desk: Desk, sha256: str) -> bool:
    """May the person at work show this photo with an answer? Who had its bytes may, or who sees it anyway: whoever
    knows its fingerprint alone must not get the picture by it."""
    brought = desk.actor is not None and desk.ledger.photos.brought(sha256, desk.actor.id)
    return brought or _may_see(desk, sha256)


def path(desk: Desk, sha256: str, size: str) -> Path:
    """The file of a copy (``thumb``, ``screen``, ``print``) for somebody who may read a visit that shows it.

    Raises:
        NotFound: when there is none, or it is not theirs to see.
    """
    if not _may_see(desk, sha256):
        raise NotFound(say("There is no such photo."))
    return desk.ledger.photos.path(sha256, size)


def _may_see(desk: Desk, sha256: str) -> bool:
    if sha256 == desk.ledger.agency.get().logo and may(desk.actor, "agency.read"):
        return True
    shelves = desk.ledger
    for one in shelves.credentials.showing(sha256):
        if may(desk.actor, "paper.read", one.clinic_id, practitioner=one.holder):
            return True
    kept_at = [*shelves.clocks.showing(sha256), *shelves.lots.showing(sha256)]
    if any(may(desk.actor, "paper.read", clinic_id) for clinic_id in kept_at):
        return True
    visits = shelves.inspections.showing(sha256)
    if any(map(desk.reads, visits)):
        return True
    if any(desk.knows(kept.action) for kept in shelves.actions.showing(sha256)):
        return True
    return any(_shows_what_is_owed(desk, visit.id, sha256) for visit in visits if visit.state == SEALED)


def _shows_what_is_owed(desk: Desk, inspection_id: str, sha256: str) -> bool:
    """Is it a photo of the finding behind an action that this person knows of?"""
    known = [kept.action for kept in desk.ledger.actions.of_visit(inspection_id) if desk.knows(kept.action)]
    links = desk.ledger.inspections.links(inspection_id) if known else {}
    return any(
        link.sha256 == sha256 for action in known for link in links.get((action.item, action.person), ())
    )
