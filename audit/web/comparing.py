"""A clinic looked at over time: its self-audit beside the inspection after it, and its whole history as a report."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from audit.domain.comparing import AGENCY_WORDS, AGREED, CODE_WORDS, CODES, UNSEEN, Pair
from audit.domain.problems import NotFound
from audit.domain.tongue import say, several
from audit.operations import clinics, comparing, histories
from audit.operations.comparing import Compared
from audit.web.dates import day_words
from audit.web.gate import can, desk
from audit.web.tables import table_of

doors = Blueprint("comparing", __name__)
FOLDED = (AGREED, UNSEEN)


@doors.get("/clinics/<uuid:clinic_id>/gap")
def show(clinic_id: UUID) -> str:
    clinic = clinics.get(desk(), str(clinic_id))
    chosen = request.args.get("inspection", "")[:64]
    compared = comparing.of_clinic(desk(), clinic.id, chosen)
    if compared is None and chosen:
        raise NotFound(say("There is no such visit."))
    return render_template(
        "clinics/gap.html",
        clinic=clinic,
        own=can("self-audit.read", clinic.id),
        gap=_shown(compared) if compared else None,
        csv=url_for("comparing.table", clinic_id=clinic.id, inspection=chosen or None),
    )


def _shown(compared: Compared) -> dict[str, Any]:
    comparison = compared.comparison
    return {
        "said": compared.self_audit,
        "found": compared.inspection,
        "said_on": day_words(compared.self_audit.on),
        "found_on": day_words(compared.inspection.on),
        "alike": several(
            "{alike} of {number} item that both judged was judged alike.",
            "{alike} of {number} items that both judged were judged alike.",
            comparison.judged,
            alike=comparison.alike,
        ),
        "groups": [
            {
                "code": code,
                "title": say(_words(compared)[code]),
                "folded": code in FOLDED,
                "rows": [_row(compared, pair) for pair in comparison.of(code)],
            }
            for code in CODES
            if comparison.of(code)
        ],
        "others": [(visit, day_words(on)) for visit, on in compared.others],
    }


def _words(compared: Compared) -> Mapping[str, str]:
    """The clinic is spoken to; the agency is told of it."""
    return CODE_WORDS if can("self-audit.read", compared.clinic.id) else AGENCY_WORDS


def _row(compared: Compared, pair: Pair) -> dict[str, Any]:
    item = compared.checklist.item(pair.item)
    return {
        "number": item.number,
        "severity": item.severity,
        "prompt": item.prompt,
        "said": pair.said,
        "found": pair.found,
        "said_note": compared.self_audit.notes.get(pair.item, ""),
        "found_note": compared.inspection.notes.get(pair.item, ""),
        "href": f"/visits/{compared.inspection.visit_id}",
    }


@doors.get("/clinics/<uuid:clinic_id>/gap.csv")
def table(clinic_id: UUID) -> Response:
    compared = comparing.of_clinic(desk(), str(clinic_id), request.args.get("inspection", "")[:64])
    if compared is None:
        raise NotFound(say("There is no such visit."))
    heads = (
        say("Number"),
        say("Severity"),
        say("What was asked"),
        say("Self-audit"),
        say("Inspection"),
        say("Compared"),
        say("Noted at the self-audit"),
        say("Noted at the inspection"),
    )
    return table_of("gap", heads, _cells(compared))


def _cells(compared: Compared) -> Iterator[tuple[str, ...]]:
    for pair in compared.comparison.pairs:
        row = _row(compared, pair)
        marks = (pair.said or "", pair.found or "", say(_words(compared)[pair.code]))
        yield row["number"], say(row["severity"]), row["prompt"], *marks, row["said_note"], row["found_note"]


@doors.get("/clinics/<uuid:clinic_id>/history.pdf")
def history(clinic_id: UUID) -> Response:
    data = histories.draw(desk(), str(clinic_id), request.args.get("paper", ""))
    answer = Response(data, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="history.pdf"'
    return answer
