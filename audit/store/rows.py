"""What rows hold and domain values do not: instants, days, yes/no and JSON as text, each turned both ways."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from audit.domain.canonical import instant_text

# Made once: json.dumps would make an encoder for every value.
_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=dict
).encode

NOBODY = ""  # stands for "no practitioner" in keys, where SQL's NULL would never equal itself


def to_instant(value: datetime) -> str:
    """UTC to the second, ``2026-03-03T17:00:00Z``; sorts as text."""
    return instant_text(value)


def maybe_to_instant(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)


def from_instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is UTC else moment.replace(tzinfo=UTC)


def maybe_from_instant(text: str | None) -> datetime | None:
    return None if text is None else from_instant(text)


def from_day(text: str) -> date:
    return date.fromisoformat(text)


def to_json(value: Any) -> str:
    """Compact JSON with sorted keys; numbers and truth values stay what they are."""
    return _encode(value)


def from_json(text: str) -> Any:
    return json.loads(text)


def to_person(person: str | None) -> str:
    return NOBODY if person is None else person


def from_person(text: str) -> str | None:
    return text or None


def marks_for(values: Iterable[object]) -> str:
    """As many question marks as values, for ``IN (…)``."""
    return ",".join("?" for _ in values)
