"""Facts decide which items apply: a clinic's profile, what a visit is like, and what follows from both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain.tongue import say, word

SCOPES = ("profile", "visit", "derived")
KINDS = ("bool", "int", "choice")
_YES_NO = {"true": word("yes"), "false": word("no")}
NUMBER_PREFIX = "number."  # derived facts "the pack sets a number for …"


@dataclass(frozen=True)
class FactOption:
    value: str
    label: str


@dataclass(frozen=True)
class FactKey:
    """A declared fact: its key, who states it (scope), its kind, the question asked and a short label."""

    key: str
    scope: str
    kind: str
    label: str
    question: str
    options: tuple[FactOption, ...] = ()
    threshold: str = ""  # a derived fact may say whether the pack sets a number for this ``item#part``

    def reads(self, raw: object) -> bool | int | str | None:
        """Turn what a form or document carried into the fact's value; empty means not known.

        Raises:
            ValueError: in words fit for the field.
        """
        text = (
            str(raw).strip().lower() if isinstance(raw, bool) else str(raw if raw is not None else "").strip()
        )
        if not text:
            return None
        if self.kind == "bool":
            if text.lower() not in ("true", "false", "yes", "no"):
                raise ValueError(say("Choose yes, no or not known."))
            return text.lower() in ("true", "yes")
        if self.kind == "int":
            if not text.isascii() or not text.isdigit() or len(text) > 6:
                raise ValueError(say("Give a whole number, 0 or more."))
            return int(text)
        if text not in {option.value for option in self.options}:
            raise ValueError(say("Choose one of the answers offered."))
        return text

    def shown(self, value: object) -> str:
        """The value in words: yes, no, the option's label or the number."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if self.kind == "bool":
            return say(_YES_NO[text]) if text in _YES_NO else text
        return next((option.label for option in self.options if option.value == text), text)


def read_fact_key(row: Mapping[str, Any]) -> FactKey:
    """Read a declared fact from a checked mapping."""
    options = tuple(FactOption(option["value"], option["label"]) for option in row.get("options") or ())
    return FactKey(
        row["key"],
        row["scope"],
        row["kind"],
        row["label"],
        row["question"],
        options,
        row.get("threshold", ""),
    )
