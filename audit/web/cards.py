"""What a section page shows of each item: its face, and one unit per answer with what was entered so far."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4

from flask import current_app
from markupsafe import Markup

from audit.domain.answers import (
    ENTERED,
    NOT_SHOWN,
    NOTE_LIMIT,
    OUT,
    AnswerFault,
    Context,
    Judged,
    Key,
    PhotoLink,
    Raw,
    asked,
    raw_from,
)
from audit.domain.changes import Conflict
from audit.domain.checklists import Item, Part
from audit.domain.entered import entry_words
from audit.domain.measures import unit_words, with_units
from audit.domain.steps import Entry, ItemState
from audit.domain.tongue import numeral, say, thousands, word
from audit.domain.visits import Visit
from audit.operations import answers, suggestions
from audit.operations.suggestions import Suggestion
from audit.web.dates import day_words, days_words, moment_words
from audit.web.faces import Face, faces_of
from audit.web.gate import desk
from audit.web.keeping import Beside, Keeper
from audit.web.progress import Laid
from forms.steps import Sent, slug_of, stamp_of

SAID_LENGTH = 90
DEVICE_WORDS = {"page": word("in a browser"), "": word("with a document")}
_NO_FAULTS: Mapping[str, tuple[str, ...]] = {}
_NONE: frozenset[str] = frozenset()
NOTHING = Raw()


@dataclass(frozen=True)
class Rival:
    """A value that lost against the kept one and waits for somebody to choose."""

    op_id: str
    by: str
    words: str


@dataclass(frozen=True)
class Line:
    """A judged value in words, with the mark it derives."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One answer on the page: what is shown in its inputs, what is wrong with it, and what it comes to."""

    slug: str
    op: str
    rev: str
    person_name: str
    values: Mapping[str, str]
    units: Mapping[str, str]
    mark: str
    absent: str
    note: str
    reason: str
    corrected_on_site: bool
    correct_by: str
    due_words: str
    phrases: tuple[tuple[int, str], ...]
    photos: tuple[PhotoLink, ...]
    faults: Mapping[str, Iterable[str]]
    judged: tuple[Line, ...]
    warnings: tuple[str, ...]
    skipped: frozenset[str]
    rivals: tuple[Rival, ...]
    kept_words: str
    kept_by: str
    is_out: bool
    is_open: bool
    preset: bool
    person: str = ""
    suggested: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An item with its units; ``open`` unless everything is answered; ``said`` is shown when folded.

    ``before`` are the days at which the item was OUT at the visits before: OUT again is a repeat.
    """

    face: Face
    units: tuple[Unit, ...]
    mark: str | None
    open: bool
    said: str
    before: str = ""


# Where a unit's op_id goes into a drawn card. No text that is kept or shown can hold this character.
OP_ID = "\x00"
_drawn: Keeper[tuple[str, ...]] = Keeper(room=2048)


def cards_of(
    visit: Visit, items: Iterable[ItemState], posted: Mapping[Key, Sent] | None = None
) -> list[Markup]:
    """The drawn cards of some items. ``posted`` lies over what is kept: nothing typed is lost by an error.

    Drawing a card costs more than all else on the page, and most cards were drawn just so before (a card without
    an answer is the same at every visit of a day), so they are kept under everything they show.
    """
    drawer, items = _Drawer(visit, posted or {}), list(items)
    drawer.look_up(items)
    return [drawer.card(state) for state in items]


# Sections as they were drawn last, with what their cards show besides what the section holds.
_sections: Beside[tuple[object, list[str]]] = Beside(room=192)


def cards_of_section(visit: Visit, laid: Laid, posted: Mapping[Key, Sent] | None = None) -> list[Markup]:
    """The drawn cards of a section, in one piece: while nothing in it changed, no card is looked at."""
    if posted or visit.conflicts or not laid.items:
        return cards_of(visit, laid.items, posted)
    drawer = _Drawer(visit, {})
    drawer.look_up(laid.items)
    shown = visit.links, visit.practitioners, visit.possible_repeats, drawer.suggested
    known = _sections.find(laid)
    if known is None or known[0] != shown:
        pieces = "\n".join([OP_ID.join(drawer.pieces(state)) for state in laid.items]).split(OP_ID)
        known = _sections.keep(laid, (shown, pieces))
    return [_with_ids(known[1])]


def _with_ids(pieces: Sequence[str]) -> Markup:
    """A drawn card with new op_ids, random UUIDs, in their places."""
    digits = token_hex(16 * (len(pieces) - 1))
    found = [pieces[0]]
    for place, piece in enumerate(pieces[1:]):
        own = digits[32 * place : 32 * place + 32]
        found += (f"{own[:8]}-{own[8:12]}-4{own[13:16]}-a{own[17:20]}-{own[20:]}", piece)
    return Markup("".join(found))  # pieces are drawn


def empty_card(item: Item, face: Face, slug: str) -> Markup:
    """An item's card as it is before anybody answered, for nobody in particular: a tablet fills it."""
    unit = Unit(
        slug=slug,
        op="",
        rev="",
        person_name="",
        values={},
        units={},
        mark="",
        absent="",
        note="",
        reason="",
        corrected_on_site=False,
        correct_by="",
        due_words="",
        phrases=item.unsaid(""),
        photos=(),
        faults=_NO_FAULTS,
        judged=(),
        warnings=(),
        skipped=_NONE,
        rivals=(),
        kept_words="",
        kept_by="",
        is_out=False,
        is_open=False,
        preset=False,
    )
    card = Card(face=face, units=(unit,), mark=None, open=True, said="")
    drawn: Markup = _macro()(card)
    return drawn


def _macro() -> Any:
    return current_app.jinja_env.get_template("components/item.html").module.card  # type: ignore[attr-defined]


class _Drawer:
    """Holds what all cards of one page look at."""

    def __init__(self, visit: Visit, posted: Mapping[Key, Sent]) -> None:
        self.visit, self.posted = visit, posted
        self.faces = faces_of(visit.checklist)
        self.rivals: dict[Key, list[Conflict]] = {}
        for conflict in visit.conflicts:
            self.rivals.setdefault(conflict.key, []).append(conflict)
        self.context = Context(visit.inspection.inspected_on, visit.inspection.all_facts)
        self.macro = _macro()
        self.suggested: Mapping[Key, Suggestion] = {}

    def look_up(self, items: Iterable[ItemState]) -> None:
        """What the clinic's own papers and logs say to these items."""
        asked = [(entry.item, entry.person) for state in items for entry in state.entries]
        self.suggested = suggestions.for_items(desk(), self.visit, asked)

    def card(self, state: ItemState) -> Markup:
        if any(entry.key in self.posted for entry in state.entries):
            return self._draw(state, again=True)
        return _with_ids(self.pieces(state))

    def pieces(self, state: ItemState) -> tuple[str, ...]:
        """The drawn card, cut where its op_ids go."""
        before = self.visit.repeats(state.item.key)
        key = (self.visit.checklist.sha256, state.item.key, before, *map(self._shown, state.entries))
        return _drawn.get(key, lambda: tuple(str(self._draw(state)).split(OP_ID)))

    def _shown(self, entry: Entry) -> Hashable:
        """Everything that the card of an entry depends on besides its face."""
        answer, key = entry.reading.answer, entry.key
        return (
            entry.person and (entry.person, self.visit.practitioner_name(entry.person)),
            self._stamp(entry),
            (answer.mark, answer.derived, answer.preset, answer.judged, answer.warnings),
            entry.reading.faults,
            self.visit.links.get(key),
            (self._rivals(entry.item, key), self._kept_by(key)) if self.rivals else (),
            self._skipped(entry.item),
            self.suggested.get(key),
        )

    def _stamp(self, entry: Entry) -> str:
        kept = self.visit.kept.get(entry.key)
        return stamp_of(kept.rev if kept else 0, self._raw(entry), self._due(entry.item).isoformat())

    def _raw(self, entry: Entry) -> Raw:
        """What the inputs show: what was entered, or the preset."""
        answer, kept = entry.reading.answer, self.visit.kept.get(entry.key)
        if answer.preset:
            return Raw(mark=answer.mark or "")
        return kept.raw if kept else NOTHING

    def _due(self, item: Item) -> date:
        return self.visit.checklist.due.due(
            item.correct_by, item.severity, self.visit.inspection.inspected_on
        )

    def _draw(self, state: ItemState, again: bool = False) -> Markup:
        units = tuple(self.unit(entry, again) for entry in state.entries)
        troubled = any(unit.faults or unit.rivals for unit in units)
        card = Card(
            face=self.faces[state.item.key],
            units=units,
            mark=state.mark,
            open=again or troubled or not state.complete,
            said=said_of(state),
            before=days_words(self.visit.repeats(state.item.key)),
        )
        drawn: Markup = self.macro(card)
        return drawn

    def unit(self, entry: Entry, again: bool = False) -> Unit:
        item, key, visit = entry.item, entry.key, self.visit
        kept = visit.kept.get(key)
        answer = entry.reading.answer
        sent = self.posted.get(key)
        raw = sent.raw if sent else self._raw(entry)
        due = self._due(item)
        faults = _by_field(entry)
        is_out = answer.mark == OUT or raw.absent == NOT_SHOWN or (answer.derived == OUT and not raw.mark)
        return Unit(
            slug=slug_of(item, entry.person),
            op=_op_id(sent) if again else OP_ID,
            rev=self._stamp(entry),
            person_name=visit.practitioner_name(entry.person) if entry.person else "",
            values=raw.values,
            units=raw.units,
            mark=raw.mark,
            absent=raw.absent,
            note=raw.note,
            reason=raw.reason,
            corrected_on_site=raw.corrected_on_site,
            correct_by=raw.correct_by or due.isoformat(),
            due_words=due_words(item, due),
            phrases=item.unsaid(raw.note),
            photos=visit.links.get(key, ()),
            faults=faults,
            judged=tuple(Line(judged.mark or "", judged_words(judged)) for judged in answer.judged),
            warnings=answer.warnings,
            skipped=self._skipped(item),
            rivals=self._rivals(item, key),
            kept_words=raw_words(item, kept.raw if kept else NOTHING),
            kept_by=self._kept_by(key),
            is_out=is_out,
            is_open=bool("note" in faults or raw.absent),
            preset=answer.preset,
            person=entry.person or "",
            suggested=self.suggested.get(key),
        )

    def _skipped(self, item: Item) -> frozenset[str]:
        """Parts that the facts of the visit rule out; those that hang on other answers stay on the page."""
        if not self.faces[item.key].conditional:
            return _NONE
        parts = (part for part in item.value_parts if part.when is not None)
        return frozenset(part.key for part in parts if not asked(part, self.context))

    def _rivals(self, item: Item, key: Key) -> tuple[Rival, ...]:
        return tuple(
            Rival(
                conflict.op_id,
                entered_by(self.visit, conflict.author, conflict.device, conflict.at),
                raw_words(item, raw_from(conflict.value)),
            )
            for conflict in self.rivals.get(key, ())
        )

    def _kept_by(self, key: Key) -> str:
        return kept_by(self.visit, key) if key in self.rivals else ""


def entered_by(visit: Visit, author: str, device: str, at: datetime) -> str:
    """``Ines Field, in a browser, Tue 3 Mar 2026, 09:05``"""
    where = say(DEVICE_WORDS[device]) if device in DEVICE_WORDS else say("on {device}", device=device)
    when = moment_words(at, visit.inspection.time_zone)
    return f"{answers.author_of(desk(), author)}, {where}, {when}"


def kept_by(visit: Visit, key: Key) -> str:
    """Who entered what is kept now, where and when; nothing when nobody has."""
    kept = visit.kept.get(key)
    if kept is None:
        return ""
    device = answers.device_of(desk(), visit.inspection.id, key, kept.rev)
    return entered_by(visit, kept.author, device, kept.at)


def _op_id(sent: Sent | None) -> str:
    """The op_id that was sent, so that sending again stays one operation; a new one where none can be read."""
    try:
        return str(UUID(sent.op_id if sent else ""))
    except ValueError:
        return str(uuid4())


def _by_field(entry: Entry) -> Mapping[str, Iterable[str]]:
    if not entry.reading.faults:
        return _NO_FAULTS
    found: dict[str, list[str]] = {}
    for fault in entry.reading.faults:
        found.setdefault(fault.field, []).append(fault_words(entry, fault))
    return found


def fault_words(entry: Entry, fault: AnswerFault) -> str:
    """What is wrong, as pages say it: units as they are read, and why a note grew longer than what was typed."""
    note = entry.reading.answer.note
    if (
        fault.field == "note"
        and len(note) > NOTE_LIMIT
        and any(one in note for one in entry.item.ready_phrases)
    ):
        return say(
            "{length} of {limit} characters: the ready phrase counts too. Shorten your words.",
            length=thousands(len(note)),
            limit=thousands(NOTE_LIMIT),
        )
    return with_units(fault.words)


def due_words(item: Item, due: date) -> str:
    by_severity = say("by severity: {severity}", severity=say(item.severity))
    return f"{item.correct_by.words if item.correct_by else by_severity}, {day_words(due)}"


def judged_words(judged: Judged) -> str:
    """Why a value is IN or OUT: ``12 days left``, or ``limit: at least 121 °C (source)``."""
    words = judged.finding or (say("limit: {limit}", limit=with_units(judged.limit)) if judged.limit else "")
    return f"{words} ({judged.source})" if words and judged.source else words


def raw_words(item: Item, raw: Raw) -> str:
    """One entry in a line of words, for the folded card and for two values side by side."""
    return " · ".join(entry_words(item, raw)) or say("nothing")


def value_words(part: Part, value: str, entered: str = "") -> str:
    """One value as it is read: as it was entered when that was in another unit, else in the base unit."""
    if part.kind == "choice":
        return next((option.label for option in part.options if option.value == value), value)
    if part.kind == "number":
        told = numeral(entered or f"{value} {unit_words(part.unit)}".strip())
        return with_units(told) if entered else told
    return _day(value) if part.kind == "date" else value


def _day(value: str) -> str:
    """A day in words; what could not be read as one stays as it was typed."""
    try:
        return day_words(date.fromisoformat(value))
    except ValueError:
        return value


def said_of(state: ItemState) -> str:
    """What a folded card still says: values and the first words of the notes."""
    found: list[str] = []
    for entry in state.entries:
        answer = entry.reading.answer
        for part in entry.item.value_parts:
            value = answer.values.get(part.key)
            if value:
                found.append(value_words(part, value, answer.values.get(part.key + ENTERED, "")))
        if answer.preset:
            found.append(say("preset, because no procedure was under way"))
        if answer.note:
            found.append(answer.note)
    words = " · ".join(found).replace("\n", " ")
    return words if len(words) <= SAID_LENGTH else f"{words[:SAID_LENGTH].rstrip()}…"
