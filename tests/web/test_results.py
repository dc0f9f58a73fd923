"""What result, seal and sealed pages say: all marks, nothing too early, and the right name for who made it."""

import re
from typing import Any

from audit.app import create_app
from audit.config import Settings
from audit.domain.answers import Raw
from audit.domain.checklists import Scheme
from audit.domain.findings import Finding
from audit.domain.scoring import Rated, score
from audit.operations import passwords
from audit.web.told import result_card
from tests.operations import worlds
from tests.operations.worlds import COMPLETE, NOW
from tests.web.conftest import PASSWORD, Browser

SCHEME = Scheme("deduction", (("critical", 5), ("major", 2), ("minor", 1)), True, True)


def finding(severity: str, standing: str) -> Finding:
    return Finding("x", "A-01", None, severity, standing, "Seen.", "Do.", False, NOW.date(), False, ())


def test_counts_are_of_all_items_and_the_score_says_which_are_in_it():
    rated = [
        Rated("a", "A-01", "critical", "IN"),
        Rated("b", "A-02", "minor", "OUT"),
        Rated("c", "A-03", "critical", "OUT", official=False),
        Rated("d", "A-04", "minor", "NA", official=False),
    ]
    card = result_card(
        score(rated, SCHEME), [finding("minor", "official"), finding("critical", "recommended")]
    )
    assert [(mark, count) for mark, count, _ in card.counts] == [("IN", 1), ("OUT", 2), ("NO", 0), ("NA", 1)]
    assert card.beside.startswith("2 in the score · 2 recommended, outside it")
    assert card.beside.endswith("1 critical finding open is recommended: outside the score")
    assert card.headline == "1 critical finding open" and card.under == "2 findings in all"
    assert not result_card(score(rated[:2], SCHEME), []).beside


def test_nothing_is_good_while_items_are_open(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, {("gloves.changed", None): Raw(mark="IN")})
    page = inspector.open(f"/visits/{visit.id}/result")
    assert "No findings so far" in page.words and "1 of 4 answered" in page.words
    assert "100.0 of 100 points so far" in page.words and "Nothing so far." in page.words
    assert "k-none" in page.text and "result k-IN" not in page.text
    seal = inspector.open(f"/visits/{visit.id}/seal")
    assert "No findings so far" in seal.words and "Nothing was found" not in seal.words
    house.world.answer(visit, {("needles.single-use", None): COMPLETE[("needles.single-use", None)]})
    page = inspector.open(f"/visits/{visit.id}/result")
    assert "1 finding so far" in page.words and "result k-none" in page.text
    house.world.answer(visit, COMPLETE)
    assert "so far" not in inspector.open(f"/visits/{visit.id}/result").words


def test_a_self_audit_is_made_by_its_owner(house):
    visit = house.world.start(worlds.OWNER)
    house.world.answer(visit, COMPLETE, worlds.OWNER)
    house.world.sign(visit, worlds.OWNER)
    owner = house.browser(worlds.OWNER)
    seal = owner.open(f"/visits/{visit.id}/seal")
    assert "Made by Olu Adeyemi: signed" in seal.words
    owner.follow(seal.submit())
    page = owner.open(f"/visits/{visit.id}")
    for word in ("Auditor", "auditor", "Inspector"):
        assert word not in page.words and word not in seal.words
    assert "Made by Olu Adeyemi" in page.words


def test_presets_are_not_counted_as_answered(house, inspector):
    visit = house.world.start(facts={"procedure_observed": False})
    hub = inspector.open(f"/visits/{visit.id}")
    assert "0 of 4 answered · 1 preset to NO" in hub.words and "0 of 4 1 preset" in hub.words
    assert "0 of 4 answered · 1 preset to NO" in inspector.open(f"/visits/{visit.id}/sections/a").words
    rest = {key: raw for key, raw in COMPLETE.items() if key[0] != "gloves.changed"}
    house.world.answer(visit, rest)
    check = inspector.open(f"/visits/{visit.id}/check")
    assert "Nothing is open" in check.words
    assert "3 of 4 answered · 1 preset to NO, because no procedure was under way." in check.words
    assert "so far" not in inspector.open(f"/visits/{visit.id}/result").words
    assert inspector.open(f"/visits/{visit.id}/sign").status == 200


def test_two_people_s_findings_on_one_item_do_not_share_a_name(house, inspector):
    visit = house.world.start()
    out = Raw(mark="OUT", note="No certificate at the station.")
    both = {("licence.displayed", person.id): out for person in (worlds.ANNA, worlds.BO)}
    house.world.answer(visit, COMPLETE | both)
    page = inspector.open(f"/visits/{visit.id}/result")
    assert page.text.count("No certificate at the station.") == 2
    names = re.findall(r'id="(f-[^"]+)"', page.text)
    assert len(names) == len(set(names)) == 2


def test_a_visit_set_aside_has_no_result(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    inspector.open(f"/visits/{visit.id}/set-aside").submit({"reason": "Wrong clinic."})
    page = inspector.open(f"/visits/{visit.id}")
    assert "What was entered" in page.words and "Two cartridges kept" in page.words
    for words in ("critical finding", "of 100 points", "Next visit", "How it came about"):
        assert words not in page.words


WARM = """
    [[item]]
    key = "water.warm"
    per = "practitioner"
    [[item.part]]
    key = "temperature"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    low = "0"
    high = "80"
    limit = { kind = "at-least", value = "38" }
    [[item.part]]
    key = "minutes"
    kind = "number"
    unit = "min"
    low = "0"
    high = "60"
"""


def test_values_are_shown_as_they_were_read_and_faults_in_the_same_unit(tmp_path):
    world = worlds.make(tmp_path / "warm", items=WARM)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.people.keep_password(worlds.INSPECTOR_PERSON.id, passwords.CHEAP.hash(PASSWORD))
        entry.note("passwords.set", "")
    app = create_app(Settings(data=world.data), clock=lambda: world.now)
    inspector = Browser(app, worlds.INSPECTOR_PERSON)
    visit = world.start(facts={})
    anna, bo = ("water.warm", worlds.ANNA.id), ("water.warm", worlds.BO.id)
    read: dict[str, Any] = {
        "values": {"temperature": "104", "minutes": "5"},
        "units": {"temperature": "F"},
        "mark": "IN",
    }
    world.answer(visit, {anna: Raw(**read), bo: Raw(**read)})
    page = inspector.open(f"/visits/{visit.id}/sections/a")
    assert "104 °F · 5 min" in page.words and "limit: at least 38 °C" in page.words
    assert "104 F" not in page.words
    wrong = Raw(mark="IN", values={"temperature": "1000", "minutes": "99"}, units={"temperature": "F"})
    world.answer(visit, {bo: wrong})
    check = inspector.open(f"/visits/{visit.id}/check")
    assert "1000 °F cannot be right here. Give 32 to 176 °F." in check.words
    assert "99 min cannot be right here" in check.words
    assert check.words.count("A-01") == 1 and "open: 1" in check.words


def test_a_checklist_without_an_interval_says_so(house, inspector):
    visit = house.world.start()
    page = inspector.open(f"/visits/{visit.id}/result")
    assert "The rules of this checklist set no date for the next visit." in page.words
