"""What the demo has planned: visits by rules and by people, one of them overdue, and two programmes of self-audits."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from audit.domain.clinics import Clinic
from audit.domain.people import Person
from audit.domain.programmes import MONTH, WEEK
from audit.domain.schedule import FOLLOW_UP, ROUTINE
from audit.operations import programmes, schedule
from audit.operations.desk import Desk
from audit.operations.schedule import Plan

ADMINISTRATOR, INSPECTOR, OWNER = "admin@demo.example", "inspector@demo.example", "owner@demo.example"


@dataclass(frozen=True)
class DemoPlan:
    """A visit planned ``ago`` days before today for the day ``ahead`` days after it."""

    clinic: str
    purpose: str
    ahead: int
    reason: str
    assigned: bool = True
    ago: int = 30


PLANS = (
    DemoPlan("brow", ROUTINE, -4, "First inspection after the move.", ago=40),
    DemoPlan(
        "harbour", FOLLOW_UP, 6, "Spore test, disinfectant labels and training of the complaint visit.", ago=7
    ),
    DemoPlan("crown", ROUTINE, 58, "Yearly visit.", assigned=False),
)
# Clinic, how often, and since how many days.
PROGRAMMES = (("crown", WEEK, 31), ("brow", MONTH, 64))


def fill(desk: Desk, people: Mapping[str, Person], clinics: Mapping[str, Clinic]) -> None:
    """Plan the visits and decide the programmes, each at its own time."""
    for one in PLANS:
        clinic = clinics[one.clinic]
        office = replace(desk, actor=people[ADMINISTRATOR], now=desk.now - timedelta(days=one.ago))
        by = desk.now.astimezone(ZoneInfo(clinic.time_zone)).date() + timedelta(days=one.ahead)
        inspector = people[INSPECTOR].id if one.assigned else ""
        schedule.plan(office, clinic.id, Plan(one.purpose, by, inspector, one.reason))
    for key, every, ago in PROGRAMMES:
        then = replace(desk, actor=people[OWNER], now=desk.now - timedelta(days=ago))
        programmes.decide(then, clinics[key].id, every)
