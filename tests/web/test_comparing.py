"""You said IN, the inspector found OUT: the owner's page, and what of it the agency may see."""

from typing import Any

import pytest

from audit.domain.answers import Raw
from audit.domain.people import Person
from audit.operations import sealing
from tests.operations import worlds
from tests.operations.worlds import MISSION

ADDRESS = f"/clinics/{MISSION.id}/gap"
SAID = worlds.COMPLETE | {
    ("needles.single-use", None): Raw(mark="IN"),
    ("gloves.changed", None): Raw(mark="OUT", note="=Changed too late."),
    ("records.last", None): Raw(mark="IN"),
}


def sealed(world: worlds.World, person: Person, raws: Any) -> str:
    inspection = world.start(person)
    world.answer(inspection, raws, person)
    world.sign(inspection, person)
    sealing.seal(world.desk(person), inspection.id)
    return str(inspection.id)


@pytest.fixture
def audited(house: Any) -> Any:
    """A self-audit, and a week later an inspection."""
    house.audit = sealed(house.world, worlds.OWNER, worlds.COMPLETE | SAID)
    house.world.later(days=7)
    house.inspection = sealed(
        house.world, worlds.INSPECTOR_PERSON, worlds.COMPLETE | {("records.last", None): Raw(mark="IN")}
    )
    return house


def test_the_owner_meets_each_item_with_both_marks(audited: Any) -> None:
    page = audited.browser(worlds.OWNER).open(ADDRESS)
    text = page.text
    assert "Self-audit of Tue 3 Mar 2026, inspection of Tue 10 Mar 2026." in text
    overlooked = text[text.index("You said IN, the inspector found OUT ·") :]
    assert "Two cartridges kept for a returning client." in overlooked[: overlooked.index("<h2>", 1)]
    assert "You said OUT, the inspector found IN" in text and "Changed too late." in text
    assert "2 of 4 items that both judged were judged alike." in text


def test_the_table_is_harmless(audited: Any) -> None:
    table = audited.browser(worlds.OWNER).open(f"{ADDRESS}.csv").response
    assert table.status_code == 200 and "'=Changed too late." in table.text


@pytest.mark.parametrize("who", [worlds.INSPECTOR_PERSON, worlds.ADMINISTRATOR])
def test_the_agency_sees_it_once_the_clinic_shares_the_self_audit(audited: Any, who: Person) -> None:
    browser = audited.browser(who)
    before = browser.open(ADDRESS)
    assert "Nothing to compare yet" in before.text and "Changed too late" not in before.text
    assert browser.open(f"{ADDRESS}.csv").status == 404
    with audited.world.desk(worlds.OWNER).entry() as entry:
        entry._shelved[0].execute(
            "INSERT INTO shared_visits VALUES (?, ?, ?)",
            (audited.audit, worlds.OWNER.id, "2026-03-03T17:00:00Z"),
        )
        entry.note("self-audit.shared", audited.audit)
    assert "The clinic said IN, the inspector found OUT ·" in browser.open(ADDRESS).text


def test_another_owner_finds_nothing_and_another_visit_is_none(audited: Any) -> None:
    assert audited.browser(worlds.OTHER_OWNER).open(ADDRESS).status == 404
    owner = audited.browser(worlds.OWNER)
    assert owner.open(f"{ADDRESS}?inspection={audited.inspection}").status == 200
    assert owner.open(f"{ADDRESS}?inspection={audited.audit}").status == 404


def test_an_inspection_before_any_self_audit_has_nothing_to_compare_with(house: Any) -> None:
    sealed(house.world, worlds.INSPECTOR_PERSON, worlds.COMPLETE)
    house.world.later(days=7)
    sealed(house.world, worlds.OWNER, SAID)
    assert "Nothing to compare yet" in house.browser(worlds.OWNER).open(ADDRESS).text
