"""A visit as a whole: who, where, which checklist, what was entered, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from audit.domain import findings, history, scoring, steps
from audit.domain.agency import Agency
from audit.domain.answers import Answer, Key, PhotoLink, Raw, Reading, settle
from audit.domain.canonical import sha256_of
from audit.domain.changes import Conflict
from audit.domain.checklists import Checklist
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.closure import Closure
from audit.domain.findings import Finding
from audit.domain.former import Former
from audit.domain.history import NextVisit, Out, Past
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, SELF_AUDIT, Inspection, Signature
from audit.domain.placard import SERVICES, Infraction, Placard, placard
from audit.domain.scoring import Result
from audit.domain.steps import Journey
from audit.domain.tongue import say, several


@dataclass(frozen=True)
class Kept:
    """What the ledger holds for one answer: what was entered, its revision, who entered it and when."""

    raw: Raw
    rev: int
    author: str
    at: datetime


@dataclass(frozen=True)
class Visit:
    """Everything about one inspection that rules look at. Computed parts are worked out once, when asked.

    ``past`` are the sealed visits before this one, newest first; ``services`` says which service a finding concerns.
    ``former`` is what earlier visits left open, read when it is sealed.
    """

    inspection: Inspection
    clinic: Clinic
    agency: Agency
    checklist: Checklist
    practitioners: tuple[Practitioner, ...] = ()
    kept: Mapping[Key, Kept] = field(default_factory=dict)
    links: Mapping[Key, tuple[PhotoLink, ...]] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    signatures: tuple[Signature, ...] = ()
    past: tuple[Past, ...] = ()
    services: Mapping[Key, str] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()
    former: tuple[Former, ...] = ()

    @property
    def is_self_audit(self) -> bool:
        return self.inspection.kind == SELF_AUDIT

    @cached_property
    def readings(self) -> dict[Key, Reading]:
        """Every entry read in the light of all others, with its photos."""
        raws = {key: kept.raw for key, kept in self.kept.items()}
        for key in self.links:
            raws.setdefault(key, Raw())
        read = settle(self.checklist, raws, self.inspection.inspected_on, self.inspection.all_facts)
        return {key: self._with_photos(key, reading) for key, reading in read.items()}

    def _with_photos(self, key: Key, reading: Reading) -> Reading:
        links = self.links.get(key)
        return replace(reading, answer=replace(reading.answer, photos=links)) if links else reading

    @cached_property
    def journey(self) -> Journey:
        people = self.inspection.practitioners
        return steps.journey(self.checklist.sections, self.inspection.all_facts, self.readings, people)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        found = findings.of(self.journey, self.checklist.due, self.inspection.inspected_on)
        return tuple(
            replace(one, repeats=self.repeats(one.item), service=self.services.get(one.key)) for one in found
        )

    def repeats(self, item: str) -> tuple[date, ...]:
        """The days at which that item was OUT at the visits before, newest first; see ``history``."""
        return self.possible_repeats.get(item, ())

    @cached_property
    def possible_repeats(self) -> Mapping[str, tuple[date, ...]]:
        """Every item that would be a repeat if it were OUT at this visit, with the days."""
        rule = self.checklist.due.follow_up
        return history.all_repeats(self.inspection.purpose, self.past, bool(rule and rule.routine_only))

    @cached_property
    def result(self) -> Result:
        found = scoring.result(self.journey, self.checklist.scheme)
        return scoring.of_some(found) if self.inspection.scope else found

    @cached_property
    def placard(self) -> Placard | None:
        """What hangs on the door after this visit, where the pack has placards; none for a self-audit."""
        rules = self.checklist.due.placards
        if rules is None or self.is_self_audit:
            return None
        # What is only recommended hangs on no door, unless it endangers somebody now.
        infractions = [
            Infraction(one.severity, one.corrected_on_site, one.service)
            for one in self.findings
            if one.standing == "official" or one.uncorrected_critical
        ]
        return placard(
            infractions,
            self.services_offered,
            self.inspection.inspected_on,
            self.checklist.due.calendar,
            rules.minor_only,
            rules.working_days,
        )

    @property
    def services_offered(self) -> tuple[str, ...]:
        """The services of the clinic by its profile, as frozen at the start."""
        return tuple(name for name in SERVICES if self.inspection.profile.get(name) is True)

    @cached_property
    def next_visit(self) -> NextVisit | None:
        """When to come back and why, by the pack's rules; none for a self-audit, or where they say nothing."""
        if self.is_self_audit:
            return None
        inspection, outs = (
            self.inspection,
            [Out(one.item, one.severity, one.corrected_on_site) for one in self.findings],
        )
        again = self.placard.come_back_by if self.placard else None
        rules = self.checklist.due
        return history.next_by(rules, outs, self.past, inspection.inspected_on, inspection.purpose, again)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of everything a signer has before them; whatever changes of it changes this."""
        inspection, clinic = self.inspection, self.clinic
        return sha256_of(
            {
                "id": inspection.id,
                "purpose": inspection.purpose,
                "facts": inspection.all_facts,
                "present": inspection.present,
                "remarks": inspection.remarks,
                "checklist": self.checklist.sha256,
                "clinic": [clinic.name, clinic.address, clinic.permit, clinic.jurisdiction],
                "agency": [self.agency.name, self.agency.address, self.agency.public_authority],
                "people": [
                    [row.id, row.name, row.title]
                    for row in self.practitioners
                    if row.id in inspection.practitioners
                ],
                "answers": sorted(
                    [item, person or "", kept.raw.document()] for (item, person), kept in self.kept.items()
                ),
                **self._beside,
                "photos": sorted(
                    [item, person or "", [[link.sha256, link.caption] for link in links]]
                    for (item, person), links in self.links.items()
                ),
            }
        )

    @property
    def _beside(self) -> dict[str, Any]:
        """What a signer sees beside answers, where there is any: repeats, services, closures, what was looked at."""
        found = {
            "repeats": [[one.item, one.repeats] for one in self.findings if one.repeats],
            "services": sorted([item, person or "", name] for (item, person), name in self.services.items()),
            "closures": [
                [one.scope, one.subject, one.items, one.acts, one.citation, one.hearing]
                for one in self.closures
            ],
            "scope": self.inspection.scope,
        }
        return {name: value for name, value in found.items() if value}

    @cached_property
    def revisions(self) -> Mapping[str, tuple[tuple[str | None, int, datetime], ...]]:
        """(practitioner, revision, time) of what was entered, by item: as long as these are equal, so is the entry."""
        found: dict[str, tuple[tuple[str | None, int, datetime], ...]] = {}
        for (item, person), kept in self.kept.items():
            found[item] = (*found.get(item, ()), (person, kept.rev, kept.at))
        return found

    def rev(self, key: Key) -> int:
        return self.kept[key].rev if key in self.kept else 0

    def answers(self) -> tuple[Answer, ...]:
        """The answers of all applicable items in order, presets included."""
        return tuple(entry.reading.answer for entry in self.journey.entries())

    def practitioner_name(self, person: str | None) -> str:
        return next((row.name for row in self.practitioners if row.id == person), "")

    def signature(self, role: str) -> Signature | None:
        return next((row for row in self.signatures if row.role == role), None)

    @property
    def hindrances(self) -> tuple[str, ...]:
        """What keeps the visit from being sealed, in words; empty when it may be sealed."""
        found = []
        open_items = self.journey.open
        if open_items:
            found.append(
                several("{number} item is not complete.", "{number} items are not complete.", open_items)
            )
        if self.conflicts:
            found.append(
                several(
                    "{number} answer differs between devices. Choose first.",
                    "{number} answers differ between devices. Choose first.",
                    len(self.conflicts),
                )
            )
        if any(row.seen != self.fingerprint for row in self.signatures):
            found.append(say("What was signed has changed since. Sign again."))
        auditor = self.signature(INSPECTOR)
        if auditor is None or auditor.state != "signed":
            by_owner = self.is_self_audit
            found.append(
                say("The owner has not signed.") if by_owner else say("The inspector has not signed.")
            )
        if not self.is_self_audit and self.signature(PERSON_IN_CHARGE) is None:
            found.append(say("The person in charge has not signed, refused or been marked absent."))
        return tuple(found)


def derived_facts(
    checklist: Checklist, facts: Mapping[str, object], visits_before: int, people: int
) -> dict[str, bool | int | str]:
    """What follows from profile and visit at the start: it is stored with the visit and never recomputed."""
    known: dict[str, bool | int | str] = {
        "not_first": visits_before > 0,
        "practitioners": people,
        "self_audit": checklist.kind == SELF_AUDIT,
    }
    parts = {f"{item.key}#{part.key}": part for item in checklist.items() for part in item.parts}
    derived: dict[str, bool | int | str] = {}
    for fact in checklist.facts:
        if fact.scope != "derived":
            continue
        if fact.threshold:
            limit = parts[fact.threshold].limit if fact.threshold in parts else None
            derived[fact.key] = limit is not None and limit.standing_for(facts) is not None
        elif fact.key in known:
            derived[fact.key] = known[fact.key]
    return derived
