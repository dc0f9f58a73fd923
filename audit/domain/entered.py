"""One entry in words, as it was entered: for two values side by side, before any judging."""

from collections.abc import Callable, Iterator
from datetime import date

from audit.domain.answers import NOT_SHOWN, Raw
from audit.domain.checklists import Item, Part
from audit.domain.measures import unit_words
from audit.domain.tongue import numeral, say


def absent_words(absent: str) -> str:
    return say("not shown") if absent == NOT_SHOWN else say("could not be measured")


def entry_words(item: Item, raw: Raw) -> Iterator[str]:
    """Mark, values, correction and note of an entry, one after the other."""
    if raw.mark:
        yield raw.mark
    if raw.absent:
        yield absent_words(raw.absent)
    for part in item.value_parts:
        value = raw.values.get(part.key)
        if value and part.kind == "choice":
            yield next((option.label for option in part.options if option.value == value), value)
        elif value:
            yield f"{_read(part, value)} {unit_words(raw.units.get(part.key, part.unit))}".strip()
    if raw.corrected_on_site:
        yield say("corrected on site")
    if raw.note:
        yield raw.note


def _read(part: Part, value: str) -> str:
    """A number as the reader writes it; anything else as it was entered."""
    return numeral(value) if part.kind == "number" else value


def whole_words(item: Item, raw: Raw, day: Callable[[date], str]) -> str:
    """Everything of an entry in one line, its date and its reason too; ``day`` writes dates."""
    found = [*entry_words(item, raw)]
    try:
        if raw.correct_by:
            found.append(say("correct by {date}", date=day(date.fromisoformat(raw.correct_by))))
    except ValueError:
        found.append(raw.correct_by)
    if raw.reason:
        found.append(say("Reason: {reason}", reason=raw.reason))
    return " · ".join(found) or say("nothing")
