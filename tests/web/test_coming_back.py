"""Pages of a second visit: repeats with their days, a follow-up of former findings, the report that tells them."""

from typing import Any

import pytest

from audit.domain.answers import Raw
from audit.operations import sealing
from tests.operations.worlds import BO, COMPLETE, INSPECTOR_PERSON, MISSION

OPEN = COMPLETE | {("records.last", None): Raw(mark="IN")}


def seal(house: Any, raws: Any) -> str:
    visit = house.world.start()
    house.world.answer(visit, raws)
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    house.world.later(days=7)
    return str(visit.id)


def begin(house: Any, **fields: str) -> Any:
    browser = house.browser(INSPECTOR_PERSON)
    page = browser.open(f"/clinics/{MISSION.id}/start")
    return browser.follow(page.submit({"f.procedure_observed": "true"} | fields))


def test_an_item_card_says_when_it_was_not_in_order_before(house: Any) -> None:
    seal(house, COMPLETE)
    page = begin(house)
    visit = page.address.removesuffix("/former")
    section = page.browser.open(f"{visit}/sections/a")
    assert "R Not in order before: Tue 3 Mar 2026. OUT again is a repeat." in section.words
    assert section.words.count("OUT again is a repeat") == 2
    assert section.text.count('href="#m-R"') == 2


def test_a_finding_that_is_a_repeat_says_so_on_result_and_sealed_page(house: Any) -> None:
    seal(house, COMPLETE)
    second = seal(house, OPEN)
    page = house.browser(INSPECTOR_PERSON).open(f"/visits/{second}")
    assert "Repeat also on Tue 3 Mar 2026" in page.words
    assert page.status == 200


def test_a_follow_up_begins_with_former_findings_and_can_be_widened(house: Any) -> None:
    seal(house, COMPLETE)
    page = begin(house, purpose="follow-up", scope="former")
    visit = page.address.removesuffix("/former")
    hub = page.browser.open(visit)
    assert "Only former findings are looked at: 1 of 6 items." in hub.words
    assert "0 of 1 answered" in hub.words
    again = page.browser.follow(hub.submit())
    assert "Only former findings" not in again.words
    assert "0 of 5 answered" in again.words


@pytest.mark.parametrize("fields", [{"purpose": "follow-up", "scope": "whole"}, {"purpose": "routine"}])
def test_another_visit_looks_at_the_whole_checklist(house: Any, fields: dict[str, str]) -> None:
    seal(house, COMPLETE)
    page = begin(house, **fields)
    hub = page.browser.open(page.address.removesuffix("/former"))
    assert "Only former findings" not in hub.words


def test_the_first_visit_of_a_clinic_is_asked_for_no_scope(house: Any) -> None:
    page = house.browser(INSPECTOR_PERSON).open(f"/clinics/{MISSION.id}/start")
    assert "What a follow-up looks at" not in page.words
    seal(house, COMPLETE)
    again = house.browser(INSPECTOR_PERSON).open(f"/clinics/{MISSION.id}/start")
    assert "What a follow-up looks at" in again.words


def test_the_re_inspection_report_is_offered_where_something_was_left_open(house: Any) -> None:
    first = seal(house, COMPLETE)
    second = seal(
        house,
        OPEN | {("needles.single-use", None): Raw(mark="IN"), ("licence.displayed", BO.id): Raw(mark="IN")},
    )
    browser = house.browser(INSPECTOR_PERSON)
    assert "Re-inspection report" not in browser.open(f"/visits/{first}").words
    page = browser.open(f"/visits/{second}")
    assert "Re-inspection report" in page.words
    report = browser.open(f"/visits/{second}/reports/delta.pdf")
    assert report.response.data.startswith(b"%PDF-")
    assert browser.open(f"/visits/{first}/reports/delta.pdf").status == 409
