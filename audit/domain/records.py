"""The sealed record: one frozen canonical document of everything a visit found, and its SHA-256.

People stand in it by id and by a salted hash; their names, titles and strokes are kept in a part of their own,
so that personal data can go one day while the document stays provable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.domain import former, markings
from audit.domain.answers import Answer, Key, PhotoLink
from audit.domain.canonical import plain, sha256_of
from audit.domain.findings import Finding
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Signature
from audit.domain.scoring import Result, tenths
from audit.domain.steps import Inapplicable
from audit.domain.visits import Visit

FORMAT = "clinic-audit/record/1"
SIGNED_AS = "inspector-signature"


@dataclass(frozen=True)
class PhotoFacts:
    """A kept photo: the SHA-256 of the bytes received, its upright size in pixels, its bytes, and when they came."""

    sha256: str
    width: int
    height: int
    size: int
    received_at: datetime | None = None


@dataclass(frozen=True)
class NotCarried:
    """A photo that belongs to an answer and is not here: known by the SHA-256 of its bytes alone."""

    item: str
    person: str | None
    sha256: str
    caption: str


@dataclass(frozen=True)
class Sealed:
    """What is kept at the seal: the document, the people's part, and the document's fingerprint."""

    document: dict[str, Any]
    persons: dict[str, dict[str, Any]]
    sha256: str


def people_in(visit: Visit) -> dict[str, dict[str, Any]]:
    """Everybody the record names, by the id it names them with: name, title and strokes."""
    inspection = visit.inspection
    found: dict[str, dict[str, Any]] = {}
    for person in visit.practitioners:
        if person.id in {*inspection.practitioners, *(one.action.person for one in visit.former)}:
            found[person.id] = _person(person.name, person.title)
    for place, name in enumerate(inspection.present, 1):
        found[f"present-{place}"] = _person(name)
    found[inspection.inspector_id] = _person(inspection.inspector_name)
    for signature in visit.signatures:
        found[_signer(visit, signature)] = _person(signature.name, signature.title, signature.strokes)
    return found


def _person(name: str, title: str = "", strokes: Any = ()) -> dict[str, Any]:
    return {"name": name, "title": title, "strokes": plain(strokes)}


def _signer(visit: Visit, signature: Signature) -> str:
    """The inspector signs as themselves; a name written otherwise is kept beside theirs, not instead."""
    if signature.role != INSPECTOR:
        return PERSON_IN_CHARGE
    inspection = visit.inspection
    return inspection.inspector_id if signature.name == inspection.inspector_name else SIGNED_AS


def build(
    visit: Visit,
    sealed_at: datetime,
    photos: Iterable[PhotoFacts],
    salts: Mapping[str, str],
    not_carried: Iterable[NotCarried] = (),
) -> Sealed:
    """Freeze a complete visit. ``salts`` holds one random hex salt for each of ``people_in``.

    ``not_carried`` are photos that a report named and nobody handed in with it: they stay named by their SHA-256.
    """
    persons = {key: {**person, "salt": salts[key]} for key, person in people_in(visit).items()}
    inspection = visit.inspection
    document = {
        "format": FORMAT,
        "id": inspection.id,
        "kind": inspection.kind,
        "purpose": inspection.purpose,
        "checklist": _checklist(visit),
        "agency": _agency(visit),
        "clinic": _clinic(visit),
        "facts": inspection.facts,
        "started_at": inspection.started_at,
        "finished_at": inspection.finished_at or sealed_at,
        "sealed_at": sealed_at,
        "inspected_on": inspection.inspected_on,
        "time_zone": inspection.time_zone,
        "inspector": inspection.inspector_id,
        "practitioners": inspection.practitioners,
        "present": [f"present-{place}" for place in range(1, len(inspection.present) + 1)],
        "remarks": inspection.remarks,
        "answers": [_answer(visit, answer) for answer in visit.answers()],
        "kept_aside": [_answer(visit, answer) for answer in visit.journey.kept_aside],
        "inapplicable": [_inapplicable(row) for row in visit.journey.inapplicable],
        "findings": [_finding(finding) for finding in visit.findings],
        "result": result_document(visit.result) | _next_visit(visit),
        "photos": [_kept_photo(photo) for photo in sorted(photos, key=lambda photo: photo.sha256)],
        "signatures": [_signature(visit, signature) for signature in visit.signatures],
        "persons": {key: person_hash(person) for key, person in persons.items()},
    }
    missing = [vars(one) for one in not_carried]
    beside = _beside(visit) | ({"not_carried": missing} if missing else {})
    frozen: dict[str, Any] = plain(document | beside)
    return Sealed(frozen, persons, sha256_of(frozen))


def person_hash(person: Mapping[str, Any]) -> str:
    """The salted hash that stands for a person in the document."""
    return sha256_of(person)


def _checklist(visit: Visit) -> dict[str, Any]:
    checklist = visit.checklist
    return {
        "key": checklist.key,
        "title": checklist.title,
        "pack": checklist.pack,
        "pack_title": checklist.pack_title,
        "version": checklist.version,
        "sha256": checklist.sha256,
    }


def _agency(visit: Visit) -> dict[str, Any]:
    agency = visit.agency
    return {
        "name": agency.name,
        "address": agency.address,
        "phone": agency.phone,
        "logo": agency.logo,
        "paper": agency.paper,
        "time_zone": agency.time_zone,
        "statements": agency.statements,
        "appeal_route": agency.appeal_route,
        "public_authority": agency.public_authority,
        "language": agency.language,
    }


def _clinic(visit: Visit) -> dict[str, Any]:
    clinic = visit.clinic
    return {
        "id": clinic.id,
        "name": clinic.name,
        "address": clinic.address,
        "jurisdiction": clinic.jurisdiction,
        "permit": clinic.permit,
        "time_zone": visit.inspection.time_zone,
        "profile": visit.inspection.profile,
    }


def _next_visit(visit: Visit) -> dict[str, Any]:
    """The day, none where no rule gives one; its reasons where the pack has a rule that looks at the findings."""
    found = visit.next_visit
    if found is None:
        return {"next_visit": None}
    plain = not found.check and visit.checklist.due.follow_up is None
    why = [{"code": one.code, "items": one.items} for one in found.why]
    return {"next_visit": found.due} | ({} if plain else {"next_check": found.check, "next_why": why})


def _beside(visit: Visit) -> dict[str, Any]:
    """What only some visits have; records of others read as they always did."""
    found: dict[str, Any] = {}
    if visit.inspection.scope:
        found["scope"] = visit.inspection.scope
    if visit.placard:
        found["placard"] = {
            "standing": visit.placard.standing,
            "services": [
                {"service": name, "standing": standing} for name, standing in visit.placard.services
            ],
            "come_back_by": visit.placard.come_back_by,
        }
    if visit.former:
        found["former"] = [former.document(one) for one in visit.former]
    if visit.closures:
        found["closures"] = [
            {
                "id": one.id,
                "scope": one.scope,
                "subject": one.subject,
                "items": one.items,
                "acts": one.acts,
                "citation": one.citation,
                "hearing": one.hearing,
                "since": one.since,
            }
            for one in visit.closures
        ]
    return found


def _answer(visit: Visit, answer: Answer) -> dict[str, Any]:
    key: Key = answer.item, answer.person
    kept = visit.kept.get(key)
    return {
        "item": answer.item,
        "person": answer.person,
        "rev": kept.rev if kept else 0,
        "mark": answer.mark,
        "derived": answer.derived,
        "values": answer.values,
        "absent": answer.absent,
        "note": answer.note,
        "reason": answer.reason,
        "corrected_on_site": answer.corrected_on_site,
        "correct_by": answer.correct_by,
        "warnings": answer.warnings,
        "judged": [
            {
                "part": row.part,
                "mark": row.mark,
                "limit": row.limit,
                "finding": row.finding,
                "source": row.source,
            }
            for row in answer.judged
        ],
        "preset": answer.preset,
        "photos": [_photo(photo) for photo in answer.photos],
        "by": kept.author if kept else None,
        "answered_at": kept.at if kept else None,
    }


def _photo(photo: PhotoLink) -> dict[str, Any]:
    """Marks are named where there are any: records from before there were marks read the same."""
    marks = {"marks": markings.read(photo.marks)} if photo.marks else {}
    return {"sha256": photo.sha256, "caption": photo.caption, **marks}


def _inapplicable(row: Inapplicable) -> dict[str, Any]:
    return {
        "item": row.item.key,
        "number": row.item.number,
        "because": {"key": row.because[0], "value": row.because[1]},
    }


def _kept_photo(photo: PhotoFacts) -> dict[str, Any]:
    return {
        "sha256": photo.sha256,
        "width": photo.width,
        "height": photo.height,
        "bytes": photo.size,
        "received_at": photo.received_at,
    }


def _signature(visit: Visit, signature: Signature) -> dict[str, Any]:
    return {
        "role": signature.role,
        "person": _signer(visit, signature),
        "state": signature.state,
        "how": signature.how,
        "at": signature.at,
        "covers": signature.seen,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "item": finding.item,
        "number": finding.number,
        "person": finding.person,
        "severity": finding.severity,
        "standing": finding.standing,
        "note": finding.note,
        "corrective": finding.corrective,
        "corrected_on_site": finding.corrected_on_site,
        "correct_by": finding.correct_by,
        "stop": finding.stop,
        **({"repeats": finding.repeats} if finding.repeats else {}),
        **({"service": finding.service} if finding.service else {}),
    }


def result_document(result: Result) -> dict[str, Any]:
    """A result with its lines, as sealed and as printed by ``record --json``."""
    return {
        "status": result.status,
        "scheme": result.scheme,
        "score": tenths(result.score),
        "percent": tenths(result.percent),
        "weighted": tenths(result.weighted),
        "may_pass": result.may_pass,
        "counts": dict(result.counts),
        "words": list(result.words),
        "lines": [
            {
                "item": line.item,
                "number": line.number,
                "severity": line.severity,
                "mark": line.mark,
                "weight": line.weight,
                "deducted": line.deducted,
                "corrected_on_site": line.corrected_on_site,
            }
            for line in result.lines
        ],
    }
