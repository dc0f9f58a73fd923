"""Kinds of answer: one line per kind in the table, one reader each. What is valid, only the domain knows."""

from collections.abc import Callable, Mapping

from audit.domain.answers import Raw
from audit.domain.checklists import Item, Part
from forms.base import stripped

Posted = Mapping[
    str, list[str]
]  # what a page sent for one answer: the names of its inputs without their prefix
Entered = dict[str, str]


def first(posted: Posted, name: str) -> str:
    """The first value of a name, without outer space; empty when it was not sent."""
    found = posted.get(name)
    return stripped(found[0]) if found and found[0] else ""


def _no_value(posted: Posted, part: Part) -> tuple[Entered, Entered]:
    """A mark is the answer itself, not one of its values."""
    return {}, {}


def _one_value(posted: Posted, part: Part) -> tuple[Entered, Entered]:
    # What the clinic's papers suggest counts once it is ticked, and only where nothing was typed.
    value = first(posted, f"v.{part.key}") or first(posted, f"take.{part.key}")
    return ({part.key: value} if value else {}), {}


def _measured(posted: Posted, part: Part) -> tuple[Entered, Entered]:
    """A number keeps the unit it was read in, unless that is the part's own."""
    values, units = _one_value(posted, part)
    unit = first(posted, f"u.{part.key}")
    return values, ({part.key: unit} if values and unit and unit != part.unit else units)


KINDS: dict[str, Callable[[Posted, Part], tuple[Entered, Entered]]] = {
    "mark": _no_value,
    "number": _measured,
    "date": _one_value,
    "choice": _one_value,
    "text": _one_value,
}


def raw_from_page(item: Item, posted: Posted, preset_due: str = "") -> Raw:
    """What a page sent for one item, as it is kept. Ready phrases that were ticked become part of the note.

    ``preset_due`` is the date the page proposed: left as it is, the item's own rule goes on deciding.
    """
    values: Entered = {}
    units: Entered = {}
    for part in item.value_parts:
        found, in_unit = KINDS[part.kind](posted, part)
        values |= found
        units |= in_unit
    due = first(posted, "by")
    return Raw(
        mark=first(posted, "mark"),
        values=values,
        units=units,
        absent=first(posted, "absent"),
        note=_with_phrases(first(posted, "note"), item, posted.get("phrase", [])),
        reason=first(posted, "reason"),
        corrected_on_site=bool(posted.get("cos")),
        correct_by="" if due == preset_due else due,
    )


def _with_phrases(note: str, item: Item, ticked: list[str]) -> str:
    for wanted in ticked:
        phrase = next((words for index, words in item.unsaid(note) if str(index) == wanted), "")
        if phrase:
            note = f"{note}\n{phrase}" if note else phrase
    return note
