"""What axe finds wrong with a page. Text of the same colours before the same backgrounds is measured three times, not
once a row: contrast takes most of the time, and what is alike has the same."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

COLOURS = ["color-contrast", "link-in-text-block"]

# Marks what is like three others: tag, class, colour and size of the letters, and every background behind them.
ALIKE = """() => {
  const places = new Map(), names = new Map(), seen = new Map();
  const named = (words) => names.get(words) ?? names.set(words, names.size).get(words);
  const behind = (one) => {
    if (!one) return 0;
    if (!places.has(one)) {
      const style = getComputedStyle(one);
      places.set(one, named([behind(one.parentElement), style.backgroundColor, style.backgroundImage, style.opacity,
        style.position, style.filter, style.mixBlendMode, one.matches(":disabled, [aria-disabled=true]")].join()));
    }
    return places.get(one);
  };
  for (const one of document.body.querySelectorAll("*")) {
    const spoken = [...one.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
    if (!spoken || !one.checkVisibility({ visibilityProperty: true }) || one.closest(".vh")) continue;
    const style = getComputedStyle(one);
    const look = named([one.localName, one.className, style.color, style.fontSize, style.fontWeight, style.textShadow,
      behind(one)].join());
    seen.set(look, (seen.get(look) ?? 0) + 1);
    if (seen.get(look) > 3) one.setAttribute("data-alike", "");
  }
}"""
JUDGE = """async (options) => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "*:not([data-alike])" }] });
  const found = await axe.run(document, options);
  for (const one of document.querySelectorAll("[data-alike]")) one.removeAttribute("data-alike");
  return found.violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`);
}"""


def faults(page: Page, colours_only: bool = False) -> list[str]:
    """Each rule that is broken, with the first place; ``colours_only`` where all else was judged in another scheme."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(ALIKE)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    found: list[str] = page.evaluate(JUDGE, options | ({"runOnly": COLOURS} if colours_only else {}))
    return found
