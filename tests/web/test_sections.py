"""The section page: every change is kept, nothing typed is lost, nothing is overwritten in silence."""

from uuid import RFC_4122, UUID

import pytest

from audit.domain.answers import Raw
from audit.web.sections import named_id
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO


def section(visit):
    return f"/visits/{visit.id}/sections/a"


def slug(visit, browser, prompt_number, person=None):
    number = prompt_number.replace("-", "")
    return f"a_{number}_{person.id.replace('-', '')}" if person else f"a_{number}"


def kept(house, visit):
    from audit.operations.inspections import open_visit

    return open_visit(house.world.desk(), visit.id)


def test_it_shows_every_kind_of_item_and_repeats_per_person(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    assert page.status == 200
    assert page.words.count("Anna Quill") >= 1 and page.words.count("Bo Li") >= 1
    for name in ("a_A01-mark-IN", "a_A03-v.date"):
        assert name.replace("-mark", "") in page.ids or name in page.ids


def test_a_card_folds_what_explains_it(house, inspector):
    visit = house.world.start()
    page, item = inspector.open(section(visit)), kept(house, visit).checklist.item("needles.single-use")
    assert page.text.count('<details class="cites">') == page.text.count('<details class="item')
    folded = page.text.split('<details class="cites">')[1].split("</details>")[0]
    assert item.look in folded and item.reason in folded and item.severity in folded


def test_it_saves_what_was_changed_and_goes_on(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit)).submit(
        {"a_A01-mark": "IN", "a_A03-v.date": "2026-12-31", "go": "next"}
    )
    assert page.status == 303 and page.response.location.endswith("/check")
    now = kept(house, visit)
    assert set(now.kept) == {("needles.single-use", None), ("permit.expiry", None)}
    assert now.readings[("permit.expiry", None)].answer.mark == "IN"


def test_sending_twice_changes_nothing_more(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    page.submit({"a_A01-mark": "IN", "go": "hub"})
    first = house.world.desk().ledger.trail.verify().length
    assert page.submit({"a_A01-mark": "IN", "go": "hub"}).status == 303
    assert house.world.desk().ledger.trail.verify().length == first
    assert kept(house, visit).rev(("needles.single-use", None)) == 1


def test_the_id_of_an_operation_follows_from_page_and_content():
    page = "0b5d6b00-1111-4222-8333-444455556666"
    made = UUID(named_id(page, "one"))
    assert (made.version, made.variant) == (8, RFC_4122)
    assert {named_id(spelling, "one") for spelling in (page, page.upper(), f"{{{page}}}")} == {str(made)}
    others = {
        named_id(page, "two"),
        named_id(str(made), "one"),
        named_id("none", "one"),
        named_id("none", "one"),
    }
    assert len(others | {str(made)}) == 5


@pytest.mark.parametrize("wanted", ["nowhere", "//evil.example/", "../../../sign-out", "a/../../x", ""])
def test_the_next_section_is_one_of_the_checklist(house, inspector, wanted):
    visit = house.world.start()
    page = inspector.open(section(visit)).submit({"a_A01-mark": "IN", "go": f"section:{wanted}"})
    assert (page.status, page.response.headers["Location"]) == (303, section(visit))
    assert kept(house, visit).rev(("needles.single-use", None)) == 1


def test_untouched_answers_make_no_operation(house, inspector):
    visit = house.world.start()
    house.world.answer(visit, worlds.COMPLETE)
    before = house.world.desk().ledger.trail.verify().length
    assert inspector.open(section(visit)).submit({"go": "next"}).status == 303
    assert house.world.desk().ledger.trail.verify().length == before


def test_a_stale_tab_meets_a_conflict_and_loses_nothing(house, inspector):
    visit = house.world.start()
    stale = inspector.open(section(visit))
    inspector.open(section(visit)).submit({"a_A01-mark": "IN", "go": "hub"})
    page = stale.submit({"a_A01-mark": "OUT", "a_A01-note": "Seen in the bin.", "go": "next"})
    assert page.status == 409
    assert "changed this answer after you opened the page" in page.words
    assert "Seen in the bin." in page.words
    by = "Ines Field, in a browser, Tue 3 Mar 2026, 09:00"
    assert f"Kept now: {by} IN" in page.words and page.words.count(by) == 2
    now = kept(house, visit)
    assert now.kept[("needles.single-use", None)].raw.mark == "IN"
    (conflict,) = now.conflicts
    choose = inspector.open(f"/visits/{visit.id}/check").words
    assert "Choose" in choose and f"Kept now: {by} IN Also entered: {by} OUT · Seen in the bin." in choose

    refused = page.submit({"a_A01-keep": conflict.op_id, "go": "next"})
    assert refused.status == 422 and "Say why" in refused.words
    done = refused.submit({"a_A01-keep": conflict.op_id, "a_A01-keep-reason": "I saw it.", "go": "hub"})
    assert done.status == 303
    now = kept(house, visit)
    assert not now.conflicts and now.kept[("needles.single-use", None)].raw.mark == "OUT"


def test_a_stale_tab_leaves_alone_what_it_did_not_touch(house, inspector):
    visit = house.world.start()
    stale = inspector.open(section(visit))
    inspector.open(section(visit)).submit({"a_A01-mark": "IN", "go": "hub"})
    assert stale.submit({"a_A03-v.date": "2026-12-31", "go": "hub"}).status == 303
    now = kept(house, visit)
    assert now.kept[("needles.single-use", None)].raw.mark == "IN" and not now.conflicts


def test_out_without_words_is_kept_and_asked_about(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit)).submit({"a_A01-mark": "OUT", "go": "next"})
    assert page.status == 422
    assert "Say what you saw" in page.words
    assert "#a_A01-note" in page.links and "a_A01-note" in page.ids
    assert page.form.values("a_A01-mark") == ["OUT"]
    assert f"/visits/{visit.id}/check" in page.links  # leave it for later
    assert kept(house, visit).kept[("needles.single-use", None)].raw.mark == "OUT"


def test_a_ready_phrase_becomes_the_words(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    phrase = kept(house, visit).checklist.item("needles.single-use").phrases[0]
    page.submit({"a_A01-mark": "OUT", "a_A01-phrase": "0", "a_A01-note": "Drawer 2.", "go": "hub"})
    assert kept(house, visit).kept[("needles.single-use", None)].raw.note == f"Drawer 2.\n{phrase}"
    assert 'value="0" data-phrase="a_A01-note"' not in inspector.open(section(visit)).text


def test_what_is_no_longer_out_loses_what_only_an_out_has(house, inspector):
    visit, key = house.world.start(), ("needles.single-use", None)
    page = inspector.open(section(visit))
    out = {"a_A01-mark": "OUT", "a_A01-phrase": "0", "a_A01-note": "Drawer 2.", "a_A01-cos": "y"}
    page.submit(out | {"a_A01-by": "2026-03-20", "go": "hub"})
    assert kept(house, visit).kept[key].raw.correct_by == "2026-03-20"
    inspector.open(section(visit)).submit({"a_A01-mark": "IN", "go": "hub"})
    assert kept(house, visit).kept[key].raw == Raw(mark="IN", note="Drawer 2.")


def test_an_answer_is_taken_back(house, inspector):
    visit, key = house.world.start(), ("needles.single-use", None)
    inspector.open(section(visit)).submit({"a_A01-mark": "OUT", "a_A01-phrase": "0", "go": "hub"})
    page = inspector.open(section(visit))
    assert ("go", "clear:a_A01") in page.form.buttons
    done = page.submit({"a_A03-v.date": "2026-12-31", "go": "clear:a_A01"})
    assert done.status == 303 and done.response.location.endswith("/sections/a#i-A-01")
    now = kept(house, visit)
    assert now.kept[key].raw == Raw() and now.journey.answered == 1
    assert inspector.open(section(visit)).form.values("a_A01-mark") == []


def test_the_ready_phrase_counts_too(house, inspector):
    visit = house.world.start()
    long = {"a_A01-mark": "OUT", "a_A01-phrase": "0", "a_A01-note": "x" * 3999, "go": "next"}
    page = inspector.open(section(visit)).submit(long)
    assert page.status == 422 and "of 4,000 characters: the ready phrase counts too" in page.words
    assert "the ready phrase counts too" in inspector.open(f"/visits/{visit.id}/check").words


def test_a_value_that_cannot_be_read_comes_back_with_the_way_out(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit)).submit({"a_A03-v.date": "soon", "go": "next"})
    assert page.status == 422
    assert "Give the date as year-month-day" in page.words
    assert page.form.values("a_A03-v.date") == ["soon"]


def test_an_item_that_needs_sight_is_preset_and_may_be_changed(house, inspector):
    visit = house.world.start(facts={"procedure_observed": False})
    page = inspector.open(section(visit))
    assert page.form.values("a_A02-mark") == ["NO"] and "Preset to NO" in page.words
    page.submit({"go": "hub"})
    assert not kept(house, visit).kept
    page.submit({"a_A02-mark": "IN", "go": "hub"})
    assert kept(house, visit).kept[("gloves.changed", None)].raw.mark == "IN"


def test_the_proposed_date_stays_the_rule_until_it_is_changed(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    out = {"a_A01-mark": "OUT", "a_A01-note": "Seen.", "go": "hub"}
    page.submit(out)
    assert kept(house, visit).kept[("needles.single-use", None)].raw.correct_by == ""
    inspector.open(section(visit)).submit(out | {"a_A01-by": "2026-03-20"})
    assert kept(house, visit).kept[("needles.single-use", None)].raw.correct_by == "2026-03-20"


def test_per_practitioner_answers_stand_apart(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    anna = next(name for name in page.ids if ANNA.id.replace("-", "") in name).split("-")[0]
    bo = anna.replace(ANNA.id.replace("-", ""), BO.id.replace("-", ""))
    page.submit({f"{anna}-mark": "IN", f"{bo}-mark": "OUT", f"{bo}-note": "None shown.", "go": "hub"})
    now = kept(house, visit)
    assert now.kept[("licence.displayed", ANNA.id)].raw.mark == "IN"
    assert now.kept[("licence.displayed", BO.id)].raw.mark == "OUT"


def test_a_form_of_another_session_comes_back_filled(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit)).submit(
        {"csrf_token": "old", "a_A01-mark": "OUT", "a_A01-note": "Typed with care.", "go": "next"}
    )
    assert page.status == 422
    assert "save once more" in page.words
    assert page.form.values("a_A01-note") == ["Typed with care."]
    assert not kept(house, visit).kept
    assert page.submit({"go": "hub"}).status == 303
    assert kept(house, visit).kept[("needles.single-use", None)].raw.note == "Typed with care."


def test_what_was_typed_survives_the_end_of_a_session(house):
    inspector = house.browser(worlds.INSPECTOR_PERSON)
    visit = house.world.start()
    page = inspector.open(section(visit))
    house.world.later(days=8)
    asked = page.submit({"a_A01-mark": "OUT", "a_A01-note": "Typed in the basement.", "go": "hub"})
    assert asked.status == 401 and "still here" in asked.words
    from tests.web.conftest import PASSWORD

    resumed = asked.submit({"login": "ines", "password": PASSWORD})
    assert resumed.status == 200 and "still here" in resumed.words
    assert resumed.submit().status == 303
    assert kept(house, visit).kept[("needles.single-use", None)].raw.note == "Typed in the basement."


def test_a_note_that_is_too_long_is_not_cut(house, inspector):
    visit = house.world.start()
    long = "word " * 900
    page = inspector.open(section(visit)).submit({"a_A01-mark": "OUT", "a_A01-note": long, "go": "next"})
    assert page.status == 422 and "4,000" in page.words
    assert page.form.values("a_A01-note") == [long.strip()]


def test_text_is_shown_as_text(house, inspector):
    visit = house.world.start()
    nasty = "</textarea><script>alert(1)</script>\"'&"
    inspector.open(section(visit)).submit({"a_A01-mark": "OUT", "a_A01-note": nasty, "go": "hub"})
    for address in (section(visit), f"/visits/{visit.id}", f"/visits/{visit.id}/result"):
        page = inspector.open(address)
        assert "<script>alert" not in page.text and page.status == 200
    assert inspector.open(section(visit)).form.values("a_A01-note") == [nasty]


def test_sections_that_are_not_there(house, inspector):
    visit = house.world.start()
    assert inspector.open(f"/visits/{visit.id}/sections/zz").status == 404
    assert inspector.open(f"/visits/{visit.id}/sections/a", method="HEAD").status == 200


def test_other_people_see_nothing_of_a_running_visit(house):
    visit = house.world.start()
    for person in (worlds.OWNER, worlds.OTHER_OWNER):
        assert house.browser(person).open(section(visit)).status == 404
        assert house.browser(person).open(f"/visits/{visit.id}").status == 404
    watcher = house.browser(worlds.ADMINISTRATOR)
    assert watcher.open(section(visit)).status == 403
    assert watcher.open(f"/visits/{visit.id}").status == 200


def test_a_self_audit_belongs_to_its_owner(house):
    visit = house.world.start(worlds.OWNER)
    assert house.browser(worlds.OWNER).open(section(visit)).status == 200
    for person in (worlds.INSPECTOR_PERSON, worlds.ADMINISTRATOR, worlds.OTHER_OWNER):
        assert house.browser(person).open(section(visit)).status == 404


def test_a_sealed_or_set_aside_visit_is_not_written_to(house, inspector):
    visit = house.world.start()
    page = inspector.open(section(visit))
    inspector.open(f"/visits/{visit.id}/set-aside").submit({"reason": "Closed on arrival."})
    assert page.submit({"a_A01-mark": "IN"}).status == 409
