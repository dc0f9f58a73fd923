"""The pages about what comes round and about lots: one tap logs, a look-up finds."""

import io
import re

import pytest

from tests.operations import papering, worlds
from tests.operations.worlds import HARBOUR, MISSION, OTHER_OWNER, OWNER

CLOCKS, LOTS = f"/clinics/{MISSION.id}/clocks", f"/clinics/{MISSION.id}/lots"


@pytest.fixture
def making():
    return papering.make


@pytest.fixture
def owner(house):
    return house.browser(OWNER)


def form_for(page, ending):
    return next(form for form in page.forms if form.action.endswith(ending))


def test_one_tap_logs_today(house, owner, inspector):
    assert CLOCKS in owner.open(f"/clinics/{MISSION.id}").links
    page = owner.open(CLOCKS)
    assert "Never logged" in page.words and "every month" in page.words
    form = form_for(page, "/clocks")
    assert owner.send(form.action, form.filled({})).status == 303
    assert owner.send(form.action, form.filled({})).status == 303
    page = owner.open(CLOCKS)
    assert "Due in 31 days" in page.words and "Tue 3 Mar 2026, today, by the log" in page.words
    assert page.text.count("/take-back") == 1, "pressed twice"
    assert not [
        form
        for form in inspector.open(CLOCKS).forms
        if form.action.startswith(("/log", "/clinics/")) and "interval" in form.action
    ]
    seen = form_for(inspector.open(CLOCKS), "/clocks")
    assert inspector.send(seen.action, seen.filled({"on": "2026-03-01"})).status == 303
    assert "for the agency" in owner.open(CLOCKS).words and owner.open(CLOCKS).text.count("/take-back") == 1
    theirs = form_for(inspector.open(CLOCKS), "/take-back")
    assert inspector.send(theirs.action, theirs.filled({})).status == 303
    back = form_for(page, "/take-back")
    assert owner.send(back.action, back.filled({})).status == 303
    assert "Never logged" in owner.open(CLOCKS).words


def test_another_day_with_a_note_and_a_photo(owner):
    page = owner.open(CLOCKS)
    form = form_for(page, "/clocks")
    sent = form.filled({"on": "2026-02-01", "note": "Two boxes"})
    sent["photo"] = (io.BytesIO(worlds.jpeg(60)), "slip.jpg")
    assert owner.send(form.action, sent).status == 303
    page = owner.open(CLOCKS)
    assert "Overdue by 2 days" in page.words and "Two boxes" in page.words and "/photos/" in page.text
    wrong = owner.send(form.action, form.filled({"on": "2026-03-04"}))
    assert wrong.status == 422 and "has not come yet" in wrong.words
    wrong = owner.send(form.action, form.filled({"on": "tomorrow"}))
    assert wrong.status == 422 and "year-month-day" in wrong.words


def test_how_often_is_the_clinics_to_shorten(owner):
    form = form_for(owner.open(CLOCKS), "/interval")
    assert owner.send(form.action, form.filled({"days": "7"})).status == 303
    assert "every 7 days" in owner.open(CLOCKS).words
    wrong = owner.send(form.action, form.filled({"days": "a week"}))
    assert wrong.status == 422 and "whole number of days" in wrong.words
    assert owner.send(form.action, form.filled({"days": ""})).status == 303
    assert "every month" in owner.open(CLOCKS).words


def test_a_lot_is_entered_looked_up_and_used_up(house, owner, inspector):
    assert "No lot is logged" in owner.open(LOTS).words
    page = owner.open(f"{LOTS}/new")
    assert page.submit({"kind": "needle"}).status == 422
    sent = {"kind": "needle", "lot": "LT-10/4", "maker": "Fine Points", "expires": "2026-03-30"}
    assert page.submit(sent).status == 303 and page.submit(sent).status == 303
    listed = owner.open(LOTS)
    assert "No sterilisation certificate" in listed.words and listed.words.count("LT-10/4") == 1
    page = inspector.open("/lots?lot=lt104")
    assert MISSION.name in page.words and "since Tue 3 Mar 2026" in page.words
    assert "at least 3 letters" in inspector.open("/lots?lot=l").words
    assert "Nothing fits" in inspector.open("/lots?lot=zzz").words
    (address,) = [link for link in listed.links if link.startswith("/lots/")]
    assert house.browser(OTHER_OWNER).open(address).status == 404
    page = owner.open(address)
    assert page.submit({"used_up_on": "2026-03-03", "certificate": "C-9"}).status == 303
    for rev in ({}, {"rev": "9" * 5000}, {"rev": "9" * 30}, {"rev": "²"}):
        assert page.submit({"used_up_on": "", **rev}).status == 422, "a stale page"
    assert "from Tue 3 Mar 2026 to Tue 3 Mar 2026" in inspector.open("/lots?lot=lt104").words
    form = form_for(owner.open(address), "/remove")
    assert owner.send(form.action, form.filled({})).status == 303
    assert owner.open(address).status == 404


def test_who_may_only_read_a_lot_meets_no_form(owner, inspector):
    sent = {"kind": "needle", "lot": "LT-7", "maker": "Acme", "expires": "2027-01-31"}
    here = f"/clinics/{worlds.MISSION.id}/lots"
    owner.open(f"{here}/new").submit(sent)
    lot = next(link for link in inspector.open(here).links if re.fullmatch(r"/lots/[0-9a-f-]{36}", link))
    page = inspector.open(lot)
    assert "Acme" in page.words and "31 Jan 2027" in page.words
    assert [form.action for form in page.forms] == ["/sign-out"]


def test_other_clinics_have_pages_of_their_own(house, owner):
    for address in (f"/clinics/{HARBOUR.id}/clocks", f"/clinics/{HARBOUR.id}/lots"):
        assert owner.open(address).status == 404
    assert owner.open("/lots").status == 403
