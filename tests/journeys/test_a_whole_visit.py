"""An inspector makes a whole visit on a tablet: every item, six findings, four photos, seal, both papers."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page

from tests.journeys.conftest import Place

FINDINGS, PHOTOS, ITEMS = 6, 4, 60


def go(what: Locator) -> None:
    """Tap what leads to another page, and be there."""
    with what.page.expect_navigation():
        what.tap()


class Visit:
    """The pages of a running visit; counts the taps that answering takes."""

    def __init__(self, page: Page, scripts: bool) -> None:
        self.page, self.scripts = page, scripts
        self.taps = self.found = self.photographed = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def section(self) -> None:
        """Answer every unit of the section that is open; at most one of them is a finding."""
        if self.scripts:
            self.page.locator("form[data-alive]").wait_for()
        for unit in self.page.locator(".unit").all():
            self.answer(unit)
        marks = self.page.locator(".unit:has(fieldset .marks)")
        if self.found < FINDINGS and marks.count():
            self.finding(marks.first)

    def answer(self, unit: Locator) -> None:
        for field in unit.locator(".values input[type=date]").all():
            field.fill(self._date(field))
        for field in unit.locator(".values .measure input[inputmode]").all():
            field.fill(self._number(field))
        for options in unit.locator(".values .opts").all():
            self.tap(options.locator("label.tick:has(.o-else)").first)
        if unit.locator("> fieldset .marks").count():
            self.tap(unit.locator("> fieldset .marks label").filter(has_text="IN").first)
        elif unit.locator(".fold summary", has_text=re.compile("^Mark$")).count():
            unit.locator(".fold summary").tap()
            self.tap(unit.locator(".fold .marks label").first)

    def _hint(self, field: Locator) -> str:
        named = field.get_attribute("aria-describedby")
        return self.page.locator(f"[id='{named}']").inner_text() if named else ""

    def _date(self, field: Locator) -> str:
        days = 700 if "not expired" in self._hint(field) else -5
        return (date.today() + timedelta(days=days)).isoformat()

    def _number(self, field: Locator) -> str:
        bound = re.search(r"at (least|most) ([\d.]+)", self._hint(field))
        return bound[2] if bound else "5"

    def finding(self, unit: Locator) -> None:
        """OUT, with a ready phrase; the first ones with a photo, the second corrected on site."""
        self.found += 1
        self.unfold(unit)
        self.tap(unit.locator("> fieldset .marks label").filter(has_text="OUT"))
        self.tap(unit.locator(".only-out .pill").first)
        if self.found == 2:
            self.tap(unit.get_by_text("Corrected on site"))
        if self.photographed < PHOTOS:
            self.photographed += 1
            if self.scripts:
                self.photograph_here(unit)
                return
            go(unit.get_by_role("button", name=re.compile("photo")))
            self.page.get_by_label("Photo").set_input_files(
                {"name": "tray.jpg", "mimeType": "image/jpeg", "buffer": photo(self.photographed)}
            )
            go(self.page.get_by_role("button", name="Add the photo"))
            self.page.get_by_text("Kept: 1").wait_for()
            go(self.page.get_by_role("link", name="Done"))

    def unfold(self, unit: Locator) -> None:
        """With scripts an answered card folds by itself; a tap opens it again."""
        card = unit.locator("xpath=ancestor::details[@data-item]")
        if self.scripts:
            self.page.wait_for_timeout(500)
        if card.get_attribute("open") is None:
            self.tap(card.locator("> summary"))

    def photograph_here(self, unit: Locator) -> None:
        with self.page.expect_file_chooser() as chosen:
            unit.get_by_role("button", name=re.compile("photo")).tap()
        chosen.value.set_files(
            {"name": "tray.jpg", "mimeType": "image/jpeg", "buffer": photo(self.photographed)}
        )
        unit.locator(".shot img[src]").wait_for()

    def leave(self) -> None:
        """On to what follows. Something that is asked about is saved, and can be left for later."""
        before, go_on = self.page.url, self.page.locator(".bar .go")
        if not self.scripts:
            go(go_on)
            if self.page.url == before:
                following = self.page.locator(".rail [aria-current] + .link")
                go(following if following.count() else self.page.locator(".bar [value=hub]"))
            return
        go_on.tap()
        asked = self.page.locator(".toast", has_text="press again")
        self.page.wait_for_function(
            "before => location.href !== before || /press again/.test(document.querySelector('.toast')?.textContent)",
            arg=before,
        )
        if self.page.url == before and asked.count():
            go(go_on)

    def close_gaps(self) -> None:
        """What is still open is one tap away: open it, mark it, come back."""
        gaps = self.page.locator("a:has(.w:text-is('Answer'))")
        while gaps.count():
            address = gaps.first.get_attribute("href") or ""
            go(gaps.first)
            card = self.page.locator(f"[id='{address.partition('#')[2]}']")
            for unit in card.locator(".unit").all():
                if not unit.locator(".marks input:checked").count():
                    if not unit.locator(".fold[open]").count() and unit.locator(".fold").count():
                        unit.locator(".fold summary").tap()
                    self.tap(unit.locator(".marks label").first)
            go(self.page.locator(".bar [value=hub]"))
            go(self.page.get_by_role("link", name="Check answers"))


def photo(number: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40 + number).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_whole_visit(place: Place, tablet, tmp_path: Path, scripts: bool) -> None:
    page = tablet("ana", scripts=scripts)
    go(page.get_by_role("link", name="Start at a clinic"))
    go(page.get_by_role("link", name="Scalp Studio North"))
    go(page.get_by_role("link", name="Start an inspection"))
    page.get_by_role("group", name="procedure").get_by_text("Yes").tap()
    go(page.get_by_role("button", name="Start"))
    go(page.get_by_role("link", name="Go on with A"))

    visit = Visit(page, scripts)
    while "/sections/" in page.url:
        visit.section()
        visit.leave()
    if page.get_by_role("link", name="Check answers").count():
        go(page.get_by_role("link", name="Check answers"))
    visit.close_gaps()
    page.get_by_role("heading", name="Everything is answered").wait_for()

    go(page.get_by_role("link", name="See the result"))
    counts = [int(one) for one in page.locator(".counts b").all_inner_texts()]
    assert sum(counts) >= ITEMS and counts[1] >= FINDINGS
    assert page.locator(".finding").count() >= FINDINGS
    assert page.locator(".finding img").count() == PHOTOS
    go(page.get_by_role("link", name="Go on to sign"))
    page.get_by_label("Your name").fill("Ana Reyes")
    page.get_by_text("Signs", exact=True).tap()
    page.get_by_label("Name of the person in charge").fill("Olga Lindt")
    go(page.get_by_role("button", name="Go on to seal"))
    go(page.get_by_role("button", name="Seal and hand over"))
    page.get_by_role("heading", name="Hand over").wait_for()
    for kind in ("Inspector's record", "Owner's action plan"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind).tap()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.read_bytes().startswith(b"%PDF-") and file.stat().st_size > 20_000
    print(f"\n{sum(counts)} items, {counts[1]} findings: {visit.taps} taps")
