"""The papers, logs and lots of the demo: one licence about to end, one over, one missing, a lot without its certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from audit.cli import pictures
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.people import Person
from audit.operations import clocks, credentials, lots, recalls
from audit.operations.clocks import EntryFields
from audit.operations.credentials import PaperFields
from audit.operations.desk import Desk
from audit.operations.lots import LotFields

LICENCE, BLOODBORNE, PERMIT, HEPATITIS = (
    "practitioner-licence",
    "bloodborne",
    "facility-permit",
    "hepatitis-b",
)
COUNTY, STATE = "Demo County Body Art Programme", "Demo State Health Department"


@dataclass(frozen=True)
class DemoPaper:
    """A paper of a clinic, or of the practitioner at that place in its list. Days count from today; ``seen`` is what
    an inspector saw on the wall, ``before`` the end of the paper it renewed."""

    clinic: str
    kind: str
    number: str = ""
    ends: int | None = None
    issued: int | None = None
    holder: int | None = None
    issuer: str = COUNTY
    covers: tuple[str, ...] = ()
    seen: bool | None = None
    scan: bool = False
    before: int | None = None


PAPERS = (
    DemoPaper("crown", PERMIT, "DEMO-BA-0417", 204, seen=True, scan=True, before=-161),
    DemoPaper("crown", LICENCE, "DEMO-PR-2231", 26, holder=0, seen=True, scan=True),
    DemoPaper("crown", BLOODBORNE, "DEMO-BBP-58114", issued=-290, holder=0, issuer="Demo Safety Training"),
    DemoPaper("crown", HEPATITIS, issued=-800, holder=0, issuer=""),
    DemoPaper("crown", "smp-training", "DEMO-SMP-77", issued=-1100, holder=0, issuer="Demo Scalp Academy"),
    DemoPaper("crown", "insurance", "DEMO-INS-9", 58, issuer="Demo Mutual"),
    DemoPaper("harbour", PERMIT, "DEMO-BA-0382", 96, seen=True),
    DemoPaper("harbour", LICENCE, "DEMO-PR-1002", 310, holder=0, seen=True),
    DemoPaper("harbour", BLOODBORNE, "DEMO-BBP-40021", issued=-120, holder=0, issuer="Demo Safety Training"),
    DemoPaper("harbour", LICENCE, "DEMO-PR-1177", 150, holder=1, covers=("smp",), seen=False),
    DemoPaper("harbour", BLOODBORNE, "DEMO-BBP-40022", issued=-30, holder=1, issuer="Demo Safety Training"),
    DemoPaper("harbour", LICENCE, "DEMO-PR-0938", -12, holder=2, seen=True),
    DemoPaper("harbour", BLOODBORNE, "DEMO-BBP-40023", issued=-200, holder=2, issuer="Demo Safety Training"),
    DemoPaper("brow", PERMIT, "DEMO-TX-1190", 6, issuer=STATE),
    DemoPaper("brow", LICENCE, "DEMO-TX-PR-31", 400, holder=0, issuer=STATE),
    DemoPaper("brow", BLOODBORNE, "DEMO-BBP-3301", issued=-60, holder=0, issuer="Demo Safety Training"),
)
# clinic, what, days ago, a word of it
LOG = (
    ("crown", "sharps-pick-up", 21, "One box, slip 4471"),
    ("crown", "sharps-pick-up", 52, "One box, slip 4302"),
    ("crown", "disinfectant-change", 3, ""),
    ("crown", "training", 340, "Both of us, on the infection-control plan"),
    ("brow", "sharps-pick-up", 45, "Two boxes"),
)
INTERVALS = (
    ("crown", "disinfectant-change", 7),
    ("crown", "sharps-pick-up", 31),
    ("brow", "sharps-pick-up", 30),
)
# clinic, kind, lot, maker, product, days until its end, certificate, days since it came, days since it was used up
LOTS: tuple[tuple[str, str, str, str, str, int, str, int, int | None], ...] = (
    (
        "crown",
        "cartridge",
        "DL-3R-2207",
        "Demo Needle Works",
        "3RL cartridges",
        520,
        "DEMO-EO-2207",
        60,
        None,
    ),
    ("crown", "cartridge", "DL-3R-1998", "Demo Needle Works", "3RL cartridges", 200, "DEMO-EO-1998", 190, 61),
    ("crown", "needle", "DN-1188", "Demo Needle Works", "Single needles", 40, "", 20, None),
    ("crown", "pigment", "PG-ASH-04", "Demo Pigments", "Ash 4", 310, "", 90, None),
    ("brow", "cartridge", "DL-3R-2207", "Demo Needle Works", "3RL cartridges", 520, "DEMO-EO-2207", 48, None),
)


# A lot that two clinics have, called back so many days ago; one of them has answered.
RECALLED, RECALLED_AGO = "DL-3R-2207", 2
RECALL_WHY = "Seams of some blister packs are open: the cartridges may not be sterile (demo data)."
RECALL_ANSWER = "brow", "quarantined", "Both boxes are set aside for the maker; none was opened."


def fill(
    desk: Desk,
    people: Mapping[str, Person],
    places: Mapping[str, Clinic],
    staff: Mapping[str, Sequence[Practitioner]],
) -> None:
    """Enter all of it, as the owner of a clinic would (the inspector where the demo has no owner)."""
    inspector = next(one for one in people.values() if one.role == "inspector")
    for paper in PAPERS:
        clinic = places[paper.clinic]
        owner = _owner(people, clinic) or inspector
        _paper(replace(desk, actor=owner), replace(desk, actor=inspector), paper, clinic, staff[paper.clinic])
    for key, kind, ago, note in LOG:
        at = replace(desk, actor=_owner(people, places[key]))
        clocks.log(at, places[key].id, EntryFields(kind, _day(desk, places[key], -ago), note))
    for key, kind, days in INTERVALS:
        clocks.keep_to(replace(desk, actor=_owner(people, places[key])), places[key].id, kind, days)
    for key, kind, number, maker, product, ends, certificate, since, gone in LOTS:
        clinic = places[key]
        fields = LotFields(
            kind=kind,
            lot=number,
            maker=maker,
            product=product,
            received_on=_day(desk, clinic, -since),
            expires=_day(desk, clinic, ends),
            certificate=certificate,
            used_up_on=None if gone is None else _day(desk, clinic, -gone),
        )
        lots.add(replace(desk, actor=_owner(people, clinic)), clinic.id, fields)
    _recall(desk, people, places)


def _recall(desk: Desk, people: Mapping[str, Person], places: Mapping[str, Clinic]) -> None:
    """The lot that was in use at a visit is called back; one clinic says what became of it."""
    key, state, words = RECALL_ANSWER
    ago = replace(desk, now=desk.now - timedelta(days=RECALLED_AGO))
    office = replace(ago, actor=next(one for one in people.values() if one.role == "administrator"))
    told = recalls.Fields(RECALLED, "Demo Needle Works", RECALL_WHY, _day(ago, places[key], 0))
    made = recalls.make(office, told)
    owner = _owner(people, places[key])
    later = replace(desk, actor=owner, now=desk.now - timedelta(days=RECALLED_AGO - 1))
    recalls.answer(later, made.id, places[key].id, state, words)


def _owner(people: Mapping[str, Person], clinic: Clinic) -> Person | None:
    return next((one for one in people.values() if one.role == "owner" and clinic.id in one.clinics), None)


def _day(desk: Desk, clinic: Clinic, days: int) -> date:
    return desk.now.astimezone(ZoneInfo(clinic.time_zone)).date() + timedelta(days=days)


def _paper(
    desk: Desk, outside: Desk, paper: DemoPaper, clinic: Clinic, staff: Sequence[Practitioner]
) -> None:
    """Enter a paper, renew it where it is the second one, and say what hangs on the wall."""
    holder = staff[paper.holder] if paper.holder is not None else None

    def day(days: int | None) -> date | None:
        return None if days is None else _day(desk, clinic, days)

    fields = PaperFields(
        kind=paper.kind,
        holder=holder.id if holder else "",
        number=paper.number,
        issuer=paper.issuer,
        issued=day(paper.issued),
        expires=day(paper.ends),
        covers=paper.covers,
        place=clinic.address if paper.kind == PERMIT else "",
    )
    scan = _scan(paper, clinic, holder, fields) if paper.scan else None
    if paper.before is None:
        made = credentials.add(desk, clinic.id, fields, scan)
    else:
        old = credentials.add(desk, clinic.id, replace(fields, expires=day(paper.before)))
        made = credentials.renew(desk, old.id, fields, scan)
    if paper.seen is not None:
        credentials.see(outside, made.id, paper.seen)


def _scan(paper: DemoPaper, clinic: Clinic, holder: Practitioner | None, fields: PaperFields) -> bytes:
    title = "Body Art Practitioner" if holder else "Body Art Facility Permit"
    lines = (
        holder.name if holder else clinic.name,
        clinic.address,
        paper.number,
        f"Expires {fields.expires}",
    )
    return pictures.certificate(title, lines)
