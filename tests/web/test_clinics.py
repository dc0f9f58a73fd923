"""Clinics, practitioners, people, the agency, and one's own account."""

import pytest

from audit.domain.answers import Raw
from audit.domain.problems import NotFound
from audit.operations import agency, clinics, people, sealing
from tests.operations import worlds
from tests.operations.worlds import ANNA, HARBOUR, MISSION
from tests.web.conftest import PASSWORD

NEW = {
    "name": "Northside Scalp",
    "address": "5 North Rd",
    "permit": "BA-9",
    "jurisdiction": "other",
    "elsewhere": "xx-ca",
    "time_zone": "America/Los_Angeles",
}


@pytest.fixture
def administrator(house):
    return house.browser(worlds.ADMINISTRATOR)


def test_clinics_are_found_and_each_sees_only_theirs(house, inspector):
    assert "Harbour Ink" in inspector.open("/clinics").words
    page = inspector.open("/clinics?text=mission")
    assert "Mission Scalp Studio" in page.words and "Harbour" not in page.words
    assert "No clinic fits" in inspector.open("/clinics?text=zzz").words
    owner = house.browser(worlds.OWNER)
    assert "Harbour" not in owner.open("/clinics").words
    assert owner.open(f"/clinics/{HARBOUR.id}").status == 404
    assert owner.open(f"/clinics/{HARBOUR.id}/edit").status == 404
    assert owner.open("/clinics/new").status == 403
    assert owner.open(f"/clinics/{MISSION.id}").status == 200


def test_a_clinic_page_leads_on(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}")
    assert "Anna Quill" in page.words and f"/clinics/{MISSION.id}/start" in page.links
    visit = house.world.start()
    assert f"/visits/{visit.id}" in inspector.open(f"/clinics/{MISSION.id}").links
    house.world.answer(visit, worlds.COMPLETE)
    house.world.sign(visit)
    inspector.open(f"/visits/{visit.id}/seal").submit()
    page = inspector.open(f"/clinics/{MISSION.id}")
    assert "Last result" in page.words and "Critical finding open" in page.words and "94.0" in page.words
    assert "Critical finding open" in inspector.open("/clinics").words


def test_a_clinic_is_added_and_a_likely_duplicate_is_shown_first(house, inspector):
    page = inspector.open("/clinics/new")
    added = inspector.follow(page.submit({**NEW, "fact_autoclave": "false"}))
    assert "Northside Scalp" in added.words and "no" in added.words
    twin = inspector.open("/clinics/new").submit({**NEW, "name": "North Side"})
    assert twin.status == 422 and "may be here already" in twin.words and "Northside Scalp" in twin.words
    assert twin.form.values("name") == ["North Side"]
    assert twin.submit({"despite": "y"}).status == 303
    assert len(clinics.search(house.world.desk(), "BA-9").rows) == 2


def test_a_jurisdiction_is_chosen_in_words(house, inspector):
    page = inspector.open("/clinics/new")
    assert page.form.values("jurisdiction") == [] and "Xanadu" in page.words
    page = page.submit({**NEW, "jurisdiction": ""})
    assert page.status == 422 and "Say where the clinic is." in page.words and "Check these" in page.words
    page = inspector.follow(page.submit({"jurisdiction": "xx", "address": "5 North Rd,\nBay City"}))
    assert "Jurisdiction Xanadu" in page.words and "5 North Rd, Bay City" in page.words
    page = inspector.open(f"/clinics/{MISSION.id}/edit")
    assert page.form.values("jurisdiction") == ["xx-ca"] and page.submit().status == 303
    assert "Jurisdiction xx-ca" in inspector.open(f"/clinics/{MISSION.id}").words


def test_a_self_audit_says_why_it_cannot_be_read(house, inspector):
    visit = house.world.start(worlds.OWNER)
    house.world.answer(visit, worlds.COMPLETE, worlds.OWNER)
    house.world.sign(visit, worlds.OWNER)
    house.browser(worlds.OWNER).open(f"/visits/{visit.id}/seal").submit()
    words = "Self-audit: only the clinic reads it"
    for address in ("/visits", f"/clinics/{MISSION.id}"):
        page = inspector.open(address)
        assert words in page.words and f"/visits/{visit.id}" not in page.links
        assert words not in house.browser(worlds.OWNER).open(address).words


def test_faults_of_a_clinic_stand_at_their_fields(inspector):
    page = inspector.open("/clinics/new").submit(
        {
            "name": "",
            "jurisdiction": "other",
            "elsewhere": "California!",
            "time_zone": "Mars/Base",
            "fact_autoclave": "true",
        }
    )
    assert page.status == 422
    assert "Give the name of the clinic." in page.words
    page = page.submit({"name": "X"})
    assert page.status == 422
    assert {"#jurisdiction", "#time_zone"} <= set(page.links)
    assert page.form.values("fact_autoclave") == ["true"]


def test_a_profile_can_be_changed_back_to_not_known(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/edit")
    assert page.form.values("fact_autoclave") == ["false"]
    assert page.submit({"fact_autoclave": ""}).status == 303
    assert clinics.get(house.world.desk(), MISSION.id).profile == {}


def test_practitioners_come_and_go(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/practitioners/new")
    assert page.submit({"name": ""}).status == 422
    assert page.submit({"name": "Cy Moss", "title": "guest"}).status == 303
    page = inspector.open(f"/clinics/{MISSION.id}/practitioners/{ANNA.id}")
    assert page.form.values("active") == ["y"]
    assert page.submit({"active": None}).status == 303
    words = inspector.open(f"/clinics/{MISSION.id}").words
    assert "Cy Moss" in words and "Anna Quill" not in words
    assert inspector.open(f"/clinics/{HARBOUR.id}/practitioners/{ANNA.id}").status == 404
    other = house.browser(worlds.OTHER_OWNER)
    assert other.open(f"/clinics/{MISSION.id}/practitioners/{ANNA.id}").status == 404


def test_people_are_for_administrators(house, inspector, administrator):
    assert inspector.open("/people").status == 403
    assert inspector.open("/people/new").status == 403
    page = administrator.open("/people")
    assert "Ines Field" in page.words and "Mission Scalp Studio" in page.words
    page = administrator.open("/people/new").submit(
        {"name": "Nia Wood", "login": "nia", "role": "owner", "clinics": [HARBOUR.id], "password": "short"}
    )
    assert page.status == 422 and "15 characters" in page.words
    assert page.form.values("login") == ["nia"] and page.form.values("clinics") == [HARBOUR.id]
    assert page.submit({"password": "quite another long sentence"}).status == 303
    person = people.by_login(house.world.desk(worlds.ADMINISTRATOR), "nia")
    assert person.clinics == {HARBOUR.id}


def test_the_agency_is_for_administrators(house, inspector, administrator):
    assert inspector.open("/agency").status == 403
    page = administrator.open("/agency")
    assert page.form.values("name") == ["Bay County Health"]
    kept = administrator.follow(
        page.submit({"statements": "First.\n\nSecond.", "paper": "a4", "time_zone": "America/Los_Angeles"})
    )
    assert "Saved." in kept.words
    now = agency.get(house.world.desk())
    assert now.statements == ("First.", "Second.") and now.paper == "a4" and now.public_authority
    page = administrator.open("/agency").submit({"time_zone": "Mars/Base"})
    assert page.status == 422 and "#time_zone" in page.links


def test_one_changes_the_own_password(house):
    here, there = house.browser(worlds.OWNER), house.browser(worlds.OWNER)
    page = here.open("/account")
    assert page.submit({"old": "wrong", "new": "quite another long sentence"}).status == 422
    assert page.submit({"old": PASSWORD, "new": "short"}).status == 422
    assert page.submit({"old": PASSWORD, "new": "quite another long sentence"}).status == 303
    assert here.open("/visits").status == 200
    assert there.open("/visits").status == 303


def test_signing_in_and_out(house):
    stranger = house.browser()
    assert stranger.open("/clinics?text=a").response.location == "/sign-in?next=/clinics%3Ftext%3Da"
    page = stranger.open("/sign-in?next=/clinics%3Ftext%3Da")
    refused = page.submit({"login": "ines", "password": "not this one at all"})
    assert refused.status == 422 and "not right" in refused.words
    assert refused.form.values("login") == ["ines"] and refused.form.values("password") == [""]
    entered = refused.submit({"password": PASSWORD})
    assert entered.status == 303 and entered.response.location == "/clinics?text=a"
    page = stranger.open("/visits")
    (out,) = [form for form in page.forms if form.action == "/sign-out"]
    assert stranger.send(out.action, out.filled({})).status == 303
    assert stranger.open("/visits").status == 303


def test_guessing_is_slowed_down(house):
    stranger = house.browser()
    page = stranger.open("/sign-in")
    found = [page.submit({"login": "ines", "password": f"guess number {one:04}"}).status for one in range(8)]
    assert 429 in found
    slowed = page.submit({"login": "ines", "password": "one more guess now"})
    assert slowed.status == 429 and int(slowed.headers["Retry-After"]) > 0


def test_an_address_after_signing_in_stays_here(house):
    page = house.browser().open("/sign-in?next=https://elsewhere.example/")
    assert page.submit({"login": "ines", "password": PASSWORD}).response.location == "/visits"


def test_other_owners_see_no_trace(house):
    visit = house.world.start()
    with pytest.raises(NotFound):
        clinics.get(house.world.desk(worlds.OTHER_OWNER), MISSION.id)
    assert house.browser(worlds.OTHER_OWNER).open(f"/clinics/{visit.clinic_id}").status == 404


def test_the_first_start_says_who_can_let_people_in(tmp_path):
    from audit.app import create_app
    from audit.config import Settings
    from audit.operations import desk

    desk.bring_up_to_date(tmp_path / "data", worlds.NOW)
    app = create_app(Settings(data=tmp_path / "data"), clock=lambda: worlds.NOW)
    assert "one-time link" in app.test_client().get("/sign-in").text


def test_what_was_found_more_than_once_stands_on_the_clinics_page(house):
    for raws in (worlds.COMPLETE, worlds.COMPLETE | {("records.last", None): Raw(mark="IN")}):
        visit = house.world.start()
        house.world.answer(visit, raws)
        house.world.sign(visit)
        sealing.seal(house.world.desk(), visit.id)
        house.world.later(days=30)
    page = house.browser(worlds.OWNER).open(f"/clinics/{worlds.MISSION.id}")
    again = page.text[page.text.index("Found more than once") :]
    assert "Thu 2 Apr 2026, Tue 3 Mar 2026" in again[: again.index("</section>")]
