"""One spelling for a document, so that its fingerprint can be computed again anywhere.

Shape: JSON, keys sorted by code point, no spaces, UTF-8, numbers as strings. Text is kept as entered:
no Unicode normalisation, because evidence is what was typed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# Made once: json.dumps would make an encoder for every document.
_spell = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def plain(value: Any) -> Any:
    """Turn domain values into what canonical JSON may hold; numbers and dates become strings.

    Raises:
        TypeError: for a float (it has no single spelling) or anything else without one.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:  # nearly all there is; asked first, and cheaply
        return value
    if kind is dict:
        return {
            key if type(key) is str else _key(key): entry if type(entry) is str else plain(entry)
            for key, entry in value.items()
        }
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [plain(entry) for entry in value]
    raise TypeError(f"{type(value).__name__} has no canonical spelling")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    return key


def decimal_text(value: Decimal) -> str:
    """Spell a number without exponent and without trailing zeros: ``121``, ``0.5``.

    Raises:
        TypeError: for what is no finite number.
    """
    if not value.is_finite():
        raise TypeError(f"{value} has no canonical spelling")
    text = format(value, "f")  # not normalize(), which rounds to the precision of the moment
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def instant_text(value: datetime) -> str:
    """Spell an aware instant in UTC to the second: ``2026-03-03T17:00:00Z``."""
    offset = value.utcoffset()
    if offset is None:
        raise TypeError("an instant needs its time zone")
    return f"{(value.replace(tzinfo=None) - offset).isoformat(timespec='seconds')}Z"


def canonical(value: Any) -> bytes:
    """The canonical bytes of a document."""
    return _spell(plain(value)).encode("utf-8")


def sha256_of(value: Any) -> str:
    """Lower-case hex SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()
