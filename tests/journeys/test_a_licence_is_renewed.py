"""A licence is about to end: a letter says so, the practitioner renews it on a phone, and the wall sheet follows."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from audit.operations import agency, clinics, credentials, desk, people, post, reminders
from audit.operations.carriers import ToFolder
from audit.operations.credentials import PaperFields
from tests.journeys.conftest import PASSWORD, PATIENCE, Place
from tests.operations import worlds

PHONE = {"width": 390, "height": 844}
SENDER = "audit@example.org"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: pytest.fail(f"script failed: {error}"))
    yield page
    context.close()


def prepare(place: Place, morning: datetime) -> None:
    """Mara can sign in and has papers; her licence ends in five days."""
    at = desk.open_desk(place.data, desk.OPERATOR, morning)
    agency.save(at, replace(agency.get(at), site="https://audit.example"))
    mara = next(one for one in clinics.practitioners(at, place.clinic.id) if one.name == "Mara Lindt")
    people.add_person(
        at, "mara", mara.name, "practitioner", PASSWORD, email="mara@example.org", practitioners=[mara.id]
    )
    today = morning.date()
    for kind, holder, issued, ends in (
        ("facility-permit", "", None, 300),
        ("practitioner-licence", mara.id, None, 5),
        ("bloodborne", mara.id, -20, None),
    ):
        fields = PaperFields(
            kind,
            holder,
            number="P-1",
            issued=None if issued is None else today + timedelta(days=issued),
            expires=None if ends is None else today + timedelta(days=ends),
        )
        credentials.add(at, place.clinic.id, fields)


def letter_to_mara(place: Place, morning: datetime) -> str:
    """What the work of that morning writes and carries to the folder of letters."""
    at = desk.open_desk(place.data, desk.OPERATOR, morning)
    assert reminders.send(at).letters == 1
    assert post.deliver(at, ToFolder(place.data / "outbox"), SENDER).sent == 1
    (file,) = (place.data / "outbox").glob("*.eml")
    text = message_from_bytes(file.read_bytes(), policy=policy.default).get_content()
    assert "Practitioner licence or registration (Mara Lindt): Expires in 5 days" in text
    return str(text)


def test_a_licence_is_renewed(place: Place, phone: Page) -> None:
    # Nine or ten in the morning at the clinic, whatever the time is here.
    morning = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0)
    prepare(place, morning)
    text = letter_to_mara(place, morning)
    found = re.search(r"https://audit\.example(/papers/\S+)", text)
    assert found
    phone.goto(place.url + found[1])
    phone.get_by_label("Login").fill("mara")
    phone.get_by_label("Password").fill(PASSWORD)
    phone.get_by_role("button", name="Sign in").tap()
    phone.wait_for_url(f"**{found[1]}")
    phone.get_by_role("link", name="Renew").tap()
    ends = (morning + timedelta(days=370)).date()
    phone.get_by_label("Number").fill("P-2")
    phone.get_by_label("Expires on").fill(ends.isoformat())
    phone.get_by_label("Scan or photo").set_input_files(
        files=[FilePayload(name="licence.jpg", mimeType="image/jpeg", buffer=worlds.jpeg(120))]
    )
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("As entered, not yet seen by an inspector")).to_be_visible(timeout=PATIENCE)
    assert urlsplit(phone.url).path != found[1], "a paper of its own"
    expect(phone.locator("main img")).to_be_visible(timeout=PATIENCE)
    phone.get_by_role("link", name="My papers").first.tap()
    expect(phone.get_by_text("May work today")).to_be_visible(timeout=PATIENCE)
    on_the_wall(place, phone, f"{ends.day} {ends:%b %Y}")
    next_day = desk.open_desk(place.data, desk.OPERATOR, morning + timedelta(days=1))
    assert reminders.send(next_day).letters == 0, "nothing more is due"


def on_the_wall(place: Place, page: Page, ends: str) -> None:
    """The owner prints the sheet: it names her with the new licence."""
    page.context.clear_cookies()
    page.goto(f"{place.url}/sign-in")
    page.get_by_label("Login").fill("olga")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").tap()
    page.wait_for_url("**/visits")
    page.goto(f"{place.url}/clinics/{place.clinic.id}/wall")
    row = page.locator("li", has_text="Mara Lindt")
    expect(row).to_contain_text("P-2", timeout=PATIENCE)
    assert "Tomás Okafor" not in page.locator("main").inner_text(), "he has no licence on file"
    # The bloodborne certificate ends before the licence: what ends first is the end of it all.
    assert ends not in row.inner_text()
    answer = page.request.get(f"{place.url}/clinics/{place.clinic.id}/wall.pdf?paper=letter")
    assert answer.ok and answer.body().startswith(b"%PDF-")
