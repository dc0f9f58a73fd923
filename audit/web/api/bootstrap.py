"""GET /api/v1/bootstrap: who works here, where, on which checklists, and every sentence a tablet says."""

from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app, request

from audit.domain.agency import Agency
from audit.domain.tongue import language
from audit.languages import chosen, tongue, words_of
from audit.operations import agency, checklists, takeaway
from audit.operations.clinics import ClinicRow
from audit.web.api.answering import answer, told
from audit.web.gate import desk, person

doors = Blueprint("bootstrap", __name__)


@doors.get("/bootstrap")
def show() -> Response:
    """What a tablet keeps to start without a network: never more than the person may read."""
    along, who, code = takeaway.along(desk()), person(), asked_language()
    spoken = tongue(code)
    return answer(
        build=current_app.extensions["assets"].build,
        person={"id": who.id, "name": who.name, "role": who.role},
        agency=_agency(agency.get(desk())),
        words=spoken_words(code),
        word_language=code,
        decimal_sign=spoken.decimal_sign,
        group_sign=spoken.group_sign,
        clinics=[_clinic(row) for row in along.clinics],
        visits=list(along.visits),
        checklists=[
            {
                "sha256": row.sha256,
                "key": row.key,
                "kind": row.kind,
                "pack": row.pack,
                "jurisdiction": row.jurisdiction,
                "title": row.title,
                "version": row.version,
                "newest": row.current,
            }
            for row in checklists.published(desk())
        ],
        seq=along.seq,
    )


def asked_language() -> str:
    """The language the tablet asks for, because its pages are in it; else the person's."""
    asked = request.args.get("lang")
    return chosen([asked]) if asked else language()


@lru_cache(maxsize=8)
def spoken_words(code: str) -> dict[str, str | list[str]]:
    """Message to translation; a message with a plural to all its forms, in order. English needs none."""
    return words_of(code)


def _agency(found: Agency) -> dict[str, Any]:
    return {
        "name": found.name,
        "address": found.address,
        "phone": found.phone,
        "time_zone": found.time_zone,
        "paper": found.paper,
        "public_authority": found.public_authority,
    }


def _clinic(row: ClinicRow) -> dict[str, Any]:
    return told(row.clinic) | {
        "last_result": row.last_result,
        "last_on": row.last_on.isoformat() if row.last_on else None,
        "open_findings": row.open_findings,
        "running": row.running_id,
    }
