"""Amending on a page: the same card, a reason, and everybody who may read sees what was corrected and why."""

import pytest

from audit.operations import sealing
from tests.operations import worlds
from tests.operations.worlds import COMPLETE

WHY = "The cartridges were another studio's."


@pytest.fixture
def visit(house):
    inspection = house.world.start()
    house.world.answer(inspection, COMPLETE)
    house.world.sign(inspection)
    sealing.seal(house.world.desk(), inspection.id)
    house.world.later(minutes=5)
    return inspection


def needles(inspector, visit):
    page = inspector.open(f"/visits/{visit.id}")
    assert f"/visits/{visit.id}/amendments" in page.links
    page = inspector.open(f"/visits/{visit.id}/amendments")
    assert "Nothing was amended" in page.words
    choose = inspector.open(f"/visits/{visit.id}/amendments/new")
    assert choose.status == 200 and "Bo Li" in choose.words
    return inspector.open(next(link for link in choose.links if "item=needles" in link))


def test_an_answer_is_corrected_on_its_own_card(house, inspector, visit):
    page = needles(inspector, visit)
    assert "Stands there now: OUT · Two cartridges kept" in page.words
    done = page.submit({"a_A01-mark": "IN", "a_A01-note": "Not theirs.", "reason": WHY})
    listed = inspector.follow(done)
    for words in ("As sealed", "As amended", "94.0", "99.0", WHY, "Ines Field", "IN · Not theirs."):
        assert words in listed.words
    shown = inspector.open(f"/visits/{visit.id}")
    assert "Amended (1)." in shown.words and "Record as amended" in shown.words
    assert "99.0" in shown.words and "Two cartridges" not in shown.words
    assert "Amended (1)" in inspector.open("/visits").words
    assert inspector.open(f"/visits/{visit.id}/reports/amended.pdf").status == 200
    owner = house.browser(worlds.OWNER)
    assert WHY in owner.open(f"/visits/{visit.id}/amendments").words
    assert "Amend this record" not in owner.open(f"/visits/{visit.id}/amendments").words
    assert house.browser(worlds.OTHER_OWNER).open(f"/visits/{visit.id}/amendments").status == 404


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(inspector, visit):
    page = needles(inspector, visit)
    again = page.submit({"a_A01-mark": "OUT", "a_A01-note": "", "reason": ""})
    assert again.status == 422
    assert "Say why this is amended" in again.words and "an OUT needs words" in again.words
    assert "a_A01-note-error" in again.ids and "reason-error" in again.ids
    more = again.submit({"a_A01-note": "One cartridge, not two.", "reason": WHY})
    assert "One cartridge, not two." in inspector.follow(more).words


def test_a_form_sent_twice_is_one_amendment_and_a_stale_page_is_told(house, inspector, visit):
    page = needles(inspector, visit)
    fields = {"a_A01-mark": "IN", "a_A01-note": "", "reason": WHY}
    assert page.submit(fields).status == page.submit(fields).status == 303
    stale = page.submit({"a_A01-mark": "NA", "a_A01-note": "", "reason": WHY})
    assert stale.status == 422 and "amended this visit meanwhile" in stale.words
    assert "Amendment 1" in inspector.open(f"/visits/{visit.id}/amendments").words
    assert "Amendment 2" not in inspector.open(f"/visits/{visit.id}/amendments").words


def test_remarks_and_void(house, inspector, visit):
    page = inspector.open(f"/visits/{visit.id}/amendments/remarks")
    assert "The lift" in inspector.follow(page.submit({"remarks": "The lift was out.", "reason": WHY})).words
    assert "The lift was out." in inspector.open(f"/visits/{visit.id}").words
    page = inspector.open(f"/visits/{visit.id}/amendments/void")
    assert page.submit({"reason": ""}).status == 422
    listed = inspector.follow(page.submit({"reason": "It was the wrong clinic."}))
    assert "Void." in listed.words and "Correct an answer" not in listed.words
    assert "Void" in inspector.open("/visits").words
    shown = inspector.open(f"/visits/{visit.id}")
    assert "This visit counts nowhere. Reason: It was the wrong clinic." in shown.words
    assert inspector.open(f"/visits/{visit.id}/amendments/new").status == 409


@pytest.mark.parametrize("person", [worlds.OWNER, worlds.ADMINISTRATOR])
@pytest.mark.parametrize("page", ["new", "new?item=needles.single-use", "remarks", "void"])
def test_only_inspectors_get_the_forms(house, visit, person, page):
    address = f"/visits/{visit.id}/amendments/{page}"
    assert house.browser(person).open(address).status == 403


def test_a_running_visit_has_no_amendments(house, inspector):
    inspection = house.world.start()
    assert inspector.open(f"/visits/{inspection.id}/amendments").status == 409
    assert inspector.open(f"/visits/{inspection.id}/amendments/void").status == 409


def test_an_item_that_was_not_asked_is_not_there(inspector, visit):
    assert inspector.open(f"/visits/{visit.id}/amendments/new?item=autoclave.log").status == 404
    assert inspector.open(f"/visits/{visit.id}/amendments/new?item=no.such").status == 404
