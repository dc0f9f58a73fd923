"""When does an item apply? The answer is data, so that server and tablet judge alike.

A condition is one of::

    {"all": [condition, …]}   {"any": [condition, …]}   {"not": condition}
    {"equals": {"key": "autoclave", "value": true}}
    {"at-least": {"key": "practitioners", "value": 2}}

Keys name facts (``autoclave``) or values of other answers (``autoclave.cycle-temp#cycle``).
A key that is not set leaves the question open, and an open question means: ask the item.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

Condition: TypeAlias = Mapping[str, Any]
Facts: TypeAlias = Mapping[str, object]

_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True)
class Decision:
    """Whether a condition holds, whether that is certain, and the fact (key, value) that decided it."""

    applies: bool
    known: bool
    because: tuple[str, str] | None = None


_OPEN = Decision(applies=True, known=False)
_ALWAYS = Decision(applies=True, known=True)


def decide(condition: Condition | None, facts: Facts) -> Decision:
    """Judge a condition over facts; no condition always holds, an unset key leaves it open."""
    if condition is None:
        return _ALWAYS
    (kind, body), *_ = condition.items()
    if kind == "all":
        return _all([decide(part, facts) for part in body])
    if kind == "any":
        return _any([decide(part, facts) for part in body])
    if kind == "not":
        return _not(decide(body, facts))
    return _compare(kind, body["key"], body["value"], facts)


def holds(condition: Condition | None, facts: Facts) -> bool:
    """True only when the condition is certain to hold."""
    decision = decide(condition, facts)
    return decision.known and decision.applies


def _all(parts: list[Decision]) -> Decision:
    failed = next((part for part in parts if part.known and not part.applies), None)
    if failed:
        return failed
    return _OPEN if any(not part.known for part in parts) else parts[-1]


def _any(parts: list[Decision]) -> Decision:
    held = next((part for part in parts if part.known and part.applies), None)
    if held:
        return held
    return _OPEN if any(not part.known for part in parts) else parts[-1]


def _not(part: Decision) -> Decision:
    return Decision(not part.applies, known=True, because=part.because) if part.known else _OPEN


def _compare(kind: str, key: str, wanted: object, facts: Facts) -> Decision:
    value = facts.get(key)
    if value is None or value == "":
        return _OPEN
    if kind == "at-least":
        number, limit = as_number(value), as_number(wanted)
        if number is None or limit is None:
            return _OPEN
        return Decision(number >= limit, known=True, because=(key, spelled(value)))
    return Decision(spelled(value) == spelled(wanted), known=True, because=(key, spelled(value)))


def spelled(value: object) -> str:
    """Facts travel as JSON and as forms: true and "true", 2 and "2" are the same fact."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_number(value: object) -> Decimal | None:
    """A value of a fact or an answer as a number, or none when it is not plainly one: ``1e5`` and ``1_0`` are not."""
    text = str(value)
    return Decimal(text) if _PLAIN_NUMBER.fullmatch(text) else None


def comparisons(condition: Condition | None) -> Iterator[tuple[str, str, object]]:
    """Every comparison a condition makes, as (kind, key, value)."""
    for kind, body in (condition or {}).items():
        if kind in ("all", "any"):
            for part in body:
                yield from comparisons(part)
        elif kind == "not":
            yield from comparisons(body)
        else:
            yield kind, body["key"], body["value"]


def keys_in(condition: Condition | None) -> Iterator[str]:
    """Every key a condition looks at."""
    for _, key, _ in comparisons(condition):
        yield key


def faults_in(condition: object, place: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the shape of a condition, as (place, words)."""
    if not isinstance(condition, Mapping) or len(condition) != 1:
        yield place, "must be one of all, any, not, equals, at-least"
        return
    ((kind, body),) = condition.items()
    if kind in ("all", "any"):
        if not isinstance(body, list | tuple) or not body:
            yield f"{place}.{kind}", "must be a list with at least one condition"
            return
        for index, part in enumerate(body):
            yield from faults_in(part, f"{place}.{kind}[{index}]")
    elif kind == "not":
        yield from faults_in(body, f"{place}.not")
    elif kind in ("equals", "at-least"):
        if not isinstance(body, Mapping) or set(body) != {"key", "value"} or not isinstance(body["key"], str):
            yield f"{place}.{kind}", "needs exactly a key and a value"
        elif not isinstance(body["value"], bool | int | str):
            yield f"{place}.{kind}", "compares with true, false, a whole number or text"
        elif kind == "at-least" and as_number(body["value"]) is None:
            yield f"{place}.{kind}", "needs a number to compare with"
    else:
        yield place, f"does not know the word {kind!r}"
