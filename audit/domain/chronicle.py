"""What happened to a visit, in plain words: each kind of line of the trail has its sentence, or is left out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from audit.domain.inspections import PERSON_IN_CHARGE
from audit.domain.tongue import say, several, word
from audit.domain.trail_words import TRAIL_WORDS

# Answers of one person within so long are one event.
TOGETHER = timedelta(minutes=30)
ANSWERED = "answered"
_KINDS = ("inspection.", "self-audit.")
_REPORTS = {
    "record": word("the full report"),
    "owner": word("the owner's copy"),
    "plan": word("the plan of what must be fixed"),
}


@dataclass(frozen=True)
class Happened:
    """One line of the trail: when, by whom (a person's id, or empty), which deed, and its details."""

    at: datetime
    actor: str
    deed: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """Something that happened, in words; ``items`` are those answered, while answers are being put together."""

    at: datetime
    actor: str
    deed: str
    words: str
    over_link: bool = False
    items: frozenset[str] = frozenset()


def told(lines: Iterable[Happened]) -> tuple[Event, ...]:
    """The events behind these lines, oldest first; what nobody asks for later has no sentence."""
    events: list[Event] = []
    for line in lines:
        event = _event(line)
        if event is None:
            continue
        if events and _goes_on(events[-1], event):
            both = events[-1].items | event.items
            events[-1] = replace(events[-1], items=both, words=_answered(both))
        else:
            events.append(event)
    return tuple(events)


def _goes_on(before: Event, event: Event) -> bool:
    same = before.deed == event.deed == ANSWERED and before.actor == event.actor
    return same and event.at - before.at <= TOGETHER


def _event(line: Happened) -> Event | None:
    deed = line.deed
    for kind in _KINDS:
        deed = deed.removeprefix(kind)
    sentence = SENTENCES.get(deed)
    if sentence is None:
        return None
    words = sentence(line.detail) if callable(sentence) else say(sentence)
    items = frozenset(line.detail.get("items", ())) if deed == ANSWERED else frozenset()
    return Event(line.at, line.actor, deed, words, bool(line.detail.get("link")), items)


def _answered(items: frozenset[str]) -> str:
    return several("answered {number} item", "answered {number} items", len(items))


def _signed(detail: Mapping[str, Any]) -> str:
    state = detail.get("state")
    if state == "refused":
        return say("noted that the person in charge refuses to sign")
    if state == "absent":
        return say("noted that the person in charge is not there")
    if detail.get("role") == PERSON_IN_CHARGE:
        return say("took the signature of the person in charge")
    return say("signed the visit")


def _set_aside(detail: Mapping[str, Any]) -> str:
    return say("set the visit aside: {reason}", reason=detail.get("reason", ""))


def _report(sentence: str) -> Callable[[Mapping[str, Any]], str]:
    def words(detail: Mapping[str, Any]) -> str:
        kind = str(detail.get("kind", "")).partition("-")[0]
        named = say(_REPORTS[kind]) if kind in _REPORTS else say("a report")
        return say(sentence, report=named)

    return words


def _refused(detail: Mapping[str, Any]) -> str:
    if detail.get("deed") == "write":
        return say("tried to change it and was refused")
    return say("tried to open it and was refused")


SENTENCES: dict[str, str | Callable[[Mapping[str, Any]], str]] = {
    "started": word("started the visit"),
    "set-up": word("changed who is there or what the day is like"),
    "widened": word("chose to look at the whole checklist"),
    ANSWERED: lambda detail: _answered(frozenset(detail.get("items", ()))),
    "confirmed": word("confirmed what was preset"),
    "captioned": word("changed the words under a photo"),
    "rest-in": word("marked what was left open in a section as IN"),
    "signed": _signed,
    "sealed": word("sealed the record; from here on it cannot change"),
    "recorded": word("took the visit in from a document"),
    "set-aside": _set_aside,
    "amended": lambda detail: say("amended the record (amendment {number})", number=detail.get("number", "")),
    "voided": lambda detail: say(
        "made the record void (amendment {number})", number=detail.get("number", "")
    ),
    "exported": word("exported the record with its photos"),
    "disclosed": word("began to show the self-audit to the agency"),
    "withdrawn": word("stopped showing the self-audit to the agency"),
    "held": word("put a hold on it: it is kept whatever the rule says"),
    "let-go": word("ended the hold"),
    "erased": word("erased it under retention; its hashes stay"),
    "tablet.rescued": word("brought in work from a rescue file"),
    "report.drawn": _report(word("had {report} drawn")),
    "report.taken": _report(word("downloaded {report}")),
    "fix-link.made": word("made a link for the clinic's answers"),
    "fix-link.ended": word("ended a link for the clinic's answers"),
    "fix-link.opened": word("opened the findings by their link"),
    "action.fixed": word("said that a finding is fixed"),
    "action.accepted": word("accepted what the clinic did"),
    "action.sent-back": word("sent an answer of the clinic back"),
    "action.confirmed": word("found a finding fixed at a later visit"),
    "action.found-again": word("found a finding again at a later visit"),
    "visit.refused": _refused,
}
# What anybody who reads a visit may know of its history; the rest is for those who made it or look after it.
FOR_READERS = frozenset(
    {"started", "signed", "sealed", "amended", "voided", "disclosed", "withdrawn", "erased"}
    | {name for name in SENTENCES if name.startswith(("action.", "fix-link."))}
)
# What one did oneself, one may always know.
OF_ONESELF = frozenset({"report.drawn", "report.taken", "exported"})

# The trail as a whole, in words where somebody may look for it; the rest by the name of its deed.
OF_NOBODY = frozenset(
    {"sign-in.failed", "password.forgotten", "strangers.many"}
)  # done by whoever stood at the door
# What anybody of the agency may know of a sealed self-audit: that and when it was made, and who asked for it.
OF_SELF_AUDITS = frozenset(
    {
        "self-audit.sealed",
        "self-audit.disclosed",
        "self-audit.withdrawn",
        "self-audit.erased",
        "visit.refused",
    }
)
# What may be asked for: the deeds of a group; a name that ends in a dot stands for all that begin so.
GROUPS: dict[str, tuple[str, ...]] = {
    "doors": (
        "signed-in",
        "signed-out",
        "sign-in.",
        "second-factor.failed",
        "password.",
        "session.",
        "sessions.",
        "passkey.",
    ),
    "refusals": (
        "visit.refused",
        "thing.refused",
        "door.refused",
        "lines.many",
        "sign-in.failed",
        "strangers.many",
    ),
    "taken": (
        *("report.taken", "export.taken", "calendar-feed.read", "person.exported", "backup.made"),
        *("inspection.exported", "self-audit.exported"),
    ),
    "rights": (
        *("person.added", "person.changed", "clinic.handed-over", "factor.", "factors.", "agency."),
        *(
            "second-factor.required",
            "second-factor.free",
            "retention.",
            "card.",
            "device.",
            "checklist.",
            "tablet.",
        ),
    ),
}


def trail_words(deed: str) -> str:
    """A line of the trail in words; by the name of its deed where there are none."""
    return say(TRAIL_WORDS[deed]) if deed in TRAIL_WORDS else deed


def door_of(deed: str, what: str) -> str:
    """The door a line is about, by the name the program has for it; nothing for a line about something else."""
    return what if deed in ("door.refused", "export.taken") else ""
