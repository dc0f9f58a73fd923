"""What a visit has to tell, from either source: computed while it runs, read back from the record once sealed.

A sealed visit is never computed again: its pages say what the record says, whatever the rules are by then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from audit.domain import markings, strokes
from audit.domain.answers import Answer, Judged, PhotoLink
from audit.domain.checklists import Checklist
from audit.domain.closure import Closure
from audit.domain.conditions import spelled
from audit.domain.findings import Finding
from audit.domain.history import INTERVAL, Why
from audit.domain.inspections import INSPECTOR, SELF_AUDIT
from audit.domain.placard import Placard
from audit.domain.records import Sealed
from audit.domain.scoring import Line, Result
from audit.domain.tongue import language, say, word
from audit.domain.visits import Visit
from audit.domain.wording import why_words
from audit.operations import reports
from audit.web.dates import moment_words
from audit.web.strokes import path

Lines = tuple[tuple[str, str], ...]
_SIGNED = {"signed": word("signed"), "refused": word("refused to sign"), "absent": word("not there")}


@dataclass(frozen=True)
class Drawn:
    """A drawn signature: whose it is, and its path in the box of a drawing."""

    name: str
    path: str


@dataclass(frozen=True)
class Story:
    """Result, findings and answers with the names they need; ``people`` and ``not_asked`` are lines for the page.

    ``so_far`` says how much is answered, while anything is open.
    """

    checklist: Checklist
    inspected_on: date
    result: Result
    findings: tuple[Finding, ...]
    answers: tuple[Answer, ...]
    names: Mapping[str, str]
    people: Lines
    signed: Lines
    drawn: tuple[Drawn, ...]
    not_asked: tuple[str, ...]
    next_visit: date | None
    remarks: str
    next_why: tuple[str, ...] = ()
    next_check: bool = False
    placard: Placard | None = None
    closures: tuple[Closure, ...] = ()
    sha256: str = ""
    so_far: str = ""


def running(visit: Visit) -> Story:
    """The story of a visit as it stands now."""
    inspection = visit.inspection
    names = {row.id: row.name for row in visit.practitioners}
    return Story(
        checklist=visit.checklist,
        inspected_on=inspection.inspected_on,
        result=visit.result,
        findings=visit.findings,
        answers=visit.answers(),
        names=names,
        people=_people(
            visit.is_self_audit,
            inspection.inspector_name,
            [names.get(one, "") for one in inspection.practitioners],
            list(inspection.present),
        ),
        signed=tuple(
            signed_line(
                _role_words(row.role, visit.is_self_audit),
                row.state,
                row.name,
                row.title,
                row.at,
                inspection.time_zone,
            )
            for row in visit.signatures
        ),
        drawn=tuple(Drawn(row.name, path(row.strokes)) for row in visit.signatures if row.strokes),
        not_asked=tuple(
            not_asked(visit.checklist, row.item.number, *row.because) for row in visit.journey.inapplicable
        ),
        next_visit=visit.next_visit.due if visit.next_visit else None,
        remarks=inspection.remarks,
        next_why=_why(visit.checklist, visit.next_visit.why) if visit.next_visit else (),
        next_check=bool(visit.next_visit and visit.next_visit.check),
        placard=visit.placard,
        closures=visit.closures,
        so_far=(
            answered_words(visit.journey.answered, visit.journey.total, visit.journey.preset)
            if visit.journey.open
            else ""
        ),
    )


def answered_words(answered: int, total: int, preset: int = 0) -> str:
    """``12 of 97 answered · 13 preset to NO``: what began as NO was not answered by anybody."""
    words = say("{answered} of {total} answered", answered=answered, total=total)
    return f"{words} · {say('{number} preset to NO', number=preset)}" if preset else words


def sealed(checklist: Checklist, record: Sealed) -> Story:
    """The story of a sealed visit, as its record tells it."""
    document, persons = reports.in_words_of(language(), record, checklist), record.persons
    names = {key: str(person["name"]) for key, person in persons.items()}
    answers = tuple(_answer(row) for row in document["answers"])
    photos = {(answer.item, answer.person): answer.photos for answer in answers}
    following = document["result"]["next_visit"]
    return Story(
        checklist=checklist,
        inspected_on=date.fromisoformat(document["inspected_on"]),
        result=_result(document["result"]),
        findings=tuple(
            _finding(row, photos.get((row["item"], row["person"]), ())) for row in document["findings"]
        ),
        answers=answers,
        names=names,
        people=_people(
            document["kind"] == SELF_AUDIT,
            names.get(document["inspector"], ""),
            [names.get(one, "") for one in document["practitioners"]],
            [names.get(one, "") for one in document["present"]],
        ),
        signed=tuple(
            _signed(row, persons, document["time_zone"], document["kind"] == SELF_AUDIT)
            for row in document["signatures"]
        ),
        drawn=tuple(
            Drawn(names.get(row["person"], ""), path(strokes.restored(persons[row["person"]]["strokes"])))
            for row in document["signatures"]
            if persons.get(row["person"], {}).get("strokes")
        ),
        not_asked=tuple(
            not_asked(checklist, row["number"], row["because"]["key"], row["because"]["value"])
            for row in document["inapplicable"]
        ),
        next_visit=date.fromisoformat(following) if following else None,
        remarks=document["remarks"],
        next_why=_why(
            checklist,
            [Why(row["code"], tuple(row["items"])) for row in document["result"].get("next_why", ())],
        ),
        next_check=bool(document["result"].get("next_check")),
        placard=placard_of(document),
        closures=closures_of(document),
        sha256=record.sha256,
    )


def _why(checklist: Checklist, why: Iterable[Why]) -> tuple[str, ...]:
    """The reasons for the next visit; a plain interval needs none."""
    return tuple(why_words(one, checklist) for one in why if one.code != INTERVAL)


def placard_of(document: Mapping[str, Any]) -> Placard | None:
    """What hung on the door after a sealed visit, as its record says it."""
    row = document.get("placard")
    if row is None:
        return None
    again = row["come_back_by"]
    services = tuple((one["service"], one["standing"]) for one in row["services"])
    return Placard(row["standing"], services, date.fromisoformat(again) if again else None)


def closures_of(document: Mapping[str, Any]) -> tuple[Closure, ...]:
    """What a sealed visit closed, as its record says it."""
    return tuple(
        Closure(
            inspection_id=document["id"],
            **{**row, "items": tuple(row["items"]), "since": date.fromisoformat(row["since"])},
        )
        for row in document.get("closures", ())
    )


def not_asked(checklist: Checklist, number: str, key: str, value: str) -> str:
    """``K-03 (own autoclave: no)``"""
    fact = checklist.fact(key)
    words = f"{fact.label}: {fact.shown(value)}" if fact else f"{key}: {spelled(value)}"
    return f"{number} ({words})"


def _role_words(role: str, self_audit: bool) -> str:
    """Whose signature it is: an owner who looks at the own clinic inspects nobody."""
    if role != INSPECTOR:
        return say("Person in charge")
    return say("Made by") if self_audit else say("Inspector")


def signed_line(
    role: str, state: str, name: str, title: str, at: datetime | None, time_zone: str
) -> tuple[str, str]:
    """``("Person in charge", "Olu Adeyemi, owner: signed, Tue 3 Mar 2026, 09:05")``"""
    words = say(_SIGNED[state])
    who = ", ".join(part for part in (name, title) if part) if state != "absent" else ""
    when = f", {moment_words(at, time_zone)}" if at and state != "absent" else ""
    return role, f"{who}: {words}{when}" if who else words + when


def _people(self_audit: bool, author: str, on_duty: list[str], present: list[str]) -> Lines:
    lines = (
        (_role_words(INSPECTOR, self_audit), author),
        (say("Practitioners on duty"), ", ".join(on_duty)),
        (say("Also present"), ", ".join(present)),
    )
    return tuple((words, who) for words, who in lines if who)


def _signed(
    row: Mapping[str, Any], persons: Mapping[str, Any], time_zone: str, self_audit: bool
) -> tuple[str, str]:
    person = persons.get(row["person"], {})
    at = datetime.fromisoformat(row["at"]) if row["at"] else None
    return signed_line(
        _role_words(row["role"], self_audit),
        row["state"],
        person.get("name", ""),
        person.get("title", ""),
        at,
        time_zone,
    )


def _answer(row: Mapping[str, Any]) -> Answer:
    due = row["correct_by"]
    return Answer(
        item=row["item"],
        person=row["person"],
        mark=row["mark"],
        derived=row["derived"],
        values=row["values"],
        absent=row["absent"],
        note=row["note"],
        reason=row["reason"],
        corrected_on_site=row["corrected_on_site"],
        correct_by=date.fromisoformat(due) if due else None,
        photos=tuple(
            PhotoLink(photo["sha256"], photo["caption"], markings.recorded(photo.get("marks")))
            for photo in row["photos"]
        ),
        warnings=tuple(row["warnings"]),
        judged=tuple(Judged(**judged) for judged in row["judged"]),
        preset=row["preset"],
    )


def _finding(row: Mapping[str, Any], photos: tuple[PhotoLink, ...]) -> Finding:
    days = {"correct_by": date.fromisoformat(row["correct_by"])}
    repeats = tuple(map(date.fromisoformat, row.get("repeats", ())))
    return Finding(**{**row, **days, "photos": photos, "repeats": repeats})


def _result(row: Mapping[str, Any]) -> Result:
    return Result(
        status=row["status"],
        scheme=row["scheme"],
        score=_tenths(row["score"]),
        percent=_tenths(row["percent"]),
        weighted=_tenths(row["weighted"]),
        may_pass=row["may_pass"],
        lines=tuple(
            Line(**{**line, "weight": int(line["weight"]), "deducted": int(line["deducted"])})
            for line in row["lines"]
        ),
        counts=tuple((name, int(count)) for name, count in row["counts"].items()),
        words=tuple(row["words"]),
    )


def _tenths(text: str | None) -> int | None:
    return None if text is None else int(text.replace(".", ""))
