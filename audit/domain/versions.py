"""What is different between two published checklists: items added, removed and changed, and the rules around them.

Items are matched by their stable key. Everything is compared as it is read, so a difference can be shown as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from audit.domain import wording
from audit.domain.canonical import sha256_of
from audit.domain.checklists import Checklist, Item, Part, Section
from audit.domain.due import WEEKDAYS
from audit.domain.facts import FactKey
from audit.domain.tongue import say, word

Lines = tuple[str, ...]

KIND_WORDS = {"inspection": word("inspection"), "self-audit": word("self-audit")}
FACT_WORDS = {"bool": word("yes or no"), "int": word("whole number"), "choice": word("choice")}


@dataclass(frozen=True)
class Change:
    """One field that reads differently: its name, what only the older says, what only the newer says."""

    field: str
    before: Lines
    after: Lines


@dataclass(frozen=True)
class ItemChange:
    """An item that both hold and that reads differently; as it stands in the newer."""

    item: Item
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Renumbered:
    """An item of both that stands elsewhere: its key and both numbers."""

    key: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """All that is different from an older to a newer checklist; items in the order of the one that holds them."""

    rules: tuple[Change, ...]
    added: tuple[Item, ...]
    removed: tuple[Item, ...]
    changed: tuple[ItemChange, ...]
    renumbered: tuple[Renumbered, ...]

    def __bool__(self) -> bool:
        return any((self.rules, self.added, self.removed, self.changed, self.renumbered))


def compare(older: Checklist, newer: Checklist) -> Difference:
    """What changed from one checklist to another; of other versions, other packs or other kinds."""
    sections = _sections(older), _sections(newer)
    both = [item for item in newer.items() if older.has(item.key)]
    changed = []
    for item in both:
        was = older.item(item.key)
        names = {part.key: part.label for part in (*was.parts, *item.parts)}
        before = _item_fields(was, sections[0][item.key], older, names)
        found = _changes(before, _item_fields(item, sections[1][item.key], newer, names))
        if found:
            changed.append(ItemChange(item, found))
    return Difference(
        rules=_changes(_rules(older), _rules(newer)),
        added=tuple(item for item in newer.items() if not older.has(item.key)),
        removed=tuple(item for item in older.items() if not newer.has(item.key)),
        changed=tuple(changed),
        renumbered=tuple(
            Renumbered(item.key, older.item(item.key).number, item.number)
            for item in both
            if older.item(item.key).number != item.number
        ),
    )


def _sections(checklist: Checklist) -> dict[str, Section]:
    return {item.key: section for section in checklist.sections for item in section.items}


def _changes(before: dict[str, Lines], after: dict[str, Lines]) -> tuple[Change, ...]:
    """Fields that read differently; of several lines those that only one of both has, or all when only moved."""
    found = []
    for field in dict.fromkeys((*before, *after)):
        old, new = before.get(field, ()), after.get(field, ())
        if old == new:
            continue
        gone = tuple(line for line in old if line not in new)
        come = tuple(line for line in new if line not in old)
        found.append(Change(field, gone, come) if gone or come else Change(field, old, new))
    return tuple(found)


def _item_fields(
    item: Item, section: Section, checklist: Checklist, names: Mapping[str, str]
) -> dict[str, Lines]:
    """Every field of an item by the name people know, in lines; ``names`` of parts by key."""
    fields = {
        say("Section"): (section.title,),
        say("Prompt"): (item.prompt,),
        say("Look at"): (item.look,),
        say("Severity"): (say(item.severity),),
        say("Reason"): (item.reason,),
        say("Standing"): (say(item.standing),),
        say("Asked"): (
            say("for each practitioner") if item.per_practitioner else say("once"),
            *((say("a photo is asked for"),) if item.photo_asked else ()),
            *((say("not observed unless a procedure is seen"),) if item.needs_sight else ()),
        ),
        say("Marks"): item.marks,
        say("Only when"): (wording.condition_words(item.applies_when, checklist) or say("always"),),
        say("Ready phrases"): item.phrases,
        say("Corrective action"): (item.corrective,),
        say("Correct by"): (_correct_by(item, checklist),),
        say("Citations"): tuple(wording.citation_words(citation) for citation in item.citations),
        say("Grounds"): item.grounds,
    }
    for part in item.parts:
        fields[say("Value “{name}”", name=names[part.key])] = tuple(_part_lines(part, checklist))
    return fields


def _correct_by(item: Item, checklist: Checklist) -> str:
    """The deadline in words; for a stop also the date that is noted with it."""
    words = wording.correct_by_words(item, checklist.due)
    if item.correct_by and item.correct_by.stop:
        return f"{words} ({replace(item.correct_by, stop=False).words})"
    return words


def _part_lines(part: Part, checklist: Checklist) -> Iterator[str]:
    yield part.label
    yield say("takes {values}", values=wording.entered_words(part))
    if part.when:
        yield say("asked only when {condition}", condition=wording.condition_words(part.when, checklist))
    for line in wording.limit_lines(part, checklist):
        yield say("limit: {limit}", limit=line)
    for words in part.advice:
        yield say("advice: {words}", words=words)


def _kind(fact: FactKey) -> str:
    return say(FACT_WORDS.get(fact.kind, fact.kind))


def _translations(checklist: Checklist) -> Iterator[str]:
    """The other languages, each with the fingerprint of its words: read there, the two differ item by item."""
    for code, words in (checklist.document or {}).get("languages", {}).items():
        yield f"{code} {sha256_of(words)[:12]}"


def _rules(checklist: Checklist) -> dict[str, Lines]:
    """What stands around the items."""
    due = checklist.due
    return {
        say("Title"): (checklist.title,),
        say("Translations"): tuple(_translations(checklist)),
        say("Pack"): (checklist.pack_title,),
        say("Jurisdiction"): (checklist.jurisdiction,),
        say("Kind"): (say(KIND_WORDS[checklist.kind]) if checklist.kind in KIND_WORDS else checklist.kind,),
        say("Score"): (wording.scheme_words(checklist.scheme),),
        say("Deadlines"): (wording.due_words(due),),
        say("Next visit"): (wording.next_visit_rule(due),),
        say("Holidays"): tuple(day.isoformat() for day in sorted(due.calendar.holidays)),
        say("Weekend"): tuple(say(WEEKDAYS[day]) for day in sorted(due.calendar.weekend)),
        say("Words"): tuple(f"{name}: {words}" for name, words in checklist.words),
        say("Facts asked"): tuple(
            f"{fact.label}: {fact.question} ({', '.join(option.label for option in fact.options) or _kind(fact)})"
            for fact in checklist.facts
        ),
        say("Sources read"): tuple(
            f"{source.short}: {source.address}, {source.read_on}" for source in checklist.sources
        ),
        say("Sections"): tuple(f"{section.letter} {section.title}" for section in checklist.sections),
    }
