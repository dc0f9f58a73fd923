"""People, as administrators look after them; and what a one-time link opens for whoever holds it."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from audit.app import create_app
from audit.config import Settings
from audit.domain import codes
from audit.domain.letters import Letter
from audit.operations import clinics, factors, forgotten, links, people, post
from audit.operations import desk as desks
from audit.operations.carriers import ToLog
from tests.operations import worlds
from tests.web.conftest import PASSWORD, Browser

LONG = "quite another long sentence"
EDIT = f"/people/{worlds.OWNER.id}"


@pytest.fixture
def administrator(house) -> Browser:
    return house.browser(worlds.ADMINISTRATOR)


def form_to(page, action):
    (found,) = [form for form in page.forms if form.action == action]
    return found


def press(browser, page, action, **changes):
    return browser.send(action, form_to(page, action).filled(changes))


def link_on(page) -> str:
    found = re.search(r"http://localhost(/new-password\?key=[\w-]+)", page.text)
    assert found, page.words
    return found[1]


def test_people_are_found_by_words_of_name_and_login(administrator) -> None:
    assert {"Ines Field", "Olu Adeyemi"} <= {
        *re.findall(r'class="t">([^<]+)', administrator.open("/people").text)
    }
    words = administrator.open("/people?text=adey+OLU").words
    assert "Olu Adeyemi" in words and "Ines Field" not in words
    assert "Nobody fits" in administrator.open("/people?text=zz").words


@pytest.mark.parametrize("person", [worlds.INSPECTOR_PERSON, worlds.OWNER, worlds.OTHER_OWNER])
def test_nobody_else_comes_near(house, person) -> None:
    browser = house.browser(person)
    for address in ("/people", "/people/new", EDIT, f"/people/{worlds.ADMINISTRATOR.id}"):
        assert browser.open(address).status == 403, address
    token = form_to(browser.open("/account"), "/sign-out").values("csrf_token")[0]
    for address, fields in (
        (EDIT, {"name": "x", "login": "x", "role": "administrator"}),
        (f"{EDIT}/switch", {"to": "off"}),
        (f"{EDIT}/link", {}),
        ("/people/new", {"name": "x", "login": "xx", "role": "administrator"}),
    ):
        assert browser.send(address, {**fields, "csrf_token": token}).status == 403, address
    assert people.get(house.world.desk(worlds.ADMINISTRATOR), worlds.OWNER.id) == worlds.OWNER


def test_a_person_is_edited_and_told_in_the_trail(house, administrator) -> None:
    page = administrator.open(EDIT)
    assert page.form.values("login") == ["olu"]
    fields = form_to(page, EDIT).filled({"name": "Olu A.", "login": "olu2", "clinics": [worlds.HARBOUR.id]})
    saved = administrator.follow(administrator.send(EDIT, fields))
    assert "Saved." in saved.words
    now = people.get(house.world.desk(worlds.ADMINISTRATOR), worlds.OWNER.id)
    assert (now.name, now.login) == ("Olu A.", "olu2") and now.clinics == {worlds.HARBOUR.id}
    line = house.world.desk().ledger.trail.of(worlds.OWNER.id)[-1]
    assert (line.deed, line.actor) == ("person.changed", worlds.ADMINISTRATOR.id)
    taken = administrator.send(EDIT, {**fields, "login": ["ines"]})
    assert taken.status == 422 and "#login" in taken.links and 'value="ines"' in taken.text


def test_the_last_administrator_can_neither_be_demoted_nor_switched_off(house, administrator) -> None:
    own = f"/people/{worlds.ADMINISTRATOR.id}"
    page = administrator.open(own)
    demoted = administrator.send(own, form_to(page, own).filled({"role": "inspector"}))
    assert demoted.status == 422 and "Nobody would be left" in demoted.words
    off = press(administrator, page, f"{own}/switch")
    assert off.status == 409 and "Nobody would be left" in off.words
    assert administrator.open("/people").status == 200


def test_switched_off_people_are_out_at_once(house, administrator) -> None:
    olu = house.browser(worlds.OWNER)
    page = administrator.follow(press(administrator, administrator.open(EDIT), f"{EDIT}/switch"))
    assert "Every session of this person has ended" in page.words and f"{EDIT}/link" not in page.text
    assert olu.open("/visits").status == 303
    assert "Switched off" in administrator.open("/people").words
    page = administrator.follow(press(administrator, page, f"{EDIT}/switch"))
    assert "Switched on" in page.words
    assert house.browser(worlds.OWNER).open("/visits").status == 200


def test_a_reset_link_works_once(house, administrator) -> None:
    olu = house.browser(worlds.OWNER)
    shown = press(administrator, administrator.open(EDIT), f"{EDIT}/link")
    address = link_on(shown)
    assert olu.open("/visits").status == 200
    stranger = house.browser()
    page = stranger.open(address)
    assert "Olu Adeyemi" in page.words, page.words
    assert stranger.open(address).status == 200
    assert page.submit({"new": "short"}).status == 422
    assert page.submit({"new": LONG}).response.location == "/visits"
    assert stranger.open("/clinics").status == 200
    assert olu.open("/visits").status == 303
    again = house.browser().open(address)
    assert again.status == 404 and "used already" in again.words


def test_a_new_person_without_a_password_gets_a_link(house, administrator) -> None:
    page = administrator.open("/people/new")
    shown = page.submit({"name": "Nia Wood", "login": "nia", "role": "inspector", "password": ""})
    assert shown.status == 200 and "Nia Wood" in shown.words
    nia = house.browser()
    assert nia.open(link_on(shown)).submit({"new": LONG}).status == 303
    assert nia.open("/visits").status == 200


def test_from_an_empty_folder_to_the_first_clinic(tmp_path) -> None:
    data = tmp_path / "data"
    desks.bring_up_to_date(data, worlds.NOW)
    app = create_app(Settings(data=data), clock=lambda: worlds.NOW)
    browser = Browser(app, None)
    token = links.offer_set_up(desks.open_desk(data, None, worlds.NOW))
    assert browser.open("/set-up").status == 404
    page = browser.open(f"/set-up?key={token}")
    assert page.status == 200 and "What makes a good password" in page.words
    refused = page.submit({"name": "Ada Lind", "login": "ada", "password": "too short"})
    assert refused.status == 422 and refused.form.values("name") == ["Ada Lind"]
    entered = refused.submit({"password": PASSWORD})
    assert urlsplit(entered.response.location).path == "/agency"
    page = browser.follow(entered)
    assert "Name the agency" in page.words
    page = browser.follow(page.submit({"name": "Bay County Health", "time_zone": "America/Los_Angeles"}))
    assert "Add the first clinic" in page.words and "Name the agency" not in page.words
    assert Browser(app, None).open(f"/set-up?key={token}").status == 404
    desks.close(data)


def test_a_persons_data_is_a_zip_and_asked_for_with_the_password(house, administrator) -> None:
    olu = house.browser(worlds.OWNER)
    answer = press(olu, olu.open("/account"), "/account/data")
    assert answer.status == 200 and answer.headers["Content-Type"] == "application/zip"
    assert press(administrator, administrator.open(EDIT), f"{EDIT}/data").status == 200
    house.world.later(minutes=16)
    assert press(olu, olu.open("/account"), "/account/data").status == 401
    proved = press(olu, olu.open("/account"), "/account/data", proof=PASSWORD)
    assert proved.headers["Content-Type"] == "application/zip"


def test_a_practitioner_comes_in_by_mail_and_finds_their_own(house, administrator) -> None:
    page = administrator.open("/people/new")
    told = {"name": "Bo Li", "login": "bo", "role": "practitioner", "practitioners": [worlds.BO.id]}
    refused = page.submit({**told, "practitioners": []})
    assert refused.status == 422 and "Choose who this person is" in refused.words
    shown = refused.submit({**told, "email": "bo@example.org"})
    assert shown.status == 200 and "bo@example.org" in shown.words
    bo = house.browser()
    entered = bo.open(link_on(shown)).submit({"new": LONG})
    assert entered.response.location == "/papers"
    page = bo.follow(entered)
    assert page.status == 200 and "/visits" not in page.links and "/clinics" not in page.links
    assert bo.open("/visits").status == 403 and "/papers" in bo.open("/visits").links


def test_the_page_of_a_practitioner_who_left_keeps_who_they_were(house, administrator) -> None:
    at, address = house.world.desk(worlds.OWNER), f"/people/{worlds.PRACTITIONER.id}"
    clinics.edit_practitioner(at, worlds.ANNA.id, worlds.ANNA.name, "", active=False)
    assert press(administrator, administrator.open(address), address, email="anna@example.org").status == 303
    kept = at.ledger.people.get(worlds.PRACTITIONER.id)
    assert kept.practitioners == {worlds.ANNA.id} and kept.email == "anna@example.org" and not kept.clinics
    assert worlds.ANNA.name not in administrator.open("/people/new").words


def test_letters_that_could_not_go_are_shown_and_taken_off(house, administrator) -> None:
    with house.world.desk().entry() as entry:
        post.write(entry, Letter("password", "gone@example.org", "Link", "text", until=house.world.now))
    assert "No letters" not in administrator.open("/letters").words
    post.deliver(house.world.desk(), ToLog(), "audit@example.org")
    assert "1 letter could not be sent" in administrator.open("/people").words
    page = administrator.open("/letters")
    assert "gone@example.org" in page.words and "waited for too long" in page.words
    page = administrator.follow(press(administrator, page, "/letters/drop"))
    assert "Taken off the list" in page.words and "gone@example.org" not in page.words


def test_a_clinic_that_was_sold_is_handed_over(house, administrator) -> None:
    page = administrator.open(f"{EDIT}/hand-over")
    assert page.submit({}).status == 422
    taken = administrator.follow(page.submit({"clinics": [worlds.MISSION.id], "to": worlds.OTHER_OWNER.id}))
    assert "Handed over" in taken.words
    una = house.browser(worlds.OTHER_OWNER)
    assert "Mission Scalp Studio" in una.open("/clinics").words
    assert "Mission Scalp Studio" not in house.browser(worlds.OWNER).open("/clinics").words


def test_a_forgotten_password_comes_back_by_mail(house, administrator) -> None:
    """From the sign-in to the letter and in again, the second factor still asked for; the same page for everybody."""
    world = house.world
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        entry.people.change(replace(worlds.OWNER, email="olu@example.org"))
        entry.note("person.changed", worlds.OWNER.id)
    factors.add_app(
        world.desk(worlds.OWNER),
        key := factors.new_key(),
        codes.code_of(key, codes.step_of(world.now)),
        "Phone",
    )
    stranger = house.browser()
    assert 'href="/forgot-password"' in stranger.open("/sign-in").text
    page = stranger.open("/forgot-password")
    assert page.submit({"login": ""}).status == 422
    answers = {login: page.submit({"login": login}) for login in ("olu", "nobody", "ines")}
    assert {answer.status for answer in answers.values()} == {200}
    assert len({answer.text.replace(login, "…") for login, answer in answers.items()}) == 1
    (row,) = world.desk().ledger.letters.newest(9)
    link = re.search(r"http://localhost:8000(/new-password\?key=\S+)", row.letter.text)
    assert link
    chosen = stranger.open(link[1]).submit({"new": "seven quiet herons wade"})
    assert chosen.status == 303 and chosen.response.location == "/sign-in/second"
    assert stranger.open("/visits").status == 303
    page.submit({"login": "olu"}, headers={"Host": "localhost:6666", "Origin": "http://localhost:6666"})
    newest, *_ = world.desk().ledger.letters.newest(9)
    assert (
        newest.id != row.id and ":6666" not in newest.letter.text
    )  # whoever asks does not say where it leads
    late = house.browser().open("/forgot-password")
    tried = [late.submit({"login": f"nobody {n}"}).status for n in range(forgotten.MOST_ASKED)]
    assert tried[0] == 200 and tried[-1] == 429
