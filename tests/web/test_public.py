"""The public card: off until the agency says so, plain words, no names, never fresh when it is stale."""

import re
from dataclasses import replace
from typing import Any

import pytest

from audit.domain.people import Person
from audit.operations import actions, agency, public, sealing
from audit.operations.actions import Answer
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

SETTINGS = f"/clinics/{MISSION.id}/card"


@pytest.fixture
def inspected(house: Any) -> Any:
    """A sealed inspection with a critical finding left open and one that was corrected on site."""
    at = house.world.desk(ADMINISTRATOR)
    agency.save(at, replace(agency.get(at), site="https://audit.example"))
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    house.visit = visit.id
    return house


def switched_on(house: Any, **how: Any) -> str:
    page = house.browser(ADMINISTRATOR).open(SETTINGS).submit({"shown": "y", **how})
    assert page.status == 303
    return f"/card/{public.card(house.world.desk(ADMINISTRATOR), MISSION.id).name}"


def test_it_is_off_until_the_agency_switches_it_on_and_its_address_stays(inspected: Any) -> None:
    anybody = inspected.browser()
    address = switched_on(inspected)
    assert anybody.open(address).status == 200
    assert inspected.browser(ADMINISTRATOR).open(SETTINGS).submit({"shown": None}).status == 303
    off, missing = anybody.open(address), anybody.open("/card/nobody-has-this")
    assert off.status == missing.status == 404
    told = [re.sub('class="num">[0-9a-f]+<', "", page.text) for page in (off, missing)]
    assert told[0] == told[1]
    assert switched_on(inspected) == address and len(address) > 20 and MISSION.id not in address


@pytest.mark.parametrize("person", [INSPECTOR_PERSON, OWNER])
def test_nobody_else_switches_it(inspected: Any, person: Person) -> None:
    browser = inspected.browser(person)
    assert browser.open(SETTINGS).status == 200
    token = browser.open("/help").forms[0].values("csrf_token")[0]
    assert browser.send(SETTINGS, {"csrf_token": token, "shown": "y"}).status == 403
    assert inspected.browser(OTHER_OWNER).open(SETTINGS).status == 404


def test_it_tells_the_visit_in_plain_words_without_names(inspected: Any) -> None:
    page = inspected.browser().open(switched_on(inspected))
    for words in (
        MISSION.name,
        "Bay County Health",
        "Critical finding",
        "Something critical was found that was not put right during the visit.",
        "Tue 3 Mar 2026",
        "today",
        "1 of 2 findings were put right by now.",
    ):
        assert words in page.words, words
    for secret in ("Ines Field", "Anna Quill", "Bo Li", "Two cartridges", MISSION.id, inspected.visit):
        assert secret not in page.text, secret


def test_what_was_put_right_since_is_told_once_it_was_accepted(inspected: Any) -> None:
    world, address = inspected.world, switched_on(inspected)
    (owed,) = actions.of_visit(world.desk(OWNER), inspected.visit)
    actions.fix(world.desk(OWNER), owed.action.id, Answer("Thrown away.", None, []))
    assert "1 of 2 findings" in inspected.browser().open(address).words
    actions.accept(world.desk(), owed.action.id, "")
    page = inspected.browser().open(address)
    assert (
        "Findings, all put right by now" in page.words
        and "2 of 2 findings were put right by now." in page.words
    )


def test_an_old_result_does_not_look_like_todays(inspected: Any) -> None:
    address = switched_on(inspected, inspector="y")
    assert "Ines Field, Bay County Health" in inspected.browser().open(address).words
    inspected.world.later(days=400)
    page = inspected.browser().open(address)
    assert "The last inspection is too old to speak for today" in page.words and "13 months ago" in page.words
    headline = page.text[page.text.index("words-large") :]
    assert "Something critical" not in headline[: headline.index("</p>")]


def test_who_asks_all_the_time_waits(inspected: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    address = switched_on(inspected)
    monkeypatch.setattr(public, "MOST", 3)
    anybody = inspected.browser()
    assert [anybody.open(address).status for _ in range(4)] == [200, 200, 200, 429]


def test_the_placard_in_three_sizes(inspected: Any) -> None:
    owner = inspected.browser(OWNER)
    assert owner.client.get(f"{SETTINGS}.pdf").status_code == 409
    switched_on(inspected)
    for paper in ("a4", "letter", "a5"):
        assert owner.client.get(f"{SETTINGS}.pdf?paper={paper}").data.startswith(b"%PDF-"), paper
    assert owner.client.get(f"{SETTINGS}.pdf?paper=a7").status_code == 422
    assert "Code to scan: https://audit.example/card/" in owner.open(SETTINGS).text
