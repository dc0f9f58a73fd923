"""Pages of a closure, of the placard, and of which service a finding concerns."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit.domain.answers import Raw
from audit.domain.schedule import FOLLOW_UP
from audit.operations import amendments, sealing
from tests.operations import worlds
from tests.operations.test_closures import FLOOR, ITEMS, NEEDLES, PLACARD, SOUND, WRONG
from tests.operations.worlds import ADMINISTRATOR, INSPECTOR_PERSON, MISSION, OWNER


@pytest.fixture
def making() -> Callable[[Path], worlds.World]:
    def make(data: Path) -> worlds.World:
        made = worlds.make(data, ITEMS, pack=PLACARD)
        with made.desk(ADMINISTRATOR).entry() as entry:
            clinic = entry.clinics.get(MISSION.id)
            entry.clinics.change(replace(clinic, profile={"smp": True, "tattoo": True}))
            entry.note("clinic.changed", MISSION.id)
        return made

    return make


def begin(house: Any, needles: Raw = WRONG, **how: Any) -> str:
    visit = house.world.start(facts={}, **how)
    house.world.answer(visit, {NEEDLES: needles, FLOOR: SOUND})
    return str(visit.id)


def seal(house: Any, visit_id: str) -> None:
    house.world.sign(house.world.desk().ledger.inspections.get(visit_id))
    sealing.seal(house.world.desk(), visit_id)
    house.world.later(days=1)


def test_a_closure_is_proposed_at_the_result_read_when_sealed_and_ended_by_the_follow_up(house: Any) -> None:
    visit = begin(house)
    browser = house.browser(INSPECTOR_PERSON)
    result = browser.open(f"/visits/{visit}/result")
    assert f"/visits/{visit}/closure" in result.links and "Establishment closed" in result.words
    page = browser.open(f"/visits/{visit}/closure")
    assert page.form.filled({})["scope"] == ["facility"]
    refused = page.submit({"hearing": ""})
    assert refused.status == 422 and "The notice needs this." in refused.words
    done = browser.follow(page.submit({"hearing": "Ask within 15 days."}))
    assert "Take it back" in done.words and "Ask within 15 days." in done.words
    assert "Closure: The whole clinic, since Tue 3 Mar 2026." in browser.open(f"/visits/{visit}/result").words
    seal(house, visit)
    owner = house.browser(OWNER)
    assert "Notice of closure" in owner.open(f"/visits/{visit}").words
    read = owner.open(f"/visits/{visit}/closure")
    assert "Used needles lay in the tray." in read.words and "Take it back" not in read.words
    assert "Closure: The whole clinic" in owner.open(f"/clinics/{MISSION.id}").words
    again = begin(house, SOUND, purpose=FOLLOW_UP)
    seal(house, again)
    later = house.browser(INSPECTOR_PERSON)
    page = later.open(f"/visits/{again}/closure")
    assert "Closed before, and still closed" in page.words
    after = later.follow(page.submit())
    assert "Closed before, and still closed" not in after.words
    assert "Closure: The whole clinic" not in later.open(f"/clinics/{MISSION.id}").words
    assert "Opened again" in later.open(f"/visits/{visit}/closure").words


def test_a_follow_up_offers_to_open_again_as_amended_and_not_when_void(house: Any) -> None:
    visit = begin(house)
    browser = house.browser(INSPECTOR_PERSON)
    page = browser.open(f"/visits/{visit}/closure")
    page.submit({"hearing": "Ask within 15 days."})
    seal(house, visit)
    again = begin(house, SOUND, purpose=FOLLOW_UP)
    seal(house, again)
    amendments.correct(house.world.desk(), again, NEEDLES, WRONG, "Misread.", 0)
    browser = house.browser(INSPECTOR_PERSON)
    amended = browser.open(f"/visits/{again}/closure")
    assert "This visit did not see every reason corrected." in amended.words
    assert "Open it again" not in amended.words
    amendments.void(house.world.desk(), again, "It was the wrong clinic.", 1)
    void = browser.open(f"/visits/{again}/closure")
    assert void.status == 200 and "Closed before, and still closed" not in void.words
    assert "Closed before, and still closed" not in browser.open(f"/visits/{again}").words


def test_a_self_audit_advises_and_never_says_closed(house: Any) -> None:
    audit = house.world.start(OWNER, facts={})
    house.world.answer(audit, {NEEDLES: WRONG, FLOOR: SOUND}, OWNER)
    owner = house.browser(OWNER)
    result = owner.open(f"/visits/{audit.id}/result")
    assert "Stop work advised." in result.words
    assert "losed" not in result.words and "losure" not in result.words
    page = owner.open(f"/visits/{audit.id}/closure")
    assert "Stop work advised." in page.words and "Propose this closure" not in page.words


def test_services_are_chosen_at_the_result_and_change_the_placard(house: Any) -> None:
    visit = begin(house)
    browser = house.browser(INSPECTOR_PERSON)
    page = browser.open(f"/visits/{visit}/result")
    changed = browser.follow(page.submit({"s-needles.single-use-": "smp"}))
    assert "Service closed" in changed.words and "Tattooing Pass" in changed.words
    wrong = changed.submit({"s-needles.single-use-": "piercing"})
    assert wrong.status == 422
    seal(house, visit)
    browser = house.browser(INSPECTOR_PERSON)
    sealed = browser.open(f"/visits/{visit}")
    assert "Service closed" in sealed.words and "Re-inspection by Thu 5 Mar 2026." in sealed.words
    assert "The placard asks for a re-inspection." in sealed.words
    assert "Service closed" in browser.open(f"/clinics/{MISSION.id}").words
