"""The keys of the agency's seal: made when they are first needed, shown, and replaced by ones from elsewhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from audit.domain.problems import BadInput, Fault, Unfit
from audit.domain.tongue import say
from audit.operations.desk import Desk
from audit.store.ledger import Entry
from reports import seal
from reports.seal import NoSealKey, SealKeys

MADE, IMPORTED = "seal-key.made", "seal-key.imported"
_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----\r?\n.+?\r?\n-----END \1-----", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """Whom the seal names, by whom that is vouched, and the SHA-256 of every authority ever believed here."""

    name: str
    authority: str
    own: bool
    authorities: tuple[str, ...]


def keys(desk: Desk) -> SealKeys:
    """What seals here. The first time, an authority of the agency's own is made, and the trail says so.

    Raises:
        Unfit: when the key is not one that was made or imported here.
    """
    found = _known(desk)
    if found is not None:
        return found
    with desk.entry() as entry:  # whoever else makes one at this moment waits here
        found = _known(desk)
        if found is None:
            found = seal.own_authority(entry.agency.get().name, desk.now)
            _keep(entry, desk, found, MADE)
    return found


def _known(desk: Desk) -> SealKeys | None:
    """The keys, when there are any; one that the ledger never heard of was cut off while it was made."""
    held = desk.ledger.keys.get()
    if held is None:
        return None
    found = _read(held)
    believed = desk.ledger.keys.authorities().values()
    if not believed:
        return None
    if found.chain[0] not in believed:
        raise Unfit(
            say("The key in keys/seal.pem was not imported: 'clinic-audit seal-key import' does that.")
        )
    return found


def _keep(entry: Entry, desk: Desk, made: SealKeys, deed: str) -> None:
    believed = [entry.keys.believe(one, desk.now) for one in made.chain]
    entry.note(deed, "seal-key", {"authorities": believed, "name": made.name})
    entry.keys.keep(b"".join((made.key, made.certificate, *made.chain)))


def take(desk: Desk, certificate: bytes, key: bytes, chain: Sequence[bytes]) -> SealKeys:
    """Seal with a certificate from elsewhere from now on. What was sealed before stays provable.

    Raises:
        NotAllowed: for all but administrators.
        BadInput: when certificate, key and chain do not belong together.
    """
    desk.must("seal-key.import")
    above = [one + b"\n" for file in chain for one in _blocks(file)]
    try:
        taken = seal.imported(certificate, key, above, desk.now)
    except NoSealKey as problem:
        raise BadInput([Fault("seal-key", str(problem))]) from problem
    with desk.entry() as entry:
        _keep(entry, desk, taken, IMPORTED)
    return taken


def shown(desk: Desk) -> Shown:
    """Who seals here; makes the keys when there are none yet.

    Raises:
        NotAllowed: for all but administrators.
    """
    desk.must("seal-key.import")
    held = keys(desk)
    return Shown(
        held.name,
        seal.name_of(held.chain[0]),
        seal.OWN_AUTHORITY in seal.name_of(held.chain[0]),
        tuple(desk.ledger.keys.authorities()),
    )


def _blocks(pem: bytes) -> list[bytes]:
    return [match.group(0) for match in _PEM.finditer(pem)]


def _read(held: bytes) -> SealKeys:
    key, certificate, *chain = (block + b"\n" for block in _blocks(held))
    return SealKeys(certificate, key, tuple(chain))
