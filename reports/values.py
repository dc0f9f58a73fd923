"""What a report says, as plain values: every word is here, none of the ink.

Marks are ``IN``, ``OUT``, ``NO``, ``NA`` or empty (no answer); tones are keys of ``style.TONES``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from audit.domain.markings import Line

Record: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """Who, where, when: the top of page 1 and the running heads. ``made_at`` is the seal's instant (UTC)."""

    title: str
    self_audit: bool
    agency: str
    agency_line: str
    clinic: str
    clinic_line: str
    visit_line: str
    behalf: str
    short_id: str
    date: str
    sealed: str
    made_at: str
    identity: str
    logo: Path | None = None

    @classmethod
    def of_sheet(
        cls,
        title: str,
        agency: str,
        clinic: str,
        address: str,
        day: str,
        sealed: str,
        made_at: str,
        identity: str,
    ) -> "Head":
        """Of a sheet that tells of a clinic and of no single visit."""
        return cls(
            title=title,
            self_audit=False,
            agency=agency,
            agency_line="",
            clinic=clinic,
            clinic_line=address,
            visit_line="",
            behalf=clinic,
            short_id="",
            date=day,
            sealed=sealed,
            made_at=made_at,
            identity=identity,
        )


@dataclass(frozen=True)
class Verdict:
    """The result: words first, the number beside it, and the lines that made the number."""

    words: str
    tone: str
    detail: str
    number: str = ""
    number_unit: str = ""
    how: tuple[str, ...] = ()


@dataclass(frozen=True)
class Count:
    mark: str
    number: str
    words: str


@dataclass(frozen=True)
class Term:
    """A paper with an end: what, whose, how long it holds, until when."""

    title: str
    whose: str
    left: str
    until: str
    day: str
    days: int
    tone: str


@dataclass(frozen=True)
class Step:
    """What happens next: a date in words, what for, and a tone."""

    when: str
    words: str
    tone: str = "plain"


@dataclass(frozen=True)
class Strip:
    """One section at a glance: a mark for each of its items."""

    letter: str
    title: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Shot:
    number: int
    path: Path | None
    caption: str
    where: str
    sha256: str
    when: str = ""
    drawn: tuple[Line, ...] = ()  # over the photo: lines of points, its width being 10,000


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be, for one item (and one person).

    ``repeats`` are the days at which the item was OUT before, ``service`` is the one it concerns; both may be empty.
    """

    number: str
    severity: str
    prompt: str
    person: str
    observed: str
    values: str
    required: str
    reason: str
    citations: tuple[str, ...]
    due: str
    due_words: str
    due_key: tuple[str, bool]
    corrected: bool
    recommended: bool
    override: str
    shots: tuple[Shot, ...] = ()
    repeats: str = ""
    service: str = ""


@dataclass(frozen=True)
class Deadline:
    """Findings that fall due together."""

    title: str
    due: str
    words: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class PersonLine:
    name: str
    mark: str
    words: str


@dataclass(frozen=True)
class CheckRow:
    """One item of the checklist with its answer; ``people`` when it was asked of each practitioner."""

    number: str
    mark: str
    severity: str
    recommended: bool
    prompt: str
    citations: str
    answer: str
    remarks: tuple[str, ...]
    photos: str = ""
    people: tuple[PersonLine, ...] = ()


@dataclass(frozen=True)
class CheckSection:
    letter: str
    title: str
    summary: str
    rows: tuple[CheckRow, ...]


@dataclass(frozen=True)
class Measure:
    """A value that was read: what, the value, its limit, and whether it holds (a mark or empty)."""

    number: str
    what: str
    value: str
    limit: str
    advice: str
    mark: str


@dataclass(frozen=True)
class PaperRow:
    number: str
    what: str
    whose: str
    mark: str
    words: str
    left: str
    tone: str


@dataclass(frozen=True)
class Signature:
    role: str
    name: str
    title: str
    state: str
    signed: bool
    at: str
    meaning: str
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()


@dataclass(frozen=True)
class Pair:
    label: str
    words: str


@dataclass(frozen=True)
class Sources:
    """Copies of rules that were read together: a lead, then short names with addresses."""

    lead: str
    copies: tuple[Pair, ...]


@dataclass(frozen=True)
class Answering:
    """How a clinic answers the findings of an action plan: an address without an account, and the last day it works.
    Without them the plan says how to get one."""

    address: str = ""
    until: date | None = None


@dataclass(frozen=True)
class Issue:
    """What tells this report from every other: its number, the head of the trail when it was drawn, and the address
    where anybody can check it (or none). A plan also says how its findings are answered, while any is owed."""

    number: str
    trail_head: str
    address: str = ""
    answering: Answering | None = None


@dataclass(frozen=True)
class AmendedRow:
    """One amendment: what it is about, what stood there, what stands there now, why, by whom and when."""

    about: str
    before: str
    after: str
    reason: str
    by: str


@dataclass(frozen=True)
class Amended:
    """What page 1 says of amendments, and each of them."""

    title: str
    words: str
    rows: tuple[AmendedRow, ...]


@dataclass(frozen=True)
class Sign:
    """The placard on the door: in words with a mark and a tone, of each service too, and when to come back."""

    words: str
    mark: str
    tone: str
    services: tuple[tuple[str, str, str], ...]  # name, words, mark
    again: str


@dataclass(frozen=True)
class Notice:
    """A closure: what is closed, since when, the acts, the law, and how to be heard."""

    scope: str
    since: str
    items: str
    acts: str
    citation: str
    hearing: str


@dataclass(frozen=True)
class FormerRow:
    """A former finding, then and now: ``outcome`` in words with its mark and tone, ``said`` since (when and what)."""

    number: str
    severity: str
    recommended: bool
    prompt: str
    person: str
    found_on: str
    observed: str
    required: str
    outcome: str
    mark: str
    tone: str
    due: str
    said: tuple[Pair, ...]
    now: str
    before: tuple[Shot, ...]
    after: tuple[Shot, ...]


@dataclass(frozen=True)
class Delta:
    """What became of former findings: the headline, how many came to what, each one, and what is left to do."""

    words: str
    tone: str
    detail: str
    rows: tuple[FormerRow, ...]
    remains: tuple[Finding, ...]
    new: str


@dataclass(frozen=True)
class Content:
    """One report's content, complete; each kind of report draws the parts it needs."""

    head: Head
    verdict: Verdict
    counts: tuple[Count, ...]
    tally: str
    terms: tuple[Term, ...]
    more_terms: int
    steps: tuple[Step, ...]
    strips: tuple[Strip, ...]
    people: tuple[Pair, ...]
    visit: tuple[Pair, ...]
    deadlines: tuple[Deadline, ...]
    findings: tuple[Finding, ...]
    sections: tuple[CheckSection, ...]
    inapplicable: tuple[Pair, ...]
    measures: tuple[Measure, ...]
    papers: tuple[PaperRow, ...]
    signatures: tuple[Signature, ...]
    statements: tuple[str, ...]
    appeal: str
    lines: tuple[Pair, ...]
    set_aside: tuple[CheckRow, ...]
    annex: tuple[Pair, ...]
    how_to_check: str
    sources: tuple[Sources, ...]
    own_sources: tuple[Sources, ...]  # only those the findings cite
    wins: str
    shots: tuple[Shot, ...] = field(default=())
    amended: Amended | None = None
    delta: Delta | None = None
    sign: Sign | None = None
    notices: tuple[Notice, ...] = ()
    issue: Issue | None = None
