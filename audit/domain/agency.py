"""The agency: on whose behalf audits are made. One data folder is one agency."""

from dataclasses import dataclass

PAPERS = ("a4", "letter")


@dataclass(frozen=True)
class Agency:
    """Frozen into every sealed document. ``logo`` is the SHA-256 of a kept picture.

    When ``public_authority`` is false nothing may read *violation*, *closed* or *official*. ``language`` is the one in
    which records are sealed and first reported. ``site`` is where this installation is found from outside, such as
    ``https://audit.example``; it is printed in reports and frozen into none.
    """

    name: str
    address: str = ""
    phone: str = ""
    logo: str | None = None
    time_zone: str = "UTC"
    paper: str = "letter"
    statements: tuple[str, ...] = ()
    appeal_route: str = ""
    public_authority: bool = False
    language: str = "en"
    site: str = ""
