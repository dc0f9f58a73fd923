"""A small agency in a real data folder: five people, two clinics, one miniature checklist of each kind."""

import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image

from audit.domain import definitions, publishing
from audit.domain.agency import Agency
from audit.domain.answers import Key, Raw
from audit.domain.changes import PHOTO_LINK, Change, Outcome
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Inspection, Signature
from audit.domain.people import Person
from audit.operations import answers, desk, inspections
from audit.operations.desk import Desk
from audit.store.ledger import LEDGER_FILE
from tests.domain import making

NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)  # nine in the morning in Los Angeles

ITEMS = """
    [[fact]]
    key = "autoclave"
    [[fact]]
    key = "procedure_observed"
    scope = "visit"
    [[fact]]
    key = "not_first"
    scope = "derived"
    [[fact]]
    key = "practitioners"
    scope = "derived"
    kind = "int"

    [[item]]
    key = "needles.single-use"
    severity = "critical"
    [[item]]
    key = "gloves.changed"
    needs_sight = true
    [[item]]
    key = "permit.expiry"
    severity = "major"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 60 }
    [[item]]
    key = "autoclave.log"
    severity = "major"
    applies_when = { equals = { key = "autoclave", value = true } }
    [[item]]
    key = "licence.displayed"
    per = "practitioner"
    [[item]]
    key = "records.last"
    applies_when = { equals = { key = "not_first", value = true } }
"""

MISSION = Clinic(
    "c1c1c1c1-0000-4000-8000-000000000001",
    "Mission Scalp Studio",
    "1 Mission St, San Francisco",
    "xx-ca",
    "BA-1",
    "America/Los_Angeles",
    {"autoclave": False},
)
HARBOUR = Clinic(
    "c2c2c2c2-0000-4000-8000-000000000002", "Harbour Ink", "9 Dock Rd", "xx", "BA-2", "America/New_York"
)
ANNA = Practitioner("a1a1a1a1-0000-4000-8000-000000000001", MISSION.id, "Anna Quill", "artist")
BO = Practitioner("b1b1b1b1-0000-4000-8000-000000000002", MISSION.id, "Bo Li")

INSPECTOR_PERSON = Person("e1e1e1e1-0000-4000-8000-000000000001", "ines", "Ines Field", "inspector")
OWNER = Person("e2e2e2e2-0000-4000-8000-000000000002", "olu", "Olu Adeyemi", "owner", frozenset({MISSION.id}))
OTHER_OWNER = Person(
    "e3e3e3e3-0000-4000-8000-000000000003", "una", "Una Brook", "owner", frozenset({HARBOUR.id})
)
# Works in OWNER's clinic and signs in as ANNA.
PRACTITIONER = Person(
    "e5e5e5e5-0000-4000-8000-000000000005",
    "anna",
    "Anna Quill",
    "practitioner",
    frozenset({MISSION.id}),
    practitioners=frozenset({ANNA.id}),
)
ADMINISTRATOR = Person("e4e4e4e4-0000-4000-8000-000000000004", "ada", "Ada Lind", "administrator")

COMPLETE: dict[Key, Raw] = {
    ("needles.single-use", None): Raw(mark="OUT", note="Two cartridges kept for a returning client."),
    ("gloves.changed", None): Raw(mark="IN"),
    ("permit.expiry", None): Raw(values={"date": "2026-12-31"}),
    ("licence.displayed", ANNA.id): Raw(mark="IN"),
    ("licence.displayed", BO.id): Raw(
        mark="OUT", note="No certificate at the station.", corrected_on_site=True
    ),
}


@dataclass
class World:
    """One data folder and its people; ``now`` may be moved."""

    data: Path
    now: datetime = NOW

    def desk(self, person: Person | None = INSPECTOR_PERSON) -> Desk:
        return desk.open_desk(self.data, person, self.now)

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)

    def start(self, person: Person = INSPECTOR_PERSON, **how: Any) -> Inspection:
        given = {
            "clinic_id": MISSION.id,
            "practitioners": (ANNA.id, BO.id),
            "facts": {"procedure_observed": True},
        }
        if person.role == "owner":
            given["kind"] = "self-audit"
        return inspections.start(self.desk(person), inspections.NewVisit(**(given | how)))

    def answer(
        self, inspection: Inspection, raws: Mapping[Key, Raw], person: Person = INSPECTOR_PERSON
    ) -> tuple[Outcome, ...]:
        """Answer on what is current now, as a page would."""
        visit = inspections.open_visit(self.desk(person), inspection.id)
        changes = [
            answers.change_of(str(uuid4()), key, visit.rev(key), raw, "page") for key, raw in raws.items()
        ]
        return answers.take_in(self.desk(person), inspection.id, changes)

    def photograph(
        self, inspection: Inspection, key: Key, caption: str = "", shade: int = 90, marks: Any = ()
    ) -> str:
        """Take a photo and show it with an answer; gives its fingerprint."""
        at = self.desk()
        photo = at.ledger.photos.take(jpeg(shade))
        with at.entry() as entry:
            entry.photos.add(photo, self.now, INSPECTOR_PERSON.id)
            entry.note("photo.taken", inspection.id)
        value = {"sha256": photo.sha256, "caption": caption, "marks": list(marks)}
        change = Change(str(uuid4()), PHOTO_LINK, key[0], key[1], 0, value, "page")
        (outcome,) = answers.take_in(at, inspection.id, [change])
        assert outcome.status == "applied"
        return photo.sha256

    def sign(self, inspection: Inspection, person: Person = INSPECTOR_PERSON, charge: str = "signed") -> None:
        at = self.desk(person)
        inspections.sign(at, inspection.id, Signature(INSPECTOR, "signed", person.name))
        name = "Olu Adeyemi" if charge == "signed" else ""
        inspections.sign(at, inspection.id, Signature(PERSON_IN_CHARGE, charge, name))


def jpeg(shade: int = 90, size: tuple[int, int] = (640, 480)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (shade, 120, 160)).save(out, "JPEG", quality=80)
    return out.getvalue()


@cache
def _empty_ledger() -> bytes:
    """The file of a new ledger: all the migrations run once for all worlds, and nothing in it is anybody's own."""
    with tempfile.TemporaryDirectory() as folder:
        desk.bring_up_to_date(Path(folder), NOW)
        return (Path(folder) / LEDGER_FILE).read_bytes()


def make(data: Path, items: str = ITEMS, stocked: bool = True, pack: str = "") -> World:
    """A fresh data folder; ``stocked`` with the two clinics and their practitioners; ``pack`` adds rules."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    (data / LEDGER_FILE).write_bytes(_filled_ledger(items, stocked, pack))
    return World(data)


@cache
def _filled_ledger(items: str, stocked: bool, pack: str) -> bytes:
    """The file of such a world, made once: each test takes a copy."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / LEDGER_FILE).write_bytes(_empty_ledger())
        _fill(Path(folder), items, stocked, pack)
        desk.close(Path(folder))
        assert [path.name for path in Path(folder).iterdir()] == [LEDGER_FILE], "the file is the whole world"
        return (Path(folder) / LEDGER_FILE).read_bytes()


def _fill(data: Path, items: str, stocked: bool, pack: str) -> None:
    at = desk.open_desk(data, ADMINISTRATOR, NOW)
    with at.entry() as entry:
        if stocked:
            for clinic in (MISSION, HARBOUR):
                entry.clinics.add(clinic)
            for practitioner in (ANNA, BO):
                entry.practitioners.add(practitioner)
        for person in (
            INSPECTOR_PERSON,
            ADMINISTRATOR,
            *((OWNER, OTHER_OWNER, PRACTITIONER) if stocked else ()),
        ):
            entry.people.add(person, "no password")
        entry.agency.keep(Agency("Bay County Health", public_authority=True, paper="letter"))
        for kind in ("inspection", "self-audit"):
            catalogue, (lists,), packs = making.files(items, pack=pack, kind=kind)
            lists[1]["key"] = f"mini-{kind}"
            found = definitions.check(catalogue, [lists], packs)
            entry.checklists.publish(publishing.resolve(found, f"mini-{kind}", "xx"), NOW)
        entry.note("world.made", "")
