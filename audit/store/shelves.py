"""All shelves together, for whoever opens the ledger or a copy of it."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Generic, TypeVar

from sqlite_utils import Database

from audit.store.actions import ActionShelf
from audit.store.agency import AgencyShelf
from audit.store.amendments import AmendmentShelf
from audit.store.belongings import belongings_of
from audit.store.checklists import ChecklistShelf
from audit.store.clinics import ClinicShelf, PractitionerShelf
from audit.store.clocks import ClockShelf
from audit.store.closures import ClosureShelf
from audit.store.credentials import CredentialShelf
from audit.store.devices import DeviceShelf
from audit.store.disclosed import DisclosedShelf
from audit.store.erasing import ErasingShelf
from audit.store.factors import FactorShelf
from audit.store.fixing import FixLinkShelf
from audit.store.inspections import InspectionShelf
from audit.store.keys import KeyShelf
from audit.store.letters import LetterShelf
from audit.store.links import LinkShelf
from audit.store.lots import LotShelf
from audit.store.people import PeopleShelf
from audit.store.personal import PersonalShelf
from audit.store.photos import PhotoShelf
from audit.store.public import PublicCardShelf
from audit.store.recalls import RecallShelf
from audit.store.records import RecordShelf
from audit.store.reminders import ReminderShelf
from audit.store.reports import ReportShelf
from audit.store.schedule import ScheduleShelf
from audit.store.sessions import SessionShelf
from audit.store.stamps import StampShelf
from audit.store.standings import StandingShelf
from audit.store.things import kind_of
from audit.store.trail import Trail

S = TypeVar("S")


class _On(Generic[S]):
    """A shelf that is made when it is first asked for: most entries and pages ask for three of them."""

    def __init__(self, make: Callable[[Database], S]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, shelves: "Shelves", owner: type) -> S:
        shelf = self._make(shelves._shelved[0])
        shelves.__dict__[self._name] = shelf  # found before this one from now on
        return shelf


class Shelves:
    """One shelf per noun, all over the same connection."""

    agency = _On(AgencyShelf)
    people = _On(PeopleShelf)
    sessions = _On(SessionShelf)
    links = _On(LinkShelf)
    devices = _On(DeviceShelf)
    clinics = _On(ClinicShelf)
    practitioners = _On(PractitionerShelf)
    checklists = _On(ChecklistShelf)
    inspections = _On(InspectionShelf)
    records = _On(RecordShelf)
    disclosed = _On(DisclosedShelf)
    amendments = _On(AmendmentShelf)
    credentials = _On(CredentialShelf)
    clocks = _On(ClockShelf)
    lots = _On(LotShelf)
    recalls = _On(RecallShelf)
    reminders = _On(ReminderShelf)
    actions = _On(ActionShelf)
    schedule = _On(ScheduleShelf)
    closures = _On(ClosureShelf)
    standings = _On(StandingShelf)
    public_cards = _On(PublicCardShelf)
    stamps = _On(StampShelf)
    personal = _On(PersonalShelf)
    trail = _On(Trail)

    def __init__(self, db: Database, data: Path) -> None:
        self._shelved = db, data

    # Those that also keep files.

    @cached_property
    def factors(self) -> FactorShelf:
        return FactorShelf(*self._shelved)

    @cached_property
    def fix_links(self) -> FixLinkShelf:
        return FixLinkShelf(*self._shelved)

    @cached_property
    def letters(self) -> LetterShelf:
        return LetterShelf(*self._shelved)

    @cached_property
    def photos(self) -> PhotoShelf:
        return PhotoShelf(*self._shelved)

    @cached_property
    def erasing(self) -> ErasingShelf:
        return ErasingShelf(*self._shelved)

    def belongings(self, inspection_id: str) -> str:
        """The SHA-256 of all that belongs to a visit beside its record; see ``belongings``."""
        return belongings_of(self._shelved[0], inspection_id)

    def kind_of(self, thing: str) -> str:
        """What an id is the id of; see ``things``."""
        return kind_of(self._shelved[0], thing)

    @cached_property
    def keys(self) -> KeyShelf:
        return KeyShelf(*self._shelved)

    @cached_property
    def reports(self) -> ReportShelf:
        return ReportShelf(*self._shelved)
