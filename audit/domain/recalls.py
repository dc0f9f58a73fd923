"""Recalls: a maker or an authority calls a lot back; each clinic that has it is told, and says what became of it."""

from dataclasses import dataclass
from datetime import date, datetime

from audit.domain.clinics import likeness
from audit.domain.lots import LONGEST, SHORTEST_SOUGHT
from audit.domain.problems import BadInput, Fault, NotNow
from audit.domain.tongue import say, word

LETTER = "recall"  # the kind of letter that tells of one
TOLD, QUARANTINED, USED_UP, NOT_HERE = "told", "quarantined", "used-up", "not-here"
STATE_WORDS = {
    TOLD: word("Told, no answer yet"),
    QUARANTINED: word("Set aside, not used any more"),
    USED_UP: word("Used up before"),
    NOT_HERE: word("Not found here"),
}
ANSWERS = (QUARANTINED, USED_UP, NOT_HERE)
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Recall:
    """A lot that is called back: its number and maker as said (no maker: whoever made it), why, since which day, and
    who entered it (a person's id). ``ended`` holds the words with which it was ended, none while it stands."""

    id: str
    lot: str
    maker: str
    reason: str
    since: date
    made_by: str
    made_at: datetime
    ended: str | None = None

    @property
    def stands(self) -> bool:
        return self.ended is None

    def concerns(self, lot: str, maker: str) -> bool:
        """Is this the lot that is meant? Spelling aside; a maker that one of the two does not name, or names more
        shortly, does not tell them apart: rather one clinic too many is told."""
        ours, theirs = likeness(self.maker), likeness(maker)
        return likeness(self.lot) == likeness(lot) and (ours in theirs or theirs in ours)


@dataclass(frozen=True)
class Concerned:
    """A clinic where such a lot came: when it was told, and what it answered."""

    clinic_id: str
    told_at: datetime
    state: str = TOLD
    words: str = ""
    answered_at: datetime | None = None

    @property
    def answered(self) -> bool:
        return self.state != TOLD


def faults(lot: str, maker: str, reason: str, since: date | None, today: date) -> tuple[Fault, ...]:
    """What is wrong with a recall as it was entered."""
    found = []
    if len(likeness(lot)) < SHORTEST_SOUGHT:
        found.append(Fault("lot", say("Give at least 3 letters or digits of the number.")))
    if not reason:
        found.append(Fault("reason", say("Say why it is called back.")))
    for name, text, longest in (
        ("lot", lot, LONGEST),
        ("maker", maker, LONGEST),
        ("reason", reason, LONGEST_WORDS),
    ):
        if len(text) > longest:
            found.append(Fault(name, say("Keep it to {limit} characters.", limit=longest)))
    if since is None:
        found.append(Fault("since", say("Give the day.")))
    elif since > today:
        found.append(Fault("since", say("This day has not come yet.")))
    return tuple(found)


def check_answer(recall: Recall, state: str, words: str) -> None:
    """Refuse what is no answer.

    Raises:
        BadInput: with what is wrong; NotNow: when the recall has ended.
    """
    if not recall.stands:
        raise NotNow(say("This recall has ended."))
    if state not in ANSWERS:
        raise BadInput([Fault("state", say("Choose what became of it."))])
    if len(words) > LONGEST_WORDS:
        raise BadInput([Fault("words", say("Keep it to {limit} characters.", limit=LONGEST_WORDS))])
