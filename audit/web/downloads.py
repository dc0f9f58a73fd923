"""The reports of a sealed visit to take along: in the reader's language first, all others below."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import url_for

from audit.domain.agency import PAPERS
from audit.domain.amendments import is_void
from audit.domain.tongue import language, say, word
from audit.domain.visits import Visit
from audit.languages import NAMES
from audit.operations import amendments, records, reports
from audit.web.gate import desk

PAPER_WORDS = {"a4": word("A4 paper"), "letter": word("Letter paper")}


@dataclass(frozen=True)
class Download:
    """One report: its address, its title, what it is for, and (where it matters) language and paper."""

    href: str
    title: str
    words: str
    kept_in: str
    language: str


@dataclass(frozen=True)
class Downloads:
    """Those for the reader, and every other language and paper."""

    main: tuple[Download, ...]
    others: tuple[Download, ...]


def downloads_of(visit: Visit) -> Downloads:
    """Every report of a sealed visit; the one drawn at its seal is named as the original. What is as amended goes first."""
    sealed = records.sealed(desk(), visit.inspection.id)
    made = amendments.of(desk(), visit.inspection.id)
    as_sealed = (reports.RECORD, reports.OWNER)
    first = as_sealed if not made else (reports.AMENDED,) if is_void(made) else reports.AS_AMENDED
    if reports.has_former(sealed.document) and not is_void(made):
        first = (*first, reports.DELTA)
    if reports.closes(sealed.document) and not is_void(made):
        first = (*first, reports.NOTICE)
    kinds = dict.fromkeys((*first, *as_sealed))
    original = reports.original_language(sealed)
    paper = str(sealed.document["agency"]["paper"])
    every = [
        _download(visit, kind, code, size, original, paper)
        for kind in kinds
        for code in NAMES
        for size in PAPERS
    ]
    mine = [_download(visit, kind, language(), paper, original, paper) for kind in first]
    return Downloads(tuple(mine), tuple(one for one in every if one not in mine))


def _download(visit: Visit, kind: str, code: str, size: str, original: str, paper: str) -> Download:
    wanted = {"language": code} if code != original else {}
    if size != paper:
        wanted["paper"] = size
    title, words = _titles(visit)[kind]
    first = (kind, code, size) == (reports.RECORD, original, paper)
    kept_in = f"{NAMES[code]}, {say(PAPER_WORDS[size])}"
    address = url_for("results.report", visit_id=visit.inspection.id, kind=kind)
    return Download(
        href=f"{address}?{urlencode(wanted)}" if wanted else address,
        title=title,
        words=words,
        kept_in=f"{kept_in}, {say('the original')}" if first else kept_in,
        language=code,
    )


def _titles(visit: Visit) -> dict[str, tuple[str, str]]:
    whose = say("Self-audit record") if visit.is_self_audit else say("Inspector's record")
    return {
        "record": (whose, say("Everything: result, findings, the whole checklist, signatures.")),
        "owner": (say("Owner's action plan"), say("What must be done, by when, with photos.")),
        "amended": (say("Record as amended"), say("Everything, with each correction and its reason.")),
        "delta": (say("Re-inspection report"), say("Former findings only: before, after, what remains.")),
        "notice": (say("Notice of closure"), say("What is closed, why, and how to be heard.")),
        "amended-plan": (say("Action plan as amended"), say("What must be done, as corrected.")),
    }
