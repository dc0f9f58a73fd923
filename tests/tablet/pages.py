"""The pages of a visit on a tablet, as fingers and eyes meet them."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Locator, Page

from tests.tablet.yards import Tablet

ALIVE = "form[data-alive]"
# Longer than any timer of a section: what one of those does is done before this one rings, however slow the machine.
AFTER_TIMERS = "() => new Promise((go) => setTimeout(go, 1000))"
ENGLISH = {"lasting": "not expired", "bound": "at (?:least|most) ([\\d.]+)", "mark": "Mark"}
# What ``Pages.answer`` does with fingers, for the units of a section but one; gives how many taps it takes.
IN_ORDER = """([but, words]) => {
    const shown = (field) => field.checkVisibility();
    const hint = (field) => {
        const [id] = (field.getAttribute("aria-describedby") ?? "").split(" ");
        return document.getElementById(id)?.textContent ?? "";
    };
    const day = (field) => {
        const days = hint(field).includes(words.lasting) ? 700 : -5;
        return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    };
    const number = (field) => new RegExp(words.bound).exec(hint(field))?.slice(1).find(Boolean) ?? "5";
    const type = (field, value) => {
        field.focus();
        field.value = value;
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
        field.blur();
    };
    let taps = 0;
    const tap = (label) => { label.click(); taps += 1; };
    const every = (unit, what) => [...unit.querySelectorAll(what)].filter(shown);
    [...document.querySelectorAll(".unit")].forEach((unit, place) => {
        if (place === but) return;
        unit.closest("details").open = true;
        for (const field of every(unit, ".values input[type=date]")) type(field, day(field));
        for (const field of every(unit, ".values .measure input[inputmode]")) type(field, number(field));
        for (const options of every(unit, ".values .opts")) {
            tap([...options.querySelectorAll("label.tick")].find((one) => one.querySelector(".o-else")));
        }
        const mark = unit.querySelector(":scope > fieldset .marks label");
        const fold = [...unit.querySelectorAll(".fold summary")].find((one) => one.textContent.trim() === words.mark);
        if (mark) tap(mark);
        else if (fold) {
            tap(fold);
            tap(fold.parentElement.querySelector(".marks label"));
        }
    });
    return taps;
}"""


class Pages:
    """Walks through a visit and counts the taps that answering takes; typing and signing are apart."""

    def __init__(self, tablet: Tablet, visit: str = "") -> None:
        self.tablet, self.page, self.visit = tablet, tablet.page, visit
        self.taps = self.found = self.photos = self.answered = 0

    def open(self, rest: str) -> Page:
        self.page.goto(f"{self.tablet.url}/visits/{self.visit}{rest}")
        return self.page

    def section(self, key: str) -> Page:
        self.open(f"/sections/{key}")
        self.page.locator(ALIVE).wait_for()
        return self.page

    def card(self, place: int = 0) -> Locator:
        return self.page.locator("details.item").nth(place)

    def mark(self, card: Locator, mark: str) -> None:
        card.locator(".unit > fieldset .marks label").filter(has_text=mark).first.tap()

    def calm(self) -> None:
        """Everything that a tap sets off by a timer has happened."""
        self.page.evaluate(AFTER_TIMERS)

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def go(self, what: Locator) -> None:
        with self.page.expect_navigation():
            self.tap(what)

    def typed_in(self, unit: Locator) -> None:
        """Values that are read off: typed, not tapped."""
        for field in unit.locator(".values input[type=date]").all():
            if field.is_visible():
                field.fill(self._day(field))
        for field in unit.locator(".values .measure input[inputmode]").all():
            if field.is_visible():
                field.fill(self._number(field))
                field.blur()

    def answer(self, unit: Locator) -> None:
        self.typed_in(unit)
        for options in unit.locator(".values .opts").all():
            if options.is_visible():
                self.tap(options.locator("label.tick:has(.o-else)").first)
        marks = unit.locator("> fieldset .marks label")
        if marks.count():
            self.tap(marks.first)
            # Nobody taps as fast as this: what was scrolled away under the finger is tapped once more, and counted.
            if not marks.locator("input").first.is_checked():
                self.tap(marks.first)
        elif unit.locator(".fold summary", has_text=re.compile("^Mark$")).count():
            self.tap(unit.locator(".fold summary"))
            self.tap(unit.locator(".fold .marks label").first)

    def finding(self, unit: Locator, corrected: bool = False) -> int:
        """OUT with a ready phrase; says how many taps it took."""
        before = self.taps
        self.tap(unit.locator("> fieldset .marks label").filter(has_text="OUT"))
        self.tap(unit.locator(".only-out .pill").first)
        if corrected:
            self.tap(unit.get_by_text("Corrected on site"))
        self.found += 1
        return self.taps - before

    def photograph(self, unit: Locator, files: list[dict[str, Any]]) -> None:
        with self.page.expect_file_chooser() as chosen:
            unit.locator("button[value^='photos:']").tap()
        chosen.value.set_files(files)  # type: ignore[arg-type]
        shots = unit.locator(".shot img[src]")
        self.page.wait_for_function(
            "([unit, number]) => unit.querySelectorAll('.shot img[src]').length >= number",
            arg=[unit.element_handle(), len(files)],
        )
        assert shots.count() >= len(files)
        self.photos += len(files)

    def walk(self, findings: int, each: Callable[[Locator], None] | None = None) -> None:
        """Every section from where the page is: one finding in a section, the rest is in order.

        Fingers take the first section and the findings. What is alike goes by script, which counts the same taps.
        """
        self.page.emulate_media(reduced_motion="reduce")
        first = True
        while "/sections/" in self.page.url:
            self.page.locator(ALIVE).wait_for()
            units = self.page.locator(".unit")
            found = self._to_find(units) if self.found < findings else -1
            if found >= 0:
                unit = units.nth(found)
                self.finding(unit, corrected=self.found == 1)
                self.typed_in(unit)
                if each:
                    each(unit)
            if first:
                for place in range(units.count()):
                    if place != found:
                        self.answer(units.nth(place))
            else:
                self.taps += self.page.evaluate(IN_ORDER, [found, ENGLISH])
            self.answered += units.count()
            first, before = False, self.page.url
            self.go(self.page.locator(".bar .go"))
            assert self.page.url != before

    def _to_find(self, units: Locator) -> int:
        """The place of the first answer that has ready phrases, or -1."""
        place: int = units.evaluate_all(
            "units => units.findIndex(one => one.querySelector('[data-words]')"
            " && one.querySelector(':scope > fieldset .marks'))"
        )
        return place

    def _hint(self, field: Locator) -> str:
        named = (field.get_attribute("aria-describedby") or "").split(" ")[0]
        return self.page.locator(f"[id='{named}']").inner_text() if named else ""

    def _day(self, field: Locator) -> str:
        days = 700 if "not expired" in self._hint(field) else -5
        return (date.today() + timedelta(days=days)).isoformat()

    def _number(self, field: Locator) -> str:
        bound = re.search(r"at (least|most) ([\d.]+)", self._hint(field))
        return bound[2] if bound else "5"
