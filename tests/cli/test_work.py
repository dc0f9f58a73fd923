"""``work``: letters go out, once a round, whatever ends it; and nothing secret is printed."""

import os
import signal
import subprocess
import sys
from email import message_from_bytes
from email.policy import default

import pytest

from audit.cli.common import desk_of
from audit.domain.letters import Letter
from audit.operations import post
from tests.operations import mailing


@pytest.fixture
def waiting(empty):
    """A data folder in which one letter waits."""
    with desk_of(empty) as desk, desk.entry() as entry:
        post.write(entry, Letter("notice", "olu@example.org", "Hello", "Text"))
    return empty


def test_letters_are_files_unless_told_otherwise(run, waiting) -> None:
    assert "letters: 1 sent" in run("work", "--once", "--data", waiting).stdout
    (file,) = (waiting / "outbox").iterdir()
    assert message_from_bytes(file.read_bytes(), policy=default)["To"] == "olu@example.org"
    assert run("work", "--once", "--data", waiting).stdout == ""


def test_letters_go_to_the_mail_server_of_the_settings(run, waiting, monkeypatch) -> None:
    with mailing.serving() as server:
        for name, value in {
            "MAIL": "smtp",
            "MAIL_HOST": "127.0.0.1",
            "MAIL_PORT": str(server.port),
            "MAIL_TLS": "none",
            "MAIL_FROM": "audit@example.org",
        }.items():
            monkeypatch.setenv(f"CLINIC_AUDIT_{name}", value)
        assert "1 sent" in run("work", "--once", "--data", waiting).stdout
        assert server.arrived[0]["From"].addresses[0].addr_spec == "audit@example.org"


def test_a_round_that_fails_is_told_and_ends_nothing(run, waiting, monkeypatch) -> None:
    monkeypatch.setenv("CLINIC_AUDIT_MAIL", "smtp")
    monkeypatch.setenv("CLINIC_AUDIT_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("CLINIC_AUDIT_MAIL_PORT", "1")
    monkeypatch.setenv("CLINIC_AUDIT_MAIL_FROM", "audit@example.org")
    monkeypatch.setenv("CLINIC_AUDIT_MAIL_USER", "agency")
    monkeypatch.setenv("CLINIC_AUDIT_MAIL_PASSWORD", "a-very-secret-word")
    done = run("work", "--once", "--data", waiting)
    assert "letters: 1 put off" in done.stdout and "a-very-secret-word" not in done.output


def test_settings_that_cannot_be_used_are_named(run, waiting, monkeypatch) -> None:
    monkeypatch.setenv("CLINIC_AUDIT_MAIL", "smtp")
    assert "CLINIC_AUDIT_MAIL_HOST" in run("work", "--once", "--data", waiting, code=2).stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_loop_ends_when_told_to(waiting) -> None:
    command = [sys.executable, "-m", "audit.cli", "work", "--data", str(waiting)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "works on" in process.stdout.readline()
        lines = iter(process.stdout.readline, "")
        assert any("1 sent" in line for line in lines)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
