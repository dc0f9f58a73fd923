"""Amendments: what is said about a sealed visit afterwards. Nothing sealed changes; a correction stands beside it.

An amendment corrects one answer or the remarks, or declares the whole visit void. The record *as amended* is the
sealed one with the corrected entries read by the same rules; signatures stay those of the record as it was sealed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from audit.domain import records, values
from audit.domain.answers import Key, Raw, raw_from
from audit.domain.canonical import plain, sha256_of
from audit.domain.inspections import SEALED
from audit.domain.problems import BadInput, Fault, NotFound, NotNow
from audit.domain.records import Sealed
from audit.domain.tongue import say, several
from audit.domain.visits import Kept, Visit

CORRECTION, VOID = "correction", "void"
REASON_LIMIT, REMARKS_LIMIT = 1000, 4000
REMARKS = "remarks"
# What the rules work out of the entries, and so what a correction may move.
_READ_AGAIN = (REMARKS, "answers", "kept_aside", "inapplicable", "findings", "result")
_WHERE_THERE = ("placard",)


@dataclass(frozen=True)
class Amendment:
    """One amendment, counted from 1 within its visit.

    ``item`` (and ``person``, a practitioner's id) name the answer that is corrected; without an item a correction is
    of the remarks. ``before`` and ``after`` are ``Raw.document()`` or ``{"remarks": …}``; a void has neither.
    ``author`` is a person's id.
    """

    number: int
    kind: str
    item: str
    person: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str
    author: str
    at: datetime

    @property
    def key(self) -> Key:
        return self.item, self.person

    def says_the_same(self, other: "Amendment") -> bool:
        """The same correction by the same person, made once more: a form that was sent twice."""
        mine, theirs = (replace(one, number=0, before={}, at=self.at) for one in (self, other))
        return mine == theirs


@dataclass(frozen=True)
class By:
    """Who amends, when and why."""

    author: str
    at: datetime
    reason: str


def is_void(made: Sequence[Amendment]) -> bool:
    """Was the visit declared void? That is always the last word."""
    return bool(made) and made[-1].kind == VOID


def corrected(visit: Visit, made: Collection[Amendment]) -> Visit:
    """The visit with these corrections laid over it, as if they had been entered."""
    kept, inspection = dict(visit.kept), visit.inspection
    for one in made:
        if one.kind == CORRECTION and one.item:
            rev = kept[one.key].rev + 1 if one.key in kept else 1
            kept[one.key] = Kept(raw_from(one.after), rev, one.author, one.at)
        elif one.kind == CORRECTION:
            inspection = replace(inspection, remarks=one.after[REMARKS])
    return replace(visit, kept=kept, inspection=inspection)


def of_answer(visit: Visit, made: Sequence[Amendment], key: Key, raw: Raw, by: By) -> Amendment:
    """Correct one answer. ``visit`` is as it was sealed, ``made`` are the amendments so far.

    Raises:
        NotFound: when that item was not asked at this visit.
        NotNow: when the visit is not sealed, or void.
        BadInput: without a reason, without a difference, or when the visit would not be complete with it.
    """
    _must_be_open(visit, made)
    before = corrected(visit, made)
    if key not in {entry.key for entry in before.journey.entries()}:
        raise NotFound(say("This item was not asked at this visit."))
    held = before.kept[key].raw if key in before.kept else Raw()
    faults = _reason_faults(by.reason)
    if raw.document() == held.document():
        faults.append(Fault("", say("Nothing differs from what stands there now.")))
    one = Amendment(
        len(made) + 1, CORRECTION, *key, held.document(), raw.document(), _clean(by.reason), by.author, by.at
    )
    faults += _gaps(corrected(visit, (*made, one)), key)
    if faults:
        raise BadInput(faults)
    return one


def of_remarks(visit: Visit, made: Sequence[Amendment], remarks: str, by: By) -> Amendment:
    """Correct the general remarks; see ``of_answer``."""
    _must_be_open(visit, made)
    faults = _reason_faults(by.reason)
    held = corrected(visit, made).inspection.remarks
    try:
        words = values.text(remarks, REMARKS_LIMIT)
    except ValueError as error:
        raise BadInput([*faults, Fault(REMARKS, str(error))]) from error
    if words == held:
        faults.append(Fault(REMARKS, say("Nothing differs from what stands there now.")))
    if faults:
        raise BadInput(faults)
    before, after = {REMARKS: held}, {REMARKS: words}
    return Amendment(len(made) + 1, CORRECTION, "", None, before, after, _clean(by.reason), by.author, by.at)


def of_all(visit: Visit, made: Sequence[Amendment], by: By) -> Amendment:
    """Declare the visit void: it stays readable and counts nowhere. Nothing is amended after that."""
    _must_be_open(visit, made)
    faults = _reason_faults(by.reason)
    if faults:
        raise BadInput(faults)
    return Amendment(len(made) + 1, VOID, "", None, {}, {}, _clean(by.reason), by.author, by.at)


def _must_be_open(visit: Visit, made: Sequence[Amendment]) -> None:
    if visit.inspection.state != SEALED:
        raise NotNow(say("Only a sealed visit is amended. While it runs, change the answer itself."))
    if is_void(made):
        raise NotNow(say("This visit was declared void. Nothing about it is amended any more."))


def _reason_faults(reason: str) -> list[Fault]:
    try:
        words = values.text(reason, REASON_LIMIT)
    except ValueError as error:
        return [Fault("reason", str(error))]
    return [] if words else [Fault("reason", say("Say why this is amended: the reason is printed."))]


def _clean(reason: str) -> str:
    return values.cleaned(reason)


def _gaps(visit: Visit, key: Key) -> list[Fault]:
    """What would be open with the correction: at the item itself, or elsewhere because other limits look at it."""
    faults = [Fault(f"answer.{fault.field}", fault.words) for fault in visit.readings[key].faults]
    gaps = {gap.entry.key: gap for gap in visit.journey.gaps}
    if not faults and key in gaps:
        faults.append(Fault("answer.mark", gaps[key].words))
    others = sorted({gap.entry.item.number for other, gap in gaps.items() if other != key})
    if others:
        words = several(
            "With this, {number} other item would be open: {items}.",
            "With this, {number} other items would be open: {items}.",
            len(others),
            items=", ".join(others),
        )
        faults.append(Fault("", words))
    return faults


def amended(sealed: Sealed, visit: Visit, made: Sequence[Amendment]) -> Sealed:
    """The record as amended: the sealed document with what the corrected entries come to, and every amendment.

    ``visit`` is the visit as it was sealed. Who, where and when, photos and signatures stay as sealed.
    """
    read = corrected(visit, made)
    blank = dict.fromkeys(records.people_in(read), "")
    found = records.build(read, made[-1].at, (), blank).document
    document: dict[str, Any] = {
        **sealed.document,
        **{part: found[part] for part in (*_READ_AGAIN, *_WHERE_THERE) if part in found},
        "amends": sealed.sha256,
        "amendments": [plain(told(one)) for one in made],
    }
    return Sealed(document, sealed.persons, sha256_of(document))


def told(one: Amendment) -> dict[str, Any]:
    """An amendment as the record holds it."""
    return {
        "number": one.number,
        "kind": one.kind,
        "item": one.item,
        "person": one.person,
        "before": one.before,
        "after": one.after,
        "reason": one.reason,
        "author": one.author,
        "at": one.at,
    }
