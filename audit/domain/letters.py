"""Letters to people: who gets one, what stands in it, how it is written down for the post, and when to try again."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from typing import Any

LONGEST_ADDRESS, LONGEST_SUBJECT = 254, 200
# Plain addresses only: no comments, no quotes, nothing that could end a line of the head or begin another one.
_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
_LONGEST_LOCAL = 64
# A mail server that is down for a night or a weekend loses nothing.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440, 1440))


_LEAVE = "List-Unsubscribe"
_WHOLE = SMTP.clone(max_line_length=998)  # RFC 5322, 2.1.1


class _Travelling(EmailPolicy):
    """The address that ends letters stays in one plain line: folded it becomes encoded words, where RFC 2047 allows
    none, and mail programs find no address in them."""

    def fold(self, name: str, value: Any) -> str:
        folded: str = _WHOLE.fold(name, value) if name == _LEAVE else super().fold(name, value)
        return folded

    def fold_binary(self, name: str, value: Any) -> bytes:
        return _WHOLE.fold_binary(name, value) if name == _LEAVE else super().fold_binary(name, value)


_TRAVELLING = _Travelling(linesep=SMTP.linesep)


@dataclass(frozen=True)
class Letter:
    """A letter as it was written: what it is about, to which address, in whose words.

    ``person_id`` is whom it is for, when that is somebody here; after ``until`` it is of no use and is not sent.
    ``leave`` is the address by which its reader ends letters of its kind.
    """

    kind: str
    address: str
    subject: str
    text: str
    person_id: str | None = None
    until: datetime | None = None
    leave: str = ""


@dataclass(frozen=True)
class Sender:
    """On whose behalf letters go out: the agency's name and the address that answers come to."""

    name: str
    address: str


def is_address(text: str) -> bool:
    """Could this be somebody's e-mail address? Whether it is theirs only a letter shows."""
    fits = len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None
    return fits and len(text.partition("@")[0]) <= _LONGEST_LOCAL


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries that failed; none when it is enough."""
    return _WAITS[tries - 1] if tries <= len(_WAITS) else None


def message(letter: Letter, sender: Sender, letter_id: str, at: datetime) -> EmailMessage:
    """The letter as it travels. Sent twice by mischance it keeps its id, and is one letter to many readers.

    Whatever would break out of its line of the head is an error of ``EmailMessage`` and never goes out.
    """
    written = EmailMessage(policy=_TRAVELLING)
    local, _, domain = sender.address.rpartition("@")
    written["From"] = Address(_one_line(sender.name), local, domain)
    written["To"] = Address(addr_spec=letter.address)
    written["Subject"] = _one_line(letter.subject)[:LONGEST_SUBJECT]
    written["Date"] = at
    written["Message-ID"] = f"<{letter_id}@{domain}>"
    written["Auto-Submitted"] = "auto-generated"
    if letter.leave:
        written[_LEAVE] = f"<{letter.leave}>"
        if letter.leave.startswith("https:"):  # RFC 8058: one click, over TLS only
            written["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    written.set_content(letter.text, cte="quoted-printable")
    return written


def _one_line(text: str) -> str:
    """A name with its line ends and other control characters gone."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
