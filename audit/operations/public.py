"""The public card of a clinic: switched on by the agency, read by anybody who scans the code on the wall."""

import secrets
import tempfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from audit.domain.actions import ACCEPTED, CONFIRMED
from audit.domain.canonical import instant_text
from audit.domain.clinics import Clinic
from audit.domain.inspections import INSPECTION
from audit.domain.placard import WORDS as PLACARD_WORDS
from audit.domain.problems import BadInput, Fault, NotFound, NotNow, TooMany
from audit.domain.public import STALE, PublicCard, freshness
from audit.domain.tongue import say, several, word
from audit.domain.values import listed
from audit.languages import writing
from audit.operations.desk import Desk
from audit.operations.signing_in import network_of
from audit.store.ledger import Outcome
from reports import pdf, qr
from reports.card import Card

NAME_BYTES = 10
WINDOW, MOST = timedelta(minutes=10), 120
PAPERS = ("a4", "letter", "a5")
# In plain words, for somebody who knows none of the field's.
RESULTS = {
    "no-findings": word("Nothing was found that had to be put right."),
    "findings": word("Something was found that had to be put right; nothing critical was left open."),
    "uncorrected-critical": word("Something critical was found that was not put right during the visit."),
    "not-scored": word("The visit came to no result."),
}
HEADLINES = {
    "no-findings": word("No findings"),
    "findings": word("Findings"),
    "uncorrected-critical": word("Critical finding"),
    "not-scored": word("No result"),
}


@dataclass(frozen=True)
class Told:
    """What the card says. Without an inspection only clinic and agency; ``stale``: too old to be told as today's."""

    clinic: str
    address: str
    agency: str
    authority: bool
    inspected_on: date | None = None
    today: date | None = None
    status: str = ""
    result: str = ""
    placard: str = ""
    stale: bool = False
    found: int = 0
    fixed: int = 0
    inspector: str = ""


# deciding -----------------------------------------------------------------------------------------------------


def card(desk: Desk, clinic_id: str) -> PublicCard:
    """What was decided for a clinic; off before anybody decided.

    Raises:
        NotFound: when the clinic is somebody else's.
    """
    desk.must("clinic.read", clinic_id)
    desk.ledger.clinics.get(clinic_id)
    return desk.ledger.public_cards.of(clinic_id) or PublicCard(clinic_id, "")


def decide(desk: Desk, clinic_id: str, shown: bool, inspector: bool) -> PublicCard:
    """Switch the card on or off, with or without the inspector's name. Its address stays the same for good."""
    desk.must("card.decide", clinic_id)
    before = card(desk, clinic_id)
    after = replace(before, shown=shown, inspector=inspector)
    if after == before:
        return before
    after = replace(after, name=before.name or secrets.token_hex(NAME_BYTES))
    with desk.entry() as entry:
        entry.public_cards.keep(after)
        entry.note("card.decided", clinic_id, {"shown": shown, "inspector": inspector})
    return after


def address_of(desk: Desk, name: str) -> str:
    """Where the card is found from outside; empty while nobody said where this installation is."""
    site = desk.ledger.agency.get().site
    return f"{site}/card/{name}" if site and name else ""


# telling ------------------------------------------------------------------------------------------------------


def look(desk: Desk, name: str, address: str) -> Told:
    """What anybody may read under that name.

    Raises:
        NotFound: for a name nobody has, or of a card that is off; TooMany: for who asks all the time.
    """
    _not_too_often(desk, network_of(address))
    found = desk.ledger.public_cards.named(name)
    if found is None or not found.shown:
        raise NotFound(say("There is no such card."))
    return _told(desk, found)


def _not_too_often(desk: Desk, network: str) -> None:
    place = f"card {network}"
    with desk.ledger.upkeep() as sessions:
        count = sessions.failures(desk.now - WINDOW, address=place).count
        if count < MOST:
            sessions.failed("card", place, desk.now)
    if count >= MOST:
        seconds = int(WINDOW.total_seconds())
        raise TooMany(say("Those were many questions at once. Ask again in ten minutes."), seconds)


def _told(desk: Desk, found: PublicCard) -> Told:
    clinic, agency = desk.ledger.clinics.get(found.clinic_id), desk.ledger.agency.get()
    told = Told(clinic.name, _one_line(clinic.address), agency.name, agency.public_authority)
    last = desk.ledger.records.latest_for([clinic.id], [INSPECTION]).get(clinic.id)
    return _with_last(desk, told, clinic, last, found.inspector) if last else told


def _with_last(desk: Desk, told: Told, clinic: Clinic, last: Outcome, names: bool) -> Told:
    amended = desk.ledger.amendments.document(last.inspection_id)
    document = amended[1] if amended else desk.ledger.records.get(last.inspection_id).document
    due = document["result"].get("next_visit")
    today = desk.now.astimezone(ZoneInfo(clinic.time_zone)).date()
    actions = [kept.action for kept in desk.ledger.actions.of_visit(last.inspection_id)]
    standing = document.get("placard", {}).get("standing")
    on_site = last.findings - last.open_findings
    return replace(
        told,
        inspected_on=last.inspected_on,
        today=today,
        status=last.status,
        result=say(RESULTS[last.status]),
        placard=say(PLACARD_WORDS[standing]) if standing and told.authority else "",
        stale=freshness(last.inspected_on, date.fromisoformat(due) if due else None, today) == STALE,
        found=last.findings,
        fixed=min(last.findings, on_site + sum(action.state in (ACCEPTED, CONFIRMED) for action in actions)),
        inspector=desk.ledger.inspections.get(last.inspection_id).inspector_name if names else "",
    )


def _one_line(address: str) -> str:
    return ", ".join(line.strip().rstrip(",") for line in address.splitlines() if line.strip())


def fixed_words(told: Told) -> str:
    """``2 of 3 findings were put right since.``; empty where nothing was found."""
    if not told.found:
        return ""
    return several(
        "{fixed} of {number} finding was put right by now.",
        "{fixed} of {number} findings were put right by now.",
        told.found,
        fixed=told.fixed,
    )


def code(address: str) -> qr.Code:
    """The address to scan."""
    return qr.code(address)


def draw(desk: Desk, clinic_id: str, paper: str = "") -> bytes:
    """The placard for the wall, as a PDF on ``a4``, ``letter`` or ``a5``.

    Raises:
        BadInput: for a paper that does not exist.
        NotNow: while the card is off, or nobody said where this installation is found.
    """
    if paper not in ("", *PAPERS):
        raise BadInput([Fault("paper", say("Choose {choices}.", choices=listed(PAPERS)))])
    found = card(desk, clinic_id)
    address = address_of(desk, found.name)
    if not found.shown or not address:
        raise NotNow(say("The public card is off, or the address of this installation is not set."))
    told = _told(desk, found)
    day = writing.day_words(told.inspected_on) if told.inspected_on else ""
    sheet = Card(
        clinic=told.clinic,
        address=told.address,
        agency=told.agency,
        headline=headline(told),
        words=()
        if told.stale or not told.inspected_on
        else tuple(filter(None, (told.result, fixed_words(told)))),
        day=day,
        inspector=told.inspector,
        where=address,
        made_at=instant_text(desk.now),
        identity=f"card {found.name} {desk.now.date()}",
    )
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "card.pdf"
        pdf.draw_card(sheet, paper or desk.ledger.agency.get().paper, out)
        return out.read_bytes()


def headline(told: Told) -> str:
    """The one line everybody reads: the placard or the day of the visit, and never an old result as today's."""
    if told.inspected_on is None:
        return say("Not inspected yet")
    if told.stale:
        return say("The last inspection is too old to speak for today")
    if told.found and told.fixed == told.found:
        return told.placard or say("Findings, all put right by now")
    return told.placard or say(HEADLINES[told.status])
