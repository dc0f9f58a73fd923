"""Loads the demo by the same deeds that people do, at the times they would have done them."""

import json
import shutil
import tempfile
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from audit.cli import demo_coming, demo_content, demo_papers, pictures, plausible
from audit.cli.common import OPERATOR, write_whole
from audit.cli.content import publish_shipped
from audit.cli.demo_content import CLINICS, PEOPLE, VISITS, DemoAnswer, DemoVisit
from audit.config import NO_SENDER
from audit.domain.actions import ACCEPTED
from audit.domain.answers import Key
from audit.domain.canonical import instant_text
from audit.domain.changes import APPLIED, PHOTO_LINK, Change, Outcome
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.inspections import INSPECTOR, PERSON_IN_CHARGE, Inspection, Signature
from audit.domain.people import Person
from audit.domain.problems import NotNow
from audit.domain.schedule import FOLLOW_UP
from audit.domain.steps import Entry
from audit.operations import (
    actions,
    agency,
    answers,
    carriers,
    clinics,
    closures,
    concerns,
    disclosing,
    fixing,
    former,
    inspections,
    people,
    photos,
    post,
    public,
    reminders,
    retention,
    sealing,
)
from audit.operations.actions import Answer
from audit.operations.closures import Proposal
from audit.operations.desk import Desk, bring_up_to_date, close, open_desk
from audit.operations.inspections import NewVisit, SetUp

MARK = "demo.json"
FORMAT = "clinic-audit/demo/1"
DEVICE = "demo"
BEFORE_THE_FIRST = timedelta(days=400)
ARRIVES = time(10, 0)
RUNNING_FOR = timedelta(minutes=25)
LASTS = timedelta(minutes=95)


def is_demo(data: Path) -> bool:
    """Is this folder marked as a demo?"""
    return (data / MARK).is_file()


def sign_ins() -> list[str]:
    """How to sign in to the demo, a line for each person."""
    width = max(len(person.login) for person in PEOPLE)
    lines = [f"  {person.role:<14} {person.login:<{width}}  {person.password}" for person in PEOPLE]
    return ["Demo sign-ins (role, login, password):", *lines]


def load(data: Path, now: datetime, site: str) -> bool:
    """Make the demo folder, whole or not at all; gives whether it was made just now. ``site`` is where it will be found.

    Raises:
        NotNow: when the folder holds something that is no demo.
    """
    if is_demo(data):
        return False
    if data.exists() and any(data.iterdir()):
        raise NotNow(f"{data} holds something else. The demo needs a folder of its own.")
    data.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{data.name}-", dir=data.absolute().parent))
    try:
        _fill(draft, now, site)
        if data.exists():
            data.rmdir()
        draft.rename(data)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _fill(data: Path, now: datetime, site: str) -> None:
    bring_up_to_date(data, now)
    desk = open_desk(data, OPERATOR, now)
    try:
        _Loader(desk, site).load()
        desk.ledger.photos.settle()  # the folder is about to get another name
    finally:
        close(data)
    mark = {"format": FORMAT, "loaded_at": instant_text(now)}
    write_whole(data / MARK, (json.dumps(mark) + "\n").encode())


@dataclass
class _Loader:
    """Fills an empty ledger; remembers what it made by the names the content uses."""

    desk: Desk
    site: str
    people: dict[str, Person] = field(default_factory=dict)
    clinics: dict[str, Clinic] = field(default_factory=dict)
    staff: dict[str, tuple[Practitioner, ...]] = field(default_factory=dict)

    def load(self) -> None:
        office = replace(self.desk, now=self.desk.now - BEFORE_THE_FIRST)
        publish_shipped(office)
        agency.save(office, replace(demo_content.AGENCY, site=self.site))
        for key, clinic in CLINICS.items():
            made = clinics.create(office, clinic.fields)
            assert isinstance(made, Clinic)
            self.clinics[key] = made
        for person in PEOPLE:
            if person.works is None:
                self._person(office, person)
        inspector = next(person for person in self.people.values() if person.role == "inspector")
        outside = replace(office, actor=inspector)
        for key, clinic in CLINICS.items():
            self.staff[key] = tuple(
                clinics.add_practitioner(outside, self.clinics[key].id, name, title)
                for name, title in clinic.people
            )
        for person in PEOPLE:
            if person.works is not None:
                self._person(office, person)
        for visit in VISITS:
            self._visit(visit)
        demo_papers.fill(self.desk, self.people, self.clinics, self.staff)
        public.decide(self.desk, self.clinics["crown"].id, True, False)
        self._keep(office)
        demo_coming.fill(self.desk, self.people, self.clinics)
        self._remind()

    def _remind(self) -> None:
        """The reminders of the last noon, as ``work`` would write them; they lie in the outbox."""
        here = self.desk.now.astimezone(ZoneInfo(demo_content.AGENCY.time_zone))
        noon = datetime.combine(here.date(), time(12), here.tzinfo)
        at = replace(self.desk, now=(noon if noon <= here else noon - timedelta(days=1)).astimezone(UTC))
        reminders.send(at)
        self._deliver(self.desk)

    def _deliver(self, desk: Desk) -> None:
        """What was written until then goes out before its time is over."""
        post.deliver(desk, carriers.ToFolder(desk.data / carriers.OUTBOX), NO_SENDER)

    def _keep(self, office: Desk) -> None:
        """How long visits are kept, and the closed one until its hearing. There are no time stamps: who made them here
        would be no third party."""
        administrator = next(person for person in self.people.values() if person.role == "administrator")
        retention.rule(replace(office, actor=administrator), demo_content.KEPT_YEARS)
        at = replace(self.desk, actor=administrator)
        for clinic in self.clinics.values():
            for closed in closures.of_clinic(at, clinic.id):
                retention.hold(at, closed.inspection_id, demo_content.HELD)

    def _person(self, office: Desk, person: demo_content.DemoPerson) -> None:
        places = [self.clinics[key].id for key in person.clinics]
        works = [self.staff[person.works[0]][person.works[1]].id] if person.works else []
        self.people[person.login] = people.add_person(
            office,
            person.login,
            person.name,
            person.role,
            person.password,
            places,
            person.login,
            practitioners=works,
        )

    def _visit(self, wanted: DemoVisit) -> None:
        clinic = self.clinics[wanted.clinic]
        person = self.people[wanted.by]
        begins = _begins(self.desk.now, wanted.days_ago, clinic.time_zone)
        desk = replace(self.desk, actor=person, now=begins)
        working = tuple(self.staff[wanted.clinic][place].id for place in wanted.working)
        scope = former.scope_at(desk, clinic.id) if wanted.purpose == FOLLOW_UP else ()
        new = NewVisit(
            clinic.id, wanted.kind, wanted.purpose, working, wanted.present, wanted.facts, scope=scope
        )
        started = inspections.start(desk, new)
        maker = _Maker(desk, started, wanted)
        maker.answer()
        maker.close()
        if wanted.days_ago is not None:
            maker.finish(person)
            self._deliver(maker.desk)
            if wanted.shown:
                disclosing.disclose(maker.desk, started.id)
            self._correct(maker.desk, started.id, wanted.answers)

    def _correct(self, desk: Desk, visit_id: str, sent: tuple[DemoAnswer, ...]) -> None:
        """A link goes to the clinic, which answers over it; the inspector says something a day later."""
        if not sent:
            return
        token = fixing.offer(desk, visit_id)
        owed = {told.action.item: told.action.id for told in actions.of_visit(desk, visit_id)}
        for one in sent:
            then = replace(desk, now=desk.now + timedelta(days=one.days, hours=3))
            photos_sent = [_sent(one.picture, then.now)] if one.picture else []
            given = Answer(one.words, then.now.date(), photos_sent)
            fixing.answer(replace(then, actor=None), token, owed[one.item], given)
            later = replace(then, now=then.now + timedelta(days=1))
            if one.then == ACCEPTED:
                actions.accept(later, owed[one.item], one.reply)
            elif one.then:
                actions.send_back(later, owed[one.item], one.reply)


def _sent(name: str, now: datetime) -> bytes:
    """A picture that the clinic took."""
    if name == "new-sharps":
        return pictures.sharps_box(full=False)
    tested = (
        "Biological indicator, steam",
        f"Read on {now:%d %B %Y}",
        "Result: no growth",
        "Control: growth",
    )
    return pictures.certificate("Spore test report", tested)


def _begins(now: datetime, days_ago: int | None, zone: str) -> datetime:
    """Ten in the morning on the clinic's clock that many days ago, or a moment ago."""
    if days_ago is None:
        return now - RUNNING_FOR
    day = now.astimezone(ZoneInfo(zone)).date() - timedelta(days=days_ago)
    return datetime.combine(day, ARRIVES, ZoneInfo(zone)).astimezone(now.tzinfo)


class _Maker:
    """Makes one visit, section by section, as somebody on site would."""

    def __init__(self, desk: Desk, started: Inspection, wanted: DemoVisit) -> None:
        self.desk, self.id, self.wanted = desk, started.id, wanted
        self.visit = inspections.open_visit(desk, started.id)
        self.entered: dict[str, str] = {}
        self.sent = 0

    def answer(self) -> None:
        entries = list(self.visit.journey.entries())
        entries = entries[: round(len(entries) * self.wanted.part)]
        sections: dict[str, list[Change]] = {}
        for entry in entries:
            sections.setdefault(self._section(entry), []).append(self._change(entry))
        pause = (RUNNING_FOR if self.wanted.days_ago is None else LASTS) / (len(sections) + 2)
        for changes in sections.values():
            self.desk = replace(self.desk, now=(self.desk.now + pause).replace(microsecond=0))
            _must_apply(answers.take_in(self.desk, self.id, changes))
        asked = {entry.item.key for entry in entries}
        for item, name, caption in self._pictures():
            if item in asked:
                self._photo((item, None), name, caption)

    def _section(self, entry: Entry) -> str:
        return entry.item.number.split("-")[0]

    def _change(self, entry: Entry) -> Change:
        raw = plausible.answer(self.visit, entry, self.entered, self._found(entry))
        if entry.person is None:
            self.entered |= {f"{entry.item.key}#{part}": value for part, value in raw.values.items()}
        return answers.change_of(str(uuid.uuid4()), entry.key, 0, raw, self._device, self._next())

    def _found(self, entry: Entry) -> plausible.Found | None:
        found = self.wanted.found.get(entry.item.key)
        if found is None or entry.person is None:
            return found
        return found if self.visit.inspection.practitioners.index(entry.person) == found.person else None

    @property
    def _device(self) -> str:
        return f"{DEVICE}-{self.id}"

    def _next(self) -> int:
        self.sent += 1
        return self.sent

    def _pictures(self) -> list[tuple[str, str, str]]:
        found = [
            (item, name, caption) for item, one in self.wanted.found.items() for name, caption in one.pictures
        ]
        return [*found, *self.wanted.pictures]

    def _photo(self, key: Key, name: str, caption: str) -> None:
        kept = photos.accept(self.desk, self.id, self._draw(name))
        value = {"sha256": kept.sha256, "caption": caption}
        rev = inspections.open_visit(self.desk, self.id).rev(key)
        change = Change(str(uuid.uuid4()), PHOTO_LINK, *key, rev, value, self._device, self._next())
        _must_apply(answers.take_in(self.desk, self.id, [change]))

    def _draw(self, name: str) -> bytes:
        drawn = {
            "tray": pictures.tray,
            "sharps": pictures.sharps_box,
            "shelf": pictures.shelf,
            "sink": pictures.sink,
        }
        return drawn[name]() if name in drawn else self._permit()

    def _permit(self) -> bytes:
        clinic, day = self.visit.clinic, self.visit.inspection.inspected_on
        ends = day + timedelta(days=plausible.DAYS["permit.facility-expiry#date"])
        lines = (clinic.name, clinic.address, "Scalp micropigmentation", clinic.permit, f"Expires {ends}")
        return pictures.certificate("Body Art Facility Permit", lines)

    def close(self) -> None:
        """Say which service each finding concerns, and propose what is closed."""
        if self.wanted.concerns:
            visit = inspections.open_visit(self.desk, self.id)
            chosen = {
                one.key: self.wanted.concerns[one.item]
                for one in visit.findings
                if one.item in self.wanted.concerns
            }
            concerns.decide(self.desk, self.id, chosen)
        if any(self.wanted.closes):
            found = closures.suggested(inspections.open_visit(self.desk, self.id))
            assert found is not None
            scope, subject = self.wanted.closes
            words = Proposal(scope, subject, found.items, found.acts, self.wanted.law, found.hearing)
            closures.propose(self.desk, self.id, words)

    def finish(self, person: Person) -> None:
        """Remarks, both signatures, the seal."""
        wanted, inspection = self.wanted, inspections.open_visit(self.desk, self.id).inspection
        self.desk = replace(self.desk, now=self.desk.now + timedelta(minutes=6))
        set_up = SetUp(wanted.purpose, inspection.practitioners, wanted.present, wanted.facts, wanted.remarks)
        inspections.set_up(self.desk, self.id, set_up, inspection.rev)
        inspections.sign(self.desk, self.id, Signature(INSPECTOR, "signed", person.name))
        name, state = wanted.in_charge
        if name:
            inspections.sign(self.desk, self.id, Signature(PERSON_IN_CHARGE, state, name))
        sealing.seal(self.desk, self.id)


def _must_apply(outcomes: tuple[Outcome, ...]) -> None:
    refused = [outcome for outcome in outcomes if outcome.status != APPLIED]
    assert not refused, refused
