"""Tablets in a list: named by their people, taken out of use when lost, and their work kept apart, never dropped."""

import io
import json
from uuid import uuid4

from audit.domain.answers import Raw
from audit.operations import sealing
from audit.operations.inspections import open_visit
from tests.operations import worlds
from tests.web.api.conftest import Tablet
from tests.web.api.test_rescue import rescue_file
from tests.web.api.test_starts import start

ITEM = "needles.single-use"


def form_to(page, end):
    return next(form for form in page.forms if form.action.endswith(end))


def press(browser, page, end, **fields):
    form = form_to(page, end)
    return browser.send(form.action, form.filled(fields))


def test_a_tablet_is_listed_to_its_person_and_to_an_administrator(house):
    assert "No tablet sent anything yet" in house.browser(worlds.INSPECTOR_PERSON).open("/devices").words
    tablet, visit = Tablet(house), house.world.start().id
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    page = tablet.browser.open("/devices")
    assert tablet.device[:4].upper() in page.words and "Ines Field" in page.words
    assert "Ines Field" in house.browser(worlds.ADMINISTRATOR).open("/devices").words
    owner = house.browser(worlds.OWNER)
    assert "Ines Field" not in owner.open("/devices").words
    token = form_to(page, "/name").values("csrf_token")
    for deed in ("name", "revoke"):
        assert (
            owner.send(f"/devices/{tablet.device}/{deed}", {"name": "x", "csrf_token": token}).status == 422
        )


def test_a_tablet_gets_a_name(house):
    tablet, visit = Tablet(house), house.world.start().id
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    page = tablet.browser.open("/devices")
    assert press(tablet.browser, page, "/name", name="  Red   case ").status == 303
    assert "Red case" in tablet.browser.open("/devices").words
    assert tablet.visit(visit)["answers"][0]["device_name"] == "Red case"
    for wrong in ("", "x" * 81):
        assert press(tablet.browser, page, "/name", name=wrong).status == 422


def test_work_of_a_lost_tablet_is_kept_apart_and_taken_in_by_an_administrator(house):
    tablet, visit = Tablet(house), house.world.start().id
    tablet.send(visit, first := tablet.answer(ITEM, mark="IN"))
    page = tablet.browser.open("/devices")
    assert press(tablet.browser, page, "/revoke").status == 422
    assert press(tablet.browser, page, "/revoke", sure="y").status == 303
    later = tablet.answer("gloves.changed", mark="IN")
    lost = tablet.answer(ITEM, None, 0, mark="NO")
    assert tablet.verdicts(visit, first, later, lost) == ["duplicate", "quarantined", "quarantined"]
    assert tablet.verdicts(visit, later) == ["quarantined"]
    assert tablet.verdicts(visit, later | {"value": {"mark": "NO"}}) == ["rejected"]
    assert set(open_visit(house.world.desk(), visit).kept) == {(ITEM, None)}
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open("/devices")
    assert "Operations kept apart: 2" in page.words
    assert press(administrator, page, "/release").status == 303
    now = open_visit(house.world.desk(), visit)
    assert now.kept["gloves.changed", None].author == worlds.INSPECTOR_PERSON.id
    assert [row.op_id for row in now.conflicts] == [lost["op_id"]]
    assert "kept apart: " not in administrator.open("/devices").words
    assert tablet.verdicts(visit, later) == ["duplicate"]


def test_only_an_administrator_takes_work_out_of_quarantine(house):
    tablet, visit = Tablet(house), house.world.start().id
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    page = tablet.browser.open("/devices")
    token = form_to(page, "/name").values("csrf_token")
    address = f"/devices/{tablet.device}/release"
    assert tablet.browser.send(address, {"csrf_token": token}).status == 403
    administrator = house.browser(worlds.ADMINISTRATOR)
    token = form_to(administrator.open("/devices"), "/name").values("csrf_token")
    assert administrator.send(address, {"csrf_token": token}).status == 409
    assert administrator.send(f"/devices/{uuid4()}/release", {"csrf_token": token}).status == 409


def test_who_only_reads_a_visit_learns_no_tablet_and_takes_none_over(house):
    """An owner reads the sealed visit: with the id of the tablet they could send in its name, and take it out of use."""
    world = house.world
    tablet, visit = Tablet(house), world.start()
    tablet.send(visit.id, tablet.answer(ITEM, mark="IN"))
    assert tablet.visit(visit.id)["answers"][0]["device"] == tablet.device
    world.answer(visit, worlds.COMPLETE | {(ITEM, None): Raw(mark="IN")})
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    owner = Tablet(house, worlds.OWNER)
    assert {row["device"] for row in owner.visit(visit.id)["answers"]} == {""}
    assert tablet.device not in str(owner.visit(visit.id))
    owner.device = tablet.device  # had they got it elsewhere
    own = world.start(worlds.OWNER).id
    owner.seq = 1000
    assert owner.verdicts(own, owner.answer(ITEM, mark="IN")) == ["applied"]
    assert tablet.device[:4].upper() not in owner.browser.open("/devices").words
    token = form_to(owner.browser.open("/account"), "/language").values("csrf_token")
    fields = {"sure": "y", "csrf_token": token}
    assert owner.browser.send(f"/devices/{tablet.device}/revoke", fields).status == 404
    assert tablet.device[:4].upper() in tablet.browser.open("/devices").words


# work that came another way -------------------------------------------------------------------------------------

APART = "/devices/apart"


def lost(tablet, visit, *ops):
    """Work that a tablet sends after it was taken out of use."""
    tablet.send(visit, tablet.answer(ITEM, mark="IN"))
    page = tablet.browser.open("/devices")
    assert press(tablet.browser, page, "/revoke", sure="y").status == 303
    assert set(tablet.verdicts(visit, *ops)) == {"quarantined"}


def test_an_administrator_sees_what_is_kept_apart_and_takes_it_in(house):
    tablet, visit, other = Tablet(house), house.world.start().id, str(uuid4())
    begun = start(tablet, purpose="complaint")
    noted = tablet.answer("gloves.changed", mark="OUT", note="<b>Torn</b> gloves")
    lost(tablet, visit, noted)
    assert tablet.verdicts(other, begun) == ["quarantined"]
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open(APART)
    assert "Mission" in page.words and "Ines Field" in page.words and "2 operation" not in page.words
    assert "answers (OUT · <b>Torn</b> gloves)" in page.words and "<b>Torn" not in page.text
    assert "starts a visit" in page.words
    assert press(administrator, page, "/release").headers["Location"] == f"{APART}?saved=released&left=0"
    page = administrator.open(f"{APART}?saved=released&left=0")
    assert "Nothing is kept apart." in page.words and "Taken in" in page.words
    assert tablet.visit(other)["purpose"] == "complaint" and len(tablet.visit(visit)["answers"]) == 2


def test_it_is_set_aside_with_a_reason_and_stays_as_it_came(house):
    tablet, visit = Tablet(house), house.world.start().id
    late = tablet.answer("gloves.changed", mark="OUT")
    lost(tablet, visit, late)
    administrator = house.browser(worlds.ADMINISTRATOR)
    page = administrator.open(APART)
    assert press(administrator, page, "/aside", reason=" ").status == 422
    assert press(administrator, page, "/aside", reason="A stolen tablet: nobody was there.").status == 303
    page = administrator.open(APART)
    assert "A stolen tablet: nobody was there." in page.words and "Nothing is kept apart." in page.words
    (line,) = [one for one in house.world.desk().ledger.trail.of(tablet.device) if one.deed == "device.aside"]
    assert line.actor == worlds.ADMINISTRATOR.id and line.detail["operations"] == [late["op_id"]]
    assert len(tablet.visit(visit)["answers"]) == 1 and tablet.verdicts(visit, late) == ["quarantined"]
    assert administrator.send(f"/devices/{tablet.device}/aside", {"reason": "Again."}).status in (
        401,
        403,
        409,
        422,
    )


def test_what_a_self_audit_says_stays_with_its_clinic(house):
    owner, visit = Tablet(house, worlds.OWNER), house.world.start(worlds.OWNER).id
    lost(owner, visit, owner.answer("gloves.changed", mark="OUT", note="We ran out of gloves"))
    page = house.browser(worlds.ADMINISTRATOR).open(APART)
    assert "1 operation" in page.words and "ran out" not in page.text and f"/visits/{visit}" not in page.links


def test_a_rescue_file_is_taken_in_on_the_page(house):
    tablet, visit = Tablet(house), house.world.start().id
    good, bad = tablet.answer(ITEM, mark="IN"), tablet.answer("no.item", mark="IN")
    file = json.dumps(rescue_file(tablet, [(visit, good), (visit, bad)])).encode()
    administrator = house.browser(worlds.ADMINISTRATOR)
    token = form_to(administrator.open(APART), "/rescue").values("csrf_token")

    def bring(content, name="rescue.json"):
        return administrator.send(
            "/devices/rescue", {"csrf_token": token, "file": (io.BytesIO(content), name)}
        )

    told = bring(file)
    assert "Taken in: 1. Not taken in: 1." in told.words and "Ines Field" in told.words
    assert "Taken in: 1. Not taken in: 1." in bring(file).words
    assert [row["value"] for row in tablet.visit(visit)["answers"]] == [{"mark": "IN"}]
    for wrong in (b"", b"{}", b"\xff", file[:-9], b"[" * 60_000):
        assert bring(wrong).status == 422, wrong[:20]
    assert bring(file, "").status == 422


def test_nobody_else_looks_at_it(house, inspector):
    assert inspector.open(APART).status == 403
    assert APART not in inspector.open("/devices").links
    assert APART in house.browser(worlds.ADMINISTRATOR).open("/devices").links
