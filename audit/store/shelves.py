"""All shelves together, for whoever opens the ledger or a copy of it."""

from functools import cached_property
from pathlib import Path

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
from audit.store.records import RecordShelf
from audit.store.reminders import ReminderShelf
from audit.store.reports import ReportShelf
from audit.store.schedule import ScheduleShelf
from audit.store.sessions import SessionShelf
from audit.store.stamps import StampShelf
from audit.store.standings import StandingShelf
from audit.store.things import kind_of
from audit.store.trail import Trail


class Shelves:
    """One shelf per noun, all over the same connection."""

    def __init__(self, db: Database, data: Path) -> None:
        self._shelved = db, data
        self.agency = AgencyShelf(db)
        self.people = PeopleShelf(db)
        self.sessions = SessionShelf(db)
        self.factors = FactorShelf(db, data)
        self.links = LinkShelf(db)
        self.letters = LetterShelf(db, data)
        self.devices = DeviceShelf(db)
        self.clinics = ClinicShelf(db)
        self.practitioners = PractitionerShelf(db)
        self.checklists = ChecklistShelf(db)
        self.inspections = InspectionShelf(db)
        self.records = RecordShelf(db)
        self.disclosed = DisclosedShelf(db)
        self.amendments = AmendmentShelf(db)
        self.credentials = CredentialShelf(db)
        self.clocks = ClockShelf(db)
        self.lots = LotShelf(db)
        self.reminders = ReminderShelf(db)
        self.actions = ActionShelf(db)
        self.schedule = ScheduleShelf(db)
        self.closures = ClosureShelf(db)
        self.standings = StandingShelf(db)
        self.public_cards = PublicCardShelf(db)
        self.fix_links = FixLinkShelf(db)
        self.stamps = StampShelf(db)
        self.trail = Trail(db)

    # Every entry makes its shelves anew; those that also keep files are made when asked for.

    @cached_property
    def personal(self) -> PersonalShelf:
        return PersonalShelf(self._shelved[0])

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
