"""Answers such as a careful inspector finds in a clinic that is in order; the demo's findings replace some of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from audit.domain.answers import IN, NO, OUT, Context, Raw, asked, read
from audit.domain.checklists import Item, Part
from audit.domain.limits import Limit, oldest_allowed
from audit.domain.steps import Entry
from audit.domain.values import spelled
from audit.domain.visits import Visit

# Days from the visit, by part; what is not listed follows from the part's limit.
DAYS = {
    "permit.facility-expiry#date": 214,
    "licence.practitioner-expiry#date": 158,
    "insurance.current#date": 131,
    "training.bbp-current#date": -96,
    "training.ipc-plan-annual#date": -120,
    "plan.exposure-control#date": -150,
    "selfaudit.programme#date": -24,
    "needles.expiry#date": 402,
    "pigment.expiry#date": 301,
    "autoclave.spore-date#date": -12,
    "autoclave.log#oldest": -1090,
    "autoclave.storage#earliest": 97,
    "sharps.disposal#date": -41,
    "consult.patch-test#date": -16,
    "record.retention#date": -1120,
}

ENTERED = {
    "competence.experience#procedures": "640",
    "competence.experience#basis": "Appointment book and treatment records",
    "training.smp-specific#provider": "Scalp course of a private academy",
    "training.smp-specific#hours": "48 hours, certificate seen",
    "premises.floor-area#area": "96",
    "premises.light-procedure#light": "112",
    "premises.light-procedure#general": "38",
    "handsink.temp#temperature": "104",
    "hands.washed-before#seconds": "24",
    "topical.anaesthetic#product": "Lidocaine 4 %, pump bottle",
    "disinfect.product#product": "Ready-to-use surface wipes",
    "disinfect.product#registration": "EPA Reg. No. 00000-00 (demo)",
    "disinfect.contact-time#label_minutes": "3",
    "disinfect.contact-time#minutes": "4",
    "autoclave.medical-grade#make": "Table-top steriliser, class B",
    "autoclave.medical-grade#serial": "DEMO-20417",
    "autoclave.area#separation": "distance",
    "autoclave.area#distance": "7",
    "autoclave.cycle-temp#cycle": "prevacuum-wrapped",
    "autoclave.cycle-temp#temperature": "133",
    "autoclave.cycle-time#minutes": "5",
    "autoclave.spore-result#result": "negative",
    "sharps.fill-level#percent": "40",
    "consult.patch-test#test": "done",
    "smp.session-plan#sessions": "3",
    "smp.session-plan#gap": "14",
    "smp.depth-protocol#depth": "0.5",
    "aftercare.smp-specific#days_dry": "4",
}
UNITS = {"handsink.temp#temperature": "F"}

NOTES = {
    "permit.facility-posted": "Posted at the reception desk; name and address match.",
    "incident.infection-report": "Log seen, no entry in the last 12 months.",
    "plan.infection-control": "Binder at the reception desk, signed by everybody who works here.",
    "handsink.accessible": "Two steps from the chair, no door in between.",
    "machine.cleanable": "Sealed wireless pen, wiped down in front of me.",
    "client.age-id": "Ten records sampled; ID type and date of birth in all of them.",
    "client.health-history": "Ten records sampled, no gaps.",
    "autoclave.log": "Ten rows sampled across the year.",
    "sharps.disposal": "Mail-back kits; manifests kept in the same binder.",
    "aftercare.given": "Handed out in English and Spanish.",
}


@dataclass(frozen=True)
class Found:
    """One thing that is not in order, in the words an inspector writes on site.

    ``values`` replace entered values, ``days`` dates (in days from the visit); ``pictures`` are names of drawn
    photographs with their captions; ``person`` is the place of the practitioner it concerns.
    """

    note: str
    mark: str = OUT
    values: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    absent: str = ""
    corrected: bool = False
    pictures: tuple[tuple[str, str], ...] = ()
    person: int = 0


def answer(visit: Visit, entry: Entry, others: Mapping[str, str], found: Found | None = None) -> Raw:
    """What is entered for one entry of a visit; ``others`` are the values entered so far, by ``item#part``."""
    item, day = entry.item, visit.inspection.inspected_on
    context = Context(day, visit.inspection.all_facts, others)
    shift = _shift(visit, entry.person)
    raw = Raw(note=found.note if found else NOTES.get(item.key, ""))
    if found and found.absent:
        return replace(raw, absent=found.absent)
    entered: dict[str, str] = {}
    for part in item.value_parts:
        own = {f"{item.key}#{key}": value for key, value in entered.items()}
        if asked(part, context, own):
            value = _value(item, part, context, own, found, shift)
            if value:
                entered[part.key] = value
    units = {part: UNITS[f"{item.key}#{part}"] for part in entered if f"{item.key}#{part}" in UNITS}
    raw = replace(raw, values=entered, units=units, corrected_on_site=bool(found and found.corrected))
    return _marked(item, raw, context, found, entry.person)


def _shift(visit: Visit, person: str | None) -> int:
    """So that not everybody's certificate is of the same day."""
    people = visit.inspection.practitioners
    return 17 * people.index(person) if person in people else 0


def _marked(item: Item, raw: Raw, context: Context, found: Found | None, person: str | None) -> Raw:
    """Give a mark by hand only where the values do not say it."""
    wanted = found.mark if found else IN
    derived = read(item, raw, context, person).answer.mark
    if derived == wanted:
        return raw
    return replace(raw, mark=wanted if wanted in item.marks else NO)


def _value(
    item: Item, part: Part, context: Context, own: Mapping[str, str], found: Found | None, shift: int
) -> str:
    name = f"{item.key}#{part.key}"
    if found and part.key in found.values:
        return found.values[part.key]
    if part.kind == "date":
        return _date(name, part, context, found, shift)
    if name in ENTERED or not part.required:
        return ENTERED.get(name, "")
    if part.kind == "choice":
        return next((option.value for option in part.options if option.mark == IN), part.options[0].value)
    if part.kind == "number":
        return _number(part, {**context.facts, **context.others, **own})
    return "seen"


def _date(name: str, part: Part, context: Context, found: Found | None, shift: int) -> str:
    day = context.inspected_on
    if found and part.key in found.days:
        return (day + timedelta(days=found.days[part.key])).isoformat()
    if name in DAYS:
        days = DAYS[name]
        return (day + timedelta(days=days + shift if days > 0 else days - shift)).isoformat()
    return _by_limit(part.limit, day).isoformat() if part.required else ""


def _by_limit(limit: Limit | None, day: date) -> date:
    """A date well inside its limit."""
    if limit is not None and limit.kind == "expires":
        return day + timedelta(days=180)
    if limit is not None and limit.kind == "max-age":
        return day - (day - oldest_allowed(limit, day)) / 2
    return day - timedelta(days=30)


def _number(part: Part, known: Mapping[str, object]) -> str:
    """A number that satisfies its limit, or lies in the lower half of what can be entered."""
    limit = part.limit.standing_for(known) if part.limit else None
    if limit is not None and limit.value is not None:
        return spelled(limit.value)
    if limit is not None and limit.part in known:
        return str(known[limit.part])
    low, high = part.low or Decimal(0), part.high or Decimal(100)
    return spelled(low + (high - low) // 4)
