"""The pages that the tablet draws by itself: the same addresses, the same look, nothing for axe to find."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from audit.domain.answers import Raw
from audit.domain.clinics import Clinic
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Signature
from audit.operations import actions, answers, clinics, credentials, inspections, people, sealing
from audit.operations.clinics import ClinicFields
from audit.operations.credentials import PaperFields
from audit.operations.inspections import NewVisit
from tests.journeys.conftest import PASSWORD
from tests.seeing import faults
from tests.tablet.pages import Pages
from tests.tablet.yards import Tablet, Yard

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# As the server tells it of a visit that is sealed; what it tells has tests of its own.
LEFT_OPEN = """const taken = await store.clinic(given.clinic);
    const finding = { item: given.item, number: given.number, person: null, person_name: "", severity: "major",
        note: "Dust behind the chair", corrective: "Clean it.", correct_by: "2026-01-02", stop: false, photos: [] };
    await store.keepClinic(given.clinic, { ...taken, open_findings: [finding] });"""
PERMIT = "permit.facility-expiry"
REST = ["", "/check", "/result", "/set-up", "/sections/premises"]


@pytest.fixture
def toronto(yard: Yard) -> Clinic:
    """A clinic under placards: one critical finding was left open and answered since, the permit is on file."""
    root, ana = yard.desk_of("ada"), yard.desk_of("ana")
    fields = ClinicFields(
        "Queen West Ink", "1 Queen Street, Toronto", "ca-on-toronto", "", "UTC", {"smp": "true"}
    )
    clinic = clinics.create(ana, fields)
    assert isinstance(clinic, Clinic)
    today = ana.now.date()
    credentials.add(ana, clinic.id, PaperFields("facility-permit", expires=today + timedelta(days=300)))
    item = next(one.key for one in yard.items if one.severity == "critical" and not one.value_parts)
    visit = inspections.start(ana, NewVisit(clinic.id, purpose="follow-up", scope=(item,)))
    raw = Raw(mark="OUT", note="The lid was cracked.")
    answers.take_in(ana, visit.id, [answers.change_of(str(uuid4()), (item, None), 0, raw, "page")])
    signed = [Signature(INSPECTOR, "signed", "Ana Reyes"), Signature(PERSON_IN_CHARGE, "absent", "")]
    inspections.sign(ana, visit.id, *signed)
    sealing.seal(ana, visit.id)
    owner = people.add_person(root, f"owner{clinic.id[:4]}", "Olu Ade", "owner", PASSWORD, (clinic.id,))
    (owed,) = actions.of_visit(ana, visit.id)
    at = replace(ana, actor=owner)
    actions.fix(at, owed.action.id, actions.Answer("A new one was bought."))
    return clinic


@pytest.fixture
def offline(yard: Yard, shared: Tablet) -> Pages:
    """A visit that is known to the server and to a tablet that has lost its network."""
    tablet = shared
    tablet.open(f"/clinics/{yard.clinic.id}")
    tablet.page.get_by_role("button", name="Take with me").tap()
    tablet.page.get_by_text("On this tablet, with").wait_for()
    visit = tablet.start(answers=3)
    tablet.settled()
    tablet.do("await outbox.refresh(given)", visit)
    tablet.page.context.set_offline(True)
    return Pages(tablet, visit)


def told_below(page: Page, *names: str) -> list[str]:
    """The sections under these headings."""
    parts = [page.locator("section.part", has=page.get_by_role("heading", name=name)) for name in names]
    return [part.inner_text() for part in parts]


def test_axe_finds_nothing_without_a_network(offline: Pages, yard: Yard) -> None:
    page = offline.page
    page.set_viewport_size({"width": 320, "height": 640})
    clinic = f"/clinics/{yard.clinic.id}"
    addresses = [*(f"/visits/{offline.visit}{rest}" for rest in REST), "/visits", "/clinics", clinic]
    wrong: dict[str, list[str]] = {}
    for address in [*addresses, f"{clinic}/start"]:
        page.goto(yard.url + address)
        page.locator("main[data-drawn] h1").first.wait_for()
        for scheme in SCHEMES:
            page.emulate_media(
                color_scheme=scheme, reduced_motion="reduce"
            )  # no colour on its way to another
            wrong.setdefault(address, []).extend(faults(page, colours_only=scheme == "dark"))
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wrong[address].append("wider than a small phone")
    assert not [found for found in wrong.items() if found[1]]


def test_a_page_that_is_not_here_says_so_and_shows_the_way(offline: Pages, yard: Yard) -> None:
    offline.page.goto(f"{yard.url}/people")
    expect(offline.page.get_by_role("heading", name="There is no network")).to_be_visible()
    expect(offline.page.get_by_role("link", name="Visits on this tablet")).to_be_visible()


def test_the_result_is_judged_here_as_the_server_judges_it(offline: Pages, yard: Yard) -> None:
    page = offline.open("/result")
    page.locator("main[data-drawn] .counts").wait_for()
    shown = page.locator(".counts b").all_inner_texts()
    words = page.locator(".result .words-large").inner_text()
    page.context.set_offline(False)
    page.goto(f"{yard.url}/visits/{offline.visit}/result")
    assert page.locator(".counts b").all_inner_texts() == shown
    assert page.locator(".result .words-large").inner_text() == words


def test_the_server_page_waits_for_what_was_tapped(offline: Pages, yard: Yard) -> None:
    """Tapped without a network, then straight to a page of the server: it shows the tap."""
    page = offline.section("premises")
    offline.mark(offline.card(0), "IN")
    expect(offline.card(0).locator(".saved")).to_have_text("Saved on this tablet")
    page.context.set_offline(False)
    page.goto(f"{yard.url}/visits/{offline.visit}")
    expect(page.get_by_text("4 of").first).to_be_visible()
    offline.tablet.settled()
    assert len(yard.answers(offline.visit)) == 4


def test_former_findings_come_first_and_a_visit_is_set_aside_without_a_network(
    shared: Tablet, yard: Yard
) -> None:
    item = next(one for one in yard.items if not one.value_parts and "IN" in one.marks)
    tablet, page = shared, shared.page
    tablet.open(f"/clinics/{yard.clinic.id}")
    page.get_by_role("button", name="Take with me").tap()
    page.get_by_text("On this tablet, with").wait_for()
    tablet.do(LEFT_OPEN, {"clinic": yard.clinic.id, "item": item.key, "number": item.number})
    page.context.set_offline(True)
    page.goto(f"{yard.url}/clinics/{yard.clinic.id}/start")
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("heading", name="1 finding was left open last time").wait_for()
    visit = page.url.split("/")[-2]
    expect(page.locator(".finding")).to_contain_text("Dust behind the chair")
    assert not faults(page)
    page.get_by_role("button", name="In order now").tap()
    expect(page.locator(".finding .mark")).to_have_text("IN")
    page.get_by_role("link", name="Go on to the sections").tap()
    page.get_by_role("link", name="Set it aside").tap()
    page.get_by_role("button", name="Set it aside").tap()
    page.get_by_text("Say why this visit is set aside.").wait_for()
    page.get_by_label("Reason").fill("The clinic closed early.")
    page.get_by_role("button", name="Set it aside").tap()
    page.get_by_text("This visit counts nowhere. Reason: The clinic closed early.").wait_for()
    page.context.set_offline(False)
    tablet.settled()
    found = yard.desk().ledger.inspections.get(visit)
    assert (found.state, found.set_aside_reason) == ("set-aside", "The clinic closed early.")
    assert yard.answers(visit) == {item.key: "IN"} and tablet.now["attention"] == 0


def test_a_narrow_follow_up_and_what_comes_after_it_without_a_network(
    shared: Tablet, yard: Yard, toronto: Clinic
) -> None:
    """What was left open comes along with its answer; what is on file is confirmed by a tap; both sides say the same."""
    tablet, page = shared, shared.page
    tablet.do("return kit.takeAlong(given)", toronto.id)
    page.context.set_offline(True)
    page.goto(f"{yard.url}/clinics/{toronto.id}/start")
    page.get_by_label("Purpose").select_option("follow-up")
    page.get_by_label("Former findings only").check()
    page.get_by_role("button", name="Start").tap()
    page.get_by_role("heading", name="1 finding was left open last time").wait_for()
    visit = Pages(tablet, page.url.split("/")[-2])
    expect(page.locator(".finding")).to_contain_text("The lid was cracked.")
    expect(page.locator(".finding .taken")).to_contain_text("A new one was bought.")
    assert not faults(page)
    page.get_by_role("button", name="In order now").tap()
    page.get_by_role("link", name="Go on to the sections").tap()
    page.get_by_text("Only former findings are looked at: 1 of").wait_for()
    page.get_by_role("button", name="Add the rest of the checklist").tap()
    page.get_by_text("Only former findings are looked at").wait_for(state="detached")
    visit.section("licences")
    permit = page.locator(f"[data-item='{PERMIT}']")
    expect(permit.locator(".note.small").first).to_contain_text("300 days left")
    permit.locator(".note.small .pill").first.tap()
    expect(permit.locator(".saved")).to_have_text("Saved on this tablet")
    on_file = permit.locator(".note.small > p").all_text_contents()
    grave = [one.key for one in yard.items if one.severity == "critical" and not one.value_parts][1]
    out = {"kind": "answer", "item": grave, "value": {"mark": "OUT", "note": "Blood on the chair."}}
    tablet.do("await outbox.give(given[0], given[1])", [visit.visit, out])
    visit.open("/result")
    page.get_by_role("heading", name="Placard").wait_for()
    said = told_below(page, "Placard", "Next visit")
    assert "Re-inspection by" in said[0] and "The placard asks for a re-inspection." in said[1]
    assert not faults(page)
    page.context.set_offline(False)
    tablet.settled()
    page.goto(f"{yard.url}/visits/{visit.visit}/result")
    assert told_below(page, "Placard", "Next visit") == said
    visit.section("licences")
    assert permit.locator(".note.small > p").all_text_contents() == on_file
    found = yard.desk().ledger.inspections.get(visit.visit)
    assert (found.purpose, found.scope) == ("follow-up", ())
