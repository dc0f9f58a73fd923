"""What is sent again, at once or after an error: kept once, never lost, never somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from audit.domain.problems import NotNow, Stale
from audit.operations import clinics, inspections, passwords, people, sealing
from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, HARBOUR, MISSION


def person_slugs(page):
    names = [name for name, _ in page.form.pairs if name.endswith("-op") and name.count("_") == 2]
    return [name.removesuffix("-op") for name in names]


def test_every_answer_of_an_error_page_can_be_saved(house, inspector):
    visit = house.world.start()
    address = f"/visits/{visit.id}/sections/a"
    page = inspector.open(address)
    first, second = person_slugs(page)
    refused = page.submit({f"{first}-mark": "IN", "csrf_token": "stale", "go": "hub"})
    assert refused.status == 422
    for name, value in refused.form.pairs:
        assert not name.endswith("-op") or UUID(value)
    assert refused.submit({f"{second}-mark": "IN", "go": "hub"}).status == 303
    kept = open_visit(house.world.desk(), visit.id).kept
    assert {person for _, person in kept} == {ANNA.id, BO.id}


@pytest.mark.parametrize("op", [None, "\x00", "\ufffd"])
def test_an_answer_without_a_readable_number_is_kept_at_its_own_visit(house, inspector, op):
    for visit in (house.world.start(), house.world.start()):
        page = inspector.open(f"/visits/{visit.id}/sections/a")
        assert page.submit({"a_A01-mark": "IN", "a_A01-op": op, "go": "hub"}).status == 303
        assert ("needles.single-use", None) in open_visit(house.world.desk(), visit.id).kept


def test_one_number_at_two_visits_is_two_operations(house, inspector):
    op = "6f2c1a52-2c55-4f5e-9d5e-0a8a3f3c1b11"
    for visit in (house.world.start(), house.world.start()):
        page = inspector.open(f"/visits/{visit.id}/sections/a")
        assert page.submit({"a_A01-mark": "IN", "a_A01-op": op, "go": "hub"}).status == 303
        assert ("needles.single-use", None) in open_visit(house.world.desk(), visit.id).kept


def test_pressed_by_many_fingers_at_once_it_starts_one_visit(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/start")
    with ThreadPoolExecutor(8) as fingers:
        done = list(fingers.map(lambda _: _press(house, inspector, page), range(8)))
    assert len(set(done)) == 1 and done[0][0] == 303, done
    assert inspector.open("/visits").words.count(MISSION.name) == 1


def _press(house, browser, page):
    client = house.app.test_client()
    client.set_cookie("session", browser.client.get_cookie("session").value)
    answer = client.post(page.address, data=page.form.filled({}))
    return answer.status_code, answer.headers.get("Location")


def test_a_visit_is_never_started_over_another_one(house, inspector):
    theirs, elsewhere = (
        house.world.start(worlds.OWNER),
        house.world.start(clinic_id=HARBOUR.id, practitioners=()),
    )
    over = house.world.start()
    inspections.set_aside(house.world.desk(), over.id, "Closed.")
    for taken in (theirs, elsewhere, over):
        page = inspector.open(f"/clinics/{MISSION.id}/start").submit({"visit_id": taken.id})
        assert page.status == 303
        started = page.response.location.rsplit("/", 1)[1]
        assert started not in (theirs.id, elsewhere.id, over.id)
        assert open_visit(house.world.desk(), started).inspection.clinic_id == MISSION.id


def test_a_login_that_somebody_took_meanwhile_is_a_fault_of_its_field(house, monkeypatch):
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open("/people/new")
    nia = {"name": "Nia Wood", "login": "nia", "password": "quite another long sentence"}
    hashing = passwords.hashing
    taken: list[str] = []

    class Meanwhile:
        """Somebody else is faster while the password is being hashed."""

        def hash(self, password):
            if not taken:
                taken.append("nia")
                people.add_person(
                    house.world.desk(worlds.ADMINISTRATOR), "nia", "Nia Oak", "inspector", password
                )
            return hashing.hash(password)

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "hashing", Meanwhile())
        refused = page.submit(nia)
    assert refused.status == 422 and "#login" in refused.links and people.TAKEN in refused.words
    assert refused.form.values("name") == ["Nia Wood"]
    assert people.by_login(house.world.desk(), "nia").name == "Nia Oak"


def test_a_revision_nobody_could_have_seen_changes_nothing(house, inspector):
    visit = house.world.start()
    page = inspector.open(f"/visits/{visit.id}/set-up")
    for revision in ("9" * 30, "9" * 5000, "9" * 10, "-1", "", "x", "\u0662"):
        assert page.submit({"remarks": "Rain.", "base_rev": revision}).status == 422, revision[:20]
    assert open_visit(house.world.desk(), visit.id).inspection.remarks == ""
    assert page.submit({"remarks": "Rain."}).status == 303


def test_a_practitioner_posted_twice_is_one_person(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/practitioners/new")
    made = page.form.values("made")
    refused = page.submit({"name": ""})
    assert refused.status == 422 and refused.form.values("made") == made
    for sent in (page, page, refused):
        assert sent.submit({"name": "Cy Moss", "title": "guest"}).status == 303
    assert page.submit({"name": "Dee Fern", "title": "guest"}).status == 303
    assert page.submit({"name": "Dee Fern", "title": "guest", "made": "\x00"}).status == 303
    names = [row.name for row in clinics.practitioners(house.world.desk(), MISSION.id)]
    assert names.count("Cy Moss") == 1 and names.count("Dee Fern") == 2
    assert inspector.open(f"/clinics/{HARBOUR.id}/practitioners/new").submit(
        {"name": "Cy Moss", "title": "guest", "made": made}
    ).status == 303  # fmt: skip
    assert len(clinics.practitioners(house.world.desk(), HARBOUR.id)) == 1


@pytest.mark.parametrize("problem", [NotNow, Stale])
def test_a_seal_pressed_twice_goes_on_to_the_hand_over(house, inspector, monkeypatch, problem):
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    house.world.sign(visit)
    page, seal = inspector.open(f"/visits/{visit.id}/seal"), sealing.seal

    def refuse(*_):
        raise problem("Not this time.")

    def lose(desk, inspection_id):
        seal(desk, inspection_id)
        refuse()

    with monkeypatch.context() as patch:
        patch.setattr(sealing, "seal", refuse)
        refused = page.submit()
        assert refused.status == 422 and "Not this time." in refused.words
        patch.setattr(sealing, "seal", lose)
        done = page.submit()
    assert done.status == 303 and done.response.location == f"/visits/{visit.id}/hand-over"
