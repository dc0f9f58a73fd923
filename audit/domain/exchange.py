"""The exchange document: a whole visit as one JSON file with its photos beside it.

Reading lists every fault with its place and changes nothing. Writing a sealed visit, reading it into an empty
folder and writing it again gives the same bytes. Numbers are exact: read as decimals, never as floats.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from audit.domain import markings, values
from audit.domain.canonical import instant_text
from audit.domain.inspections import INSPECTOR, PURPOSES, SIGNATURE_ROLES, SIGNATURE_STATES
from audit.domain.problems import BadInput, Fault
from audit.domain.shapes import Field, check_table, flag, list_of, one_of, optional, table

FORMAT = "clinic-audit/inspection/1"
NAME_LIMIT, ADDRESS_LIMIT, REMARKS_LIMIT = 200, 500, 4000
FILE_NAME_BYTES, MOST_DIGITS = 200, 30
MOST_PEOPLE, MOST_ANSWERS = 200, 5_000
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PHOTO = re.compile(r"(?!\.)[^/\\\x00-\x1f:\ud800-\udfff]+")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,80}")


@dataclass(frozen=True)
class GivenClinic:
    """How the document names the clinic; the profile is frozen into the visit."""

    name: str
    id: str = ""
    address: str = ""
    permit: str = ""
    jurisdiction: str = ""
    time_zone: str = "UTC"
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GivenPerson:
    name: str
    id: str = ""
    title: str = ""


@dataclass(frozen=True)
class GivenPhoto:
    file: str
    caption: str = ""
    marks: Any = None


@dataclass(frozen=True)
class GivenAnswer:
    """One entry of ``answers`` as written, with its place for faults; ``row`` keeps the shorthands."""

    place: str
    item: str
    practitioner: str
    row: Mapping[str, Any]
    photos: tuple[GivenPhoto, ...]


@dataclass(frozen=True)
class GivenSignature:
    """A typed signature, a refusal or an absence. Documents carry no drawings: those stay with the sealed record."""

    role: str
    state: str
    name: str
    title: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Given:
    """A document whose shape is sound; it has not met a checklist or a ledger yet."""

    id: str
    checklist: str
    version: int
    pack: str
    clinic: GivenClinic
    purpose: str
    started_at: datetime
    finished_at: datetime
    inspected_on: date
    inspector: GivenPerson
    practitioners: tuple[GivenPerson, ...]
    present: tuple[str, ...]
    facts: Mapping[str, Any]
    remarks: str
    answers: tuple[GivenAnswer, ...]
    signatures: tuple[GivenSignature, ...]


# reading ------------------------------------------------------------------------------------------------------


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number a document may hold")


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError("a number has too many digits")
    return int(text)


def _exact_number(text: str) -> Decimal:
    digits, _, exponent = text.lower().partition("e")
    if len(digits) > MOST_DIGITS or len(exponent) > 3:
        raise ValueError("a number has too many digits")
    return Decimal(text)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        repeated = _twice(key for key, _ in pairs)
        raise ValueError(f"the key {', '.join(repeated)} stands twice in one table")
    try:
        "".join(table).encode()
    except UnicodeEncodeError as error:
        raise ValueError("a key holds what is no character") from error
    return table


def _twice(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def loads(data: bytes) -> Any:
    """Parse JSON strictly: UTF-8, no repeated keys, no NaN, exact numbers.

    Raises:
        BadInput: with the place of the first fault.
    """
    try:
        return json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_no_repeats,
            parse_float=_exact_number,
            parse_int=_whole_number,
            parse_constant=_refuse_number,
        )
    except RecursionError as error:
        raise BadInput([Fault("document", "is nested too deeply")]) from error
    except UnicodeDecodeError as error:
        raise BadInput([Fault("document", "is not UTF-8 text")]) from error
    except json.JSONDecodeError as error:
        raise BadInput([Fault(f"line {error.lineno}, column {error.colno}", error.msg)]) from error
    except ValueError as error:
        raise BadInput([Fault("document", str(error))]) from error


def _text(limit: int, at_least: int = 0) -> Any:
    def check(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str):
            yield Fault(place, "must be text")
            return
        try:
            if len(values.text(value, limit)) < at_least:
                yield Fault(place, "must not be empty")
        except ValueError as error:
            yield Fault(place, str(error))

    return check


def _matches(pattern: re.Pattern[str], words: str) -> Any:
    def check(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield Fault(place, words)

    return check


def _instant(value: object, place: str) -> Iterator[Fault]:
    try:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValueError
        instant = datetime.fromisoformat(value)
        if instant_text(instant) != value or not values.EARLIEST <= instant.date() <= values.LATEST:
            raise ValueError
    except ValueError:
        yield Fault(place, "must be a UTC instant such as 2026-03-03T17:00:00Z")


def _day(value: object, place: str) -> Iterator[Fault]:
    try:
        values.day(value if isinstance(value, str) else "")
    except ValueError as error:
        yield Fault(place, str(error))


def _zone(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, str) or not known_zone(value):
        yield Fault(place, "must be a time zone such as America/Los_Angeles")


def known_zone(name: str) -> bool:
    """Is this the name of an IANA time zone, and not one that means something else on every machine?"""
    if name.split("/")[0] in ("localtime", "posixrules", "Factory", "posix", "right"):
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _whole(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000_000:
        yield Fault(place, "must be a whole number from 1")


def _plain_value(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, str | int | Decimal) or isinstance(value, bool):
        yield Fault(place, "must be a number or text")


def _fact_value(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, bool | int | str):
        yield Fault(place, "must be true, false, a whole number or text")


def _table_of(check: Any) -> Any:
    def check_all(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(place, "must be a table")
            return
        for name, entry in value.items():
            yield from check(entry, f"{place}.{name}")

    return check_all


def _at_most(limit: int, check: Any) -> Any:
    def check_some(value: object, place: str) -> Iterator[Fault]:
        if isinstance(value, list) and len(value) > limit:
            yield Fault(place, f"has {len(value):,} entries; at most {limit:,} are taken")
            return
        yield from list_of(check)(value, place)

    return check_some


def _photo(value: object, place: str) -> Iterator[Fault]:
    row = {"file": value} if isinstance(value, str) else value
    yield from check_table(row, _PHOTO_FIELDS, place)


def _file_name(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, str) or not _PHOTO.fullmatch(value) or len(value.encode()) > FILE_NAME_BYTES:
        yield Fault(place, "must be the plain name of a file beside the document")


_PHOTO_FIELDS = {
    "file": Field(_file_name), "caption": optional(_text(NAME_LIMIT)), "marks": optional(markings.faults)
}  # fmt: skip
_uuid = _matches(_UUID, "must be a UUID in small letters")
_short = _matches(_SHORT_NAME, "must be a short name such as us-ca")
_CLINIC = {
    "id": optional(_uuid),
    "name": Field(_text(NAME_LIMIT, 1)),
    "address": optional(_text(ADDRESS_LIMIT)),
    "permit": optional(_text(NAME_LIMIT)),
    "jurisdiction": optional(_short),
    "time_zone": Field(_zone),
    "profile": optional(_table_of(_fact_value)),
}
_PERSON = {
    "id": optional(_uuid),
    "name": Field(_text(NAME_LIMIT, 1)),
    "title": optional(_text(NAME_LIMIT)),
}
_ANSWER = {
    "item": Field(_text(120, 1)),
    "practitioner": optional(_text(NAME_LIMIT)),
    "mark": optional(_text(10)),
    "note": optional(_text(100_000)),
    "reason": optional(_text(100_000)),
    "absent": optional(_text(20)),
    "corrected_on_site": optional(flag),
    "correct_by": optional(_day),
    "photos": optional(list_of(_photo)),
    "values": optional(_table_of(_plain_value)),
    "units": optional(_table_of(_text(20))),
    "number": optional(_plain_value),
    "unit": optional(_text(20)),
    "date": optional(_plain_value),
    "choice": optional(_plain_value),
    "text": optional(_text(100_000)),
}
_SIGNATURE = {
    "role": Field(one_of(*SIGNATURE_ROLES)),
    "name": optional(_text(NAME_LIMIT)),
    "title": optional(_text(NAME_LIMIT)),
    "refused": optional(flag),
    "absent": optional(flag),
    "at": optional(_instant),
}
_DOCUMENT = {
    "format": Field(one_of(FORMAT)),
    "id": Field(_uuid),
    "checklist": Field(_short),
    "checklist_version": Field(_whole),
    "pack": Field(_short),
    "clinic": Field(table(_CLINIC)),
    "purpose": Field(one_of(*PURPOSES)),
    "started_at": Field(_instant),
    "finished_at": Field(_instant),
    "inspected_on": Field(_day),
    "inspector": Field(table(_PERSON)),
    "practitioners": optional(_at_most(MOST_PEOPLE, table(_PERSON))),
    "present": optional(_at_most(MOST_PEOPLE, _text(NAME_LIMIT, 1))),
    "facts": optional(_table_of(_fact_value)),
    "remarks": optional(_text(REMARKS_LIMIT)),
    "answers": Field(_at_most(MOST_ANSWERS, table(_ANSWER))),
    "signatures": Field(list_of(table(_SIGNATURE))),
}


def read(document: object) -> Given:
    """Check the shape of a document and read it.

    Raises:
        BadInput: with all faults of shape at once.
    """
    faults = list(check_table(document, _DOCUMENT, ""))
    if faults:
        raise BadInput(faults)
    assert isinstance(document, Mapping)
    given = _given(document)
    faults = list(_contradictions(given))
    if faults:
        raise BadInput(faults)
    return given


def _given(row: Mapping[str, Any]) -> Given:
    return Given(
        id=row["id"],
        checklist=row["checklist"],
        version=row["checklist_version"],
        pack=row["pack"],
        clinic=GivenClinic(**row["clinic"]),
        purpose=row["purpose"],
        started_at=datetime.fromisoformat(row["started_at"]),
        finished_at=datetime.fromisoformat(row["finished_at"]),
        inspected_on=date.fromisoformat(row["inspected_on"]),
        inspector=GivenPerson(**row["inspector"]),
        practitioners=tuple(GivenPerson(**person) for person in row.get("practitioners", ())),
        present=tuple(row.get("present", ())),
        facts=row.get("facts", {}),
        remarks=values.cleaned(row.get("remarks", "")),
        answers=tuple(_given_answer(place, answer) for place, answer in enumerate(row["answers"], 1)),
        signatures=tuple(_given_signature(signature) for signature in row["signatures"]),
    )


def _given_answer(place: int, row: Mapping[str, Any]) -> GivenAnswer:
    photos = tuple(
        GivenPhoto(photo) if isinstance(photo, str) else GivenPhoto(**photo)
        for photo in row.get("photos", ())
    )
    return GivenAnswer(f"answers {place}", row["item"], row.get("practitioner", ""), row, photos)


def _given_signature(row: Mapping[str, Any]) -> GivenSignature:
    state = "refused" if row.get("refused") else "absent" if row.get("absent") else "signed"
    at = datetime.fromisoformat(row["at"]) if "at" in row else None
    return GivenSignature(row["role"], state, row.get("name", ""), row.get("title", ""), at)


def _contradictions(given: Given) -> Iterator[Fault]:
    if given.finished_at < given.started_at:
        yield Fault("finished_at", "lies before the start")
    local = given.started_at.astimezone(ZoneInfo(given.clinic.time_zone)).date()
    if given.inspected_on != local:
        yield Fault("inspected_on", f"is not the local day of the start, which is {local.isoformat()}")
    roles = [signature.role for signature in given.signatures]
    for role in _twice(roles):
        yield Fault("signatures", f"{role} stands twice")
    for signature in given.signatures:
        if signature.state == "signed" and not signature.name.strip():
            yield Fault("signatures", f"{signature.role} signed without a name")
        if signature.role == INSPECTOR and signature.state != "signed":
            yield Fault("signatures", "the inspector always signs")
        assert signature.state in SIGNATURE_STATES
    if INSPECTOR not in roles:
        yield Fault("signatures", "the inspector has not signed")
    for name in _twice(person.id for person in given.practitioners if person.id):
        yield Fault("practitioners", f"the id {name} stands twice")


# writing ------------------------------------------------------------------------------------------------------


def dump(
    record: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]], files: Mapping[str, str]
) -> bytes:
    """Write a sealed record as an exchange document; ``files`` names each photo's file by SHA-256."""
    names = {key: person["name"] for key, person in persons.items()}
    clinic = record["clinic"]
    document = {
        "format": FORMAT,
        "id": record["id"],
        "checklist": record["checklist"]["key"],
        "checklist_version": int(record["checklist"]["version"]),
        "pack": record["checklist"]["pack"],
        "clinic": {
            "id": clinic["id"],
            "name": clinic["name"],
            "address": clinic["address"],
            "permit": clinic["permit"],
            "jurisdiction": clinic["jurisdiction"],
            "time_zone": clinic["time_zone"],
            "profile": _dumped_facts(clinic["profile"]),
        },
        "purpose": record["purpose"],
        "started_at": record["started_at"],
        "finished_at": record["finished_at"],
        "inspected_on": record["inspected_on"],
        "inspector": {"name": names[record["inspector"]]},
        "practitioners": [_dumped_person(key, persons[key]) for key in record["practitioners"]],
        "present": [names[key] for key in record["present"]],
        "facts": _dumped_facts(record["facts"]),
        "remarks": record["remarks"],
        "answers": [_dumped_answer(answer, files) for answer in record["answers"]],
        "signatures": [_dumped_signature(row, persons) for row in record["signatures"]],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _dumped_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The record spells whole numbers as text; a document writes them as numbers."""
    return {
        key: int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value
        for key, value in sorted(facts.items())
    }


def _dumped_person(key: str, person: Mapping[str, Any]) -> dict[str, str]:
    row = {"id": key, "name": person["name"], "title": person["title"]}
    return {name: value for name, value in row.items() if value}


def _dumped_answer(answer: Mapping[str, Any], files: Mapping[str, str]) -> dict[str, Any]:
    entered, units = {}, {}
    for part, value in answer["values"].items():
        read = answer["values"].get(f"{part}@entered")
        if "@" not in part:
            entered[part], unit = read.split(" ", 1) if read else (value, "")
            if unit:
                units[part] = unit
    row = {
        "item": answer["item"],
        "practitioner": answer["person"],
        "mark": answer["mark"],
        "values": dict(sorted(entered.items())),
        "units": dict(sorted(units.items())),
        "absent": answer["absent"],
        "note": answer["note"],
        "reason": answer["reason"],
        "corrected_on_site": answer["corrected_on_site"],
        "correct_by": answer["correct_by"],
        "photos": [_dumped_photo(photo, files) for photo in answer["photos"]],
    }
    return {name: value for name, value in row.items() if value}


def _dumped_photo(photo: Mapping[str, Any], files: Mapping[str, str]) -> Any:
    file = files[photo["sha256"]]
    told = {name: photo[name] for name in ("caption", "marks") if photo.get(name)}
    return {"file": file, **told} if told else file


def _dumped_signature(row: Mapping[str, Any], persons: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    person = persons[row["person"]]
    written = {"role": row["role"], "name": person["name"], "title": person["title"], "at": row["at"]}
    kept = {name: value for name, value in written.items() if value}
    return kept if row["state"] == "signed" else {**kept, row["state"]: True}
