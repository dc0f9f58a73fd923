"""Photos: kept for a running visit, seen by those who may read it."""

import pytest

from audit.domain.changes import PHOTO_LINK, Change
from audit.domain.problems import BadInput, NotAllowed, NotFound, NotNow, TooLarge
from audit.operations import answers, inspections, photos, sealing
from audit.store import copying, images
from tests.operations import worlds

SOAP = ("gloves.changed", None)


@pytest.fixture
def world(data) -> worlds.World:
    return worlds.World(data)


def test_accept_works_and_is_noted_once(world, inspector) -> None:
    visit = world.start()
    kept = photos.accept(world.desk(), visit.id, worlds.jpeg())
    assert (kept.width, kept.height, kept.size) == (640, 480, len(worlds.jpeg()))
    (line,) = world.desk().ledger.trail.of(kept.sha256)
    assert (line.deed, line.actor, line.detail["for"]) == ("photo.received", inspector.id, visit.id)


def test_the_same_photo_again_is_not_decoded_again(world, monkeypatch) -> None:
    visit = world.start()
    kept = photos.accept(world.desk(), visit.id, worlds.jpeg())
    monkeypatch.setattr(images, "check", None)
    assert photos.accept(world.desk(), visit.id, worlds.jpeg()) == kept
    assert len(world.desk().ledger.trail.of(kept.sha256)) == 1


def test_hostile_bytes_leave_nothing(world, data) -> None:
    visit = world.start()
    before = sorted(data.rglob("*"))
    for bad, problem in ((b"<svg/>", BadInput), (bytes(images.MOST_BYTES + 1), TooLarge)):
        with pytest.raises(problem):
            photos.accept(world.desk(), visit.id, bad)
    assert sorted(data.rglob("*")) == before


@pytest.mark.parametrize(
    ("who", "problem"),
    [("administrator", NotAllowed), ("owner", NotFound), ("other_owner", NotFound)],
)
def test_accept_needs_the_visit(world, request, who: str, problem: type[Exception]) -> None:
    visit = world.start()
    with pytest.raises(problem):
        photos.accept(world.desk(request.getfixturevalue(who)), visit.id, worlds.jpeg())


def test_accept_is_refused_once_the_visit_is_over(world) -> None:
    visit = world.start()
    inspections.set_aside(world.desk(), visit.id, "The clinic was closed.")
    with pytest.raises(NotNow):
        photos.accept(world.desk(), visit.id, worlds.jpeg())


def test_who_sees_a_photo(world, inspector, administrator, owner, other_owner) -> None:
    visit = world.start()
    name = world.photograph(visit, SOAP)

    def seen() -> list[str]:
        found = []
        for person in (inspector, administrator, owner, other_owner, None):
            try:
                photos.path(world.desk(person), name, "thumb")
            except NotFound:
                continue
            found.append(person.login if person else "nobody")
        return found

    assert seen() == ["ines", "ada"]
    world.answer(visit, worlds.COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    assert seen() == ["ines", "ada", "olu"]


def test_a_photo_of_a_self_audit_stays_with_its_owner(world, inspector, owner) -> None:
    audit = world.start(owner)
    kept = photos.accept(world.desk(owner), audit.id, worlds.jpeg(5))

    answers.take_in(
        world.desk(owner),
        audit.id,
        [Change("op", PHOTO_LINK, SOAP[0], None, 0, {"sha256": kept.sha256}, "page")],
    )
    assert photos.path(world.desk(owner), kept.sha256, "print").is_file()
    with pytest.raises(NotFound):
        photos.path(world.desk(inspector), kept.sha256, "print")


def test_a_sealed_visit_has_all_copies_though_nobody_made_them_before(world, monkeypatch) -> None:
    """As after a crash between the acknowledgement of a photo and its copies."""
    monkeypatch.setattr(copying.Copies, "later", lambda *_: None)
    visit = world.start()
    name = world.photograph(visit, SOAP)
    shelf = world.desk().ledger.photos
    assert shelf.original(name).data and shelf.copies_of(name) == []
    world.answer(visit, worlds.COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    assert len(shelf.copies_of(name)) == 3


def test_copies_follow_without_anybody_asking(world) -> None:
    kept = photos.accept(world.desk(), world.start().id, worlds.jpeg())
    shelf = world.desk().ledger.photos
    shelf.settle()
    assert len(shelf.copies_of(kept.sha256)) == 3


def test_a_photo_shown_nowhere_is_seen_by_nobody(world, inspector) -> None:
    kept = photos.accept(world.desk(), world.start().id, worlds.jpeg())
    with pytest.raises(NotFound):
        photos.path(world.desk(inspector), kept.sha256, "thumb")


@pytest.mark.parametrize("name", ["", "../../secret.key", "0" * 64])
def test_made_up_names_are_not_found(world, inspector, name: str) -> None:
    with pytest.raises(NotFound):
        photos.path(world.desk(inspector), name, "thumb")
