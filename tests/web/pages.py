"""A page as a person without scripts meets it: its forms with what they hold, its links, its words."""

import re
from html.parser import HTMLParser
from typing import Any

VOID = {"input", "meta", "link", "img", "br", "path", "circle", "rect", "use", "option"}


class Form:
    """What a browser would send for a form: pairs of names and values, hidden ones too."""

    def __init__(self, action: str) -> None:
        self.action = action
        self.pairs: list[tuple[str, str]] = []
        self.buttons: list[tuple[str, str]] = []

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.pairs if key == name]

    def filled(self, changes: dict[str, Any]) -> dict[str, list[str]]:
        """The pairs with changes laid over them; ``None`` takes a field away."""
        sent: dict[str, list[str]] = {}
        for name, value in self.pairs:
            sent.setdefault(name, []).append(value)
        for name, value in changes.items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = value if isinstance(value, list) else [value]
        return sent


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.area: str | None = None
        self.select: str | None = None
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        assert "style" not in at and not any(name.startswith("on") for name in at), (tag, at)
        if "id" in at:
            self.ids.append(at["id"])
        if tag not in VOID:
            self.open.append(tag)
        if tag == "form":
            self.form = Form(at.get("action", ""))
            self.forms.append(self.form)
        elif tag == "a":
            self.links.append(at.get("href", ""))
        elif self.form is not None:
            self._field(tag, at)

    def _field(self, tag: str, at: dict[str, str]) -> None:
        assert self.form is not None
        name = at.get("name", "")
        if tag == "textarea":
            self.area = name
            self.form.pairs.append((name, ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in at:
            self.form.pairs.append((self.select, at["value"]))
        elif tag == "button" and name:
            self.form.buttons.append((name, at.get("value", "")))
        elif tag == "input" and name and at.get("type") != "file":
            ticked = at.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in at:
                self.form.pairs.append((name, at.get("value", "on" if ticked else "")))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
            self.open.pop()
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.area is not None and self.form is not None:
            name, value = self.form.pairs[-1]
            # A browser drops the first line end of a textarea.
            self.form.pairs[-1] = (name, value + (data.removeprefix("\n") if not value else data))


class Page:
    """An answer of the app, read strictly when it is HTML."""

    def __init__(self, browser: Any, address: str, response: Any) -> None:
        self.browser, self.address, self.response = browser, address, response
        self.status, self.headers = response.status_code, response.headers
        self.text = response.text if response.mimetype == "text/html" else ""
        self._reader = _Reader()
        if response.mimetype == "text/html" and self.status not in (302, 303):
            self._reader.feed(self.text)
            assert not self._reader.open, self._reader.open
            ids = self._reader.ids
            assert len(ids) == len(set(ids)), sorted(one for one in ids if ids.count(one) > 1)

    @property
    def words(self) -> str:
        """All words of the page, one space between."""
        return re.sub(r"\s+", " ", " ".join(self._reader.words))

    @property
    def links(self) -> list[str]:
        return self._reader.links

    @property
    def ids(self) -> list[str]:
        return self._reader.ids

    @property
    def forms(self) -> list[Form]:
        return self._reader.forms

    @property
    def address_or_action(self) -> str:
        """Where the page's form goes."""
        return self.form.action or self.address

    @property
    def form(self) -> Form:
        """The form of the page; the one that signs out is not it."""
        return next(form for form in self._reader.forms if form.action != "/sign-out")

    def submit(self, changes: dict[str, Any] | None = None, **how: Any) -> "Page":
        form = self.form
        return self.browser.send(form.action or self.address, form.filled(changes or {}), **how)
