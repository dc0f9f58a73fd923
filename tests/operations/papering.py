"""A world whose checklist asks for papers and logs, and a clinic that offers scalp micropigmentation and tattoos."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from audit.domain.credentials import Credential
from audit.domain.people import Person
from audit.operations import credentials
from audit.operations.credentials import PaperFields
from tests.operations import worlds
from tests.operations.worlds import ANNA, MISSION, OWNER, World

TODAY = date(2026, 3, 3)  # at the clinic
LICENCE, BLOODBORNE, PERMIT = "practitioner-licence", "bloodborne", "facility-permit"

ITEMS = (
    worlds.ITEMS
    + """
    [[item]]
    key = "permit.facility-expiry"
    severity = "critical"
    correct_by = { days = 0, stop = true }
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 60 }
    [[item]]
    key = "licence.practitioner-displayed"
    per = "practitioner"
    [[item]]
    key = "licence.practitioner-expiry"
    severity = "critical"
    per = "practitioner"
    correct_by = { days = 0, stop = true }
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 60 }
    [[item]]
    key = "training.bbp-current"
    severity = "critical"
    per = "practitioner"
    correct_by = { days = 0 }
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 12, warn_days = 30 }
    [[item]]
    key = "health.hepb-status"
    severity = "major"
    per = "practitioner"
    correct_by = { working_days = 10 }
    [[item]]
    key = "training.smp-specific"
    severity = "major"
    per = "practitioner"
    official = false
    [[item]]
    key = "sharps.disposal"
    severity = "major"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 1, warn_days = 5 }
    [[item]]
    key = "needles.traceable"
    severity = "major"
    [[item]]
    key = "autoclave.spore-date"
    severity = "critical"
    applies_when = { equals = { key = "autoclave", value = true } }
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 1 }
"""
)


def make(data: Path) -> World:
    """The small agency, with that checklist."""
    world = worlds.make(data, ITEMS)
    with world.desk().entry() as entry:
        entry.clinics.change(
            replace(MISSION, profile={"autoclave": False, "smp": True, "tattoo": True, "piercing": False})
        )
        entry.note("clinic.changed", MISSION.id)
    return world


def paper(
    world: World,
    kind: str = LICENCE,
    holder: str = ANNA.id,
    days: int | None = 200,
    person: Person = OWNER,
    scan: bytes | None = None,
    **fields: object,
) -> Credential:
    """Enter a paper that ends in so many days, as the owner would."""
    ends = None if days is None else world.now.date() + timedelta(days=days)
    given = PaperFields(kind, holder, number="N-1", issuer="County", expires=ends)
    if kind == "hepatitis-b":
        given = replace(given, number="")
    given = replace(given, **fields)  # type: ignore[arg-type]
    return credentials.add(world.desk(person), MISSION.id, given, scan)


def fit(world: World, holder: str = ANNA.id) -> None:
    """Everything without which this practitioner may not work, and the clinic's permit."""
    if not any(one.kind == PERMIT for one in credentials.board(world.desk(), MISSION.id).own if one.paper):
        paper(world, PERMIT, "", number="BA-1")
    paper(world, LICENCE, holder)
    paper(world, BLOODBORNE, holder, days=None, issued=world.now.date() - timedelta(days=100))
