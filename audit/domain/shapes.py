"""Checks the shape of a definition against a table of fields and lists every fault with its place."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from audit.domain.problems import Fault

Check = Callable[[object, str], Iterator[Fault]]

ITEM_KEY = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,4})?", re.ASCII)
NAME = re.compile(r"[a-z][a-z0-9_.-]*")


@dataclass(frozen=True)
class Field:
    check: Check
    required: bool = True


def optional(check: Check) -> Field:
    return Field(check, required=False)


def check_table(row: object, fields: Mapping[str, Field], place: str) -> Iterator[Fault]:
    """Every field of a table: missing, unknown, and wrong ones."""
    if not isinstance(row, Mapping):
        yield Fault(place, "must be a table")
        return
    for name in sorted(set(row) - set(fields)):
        yield Fault(_at(place, str(name)), "is not known here; is it misspelt?")
    for name, field in fields.items():
        if name in row:
            yield from field.check(row[name], _at(place, name))
        elif field.required:
            yield Fault(_at(place, name), "is missing")


def _at(place: str, name: str) -> str:
    return f"{place}: {name}" if place else name


def words(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield Fault(place, "must be text and not empty")


def flag(value: object, place: str) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault(place, "must be true or false")


def count(value: object, place: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100_000:
        yield Fault(place, "must be a whole number, 0 or more")


def number(value: object, place: str) -> Iterator[Fault]:
    """A number written as text, so that it keeps its spelling."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        yield Fault(place, 'must be a number in quotes, for example "37.5"')


def matching(pattern: re.Pattern[str], what: str) -> Check:
    def check(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield Fault(place, f"must be {what}")

    return check


def one_of(*choices: str) -> Check:
    def check(value: object, place: str) -> Iterator[Fault]:
        if value not in choices:
            yield Fault(place, f"must be one of {', '.join(choices)}")

    return check


def list_of(check: Check, at_least: int = 0) -> Check:
    def check_all(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, list) or len(value) < at_least:
            yield Fault(place, f"must be a list{f' of at least {at_least}' if at_least else ''}")
            return
        for index, entry in enumerate(value, 1):
            yield from check(entry, f"{place} {index}")

    return check_all


def table(fields: Mapping[str, Field]) -> Check:
    def check(value: object, place: str) -> Iterator[Fault]:
        yield from check_table(value, fields, place)

    return check


def any_table(of: Check) -> Check:
    """A table with free names whose values all pass one check."""

    def check(value: object, place: str) -> Iterator[Fault]:
        if not isinstance(value, Mapping):
            yield Fault(place, "must be a table")
            return
        for name, entry in value.items():
            yield from of(entry, _at(place, str(name)))

    return check
