"""How far a visit is, section by section.

A page about one section would have to read all hundred answers to say "21 of 74 answered". What a section comes to
depends only on its own answers and those its limits look at, so each section is kept under their revisions: after an
answer one section is read anew, not fifteen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from flask import current_app
from markupsafe import Markup

from audit.domain.checklists import Section
from audit.domain.problems import NotFound
from audit.domain.steps import (
    DONE,
    LOOKED_AT,
    MISSING,
    NOT_STARTED,
    Inapplicable,
    ItemState,
    SectionState,
    journey,
)
from audit.domain.tongue import say, word
from audit.domain.visits import Visit
from audit.web.keeping import Beside, Keeper
from audit.web.strips import Strip, strip_of
from forms.steps import needed_items, read_section

STATE_WORDS = {
    NOT_STARTED: ("not-started", word("Not started")),
    LOOKED_AT: ("looked-at", word("Looked at")),
    MISSING: ("something-missing", word("Something missing")),
    DONE: ("done", word("Done")),
}


@dataclass(frozen=True)
class RailRow:
    """A section in the list of sections: how far it is, and its marks as a strip."""

    key: str
    letter: str
    title: str
    answered: int
    preset: int
    total: int
    state: str
    state_words: str
    strip: Strip


@dataclass(frozen=True)
class Laid:
    """One section of a visit: its items as they stand, those not asked, its row in the list, drawn when asked."""

    section: Section
    items: tuple[ItemState, ...]
    inapplicable: tuple[Inapplicable, ...]

    @cached_property
    def row(self) -> RailRow:
        return _row(SectionState(self.section, self.items))

    @cached_property
    def drawn(self) -> Markup:
        return _draw(self.row, False)

    @cached_property
    def drawn_here(self) -> Markup:
        return _draw(self.row, True)


def _draw(row: RailRow, here: bool) -> Markup:
    drawn: Markup = current_app.jinja_env.get_template("components/rail.html").module.row(row, here)  # type: ignore[attr-defined]
    return drawn


@dataclass(frozen=True)
class Progress:
    """The sections of a visit that have something to ask, in order; ``every`` includes those that have not."""

    every: tuple[Laid, ...]

    @cached_property
    def sections(self) -> list[Laid]:
        return [laid for laid in self.every if laid.items]

    @property
    def rail(self) -> list[RailRow]:
        return [laid.row for laid in self.sections]

    @cached_property
    def answered(self) -> int:
        return sum(laid.row.answered for laid in self.every)

    @cached_property
    def preset(self) -> int:
        """Items that stand on NO as they began; they are done, but nobody answered them."""
        return sum(laid.row.preset for laid in self.every)

    @cached_property
    def total(self) -> int:
        return sum(laid.row.total for laid in self.every)

    def of(self, key: str) -> Laid:
        """One section.

        Raises:
            NotFound: when the checklist has no such section.
        """
        for laid in self.every:
            if laid.section.key == key:
                return laid
        raise NotFound(say("This checklist has no such section."))

    def after(self, key: str) -> Laid | None:
        """The section that follows and has something to ask."""
        keys = [laid.section.key for laid in self.every]
        return next((laid for laid in self.every[keys.index(key) + 1 :] if laid.items), None)


_kept: Keeper[Laid] = Keeper(room=1024)


_of_visit: Beside[Progress] = Beside(room=64)


def progress_of(visit: Visit) -> Progress:
    known = _of_visit.find(visit)
    return known or _of_visit.keep(
        visit, Progress(tuple(_section(visit, section) for section in visit.checklist.sections))
    )


def section_of(visit: Visit, key: str) -> Laid:
    """One section alone.

    Raises:
        NotFound: when the checklist has no such section.
    """
    for section in visit.checklist.sections:
        if section.key == key:
            return _section(visit, section)
    raise NotFound(say("This checklist has no such section."))


def _section(visit: Visit, section: Section) -> Laid:
    inspection, revisions = visit.inspection, visit.revisions
    seen = tuple(
        [(item, revisions[item]) for item in needed_items(visit.checklist, section) if item in revisions]
    )
    key = (visit.checklist.sha256, inspection.id, inspection.rev, section.key, seen)
    return _kept.get(key, lambda: _lay(visit, section))


def _lay(visit: Visit, section: Section) -> Laid:
    inspection = visit.inspection
    facts = inspection.all_facts
    raws = {key: kept.raw for key, kept in visit.kept.items()}
    readings = read_section(visit.checklist, section, raws, (), inspection.inspected_on, facts)
    alone = journey((section,), facts, readings, inspection.practitioners)
    items = alone.sections[0].items if alone.sections else ()
    return Laid(section, items, alone.inapplicable)


def _row(state: SectionState) -> RailRow:
    section = state.section
    kind, words = STATE_WORDS[state.state]
    strip = strip_for(state.items)
    return RailRow(
        key=section.key,
        letter=section.letter,
        title=section.title,
        answered=state.answered,
        preset=state.preset,
        total=state.total,
        state=kind,
        state_words=say(words),
        strip=strip,
    )


def strip_for(items: Iterable[ItemState]) -> Strip:
    return strip_of(item.mark if item.complete else None for item in items)
