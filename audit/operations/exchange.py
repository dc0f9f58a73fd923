"""A whole visit comes in as a document with its photos beside it, or goes out the same way."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from audit.domain import exchange, markings, records
from audit.domain.answers import Key, PhotoLink
from audit.domain.arrivals import Arrival, Arrivals, visit_faults
from audit.domain.canonical import canonical, sha256_of
from audit.domain.changes import ANSWER, APPLIED, Change, Current
from audit.domain.checklists import Checklist
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.conditions import spelled
from audit.domain.exchange import Given, GivenClinic, GivenPerson
from audit.domain.inspections import RUNNING, SEALED, Inspection, Signature
from audit.domain.problems import BadInput, Differs, Fault, NotNow, Problem
from audit.domain.records import NotCarried, PhotoFacts
from audit.domain.tongue import say
from audit.domain.visits import Kept, Visit, derived_facts
from audit.operations import former, sealing
from audit.operations.desk import Desk
from audit.operations.inspections import open_visit
from audit.store.ledger import Entry, Photo

DEVICE = "document"
AS_AMENDED = "record-as-amended.json"
CLOCKS_DIFFER = timedelta(minutes=10)
_SHA256 = re.compile(r"[0-9a-f]{64}")
READ_AT_MOST = 16 * 1024 * 1024  # bytes; more than any photo that is taken in, so too large stays too large


@dataclass(frozen=True)
class Recorded:
    """What came of a document: the sealed visit, whether it was here already, and a clinic made for it."""

    id: str
    already: bool
    clinic_made: str
    result: Mapping[str, Any]


def record(desk: Desk, data: bytes, folder: Path, from_report: bool = False) -> Recorded:
    """Take in a document with the photos beside it and seal it, or change nothing at all.

    A document ``from_report`` names photos by their SHA-256; those that do not lie beside it are kept as not carried.

    Raises:
        BadInput: with every fault and its place.
        Differs: when a visit of that id is here with other content.
    """
    given = exchange.read(exchange.loads(data))
    coming = _Coming(desk, given, folder, from_report)
    faults = list(coming.faults())
    if faults:
        raise BadInput(faults)
    known = desk.ledger.inspections.find(given.id)
    if known is not None:
        return _known(desk, known, coming)
    desk.must(f"{coming.visit.inspection.kind}.seal", coming.visit.clinic.id)
    if coming.clinic_is_new:
        desk.must("clinic.add")
    return _keep(desk, coming)


def _known(desk: Desk, known: Inspection, coming: "_Coming") -> Recorded:
    if known.state != SEALED or not desk.reads(known):
        raise Differs(f"A visit {known.id} is here already, and it is not this one.")
    kept = desk.ledger.records.get(known.id)
    same = {row["sha256"]: row["sha256"] for row in kept.document["photos"]}
    same |= {sha256: sha256 for sha256 in (*coming.photos, *(one.sha256 for one in coming.not_carried))}
    theirs = exchange.dump(kept.document, kept.persons, same)
    if not any(theirs == _dumped(desk, visit, same) for visit in (coming.visit, coming.as_if_carried())):
        raise Differs(f"A visit {known.id} is sealed here with other content. Nothing was changed.")
    return Recorded(known.id, True, "", kept.document["result"])


def _dumped(desk: Desk, visit: Visit, names: Mapping[str, str]) -> bytes:
    ours = records.build(visit, desk.now, (), dict.fromkeys(records.people_in(visit), ""))
    return exchange.dump(ours.document, ours.persons, names)


class _Coming:
    """A document on its way in: matched to clinic, practitioners and checklist, photos read, nothing written."""

    def __init__(self, desk: Desk, given: Given, folder: Path, from_report: bool) -> None:
        self.desk, self.given, self.folder, self.from_report = desk, given, folder, from_report
        self.found: list[Fault] = []
        self.photos: dict[str, Photo] = {}
        self.names: dict[str, str] = {}
        self.checklist = self._checklist()
        self.clinic, self.clinic_is_new = self._clinic(given.clinic)
        self.people = self._people()
        self.arrivals = Arrivals(given, self.checklist, self._names())
        self._read_photos()
        self.visit = self._visit()
        if given.finished_at > desk.now + CLOCKS_DIFFER:
            self.found.append(Fault("finished_at", say("lies in the future")))

    def faults(self) -> Iterator[Fault]:
        yield from self.found
        yield from self.arrivals.faults
        yield from visit_faults(self.visit, self.arrivals.answers)

    def _checklist(self) -> Checklist:
        given = self.given
        row = self.desk.ledger.checklists.find(given.checklist, given.pack, given.version)
        if row is None:
            words = f"{given.checklist} under {given.pack} has no published version {given.version} here"
            raise BadInput([Fault("checklist", words)])
        return row

    def _clinic(self, given: GivenClinic) -> tuple[Clinic, bool]:
        clinics = self.desk.ledger.clinics
        known = (
            (given.id and clinics.find(given.id))
            or (given.permit and clinics.by_permit(given.permit))
            or clinics.by_likeness(given.name, given.address)
        )
        if known:
            return known, False
        made = Clinic(
            id=given.id or str(uuid.uuid4()),
            name=given.name,
            address=given.address,
            jurisdiction=given.jurisdiction or self.checklist.jurisdiction,
            permit=given.permit,
            time_zone=given.time_zone,
            profile=dict(given.profile),
        )
        return made, True

    def _people(self) -> tuple[Practitioner, ...]:
        return tuple(
            self._practitioner(place, given) for place, given in enumerate(self.given.practitioners, 1)
        )

    def _practitioner(self, place: int, given: GivenPerson) -> Practitioner:
        known = self.desk.ledger.practitioners.find(given.id) if given.id else None
        if known is not None and known.clinic != self.clinic.id:
            self.found.append(Fault(f"practitioners {place}", say("works in another clinic by that id")))
        if known is None and not given.id and not self.clinic_is_new:
            staff = self.desk.ledger.practitioners.of(self.clinic.id)
            known = next((row for row in staff if row.name == given.name), None)
        # The document's name and title are what the visit saw; the clinic's list keeps its own.
        identity = known.id if known else given.id or str(uuid.uuid4())
        return Practitioner(identity, self.clinic.id, given.name, given.title)

    def _names(self) -> dict[str, str]:
        names = [person.name for person in self.people]
        by_name = {person.name: person.id for person in self.people if names.count(person.name) == 1}
        return by_name | {person.id: person.id for person in self.people}

    def _read_photos(self) -> None:
        for arrival in self.arrivals.answers.values():
            for photo in arrival.photos:
                if photo.file not in self.names:
                    self._read_photo(arrival.place, photo.file)

    def _read_photo(self, place: str, name: str) -> None:
        path = self._beside(name)
        if self.from_report and _SHA256.fullmatch(name) and not path.exists():
            return
        if path.is_symlink() or not path.is_file():
            self.found.append(Fault(f"{place}.photos", f"there is no file {name} beside the document"))
            return
        try:
            with path.open("rb") as file:
                data = file.read(READ_AT_MOST)
            checked = self.desk.ledger.photos.check(data)
        except Problem as problem:
            self.found.append(Fault(f"{place}.photos", f"{name}: {problem.words}"))
            return
        self.names[name], self.photos[checked.sha256] = checked.sha256, checked

    def _beside(self, name: str) -> Path:
        """The file of that name; a report names photos by content, and whatever ending a file has is its own."""
        path = self.folder / name
        if not self.from_report or path.exists() or not _SHA256.fullmatch(name):
            return path
        return next(iter(sorted(self.folder.glob(f"{name}.*"))), path)

    @property
    def not_carried(self) -> tuple[NotCarried, ...]:
        """Photos that a report names and that do not lie beside it."""
        return tuple(
            NotCarried(item, person, photo.file, photo.caption)
            for (item, person), arrival in self.arrivals.answers.items()
            for photo in arrival.photos
            if self.from_report and photo.file not in self.names
        )

    def as_if_carried(self) -> Visit:
        """The visit with the photos that are not here as well, to compare with one that has them."""
        links = {
            key: tuple(
                PhotoLink(
                    self.names.get(photo.file, photo.file),
                    photo.caption,
                    markings.recorded(photo.marks),
                )
                for photo in arrival.photos
            )
            for key, arrival in self.arrivals.answers.items()
            if arrival.photos
        }
        return replace(self.visit, links=links)

    def _visit(self) -> Visit:
        given, arrivals, desk = self.given, self.arrivals, self.desk
        assert desk.actor is not None
        facts = {**arrivals.facts, **self._derived()}
        inspection = Inspection(
            id=given.id,
            clinic_id=self.clinic.id,
            checklist_sha=self.checklist.sha256,
            kind=self.checklist.kind,
            purpose=given.purpose,
            state=RUNNING,
            started_at=given.started_at,
            finished_at=given.finished_at,
            inspected_on=given.inspected_on,
            time_zone=given.clinic.time_zone,
            inspector_id=desk.actor.id,
            inspector_name=given.inspector.name,
            profile=arrivals.profile,
            facts=facts,
            practitioners=tuple(person.id for person in self.people),
            present=given.present,
            remarks=given.remarks,
        )
        visit = Visit(
            inspection=inspection,
            clinic=self._clinic_as_given(),
            agency=desk.ledger.agency.get(),
            checklist=self.checklist,
            practitioners=self.people,
            kept={
                key: Kept(arrival.raw, 1, desk.actor.id, given.finished_at)
                for key, arrival in arrivals.answers.items()
                if not arrival.raw.is_empty
            },
            links={
                key: links for key, arrival in arrivals.answers.items() if (links := self._links(arrival))
            },
            signatures=tuple(
                Signature(row.role, row.state, row.name, row.title, row.at or given.finished_at)
                for row in given.signatures
            ),
        )
        covering = tuple(replace(row, seen=visit.fingerprint) for row in visit.signatures)
        return replace(visit, signatures=covering)

    def _clinic_as_given(self) -> Clinic:
        """The record names the clinic as the document does; what the document leaves out is as it was kept."""
        given, kept = self.given.clinic, self.desk.ledger.records.find(self.given.id)
        before = kept.document["clinic"] if kept else {}
        return replace(
            self.clinic,
            name=given.name,
            address=given.address or before.get("address", self.clinic.address),
            permit=given.permit or before.get("permit", self.clinic.permit),
            jurisdiction=given.jurisdiction or before.get("jurisdiction", self.clinic.jurisdiction),
        )

    def _derived(self) -> dict[str, bool | int | str]:
        """What follows at the start; a visit that is here already keeps what followed then.

        A document may only say what this place cannot know: whether the clinic was visited before, elsewhere.
        """
        stated = self.arrivals.facts
        known = self.desk.ledger.inspections.find(self.given.id)
        if known is not None:
            scopes = {fact.key: fact.scope for fact in self.checklist.facts}
            derived = {key: value for key, value in known.facts.items() if scopes.get(key) == "derived"}
        else:
            earlier = 0 if self.clinic_is_new else self.desk.ledger.inspections.sealed_before(self.clinic.id)
            facts = {**self.arrivals.profile, **stated}
            derived = derived_facts(self.checklist, facts, earlier, len(self.people))
            if "not_first" in derived:
                derived["not_first"] = stated.get("not_first", derived["not_first"])
        for key, value in derived.items():
            if key != "not_first" and stated.get(key, value) != value:
                words = f"follows from the rest of the document: it is {spelled(value)}"
                self.found.append(Fault(f"facts.{key}", words))
        return derived

    def _links(self, arrival: Arrival) -> tuple[PhotoLink, ...]:
        return tuple(
            PhotoLink(self.names[photo.file], photo.caption, markings.recorded(photo.marks))
            for photo in arrival.photos
            if photo.file in self.names
        )


def _in_order(desk: Desk, visit: Visit) -> Visit:
    """The visit with what came before it at its clinic, as if it had been made here."""
    inspection = visit.inspection
    past = desk.ledger.records.past(
        inspection.clinic_id, [inspection.kind], inspection.id, inspection.inspected_on
    )
    return replace(visit, past=past, former=former.before(desk.ledger, inspection))


def _keep(desk: Desk, coming: _Coming) -> Recorded:
    """Photo files first, then every row and the seal in one entry."""
    visit = _in_order(desk, coming.visit)
    taken = [desk.ledger.photos.take(photo) for photo in coming.photos.values()]
    drawn = sealing.freeze(
        desk,
        visit,
        [PhotoFacts(row.sha256, row.width, row.height, row.size, desk.now) for row in taken],
        coming.not_carried,
    )
    with desk.entry() as entry:
        if coming.clinic_is_new:
            entry.clinics.add(visit.clinic)
            entry.note("clinic.added", visit.clinic.id, {"name": visit.clinic.name, "by": "document"})
        present = {person.id for person in entry.practitioners.of(visit.clinic.id)}
        for person in visit.practitioners:
            if person.id not in present:
                entry.practitioners.add(person)
        entry.inspections.add(replace(visit.inspection, finished_at=None))
        for photo in taken:
            entry.photos.add(photo, desk.now)
        _keep_answers(entry, desk, visit)
        for signature in visit.signatures:
            entry.inspections.keep_signature(visit.inspection.id, signature)
        entry.note(f"{visit.inspection.kind}.recorded", visit.inspection.id, {"from": DEVICE})
        sealing.keep(entry, desk, visit, drawn)
    result = drawn.sealed.document["result"]
    return Recorded(visit.inspection.id, False, visit.clinic.name if coming.clinic_is_new else "", result)


def _keep_answers(entry: Entry, desk: Desk, visit: Visit) -> None:
    for key, kept in visit.kept.items():
        change = _change(visit.inspection.id, key, kept)
        entry.inspections.append_operation(
            inspection_id=visit.inspection.id,
            change=change,
            body_hash=change.body_hash(visit.inspection.id),
            rev=1,
            status=APPLIED,
            author=kept.author,
            received_at=desk.now,
        )
        value = Current(1, kept.raw.document(), kept.author, kept.at)
        entry.inspections.keep_answer(visit.inspection.id, key, value)
    for key, links in visit.links.items():
        for link in links:
            entry.inspections.link_photo(visit.inspection.id, key, link)


def _change(inspection_id: str, key: Key, kept: Kept) -> Change:
    """A document's answers get op ids that follow from the visit and the item."""
    op_id = str(uuid.uuid5(uuid.UUID(inspection_id), sha256_of(list(key))))
    return Change(op_id, ANSWER, key[0], key[1], 0, kept.raw.document(), DEVICE)


def export(desk: Desk, inspection_id: str, folder: Path) -> Path:
    """Write a sealed visit as a document with its photos, as received, beside it; gives the document's path. Was it
    amended, the record as it stands now goes along, with each amendment: its SHA-256 is that of the report as amended.

    Raises:
        NotNow: while it is not sealed; NotFound: when there is none to read.
    """
    visit = open_visit(desk, inspection_id)
    if visit.inspection.state != SEALED:
        raise NotNow(say("Only a sealed visit can be exported."))
    kept = desk.ledger.records.get(inspection_id)
    folder.mkdir(parents=True, exist_ok=True)
    names = {}
    for row in kept.document["photos"]:
        original = desk.ledger.photos.original(row["sha256"])
        name = f"{row['sha256']}.{original.suffix}"
        (folder / name).write_bytes(original.data)
        names[row["sha256"]] = name
    path = folder / "inspection.json"
    path.write_bytes(exchange.dump(kept.document, kept.persons, names))
    amended = desk.ledger.amendments.document(inspection_id)
    if amended is not None:
        (folder / AS_AMENDED).write_bytes(canonical(amended[1]))
    with desk.entry() as entry:
        entry.note(f"{visit.inspection.kind}.exported", inspection_id, {})
    return path
