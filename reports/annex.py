"""The back of a report: people, signatures, how it can be checked, which copies of the rules were read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from audit.domain.checklists import Checklist
from audit.domain.tongue import say, several, word
from audit.languages import writing
from reports.text import replaced
from reports.values import Pair, Record, Signature, Sources
from reports.wording import day, listed, moment

HOW_TO_CHECK = word("Export the record; the SHA-256 of its canonical JSON must be the one printed here.")
Persons = Mapping[str, Mapping[str, Any]]
KNOWN = word("Known at the visit")
NO_NAME = word("no name was given")
_WORD = re.compile("[A-Za-z]+")
_LETTER = re.compile(r"OSHA \(([a-z])\)")
_NUMBERS = re.compile(r"(?<![\d.(])(\d{1,6})(?:-(\d{1,6}))?(?![\d.)])")
_ROLES = {"inspector": word("Inspector"), "person-in-charge": word("Person in charge")}
_STATES = {"signed": word("Signed"), "refused": word("Refused to sign"), "absent": word("Absent")}
_HOW = {"typed": word("typed"), "drawn": word("drawn on the screen")}


_MEANINGS = {
    "signed": word("Has seen this record and was offered a copy. Signing is not agreeing."),
    "refused": word("Was shown this record and did not sign. The refusal is recorded."),
    "absent": word("Was not there to sign."),
}


def name_of(key: str, persons: Persons) -> str:
    """A person's name; nobody's when none was given; a visible stand-in when it was removed since."""
    name = persons.get(key, {}).get("name")
    if name is None:
        return say("name removed ({key})", key=key[:8])
    return str(name) or say(NO_NAME)


def with_title(key: str, names: Mapping[str, str], persons: Persons) -> str:
    name, title = names.get(key, key), persons.get(key, {}).get("title")
    return f"{name}, {title}" if title else name


def people(record: Record, names: Mapping[str, str], persons: Persons) -> tuple[Pair, ...]:
    """Who works there and who else was present."""
    pairs = [
        Pair(
            say("Practitioners"), listed(with_title(key, names, persons) for key in record["practitioners"])
        ),
        Pair(say("Also present"), listed(names[key] for key in record["present"])),
    ]
    return tuple(pair for pair in pairs if pair.words)


def visit(record: Record, checklist: Checklist) -> tuple[Pair, ...]:
    """What was remarked and what was known of the place."""
    pairs = (
        Pair(say("Remarks"), record["remarks"]),
        Pair(say("Looked at"), _scope(record)),
        Pair(say(KNOWN), _facts(record, checklist)),
    )
    return tuple(pair for pair in pairs if pair.words)


def _scope(record: Record) -> str:
    """What a follow-up looked at when it did not look at the whole checklist."""
    items = len(record.get("scope", ()))
    if not items:
        return ""
    return several(
        "Former findings only: {number} item of the checklist.",
        "Former findings only: {number} items of the checklist.",
        items,
    )


def _facts(record: Record, checklist: Checklist) -> str:
    known = {**record["clinic"]["profile"], **record["facts"]}
    said = []
    for key, value in known.items():
        fact = checklist.fact(key)
        if fact and fact.scope != "derived" and value not in (None, ""):
            said.append(f"{fact.label}: {fact.shown(value)}".replace(" ", "\u00a0"))
    return " · ".join(said)


def signatures(record: Record, persons: Persons, names: Mapping[str, str]) -> tuple[Signature, ...]:
    zone = record["time_zone"]
    roles = _ROLES | ({"inspector": word("Made by")} if record["kind"] == "self-audit" else {})
    made = []
    for row in record["signatures"]:
        key = row["person"] or ""
        name = names.get(key, "") if key else say(NO_NAME)
        state = row["state"]
        said = say(_STATES[state])
        at = f"{said} {moment(row['at'], zone)}" if row["at"] else said
        how = say(_HOW.get(row["how"], row["how"]))
        at = f"{at}, {how}" if state == "signed" else at
        if row["role"] == "inspector" and key != record["inspector"]:
            at = say("{signed}; signed in as {name}", signed=at, name=names.get(record["inspector"], ""))
        made.append(
            Signature(
                role=say(roles.get(row["role"], row["role"])),
                name=name.capitalize() if name == say(NO_NAME) else name,
                title=str(persons.get(key, {}).get("title") or ""),
                state=said,
                signed=state == "signed",
                at=at,
                meaning=_meaning(row["role"], state),
                strokes=_strokes(persons.get(key, {}).get("strokes")) if state == "signed" else (),
            )
        )
    return tuple(made)


def _meaning(role: str, state: str) -> str:
    if role == "inspector":
        return say("Made this record and stands by what it says.")
    return say(_MEANINGS[state])


def _strokes(raw: object) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Lines of points (x, y) with numbers; an empty or damaged drawing is none."""
    if not isinstance(raw, list | tuple):
        return ()
    return tuple(tuple((float(point[0]), float(point[1])) for point in stroke) for stroke in raw if stroke)


def pairs(record: Record, persons: Persons, checklist: Checklist, record_sha256: str) -> tuple[Pair, ...]:
    """What is needed to check the report against the kept record."""
    used = record["checklist"]
    rows = [
        Pair(say("Record"), record["id"]),
        Pair(say("SHA-256 of the record"), record_sha256),
        Pair(
            say("Checklist"),
            f"{checklist.title} ({used['key']}), {checklist.pack_title}, "
            + say("version {version}", version=used["version"]),
        ),
        Pair(say("SHA-256 of the checklist"), used["sha256"]),
        Pair(say("Times"), _times(record)),
    ]
    if record.get("amends"):
        rows.insert(2, Pair(say("Amends the record with the SHA-256"), record["amends"]))
    missing = record.get("not_carried", ())
    if missing:
        numbers = {item.key: item.number for item in checklist.items()}
        told = "; ".join(f"{numbers.get(row['item'], row['item'])} {row['sha256']}" for row in missing)
        rows.append(Pair(say("Photos named by their SHA-256, not carried"), told))
    codes = replaced(_texts([record, persons]))
    if codes:
        said = ", ".join(f"{code} {name}" for code, name in codes)
        rows.append(Pair(say("Characters shown as codes"), said))
    return tuple(rows)


def _times(record: Record) -> str:
    zone = record["time_zone"]
    start, end, seal = (moment(record[key], zone) for key in ("started_at", "finished_at", "sealed_at"))
    return say(
        "started {start}; finished {end}; sealed {seal}; all dates and times in {zone}",
        start=start,
        end=end,
        seal=seal,
        zone=zone,
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _texts(entry)


def sources(checklist: Checklist, cited: Iterable[str] | None = None) -> tuple[Sources, ...]:
    """Which copies of the rules were read when, gathered by month; what is in force always wins.

    With ``cited`` (references as ``CA 119311(f)``) only the copies that hold one of them.
    """
    wanted = None if cited is None else tuple(cited)
    months: dict[str, list[Pair]] = {}
    for source in checklist.sources:
        if wanted is not None and not _holds(source.short, wanted):
            continue
        months.setdefault(source.read_on, []).append(Pair(source.short, source.address))
    return tuple(
        Sources(say("Copies read in {month}:", month=_month(month)), tuple(pairs))
        for month, pairs in months.items()
    )


def _holds(short: str, cited: Iterable[str]) -> bool:
    """Does the copy named ``CA 119307, 119308`` or ``SJ 31-36`` hold one of these references?

    The same body must be named and, where both name sections, one of them be shared: rather a copy too many
    than one too few.
    """
    sections = _sections(short)
    for ref in cited:
        if short.split()[0].strip(",") in _WORD.findall(ref):
            theirs = _sections(ref)
            if not sections or not theirs or sections & theirs:
                return True
    return False


def _sections(text: str) -> set[str]:
    """The numbers of sections named, ranges filled in; ``OSHA (d)(4)`` counts by its first letter."""
    found = {f"({letter})" for letter in _LETTER.findall(text)}
    for first, last in _NUMBERS.findall(text):
        found.update(str(number) for number in range(int(first), int(last or first) + 1))
    return found


def wins(checklist: Checklist, authority: bool) -> str:
    """What the reader must know about the citations."""
    marked = sum(
        citation.certainty != "verified" for item in checklist.items() for citation in item.citations
    )
    told = (
        say("Citations follow the copies named here; the current official text wins.")
        if authority
        else say("Citations follow the copies named here; the current text of the rule wins.")
    )
    if not marked:
        return told
    unsure = several(
        "{number} reference in this checklist is marked (unconfirmed): not read in the rule itself.",
        "{number} references in this checklist are marked (unconfirmed): not read in the rule itself.",
        marked,
    )
    return f"{told} {unsure}"


def _month(text: str) -> str:
    """``2026-11`` as November 2026; a full date in full; anything else as it stands."""
    parts = text.split("-")
    if len(parts) == 3:
        return day(date.fromisoformat(text))
    if len(parts) == 2 and parts[1].isdigit() and 1 <= int(parts[1]) <= 12:
        return writing.long_month(int(parts[0]), int(parts[1]))
    return text
