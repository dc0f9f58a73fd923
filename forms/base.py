"""What every form shares: the token bound to the session, and text without outer space."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectChoice, StringField, TextAreaField  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import DataRequired, ValidationError

from audit.domain.problems import BadInput
from audit.domain.tongue import say, thousands, word


class PageForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form of a page. Its token lives as long as the session: a basement without network outlasts an hour."""

    csrf_errors = (
        word("This page was open while you signed out or in again. Nothing is lost: save once more."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self:
            field.label.text = say(field.label.text)
            if getattr(
                field, "choices", None
            ):  # the form's own; those of a page are said where they are made
                field.choices = offered((one.value, say(one.label)) for one in field.choices)

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        sound = bool(super().validate(*args, **kwargs))
        for field in self:
            field.errors = [say(words) for words in field.errors]
        return sound

    def text(self, name: str) -> str:
        """What was typed into a field; empty when nothing was."""
        return self._fields[name].data or ""

    def whole(self, name: str) -> int:
        """The whole number in a field, -1 for what is none or has more than nine digits."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1

    def take(self, problem: BadInput) -> list[str]:
        """Put each fault at its field; gives back the words of those that belong to none."""
        left: list[str] = []
        for fault in problem.faults:
            field = self._fields.get(fault.place)
            if field is None:
                left.append(str(fault))
            else:
                field.errors = [*field.errors, fault.words]
        return left

    def error_links(self) -> list[tuple[str, str]]:
        """(anchor, words) of every error, in the order of the page; the token's has no field to go to."""
        links: list[tuple[str, str]] = []
        for field in self:
            if field.name == "csrf_token":
                links += [("", say(words)) for words in self.csrf_errors] if field.errors else []
            else:
                links += [(field.id, f"{field.label.text}: {words}") for words in field.errors]
        return links


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Choices of a field out of (value, words)."""
    return [SelectChoice(value, words) for value, words in pairs]


def stripped(value: str | None) -> str:
    """Text as it is kept: one kind of line end, no outer space."""
    text = value or ""
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).strip()


class Fits:
    """Refuses text of more than ``limit`` characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, _form: Any, field: Any) -> None:
        if len(field.data or "") > self.limit:
            raise ValidationError(say("Keep it to {limit} characters.", limit=thousands(self.limit)))


def line(label: str, limit: int = 200, need: str = "") -> StringField:
    """One line of text; ``need`` says what to give when it is empty."""
    rules: list[Any] = [Fits(limit)]
    return StringField(label, [DataRequired(need), *rules] if need else rules, filters=[stripped])


class Needed:
    """Says that a field may not stay empty, so that no page calls it optional; what to say of it, the domain knows."""

    field_flags = MappingProxyType({"required": True})

    def __call__(self, _form: Any, _field: Any) -> None:
        return


def paragraph(label: str, limit: int = 4000, needed: bool = False) -> TextAreaField:
    """Several lines of text; ``needed``: the domain refuses an empty one."""
    return TextAreaField(label, [Fits(limit), *([Needed()] if needed else [])], filters=[stripped])
