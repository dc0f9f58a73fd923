"""A sealed record of real size for tests and benches: 74 items, photos really drawn, names as people have them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from audit.domain.checklists import Checklist, Citation, Item, Option, Part, Section, Source
from audit.domain.facts import FactKey
from audit.domain.limits import Limit, describe

SECTIONS = (
    ("A", "Licences, permits and notices", "permit"),
    ("B", "People, training and health", "training"),
    ("C", "Plans and incidents", "incident"),
    ("D", "Premises", "premises"),
    ("E", "Hand hygiene", "hands"),
    ("F", "Gloves and protective wear", "ppe"),
    ("G", "Needles and single-use items", "needles"),
    ("H", "Pigments and water", "pigment"),
    ("I", "Setting up and working", "setup"),
    ("J", "Cleaning and disinfection", "clean"),
    ("K", "Sterilisation", "autoclave"),
    ("L", "Sharps and waste", "sharps"),
    ("M", "Clients and consent", "client"),
    ("N", "Treatment record", "record"),
    ("O", "Aftercare and follow-up", "aftercare"),
)
PROMPTS = (
    "Is a current facility permit or licence posted where the public can see it?",
    "Are needles and cartridges opened in front of the client, from sealed and dated packs?",
    "Is the hand wash basin within reach, unobstructed, with warm water, soap and paper towels?",
    "Are surfaces that are touched during work covered with a fresh barrier for each client?",
    "Is the disinfectant registered for the purpose, in date, and left wet for the time on its label?",
    "Are gloves changed whenever they are torn, and between dirty and clean work?",
    "Is the list of who works here and what each may do up to date?",
    "Are pigments poured into single-use caps and the rest thrown away after each client?",
    "Is every client's health questionnaire complete, with gaps followed up before work began?",
    "Is waste with blood kept in labelled bags, apart from other waste, in lined, hands-free bins?",
    "Is aftercare explained aloud and given in writing, with a signature?",
)
NOTES = (
    "Two cartridge packs past their date in the top drawer of station 2.",
    "Basin blocked by a trolley; no paper towels. The trolley was moved during the visit, the towels were missing.",
    "Spray bottle without label or date.",
    "The practitioner touched the lamp handle with used gloves and went on working.",
)
CORRECTIVE = "Discard what is expired, check all drawers, and write the date of opening on each new box."
ON = "2026-03-03"
REFS = ("CA 119311(f)", "NEHA 8.6, 8.9", "OSHA (d)(4)(iii)(A)(1)-(2)", "CA 119314(e) via SJ 7", "NEHA 5.1")

CLINIC = {
    "id": "c1",
    "address": "1180 Fourth Street, Suite 4, Hollister, CA 95023",
    "jurisdiction": "us-ca",
    "permit": "BA-2024-0117",
    "time_zone": "America/Los_Angeles",
    "profile": {"autoclave": True},
}
PHOTO = {"width": "1000", "height": "750", "bytes": "110000", "received_at": "2026-03-03T17:20:00Z"}


@dataclass(frozen=True)
class Made:
    """What ``content.compliance`` takes."""

    record: dict[str, Any]
    persons: dict[str, dict[str, Any]]
    checklist: Checklist
    photos: dict[str, Path]
    sha256: str = "9f2b" * 16


def checklist(items: int = 74, kind: str = "inspection", right_to_left: bool = False) -> Checklist:
    """A published checklist of that many items in 15 sections."""
    sections = []
    for place, (letter, title, prefix) in enumerate(SECTIONS):
        count = items // len(SECTIONS) + (place < items % len(SECTIONS))
        rows = tuple(
            _item(f"{prefix}.item-{number}", f"{letter}-{number:02}", place * 7 + number)
            for number in range(1, count + 1)
        )
        sections.append(Section(prefix, letter, title, rows))
    return Checklist(
        key="smp-clinic-inspection" if kind == "inspection" else "smp-clinic-self-audit",
        title="SMP clinic inspection" if kind == "inspection" else "SMP clinic self-audit",
        kind=kind,
        pack="us-ca",
        pack_title="California",
        jurisdiction="us-ca",
        version=1,
        sha256="5c1d" * 16,
        sections=tuple(sections),
        facts=(
            FactKey("autoclave", "profile", "bool", "Own autoclave", "Does the clinic sterilise itself?"),
            FactKey("procedure_observed", "visit", "bool", "Procedure observed", "Was a procedure seen?"),
        ),
        sources=(
            Source("California", "https://leginfo.example/hsc/119300", "2026-11"),
            Source("NEHA", "https://neha.example/body-art-model-code", "2026-11"),
        ),
    )


def _item(key: str, number: str, seed: int) -> Item:
    severity = ("critical", "major", "minor", "major", "minor")[seed % 5]
    certainty = "secondary" if seed % 4 == 3 else "verified"
    cites = tuple(
        Citation(REFS[(seed + turn) % 5], "law", "us-ca", certainty, "California")
        for turn in range(1 + seed % 2)
    )
    per = key.startswith("training.item-1")
    return Item(
        key=key,
        number=number,
        prompt=PROMPTS[seed % len(PROMPTS)],
        look="Read five packs from different boxes.",
        severity=severity,
        reason="After this date nobody vouches for sterility.",
        standing="recommended" if seed % 17 == 16 else "official",
        per_practitioner=per,
        marks=("IN", "OUT", "NO", "NA"),
        photo_asked=seed % 6 == 0,
        needs_sight=False,
        applies_when=None,
        parts=_parts(key, seed),
        phrases=("Two cartridge packs past their date.",),
        corrective=CORRECTIVE,
        correct_by=None,
        citations=cites,
        grounds=(),
    )


def _parts(key: str, seed: int) -> tuple[Part, ...]:
    mark = Part("mark", "mark", "Mark")
    if key in ("permit.item-2", "permit.item-3"):
        return (Part("date", "date", f"Permit {key[-1]} expires", limit=Limit("expires", warn_days=60)),)
    if key.startswith("training.item-"):
        return (Part("date", "date", "Training certificate", limit=Limit("max-age", months=12)),)
    if key == "autoclave.item-2":
        return (
            Part(
                "temp",
                "number",
                "Cycle temperature",
                unit="C",
                units=("C", "F"),
                limit=Limit("at-least", value=Decimal(121), source="CDC 2008"),
            ),
        )
    if key == "sharps.item-2":
        return (Part("fill", "number", "Fill level", unit="%", limit=Limit("at-most", value=Decimal(75))),)
    if key == "autoclave.item-3":
        options = (Option("negative", "Negative", "IN"), Option("positive", "Positive", "OUT"))
        return (Part("result", "choice", "Spore test", options=options),)
    if seed % 13 == 5:
        return (mark, Part("make", "text", "Make and serial", required=False))
    return (mark,)


def draw_photos(folder: Path, count: int) -> dict[str, Path]:
    """Photos as a print copy has them: about 1,000 px, upright and lying, each one different."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for number in range(count):
        path = folder / f"print-{number:03}.jpg"
        if not path.exists():
            _photo(number).save(path, quality=62)
        found[f"{number:064x}"] = path
    return found


def _photo(number: int) -> Image.Image:
    size = (750, 1000) if number % 5 == 3 else (1000, 750)
    grain = Image.effect_noise((size[0] // 3, size[1] // 3), 42).resize(size, Image.Resampling.BILINEAR)
    slope = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (Image.blend(grain, slope, 0.62), grain, Image.blend(grain, slope, 0.35)))
    draw = ImageDraw.Draw(picture)
    for turn in range(9):
        left, top = (
            (number * 131 + turn * 197) % (size[0] - 200),
            (number * 71 + turn * 149) % (size[1] - 160),
        )
        colour = ((number * 37 + turn * 60) % 256, (turn * 90) % 256, (number * 90) % 256)
        draw.rectangle([left, top, left + 60 + turn * 14, top + 40 + turn * 11], fill=colour, outline="white")
    draw.text((30, 30), f"Photo {number + 1}: this side up", fill="white", font_size=48)
    return picture


def make(
    folder: Path,
    findings: int = 6,
    photos: int = 12,
    kind: str = "inspection",
    items: int = 74,
    authority: bool = True,
    clinic: str = "Crown & Follicle Scalp Studio",
    notes: tuple[str, ...] = NOTES,
    published: Checklist | None = None,
    remarks: str = "Access was given at once. The autoclave room was being painted.",
) -> Made:
    """A sealed record with that many findings and photos."""
    found = published or checklist(items, kind)
    pictures = draw_photos(folder, photos)
    people = _persons()
    answers = _answers(found, findings, notes)
    _give_photos(answers, list(pictures))
    listed = [_finding(found.item(row["item"]), row) for row in answers if row["mark"] == "OUT"]
    last = list(found.items())[-1]
    record = {
        "format": "clinic-audit/record/1",
        "id": "8a3f12c4-5b6d-4e7f-8091-a2b3c4d5e6f7",
        "kind": kind,
        "purpose": "routine" if kind == "inspection" else "self-audit",
        "checklist": {
            "key": found.key,
            "title": found.title,
            "pack": found.pack,
            "pack_title": found.pack_title,
            "version": "1",
            "sha256": found.sha256,
        },
        "agency": _agency(authority),
        "clinic": CLINIC | {"name": clinic},
        "facts": {"procedure_observed": True},
        "started_at": "2026-03-03T17:00:00Z",
        "finished_at": "2026-03-03T18:05:00Z",
        "sealed_at": "2026-03-03T18:06:30Z",
        "inspected_on": ON,
        "time_zone": "America/Los_Angeles",
        "inspector": "i1",
        "practitioners": ["p1", "p2"],
        "present": ["present-1"],
        "remarks": remarks,
        "answers": answers,
        "kept_aside": [],
        "inapplicable": [
            {"item": last.key, "number": last.number, "because": {"key": "autoclave", "value": "true"}}
        ],
        "findings": listed,
        "result": _result(found, answers, listed, kind),
        "photos": [PHOTO | {"sha256": sha} for sha in pictures],
        "signatures": _signatures("signed" if findings < 25 else "refused"),
        "persons": {key: "0" * 64 for key in people},
    }
    return Made(record, people, found, pictures)


def _answers(found: Checklist, findings: int, notes: tuple[str, ...]) -> list[dict[str, Any]]:
    """One per item, or per person where the item asks for each; that many items are OUT."""
    rows = list(found.items())
    plain = [item for item in rows if len(item.parts) == 1 and item.parts[0].kind == "mark"]
    step = max(1, len(plain) // max(1, findings))
    outs = {item.key for item in plain[::step][:findings]}
    return [
        _answer(item, person, place, item.key in outs, notes)
        for place, item in enumerate(rows)
        for person in (("p1", "p2") if item.per_practitioner else (None,))
    ]


def _agency(authority: bool) -> dict[str, Any]:
    return {
        "name": "County of San Benito Environmental Health" if authority else "Keen Eye Audits Ltd",
        "address": "351 Tres Pinos Road, Hollister, CA 95023",
        "phone": "+1 831 555 0100",
        "public_authority": authority,
        "statements": ["A copy of this report is kept on site and shown on request."],
        "appeal_route": "Write to the Environmental Health Director within 10 days of receipt.",
        "logo": None,
        "paper": "letter",
        "time_zone": "America/Los_Angeles",
    }


def _signatures(by_person_in_charge: str) -> list[dict[str, Any]]:
    return [
        {
            "role": "inspector",
            "person": "i1",
            "state": "signed",
            "how": "drawn",
            "at": "2026-03-03T18:05:40Z",
        },
        {
            "role": "person-in-charge",
            "person": "person-in-charge",
            "state": by_person_in_charge,
            "how": "typed",
            "at": "2026-03-03T18:06:10Z",
        },
    ]


def _persons() -> dict[str, dict[str, Any]]:
    wave = [[[str(0.02 * x), str(0.5 + 0.3 * ((x * 37 % 17) / 17 - 0.5)), str(x)] for x in range(50)]]
    return {
        "i1": {"name": "Maria López-Whitfield", "title": "REHS", "salt": "00", "strokes": wave},
        "p1": {"name": "Jonas Brandt", "title": "", "salt": "01", "strokes": []},
        "p2": {"name": "Anneliese van der Meulen-Okonkwo", "title": "", "salt": "02", "strokes": []},
        "present-1": {"name": "Sam Rivera", "title": "", "salt": "03", "strokes": []},
        "person-in-charge": {"name": "Jonas Brandt", "title": "Owner", "salt": "04", "strokes": []},
    }


def _answer(item: Item, person: str | None, place: int, out: bool, notes: tuple[str, ...]) -> dict[str, Any]:
    mark = "OUT" if out else ("NO" if place % 19 == 7 else "NA" if place % 23 == 11 else "IN")
    values, judged = _values(item)
    if values and not out:
        mark = "IN"
    return {
        "item": item.key,
        "person": person,
        "rev": "1",
        "mark": mark,
        "derived": mark if values else None,
        "values": values,
        "absent": None,
        "note": notes[place % len(notes)] if out else ("Seen at station 2." if place % 9 == 4 else ""),
        "reason": "",
        "corrected_on_site": out and place % 5 == 2,
        "correct_by": None,
        "warnings": [],
        "judged": judged,
        "preset": False,
        "photos": [],
        "by": "i1",
        "answered_at": "2026-03-03T17:30:00Z",
    }


def _values(item: Item) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """A good value for every part, judged as at the seal."""
    values: dict[str, str] = {}
    judged = []
    for part in item.value_parts:
        row = {"part": part.key, "mark": "IN", "limit": "", "finding": "", "source": ""}
        if part.kind == "date":
            ends = part.limit is not None and part.limit.kind == "expires"
            values[part.key] = (
                "2026-04-14" if ends and item.number.endswith("2") else "2026-09-30" if ends else "2025-11-02"
            )
            row["finding"] = "42 days left" if values[part.key] == "2026-04-14" else "121 days old"
        elif part.kind == "number":
            values[part.key] = "121.11" if part.units else "60"
            if "F" in part.units:
                values[f"{part.key}@entered"] = "250 F"
        elif part.kind == "choice":
            values[part.key] = next((o.value for o in part.options if o.mark == "IN"), part.options[0].value)
        else:
            values[part.key] = "Tuttnauer 2340M, serial 20241187"
        if part.kind != "text" and (part.limit or part.kind == "choice"):
            limit = describe(part.limit, part.unit) if part.limit else ""
            judged.append(row | {"limit": limit, "source": part.limit.source if part.limit else ""})
    return values, judged


MARKS = [
    {"kind": "arrow", "from": ["1000", "1000"], "to": ["6000", "5000"]},
    {"kind": "circle", "at": ["7000", "4000"], "r": "900"},
]


def _give_photos(answers: list[dict[str, Any]], shas: list[str]) -> None:
    """Findings first, two each; the rest to items in order."""
    takers = sorted(answers, key=lambda row: row["mark"] != "OUT")
    for place, sha in enumerate(shas):
        taker = takers[(place // 2) % len(takers)]
        marks = {} if place else {"marks": MARKS}  # as canonical JSON spells them
        taker["photos"].append({"sha256": sha, "caption": "Station 2, seen from the door", **marks})


def _finding(item: Item, row: Mapping[str, Any]) -> dict[str, Any]:
    days = {"critical": "2026-03-03", "major": "2026-03-17", "minor": "2026-04-02"}
    return {
        "item": item.key,
        "number": item.number,
        "person": row["person"],
        "severity": item.severity,
        "standing": item.standing,
        "note": row["note"],
        "corrective": item.corrective,
        "corrected_on_site": row["corrected_on_site"],
        "correct_by": days[item.severity],
        "stop": item.severity == "critical",
    }


def _result(
    found: Checklist, answers: list[dict[str, Any]], listed: list[dict[str, Any]], kind: str
) -> dict[str, Any]:
    weights = {"critical": 5, "major": 2, "minor": 1}
    lost = sum(weights[row["severity"]] for row in listed)
    score = max(0, 100 - lost)
    marks = {row["item"]: row["mark"] for row in answers}  # one a person or not: each item counts once
    counts = {mark: str(list(marks.values()).count(mark)) for mark in ("IN", "OUT", "NO", "NA")}
    counts |= {f"recommended_{mark}": "0" for mark in ("IN", "OUT", "NO", "NA")}
    critical = any(row["severity"] == "critical" and not row["corrected_on_site"] for row in listed)
    status = "uncorrected-critical" if critical else "findings" if listed else "no-findings"
    return {
        "status": status,
        "scheme": "deduction",
        "score": f"{score}.0",
        "percent": "90.6",
        "weighted": "88.1",
        "may_pass": False,
        "next_visit": "2027-03-03" if kind == "inspection" else None,
        "counts": counts,
        "words": [
            f"Deduction: 100 \u2212 {lost} = {score}" if lost else "Deduction: 100 = 100",
            "Percent: 58 of 64 rated items are IN = 90.6 %",
            "Weighted: 148 of 168 points = 88.1 %",
        ],
        "lines": [
            {
                "item": row["item"],
                "number": row["number"],
                "severity": row["severity"],
                "mark": "OUT",
                "weight": str(weights[row["severity"]]),
                "deducted": str(weights[row["severity"]]),
                "corrected_on_site": row["corrected_on_site"],
            }
            for row in listed
        ],
    }
