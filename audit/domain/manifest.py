"""What tablet and server must agree on before a visit is sealed: every answer, photo and signature by name.

The tablet computes the same from what it holds; equal fingerprints say that nothing is missing on either side.
"""

from collections.abc import Iterable
from typing import Any

from audit.domain.canonical import sha256_of
from audit.domain.inspections import Signature
from audit.domain.visits import Visit

AnswerRow = tuple[str, str | None, int]  # item, practitioner or none, revision
PhotoRow = tuple[str, str | None, str]  # item, practitioner or none, SHA-256
SignatureRow = tuple[str, str, str]  # role, state, name


def manifest(
    inspection: str,
    checklist_sha: str,
    answers: Iterable[AnswerRow],
    photos: Iterable[PhotoRow],
    signatures: Iterable[SignatureRow],
) -> dict[str, Any]:
    """The document that is compared; its rows are sorted, whatever order they come in."""
    return {
        "inspection": inspection,
        "checklist_sha": checklist_sha,
        "answers": sorted([item, person or "", rev] for item, person, rev in answers),
        "photos": sorted([item, person or "", sha256] for item, person, sha256 in photos),
        "signatures": sorted([role, state, name] for role, state, name in signatures),
    }


def of(visit: Visit, signatures: Iterable[Signature] | None = None) -> dict[str, Any]:
    """The manifest of a visit as the ledger holds it, or with other signatures than its own."""
    signed = visit.signatures if signatures is None else signatures
    return manifest(
        visit.inspection.id,
        visit.checklist.sha256,
        ((item, person, kept.rev) for (item, person), kept in visit.kept.items()),
        ((item, person, link.sha256) for (item, person), links in visit.links.items() for link in links),
        ((row.role, row.state, row.name) for row in signed),
    )


def fingerprint(found: dict[str, Any]) -> str:
    """Lower-case hex SHA-256 of a manifest."""
    return sha256_of(found)
