"""Papers of clinics and practitioners: kept, renewed, seen on the wall, and where each stands today."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from audit.domain.answers import IN, OUT
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.credentials import (
    GRAVITY,
    HANGS,
    KINDS,
    MISSING,
    PROCEDURES,
    Credential,
    MayWork,
    Required,
    Standing,
    current,
    faults,
    held_to,
    newest,
    required,
    standing,
    who_may_work,
)
from audit.domain.inspections import INSPECTION
from audit.domain.people import may
from audit.domain.problems import BadInput, Fault, NotFound, NotNow, Stale
from audit.domain.tongue import say
from audit.domain.values import cleaned
from audit.domain.visits import Visit
from audit.operations import clinics, photos
from audit.operations.desk import NO_PAPER, Desk
from audit.operations.inspections import checklist_for, local_time
from audit.store.ledger import Entered, Entry, Ledger


@dataclass(frozen=True)
class PaperFields:
    """A paper as typed; ``holder`` is a practitioner's id, or empty for the clinic's own."""

    kind: str
    holder: str = ""
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    expires: date | None = None
    covers: tuple[str, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Told:
    """A paper that is on file, or (without one) a kind that is asked for and missing."""

    kind: str
    holder: str | None
    standing: Standing
    paper: Credential | None = None
    required: bool = False
    entered_by: str = ""
    entered_at: datetime | None = None


@dataclass(frozen=True)
class OfPerson:
    """A practitioner with the papers that count, and for each procedure whether they may work today."""

    practitioner: Practitioner
    papers: tuple[Told, ...]
    may: Mapping[str, MayWork]

    @property
    def allowed(self) -> tuple[str, ...]:
        return tuple(procedure for procedure, found in self.may.items() if found.may)


@dataclass(frozen=True)
class Board:
    """All papers of a clinic on a day. ``procedures`` are those it offers; an empty one stands for any."""

    clinic: Clinic
    today: date
    procedures: tuple[str, ...]
    own: tuple[Told, ...]
    people: tuple[OfPerson, ...]

    @property
    def stopped(self) -> tuple[Told, ...]:
        """The clinic's own papers for want of which nobody may work here."""
        return tuple(one for one in self.own if one.required and one.standing.stops_work)

    @property
    def urgent(self) -> tuple[Told, ...]:
        """Every paper that is wanted, missing or near its end, the gravest first."""
        every = (*self.own, *(one for person in self.people for one in person.papers))
        wrong = [one for one in every if one.standing.state != "valid"]
        return tuple(sorted(wrong, key=lambda one: GRAVITY.index(one.standing.state)))


@dataclass(frozen=True)
class Page:
    """One paper with the clinic, whose it is, and those it replaced (the newest first). ``counts``: nothing has
    replaced it; ``may_edit`` says whether this person may."""

    told: Told
    clinic: Clinic
    holder_name: str
    today: date
    counts: bool
    may_edit: bool
    earlier: tuple[Credential, ...] = field(default=())


# asking -------------------------------------------------------------------------------------------------------


def asked_for(desk: Desk, clinic: Clinic) -> tuple[Required, ...]:
    """The papers that the checklist for inspections there asks for; none when no checklist fits."""
    try:
        checklist = checklist_for(desk, clinic.jurisdiction, INSPECTION)
    except NotNow:
        return ()
    return required(checklist, clinic.profile)


def board(desk: Desk, clinic_id: str) -> Board:
    """Where all papers of a clinic stand today, those that press most first.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    clinic = clinics.get(desk, clinic_id)
    desk.must("paper.read", clinic_id)
    return board_of(desk, clinic)


def board_of(desk: Desk, clinic: Clinic) -> Board:
    """The same. Asks nobody: whoever calls it has asked."""
    today = local_time(desk.now, clinic.time_zone).date()
    wanted = asked_for(desk, clinic)
    entered = {one.paper.id: one for one in desk.ledger.credentials.of(clinic.id)}
    limits = {one.kind: one.limit for one in wanted}
    papers = [held_to(one, limits.get(one.kind)) for one in current(one.paper for one in entered.values())]
    names = _names(desk, entered.values())
    offered = tuple(key for key in PROCEDURES if clinic.profile.get(key) is True)

    def told(kinds: Sequence[Required], holder: str | None) -> tuple[Told, ...]:
        return _told(kinds, holder, papers, entered, names, clinic, today)

    people = []
    for person in desk.ledger.practitioners.of(clinic.id):
        if person.active:
            kinds = [one for one in wanted if one.per_person]
            may = {key: _may(person.id, papers, kinds, today, key) for key in offered or ("",)}
            people.append(OfPerson(person, told(kinds, person.id), may))
    own = told([one for one in wanted if not one.per_person], None)
    return Board(clinic, today, offered or ("",), own, tuple(people))


def _may(
    holder: str, papers: Iterable[Credential], kinds: Sequence[Required], today: date, procedure: str
) -> MayWork:
    minor = [one.kind for one in kinds if not one.stops]
    (found,) = who_may_work(
        [holder], papers, [one.kind for one in kinds], today, procedure or None, minor=minor
    )
    return found


def _names(desk: Desk, entered: Iterable[Entered]) -> Mapping[str, str]:
    found = {author: desk.ledger.people.find(author) for author in {one.by for one in entered}}
    return {author: person.name for author, person in found.items() if person}


def _told(
    kinds: Sequence[Required],
    holder: str | None,
    papers: Sequence[Credential],
    entered: Mapping[str, Entered],
    names: Mapping[str, str],
    clinic: Clinic,
    today: date,
) -> tuple[Told, ...]:
    stops = {one.kind for one in kinds if one.stops}
    address = clinic.address if holder is None else ""
    found = [
        Told(
            kind=one.kind,
            holder=holder,
            standing=standing(one, today, None, address),
            paper=one,
            required=one.kind in stops and newest(papers, one.kind, holder) == one,
            entered_by=names.get(entered[one.id].by, ""),
            entered_at=entered[one.id].at,
        )
        for one in papers
        if one.holder == holder
    ]
    here = {one.kind for one in found}
    found += [
        Told(one.kind, holder, Standing(MISSING, standing(None, today).words), required=one.stops)
        for one in kinds
        if one.kind not in here
    ]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda one: (GRAVITY.index(one.standing.state), order.index(one.kind))))


def get(desk: Desk, paper_id: str) -> Page:
    """One paper, whether it still counts or not.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    entered = _open(desk, paper_id, "paper.read")
    paper = entered.paper
    clinic = desk.ledger.clinics.get(paper.clinic_id)
    limits = {one.kind: one for one in asked_for(desk, clinic)}
    wanted = limits.get(paper.kind)
    held = held_to(paper, wanted.limit if wanted else None)
    today = local_time(desk.now, clinic.time_zone).date()
    person = desk.ledger.practitioners.find(paper.holder) if paper.holder else None
    told = Told(
        paper.kind,
        paper.holder,
        standing(held, today, None, "" if paper.holder else clinic.address),
        held,
        bool(wanted and wanted.stops),
        _names(desk, [entered]).get(entered.by, ""),
        entered.at,
    )
    counts = desk.ledger.credentials.successor(paper_id) is None
    return Page(
        told=told,
        clinic=clinic,
        holder_name=person.name if person else "",
        today=today,
        counts=counts,
        may_edit=may(desk.actor, "paper.edit", clinic.id, practitioner=paper.holder),
        earlier=_earlier(desk, paper),
    )


def typed(desk: Desk, paper_id: str) -> Credential:
    """The paper as it was entered, without the end that a rule gives it; raises as ``get``."""
    return _open(desk, paper_id, "paper.read").paper


def _earlier(desk: Desk, paper: Credential) -> tuple[Credential, ...]:
    found: list[Credential] = []
    before = paper.replaces
    while before and before not in {one.id for one in found}:
        kept = desk.ledger.credentials.find(before)
        if kept is None:
            break
        found.append(kept.paper)
        before = kept.paper.replaces
    return tuple(found)


def _open(desk: Desk, paper_id: str, deed: str) -> Entered:
    entered = desk.ledger.credentials.find(paper_id)
    if entered is None or entered.paper.removed:
        raise NotFound(say(NO_PAPER))
    where, holder = entered.paper.clinic_id, entered.paper.holder
    if not may(desk.actor, "paper.read", where, practitioner=holder):
        raise NotFound(say(NO_PAPER))
    desk.must(deed, where, practitioner=holder)
    return entered


def clinic_for(desk: Desk, clinic_id: str, holder: str = "") -> Clinic:
    """The clinic, for somebody who may enter papers there: the clinic's, or those of the holder.

    Raises:
        NotFound, NotAllowed: as for the clinic.
    """
    if not may(desk.actor, "paper.edit", clinic_id, practitioner=holder or None):
        clinics.get(desk, clinic_id)
        desk.must("paper.edit", clinic_id, practitioner=holder or None)
    return desk.ledger.clinics.get(clinic_id)


def holders(desk: Desk, clinic: Clinic) -> tuple[Practitioner | None, ...]:
    """Those for whom this person may enter papers there; none stands for the clinic itself."""
    people = [one for one in desk.ledger.practitioners.of(clinic.id) if one.active]
    return tuple(
        one
        for one in (None, *people)
        if may(desk.actor, "paper.edit", clinic.id, practitioner=one.id if one else None)
    )


def own(desk: Desk) -> tuple[tuple[Board, OfPerson], ...]:
    """The papers of the practitioner at work, in each clinic they work in."""
    desk.must("paper.own")
    found = []
    for practitioner_id in sorted(desk.actor.practitioners if desk.actor else ()):
        person = desk.ledger.practitioners.find(practitioner_id)
        if person and person.active:
            here = board_of(desk, desk.ledger.clinics.get(person.clinic))
            found += [(here, one) for one in here.people if one.practitioner.id == practitioner_id]
    return tuple(found)


# doing --------------------------------------------------------------------------------------------------------


def add(
    desk: Desk, clinic_id: str, fields: PaperFields, scan: bytes | None = None, paper_id: str = ""
) -> Credential:
    """Enter a paper; ``paper_id`` may come from a page, so that a repeat adds nothing.

    Raises:
        BadInput: with all faults.
    """
    clinic = clinic_for(desk, clinic_id, fields.holder)
    return _write(desk, clinic, Credential(paper_id or str(uuid.uuid4()), clinic_id, ""), fields, scan)


def renew(
    desk: Desk, paper_id: str, fields: PaperFields, scan: bytes | None = None, new_id: str = ""
) -> Credential:
    """Enter the paper that follows this one, which is kept as history. What hangs on the wall nobody has seen yet.

    Raises:
        BadInput: with all faults; NotNow: when it was renewed before.
    """
    before = _open(desk, paper_id, "paper.edit").paper
    new_id = new_id or str(uuid.uuid4())
    _latest(desk.ledger, paper_id, new_id)
    clinic = desk.ledger.clinics.get(before.clinic_id)
    fields = replace(fields, kind=before.kind, holder=before.holder or "")
    if before.expires and fields.expires and fields.expires <= before.expires:
        raise BadInput([Fault("expires", say("The renewed paper has to end later than the old one."))])
    return _write(
        desk, clinic, Credential(new_id, before.clinic_id, before.kind, replaces=paper_id), fields, scan
    )


def edit(desk: Desk, paper_id: str, fields: PaperFields, scan: bytes | None, rev: int) -> Credential:
    """Correct what was entered; whatever an inspector saw has to be seen again.

    Raises:
        BadInput: with all faults; Stale: when somebody else changed it meanwhile; NotNow: when it was renewed.
    """
    before = _open(desk, paper_id, "paper.edit").paper
    _latest(desk.ledger, paper_id)
    clinic = clinic_for(desk, before.clinic_id, fields.holder)
    return _write(desk, clinic, before, fields, scan, rev)


def _latest(ledger: Entry | Ledger, paper_id: str, next_id: str = "") -> None:
    """Go on only with a paper that none followed, or only the one of that id."""
    after = ledger.credentials.successor(paper_id)
    if after is not None and after.paper.id != next_id:
        raise NotNow(say("This paper was renewed already."))


def _write(
    desk: Desk,
    clinic: Clinic,
    before: Credential,
    fields: PaperFields,
    scan: bytes | None,
    rev: int | None = None,
) -> Credential:
    """Check a paper and keep it; ``rev`` is that of the paper that is changed, none for a new one."""
    paper = _checked(desk, clinic, before, fields, bool(scan))
    if scan:
        paper = replace(paper, scan=photos.keep_for(desk, scan, paper.id, "scan"))
    with desk.entry() as entry:
        found = entry.credentials.find(paper.id)
        detail = {"clinic": clinic.id, "kind": paper.kind}
        if paper.holder:
            detail["holder"] = paper.holder
        if rev is None:
            if found is not None:
                return found.paper
            entry.credentials.add(paper, entry.actor, desk.now)
            if paper.replaces:
                detail["replaces"] = paper.replaces
            entry.note("paper.renewed" if paper.replaces else "paper.added", paper.id, detail)
            return paper
        _latest(entry, paper.id)
        if found is None or found.paper.rev != rev:
            raise Stale(say("Somebody else changed this paper meanwhile. Look at it again."))
        if replace(paper, displayed=before.displayed, seen_on=before.seen_on) == before:
            return before
        entry.credentials.change(paper, entry.actor, desk.now)
        entry.note("paper.changed", paper.id, detail)
    return replace(paper, rev=paper.rev + 1)


def _checked(
    desk: Desk, clinic: Clinic, before: Credential, fields: PaperFields, scanned: bool
) -> Credential:
    texts = {name: cleaned(getattr(fields, name)) for name in ("number", "issuer", "place")}
    today = local_time(desk.now, clinic.time_zone).date()
    named = {"kind": fields.kind, "holder": fields.holder, **texts}
    found = list(faults(named, fields.issued, fields.expires, today, scanned))
    if fields.holder and not any(
        person.id == fields.holder for person in desk.ledger.practitioners.of(clinic.id)
    ):
        found.append(Fault("holder", say("There is no such practitioner here.")))
    if found:
        raise BadInput(found)
    return replace(
        before,
        kind=fields.kind,
        holder=fields.holder or None,
        issued=fields.issued,
        expires=fields.expires,
        covers=tuple(key for key in PROCEDURES if key in fields.covers),
        displayed=None,
        seen_on=None,
        number=texts["number"],
        issuer=texts["issuer"],
        place=texts["place"],
    )


def see(desk: Desk, paper_id: str, displayed: bool) -> None:
    """An inspector saw the paper today, on the wall or not.

    Raises:
        NotNow: when it was renewed: the one that hangs there now is seen.
    """
    paper = _open(desk, paper_id, "paper.see").paper
    clinic = desk.ledger.clinics.get(paper.clinic_id)
    with desk.entry() as entry:
        _latest(entry, paper_id)
        entry.credentials.saw(paper_id, displayed, local_time(desk.now, clinic.time_zone).date())
        entry.note("paper.seen", paper_id, {"displayed": displayed})


def follow(entry: Entry, visit: Visit) -> None:
    """With the seal of an inspection: what was seen of papers on the wall is known from then on."""
    inspection = visit.inspection
    if inspection.kind != INSPECTION:
        return
    papers = current(one.paper for one in entry.credentials.of(inspection.clinic_id))
    for answer in visit.answers():
        kind = HANGS.get(answer.item)
        paper = newest(papers, kind, answer.person) if kind and answer.mark in (IN, OUT) else None
        if paper and (paper.seen_on is None or paper.seen_on <= inspection.inspected_on):
            entry.credentials.saw(paper.id, answer.mark == IN, inspection.inspected_on)
            entry.note("paper.seen", paper.id, {"displayed": answer.mark == IN, "visit": inspection.id})


def remove(desk: Desk, paper_id: str) -> str:
    """Take a paper off the list that was entered by mistake; gives its clinic. The trail keeps that it was there.

    Raises:
        NotNow: when it was renewed: it is history.
    """
    paper = _open(desk, paper_id, "paper.edit").paper
    with desk.entry() as entry:
        _latest(entry, paper_id)
        entry.credentials.remove(paper_id)
        entry.note("paper.removed", paper_id, {"clinic": paper.clinic_id})
    return paper.clinic_id
