"""Every change of an answer is an operation with a base revision. Nothing is overwritten in silence.

The rule: an operation made on the current revision applies; one that says what is already there is the same;
any other is a conflict, kept beside the current value until somebody chooses with a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from audit.domain.answers import Key
from audit.domain.canonical import sha256_of

ANSWER, RESOLVE = "answer", "resolve"
PHOTO_LINK, PHOTO_UNLINK = "photo-link", "photo-unlink"
KINDS = (ANSWER, RESOLVE, PHOTO_LINK, PHOTO_UNLINK)

APPLIED, SAME, DUPLICATE, CONFLICT, REJECTED = "applied", "same", "duplicate", "conflict", "rejected"


@dataclass(frozen=True)
class Change:
    """One act of one person on one device.

    ``value`` is ``Raw.document()`` for an answer, ``{"keep": op_id or "current", "reason": …}`` for a resolve,
    ``{"sha256": …, "caption": …}`` for photos. ``client_time`` is the device's claim.
    """

    op_id: str
    kind: str
    item: str
    person: str | None
    base_rev: int
    value: Mapping[str, Any]
    device: str
    seq: int | None = None
    client_time: str = ""

    @property
    def key(self) -> Key:
        return self.item, self.person

    def body_hash(self, inspection: str) -> str:
        """What makes a repeated op_id the same operation: its inspection and its whole content."""
        return sha256_of(
            {
                "inspection": inspection,
                "kind": self.kind,
                "item": self.item,
                "person": self.person,
                "base_rev": self.base_rev,
                "value": self.value,
            }
        )


@dataclass(frozen=True)
class Current:
    """The current value of one answer: revision (0 when nothing was entered yet), content, author, time."""

    rev: int = 0
    value: Mapping[str, Any] = field(default_factory=dict)
    author: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Conflict:
    """A value that lost: it stays beside the current one until somebody chooses."""

    op_id: str
    key: Key
    value: Mapping[str, Any]
    author: str
    device: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """The verdict on one change: its status, the revision that is current now, and words when refused."""

    op_id: str
    status: str
    rev: int
    words: str = ""


def verdict(change: Change, current: Current) -> str:
    """Apply the rule to an answer: ``applied``, ``same`` or ``conflict``."""
    if dict(change.value) == dict(current.value):
        return SAME
    return APPLIED if change.base_rev == current.rev else CONFLICT
