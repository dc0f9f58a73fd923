"""What result pages, the sealed visit and the hand-over share: the result in words, signatures, reports."""

from typing import Any

from audit.domain.inspections import INSPECTOR, Signature
from audit.domain.visits import Visit
from audit.web.dates import day_words, days_from, moment_words
from audit.web.told import result_card

REPORT_KINDS = ("record", "owner")


def reports_of(visit: Visit) -> list[tuple[str, str, str]]:
    """The papers of a sealed visit: (kind, title, what it is for)."""
    whose = "Self-audit record" if visit.is_self_audit else "Inspector's record"
    return [
        ("record", whose, "Everything: result, findings, the whole checklist, signatures."),
        ("owner", "Owner's action plan", "What must be done, by when, with photos."),
    ]


def show_result(visit: Visit) -> dict[str, Any]:
    return {"card": result_card(visit.result, visit.findings), "next_visit": next_visit_words(visit)}


def next_visit_words(visit: Visit) -> str:
    inspected_on = visit.inspection.inspected_on
    following = visit.checklist.due.next_visit(inspected_on)
    if following is None:
        return "This jurisdiction's pack sets no interval."
    return f"By {day_words(following)} ({days_from(following, inspected_on)} of this one)".replace(
        "in ", "within ", 1
    )


def signature_lines(visit: Visit) -> list[tuple[str, str]]:
    return [(role_words(visit, row.role), signed_words(visit, row)) for row in visit.signatures]


def role_words(visit: Visit, role: str) -> str:
    return "Auditor" if role == INSPECTOR else "Person in charge"


def signed_words(visit: Visit, signature: Signature) -> str:
    """``Ana Reyes, manager: signed, Tue 3 Mar 2026, 09:05``"""
    if signature.state == "absent":
        return "not there"
    who = ", ".join(words for words in (signature.name, signature.title) if words)
    state = "refused to sign" if signature.state == "refused" else "signed"
    when = f", {moment_words(signature.at, visit.inspection.time_zone)}" if signature.at else ""
    return f"{who}: {state}{when}" if who else f"{state}{when}"
