"""Where a visit stands: which items apply, which are answered, what comes next. Knows no addresses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from audit.domain.answers import NO, Answer, Key, Reading, bare, combine
from audit.domain.checklists import Item, Section
from audit.domain.conditions import decide
from audit.domain.tongue import say

NOT_STARTED, LOOKED_AT, MISSING, DONE = "not started", "looked at", "something missing", "done"


@dataclass(frozen=True)
class Inapplicable:
    """An item that does not apply, with the fact (key, value) that decided."""

    item: Item
    because: tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One thing to answer: an item, for one practitioner or for the visit."""

    item: Item
    person: str | None
    reading: Reading

    @property
    def key(self) -> Key:
        return self.item.key, self.person

    @property
    def touched(self) -> bool:
        return self.reading.complete or bool(self.reading.faults)


@dataclass(frozen=True)
class ItemState:
    """An applicable item with all its entries and the one mark they come to."""

    item: Item
    entries: tuple[Entry, ...]
    mark: str | None

    @property
    def complete(self) -> bool:
        return all(entry.reading.complete for entry in self.entries)

    @property
    def preset(self) -> bool:
        """Complete only because it began as NO and nobody changed it."""
        return self.complete and any(entry.reading.answer.preset for entry in self.entries)

    @property
    def answered(self) -> bool:
        """Complete by what people entered."""
        return self.complete and not self.preset


@dataclass(frozen=True)
class SectionState:
    section: Section
    items: tuple[ItemState, ...]

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def answered(self) -> int:
        return sum(item.answered for item in self.items)

    @property
    def preset(self) -> int:
        return sum(item.preset for item in self.items)

    @property
    def state(self) -> str:
        entries = [entry for item in self.items for entry in item.entries]
        if all(entry.reading.complete for entry in entries):
            return DONE
        if any(entry.reading.faults for entry in entries):
            return MISSING
        touched = any(entry.touched and not entry.reading.answer.preset for entry in entries)
        return LOOKED_AT if touched else NOT_STARTED


@dataclass(frozen=True)
class Gap:
    """Something that keeps a visit from being sealed: an entry that is open, or one with a fault."""

    section: Section
    entry: Entry
    words: str


@dataclass(frozen=True)
class Journey:
    """The whole visit in order. Progress counts items answered, never how well they did."""

    sections: tuple[SectionState, ...]
    inapplicable: tuple[Inapplicable, ...]
    kept_aside: tuple[Answer, ...]

    @property
    def total(self) -> int:
        return sum(section.total for section in self.sections)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def preset(self) -> int:
        """Items that count as NO without anybody having answered them; they do not keep a visit open."""
        return sum(section.preset for section in self.sections)

    @property
    def open(self) -> int:
        return self.total - self.answered - self.preset

    @property
    def done(self) -> bool:
        return self.open == 0

    def items(self) -> Iterator[ItemState]:
        for section in self.sections:
            yield from section.items

    def entries(self) -> Iterator[Entry]:
        for item in self.items():
            yield from item.entries

    def section(self, key: str) -> SectionState | None:
        return next((state for state in self.sections if state.section.key == key), None)

    def after(self, key: str) -> SectionState | None:
        keys = [state.section.key for state in self.sections]
        place = keys.index(key) + 1 if key in keys else len(keys)
        return self.sections[place] if place < len(keys) else None

    def before(self, key: str) -> SectionState | None:
        keys = [state.section.key for state in self.sections]
        place = keys.index(key) if key in keys else 0
        return self.sections[place - 1] if place else None

    @property
    def first_unfinished(self) -> SectionState | None:
        return next((state for state in self.sections if state.state != DONE), None)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(self._gaps())

    def _gaps(self) -> Iterator[Gap]:
        for state in self.sections:
            for item in state.items:
                for entry in item.entries:
                    if entry.reading.faults:
                        for fault in entry.reading.faults:
                            yield Gap(state.section, entry, fault.words)
                    elif not entry.reading.complete:
                        yield Gap(state.section, entry, say("Not answered yet."))


def journey(
    asked: Iterable[Section],
    facts: Mapping[str, object],
    readings: Mapping[Key, Reading],
    practitioners: Sequence[str],
) -> Journey:
    """Lay the readings of a visit over the sections of its checklist, or over some of them.

    An item that does not apply counts nowhere and is listed once; what was answered for it is kept aside. An
    item asked per practitioner is asked once for the visit when nobody works there that day.
    """
    sections: list[SectionState] = []
    inapplicable: list[Inapplicable] = []
    used: set[Key] = set()
    for section in asked:
        states: list[ItemState] = []
        for item in section.items:
            decision = decide(item.applies_when, facts)
            if not decision.applies and decision.because:
                inapplicable.append(Inapplicable(item, decision.because))
                continue
            state = _item_state(item, facts, readings, practitioners)
            used.update([entry.key for entry in state.entries])
            states.append(state)
        if states:
            sections.append(SectionState(section, tuple(states)))
    aside = tuple(
        reading.answer
        for key, reading in readings.items()
        if key not in used and reading.answer != Answer(*key)  # one that was emptied again holds nothing
    )
    return Journey(tuple(sections), tuple(inapplicable), aside)


def people_for(item: Item, practitioners: Sequence[str]) -> tuple[str | None, ...]:
    """Who an item is answered for."""
    return tuple(practitioners) if item.per_practitioner and practitioners else (None,)


def _item_state(
    item: Item, facts: Mapping[str, object], readings: Mapping[Key, Reading], practitioners: Sequence[str]
) -> ItemState:
    preset = is_preset(item, facts)
    entries = [
        Entry(item, person, _reading(item, person, readings, preset))
        for person in people_for(item, practitioners)
    ]
    return ItemState(item, tuple(entries), combine([entry.reading.answer.mark for entry in entries]))


def is_preset(item: Item, facts: Mapping[str, object]) -> bool:
    """Without a procedure to look at, an item that needs sight begins as NO; the inspector may change it."""
    return item.needs_sight and facts.get("procedure_observed") in (False, "false")


def _reading(item: Item, person: str | None, readings: Mapping[Key, Reading], preset: bool) -> Reading:
    reading = readings.get((item.key, person))
    if reading is not None and (reading.complete or reading.faults):
        return reading
    reading = reading or bare(item.key, person)
    return Reading(replace(reading.answer, mark=NO, preset=True)) if preset else reading
