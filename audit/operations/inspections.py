"""What a person may do with a visit besides answering: start it, set it up, sign it, set it aside, list it."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from audit.domain import publishing, values
from audit.domain.answers import Key
from audit.domain.checklists import Checklist
from audit.domain.inspections import (
    INSPECTION,
    INSPECTOR,
    PURPOSES,
    RUNNING,
    SEALED,
    SELF_AUDIT,
    Inspection,
    Signature,
    signature_faults,
)
from audit.domain.people import may
from audit.domain.problems import BadInput, Differs, Fault, NotAllowed, NotFound, NotNow, Stale
from audit.domain.schedule import FOLLOW_UP
from audit.domain.tongue import language, say
from audit.domain.visits import Kept, Visit, derived_facts
from audit.operations import schedule
from audit.operations.desk import Desk
from audit.store.ledger import Entry, Ledger

MOST_PEOPLE = 200
LATEST_ARRIVAL = timedelta(days=14)


@dataclass(frozen=True)
class NewVisit:
    """What a person says at the start. ``facts`` are visit facts as typed; ``id`` may come from a tablet."""

    clinic_id: str
    kind: str = INSPECTION
    purpose: str = "routine"
    practitioners: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    inspected_on: date | None = None  # the tablet's day, when it started without a network; else today
    checklist_sha: str = ""  # the version the tablet had; else the one new visits take
    scope: tuple[str, ...] = ()  # the items a follow-up looks at; else the whole checklist
    planned: str = ""  # the planned visit that this one is


@dataclass(frozen=True)
class SetUp:
    """What may still be changed about a running visit, besides its answers."""

    purpose: str
    practitioners: tuple[str, ...]
    present: tuple[str, ...]
    facts: Mapping[str, Any]
    remarks: str = ""


def start(desk: Desk, wanted: NewVisit) -> Inspection:
    """Start a visit today, in the clinic's time zone, on the checklist that fits its jurisdiction best.

    Raises:
        BadInput: with all faults.
        Differs: when there is a visit of that id already.
    """
    with desk.entry() as entry:
        return start_into(entry, desk, wanted)


def start_into(entry: Entry, desk: Desk, wanted: NewVisit) -> Inspection:
    """Start a visit inside an entry, as the person at the desk; see ``start``. Nothing is written when it raises."""
    if wanted.kind not in (INSPECTION, SELF_AUDIT):
        raise BadInput([Fault("kind", say("Choose inspection or self-audit."))])
    clinic = desk.ledger.clinics.get(wanted.clinic_id)
    desk.must(f"{wanted.kind}.start", clinic.id)
    checklist = checklist_for(desk, clinic.jurisdiction, wanted.kind)
    if wanted.checklist_sha not in ("", checklist.sha256):
        checklist = _another_version(desk, checklist, wanted.checklist_sha)
    people = desk.ledger.practitioners.of(clinic.id)
    set_up = SetUp(
        wanted.purpose if wanted.kind == INSPECTION else SELF_AUDIT,
        wanted.practitioners,
        wanted.present,
        wanted.facts,
    )
    facts = _checked(set_up, checklist, {person.id for person in people}, wanted.kind)
    earlier = desk.ledger.inspections.sealed_before(clinic.id)
    known = {**clinic.profile, **facts}
    derived = derived_facts(checklist, known, earlier, len(wanted.practitioners))
    assert desk.actor is not None
    inspection = Inspection(
        id=wanted.id or str(uuid.uuid4()),
        clinic_id=clinic.id,
        checklist_sha=checklist.sha256,
        kind=wanted.kind,
        purpose=set_up.purpose,
        state=RUNNING,
        started_at=desk.now,
        inspected_on=_day_of(wanted, desk.now.astimezone(ZoneInfo(clinic.time_zone)).date()),
        time_zone=clinic.time_zone,
        inspector_id=desk.actor.id,
        inspector_name=desk.actor.name,
        profile=dict(clinic.profile),
        facts={**facts, **derived},
        practitioners=tuple(wanted.practitioners),
        present=_names(wanted.present),
        scope=_scope(wanted, checklist),
    )
    if entry.inspections.find(inspection.id):
        raise Differs(say("This visit was started before."))
    entry.inspections.add(inspection)
    entry.note(f"{wanted.kind}.started", inspection.id, {"clinic": clinic.id, "purpose": inspection.purpose})
    if wanted.planned:
        schedule.begin(entry, wanted.planned, inspection)
    return inspection


def _scope(wanted: NewVisit, checklist: Checklist) -> tuple[str, ...]:
    """The items a follow-up looks at, in the order of the checklist; what it does not hold is left out."""
    if wanted.purpose != FOLLOW_UP:
        return ()
    return tuple(item.key for item in checklist.items() if item.key in wanted.scope)


def _day_of(wanted: NewVisit, today: date) -> date:
    """The day a visit counts for: a tablet may have been without a network for days, and its zone may be ahead."""
    day = wanted.inspected_on or today
    if not today - LATEST_ARRIVAL <= day <= today + timedelta(days=1):
        words = say("A visit is taken in within 14 days. Ask an administrator.")
        raise BadInput([Fault("inspected_on", words)])
    return day


def _another_version(desk: Desk, newest: Checklist, sha256: str) -> Checklist:
    """Another published version of the same checklist: what a tablet had when it started."""
    found = desk.ledger.checklists.get(sha256)
    if (found.key, found.pack) != (newest.key, newest.pack):
        raise BadInput([Fault("checklist_sha", say("This checklist does not fit this clinic."))])
    return found


def checklist_for(desk: Desk, jurisdiction: str, kind: str) -> Checklist:
    """The newest published checklist of that kind under the most specific pack for the jurisdiction.

    Raises:
        NotNow: when none was published yet that fits.
    """
    published = [row for row in desk.ledger.checklists.newest() if row.kind == kind]
    packs = {row.pack: row.jurisdiction for row in published}
    pack = publishing.most_specific(packs, jurisdiction)
    row = next((row for row in published if row.pack == pack), None)
    if row is None:
        raise NotNow(
            say(
                "No published checklist fits a clinic in {jurisdiction}. Ask an administrator to publish one.",
                jurisdiction=jurisdiction,
            )
        )
    return desk.ledger.checklists.get(row.sha256).in_language(language())


def _checked(set_up: SetUp, checklist: Checklist, people: set[str], kind: str) -> dict[str, bool | int | str]:
    """Read the facts of a set-up; all faults at once."""
    faults = []
    if set_up.purpose not in PURPOSES or (set_up.purpose == SELF_AUDIT) != (kind == SELF_AUDIT):
        faults.append(Fault("purpose", say("Choose a purpose.")))
    if not set(set_up.practitioners) <= people:
        faults.append(Fault("practitioners", say("Choose practitioners of this clinic.")))
    if len(set_up.present) > MOST_PEOPLE:
        faults.append(Fault("present", say("Name {number} people at most.", number=MOST_PEOPLE)))
    for name in set_up.present:
        if len(name) > 200:
            faults.append(Fault("present", say("Keep each name shorter.")))
    facts, wrong = _read_facts(set_up.facts, checklist)
    faults += wrong
    try:
        values.text(set_up.remarks, 4000)
    except ValueError as error:
        faults.append(Fault("remarks", str(error)))
    if faults:
        raise BadInput(faults)
    return facts


def _read_facts(
    given: Mapping[str, Any], checklist: Checklist
) -> tuple[dict[str, bool | int | str], list[Fault]]:
    facts: dict[str, bool | int | str] = {}
    faults = []
    declared = {fact.key: fact for fact in checklist.facts if fact.scope == "visit"}
    for key, raw in given.items():
        if key not in declared:
            faults.append(Fault(f"facts.{key}", say("This checklist does not ask that.")))
            continue
        try:
            value = declared[key].reads(raw)
        except ValueError as error:
            faults.append(Fault(f"facts.{key}", str(error)))
            continue
        if value is not None:
            facts[key] = value
    return facts, faults


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(values.cleaned(name) for name in names if name.strip())


# asking -------------------------------------------------------------------------------------------------------


def open_visit(desk: Desk, inspection_id: str) -> Visit:
    """The whole visit. What a person may not read does not exist for them.

    Raises:
        NotFound: when there is none, or it is not theirs to read.
    """
    visit = _newest(desk.ledger, inspection_id)
    inspection = visit.inspection
    if not desk.reads(inspection):
        raise NotFound(say("There is no such visit."))
    desk.still_has(inspection)
    return visit


# A page asks for the same visit again and again. Whatever is written anywhere moves the head of the trail, so a
# visit put together under the same head is still true, with all that was worked out about it and said of it.
_REMEMBERED: OrderedDict[tuple[Path, str, str], tuple[str, Visit]] = OrderedDict()
_REMEMBERING = Lock()
MOST_REMEMBERED = 32


def _newest(ledger: Ledger, inspection_id: str) -> Visit:
    head, key = ledger.trail.head, (ledger.data, inspection_id, language())
    with _REMEMBERING:
        remembered = _REMEMBERED.get(key)
    if remembered and remembered[0] == head:
        return remembered[1]
    visit = load(ledger, ledger.inspections.get(inspection_id))
    _remember(key, head, visit)
    return visit


def _remember(key: tuple[Path, str, str], head: str, visit: Visit) -> None:
    with _REMEMBERING:
        _REMEMBERED[key] = head, visit
        _REMEMBERED.move_to_end(key)
        while len(_REMEMBERED) > MOST_REMEMBERED:
            _REMEMBERED.popitem(last=False)


def go_on_with(desk: Desk, inspection_id: str, before: str, after: str, entered: Mapping[Key, Kept]) -> None:
    """Answers were written, and nothing else, between these two heads of the trail: what is remembered of the visit
    goes on with them, instead of all of it being read anew. Whoever answers takes the signatures back."""
    key = desk.ledger.data, inspection_id, language()
    with _REMEMBERING:
        remembered = _REMEMBERED.get(key)
    if remembered and remembered[0] == before and before != after:
        visit = remembered[1]
        _remember(key, after, replace(visit, kept={**visit.kept, **entered}, signatures=()))


def load(ledger: Ledger | Entry, inspection: Inspection) -> Visit:
    """Put a visit together from the ledger, without asking who wants it."""
    checklist = ledger.checklists.get(inspection.checklist_sha).in_language(language())
    # An inspection is compared with inspections, a self-audit with whatever was there before.
    kinds = (INSPECTION,) if inspection.kind == INSPECTION else (INSPECTION, SELF_AUDIT)
    return Visit(
        inspection=inspection,
        clinic=ledger.clinics.get(inspection.clinic_id),
        agency=ledger.agency.get(),
        checklist=checklist.only(inspection.scope) if inspection.scope else checklist,
        practitioners=ledger.practitioners.of(inspection.clinic_id),
        kept=ledger.inspections.answers(inspection.id),
        links=ledger.inspections.links(inspection.id),
        conflicts=ledger.inspections.conflicts(inspection.id),
        signatures=ledger.inspections.signatures(inspection.id),
        past=ledger.records.past(inspection.clinic_id, kinds, inspection.id, inspection.inspected_on),
        services=ledger.closures.services(inspection.id),
        closures=ledger.closures.of_visit(inspection.id),
    )


def writable(
    desk: Desk, inspection_id: str, verb: str = "write", shelves: Ledger | Entry | None = None
) -> Inspection:
    """The inspection, when this person may do that to it now; read from an entry once that has begun."""
    inspection = (shelves or desk.ledger).inspections.get(inspection_id)
    if not desk.reads(inspection):
        raise NotFound(say("There is no such visit."))
    if not may(desk.actor, f"{inspection.kind}.{verb}", inspection.clinic_id):
        raise NotAllowed(say("Only those who make this visit may change it."))
    inspection.must_run()
    return inspection


# set-up, signatures, life -------------------------------------------------------------------------------------


def set_up(desk: Desk, inspection_id: str, wanted: SetUp, base_rev: int) -> Inspection:
    """Change purpose, people, facts and remarks of a running visit. Answers are never lost by it: what no longer
    applies is kept aside and comes back."""
    with desk.entry() as entry:
        return set_up_into(entry, desk, writable(desk, inspection_id, shelves=entry), wanted, base_rev)


def set_up_into(entry: Entry, desk: Desk, inspection: Inspection, wanted: SetUp, base_rev: int) -> Inspection:
    """Change the set-up of a running visit inside an entry; see ``set_up``. Nothing is written when it raises."""
    checklist = desk.ledger.checklists.get(inspection.checklist_sha)
    people = {person.id for person in desk.ledger.practitioners.of(inspection.clinic_id)}
    facts = _checked(wanted, checklist, people, inspection.kind)
    derived = {
        key: value
        for key, value in inspection.facts.items()
        if (fact := checklist.fact(key)) and fact.scope == "derived"
    }
    if "practitioners" in derived:
        derived["practitioners"] = len(wanted.practitioners)
    changed = replace(
        inspection,
        purpose=wanted.purpose,
        practitioners=tuple(wanted.practitioners),
        present=_names(wanted.present),
        facts={**facts, **derived},
        remarks=values.cleaned(wanted.remarks),
        scope=inspection.scope if wanted.purpose == FOLLOW_UP else (),
        rev=inspection.rev + 1,
    )
    if replace(changed, rev=inspection.rev) == inspection:
        return inspection
    entry.inspections.change(changed, base_rev)
    entry.inspections.void_signatures(inspection.id)
    entry.note(f"{inspection.kind}.set-up", inspection.id, {"facts": facts, "purpose": wanted.purpose})
    return changed


def set_aside(desk: Desk, inspection_id: str, reason: str) -> Inspection:
    """Put a running visit aside for good: it counts nowhere and stays in the trail."""
    with desk.entry() as entry:
        return set_aside_into(entry, writable(desk, inspection_id, "set-aside", shelves=entry), reason)


def set_aside_into(entry: Entry, inspection: Inspection, reason: str) -> Inspection:
    """Put a visit aside inside an entry, for somebody who may; see ``set_aside``. Nothing is written when it raises."""
    try:
        words = values.text(reason, 1000)
    except ValueError as error:
        raise BadInput([Fault("reason", str(error))]) from error
    if not words:
        raise BadInput([Fault("reason", say("Say why this visit is set aside."))])
    aside = inspection.set_aside(words)
    entry.inspections.change(replace(aside, rev=inspection.rev + 1), inspection.rev)
    entry.note(f"{inspection.kind}.set-aside", inspection.id, {"reason": words})
    schedule.release(entry, inspection.id)
    return aside


def sign(desk: Desk, inspection_id: str, *signatures: Signature, seen: str = "") -> None:
    """Take signatures, refusals or absences, all together or none.

    ``seen`` is the fingerprint of the visit as the signers had it before them. Each signature is kept with the
    fingerprint it covers: a later change of answers, clinic or people makes it void.

    Raises:
        BadInput: with what is wrong; Stale: when the visit is not what they saw any more.
    """
    with desk.entry() as entry:
        visit = load(entry, writable(desk, inspection_id, shelves=entry))
        sign_into(entry, desk, visit, signatures, not seen or seen == visit.fingerprint)


def sign_into(entry: Entry, desk: Desk, visit: Visit, signatures: Sequence[Signature], as_seen: bool) -> None:
    """Take signatures of a visit as it stands in this entry; see ``sign``. Nothing is written when it raises.

    ``as_seen``: it is still what the signers had before them.
    """
    faults = [fault for signature in signatures for fault in signature_faults(signature)]
    if not faults and (not visit.journey.done or visit.conflicts):
        faults = [Fault(INSPECTOR, say("Complete the visit first; then it can be signed."))]
    if faults:
        raise BadInput(faults)
    if not as_seen:
        raise Stale(say("Something changed since this page was shown. Look again, then sign."))
    inspection = visit.inspection
    for signature in signatures:
        covering = replace(signature, at=signature.at or desk.now, seen=visit.fingerprint)
        entry.inspections.keep_signature(inspection.id, covering)
        entry.note(
            f"{inspection.kind}.signed",
            inspection.id,
            {"role": signature.role, "state": signature.state, "covers": visit.fingerprint},
        )


# lists --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class VisitRow:
    """One line of a list of visits; result fields are none while running, and where only its existence shows.

    The result is as amended; ``amended`` counts the amendments, a void visit counts nowhere.
    """

    id: str
    clinic_id: str
    clinic_name: str
    kind: str
    purpose: str
    state: str
    inspected_on: str
    inspector_name: str
    status: str | None
    score: int | None
    findings: int | None
    readable: bool
    amended: int = 0
    void: bool = False


@dataclass(frozen=True)
class VisitFilter:
    clinic_id: str = ""
    state: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True)
class VisitPage:
    rows: tuple[VisitRow, ...]
    next: str | None


def visits(desk: Desk, wanted: VisitFilter, after: str | None = None, limit: int = 25) -> VisitPage:
    """Visits this person may know of, newest first. The agency sees that a self-audit was made, not what it says."""
    desk.must("visit.list")
    rows, following = desk.ledger.inspections.page(
        clinics=None if desk.actor is None or desk.actor.role != "owner" else desk.actor.clinics,
        owner=desk.actor is not None and desk.actor.role == "owner",
        wanted=wanted,
        after=after,
        limit=limit,
    )
    return VisitPage(tuple(_shown(desk, row) for row in rows), following)


def _shown(desk: Desk, row: Mapping[str, Any]) -> VisitRow:
    readable = desk.reads_kind(row["kind"], row["clinic_id"], row["id"], row["state"] == SEALED)
    return VisitRow(
        id=row["id"],
        clinic_id=row["clinic_id"],
        clinic_name=row["clinic_name"],
        kind=row["kind"],
        purpose=row["purpose"],
        state=row["state"],
        inspected_on=row["inspected_on"],
        inspector_name=row["inspector_name"],
        status=row["status"] if readable else None,
        score=row["score_tenths"] if readable else None,
        findings=row["findings"] if readable else None,
        readable=readable,
        amended=row["amended"],
        void=bool(row["void"]),
    )


def local_time(moment: datetime, zone: str) -> datetime:
    """A stored instant on the clock of the clinic."""
    return moment.astimezone(ZoneInfo(zone))
