"""Take with me: one clinic and the checklists, ready for a visit without a network."""

import hashlib
import json
import re

from audit.domain.answers import Raw
from audit.domain.canonical import canonical
from audit.operations import actions, checklists, disclosing, photos, sealing
from tests.operations import worlds
from tests.operations.worlds import ANNA, BO, MISSION
from tests.web.api.conftest import Tablet
from tests.web.api.test_starts import sha_of

ITEM = "needles.single-use"


def sealed(house):
    started = house.world.start()
    house.world.answer(started, worlds.COMPLETE)
    name = house.world.photograph(started, (ITEM, None), "Tray")
    house.world.sign(started)
    sealing.seal(house.world.desk(), started.id)
    return started.id, name


def test_a_clinic_comes_with_its_people_and_its_checklist(house, tablet):
    told = tablet.get(f"/clinics/{MISSION.id}/kit").told
    assert told["clinic"]["profile"] == {"autoclave": False} and told["clinic"]["time_zone"]
    assert [row["id"] for row in told["practitioners"]] == [ANNA.id, BO.id]
    assert told["checklists"] == {"inspection": sha_of(house)}
    assert told["visits_before"] == 0 and told["last_visit"] is None and told["open_findings"] == []


def test_what_was_left_open_last_time_comes_along(house, tablet):
    last, photo = sealed(house)
    told = tablet.get(f"/clinics/{MISSION.id}/kit").told
    assert told["visits_before"] == 1 and told["last_visit"]["id"] == last
    assert tablet.browser.open(told["last_visit"]["report"]).status == 200
    (finding,) = told["open_findings"]
    assert finding["item"] == ITEM and finding["note"].startswith("Two cartridges") and finding["correct_by"]
    assert finding["photos"] == [{"sha256": photo, "caption": "Tray"}]


def test_what_the_clinic_answered_comes_along_and_what_a_follow_up_asks(house, tablet):
    last, _ = sealed(house)
    (owed,) = actions.of_visit(house.world.desk(), last)
    done = actions.Answer("Thrown away.", None, [worlds.jpeg(200)])
    actions.fix(house.world.desk(worlds.OWNER), owed.action.id, done)
    told = tablet.get(f"/clinics/{MISSION.id}/kit").told
    (finding,) = told["open_findings"]
    assert [row["words"] for row in finding["steps"]] == ["Thrown away."] and len(finding["after"]) == 1
    assert finding["waits"]["words"] and finding["found_on"] is None
    assert photos.may_show(house.world.desk(), finding["after"][0])
    assert told["follow_up"] == [ITEM] and told["older_findings"] == []
    (past,) = told["past"]
    assert (
        past["outs"] == {ITEM: False, "licence.displayed": True}
        and past["asked"] is None
        and past["purpose"] == "routine"
    )
    # The next visit does not look at it; then it is an older one.
    house.world.later(hours=1)
    visit = house.world.start(purpose="follow-up", scope=("gloves.changed",))
    house.world.answer(visit, {("gloves.changed", None): Raw(mark="IN")})
    house.world.sign(visit)
    sealing.seal(house.world.desk(), visit.id)
    told = tablet.get(f"/clinics/{MISSION.id}/kit").told
    (older,) = told["older_findings"]
    assert older["item"] == ITEM and older["found_on"] == "2026-03-03" and older["after"] == finding["after"]
    assert told["open_findings"] == [] and tablet.visit(visit.id)["past"] == [past]


def test_an_owner_gets_the_own_clinic_and_the_self_audit(house):
    owner = Tablet(house, worlds.OWNER)
    told = owner.get(f"/clinics/{MISSION.id}/kit").told
    assert told["checklists"] == {"self-audit": sha_of(house, "self-audit")}
    assert Tablet(house, worlds.OTHER_OWNER).get(f"/clinics/{MISSION.id}/kit").status_code == 404


def test_what_self_audits_found_goes_to_their_clinic_alone(house):
    """Not with the kit, nor with a later one that the clinic shows."""
    world = house.world
    for _ in range(2):
        visit = world.start(worlds.OWNER)
        raws = {**worlds.COMPLETE, ("records.last", None): Raw(mark="IN")}
        world.answer(visit, raws, worlds.OWNER)
        world.sign(visit, worlds.OWNER)
        sealing.seal(world.desk(worlds.OWNER), visit.id)
        world.later(minutes=5)
    disclosing.disclose(world.desk(worlds.OWNER), visit.id)
    outs = {}
    for person in (worlds.OWNER, worlds.ADMINISTRATOR, worlds.INSPECTOR_PERSON):
        theirs = Tablet(house, person)
        kit, shown = theirs.get(f"/clinics/{MISSION.id}/kit").told, theirs.visit(visit.id)
        outs[person.role] = (len(kit["past"]), len(shown["past"]), bool(kit["repeats"] and shown["repeats"]))
    assert outs == {"owner": (2, 1, True), "administrator": (0, 0, False), "inspector": (0, 0, False)}


def test_a_checklist_comes_as_published_with_a_card_for_each_item(house, tablet):
    sha256 = sha_of(house)
    told = tablet.get(f"/checklists/{sha256}?lang=en").told
    keys = [item["key"] for section in told["published"]["sections"] for item in section["items"]]
    assert list(told["cards"]) == keys and ITEM in keys
    assert tablet.get(f"/checklists/{'0' * 64}").status_code == 404
    for key, card in told["cards"].items():
        names = re.findall(r'name="([^"]*)"', card)
        assert all(name.startswith("SLUG-") or name == "go" for name in names), names
        assert f'data-item="{key}"' in card and "Anna Quill" not in card
        assert not re.search(r'<input[^>]*-mark"[^>]*value="[A-Z]+"[^>]*checked', card)


def test_a_checklist_comes_in_the_language_of_the_pages(house, tablet):
    """Its ready phrases are what a tablet offers: they read as the cards that the server draws."""
    sha256 = sha_of(house)
    desk = house.world.desk()
    for code in ("en", "es"):
        found = tablet.get(f"/checklists/{sha256}?lang={code}").told["published"]
        assert found == checklists.told(desk, sha256, code)
        assert "languages" not in found


def test_the_fingerprint_is_that_of_the_published_content(house, tablet):
    sha256 = sha_of(house)
    ledger = house.world.desk().ledger
    assert hashlib.sha256(canonical(json.loads(ledger.checklists.document(sha256)))).hexdigest() == sha256


def test_under_a_build_it_never_changes(house, tablet):
    sha256, build = sha_of(house), tablet.get("/bootstrap").told["build"]
    kept = tablet.get(f"/checklists/{sha256}?lang=en&build={build}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "no-cache" in tablet.get(f"/checklists/{sha256}?lang=en").headers["Cache-Control"]
    assert "no-cache" in tablet.get(f"/checklists/{sha256}?lang=en&build=old").headers["Cache-Control"]
