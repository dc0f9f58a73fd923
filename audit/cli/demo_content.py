"""What the demo shows: an agency, three clinics, the people, and what was found where. All of it is made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from audit.cli.demo_findings import (
    CROWN_FINDINGS,
    FOUND_AGAIN,
    OLDER_FINDINGS,
    SELF_AUDIT_FINDINGS,
    SIX_FINDINGS,
    TORONTO_FINDINGS,
)
from audit.cli.plausible import Found
from audit.domain.agency import Agency
from audit.domain.inspections import INSPECTION, SELF_AUDIT
from audit.operations.clinics import ClinicFields

KEPT_YEARS: dict[str, int | None] = {"inspection": 7, "self-audit": 3}
HELD = "The clinic asked for a hearing."

AGENCY = Agency(
    name="Demo County Body Art Programme (demo data)",
    address="Environmental Health, 100 Example Plaza, Fresno, CA 93721",
    phone="(555) 555-0100",
    time_zone="America/Los_Angeles",
    paper="letter",
    statements=("This is demo data: the agency, the clinics and the people are made up.",),
    appeal_route="Write to the programme within 15 days of the visit; the address is above.",
    public_authority=True,
)


@dataclass(frozen=True)
class DemoPerson:
    """Somebody who can sign in to the demo; the password is printed for everybody, the login is their address too.
    ``works`` is a clinic and the place in its list of who a practitioner is."""

    login: str
    name: str
    role: str
    password: str
    clinics: tuple[str, ...] = ()
    works: tuple[str, int] | None = None


@dataclass(frozen=True)
class DemoClinic:
    fields: ClinicFields
    people: tuple[tuple[str, str], ...]  # name and title


@dataclass(frozen=True)
class DemoAnswer:
    """What the clinic sent in over its link about a finding, so many days after the visit; what the inspector said
    a day later (``then`` is ``accepted`` or ``sent-back``, or nothing yet)."""

    item: str
    days: int
    words: str
    picture: str = ""
    then: str = ""
    reply: str = ""


@dataclass(frozen=True)
class DemoVisit:
    """One visit. ``days_ago`` none: it runs at this moment. ``part``: how much of it is answered already.

    ``working`` are the places of the practitioners who work that day.
    """

    clinic: str
    by: str
    kind: str = INSPECTION
    purpose: str = "routine"
    days_ago: int | None = None
    part: float = 1.0
    facts: Mapping[str, bool] = field(default_factory=dict)
    working: tuple[int, ...] = (0,)
    present: tuple[str, ...] = ()
    remarks: str = ""
    in_charge: tuple[str, str] = ("", "absent")  # name and state of the signature
    found: Mapping[str, Found] = field(default_factory=dict)
    pictures: tuple[tuple[str, str, str], ...] = ()  # item, picture, caption
    answers: tuple[DemoAnswer, ...] = ()
    concerns: Mapping[str, str] = field(default_factory=dict)  # item to the service of the clinic
    closes: tuple[str, str] = ("", "")  # scope and subject
    law: str = ""
    shown: bool = False  # a self-audit that the clinic lets the agency read


PEOPLE = (
    DemoPerson("admin@demo.example", "Dana Whitfield", "administrator", "copper-lantern-ferry-41"),
    DemoPerson("inspector@demo.example", "Ines Moreno", "inspector", "willow-granite-otter-58"),
    DemoPerson(
        "owner@demo.example", "Rosalind Okafor", "owner", "thimble-quartz-meadow-26", ("crown", "brow")
    ),
    DemoPerson("studio@demo.example", "Marguerite Chau", "owner", "harvest-cobalt-heron-84", ("queen",)),
    DemoPerson(
        "artist@demo.example",
        "Theo Lindqvist",
        "practitioner",
        "saddle-amber-fennel-73",
        works=("crown", 0),
    ),
)

CLINICS = {
    "crown": DemoClinic(
        ClinicFields(
            name="Crown Line Scalp Studio",
            address="1420 Example Avenue, Fresno, CA 93701",
            jurisdiction="us-ca",
            permit="DEMO-BA-0417",
            time_zone="America/Los_Angeles",
            profile={
                "smp": True,
                "tattoo": False,
                "permanent_makeup": False,
                "piercing": False,
                "site": "fixed",
                "stations": 1,
                "new_or_remodelled": False,
                "machine": True,
                "presterilised": True,
                "autoclave": False,
                "disposable_only": True,
                "reusable_linen": False,
                "numbing": False,
                "dilution": True,
                "shaving": True,
                "us_employer": False,
                "eu": False,
                "insurance_required": False,
            },
        ),
        (("Theo Lindqvist", "SMP practitioner"),),
    ),
    "harbour": DemoClinic(
        ClinicFields(
            name="Harbour Street Tattoo & Scalp Collective",
            address="77 Sample Street, Suite B, Clovis, CA 93612",
            jurisdiction="us-ca",
            permit="DEMO-BA-0382",
            time_zone="America/Los_Angeles",
            profile={
                "smp": True,
                "tattoo": True,
                "permanent_makeup": False,
                "piercing": False,
                "site": "fixed",
                "stations": 4,
                "new_or_remodelled": False,
                "machine": True,
                "presterilised": True,
                "autoclave": True,
                "disposable_only": False,
                "reusable_linen": True,
                "numbing": True,
                "dilution": True,
                "shaving": True,
                "us_employer": True,
                "eu": False,
                "insurance_required": False,
            },
        ),
        (
            ("Marcus Bell", "Tattoo artist, owner"),
            ("Maximiliana Konstantinopoulou-Featherstonehaugh de la Villanueva", "SMP practitioner"),
            ("Σοφία Παπαδοπούλου", "Tattoo artist"),
            ("Jun Ito", "Apprentice"),
        ),
    ),
    "brow": DemoClinic(
        ClinicFields(
            name="Lone Star Brow & Lip Atelier",
            address="3100 Placeholder Road, Austin, TX 78704",
            jurisdiction="us-tx",
            permit="DEMO-TX-1190",
            time_zone="America/Chicago",
            profile={
                "smp": False,
                "tattoo": False,
                "permanent_makeup": True,
                "piercing": False,
                "site": "fixed",
                "stations": 2,
                "new_or_remodelled": True,
                "machine": True,
                "presterilised": True,
                "autoclave": False,
                "disposable_only": True,
                "reusable_linen": False,
                "numbing": True,
                "dilution": False,
                "shaving": False,
                "us_employer": True,
                "eu": False,
                "insurance_required": False,
            },
        ),
        (("Camila Reyes", "Permanent make-up artist"), ("Hannah Boateng", "Permanent make-up artist")),
    ),
    "queen": DemoClinic(
        ClinicFields(
            name="Queen Street Scalp & Ink",
            address="512 Queen Street West, Toronto, ON M5V 2B4",
            jurisdiction="ca-on-toronto",
            permit="DEMO-TO-0077",
            time_zone="America/Toronto",
            profile={
                "smp": True,
                "tattoo": True,
                "permanent_makeup": False,
                "piercing": False,
                "site": "fixed",
                "stations": 3,
                "new_or_remodelled": False,
                "machine": True,
                "presterilised": True,
                "autoclave": False,
                "disposable_only": True,
                "reusable_linen": False,
                "numbing": False,
                "dilution": True,
                "shaving": True,
                "us_employer": False,
                "eu": False,
                "insurance_required": True,
            },
        ),
        (("Priya Raman", "SMP practitioner"), ("Owen Clarke", "Tattoo artist")),
    ),
}

# One accepted, one sent back, one waits for the inspector; the training is still to come.
SIX_ANSWERS = (
    DemoAnswer(
        "sharps.fill-level",
        1,
        "Closed, collected and replaced; a new container hangs at every station.",
        "new-sharps",
        "accepted",
    ),
    DemoAnswer(
        "disinfect.product",
        2,
        "The unlabelled bottles are gone.",
        then="sent-back",
        reply="Show the bottles that are used now, with the label and the date of mixing in the picture.",
    ),
    DemoAnswer(
        "autoclave.spore-date",
        5,
        "The strip was sent in; the laboratory found no growth. The next ones are in the calendar.",
        "spore-report",
    ),
)

OBSERVED = {
    "procedure_observed": True,
    "trainees": False,
    "exposure_event": False,
    "healed_result_seen": True,
}
NOT_OBSERVED = {**OBSERVED, "procedure_observed": False, "healed_result_seen": False}

# In the order in which they were made.
VISITS = (
    DemoVisit(
        clinic="harbour",
        by="inspector@demo.example",
        days_ago=392,
        facts=NOT_OBSERVED,
        working=(0, 1, 2),
        present=("Marcus Bell",),
        remarks="No procedure was under way. Re-upholstery of chair 3 was ordered while I was there.",
        in_charge=("Marcus Bell", "signed"),
        found=OLDER_FINDINGS,
    ),
    DemoVisit(
        clinic="harbour",
        by="inspector@demo.example",
        purpose="follow-up",
        days_ago=360,
        facts=NOT_OBSERVED,
        working=(0, 1),
        present=("Marcus Bell",),
        in_charge=("Marcus Bell", "signed"),
        found=FOUND_AGAIN,
    ),
    DemoVisit(
        clinic="crown",
        by="owner@demo.example",
        kind=SELF_AUDIT,
        purpose=SELF_AUDIT,
        days_ago=50,
        facts=NOT_OBSERVED,
        remarks="Two weeks before the inspection was due.",
        found=SELF_AUDIT_FINDINGS,
        shown=True,
    ),
    DemoVisit(
        clinic="crown",
        by="inspector@demo.example",
        days_ago=36,
        facts=OBSERVED,
        present=("Theo Lindqvist", "Rosalind Okafor"),
        remarks="Set-up and the first twenty minutes of a session were watched with the client's consent.",
        in_charge=("Theo Lindqvist", "signed"),
        found=CROWN_FINDINGS,
        pictures=(("permit.facility-posted", "permit", "The permit at the reception desk"),),
    ),
    DemoVisit(
        clinic="brow",
        by="owner@demo.example",
        kind=SELF_AUDIT,
        purpose=SELF_AUDIT,
        days_ago=22,
        facts=NOT_OBSERVED,
        working=(0, 1),
        remarks="First self-audit after moving in.",
        found=SELF_AUDIT_FINDINGS,
    ),
    DemoVisit(
        clinic="harbour",
        by="inspector@demo.example",
        purpose="complaint",
        days_ago=8,
        facts={**OBSERVED, "trainees": True},
        working=(0, 1, 2, 3),
        present=("Marcus Bell", "Jun Ito"),
        remarks=(
            "A client had complained that cartridges are used twice; see the finding on single use. The owner was"
            " cooperative and took notes."
        ),
        in_charge=("Marcus Bell", "signed"),
        found=SIX_FINDINGS,
        answers=SIX_ANSWERS,
    ),
    DemoVisit(
        clinic="queen",
        by="inspector@demo.example",
        days_ago=1,
        facts=OBSERVED,
        working=(0, 1),
        present=("Priya Raman",),
        in_charge=("Priya Raman", "refused"),
        found=TORONTO_FINDINGS,
        concerns={"needles.single-use": "smp"},
        closes=("service", "Scalp micropigmentation"),
        law="Ontario Regulation 136/18",
    ),
    DemoVisit(clinic="brow", by="inspector@demo.example", facts=NOT_OBSERVED, working=(0, 1), part=0.5),
    DemoVisit(
        clinic="crown",
        by="owner@demo.example",
        kind=SELF_AUDIT,
        purpose=SELF_AUDIT,
        facts=NOT_OBSERVED,
        part=0.25,
    ),
)
