"""Lists, start, set-up, setting aside, and the way from the last answer to the signed copy."""

import io
import re

from audit.domain.answers import Raw
from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, COMPLETE, HARBOUR, MISSION


def test_a_visit_is_started_once_even_when_pressed_twice(house, inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/start")
    assert page.form.values("practitioners") == [ANNA.id, BO.id]
    first = page.submit({"purpose": "complaint", "present": "Olu\nUna", "fact_procedure_observed": "true"})
    again = page.submit({"purpose": "complaint"})
    assert first.status == again.status == 303
    assert first.response.location == again.response.location
    visit = open_visit(house.world.desk(), first.response.location.rsplit("/", 1)[1])
    assert visit.inspection.purpose == "complaint" and visit.inspection.present == ("Olu", "Una")
    assert visit.inspection.facts["procedure_observed"] is True
    assert inspector.open("/visits").words.count("Mission Scalp Studio") == 1


def test_an_owner_starts_a_self_audit_at_home_only(house):
    owner = house.browser(worlds.OWNER)
    page = owner.open(f"/clinics/{MISSION.id}/start")
    assert "self-audit" in page.words and not page.form.values("purpose")
    assert page.submit().status == 303
    assert owner.open(f"/clinics/{HARBOUR.id}/start").status == 404
    assert house.browser(worlds.ADMINISTRATOR).open(f"/clinics/{MISSION.id}/start").status == 403


def test_a_purpose_that_is_not_offered_is_refused(inspector):
    page = inspector.open(f"/clinics/{MISSION.id}/start").submit({"purpose": "self-audit"})
    assert page.status == 422


def test_the_overview_says_where_things_stand(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, {key: COMPLETE[key] for key in list(COMPLETE)[:2]})
    page = inspector.open(f"/visits/{visit.id}")
    assert "2 of 4 answered" in page.words
    assert "Looked at" in page.words and "Critical findings" in page.words
    assert "Not asked at this visit: 2 items" in page.words


def test_set_up_may_change_and_two_changes_do_not_overwrite(house, inspector):
    visit = house.world.start()
    address = f"/visits/{visit.id}/set-up"
    first, second = inspector.open(address), inspector.open(address)
    assert first.submit({"remarks": "Rain all day.", "practitioners": [ANNA.id]}).status == 303
    page = second.submit({"remarks": "Sun all day."})
    assert page.status == 422 and page.form.values("remarks") == ["Sun all day."]
    assert open_visit(house.world.desk(), visit.id).inspection.remarks == "Rain all day."
    assert page.submit().status == 303
    assert open_visit(house.world.desk(), visit.id).inspection.remarks == "Sun all day."


def test_a_visit_is_set_aside_with_a_reason(house, inspector):
    visit = house.world.start()
    page = inspector.open(f"/visits/{visit.id}/set-aside")
    assert page.submit({"reason": " "}).status == 422
    assert page.submit({"reason": "Closed on arrival."}).status == 303
    page = inspector.open(f"/visits/{visit.id}")
    assert "counts nowhere" in page.words and "Closed on arrival." in page.words


def test_check_shows_only_what_is_open(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, {key: COMPLETE[key] for key in list(COMPLETE)[1:]})
    page = inspector.open(f"/visits/{visit.id}/check")
    assert "A-01" in page.words and "A-02" not in page.words
    assert f"/visits/{visit.id}/sections/a#i-A-01" in page.links
    house.world.answer(visit, {("needles.single-use", None): COMPLETE[("needles.single-use", None)]})
    assert "Everything is answered" in inspector.open(f"/visits/{visit.id}/check").words


def test_the_result_can_be_unfolded(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    page = inspector.open(f"/visits/{visit.id}/result")
    assert "1 critical finding open" in page.words and "94.0 of 100 points" in page.words
    assert "100 − 1 critical" in page.words  # noqa: RUF001
    assert "Bo Li" in page.words


def test_from_the_last_answer_to_the_signed_copy(house, inspector):
    visit = house.world.start()
    assert inspector.open(f"/visits/{visit.id}/sign").status == 303
    house.world.answer(visit, COMPLETE)
    sign = inspector.open(f"/visits/{visit.id}/sign")
    assert sign.form.values("charge_state") == [] and sign.form.values("inspector") == [""]
    page = sign.submit({"inspector": "Ines Field"})
    assert page.status == 422 and "Choose whether the person in charge signs." in page.words
    page = sign.submit({"inspector": "", "charge_state": "signed", "charge_name": "Olu"})
    assert page.status == 422 and "Type your name to sign" in page.words
    page = page.submit({"inspector": "Ines Field", "charge_name": ""})
    assert page.status == 422 and page.form.values("inspector") == ["Ines Field"]
    page = inspector.follow(page.submit({"charge_name": "Olu Adeyemi", "charge_title": "owner"}))
    assert "Seal this visit?" in page.words and "Olu Adeyemi, owner: signed" in page.words
    done = inspector.follow(page.submit())
    assert "Sealed." in done.words and re.search(r"[0-9a-f]{64}", done.words)
    assert page.submit().status == 303
    for kind in ("record", "owner"):
        paper = inspector.open(f"/visits/{visit.id}/reports/{kind}.pdf")
        assert paper.status == 200 and paper.response.data.startswith(b"%PDF-")
        assert paper.headers["Content-Type"] == "application/pdf"
        assert "attachment" in paper.headers["Content-Disposition"]
    assert inspector.open(f"/visits/{visit.id}/reports/other.pdf").status == 404
    for person, status in ((worlds.OWNER, 200), (worlds.ADMINISTRATOR, 200), (worlds.OTHER_OWNER, 404)):
        browser = house.browser(person)
        assert browser.open(f"/visits/{visit.id}").status == status
        assert browser.open(f"/visits/{visit.id}/hand-over").status == status
        assert browser.open(f"/visits/{visit.id}/reports/record.pdf").status == status


def test_another_name_is_asked_about_once(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    sign = inspector.open(f"/visits/{visit.id}/sign")
    assert "Sign with another name" not in sign.words
    page = sign.submit({"inspector": "Una Brook", "charge_state": "absent"})
    assert page.status == 422 and "You are signed in as Ines Field." in page.words
    assert page.submit({"inspector": " ines  field", "charge_state": "absent"}).status == 303
    seal = inspector.follow(page.submit({"other_name": "y"}))
    assert "Inspector Una Brook: signed" in seal.words
    again = inspector.open(f"/visits/{visit.id}/sign")
    assert again.form.values("other_name") == ["y"] and again.submit().status == 303


def test_refused_and_absent_are_recorded(house, inspector):
    for state, words in (("refused", "refused to sign"), ("absent", "not there")):
        visit = house.world.start()
        house.world.answer(visit, COMPLETE)
        page = inspector.open(f"/visits/{visit.id}/sign")
        page = inspector.follow(page.submit({"inspector": "Ines Field", "charge_state": state}))
        assert words in page.words


def test_a_change_after_signing_asks_for_new_signatures(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    house.world.sign(visit)
    page = inspector.open(f"/visits/{visit.id}/seal")
    house.world.answer(visit, {("gloves.changed", None): Raw(mark="NA")})
    assert page.submit().status == 422
    assert "has not signed" in inspector.open(f"/visits/{visit.id}/seal").words


def test_no_report_before_the_seal(house, inspector):
    visit = house.world.start()
    assert inspector.open(f"/visits/{visit.id}/reports/record.pdf").status == 409


def test_the_list_filters_and_pages(house, inspector):
    for _ in range(27):
        house.world.start()
        house.world.later(seconds=1)
    page = inspector.open("/visits?state=running&text=mission")
    following = next(link for link in page.links if "after=" in link)
    assert "state=running" in following and page.words.count("Mission Scalp Studio") == 25
    assert inspector.open(following).words.count("Mission Scalp Studio") == 2
    assert "No visit fits" in inspector.open("/visits?text=nowhere").words
    assert inspector.open("/visits?after=nonsense").status == 422


def test_what_was_drawn_over_a_photo_is_a_layer_on_its_pages(house, inspector):
    visit = house.world.start()
    drawn = [{"kind": "arrow", "from": [1_000, 1_000], "to": [6_000, 5_000]}]
    key = ("needles.single-use", None)
    house.world.photograph(visit, key, "Tray", marks=drawn)
    for address in (f"items/{key[0]}/photos", "sections/a"):
        text = inspector.open(f"/visits/{visit.id}/{address}").text
        assert '<svg class="over" viewBox="0 0 10000 ' in text and 'd="M1000 1000L6000 5000M' in text


def test_photos_come_and_go(house, inspector):
    visit = house.world.start()
    to_photos = inspector.open(f"/visits/{visit.id}/sections/a").submit(
        {"a_A01-mark": "IN", "go": "photos:a_A01"}
    )
    page = inspector.follow(to_photos)
    assert "Are" in page.words or "needles" in page.words
    photo = (io.BytesIO(worlds.jpeg()), "tray.jpg")
    sent = page.form.filled({"caption": "Tray at station 2"}) | {"photo": photo}
    kept = inspector.send(page.address_or_action, sent, content_type="multipart/form-data")
    page = inspector.follow(kept)
    assert "Kept: 1" in page.words and "Tray at station 2" in page.text
    assert 'svg class="over"' not in page.text
    (link,) = {link for link in page.links if link.startswith("/photos/")}
    picture = inspector.open(link)
    assert picture.status == 200 and picture.headers["Content-Type"] == "image/jpeg"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["Cache-Control"] == "private, no-cache"
    seen = {"If-None-Match": picture.headers["ETag"]}
    assert inspector.open(link, headers=seen).status == 304
    assert house.browser(worlds.OWNER).open(link, headers=seen).status == 404
    for person in (worlds.OWNER, worlds.OTHER_OWNER):
        assert house.browser(person).open(link).status == 404
    refused = inspector.send(
        page.address_or_action,
        page.form.filled({}) | {"photo": (io.BytesIO(b"%!PS no photo"), "x.jpg")},
        content_type="multipart/form-data",
    )
    assert refused.status == 422 and "x.jpg" in refused.words and "photo: " not in refused.words
    assert "Choose a JPEG, PNG, WebP or HEIC up to 8 MB." in refused.words
    assert inspector.send(page.address_or_action, page.form.filled({})).status == 422
    remove = page.forms[-1]
    assert inspector.send(remove.action, remove.filled({})).status == 303
    assert "Kept" not in inspector.open(page.address).words
