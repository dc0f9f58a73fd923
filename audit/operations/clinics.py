"""Clinics and the people who work in them: finding, adding, changing."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from audit.domain.clinics import Clinic, Practitioner
from audit.domain.exchange import known_zone
from audit.domain.facts import FactKey
from audit.domain.inspections import INSPECTION, SEALED, SELF_AUDIT, Inspection
from audit.domain.people import may, reach
from audit.domain.problems import BadInput, Differs, Fault
from audit.domain.tongue import language, say
from audit.domain.values import cleaned
from audit.operations.desk import Desk
from audit.store.ledger import Outcome

LONGEST = {"name": 200, "address": 500, "permit": 100}
_JURISDICTION = re.compile(r"[a-z]{2,5}(-[a-z0-9]{1,20}){0,4}")


@dataclass(frozen=True)
class ClinicFields:
    """A clinic as typed. ``profile`` holds facts by key, as text; what is not known is left out."""

    name: str
    address: str = ""
    jurisdiction: str = ""
    permit: str = ""
    time_zone: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True)
class Duplicate:
    """Nothing was saved: these clinics look like the same one. Saving again ``despite_duplicate`` adds it."""

    candidates: tuple[Clinic, ...]


@dataclass(frozen=True)
class ClinicRow:
    """A clinic in a list, with the latest sealed visit, the latest inspection and the running visit this person may
    know of."""

    clinic: Clinic
    last: Outcome | None
    running_id: str | None
    inspected: Outcome | None = None

    @property
    def last_result(self) -> str | None:
        return self.last.status if self.last else None

    @property
    def last_on(self) -> date | None:
        return self.last.inspected_on if self.last else None

    @property
    def open_findings(self) -> int:
        return self.last.open_findings if self.last else 0


@dataclass(frozen=True)
class Page:
    """Some clinics by name; ``next`` is handed back as ``after`` for the following ones."""

    rows: tuple[ClinicRow, ...]
    next: str | None


def search(desk: Desk, text: str = "", after: str | None = None, limit: int = 25) -> Page:
    """Clinics this person reaches whose name, address or permit hold every word of ``text``."""
    desk.must("clinic.list")
    shelf = desk.ledger.clinics
    start = shelf.find(after) if after and may(desk.actor, "clinic.read", after) else None
    if after and start is None:
        raise BadInput([Fault("after", say("There is no such page."))])
    place = shelf.place(start) if start else None
    found = shelf.page(reach(desk.actor, "clinic.read"), text, place, limit + 1)
    rows = rows_for(desk, tuple(found[:limit]))
    return Page(rows, found[limit - 1].id if found[limit:] else None)


def rows_for(desk: Desk, clinics: tuple[Clinic, ...]) -> tuple[ClinicRow, ...]:
    """Clinics with what this person may know of their visits."""
    ids = [clinic.id for clinic in clinics]
    kinds = [
        kind for kind in (INSPECTION, SELF_AUDIT) if ids and may(desk.actor, f"{kind}.read", ids[0], True)
    ]
    latest = desk.ledger.records.latest_for(ids, kinds)
    running: dict[str, str] = {}
    for visit in desk.ledger.inspections.running_of(ids):
        if _may_read(desk, visit):
            running.setdefault(visit.clinic_id, visit.id)
    inspected = latest if kinds == [INSPECTION] else _inspected(desk, ids, kinds)
    return tuple(
        ClinicRow(clinic, latest.get(clinic.id), running.get(clinic.id), inspected.get(clinic.id))
        for clinic in clinics
    )


def _inspected(desk: Desk, ids: list[str], kinds: list[str]) -> Mapping[str, Outcome]:
    return desk.ledger.records.latest_for(ids, [INSPECTION]) if INSPECTION in kinds else {}


def row_of(desk: Desk, clinic: Clinic) -> ClinicRow:
    """One clinic with what this person may know of its visits."""
    return rows_for(desk, (clinic,))[0]


def _may_read(desk: Desk, visit: Inspection) -> bool:
    return may(desk.actor, f"{visit.kind}.read", visit.clinic_id, visit.state == SEALED)


def get(desk: Desk, clinic_id: str) -> Clinic:
    """One clinic.

    Raises:
        NotFound: when there is none, or it is somebody else's.
    """
    clinic = desk.ledger.clinics.get(clinic_id)
    desk.must("clinic.read", clinic.id)
    return clinic


def create(desk: Desk, fields: ClinicFields, despite_duplicate: bool = False) -> Clinic | Duplicate:
    """Add a clinic, unless one with its permit, name or address is here already.

    Raises:
        BadInput: with all faults.
    """
    desk.must("clinic.add")
    clinic = _read(desk, str(uuid.uuid4()), fields)
    candidates = desk.ledger.clinics.alike(clinic.name, clinic.address, clinic.permit)
    if candidates and not despite_duplicate:
        return Duplicate(tuple(candidates))
    with desk.entry() as entry:
        entry.clinics.add(clinic)
        detail = {"jurisdiction": clinic.jurisdiction, "like": [other.id for other in candidates]}
        entry.note("clinic.added", clinic.id, detail)
    return clinic


def edit(desk: Desk, clinic_id: str, fields: ClinicFields) -> Clinic:
    """Change a clinic; running and sealed visits keep the profile they started with.

    Raises:
        BadInput: with all faults.
    """
    before = get(desk, clinic_id)
    desk.must("clinic.edit", clinic_id)
    clinic = _read(desk, clinic_id, fields)
    if clinic == before:
        return clinic
    changed = [name for name in vars(clinic) if getattr(clinic, name) != getattr(before, name)]
    with desk.entry() as entry:
        entry.clinics.change(clinic)
        entry.note("clinic.changed", clinic.id, {"fields": sorted(changed)})
    return clinic


def profile_facts(desk: Desk) -> tuple[FactKey, ...]:
    """What the current checklists ask of a clinic's profile; each key once."""
    found: dict[str, FactKey] = {}
    for row in desk.ledger.checklists.newest():
        for fact in desk.ledger.checklists.get(row.sha256).in_language(language()).facts:
            if fact.scope == "profile":
                found.setdefault(fact.key, fact)
    return tuple(found.values())


def _read(desk: Desk, clinic_id: str, fields: ClinicFields) -> Clinic:
    texts = {name: cleaned(getattr(fields, name)) for name in LONGEST}
    faults = [
        Fault(name, say("Keep it to {limit} characters.", limit=limit))
        for name, limit in LONGEST.items()
        if len(texts[name]) > limit
    ]
    if not texts["name"]:
        faults.append(Fault("name", say("Give the name of the clinic.")))
    jurisdiction = fields.jurisdiction.strip().lower()
    if not _JURISDICTION.fullmatch(jurisdiction):
        faults.append(Fault("jurisdiction", say("Say where the clinic is, for example us-ca.")))
    if not known_zone(fields.time_zone):
        faults.append(Fault("time_zone", say("Give a time zone such as America/Los_Angeles.")))
    profile, wrong = _read_profile(desk, fields.profile)
    if faults + wrong:
        raise BadInput(faults + wrong)
    return Clinic(
        id=clinic_id,
        name=texts["name"],
        address=texts["address"],
        jurisdiction=jurisdiction,
        permit=texts["permit"],
        time_zone=fields.time_zone,
        profile=profile,
        active=fields.active,
    )


def _read_profile(desk: Desk, given: Mapping[str, Any]) -> tuple[dict[str, bool | int | str], list[Fault]]:
    declared = {fact.key: fact for fact in profile_facts(desk)}
    profile: dict[str, bool | int | str] = {}
    faults = []
    for key, raw in given.items():
        if key not in declared:
            faults.append(Fault(f"profile.{key}", say("No checklist asks that.")))
            continue
        try:
            value = declared[key].reads(raw)
        except ValueError as error:
            faults.append(Fault(f"profile.{key}", str(error)))
            continue
        if value is not None:
            profile[key] = value
    return profile, faults


# people who work there ----------------------------------------------------------------------------------------


def practitioners(desk: Desk, clinic_id: str) -> tuple[Practitioner, ...]:
    """Everybody who works there or did, by name."""
    get(desk, clinic_id)
    return desk.ledger.practitioners.of(clinic_id)


def add_practitioner(
    desk: Desk, clinic_id: str, name: str, title: str = "", practitioner_id: str = ""
) -> Practitioner:
    """Add somebody who works on clients; ``practitioner_id`` may come from a page, so that a repeat adds nobody.

    Raises:
        BadInput: with all faults.
        Differs: when somebody of another clinic has that id.
    """
    get(desk, clinic_id)
    desk.must("practitioner.edit", clinic_id)
    practitioner_id = practitioner_id or str(uuid.uuid4())
    practitioner = _checked(Practitioner(practitioner_id, clinic_id, cleaned(name), cleaned(title)))
    with desk.entry() as entry:
        found = entry.practitioners.find(practitioner_id)
        if found is not None:
            if found.clinic != clinic_id:
                raise Differs(say("Somebody else was added before under this number."))
            return found
        entry.practitioners.add(practitioner)
        entry.note("practitioner.added", practitioner.id, {"clinic": clinic_id})
    return practitioner


def edit_practitioner(
    desk: Desk, practitioner_id: str, name: str, title: str, active: bool = True
) -> Practitioner:
    """Change name and title, or say that somebody left; sealed records keep what they say."""
    before = desk.ledger.practitioners.get(practitioner_id)
    get(desk, before.clinic)
    desk.must("practitioner.edit", before.clinic)
    practitioner = _checked(replace(before, name=cleaned(name), title=cleaned(title), active=active))
    if practitioner == before:
        return practitioner
    with desk.entry() as entry:
        entry.practitioners.change(practitioner)
        entry.note("practitioner.changed", practitioner.id, {"clinic": before.clinic, "active": active})
    return practitioner


def _checked(practitioner: Practitioner) -> Practitioner:
    faults = []
    if not 0 < len(practitioner.name) <= 200:
        faults.append(Fault("name", say("Give a name of up to 200 characters.")))
    if len(practitioner.title) > 200:
        faults.append(Fault("title", say("Keep it to 200 characters.")))
    if faults:
        raise BadInput(faults)
    return practitioner
