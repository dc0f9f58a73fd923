"""Tablets as people see them: which one sent work, its name, and taking it out of use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from audit.domain import values
from audit.domain.people import may
from audit.domain.problems import BadInput, Fault, NotFound
from audit.domain.tongue import say, word
from audit.operations.desk import Desk
from audit.store.ledger import Device, Entry

LONGEST_NAME = 80
NEW_NAME = word("Tablet {letters}")


@dataclass(frozen=True)
class Listed:
    """A device in a list: who worked on it last, and how many operations of it wait in quarantine."""

    device: Device
    person_name: str
    apart: int


def keep_seen(
    entry: Entry,
    desk: Desk,
    known: Device | None,
    device_id: str,
    app_version: str,
    sent_at: str,
    offset: int | None,
) -> None:
    """Note that a device was here just now, and what its clock said."""
    assert desk.actor is not None
    if known is None:
        name = say(NEW_NAME, letters=device_id[:4].upper())
        known = Device(device_id, name, desk.actor.id, app_version, desk.now, desk.now)
        entry.note("device.joined", device_id, {"person": desk.actor.id})
    # A tablet goes from hand to hand among colleagues; nobody else makes it theirs by sending in its name.
    before = entry.people.find(known.person_id)
    mine = before is None or before.role == desk.actor.role
    seen = replace(
        known,
        person_id=desk.actor.id if mine else known.person_id,
        app_version=app_version,
        seen_at=desk.now,
        offset_seconds=offset,
    )
    entry.devices.keep(seen)
    entry.devices.keep_clock(device_id, desk.now, sent_at, offset)


def listed(desk: Desk) -> tuple[Listed, ...]:
    """One's own devices; an administrator sees all."""
    desk.must("device.read")
    shelf, person = desk.ledger.devices, desk.actor
    found = shelf.of(None if may(person, "device.administer") or person is None else person.id)
    apart, people = shelf.counts_apart(), desk.ledger.people
    names = {one: people.get(one).name for one in {device.person_id for device in found}}
    return tuple(Listed(one, names[one.person_id], apart.get(one.id, 0)) for one in found)


def names(desk: Desk) -> Mapping[str, str]:
    """What each device is called, for telling where an answer came from."""
    return desk.ledger.devices.names()


def _own(desk: Desk, device_id: str) -> Device:
    desk.must("device.read")
    device = desk.ledger.devices.get(device_id)
    if not may(desk.actor, "device.administer") and (desk.actor is None or device.person_id != desk.actor.id):
        raise NotFound(say("There is no such device."))
    return device


def rename(desk: Desk, device_id: str, name: str) -> None:
    """Call a device by a name people know it by.

    Raises:
        BadInput: without a name, or with an endless one.
        NotFound: when it is somebody else's.
    """
    device, called = _own(desk, device_id), " ".join(values.cleaned(name).split())
    if not called or len(called) > LONGEST_NAME:
        raise BadInput([Fault("name", say("Give a name of at most {most} characters.", most=LONGEST_NAME))])
    if called == device.name:
        return
    with desk.entry() as entry:
        entry.devices.keep(replace(entry.devices.get(device_id), name=called))
        entry.note("device.renamed", device_id)


def revoke(desk: Desk, device_id: str) -> None:
    """Trust a device no more: what it sends from now on goes to quarantine. It cannot be taken back.

    Raises:
        NotFound: when it is somebody else's.
    """
    device = _own(desk, device_id)
    if device.revoked_at is not None:
        return
    assert desk.actor is not None
    with desk.entry() as entry:
        entry.devices.keep(
            replace(entry.devices.get(device_id), revoked_at=desk.now, revoked_by=desk.actor.id)
        )
        entry.note("device.revoked", device_id)
