"""Published checklists are read as documents and compared, by everybody who signs in."""

from datetime import timedelta

import pytest

from audit.domain import definitions, publishing
from audit.operations import checklists
from tests.domain import making
from tests.operations import worlds

SHOWN = "/checklists/mini-inspection/xx/1"

NEXT = worlds.ITEMS.replace('key = "gloves.changed"', 'key = "gloves.fresh"').replace(
    "warn_days = 60", "warn_days = 30"
)


@pytest.fixture
def second(house):
    """A second version of the inspection: one item replaced, one limit changed."""
    catalogue, (lists,), packs = making.files(NEXT)
    lists[1]["key"] = "mini-inspection"
    document = publishing.resolve(definitions.check(catalogue, [lists], packs), "mini-inspection", "xx")
    house.world.now += timedelta(days=1)
    return checklists.publish(house.world.desk(worlds.ADMINISTRATOR), document)


def test_the_list_says_what_is_current(second, inspector):
    page = inspector.open("/checklists")
    assert page.status == 200
    assert page.links.index("/checklists/mini-inspection/xx/2") < page.links.index(SHOWN)
    assert page.words.count("Current") == 2 and page.words.count("Earlier") == 1
    assert "6 items" in page.words and "published Wed 4 Mar 2026" in page.words
    assert "/checklists/mini-self-audit/xx/1" in page.links


@pytest.mark.parametrize("person", [worlds.OWNER, worlds.OTHER_OWNER, worlds.ADMINISTRATOR])
def test_all_who_sign_in_may_read(house, person):
    browser = house.browser(person)
    assert "/checklists" in browser.open("/visits").links
    assert browser.open(SHOWN).status == 200


def test_a_stranger_is_asked_to_sign_in(house):
    assert house.browser().open(SHOWN).status == 303


def test_a_checklist_reads_as_a_document(inspector):
    page = inspector.open(SHOWN)
    assert {"needles.single-use", "permit.expiry", "sources"} <= set(page.ids)
    assert "#needles.single-use" in page.links and "#a" in page.links
    for words in (
        "Xanadu · Inspection · Version 1, current",
        "6 in the score: 1 critical, 2 major, 3 minor",
        "Is needles.single-use right?",
        "Look at needles.single-use.",
        "Only when autoclave is yes",
        "Limit: not expired on the day of the visit, a warning from 60 days before",
        "Put needles.single-use right. Within 7 days, by its severity.",
        "XX 1 law · verified · Xanadu",
        "for each practitioner",
        "needs a procedure to be seen",
    ):
        assert words in page.words, words


def test_what_is_unsure_and_what_does_not_count_is_said(house, inspector):
    items = """
        [[item]]
        key = "needles.sealed"
        [[item.citation]]
        ref = "XX 9"
        kind = "guidance"
        jurisdiction = "xx"
        certainty = "recalled"
        [[item]]
        key = "shop.music"
        official = false
        grounds = ["Consumer guidance: <calm>"]
    """
    catalogue, (lists,), packs = making.files(items, kind="self-audit")
    lists[1]["key"] = "other"
    document = publishing.resolve(definitions.check(catalogue, [lists], packs), "other", "xx")
    checklists.publish(house.world.desk(worlds.ADMINISTRATOR), document)
    page = inspector.open("/checklists/other/xx/1")
    assert "XX 9 guidance · recalled, unconfirmed · Xanadu" in page.words
    assert "recommended, outside the score" in page.words and "1 recommended, outside it" in page.words
    assert "Consumer guidance: <calm>" in page.words


def test_two_versions_are_compared(second, inspector):
    page = inspector.open("/checklists/mini-inspection/xx/2")
    assert page.form.pairs == []
    page = inspector.open("/checklists/mini-inspection/xx/2?against=mini-inspection/xx/1")
    words = page.words
    assert "1 added 1 removed 1 changed 0 renumbered" in words
    assert "/checklists/mini-inspection/xx/2#gloves.fresh" in page.links
    assert f"{SHOWN}#gloves.changed" in page.links
    assert "limit: not expired on the day of the visit, a warning from 60 days before" in words
    assert "limit: not expired on the day of the visit, a warning from 30 days before" in words


def test_other_checklists_are_compared_too_and_likeness_is_said(inspector):
    page = inspector.open(f"{SHOWN}?against=mini-self-audit/xx/1")
    assert page.status == 200 and "Around the items" in page.words and "Kind" in page.words
    page = inspector.open(f"{SHOWN}?against=mini-inspection/xx/1")
    assert "Nothing differs" in page.words


@pytest.mark.parametrize(
    "address",
    [
        "/checklists/mini-inspection/xx/2",
        "/checklists/mini-inspection/yy/1",
        "/checklists/none/xx/1",
        f"{SHOWN}?against=mini-inspection/xx/9",
        f"{SHOWN}?against=//",
    ],
)
def test_what_was_never_published_is_not_there(inspector, address):
    assert inspector.open(address).status == 404


def test_a_visit_leads_to_its_checklist(house, inspector):
    visit = house.world.start()
    assert SHOWN in inspector.open(f"/visits/{visit.id}").links
    assert SHOWN in house.browser(worlds.ADMINISTRATOR).open(f"/visits/{visit.id}").links
