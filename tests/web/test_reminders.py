"""What is due on a page, and letters that are chosen or ended."""

import pytest

from audit.domain.reminders import KINDS
from audit.operations import desk as desks
from audit.operations import reminders
from tests.operations import papering
from tests.operations.papering import paper
from tests.operations.test_reminders import letters, reachable
from tests.operations.worlds import OWNER


@pytest.fixture
def making():
    return papering.make


@pytest.fixture
def link(house):
    """The path of the link in a letter to the owner."""
    reachable(house.world, OWNER)
    at = house.world.desk()
    with at.entry() as entry:
        kept = entry.agency.get()
        entry.agency.keep(type(kept)(**(vars(kept) | {"site": "https://audit.example.org"})))
        entry.note("agency.saved", "")
    paper(house.world, days=5)
    reminders.send(house.world.desk(desks.OPERATOR))
    (letter,) = letters(house.world)
    return letter.leave.removeprefix("https://audit.example.org")


def test_the_page_shows_what_is_due_and_letters_are_chosen(house):
    owner = house.browser(OWNER)
    assert "Nothing is due" in owner.open("/reminders").words
    made = paper(house.world, days=5)
    page = owner.open("/reminders")
    assert f"/papers/{made.id}" in page.links and "Expires in 5 days" in page.words
    assert "no e-mail address for you yet" in page.words and "/reminders" in owner.open("/account").links
    assert page.form.values("kinds") == [*KINDS]
    page = owner.follow(page.submit({"kinds": ["clocks"]}))
    assert page.form.values("kinds") == ["clocks"] and "Saved." in page.words
    assert owner.follow(page.submit({"kinds": None})).form.values("kinds") == []


def test_a_letter_is_left_by_its_link_without_an_account(house, link):
    page = house.browser().open(link)
    assert page.status == 200 and OWNER.name not in page.words
    assert page.form.values("kinds") == [*KINDS], "looking changes nothing"
    done = page.submit({"kinds": ["clocks", "actions"]})
    assert done.status == 200 and done.form.values("kinds") == ["clocks", "actions"]
    assert done.submit({"kinds": ["papers", "clocks"]}).form.values("kinds") == ["clocks"], (
        "never turned on here"
    )
    assert house.browser().open(link + "x").status == 404


def test_one_click_of_a_mail_program_ends_all_letters(house, link):
    answer = house.browser().client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert reminders.wanted(house.world.desk(OWNER)) == frozenset()
    stranger = house.browser().client.post("/reminders/off/none", data={"List-Unsubscribe": "One-Click"})
    assert stranger.status_code == 404
    stale = house.browser().client.post(link, data={"kinds": "papers", "csrf_token": "x"})
    assert stale.status_code == 422
