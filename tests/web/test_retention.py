"""Periods, visits kept on request, the notice for everybody; and what the pages of an erased visit say."""

import io

from audit.domain.answers import Raw
from audit.operations import reports, retention, sealing
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE, OWNER
from tests.web.conftest import PASSWORD


def sealed(house):
    world = house.world
    visit = world.start()
    world.answer(visit, COMPLETE | {("needles.single-use", None): Raw(mark="IN")})
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    return visit


def two(house):
    visit = sealed(house)
    house.world.later(days=3)
    later = house.world.start()
    more = {("needles.single-use", None): Raw(mark="IN"), ("records.last", None): Raw(mark="IN")}
    house.world.answer(later, COMPLETE | more)
    house.world.sign(later)
    sealing.seal(house.world.desk(), later.id)
    return visit


def test_a_period_is_set_with_the_password_and_told_to_everybody(house):
    assert "No end is set" in house.browser().open("/privacy").words
    administrator = house.browser(ADMINISTRATOR)
    page = administrator.open("/agency/retention")
    assert "Nothing is erased until you choose a period." in page.words
    house.world.later(minutes=20)
    page = administrator.open("/agency/retention")
    saved = administrator.follow(page.submit({"inspection": "7", "proof": PASSWORD}))
    assert "Saved." in saved.words and retention.standing(house.world.desk(ADMINISTRATOR)).rules == {
        "inspection": 7
    }
    notice = house.browser().open("/privacy")
    assert "7 years after the visit" in notice.words and "Bay County Health" in notice.words
    for wrong in ("2", "x", "-5", "1000", "²", "\N{ARABIC-INDIC DIGIT SEVEN}", "7" * 5000):
        assert administrator.open("/agency/retention").submit({"inspection": wrong}).status == 422


def test_why_a_clinic_keeps_its_self_audit_is_its_own(house):
    at = house.world.desk(OWNER)
    visit = house.world.start(OWNER)
    house.world.answer(visit, COMPLETE, OWNER)
    house.world.sign(visit, OWNER)
    sealing.seal(at, visit.id)
    retention.hold(at, visit.id, "A quarrel in secret.")
    page = house.browser(ADMINISTRATOR).open("/agency/retention")
    assert "Self-audit since" in page.words and "secret" not in page.text
    assert f"/visits/{visit.id}/hold" not in page.links


def test_what_was_erased_is_said_where_it_was(house):
    visit = two(house)
    paper = reports.report(house.world.desk(), visit.id, "record").path.read_bytes()
    retention.rule(house.world.desk(ADMINISTRATOR), {"inspection": 3})
    house.world.later(days=1500)
    administrator = house.browser(ADMINISTRATOR)
    assert "1 visit is due now." in administrator.open("/agency/retention").words
    retention.erase_due(house.world.desk(ADMINISTRATOR))
    for person in (ADMINISTRATOR, OWNER, worlds.INSPECTOR_PERSON):
        page = house.browser(person).open(f"/visits/{visit.id}")
        assert page.status == 410 and "erased under retention on 2030-" in page.words
        assert house.browser(person).open(f"/visits/{visit.id}/reports/record.pdf").status == 410
    assert house.browser(worlds.OTHER_OWNER).open(f"/visits/{visit.id}").status == 404
    assert administrator.open("/visits").status == 200
    told = house.browser().open("/verify").submit({"file": (io.BytesIO(paper), "report.pdf")})
    assert "Unchanged since issue" in told.words and "Erased here under retention" in told.words


def test_a_visit_is_kept_and_let_go(house):
    visit = two(house)
    administrator = house.browser(ADMINISTRATOR)
    page = administrator.open(f"/visits/{visit.id}")
    assert f"/visits/{visit.id}/hold" in page.links
    assert administrator.open(f"/visits/{visit.id}/hold").submit({"reason": " "}).status == 422
    assert administrator.open(f"/visits/{visit.id}/hold").submit({"reason": "Appeal."}).status == 303
    assert "Appeal." in administrator.open("/agency/retention").words
    assert "Kept since" in administrator.open(f"/visits/{visit.id}/hold").words
    assert administrator.open(f"/visits/{visit.id}/hold").submit({"go": "1"}).status == 303
    assert "Appeal." not in administrator.open("/agency/retention").words
    assert house.browser(worlds.INSPECTOR_PERSON).open(f"/visits/{visit.id}/hold").status == 403
