"""A miniature checklist, a document that answers it, and the way a document goes to a sealed record and back."""

import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from audit.domain import exchange, records
from audit.domain.answers import PhotoLink
from audit.domain.arrivals import Arrivals, visit_faults
from audit.domain.clinics import Practitioner
from audit.domain.inspections import Signature
from audit.domain.problems import BadInput
from audit.domain.records import PhotoFacts, Sealed
from audit.domain.visits import Kept, Visit
from tests.domain import making
from tests.domain.making import ANNA, BEA

STUDIO = making.checklist(
    """
    [[fact]]
    key = "autoclave"
    [[fact]]
    key = "stations"
    kind = "int"
    [[fact]]
    key = "procedure_observed"
    scope = "visit"
    [[fact]]
    key = "not_first"
    scope = "derived"
    [[item]]
    key = "soap.there"
    severity = "critical"
    [[item]]
    key = "gloves.changed"
    needs_sight = true
    [[item]]
    key = "sink.temp"
    marks = ["IN", "OUT"]
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    limit = { kind = "at-least", value = "38", also = { F = "100" } }
    [[item]]
    key = "training.done"
    per = "practitioner"
    marks = ["IN", "OUT", "NA"]
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 12, warn_days = 30 }
    [[item]]
    key = "clave.spores"
    applies_when = { equals = { key = "autoclave", value = true } }
    [[item.part]]
    key = "mark"
    kind = "mark"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", days = 30 }
    [[item.part]]
    key = "kind"
    kind = "choice"
    options = [{ value = "strip", label = "Strip", mark = "IN" }, { value = "none", label = "None", mark = "OUT" }]
    [[item.part]]
    key = "lab"
    kind = "text"
    required = false
    [[item]]
    key = "plan.sessions"
    official = false
    marks = ["IN", "OUT", "NA"]
    [[item.part]]
    key = "sessions"
    kind = "number"
    [[item.part]]
    key = "gap"
    kind = "number"
    required = false
    """,
    sections={
        "A": ["soap.there", "gloves.changed", "sink.temp"],
        "B": ["training.done", "clave.spores", "plan.sessions"],
    },
)

FILES = {"tray.jpg": "aa" * 32, "sink.jpg": "bb" * 32}


def document(**changes: Any) -> dict[str, Any]:
    """A sound document; ``changes`` replace top-level entries, ``None`` drops one."""
    found = {
        "format": "clinic-audit/inspection/1",
        "id": "11111111-2222-4333-8444-555555555555",
        "checklist": "mini",
        "checklist_version": 1,
        "pack": "xx",
        "clinic": {
            "id": making.CLINIC.id,
            "name": "Fine Dots",
            "address": "1 Main St",
            "permit": "P-7",
            "time_zone": "America/Los_Angeles",
            "profile": {"autoclave": True, "stations": 2},
        },
        "purpose": "routine",
        "started_at": "2025-03-03T17:00:00Z",
        "finished_at": "2025-03-03T18:05:00Z",
        "inspected_on": "2025-03-03",
        "inspector": {"name": "Ines Spector"},
        "practitioners": [
            {"id": ANNA, "name": "Anna Quill", "title": "artist"},
            {"id": BEA, "name": "Bea Stone"},
        ],
        "present": ["Wim Witness"],
        "facts": {"procedure_observed": True},
        "remarks": "A quiet day.",
        "answers": [
            {
                "item": "soap.there",
                "mark": "OUT",
                "note": "The dispenser was empty.",
                "corrected_on_site": True,
                "correct_by": "2025-03-10",
                "photos": ["tray.jpg", {"file": "sink.jpg", "caption": "the sink"}],
            },
            {"item": "gloves.changed", "mark": "IN"},
            {"item": "sink.temp", "number": 100, "unit": "F"},
            {"item": "training.done", "date": "2025-02-20", "practitioner": ANNA},
            {
                "item": "training.done",
                "absent": "not-shown",
                "note": "No paper.",
                "practitioner": "Bea Stone",
            },
            {"item": "clave.spores", "mark": "IN", "date": "2025-02-20", "choice": "strip", "text": "Lab X"},
            {"item": "plan.sessions", "mark": "IN", "values": {"sessions": 3, "gap": 14}},
        ],
        "signatures": [
            {"role": "inspector", "name": "Ines Spector"},
            {"role": "person-in-charge", "name": "Percy Charge", "refused": True},
        ],
    }
    return {key: value for key, value in {**found, **changes}.items() if value is not None}


def answering(*answers: dict[str, Any]) -> dict[str, Any]:
    """A document in which these answers stand for those to the same items (and practitioners)."""
    new = {(row["item"], row.get("practitioner")) for row in answers}
    kept = [row for row in document()["answers"] if (row["item"], row.get("practitioner")) not in new]
    return document(answers=[*answers, *kept])


def arrive(found: dict[str, Any] | bytes) -> tuple[Visit, Arrivals]:
    """Read a document and let it meet its checklist.

    Raises:
        BadInput: for faults of shape; what the answers lack is in ``faults_of``.
    """
    data = found if isinstance(found, bytes) else json.dumps(found).encode()
    given = exchange.read(exchange.loads(data))
    people = tuple(
        Practitioner(person.id, making.CLINIC.id, person.name, person.title) for person in given.practitioners
    )
    names = {person.name: person.id for person in people} | {person.id: person.id for person in people}
    arrivals = Arrivals(given, STUDIO, names)
    empty = making.visit(STUDIO)
    inspection = replace(
        empty.inspection,
        id=given.id,
        purpose=given.purpose,
        started_at=given.started_at,
        finished_at=given.finished_at,
        inspected_on=given.inspected_on,
        time_zone=given.clinic.time_zone,
        inspector_name=given.inspector.name,
        profile=arrivals.profile,
        facts=arrivals.facts,
        practitioners=tuple(person.id for person in people),
        present=given.present,
        remarks=given.remarks,
    )
    visit = replace(
        empty,
        inspection=inspection,
        practitioners=people,
        kept={
            key: Kept(arrival.raw, 1, "inspector-1", given.finished_at)
            for key, arrival in arrivals.answers.items()
        },
        links={
            key: tuple(PhotoLink(FILES[photo.file], photo.caption) for photo in arrival.photos)
            for key, arrival in arrivals.answers.items()
            if arrival.photos
        },
        signatures=tuple(
            Signature(row.role, row.state, row.name, row.title, row.at or given.finished_at)
            for row in given.signatures
        ),
    )
    return visit, arrivals


def faults_of(found: dict[str, Any] | bytes) -> list[str]:
    """Everything that is wrong with a document, as (place: words)."""
    try:
        visit, arrivals = arrive(found)
    except BadInput as problem:
        return [str(fault) for fault in problem.faults]
    return [str(fault) for fault in [*arrivals.faults, *visit_faults(visit, arrivals.answers)]]


def sealed(visit: Visit) -> Sealed:
    """The record of a visit, with a photo's facts for each link and no salt to speak of."""
    shas = sorted({link.sha256 for links in visit.links.values() for link in links})
    photos = [PhotoFacts(sha256, 640, 480, 1234) for sha256 in shas]
    salts = dict.fromkeys(records.people_in(visit), "00")
    return records.build(visit, making.NOON, photos, salts)


def dumped(record: Sealed) -> bytes:
    return exchange.dump(record.document, record.persons, {sha256: name for name, sha256 in FILES.items()})


# random documents ---------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=30).filter(
    str.strip
)
NOTES = st.fixed_dictionaries({"note": WORDS, "reason": WORDS})
OUT_MARKS = st.fixed_dictionaries(
    {"mark": st.just("OUT"), "corrected_on_site": st.booleans()},
    optional={"correct_by": st.dates(making.DAY, making.DAY.replace(year=2027)).map(str)},
)
MARKS = st.one_of(OUT_MARKS, st.sampled_from([{"mark": mark} for mark in ("IN", "NO", "NA")]))
ABSENT = st.sampled_from([{"absent": "not-shown"}, {"absent": "not-measured"}])
PAST = st.dates(making.DAY.replace(year=2023), making.DAY).map(str)
PHOTOS = st.lists(st.sampled_from(["tray.jpg", {"file": "sink.jpg", "caption": "the sink"}]), unique_by=str)
TEMPS = st.decimals(-50, 300, places=2)


def answer(item, *parts, **more):
    return st.builds(
        lambda *found: {
            "item": item,
            **more,
            **{key: value for part in found for key, value in part.items()},
        },
        *parts,
        NOTES,
        st.fixed_dictionaries({"photos": PHOTOS}),
    )


def one(name, values):
    return values.map(lambda value: {name: value})


TEMP = st.one_of(
    ABSENT,
    st.builds(lambda value, unit: {"number": str(value)} | unit, TEMPS, st.sampled_from([{}, {"unit": "F"}])),
)
TRAINING = st.one_of(one("date", PAST), ABSENT, st.just({"mark": "NA"}))
SPORES = st.builds(
    lambda mark, date, kind, lab: mark | date | kind | lab,
    MARKS,
    one("date", PAST),
    one("choice", st.sampled_from(["strip", "none"])),
    st.one_of(st.just({}), one("text", WORDS)),
)
SESSIONS = st.builds(
    lambda mark, values: mark | {"values": values},
    MARKS.filter(lambda mark: mark["mark"] != "NO"),
    st.fixed_dictionaries({"sessions": st.integers(0, 9)}, optional={"gap": st.decimals(0, 99, places=1).map(str)}),
)  # fmt: skip


@st.composite
def documents(draw):
    answers = [
        draw(answer("soap.there", MARKS)),
        draw(answer("sink.temp", TEMP)),
        draw(answer("training.done", TRAINING, practitioner=ANNA)),
        draw(answer("training.done", TRAINING, practitioner="Bea Stone")),
        draw(answer("plan.sessions", SESSIONS)),
    ]
    observed, autoclave = draw(st.booleans()), draw(st.sampled_from([True, False, None]))
    if observed or draw(st.booleans()):
        answers.append(draw(answer("gloves.changed", MARKS)))
    if autoclave is not False:
        answers.append(draw(answer("clave.spores", SPORES)))
    profile = {"stations": draw(st.integers(0, 99))} | ({} if autoclave is None else {"autoclave": autoclave})
    charge = draw(st.sampled_from([{}, {"refused": True}, {"absent": True, "name": ""}]))
    return document(
        answers=draw(st.permutations(answers)),
        facts={"procedure_observed": observed, "not_first": draw(st.booleans())},
        clinic=document()["clinic"] | {"profile": profile},
        remarks=draw(st.one_of(st.just(""), WORDS)),
        present=draw(st.lists(WORDS, max_size=3)),
        purpose=draw(st.sampled_from(["routine", "complaint", "other"])),
        signatures=[
            {"role": "inspector", "name": "Ines Spector", "title": draw(st.sampled_from(["", "EHS"]))},
            {"role": "person-in-charge", "name": "Percy", "at": "2025-03-03T18:04:00Z"} | charge,
        ],
    )
