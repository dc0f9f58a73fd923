"""The pages about papers: lists, entering, renewing, seeing, and the sheet for the wall."""

import io

import pytest

from audit.operations import inspections
from tests.operations import papering, worlds
from tests.operations.papering import LICENCE, fit, paper
from tests.operations.worlds import ADMINISTRATOR, ANNA, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER

PAPERS = f"/clinics/{MISSION.id}/papers"


@pytest.fixture
def making():
    return papering.make


@pytest.fixture
def owner(house):
    return house.browser(OWNER)


def form_for(page, ending):
    return next(form for form in page.forms if form.action.endswith(ending))


def test_a_missing_paper_is_one_tap_from_being_entered(house, owner):
    page = owner.open(PAPERS)
    assert "Nobody may work here today: Facility permit." in page.words
    missing = f"{PAPERS}/new?kind={LICENCE}&holder={ANNA.id}"
    assert missing in page.links and PAPERS in owner.open(f"/clinics/{MISSION.id}").links
    page = owner.open(missing)
    assert page.form.values("kind") == [LICENCE] and page.form.values("holder") == [ANNA.id]
    sent = page.form.filled({"number": "L-7", "expires": "2026-03-20", "covers": ["smp"]})
    sent["scan"] = (io.BytesIO(worlds.jpeg(40)), "licence.jpg")
    first, twice = owner.send(missing, sent), None
    sent["scan"] = (io.BytesIO(worlds.jpeg(40)), "licence.jpg")
    twice = owner.send(missing, sent)
    assert first.status == 303, first.words
    assert first.response.location == twice.response.location
    page = owner.follow(first)
    assert "Expires in 17 days" in page.words and "not yet seen by an inspector" in page.words
    assert "Scalp micropigmentation" in page.words and "Olu Adeyemi" in page.words
    assert page.text.count("/screen") == 2
    assert "Expires in 17 days" in owner.open(f"/clinics/{MISSION.id}/practitioners/{ANNA.id}/papers").words


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(owner):
    page = owner.open(f"{PAPERS}/new")
    wrong = {"kind": "", "number": "L-7", "issued": "2027-01-01", "expires": "2026-02-30"}
    page = page.submit(wrong)
    assert page.status == 422 and "year-month-day" in page.words
    page = page.submit(wrong | {"expires": "2026-12-31"})
    assert page.status == 422 and "Choose what paper this is." in page.words
    assert "has not come yet" in page.words and page.form.values("number") == ["L-7"]
    sent = page.form.filled({"kind": LICENCE, "holder": ANNA.id, "issued": ""})
    page = owner.send(f"{PAPERS}/new", sent | {"scan": (io.BytesIO(b"%PDF-1.4"), "licence.pdf")})
    assert page.status == 422 and "This is a PDF" in page.words


def test_an_inspector_says_what_hangs_there_and_the_clinic_renews(house, inspector, owner):
    made = paper(house.world, days=7)
    address = f"/papers/{made.id}"
    assert not [form for form in owner.open(address).forms if form.action.endswith("/seen")]
    form = form_for(inspector.open(address), "/seen")
    assert inspector.send(form.action, form.filled({"displayed": "n"})).status == 303
    assert "Not displayed on Tue 3 Mar 2026" in owner.open(address).words
    assert "not displayed when last seen" in owner.open(PAPERS).words
    page = owner.open(f"{address}/renew")
    assert page.form.values("number") == ["N-1"] and page.form.values("expires") == [""]
    renewed = owner.follow(page.submit({"expires": "2027-03-10"}))
    assert "Thu" not in renewed.words and "Wed 10 Mar 2027" in renewed.words
    assert address in renewed.links and "Renewed since" in owner.open(address).words
    page = owner.open(f"{address}/renew").submit({"expires": "2028-03-10"})
    assert page.status == 422 and "renewed already" in page.words


def test_a_stale_page_overwrites_nothing(house, owner):
    made = paper(house.world)
    page = owner.open(f"/papers/{made.id}/edit")
    assert page.submit({"number": "N-2"}).status == 303
    for rev in ({}, {"rev": "9" * 5000}, {"rev": "9" * 30}, {"rev": "²"}):
        told = page.submit({"number": "N-3", **rev})
        assert told.status == 422 and "Somebody else changed this paper" in told.words
    assert "N-2" in owner.open(f"/papers/{made.id}").words


def test_a_mistake_goes_off_the_list(house, owner):
    made = paper(house.world)
    form = form_for(owner.open(f"/papers/{made.id}"), "/remove")
    assert owner.send(form.action, form.filled({})).status == 303
    assert owner.open(f"/papers/{made.id}").status == 404


def test_the_wall_sheet_as_page_and_paper(house, owner):
    fit(house.world)
    page = owner.open(f"/clinics/{MISSION.id}/wall")
    assert "Anna Quill" in page.words and "Bo Li" not in page.words and "BA-1" in page.words
    for paper_size in ("a4", "letter"):
        answer = owner.client.get(f"/clinics/{MISSION.id}/wall.pdf?paper={paper_size}")
        assert answer.status_code == 200 and answer.data.startswith(b"%PDF-")
    assert owner.client.get(f"/clinics/{MISSION.id}/wall.pdf?paper=a7").status_code == 422


def test_only_those_who_may(house):
    made = paper(house.world, scan=worlds.jpeg(50))
    for person, status in ((OTHER_OWNER, 404), (INSPECTOR_PERSON, 200), (ADMINISTRATOR, 200)):
        browser = house.browser(person)
        for address in (
            PAPERS,
            f"/papers/{made.id}",
            f"/clinics/{MISSION.id}/wall",
            f"/photos/{made.scan}/thumb",
        ):
            assert browser.open(address).status == status, (person.role, address)


def test_a_section_suggests_and_one_tick_confirms(house, inspector):
    paper(house.world, days=17)
    visit = house.world.start()
    address = f"/visits/{visit.id}/sections/a"
    page = inspector.open(address)
    assert "On file: N-1, County" in page.words and "17 days left" in page.words
    assert "I looked: it says Fri 20 Mar 2026" in page.words
    name = next(line.split('"')[0] for line in page.text.split('name="')[1:] if "-take.date" in line)
    assert page.form.values(name) == [], "nothing is ticked by itself"
    assert page.submit({name: "2026-03-20", "go": "hub"}).status == 303
    kept = inspections.open_visit(house.world.desk(), visit.id).kept
    assert kept["licence.practitioner-expiry", ANNA.id].raw.values == {"date": "2026-03-20"}
    again = inspector.open(address)
    assert "On file: N-1" in again.words and name not in again.text, "what was entered is not asked again"
    typed = name.replace("-take.", "-v.")
    assert again.submit({typed: "2026-04-01", name: "2026-03-20", "go": "hub"}).status == 303
    kept = inspections.open_visit(house.world.desk(), visit.id).kept
    assert kept["licence.practitioner-expiry", ANNA.id].raw.values == {"date": "2026-04-01"}
