"""An inspector makes a whole visit on a tablet: every item, six findings, four photos, seal, both papers.

Words are looked for as the page says them, in the language of the inspector. Fingers take the first two sections and
all findings; what is alike after that goes by script, which counts the same taps.
"""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError

from audit import languages
from audit.domain.tongue import say, speaking
from tests.journeys.conftest import Place
from tests.tablet.pages import AFTER_TIMERS, IN_ORDER

FINDINGS, PHOTOS, ITEMS = 6, 4, 60
BY_FINGER = 2  # sections
PHOTOGRAPH = "button[name=go][value^=photos]"


def go(what: Locator) -> None:
    """Press what leads to another page, and be there.

    As a mouse does: on a machine that stalls between finger down and finger up a tap becomes a long press, and leads nowhere.
    A press that led nowhere for half a minute is made once more, as a person would; forms take it once all the same.
    """
    try:
        with what.page.expect_navigation(wait_until="domcontentloaded", timeout=30_000):
            what.click()
    except TimeoutError:
        with what.page.expect_navigation(wait_until="domcontentloaded"):
            what.click()


class Visit:
    """The pages of a running visit; counts the taps that answering takes."""

    def __init__(self, page: Page, scripts: bool) -> None:
        self.page, self.scripts = page, scripts
        self.taps = self.found = self.photographed = self.sections = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def section(self) -> None:
        """Answer every unit of the section that is open; at most one of them is a finding."""
        if self.scripts:
            self.page.locator("form[data-alive]").wait_for()
        self.sections += 1
        if self.sections <= BY_FINGER:
            for unit in self.page.locator(".unit").all():
                self.answer(unit)
        else:
            self.taps += self.page.evaluate(IN_ORDER, [-1, self._words()])
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
        elif unit.locator(".fold summary", has_text=re.compile(f"^{say('Mark')}$")).count():
            unit.locator(".fold summary").tap()
            self.tap(unit.locator(".fold .marks label").first)

    def _words(self) -> dict[str, str]:
        return {
            "lasting": say("not expired on the day of the visit"),
            "bound": self._bound(),
            "mark": say("Mark"),
        }

    @staticmethod
    def _bound() -> str:
        return "|".join(say(f"at {which} {{quantity}}", quantity=r"([\d.,]+)") for which in ("least", "most"))

    def _hint(self, field: Locator) -> str:
        named = field.get_attribute("aria-describedby")
        return self.page.locator(f"[id='{named}']").inner_text() if named else ""

    def _date(self, field: Locator) -> str:
        days = 700 if say("not expired on the day of the visit") in self._hint(field) else -5
        return (date.today() + timedelta(days=days)).isoformat()

    def _number(self, field: Locator) -> str:
        bound = re.search(self._bound(), self._hint(field))
        return (bound[1] or bound[2]) if bound else "5"

    def finding(self, unit: Locator) -> None:
        """OUT, with a ready phrase; the first ones with a photo, the second corrected on site."""
        self.found += 1
        self.unfold(unit)
        self.tap(unit.locator("> fieldset .marks label").filter(has_text="OUT"))
        self.tap(unit.locator(".only-out .pill").first)
        if self.found == 2:
            self.tap(unit.get_by_text(say("Corrected on site")))
        if self.photographed < PHOTOS:
            self.photographed += 1
            if self.scripts:
                self.photograph_here(unit)
                return
            go(unit.locator(PHOTOGRAPH))
            self.page.get_by_label(say("Photo")).set_input_files(
                {"name": "tray.jpg", "mimeType": "image/jpeg", "buffer": photo(self.photographed)}
            )
            go(self.page.get_by_role("button", name=say("Add the photo")))
            self.page.get_by_text(say("Kept: {number}", number=1)).wait_for()
            go(self.page.get_by_role("link", name=say("Done")))

    def unfold(self, unit: Locator) -> None:
        """With scripts an answered card folds by itself; a tap opens it again."""
        card = unit.locator("xpath=ancestor::details[@data-item]")
        if self.scripts:
            self.page.evaluate(AFTER_TIMERS)
        if card.get_attribute("open") is None:
            self.tap(card.locator("> summary"))

    def photograph_here(self, unit: Locator) -> None:
        with self.page.expect_file_chooser() as chosen:
            unit.locator(PHOTOGRAPH).tap()
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
        words = say("It can also wait: press again to go on.")
        asked = self.page.locator(".toast", has_text=words)
        self.page.wait_for_function(
            """([before, words]) => location.href !== before
                || document.querySelector('.toast')?.textContent.includes(words)""",
            arg=[before, words],
        )
        if self.page.url == before and asked.count():
            go(go_on)

    def walk(self) -> None:
        """Every section, then what was left open."""
        while "/sections/" in self.page.url:
            self.section()
            self.leave()
        self.settle()
        check = self.page.get_by_role("link", name=say("Check answers"))
        if check.count():
            go(check)
        else:  # drawn before the last answer was there
            self.page.reload()
        self.close_gaps()
        self.page.get_by_role("heading", name=say("Everything is answered")).wait_for()

    def settle(self) -> None:
        """With scripts answers go by themselves: what the server draws next is to know all of them."""
        if self.scripts:
            self.page.get_by_text(say("All saved"), exact=True).first.wait_for()

    def close_gaps(self) -> None:
        """What is still open is one tap away: open it, mark it, come back."""
        gaps = self.page.locator(f"a:has(.w:text-is('{say('Answer')}'))")
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
            self.settle()
            go(self.page.get_by_role("link", name=say("Check answers")))


def photo(number: int) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 40 + number).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


@pytest.mark.parametrize(  # with scripts in English: tests/tablet/test_whole_visit.py
    ("scripts", "language"), [(True, "es"), (False, "en")], ids=["with scripts", "without scripts"]
)
def test_a_whole_visit(place: Place, tablet, tmp_path: Path, scripts: bool, language: str) -> None:
    place.speaks("ana", language)
    place.asks(ITEMS)
    page = tablet("ana", scripts=scripts)
    with speaking(languages.tongue(language)):
        visit = Visit(page, scripts)
        begin(page)
        visit.walk()
        counts = conclude(page)
        for kind in ("Inspector's record", "Owner's action plan"):
            with page.expect_download() as download:
                page.get_by_role("link", name=say(kind)).tap()
            file = tmp_path / download.value.suggested_filename
            download.value.save_as(file)
            assert file.read_bytes().startswith(b"%PDF-") and file.stat().st_size > 20_000
    print(f"\n{sum(counts)} items, {counts[1]} findings: {visit.taps} taps")


def begin(page: Page) -> None:
    """From the sign-in to the first section."""
    go(page.get_by_role("link", name=say("Start at a clinic")))
    go(page.get_by_role("link", name="Scalp Studio North"))
    go(page.get_by_role("link", name=say("Start an inspection")))
    page.locator("fieldset:has([name*=procedure_observed])").get_by_text(say("Yes")).tap()
    go(page.get_by_role("button", name=say("Start"), exact=True))
    go(page.get_by_role("link", name=say("Go on with {section}", section="A"), exact=True))


def conclude(page: Page) -> list[int]:
    """From the complete answers to the sealed visit; the counts of the four marks."""
    go(page.get_by_role("link", name=say("See the result")))
    counts = [int(one) for one in page.locator(".counts b").all_inner_texts()]
    assert sum(counts) >= ITEMS and counts[1] >= FINDINGS
    assert page.locator(".finding").count() >= FINDINGS
    assert page.locator(".finding img").count() == PHOTOS
    go(page.get_by_role("link", name=say("Go on to sign")))
    page.get_by_label(say("Your name"), exact=True).fill("Ana Reyes")
    page.locator("label", has_text=re.compile(f"^\\s*{say('Signs')}\\s*$")).tap()
    page.get_by_label(say("Name of the person in charge")).fill("Olga Lindt")
    go(page.get_by_role("button", name=say("Go on to seal")))
    go(page.get_by_role("button", name=say("Seal and hand over")))
    page.get_by_role("heading", name=say("Hand over")).wait_for()
    return counts
