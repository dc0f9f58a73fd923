"""Makes miniature checklists and visits. A test writes only the lines it is about, as they stand in a catalogue
file; the rest is filled in here, and everything goes the real way: checked, resolved under a pack, read back.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from audit.domain import checklists, definitions, publishing
from audit.domain.agency import Agency
from audit.domain.answers import NA, NO, NOT_MEASURED, Context, PhotoLink, Raw, Reading
from audit.domain.answers import read as read_answer
from audit.domain.checklists import Checklist, Item
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, RUNNING, Inspection, Signature
from audit.domain.visits import Kept, Visit

DAY = date(2025, 3, 3)  # the day of the worked examples, a Monday
NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)

MARK = {"key": "mark", "kind": "mark", "label": "Mark"}
CITATION = {"ref": "XX 1", "kind": "law", "jurisdiction": "xx", "certainty": "verified"}

_PACK = """
key = "xx"
title = "Xanadu"
label = "Xanadu"
jurisdiction = "xx"
cite = ["xx"]
scheme = { kind = "deduction", weights = { critical = 5, major = 2, minor = 1 }, cos_deducts = true }
severity_due = { critical = 7, major = 14, minor = 14 }
calendar = { weekend = ["saturday", "sunday"], holidays = [] }
source = []
"""
Files = list[tuple[str, dict[str, Any]]]


def files(
    catalogue: str,
    pack: str = "",
    base: str = "",
    kind: str = "inspection",
    sections: Mapping[str, Sequence[str]] | None = None,
) -> tuple[Files, Files, Files]:
    """Catalogue, checklists and packs as ``definitions.check`` takes them; ``sections`` is letter to item keys."""
    content = tomllib.loads(catalogue)
    for row in content.get("item", ()):
        _complete_item(row)
    for row in content.get("fact", ()):
        row |= {"label": row["key"], "question": f"{row['key']}?", "scope": "profile", "kind": "bool"} | row
    chosen = sections or {"A": [row["key"] for row in content.get("item", ())]}
    checklist = {
        "key": "mini",
        "title": "Miniature",
        "kind": kind,
        "section": [
            {"key": letter.lower(), "letter": letter, "title": f"Section {letter}", "items": list(keys)}
            for letter, keys in chosen.items()
        ],
    }
    packs = [("xx.toml", tomllib.loads(_PACK) | tomllib.loads(pack))]
    if base:
        grounded = {"key": "base", "label": "Base", "jurisdiction": "yy", "cite": ["yy"]}
        packs.append(("base.toml", tomllib.loads(_PACK) | grounded | tomllib.loads(base)))
        packs[0][1].setdefault("base", "base")
    return [("mini.toml", content)], [("list.toml", checklist)], packs


def _complete_item(row: dict[str, Any]) -> None:
    key = row["key"]
    given = {
        "prompt": f"Is {key} right?",
        "look": f"Look at {key}.",
        "severity": "minor",
        "reason": "It matters.",
        "official": True,
        "marks": ["IN", "OUT", "NO", "NA"],
        "phrases": [f"{key} was wrong."],
        "corrective": f"Put {key} right.",
        "part": [MARK],
    }
    if row.get("official", True):
        given["citation"] = [CITATION]
    row |= given | row
    row["part"] = [{"label": part["key"]} | part for part in row["part"]]


def published(catalogue: str, **how: Any) -> dict[str, Any]:
    """The published document of a miniature."""
    return publishing.resolve(definitions.check(*files(catalogue, **how)), "mini", "xx")


def checklist(catalogue: str, **how: Any) -> Checklist:
    """A miniature, published and read back."""
    content = published(catalogue, **how)
    return checklists.read(content, 1, publishing.fingerprint(content))


def item(catalogue: str, **how: Any) -> Item:
    """The first item of a miniature."""
    return next(checklist(catalogue, **how).items())


def reading(
    of: Item,
    raw: Raw,
    on: date = DAY,
    facts: Mapping[str, object] | None = None,
    others: Mapping[str, str] | None = None,
) -> Reading:
    return read_answer(of, raw, Context(on, facts or {}, others or {}))


def codes(found: Reading) -> list[tuple[str, str]]:
    """The faults of a reading as (field, code)."""
    return [(fault.field, fault.code) for fault in found.faults]


CLINIC = Clinic("c0c0c0c0-0000-4000-8000-000000000001", "Fine Dots", "1 Main St", "xx", "P-7", "UTC")
ANNA, BEA = "a0a0a0a0-0000-4000-8000-000000000001", "b0b0b0b0-0000-4000-8000-000000000002"
STAFF = (Practitioner(ANNA, CLINIC.id, "Anna Quill", "artist"), Practitioner(BEA, CLINIC.id, "Bea Stone"))
SIGNED = (
    Signature(INSPECTOR, "signed", "Ines Spector", "EHS", NOON),
    Signature(PERSON_IN_CHARGE, "signed", "Percy Charge", "owner", NOON),
)


def visit(
    checklist: Checklist,
    answers: Mapping[Any, Raw] | None = None,
    facts: Mapping[str, bool | int | str] | None = None,
    profile: Mapping[str, bool | int | str] | None = None,
    people: Sequence[str] = (),
    links: Mapping[Any, tuple[PhotoLink, ...]] | None = None,
    signatures: tuple[Signature, ...] = SIGNED,
) -> Visit:
    """A running visit of the miniature clinic on DAY."""
    inspection = Inspection(
        id="11111111-2222-4333-8444-555555555555",
        clinic_id=CLINIC.id,
        checklist_sha=checklist.sha256,
        kind=checklist.kind,
        purpose="self-audit" if checklist.kind == "self-audit" else "routine",
        state=RUNNING,
        started_at=NOON,
        inspected_on=DAY,
        time_zone="UTC",
        inspector_id="inspector-1",
        inspector_name="Ines Spector",
        profile=profile or {},
        facts=facts or {},
        practitioners=tuple(people),
        present=("Wim Witness",),
        remarks="A quiet day.",
    )
    kept = {key: Kept(raw, 1, "inspector-1", NOON) for key, raw in (answers or {}).items()}
    made = Visit(inspection, CLINIC, Agency("Agency"), checklist, STAFF, kept, links or {})
    covering = tuple(replace(signature, seen=made.fingerprint) for signature in signatures)
    return replace(made, signatures=covering)


# How an answer is commonly given in tests.
IN = Raw(mark="IN")
OUT = Raw(mark="OUT", note="It was wrong.")
OUT_COS = Raw(mark="OUT", note="It was wrong.", corrected_on_site=True)
NOT_OBSERVED, NOT_APPLICABLE = Raw(mark=NO), Raw(mark=NA)
BROKEN = Raw(absent=NOT_MEASURED, note="The thermometer is broken.")
