"""A clinic: where body art is done, what it offers, and the people who work there."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Clinic:
    """The establishment. ``jurisdiction`` is like ``us-ca``; ``time_zone`` an IANA name; ``profile`` facts by key."""

    id: str
    name: str
    address: str
    jurisdiction: str
    permit: str
    time_zone: str
    profile: Mapping[str, bool | int | str] = field(default_factory=dict)
    active: bool = True


@dataclass(frozen=True)
class Practitioner:
    """Somebody who works on clients in a clinic."""

    id: str
    clinic: str
    name: str
    title: str = ""
    active: bool = True


def likeness(text: str) -> str:
    """What two spellings of the same name or address have in common: letters and digits, lower case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def covers(jurisdiction: str, clinic_jurisdiction: str) -> bool:
    """Is the clinic within that jurisdiction? ``us`` covers ``us-ca``, ``us-ca`` covers ``us-ca-fresno``."""
    return clinic_jurisdiction == jurisdiction or clinic_jurisdiction.startswith(f"{jurisdiction}-")
