"""The agency: read by all who sign in, changed by administrators."""

from dataclasses import replace

import pytest

from audit.domain.agency import Agency
from audit.domain.problems import BadInput, NotAllowed, NotFound
from audit.operations import agency, photos
from tests.operations import worlds

FULL = Agency(
    "Bay County Health",
    "1 Court Sq",
    "+1 555 0100",
    None,
    "America/Los_Angeles",
    "a4",
    ("You may object.",),
    "Write to us.",
    True,
)


def test_save_works_and_is_noted(desk, administrator, inspector) -> None:
    assert agency.save(
        desk(administrator), replace(FULL, name="  Bay County Health ", statements=("You may object.", " "))
    )
    assert agency.get(desk(inspector)) == FULL
    (line,) = desk().ledger.trail.of("agency")
    assert (line.deed, line.actor) == ("agency.changed", administrator.id)
    agency.save(desk(administrator), FULL)
    assert len(desk().ledger.trail.of("agency")) == 1


@pytest.mark.parametrize("who", ["inspector", "owner"])
def test_save_needs_role(desk, request, who: str) -> None:
    with pytest.raises(NotAllowed):
        agency.save(desk(request.getfixturevalue(who)), FULL)


def test_get_needs_sign_in(desk) -> None:
    with pytest.raises(NotAllowed):
        agency.get(desk())


def test_all_faults_at_once(desk, administrator) -> None:
    bad = Agency("", "x" * 501, "1" * 61, "f" * 64, "Nowhere", "a5", ("x" * 1001,), "x" * 2001)
    with pytest.raises(BadInput) as caught:
        agency.save(desk(administrator), bad)
    assert {fault.place for fault in caught.value.faults} == {
        "name",
        "address",
        "phone",
        "logo",
        "time_zone",
        "paper",
        "statements",
        "appeal_route",
    }


@pytest.mark.parametrize(
    ("site", "taken"),
    [
        ("https://audit.example/a", True),
        ("http://localhost:8000", True),
        ("http://127.0.0.1:8000", True),
        ("http://audit.example", False),
        ("http://localhost.example", False),
        ("http://127.0.0.1.example", False),
        ("http://192.0.2.7", False),
    ],
)
def test_links_that_open_something_go_enciphered(desk, administrator, site: str, taken: bool) -> None:
    if taken:
        assert agency.save(desk(administrator), replace(FULL, site=site)).site == site
        return
    with pytest.raises(BadInput, match="https"):
        agency.save(desk(administrator), replace(FULL, site=site))


def test_a_logo_is_seen_by_everybody_once_it_is_the_logo(desk, administrator, owner) -> None:
    logo = photos.accept_logo(desk(administrator), worlds.jpeg(10, (200, 80)))
    agency.save(desk(administrator), replace(FULL, logo=logo.sha256))
    assert photos.path(desk(owner), logo.sha256, "screen").is_file()
    with pytest.raises(NotAllowed):
        photos.accept_logo(desk(owner), worlds.jpeg(11))


def test_a_logo_is_taken_and_dropped_and_noted(desk, administrator, owner) -> None:
    agency.save(desk(administrator), FULL)
    shown = agency.take_logo(desk(administrator), worlds.jpeg(10, (200, 80)))
    assert agency.get(desk(owner)) == replace(FULL, logo=shown.logo) and shown.logo
    with pytest.raises(NotAllowed):
        agency.drop_logo(desk(owner))
    agency.drop_logo(desk(administrator))
    assert agency.get(desk(owner)) == FULL
    with pytest.raises(NotFound):
        photos.path(desk(owner), shown.logo, "screen")
    assert len(desk().ledger.trail.of("agency")) == 3


def test_what_is_no_picture_changes_nothing(desk, administrator) -> None:
    agency.save(desk(administrator), FULL)
    with pytest.raises(BadInput, match="no photo"):
        agency.take_logo(desk(administrator), b"%PDF-1.7")
    assert agency.get(desk(administrator)) == FULL
