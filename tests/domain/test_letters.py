"""Letters as they travel: nothing anybody typed begins a line of the head, and every wait is longer than the last."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.letters import LONGEST_SUBJECT, Letter, Sender, is_address, message, wait_after

NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)
HEAD = {
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}


def travelled(subject: str = "Hello", text: str = "Text", name: str = "Bay County Health"):
    written = message(
        Letter("notice", "olu@example.org", subject, text), Sender(name, "audit@example.org"), "id-1", NOW
    )
    return message_from_bytes(written.as_bytes(), policy=default)


@given(
    subject=st.text(max_size=300),
    name=st.text(max_size=100),
    text=st.text(st.characters(codec="utf-8"), max_size=300),
)
def test_nothing_typed_leaves_its_line(subject, name, text) -> None:
    read = travelled(
        subject.encode("utf-8", "ignore").decode(), text, name.encode("utf-8", "ignore").decode()
    )
    assert set(read.keys()) == HEAD
    assert read["To"].addresses[0].addr_spec == "olu@example.org" and len(read["To"].addresses) == 1
    assert read["From"].addresses[0].addr_spec == "audit@example.org"


def test_line_ends_in_a_subject_become_spaces() -> None:
    read = travelled("Hello\r\nBcc: everybody@example.org\n\nfree text")
    assert read["Bcc"] is None and read["Subject"] == "Hello Bcc: everybody@example.org free text"


def test_words_of_any_language_arrive() -> None:
    read = travelled("Contraseña nueva — Agència", "Hola, José:\n\n" + "línea larga " * 60)
    assert read["Subject"] == "Contraseña nueva — Agència"
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == "Hola, José:\n\n" + "línea larga " * 60
    assert read["Message-ID"] == "<id-1@example.org>" and read["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("host", ["audit.example.org", "audit." + "bay-county-health." * 9 + "example.org"])
def test_the_address_that_ends_letters_travels_plain_in_one_line(host) -> None:
    leave = f"https://{host}/reminders/off/" + "aB3_-xY0" * 5 + "abc"  # as long as a real one
    letter = Letter("reminder", "olu@example.org", "ñ" * LONGEST_SUBJECT, "é" * 900, leave=leave)
    lines = message(letter, Sender("Agència", "audit@example.org"), "id-1", NOW).as_bytes().split(b"\r\n")
    assert f"List-Unsubscribe: <{leave}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert all(len(line) <= 78 for line in lines if not line.startswith(b"List-Unsubscribe:"))


@pytest.mark.parametrize("address", ["a@b.example", "first.last+tag@sub.example.org", "o'neil@example.org"])
def test_plain_addresses_are_taken(address) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@localhost",
        "a@b..example",
        "a b@example.org",
        "a@example.org\n",
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org,b@example.org",
        "Anna <a@example.org>",
        '"a b"@example.org',
        "a@[127.0.0.1]",
        "á@example.org",
        "a@example.org" + "x" * 250,
        "x" * 65 + "@example.org",
        ".a@example.org",
    ],
)
def test_whatever_is_no_plain_address_is_not(address) -> None:
    assert not is_address(address)


def test_waits_grow_and_end() -> None:
    waits: list[timedelta] = []
    while wait := wait_after(len(waits) + 1):
        waits.append(wait)
    assert waits == sorted(waits) and waits[0] == timedelta(minutes=1)
    assert sum(waits, timedelta()) > timedelta(days=2)
