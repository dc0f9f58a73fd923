"""The post: letters are written in the entry of the deed they tell of, and sent afterwards by whoever runs the work."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from audit.domain.letters import Letter, Sender, message, wait_after
from audit.domain.people import Person
from audit.domain.problems import NotFound
from audit.domain.tongue import say, speaking, word
from audit.languages import tongue
from audit.operations.carriers import NAMED, Carrier, NotTaken
from audit.operations.desk import Desk
from audit.store.ledger import LETTER_FAILED, LETTER_SENT, Entry, LetterRow

# A worker that died while sending is believed dead after so long; the letter goes to another one then.
CLAIM = timedelta(minutes=15)
KEPT = timedelta(days=30)
MOST_A_ROUND = 500
TOO_LATE = word("It waited for too long: what it says holds no more.")
UNREADABLE = word("What it said cannot be read any more: the key it was hidden under is gone.")
UNSENDABLE = word("This letter cannot be written down for the post.")


@dataclass(frozen=True)
class Round:
    """What one round of the post did."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0


def to_person(
    desk: Desk,
    entry: Entry,
    person: Person,
    kind: str,
    words: Callable[[], tuple[str, str]],
    until: datetime | None = None,
) -> bool:
    """Write to a person who has an address, in their language; gives whether they have one.

    ``words`` gives subject and text; what it says with ``say`` is in the reader's language. An earlier letter of the
    same kind that still waits is withdrawn: the newer one says what holds now.
    """
    entry.letters.withdraw(kind, person.id)
    if not person.email:
        return False
    with speaking(tongue(person.language or desk.ledger.agency.get().language)):
        subject, text = words()
    write(entry, Letter(kind, person.email, subject, text, person.id, until))
    return True


def write(entry: Entry, letter: Letter) -> str:
    """Put a letter into the post, inside the entry of the deed; it is sent when the entry is kept. Gives its id."""
    letter_id = str(uuid.uuid4())
    entry.letters.add(letter_id, letter, entry.now)
    entry.note("letter.written", letter.person_id or "", {"kind": letter.kind, "letter": letter_id})
    return letter_id


def deliver(desk: Desk, carrier: Carrier, sender_address: str) -> Round:
    """Send what is due. Each letter is claimed first, so that two workers never send the same one.

    A letter that is not taken waits longer each time; after the last wait, or when the server says never, it failed,
    and stands on the administrator's page.
    """
    done = Round()
    sender = Sender(desk.ledger.agency.get().name, sender_address)
    with desk.ledger.mailing() as shelf:
        shelf.prune(desk.now - KEPT)
    for _ in range(MOST_A_ROUND):
        with desk.ledger.mailing() as shelf:
            claimed = shelf.claim(desk.now, desk.now + CLAIM)
        if claimed is None:
            break
        done = _counted(done, _send(desk, claimed, carrier, sender))
    return done


def _counted(done: Round, what: str) -> Round:
    return replace(done, **{what: getattr(done, what) + 1})


def _send(desk: Desk, row: LetterRow, carrier: Carrier, sender: Sender) -> str:
    """Send one letter that was claimed: what became of it, as a field of ``Round``."""
    if row.letter.until is not None and desk.now >= row.letter.until:
        return _failed(desk, row, TOO_LATE)
    if not row.letter.text:
        return _failed(desk, row, UNREADABLE)
    try:
        written = message(row.letter, sender, row.id, row.written_at)
    except ValueError:
        return _failed(desk, row, UNSENDABLE)
    try:
        carrier.carry(f"{row.written_at:{NAMED}}-{row.id}", written)
    except NotTaken as refusal:
        wait = None if refusal.for_good else wait_after(row.tries)
        if wait is None:
            return _failed(desk, row, refusal.words)
        with desk.ledger.mailing() as shelf:
            shelf.put_off(row.id, desk.now + wait, refusal.words)
        return "put_off"
    with desk.entry() as entry:
        entry.letters.end(row.id, LETTER_SENT, desk.now)
        entry.note("letter.sent", row.letter.person_id or "", {"kind": row.letter.kind, "letter": row.id})
    return "sent"


def _failed(desk: Desk, row: LetterRow, words: str) -> str:
    with desk.entry() as entry:
        entry.letters.end(row.id, LETTER_FAILED, desk.now, words)
        entry.note("letter.failed", row.letter.person_id or "", {"kind": row.letter.kind, "letter": row.id})
    return "failed"


# for the administrator ----------------------------------------------------------------------------------------


def listed(desk: Desk, limit: int = 100) -> tuple[LetterRow, ...]:
    """Letters that failed or wait, then those that were sent lately. What stands in them is not shown to anybody."""
    desk.must("letter.list")
    return tuple(
        replace(row, letter=replace(row.letter, text="")) for row in desk.ledger.letters.newest(limit)
    )


def troubled(desk: Desk) -> int:
    """How many letters could not be sent so far."""
    desk.must("letter.list")
    return desk.ledger.letters.troubled()


def drop(desk: Desk, letter_id: str) -> None:
    """Take a letter that failed off the list.

    Raises:
        NotFound: when there is none.
    """
    desk.must("letter.list")
    with desk.entry() as entry:
        if not entry.letters.drop(letter_id):
            raise NotFound(say("There is no such letter."))
        entry.note("letter.dropped", "", {"letter": letter_id})
