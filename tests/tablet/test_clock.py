"""The tablet's clock is wrong and jumps: days come from the server's clock and stay as they were frozen, order is the
server's own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from audit.operations.inspections import open_visit
from tests.tablet.pages import Pages
from tests.tablet.yards import Tablet, Yard

AHEAD, BACK = timedelta(hours=30), timedelta(days=3)


def test_a_clock_that_is_wrong_and_jumps_moves_no_day_and_no_order(
    yard: Yard, pad: Callable[..., Tablet]
) -> None:
    tablet = pad(worker=True)
    page, before = tablet.page, datetime.now(UTC).date()
    page.clock.install(time=datetime.now(UTC) + AHEAD)
    tablet.open(f"/clinics/{yard.clinic.id}")
    page.get_by_role("button", name="Take with me").tap()
    page.get_by_text("On this tablet, with").wait_for()
    tablet.until("(await store.note('offset')) < -29 * 3600 * 1000")
    page.context.set_offline(True)
    page.goto(f"{yard.url}/clinics/{yard.clinic.id}/start")
    page.get_by_role("button", name="Start").tap()
    page.wait_for_url("**/visits/*")
    visit = Pages(tablet, page.url.split("/")[-1])
    visit.section("premises")
    visit.mark(visit.card(0), "OUT")
    visit.card(0).locator(".only-out .pill").first.tap()
    expect(visit.card(0).locator(".saved")).to_have_text("Saved on this tablet")
    due = visit.card(0).get_by_label("Correct by").input_value()
    page.clock.set_system_time(datetime.now(UTC) - BACK)
    visit.mark(visit.card(1), "OUT")
    visit.mark(visit.card(1), "IN")  # given last, by a clock that says three days before
    expect(visit.card(1).locator(".saved")).to_have_text("Saved on this tablet")
    visit.section("premises")
    assert visit.card(0).get_by_label("Correct by").input_value() == due
    page.context.set_offline(False)
    tablet.settled()

    kept = open_visit(yard.desk_of("ana"), visit.visit)
    assert before <= kept.inspection.inspected_on <= datetime.now(UTC).date()
    (finding,) = kept.findings
    assert finding.correct_by.isoformat() == due
    rows = sorted(yard.operations(visit.visit), key=lambda row: row.seq)
    assert rows[0].change.kind == "start" and rows[-1].change.client_time < rows[0].change.client_time
    for item, mark in ((finding.item, "OUT"), (rows[-1].change.item, "IN")):
        own = [row.change for row in rows if row.change.item == item]
        assert [one.seq for one in own] == sorted(
            one.seq for one in own
        )  # as they were given, whatever it said
        assert own[-1].value["mark"] == yard.answers(visit.visit)[item] == mark
    assert tablet.now["attention"] == 0
