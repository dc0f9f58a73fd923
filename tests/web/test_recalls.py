"""Pages of recalls: the agency enters one, the owner answers, the agency sees it and ends it."""

from datetime import date
from typing import Any

from audit.operations import lots, recalls
from audit.operations.lots import LotFields
from tests.operations.worlds import HARBOUR, INSPECTOR_PERSON, MISSION, OTHER_OWNER, OWNER


def test_a_recall_from_the_look_up_to_its_end(house: Any) -> None:
    lots.add(
        house.world.desk(OWNER),
        MISSION.id,
        LotFields("needle", "LT-104", "Fine Points", received_on=date(2026, 3, 1), certificate="C-9"),
    )
    agency = house.browser(INSPECTOR_PERSON)
    assert "/recalls/new?lot=LT104" in agency.open("/lots?lot=LT104").links
    form = agency.open("/recalls/new?lot=LT104")
    refused = form.submit({"reason": ""})
    assert refused.status == 422 and "Say why it is called back." in refused.words
    page = agency.follow(form.submit({"reason": "Seals leak."}))
    assert "Told, no answer yet" in page.words and MISSION.name in page.words
    owner = house.browser(OWNER)
    logged = owner.open(f"/clinics/{MISSION.id}/lots").words
    assert "Called back" in logged and "Seals leak." in logged
    (mine,) = [link for link in owner.open("/recalls").links if link.startswith("/recalls/")]
    assert mine in owner.open("/reminders").links
    assert "Called back on" in owner.open(mine).words and "End this recall" not in owner.open(mine).words
    answered = owner.follow(owner.open(mine).submit({"state": "quarantined", "words": "=One box."}))
    assert "Set aside, not used any more" in answered.words
    assert house.browser(OTHER_OWNER).open(mine).status == 404
    again = house.browser(INSPECTOR_PERSON)
    assert "1 clinic, answered" in again.open("/recalls").words
    assert ",'=One box." in again.client.get(f"{mine}.csv").text
    ended = again.follow(again.open(mine).submit({"words": "The maker took it back."}))
    assert "Ended: The maker took it back." in ended.words
    assert "Called back" not in house.browser(OWNER).open(f"/clinics/{MISSION.id}/lots").words


def test_an_owner_learns_of_no_other_clinic_not_even_how_many(house: Any) -> None:
    for owner, clinic in ((OWNER, MISSION), (OTHER_OWNER, HARBOUR)):
        lots.add(house.world.desk(owner), clinic.id, LotFields("needle", "LT-104"))
    made = recalls.make(
        house.world.desk(), recalls.Fields("LT-104", "", "Seals leak.", house.world.now.date())
    )
    mine, all_of_it = recalls.get(house.world.desk(OWNER), made.id), recalls.get(house.world.desk(), made.id)
    assert (mine.row.clinics, mine.row.waiting) == (1, 1) and all_of_it.row.clinics == 2
    assert HARBOUR.name not in house.browser(OWNER).open(f"/recalls/{made.id}").text
