"""Who carries letters away: a folder of files, a line in the log, or a mail server."""

import logging
import re
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from audit.store.ledger import make_folder

OUTBOX = "outbox"
NAMED = "%Y%m%dT%H%M%SZ"  # how the name of a letter's file begins: when it was written, in UTC
_WRITTEN = re.compile(r"(\d{8}T\d{6}Z)-")
SECONDS = 30.0  # for each word with a mail server
STARTTLS, TLS, PLAIN = "starttls", "tls", "none"
_LONGEST_FAULT = 300
# One-time links carry their secret as ``key=``, those that open or end something at the end of their path.
_SECRETS = re.compile(r"(key=|/(?:reminders/off|fix|calendar)/)[A-Za-z0-9_-]{8,}")
_log = logging.getLogger("audit.post")


class NotTaken(Exception):
    """The letter was not taken. ``for_good``: nor will it ever be, whoever tries again."""

    def __init__(self, words: str, for_good: bool = False) -> None:
        super().__init__(words)
        self.words = "".join(sign if sign.isprintable() else " " for sign in words)[:_LONGEST_FAULT]
        self.for_good = for_good


class Carrier(Protocol):
    """Takes one message, or raises ``NotTaken``."""

    def carry(self, name: str, message: EmailMessage) -> None: ...


@dataclass(frozen=True)
class ToFolder:
    """Each letter is a file ``<name>.eml`` that mail programs open; a letter carried twice is one file."""

    folder: Path

    def carry(self, name: str, message: EmailMessage) -> None:
        draft = self.folder / f".tmp-{secrets.token_hex(6)}"
        try:
            make_folder(self.folder)
            try:
                draft.write_bytes(message.as_bytes())
                draft.replace(self.folder / f"{name}.eml")
            finally:
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise NotTaken(f"{self.folder}: {error.strerror}") from error

    def prune(self, before: datetime) -> int:
        """Remove letters that were written before; gives how many. Files of other names are somebody's own."""
        gone = 0
        for file in self.folder.glob("*.eml"):
            written = _WRITTEN.match(file.name)
            if written and written[1] < f"{before:{NAMED}}":
                # One that is held open, or that another worker removed, is left to the next day.
                with suppress(OSError):
                    file.unlink()
                    gone += 1
        return gone


class ToLog:
    """Each letter is written into the log, its links without the secrets in them."""

    def carry(self, name: str, message: EmailMessage) -> None:
        text = message.get_content()
        _log.info(
            "letter %s to %s: %s\n%s", name, message["To"], message["Subject"], _SECRETS.sub(r"\1…", text)
        )


@dataclass(frozen=True)
class ToServer:
    """A mail server. ``tls``: from the first byte, after STARTTLS, or none at all."""

    host: str
    port: int
    tls: str = STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)

    def carry(self, name: str, message: EmailMessage) -> None:
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise NotTaken(_said(code, words), _is_final(code)) from refused
        except smtplib.SMTPDataError as refused:
            raise NotTaken(
                _said(refused.smtp_code, refused.smtp_error), _is_final(refused.smtp_code)
            ) from refused
        except smtplib.SMTPResponseException as refused:
            # Such as a wrong password or a sender who is not let in: somebody may mend that.
            raise NotTaken(_said(refused.smtp_code, refused.smtp_error)) from refused
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotTaken(f"{self.host}: {error}") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        context = ssl.create_default_context()
        if self.tls == TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with server:
            if self.tls == STARTTLS:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
            yield server


def _is_final(code: int) -> bool:
    return 500 <= code < 600


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"
