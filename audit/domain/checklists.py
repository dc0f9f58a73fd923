"""The published checklist: frozen, self-contained, pinned by every inspection that uses it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from audit.domain.conditions import Condition
from audit.domain.due import Calendar, CorrectBy, DueRules, FollowUp, PlacardRules
from audit.domain.facts import FactKey, read_fact_key
from audit.domain.limits import Case, Limit
from audit.domain.overlay import ENGLISH, in_language, languages_of
from audit.domain.problems import NotFound
from audit.domain.tongue import say, several, word

SEVERITIES = (word("critical"), word("major"), word("minor"))
STANDINGS = (word("official"), word("recommended"))
CERTAINTIES = ("verified", "secondary", "recalled")
CITATION_KINDS = ("law", "model-code", "official-form", "guidance")


def severity_count(severity: str, number: int) -> str:
    """``3 critical``, for several findings or items of a severity."""
    if severity == "critical":
        return several("{number} critical", "{number} critical", number)
    if severity == "major":
        return several("{number} major", "{number} major", number)
    return several("{number} minor", "{number} minor", number)


@dataclass(frozen=True)
class Citation:
    """Where a duty stands, how sure we are of it, and which pack brought it in (``source``)."""

    ref: str
    kind: str
    jurisdiction: str
    certainty: str
    source: str

    @property
    def printed(self) -> str:
        """The reference as it may be shown: only a verified one stands without a remark."""
        return self.ref if self.certainty == "verified" else say("{source} (unconfirmed)", source=self.ref)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    mark: str | None


@dataclass(frozen=True)
class Part:
    """One thing to enter: a mark, a number in ``unit``, a date, a choice or text.

    ``low`` and ``high`` bound what can be entered at all (base unit); ``limit`` judges it; ``advice`` is shown
    and never judged; ``when`` says under which answers the part is asked.
    """

    key: str
    kind: str
    label: str
    required: bool = True
    unit: str | None = None
    units: tuple[str, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None
    options: tuple[Option, ...] = ()
    limit: Limit | None = None
    advice: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True)
class Item:
    """One thing to check. ``standing`` is official (counts) or recommended (shown, outside the score)."""

    key: str
    number: str
    prompt: str
    look: str
    severity: str
    reason: str
    standing: str
    per_practitioner: bool
    marks: tuple[str, ...]
    photo_asked: bool
    needs_sight: bool
    applies_when: Condition | None
    parts: tuple[Part, ...]
    phrases: tuple[str, ...]
    corrective: str
    correct_by: CorrectBy | None
    citations: tuple[Citation, ...]
    grounds: tuple[str, ...]
    spellings: tuple[tuple[str, ...], ...] = ()  # of each ready phrase, in every language

    def part(self, key: str) -> Part:
        for part in self.parts:
            if part.key == key:
                return part
        raise NotFound(say("{item} has no part named {key}.", item=self.key, key=key))

    @cached_property
    def mark_part(self) -> Part | None:
        return next((part for part in self.parts if part.kind == "mark"), None)

    @cached_property
    def value_parts(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.kind != "mark")

    @cached_property
    def ready_phrases(self) -> frozenset[str]:
        """The ready phrases in every language: which one a note holds depends on who chose it."""
        return frozenset((*self.phrases, *(words for spelling in self.spellings for words in spelling)))

    def unsaid(self, note: str) -> tuple[tuple[int, str], ...]:
        """The ready phrases by place, without those that the note holds in any language."""
        places = enumerate(self.phrases)
        if not note:
            return tuple(places)
        spellings = self.spellings or [(phrase,) for phrase in self.phrases]
        return tuple(
            (place, phrase)
            for place, phrase in places
            if not any(words in note for words in spellings[place])
        )


@dataclass(frozen=True)
class Section:
    key: str
    letter: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Scheme:
    """How a result is computed: ``deduction`` from 100 or ``percent``; weights by severity."""

    kind: str = "deduction"
    weights: tuple[tuple[str, int], ...] = (("critical", 5), ("major", 2), ("minor", 1))
    cos_deducts: bool = True
    may_pass: bool = False  # only a scheme that has the word may print "pass"


@dataclass(frozen=True)
class Source:
    """A copy of a rule that was read: its short name, where, and when."""

    short: str
    address: str
    read_on: str


@dataclass(frozen=True)
class Checklist:
    """A published checklist, identified by (key, pack, version) and the SHA-256 of its content.

    ``language`` is the one its words are in. A copy made with ``replace`` keeps its words: it has no other language.
    """

    key: str
    title: str
    kind: str
    pack: str
    pack_title: str
    jurisdiction: str
    version: int
    sha256: str
    sections: tuple[Section, ...]
    facts: tuple[FactKey, ...] = ()
    scheme: Scheme = field(default_factory=Scheme)
    due: DueRules = field(default_factory=DueRules)
    sources: tuple[Source, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    language: str = ENGLISH
    document: Mapping[str, Any] | None = field(default=None, init=False, repr=False, compare=False)
    whole: "Checklist | None" = field(default=None, init=False, repr=False, compare=False)

    def items(self) -> Iterator[Item]:
        for section in self.sections:
            yield from section.items

    @cached_property
    def _by_key(self) -> dict[str, Item]:
        return {item.key: item for item in self.items()}

    def item(self, key: str) -> Item:
        """The item of that stable key.

        Raises:
            NotFound: when this checklist does not hold it.
        """
        if key not in self._by_key:
            raise NotFound(say("This checklist has no item {key}.", key=key))
        return self._by_key[key]

    def has(self, key: str) -> bool:
        return key in self._by_key

    def section(self, key: str) -> Section:
        for section in self.sections:
            if section.key == key:
                return section
        raise NotFound(say("This checklist has no section {key}.", key=key))

    def only(self, keys: Collection[str]) -> "Checklist":
        """This checklist narrowed to some items, for a visit that looks at those only; it stays the same version."""
        sections = tuple(
            replace(section, items=kept)
            for section in self.sections
            if (kept := tuple(item for item in section.items if item.key in keys))
        )
        narrow = replace(self, sections=sections)
        object.__setattr__(narrow, "whole", self.whole or self)
        return narrow

    def fact(self, key: str) -> FactKey | None:
        return next((fact for fact in self.facts if fact.key == key), None)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it can be read in; English first."""
        if self.whole:
            return self.whole.languages
        return languages_of(self.document) if self.document else (self.language,)

    @cached_property
    def _told(self) -> dict[str, "Checklist"]:
        """This checklist by language, shared by all of them; each is read when it is first wanted."""
        return {self.language: self}

    def in_language(self, code: str) -> "Checklist":
        """The same checklist with its words in that language; what was not translated stays English."""
        if self.whole and code != self.language:
            return self.whole.in_language(code).only({item.key for item in self.items()})
        if self.document is None or code == self.language:
            return self
        if code not in self.languages:
            return self.in_language(ENGLISH)
        if code not in self._told:
            told = read(self.document, self.version, self.sha256, code)
            told.__dict__["_told"] = self._told
            self._told[code] = told
        return self._told[code]


def read(content: Mapping[str, Any], version: int, sha256: str, language: str = ENGLISH) -> Checklist:
    """Read the content of a published document (see ``publishing.resolve``) back into values."""
    document = in_language(content, language)
    checklist = Checklist(
        key=document["checklist"],
        title=document["title"],
        kind=document["kind"],
        pack=document["pack"],
        pack_title=document["pack_title"],
        jurisdiction=document["jurisdiction"],
        version=version,
        sha256=sha256,
        sections=tuple(_section(section) for section in document["sections"]),
        facts=tuple(read_fact_key(fact) for fact in document["facts"]),
        scheme=_scheme(document["scheme"]),
        due=_due(document),
        sources=tuple(Source(**source) for source in document["sources"]),
        words=tuple(sorted(document["words"].items())),
        language=language,
    )
    object.__setattr__(checklist, "document", content)
    return checklist


def _section(row: Mapping[str, Any]) -> Section:
    return Section(row["key"], row["letter"], row["title"], tuple(_item(item) for item in row["items"]))


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        key=row["key"],
        number=row["number"],
        prompt=row["prompt"],
        look=row["look"],
        severity=row["severity"],
        reason=row["reason"],
        standing=row["standing"],
        per_practitioner=row["per_practitioner"],
        marks=tuple(row["marks"]),
        photo_asked=row["photo_asked"],
        needs_sight=row["needs_sight"],
        applies_when=row["applies_when"],
        parts=tuple(_part(part) for part in row["parts"]),
        phrases=tuple(row["phrases"]),
        corrective=row["corrective"],
        correct_by=_correct_by(row["correct_by"]),
        citations=tuple(Citation(**citation) for citation in row["citations"]),
        grounds=tuple(row["grounds"]),
        spellings=tuple(map(tuple, row["spellings"])),
    )


def _part(row: Mapping[str, Any]) -> Part:
    return Part(
        key=row["key"],
        kind=row["kind"],
        label=row["label"],
        required=row["required"],
        unit=row["unit"],
        units=tuple(row["units"]),
        low=_decimal(row["low"]),
        high=_decimal(row["high"]),
        options=tuple(Option(**option) for option in row["options"]),
        limit=read_limit(row["limit"]),
        advice=tuple(row["advice"]),
        when=row["when"],
    )


def read_limit(row: Mapping[str, Any] | None) -> Limit | None:
    """Read a checked limit mapping; none stays none."""
    if row is None:
        return None
    return Limit(
        kind=row["kind"],
        value=_decimal(row.get("value")),
        months=int(row.get("months", 0)),
        days=int(row.get("days", 0)),
        warn_days=int(row.get("warn_days", 0)),
        part=row.get("part", ""),
        cases=tuple(_case(case) for case in row.get("cases", ())),
        also=tuple(sorted((unit, Decimal(value)) for unit, value in row.get("also", {}).items())),
        source=row.get("source", ""),
    )


def _case(row: Mapping[str, Any]) -> Case:
    limit = read_limit(row["limit"])
    assert limit is not None  # checked at publishing
    return Case(row["when"], limit)


def _correct_by(row: Mapping[str, Any] | None) -> CorrectBy | None:
    if row is None:
        return None
    return CorrectBy(row["kind"], int(row["count"]), row["stop"])


def _scheme(row: Mapping[str, Any]) -> Scheme:
    weights = tuple((severity, int(row["weights"][severity])) for severity in SEVERITIES)
    return Scheme(row["kind"], weights, row["cos_deducts"], row["may_pass"])


def _due(document: Mapping[str, Any]) -> DueRules:
    row = document["due"]
    calendar = Calendar(
        frozenset(int(day) for day in row["weekend"]),
        frozenset(date.fromisoformat(day) for day in row["holidays"]),
    )
    days = tuple((severity, int(row["severity_days"][severity])) for severity in SEVERITIES)
    interval = row["next_visit_days"]
    return DueRules(
        calendar, days, None if interval is None else int(interval), _follow_up(row), _placards(row)
    )


def _follow_up(due: Mapping[str, Any]) -> FollowUp | None:
    row = due.get("follow_up")
    if row is None:
        return None
    return FollowUp(int(row["routine_days"]), int(row["check_days"]), row["routine_only"], row["source"])


def _placards(due: Mapping[str, Any]) -> PlacardRules | None:
    row = due.get("placard")
    return PlacardRules(row["minor_only"], int(row["working_days"]), row["source"]) if row else None


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
