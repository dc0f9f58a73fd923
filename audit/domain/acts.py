"""What a tablet hands in, act by act: read strictly, each on its own, so that a bad one never holds back the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain.changes import ANSWER, PHOTO_LINK, PHOTO_UNLINK, RESOLVE, Change
from audit.domain.tongue import say, word

START, SET_UP, SIGNATURE = "start", "set-up", "signature"
CAPTION, REST_IN, SET_ASIDE = "caption", "rest-in", "set-aside"
ANSWERING = (ANSWER, RESOLVE, PHOTO_LINK, PHOTO_UNLINK)
KINDS = (START, SET_UP, *ANSWERING, CAPTION, SIGNATURE, REST_IN, SET_ASIDE)

FIELDS = frozenset(
    {"op_id", "device_seq", "author", "item", "person", "kind", "base_rev", "value", "client_time"}
)
MOST_SEQ, MOST_REV = 2**53, 2**31
LONGEST_TEXT, LONGEST_NAME, LONGEST_TIME, DEEPEST = 60_000, 100, 40, 12

UNKNOWN_SHAPE = word("This operation has a shape that is not known.")
UNKNOWN_KIND = word("This operation is not known.")
CANNOT_KEEP = word("This text holds characters that cannot be kept. Type it again.")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOST = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Act:
    """One operation of a tablet, and the id of the person who is said to have done it."""

    change: Change
    author: str

    def document(self) -> dict[str, Any]:
        """The act as it came, for keeping it unjudged."""
        change = self.change
        return {
            "op_id": change.op_id,
            "device_seq": change.seq,
            "author": self.author,
            "item": change.item,
            "person": change.person,
            "kind": change.kind,
            "base_rev": change.base_rev,
            "value": change.value,
            "client_time": change.client_time,
        }


@dataclass(frozen=True)
class Unreadable:
    """An operation that cannot be read: its name, where it has one, and why."""

    op_id: str
    words: str


def is_uuid(text: object) -> bool:
    """Lower-case, as ``crypto.randomUUID`` writes it."""
    return isinstance(text, str) and _UUID.fullmatch(text) is not None


def keepable(text: str) -> bool:
    """Would SQLite and UTF-8 give this text back?"""
    return _LOST.search(text) is None


def read(row: Any, device: str) -> Act | Unreadable:
    """Read one operation of a batch; whatever is wrong with it is said in words."""
    named = row.get("op_id") if isinstance(row, Mapping) else None
    op_id = named if isinstance(named, str) and len(named) <= LONGEST_NAME and keepable(named) else ""
    if not isinstance(row, Mapping) or set(row) - FIELDS or not is_uuid(named):
        return Unreadable(op_id, say(UNKNOWN_SHAPE))
    if not _whole(row.get("device_seq"), 1, MOST_SEQ) or not _whole(row.get("base_rev", 0), 0, MOST_REV):
        return Unreadable(op_id, say(UNKNOWN_SHAPE))
    texts = {name: row.get(name, "") for name in ("author", "item", "kind", "client_time")}
    texts["person"] = row.get("person") or ""
    if not all(isinstance(text, str) and len(text) <= LONGEST_NAME for text in texts.values()):
        return Unreadable(op_id, say(UNKNOWN_SHAPE))
    if not all(map(keepable, texts.values())):
        return Unreadable(op_id, say(CANNOT_KEEP))
    if texts["kind"] not in KINDS:
        return Unreadable(op_id, say(UNKNOWN_KIND))
    value = row.get("value")
    refusal = _value_refusal(value, DEEPEST) if isinstance(value, Mapping) else UNKNOWN_SHAPE
    if refusal:
        return Unreadable(op_id, say(refusal))
    change = Change(
        op_id=op_id,
        kind=texts["kind"],
        item=texts["item"],
        person=texts["person"] or None,
        base_rev=row.get("base_rev", 0),
        value=value or {},
        device=device,
        seq=row["device_seq"],
        client_time=texts["client_time"][:LONGEST_TIME],
    )
    return Act(change, texts["author"])


def _whole(number: object, least: int, most: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and least <= number <= most


def _value_refusal(value: object, deep: int) -> str:
    """Why a value has no spelling that would come back as it is; empty when it has."""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            return UNKNOWN_SHAPE
        return "" if keepable(value) else CANNOT_KEEP
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return "" if abs(value) <= MOST_SEQ else UNKNOWN_SHAPE
    if deep == 0 or not isinstance(value, Mapping | list):
        return UNKNOWN_SHAPE
    inner = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value
    return next((words for one in inner if (words := _value_refusal(one, deep - 1))), "")
