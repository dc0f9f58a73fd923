"""The last step from a tablet: both sides compare what they hold by name, then the visit is sealed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.domain import manifest
from audit.domain.inspections import SEALED
from audit.domain.people import may
from audit.domain.problems import NotAllowed
from audit.domain.tongue import say
from audit.domain.visits import Visit
from audit.operations import passkeys, sealing
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit
from audit.operations.passkeys import Place


@dataclass(frozen=True)
class Said:
    """What the tablet holds: the fingerprint of its manifest, how many answers, and the photos and signatures by
    name. ``answers`` (item, practitioner or "", revision) is there when the tablet sent its whole manifest."""

    manifest_hash: str
    count: int
    photos: Sequence[str]
    signatures: Sequence[Sequence[str]]
    answers: Sequence[Sequence[Any]] | None = None


@dataclass(frozen=True)
class Finished:
    """The seal; ``again``: it was there before."""

    sealed_at: datetime
    sha256: str
    again: bool


@dataclass(frozen=True)
class Differences:
    """Why the visit cannot be sealed yet, piece by piece, and in words."""

    words: str
    missing_photos: tuple[str, ...]
    differing_answers: tuple[tuple[str, str], ...]
    open_conflicts: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]
    manifest: Mapping[str, Any]


def ask_passkey(desk: Desk, inspection_id: str, token: str, place: Place) -> str:
    """What the browser needs to prove by a passkey who seals, as JSON; empty for who has none.

    Raises:
        NotAllowed: for who may not seal this visit.
    """
    _may_seal(desk, open_visit(desk, inspection_id))
    assert desk.actor is not None
    return passkeys.offer(desk, desk.actor, token, place, alone=True)


def finish(desk: Desk, inspection_id: str, said: Said, prove: Callable[[], None]) -> Finished | Differences:
    """Seal a visit when both sides hold the same, and the person at the desk proves once more who they are.

    ``prove`` asks for that, by password or passkey, once nothing else is in the way.

    Raises:
        NotAllowed: for who may not seal it, or did not prove it.
        Stale, NotNow: when something moved meanwhile.
    """
    visit = open_visit(desk, inspection_id)
    _may_seal(desk, visit)
    inspection = visit.inspection
    if inspection.state == SEALED:
        return _finished(desk, inspection_id, again=True)
    inspection.must_run()
    found = differences(visit, said)
    if found is not None:
        return found
    prove()
    sealing.seal(desk, inspection_id)
    return _finished(desk, inspection_id, again=False)


def _may_seal(desk: Desk, visit: Visit) -> None:
    if not may(desk.actor, f"{visit.inspection.kind}.seal", visit.inspection.clinic_id):
        raise NotAllowed(say("Only those who make this visit may change it."))


def _finished(desk: Desk, inspection_id: str, again: bool) -> Finished:
    outcome = desk.ledger.records.outcome(inspection_id)
    return Finished(outcome.sealed_at, desk.ledger.records.get(inspection_id).sha256, again)


def differences(visit: Visit, said: Said) -> Differences | None:
    """What keeps the visit from being sealed; none when nothing does."""
    held = manifest.of(visit)
    same = manifest.fingerprint(held) == said.manifest_hash
    if same and not visit.hindrances:
        return None
    words = list(visit.hindrances)
    if not same:
        words.append(_what_differs(held, said))
    here = {sha256 for _, _, sha256 in held["photos"]}
    return Differences(
        words=" ".join(words),
        missing_photos=tuple(sorted({name for name in said.photos if name not in here})),
        differing_answers=_differing(held["answers"], said.answers),
        open_conflicts=tuple(row.op_id for row in visit.conflicts),
        gaps=tuple(dict.fromkeys((gap.entry.item.key, gap.entry.person or "") for gap in visit.journey.gaps)),
        manifest=held,
    )


def _what_differs(held: Mapping[str, Any], said: Said) -> str:
    if sorted({row[2] for row in held["photos"]}) != sorted(set(said.photos)):
        return say("The photos on this tablet are not those on the server. Send what waits, then seal.")
    if held["signatures"] != sorted(list(row) for row in said.signatures):
        return say("The signatures on this tablet are not those on the server. Look again, then seal.")
    return say("The answers on this tablet are not those on the server. Send what waits, then seal.")


def _differing(
    held: Sequence[Sequence[Any]], said: Sequence[Sequence[Any]] | None
) -> tuple[tuple[str, str], ...]:
    """The answers (item, practitioner or "") that are not on both sides in the same revision."""
    if said is None:
        return ()
    one, other = ({(row[0], row[1]): row[2] for row in rows} for rows in (held, said))
    return tuple(sorted(key for key in {*one, *other} if one.get(key) != other.get(key)))
