"""What was entered for one item, read in one place: forms, tablets and documents all come through here."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from audit.domain import values
from audit.domain.checklists import Checklist, Item, Part
from audit.domain.conditions import decide
from audit.domain.limits import Limit, Measured, describe, judge_date, judge_number
from audit.domain.tongue import say

IN, OUT, NO, NA = "IN", "OUT", "NO", "NA"
MARKS = (IN, OUT, NO, NA)
NOT_SHOWN, NOT_MEASURED = "not-shown", "not-measured"
NOTE_LIMIT, REASON_LIMIT, TEXT_LIMIT = 4000, 1000, 500
LATEST_CORRECTION_DAYS = 730
ENTERED = "@entered"

Key = tuple[str, str | None]  # item key, practitioner id or none


@dataclass(frozen=True)
class PhotoLink:
    """A photo shown with an answer; ``marks`` is the layer drawn over it (``audit.domain.markings``)."""

    sha256: str
    caption: str = ""
    marks: str = ""


@dataclass(frozen=True)
class Raw:
    """What was entered, as text, before any judging; the unit of keeping and of comparing revisions."""

    mark: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    absent: str = ""
    note: str = ""
    reason: str = ""
    corrected_on_site: bool = False
    correct_by: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.mark or any(self.values.values()) or self.absent or self.note or self.reason)

    @property
    def is_bare(self) -> bool:
        """Nothing that could be wrong or that would be kept beside the mark."""
        return not (self.values or self.absent or self.note or self.reason)

    def document(self) -> dict[str, Any]:
        """The shape kept in the ledger and compared between tablets; empty entries are left out."""
        kept: dict[str, Any] = {
            "mark": self.mark,
            "values": {key: value for key, value in self.values.items() if value},
            "units": {key: value for key, value in self.units.items() if self.values.get(key)},
            "absent": self.absent,
            "note": self.note,
            "reason": self.reason,
            "corrected_on_site": self.corrected_on_site,
            "correct_by": self.correct_by,
        }
        return {key: value for key, value in kept.items() if value}


def raw_from(document: Mapping[str, Any]) -> Raw:
    """Read back what ``Raw.document`` wrote."""
    return Raw(**document)


@dataclass(frozen=True)
class Judged:
    """How one value stands against its frozen limit: the derived mark (or none), the limit and its source."""

    part: str
    mark: str | None
    limit: str
    finding: str
    source: str


@dataclass(frozen=True)
class Answer:
    """One item's answer (for one practitioner, or for the visit). ``mark`` is none while incomplete.

    ``derived`` is what the values say; when ``mark`` differs, ``reason`` says why and both are kept.
    ``values`` hold base-unit numbers, ISO dates, option values and text; ``part@entered`` what was read in
    another unit.
    """

    item: str
    person: str | None
    mark: str | None = None
    derived: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    absent: str | None = None
    note: str = ""
    reason: str = ""
    corrected_on_site: bool = False
    correct_by: date | None = None
    photos: tuple[PhotoLink, ...] = ()
    warnings: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()
    preset: bool = False


@dataclass(frozen=True)
class AnswerFault:
    """Why an answer is not complete yet: the field (``mark``, ``note``, ``values.date`` …), a code, and words."""

    field: str
    code: str
    words: str


@dataclass(frozen=True)
class Reading:
    """An answer as far as it goes. Faults never lose anything: the answer still carries what was entered."""

    answer: Answer
    faults: tuple[AnswerFault, ...] = ()

    @property
    def complete(self) -> bool:
        return self.answer.mark is not None and not self.faults


@dataclass(frozen=True)
class Context:
    """What reading needs to know of the visit: its date, its facts, and the values of other answers."""

    inspected_on: date
    facts: Mapping[str, object] = field(default_factory=dict)
    others: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def known(self) -> dict[str, object]:
        """Facts and answers together, as conditions look at them."""
        return {**self.facts, **self.others}


def read(item: Item, raw: Raw, context: Context, person: str | None = None) -> Reading:
    """Turn what was entered for one item into an answer and the list of what is still wrong with it."""
    if raw.is_empty:
        return bare(item.key, person)
    if raw.is_bare and raw.mark != OUT and raw.mark in item.marks and not item.value_parts:
        return bare(item.key, person, raw.mark)
    return _Reader(item, raw, context, person).read()


@lru_cache(maxsize=8192)
def bare(item: str, person: str | None, mark: str | None = None) -> Reading:
    """The reading of a mark alone, or of nothing yet: most entries are that, and one of each is enough."""
    return Reading(Answer(item, person, mark))


def asked(part: Part, context: Context, own: Mapping[str, str] | None = None) -> bool:
    """Is this part asked under the facts and the other answers?"""
    return part.when is None or decide(part.when, {**context.known, **(own or {})}).applies


class _Reader:
    """Reads one item; holds the faults found on the way."""

    def __init__(self, item: Item, raw: Raw, context: Context, person: str | None) -> None:
        self.item, self.raw, self.context, self.person = item, raw, context, person
        self.faults: list[AnswerFault] = []
        self.values: dict[str, str] = {}
        self.typed: dict[str, Decimal | date | str] = {}
        self.measured: dict[str, Measured] = {}
        self.wrong: set[str] = set()
        self.judged: list[Judged] = []
        self.warnings: list[str] = []

    def read(self) -> Reading:
        self._read_values()
        self._judge_values()
        note = self._text("note", self.raw.note, NOTE_LIMIT)
        reason = self._text("reason", self.raw.reason, REASON_LIMIT)
        derived = self._derived()
        mark = self._mark(derived, reason)
        self._missing_values(mark)
        if mark == OUT and not note:
            self._fault("note", "needs-words", say("Say what you saw: an OUT needs words."))
        if self.raw.absent == NOT_MEASURED and not (note or reason):
            self._fault("note", "needs-reason", say("Say why it could not be measured."))
        out = mark == OUT
        answer = Answer(
            item=self.item.key,
            person=self.person,
            mark=mark,
            derived=derived,
            values=self.values,
            absent=self.raw.absent or None,
            note=note,
            reason=reason,
            corrected_on_site=out and self.raw.corrected_on_site,
            correct_by=self._correct_by() if out else None,
            warnings=tuple(self.warnings),
            judged=tuple(self.judged),
        )
        return Reading(answer, tuple(self.faults))

    def _fault(self, where: str, code: str, words: str) -> None:
        self.faults.append(AnswerFault(where, code, words))

    def _text(self, where: str, text: str, limit: int) -> str:
        if not text:
            return ""
        try:
            return values.text(text, limit)
        except ValueError as error:
            self._fault(where, "text", str(error))
            return values.cleaned(text)

    # values -----------------------------------------------------------------------------------------------

    def _own(self) -> dict[str, str]:
        """The values that could be read, as conditions and limits look at them."""
        return {
            f"{self.item.key}#{key}": value for key, value in self.values.items() if key not in self.wrong
        }

    def _asked(self, part: Part) -> bool:
        return part.when is None or asked(part, self.context, self._own())

    def _read_values(self) -> None:
        if not self.raw.values:
            return
        known = {part.key for part in self.item.value_parts}
        for key in self.raw.values:
            if key not in known:
                self._fault(f"values.{key}", "unknown", say("This item has no such value."))
        for part in self.item.value_parts:
            entered = self.raw.values.get(part.key, "").strip()
            if entered and self._asked(part):
                self._read_value(part, entered)

    def _read_value(self, part: Part, entered: str) -> None:
        try:
            if part.kind == "number":
                unit = self.raw.units.get(part.key) or part.unit or ""
                measured = values.number(entered, unit, part)
                self.measured[part.key] = measured
                self.values[part.key] = values.spelled(measured.value)
                if unit != (part.unit or ""):
                    self.values[part.key + ENTERED] = f"{values.spelled(measured.read)} {unit}"
            elif part.kind == "date":
                self.typed[part.key] = values.day(entered, self._latest(part))
                self.values[part.key] = entered
            elif part.kind == "choice":
                self.values[part.key] = values.choice(entered, part)
            else:
                self.values[part.key] = values.text(entered, TEXT_LIMIT)
        except ValueError as error:
            self._fault(f"values.{part.key}", part.kind, str(error))
            self.wrong.add(part.key)
            self.values[part.key] = values.cleaned(entered)[:TEXT_LIMIT]

    def _latest(self, part: Part) -> date | None:
        """Something that has happened cannot lie after the visit; an expiry may."""
        return None if part.limit and part.limit.looks_ahead else self.context.inspected_on

    def _limit(self, part: Part) -> Limit | None:
        if part.limit is None:
            return None
        if part.limit.kind != "cases":
            return part.limit
        return part.limit.standing_for({**self.context.known, **self._own()})

    def _judge_values(self) -> None:
        for part in self.item.value_parts:
            if part.key in self.values and part.key not in self.wrong:
                self._judge(part)

    def _judge(self, part: Part) -> None:
        if part.kind == "choice":
            mark = next(option.mark for option in part.options if option.value == self.values[part.key])
            if mark:
                self.judged.append(Judged(part.key, mark, "", "", ""))
            return
        limit = self._limit(part)
        if limit is None or part.kind == "text":
            return
        if part.kind == "date":
            day = self.typed[part.key]
            assert isinstance(day, date)
            judgement = judge_date(limit, day, self.context.inspected_on)
        else:
            known = {**self.context.others, **self._own()}
            judgement = judge_number(limit, self.measured[part.key], known)
        if judgement.mark is None:
            return
        words = judgement.words if part.kind == "number" else describe(limit, part.unit)
        finding = judgement.words if part.kind == "date" else ""
        self.judged.append(Judged(part.key, judgement.mark, words, finding, limit.source))
        if judgement.warning:
            self.warnings.append(say("{name}: {words}", name=part.label, words=judgement.warning))

    # mark -------------------------------------------------------------------------------------------------

    def _derived(self) -> str | None:
        if self.raw.absent:
            return self._derived_from_absence()
        if not self.judged:
            return None
        marks = {judged.mark for judged in self.judged}
        return next((mark for mark in (OUT, NO, IN, NA) if mark in marks), None)

    def _derived_from_absence(self) -> str | None:
        if self.raw.absent not in (NOT_SHOWN, NOT_MEASURED):
            self._fault("absent", "unknown", say("Choose not shown or could not be measured."))
            return None
        could_be_missing = [part.key for part in self.item.value_parts if part.kind != "text"]
        if not could_be_missing:
            self._fault("absent", "no-value", say("This item has no value that could be missing."))
            return None
        if any(key in self.values for key in could_be_missing):
            self._fault(
                "absent", "has-value", say("Either give the value or say that it is missing, not both.")
            )
        return OUT if self.raw.absent == NOT_SHOWN else NO

    def _mark(self, derived: str | None, reason: str) -> str | None:
        chosen = self.raw.mark
        if not chosen:
            return self._mark_from_values(derived)
        if chosen not in MARKS:
            self._fault("mark", "unknown", say("Choose IN, OUT, NO or NA."))
            return None
        if chosen not in self.item.marks and chosen != derived:
            self._fault("mark", "not-offered", say("{mark} does not fit this item.", mark=chosen))
            return None
        if self._contradicts(chosen, derived) and not reason:
            words = say("The value says {derived}. Say why you mark it {mark}.", derived=derived, mark=chosen)
            self._fault("reason", "needs-reason", words)
        return chosen

    def _contradicts(self, chosen: str, derived: str | None) -> bool:
        if derived is None or chosen == derived:
            return False
        # A good value does not vouch for the rest of an item that is also looked at.
        return not (derived == IN and chosen == OUT and self.item.mark_part is not None)

    def _mark_from_values(self, derived: str | None) -> str | None:
        part = self.item.mark_part
        mark_is_asked = part is not None and part.required and self._asked(part)
        if derived in (OUT, NO, NA) or (derived == IN and not mark_is_asked):
            return derived
        marks = values.listed(self.item.marks)
        values_wrong = any(fault.field.startswith("values.") for fault in self.faults)
        if mark_is_asked or (self.raw.note and not values_wrong and not self.values):
            self._fault("mark", "needs-mark", say("Choose {marks}.", marks=marks))
        elif self.values and not values_wrong and derived is None and not self._missing():
            words = say("No limit judges this value here. Choose {marks}.", marks=marks)
            self._fault("mark", "needs-mark", words)
        return None

    def _missing(self) -> tuple[Part, ...]:
        return tuple(
            part
            for part in self.item.value_parts
            if not self.values.get(part.key) and self._required(part) and self._asked(part)
        )

    def _required(self, part: Part) -> bool:
        """A number that the checklist has a limit for here is always asked: a bare mark would pass it by."""
        return part.required or (part.kind == "number" and self._limit(part) is not None)

    def _missing_values(self, mark: str | None) -> None:
        if self.raw.absent or mark in (NO, NA) or (mark == OUT and self.item.mark_part is not None):
            return
        for part in self._missing():
            self._fault(f"values.{part.key}", "missing", say("Give a value: {name}.", name=part.label))

    def _correct_by(self) -> date | None:
        entered = self.raw.correct_by.strip()
        if not entered:
            return None
        first = self.context.inspected_on
        try:
            day = values.day(entered, first + timedelta(days=LATEST_CORRECTION_DAYS))
        except ValueError as error:
            self._fault("correct_by", "date", str(error))
            return None
        if day < first:
            self._fault("correct_by", "too-early", say("The correct-by date lies before the visit."))
            return None
        return day


def combine(marks: Iterable[str | None]) -> str | None:
    """One mark for an item asked per practitioner: OUT if any is OUT, else NO, else IN, else NA.

    While any practitioner's answer is missing the item has no mark, unless one is OUT already.
    """
    found = list(marks)
    if OUT in found:
        return OUT
    if not found or None in found:
        return None
    return NO if NO in found else IN if IN in found else NA


def settle(
    checklist: Checklist,
    raws: Mapping[Key, Raw],
    inspected_on: date,
    facts: Mapping[str, object],
) -> dict[Key, Reading]:
    """Read every entry of a visit together, so that limits see the other answers they depend on."""
    context = Context(inspected_on, facts, dict(_stated(checklist, raws)))
    return {
        (item, person): read(checklist.item(item), raw, context, person)
        for (item, person), raw in raws.items()
        if checklist.has(item)
    }


def _stated(checklist: Checklist, raws: Mapping[Key, Raw]) -> Iterator[tuple[str, str]]:
    """Values as other answers may look at them, in base units; what cannot be read is not there for them."""
    for (item, person), raw in raws.items():
        if person is not None or not raw.values or not checklist.has(item):
            continue
        for part in checklist.item(item).value_parts:
            entered = raw.values.get(part.key, "").strip()
            try:
                if entered:
                    yield f"{item}#{part.key}", values.stated(entered, raw.units.get(part.key, ""), part)
            except ValueError:
                continue
