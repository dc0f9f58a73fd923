"""A given document meets its checklist: shorthands are resolved, everything is read, all faults are placed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain import values
from audit.domain.answers import OUT, Key, Raw
from audit.domain.checklists import Checklist, Item
from audit.domain.conditions import decide
from audit.domain.exchange import Given, GivenAnswer, GivenPhoto
from audit.domain.inspections import SELF_AUDIT
from audit.domain.problems import Fault
from audit.domain.steps import people_for
from audit.domain.visits import Visit

SHORTHANDS = ("number", "date", "choice", "text")


@dataclass(frozen=True)
class Arrival:
    """What a document says about one item, ready for the ledger."""

    place: str
    raw: Raw
    photos: tuple[GivenPhoto, ...]


class Arrivals:
    """Resolves the answers of a document; ``faults`` lists what is wrong with them."""

    def __init__(self, given: Given, checklist: Checklist, people: Mapping[str, str]) -> None:
        """``people`` maps the ids and the unique names of the practitioners to their ids."""
        self.given, self.checklist, self.people = given, checklist, people
        self.faults: list[Fault] = []
        self.answers: dict[Key, Arrival] = {}
        self.facts = self._facts("visit", "facts", given.facts) | self._facts("derived", "", given.facts)
        self.profile = self._facts("profile", "clinic.profile", given.clinic.profile)
        self._unknown_facts()
        if (given.purpose == SELF_AUDIT) != (checklist.kind == SELF_AUDIT):
            self.faults.append(Fault("purpose", f"does not go with {checklist.title}"))
        for answer in given.answers:
            self._take(answer)

    def _facts(self, scope: str, place: str, given: Mapping[str, Any]) -> dict[str, bool | int | str]:
        found: dict[str, bool | int | str] = {}
        for fact in self.checklist.facts:
            if fact.scope != scope or fact.key not in given:
                continue
            try:
                value = fact.reads(given[fact.key])
            except ValueError as error:
                self.faults.append(Fault(f"{place or 'facts'}.{fact.key}", str(error)))
                continue
            if value is not None:
                found[fact.key] = value
        return found

    def _unknown_facts(self) -> None:
        scopes = {fact.key: fact.scope for fact in self.checklist.facts}
        for key in self.given.facts:
            if scopes.get(key) not in ("visit", "derived"):
                self.faults.append(Fault(f"facts.{key}", "is no fact of a visit"))
        for key in self.given.clinic.profile:
            if scopes.get(key) != "profile":
                self.faults.append(Fault(f"clinic.profile.{key}", "is no fact of a profile"))

    def _take(self, answer: GivenAnswer) -> None:
        if not self.checklist.has(answer.item):
            self.faults.append(Fault(answer.place, f"{answer.item} is not in this checklist"))
            return
        item = self.checklist.item(answer.item)
        person = self._person(answer, item)
        key = item.key, person
        if key in self.answers:
            self.faults.append(Fault(answer.place, f"{item.key} is answered twice"))
            return
        self.answers[key] = Arrival(answer.place, self._raw(answer, item), answer.photos)

    def _person(self, answer: GivenAnswer, item: Item) -> str | None:
        asked = people_for(item, list(dict.fromkeys(self.people.values()))) != (None,)
        if not answer.practitioner:
            if asked:
                self.faults.append(
                    Fault(answer.place, f"{item.key} is answered for each practitioner: name one")
                )
            return None
        if not asked:
            self.faults.append(Fault(answer.place, f"{item.key} is not asked per practitioner"))
            return None
        if answer.practitioner not in self.people:
            self.faults.append(Fault(answer.place, f"there is no one practitioner {answer.practitioner!r}"))
            return None
        return self.people[answer.practitioner]

    def _raw(self, answer: GivenAnswer, item: Item) -> Raw:
        row = answer.row
        entered = {key: _spelled(value) for key, value in row.get("values", {}).items()}
        units = dict(row.get("units", {}))
        for kind in SHORTHANDS:
            if kind in row:
                self._shorthand(answer, item, kind, entered, units)
        if "unit" in row and "number" not in row:
            self.faults.append(Fault(f"{answer.place}.unit", "needs a number"))
        for key in units:
            if key not in entered:
                self.faults.append(Fault(f"{answer.place}.units.{key}", "goes with no value"))
        return Raw(
            mark=row.get("mark", ""),
            values=entered,
            units=units,
            absent=row.get("absent", ""),
            note=values.cleaned(row.get("note", "")),
            reason=values.cleaned(row.get("reason", "")),
            corrected_on_site=row.get("corrected_on_site", False),
            correct_by=row.get("correct_by", ""),
        )

    def _shorthand(
        self, answer: GivenAnswer, item: Item, kind: str, entered: dict[str, str], units: dict[str, str]
    ) -> None:
        parts = [part for part in item.parts if part.kind == kind]
        place = f"{answer.place}.{kind}"
        if len(parts) != 1:
            words = "has more than one of these: use values" if parts else f"takes no {kind}"
            self.faults.append(Fault(place, f"{item.key} {words}"))
        elif parts[0].key in entered:
            self.faults.append(Fault(place, "is given twice"))
        else:
            entered[parts[0].key] = _spelled(answer.row[kind])
            if kind == "number" and answer.row.get("unit"):
                units[parts[0].key] = answer.row["unit"]


def _spelled(value: object) -> str:
    return format(value, "f") if not isinstance(value, str | int) else str(value)


def visit_faults(visit: Visit, answers: Mapping[Key, Arrival]) -> Iterator[Fault]:
    """What is wrong once the answers stand in their visit: gaps, wrong values, items that do not apply."""
    facts = visit.inspection.all_facts
    for (item, _person), arrival in answers.items():
        decision = decide(visit.checklist.item(item).applies_when, facts)
        if not decision.applies and decision.because and arrival.raw.mark != "NA":
            fact, value = decision.because
            yield Fault(
                arrival.place, f"{item} does not apply here ({fact} is {value}); only NA may be given"
            )
    for entry in visit.journey.entries():
        given = answers.get(entry.key)
        place = given.place if given else "answers"
        for fault in entry.reading.faults:
            yield Fault(f"{place}.{fault.field}" if given else place, f"{entry.item.key}: {fault.words}")
        if not entry.reading.complete and not entry.reading.faults:
            who = f" for {visit.practitioner_name(entry.person)}" if entry.person else ""
            yield Fault(place, f"{entry.item.key} is not answered{who}")
        if given and entry.reading.answer.mark not in (OUT, None):
            for field in ("corrected_on_site", "correct_by"):
                if getattr(given.raw, field):
                    yield Fault(f"{place}.{field}", f"{entry.item.key}: only an OUT is corrected")
