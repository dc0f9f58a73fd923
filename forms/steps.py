"""The form of one section, made from its published definition: one compound field for all its answers.

An answer has up to a dozen inputs. They are bound together: a hundred times fewer WTForms objects than a nested
form with a field per input, and each whole answer goes through ``audit.domain.answers`` at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2s
from typing import Any

from wtforms import Field

from audit.domain.answers import Key, Raw, Reading, settle
from audit.domain.checklists import Checklist, Item, Part, Section
from audit.domain.conditions import keys_in
from audit.domain.limits import Limit
from forms.base import PageForm
from forms.fields import Posted, first, raw_from_page

Keys = tuple[tuple[str, str | None], ...]


def slug_of(item: Item, person: str | None) -> str:
    """The prefix of all inputs of one answer: printed numbers are frozen with the checklist."""
    number = item.number.replace("-", "")
    return f"a_{number}_{person.replace('-', '')}" if person else f"a_{number}"


def stamp_of(rev: int, shown: Raw, due: str = "") -> str:
    """What a page remembers of an answer: its revision, a fingerprint of what is shown, the date it proposes.

    The fingerprint tells an answer that was left alone from one that was changed, even in a stale tab.
    """
    return f"{rev}.{_fingerprint(shown) if shown != _NOTHING else _NOTHING_SHOWN}.{due}"


def _fingerprint(shown: Raw) -> str:
    return blake2s(spelled(shown).encode("ascii"), digest_size=6).hexdigest()


def spelled(raw: Raw) -> str:
    """One spelling for equal entries, for comparing them; not for keeping."""
    values = sorted((key, value, raw.units.get(key, "")) for key, value in raw.values.items() if value)
    rest = (raw.mark, raw.absent, raw.note, raw.reason, raw.corrected_on_site, raw.correct_by)
    return ascii((values, rest))


_NOTHING = Raw()
_NOTHING_SHOWN = _fingerprint(_NOTHING)


@dataclass(frozen=True)
class Sent:
    """What a page sent for one answer. ``keep`` is set when somebody chose between two values."""

    item: Item
    person: str | None
    slug: str
    op_id: str
    base_rev: int
    raw: Raw
    changed: bool
    keep: str = ""
    keep_reason: str = ""

    @property
    def key(self) -> Key:
        return self.item.key, self.person


@dataclass(frozen=True)
class Asked:
    """One answer that a section asks for, with the prefix of its inputs."""

    item: Item
    person: str | None
    slug: str

    def read(self, posted: Posted) -> Sent:
        """Read the inputs of this answer."""
        stamp = first(posted, "rev")
        revision, _, due = (*stamp.split(".", 2), "", "")[:3]
        raw = raw_from_page(self.item, posted, due)
        base_rev = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
        return Sent(
            item=self.item,
            person=self.person,
            slug=self.slug,
            op_id=first(posted, "op"),
            base_rev=base_rev,
            raw=raw,
            changed=stamp_of(base_rev, raw, due) != stamp,
            keep=first(posted, "keep"),
            keep_reason=first(posted, "keep-reason"),
        )


class AnswersField(Field):
    """All answers of a section; ``data`` holds a ``Sent`` for each that the page showed, in the section's order."""

    def __init__(self, asked: tuple[Asked, ...], **options: Any) -> None:
        super().__init__(**options)
        self.asked = asked
        self.data: tuple[Sent, ...] = ()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Bind: the inputs are sorted by answer once, not once per answer."""
        self.errors = []
        self.process_errors = []
        posted = _by_slug(formdata) if formdata else {}
        self.data = tuple(
            asked.read(posted[asked.slug]) for asked in self.asked if "rev" in posted.get(asked.slug, ())
        )


class SectionForm(PageForm):
    """The answers of one section. Subclasses made by ``form_for`` carry the field of its answers."""

    class Meta(PageForm.Meta):  # type: ignore[misc, name-defined]  # Flask-WTF has no types
        """WTForms says no word of its own here: nothing to translate, and looking for it costs a catalogue."""

        def get_translations(self, form: object) -> None:
            return None

    @property
    def sent(self) -> tuple[Sent, ...]:
        """Everything the page showed, changed or not, in the order of the section."""
        found: tuple[Sent, ...] = self._fields["answers"].data
        return found


def _by_slug(formdata: Any) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    for name, values in formdata.lists():
        slug, _, field = name.partition("-")
        found.setdefault(slug, {})[field] = values
    return found


def form_for(checklist: Checklist, section: Section, keys: Iterable[Key]) -> type[SectionForm]:
    """The form class of a section for these answers; built once per published checklist and set of people."""
    return _class_of(_Pinned(checklist), section.key, tuple(keys))


@dataclass(frozen=True, eq=False)
class _Pinned:
    """A checklist compared by its fingerprint and language, so that it can be a key without comparing all its items."""

    checklist: Checklist

    def __hash__(self) -> int:
        return hash((self.checklist.sha256, self.checklist.language))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Pinned):
            return False
        mine, theirs = self.checklist, other.checklist
        return (mine.sha256, mine.language) == (theirs.sha256, theirs.language)


@lru_cache(maxsize=256)
def _class_of(pinned: _Pinned, section: str, keys: Keys) -> type[SectionForm]:
    items = [(pinned.checklist.item(item), person) for item, person in keys]
    asked = tuple(Asked(item, person, slug_of(item, person)) for item, person in items)
    return type(f"Section_{section}", (SectionForm,), {"answers": AnswersField(asked)})


def read_section(
    checklist: Checklist,
    section: Section,
    kept: Mapping[Key, Raw],
    sent: Iterable[Sent],
    inspected_on: date,
    facts: Mapping[str, object],
) -> dict[Key, Reading]:
    """Read a section as the domain will once ``sent`` is kept, together with the answers its limits look at."""
    changed = {one.key: one.raw for one in sent}
    wanted = set(needed_items(checklist, section))
    raws = {key: raw for key, raw in kept.items() if key[0] in wanted} | changed
    return settle(checklist, raws, inspected_on, facts)


def needed_items(checklist: Checklist, section: Section) -> tuple[str, ...]:
    """The items of a section and those whose values its parts look at."""
    return _needed(_Pinned(checklist), section.key)


@lru_cache(maxsize=256)
def _needed(pinned: _Pinned, section: str) -> tuple[str, ...]:
    found: set[str] = set()
    for item in pinned.checklist.section(section).items:
        found.add(item.key)
        for part in item.parts:
            found.update(key.partition("#")[0] for key in _keys_of(part) if "#" in key)
    return tuple(sorted(found))


def _keys_of(part: Part) -> set[str]:
    keys = set(keys_in(part.when))
    waiting: list[Limit] = [part.limit] if part.limit else []
    while waiting:
        limit = waiting.pop()
        keys.add(limit.part)
        for case in limit.cases:
            keys.update(keys_in(case.when))
            waiting.append(case.limit)
    return keys
