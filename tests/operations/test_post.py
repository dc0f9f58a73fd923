"""The post: a letter goes with its deed, once, to a real mail server; and what cannot go is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from audit.domain.letters import Letter
from audit.domain.problems import NotAllowed, NotFound
from audit.operations import carriers, post
from audit.operations import desk as desks
from audit.operations.carriers import PLAIN, ToFolder, ToLog, ToServer
from tests.operations import mailing
from tests.operations.conftest import PASSWORD

SENDER = "audit@example.org"


@pytest.fixture
def server():
    with mailing.serving() as found:
        yield found


def carrier(server) -> ToServer:
    return ToServer("127.0.0.1", server.port, PLAIN)


def write(desk, number: int = 1, address: str = "olu@example.org", **more) -> None:
    with desk().entry() as entry:
        for one in range(number):
            post.write(entry, Letter("notice", address, f"Letter {one}", f"Text {one}", **more))


def deliver(desk, server) -> post.Round:
    return post.deliver(desk(), carrier(server), SENDER)


def test_a_letter_goes_out_once_and_what_stood_in_it_is_forgotten(desk, server, administrator) -> None:
    write(desk, 2)
    assert deliver(desk, server) == post.Round(sent=2)
    assert deliver(desk, server) == post.Round()
    assert sorted(one["Subject"] for one in server.arrived) == ["Letter 0", "Letter 1"]
    assert all(one["From"].addresses[0].addr_spec == SENDER for one in server.arrived)
    assert {row.state for row in post.listed(desk(administrator))} == {"sent"}
    kept = desk().ledger.letters.newest(9)
    assert [row.letter.text for row in kept] == ["", ""]


def test_a_deed_that_fails_writes_no_letter(desk, server) -> None:
    with pytest.raises(RuntimeError), desk().entry() as entry:
        post.write(entry, Letter("notice", "olu@example.org", "Never", "Never"))
        raise RuntimeError
    assert deliver(desk, server) == post.Round() and server.arrived == []


def test_many_workers_send_each_letter_once(desk, server) -> None:
    write(desk, 20)
    data, now = desk().data, desk().now

    def work(_: int) -> int:
        try:
            return post.deliver(desks.open_desk(data, None, now), carrier(server), SENDER).sent
        finally:
            desks.close(data)

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(work, range(4))) == 20
    assert sorted(one["Subject"] for one in server.arrived) == sorted(f"Letter {one}" for one in range(20))


def test_a_letter_whose_worker_died_goes_to_another_with_the_same_id(desk, server, clock) -> None:
    write(desk)
    with desk().ledger.mailing() as shelf:
        claimed = shelf.claim(clock.now, clock.now + post.CLAIM)
    assert claimed is not None
    assert deliver(desk, server) == post.Round()
    clock.move(minutes=post.CLAIM.total_seconds() / 60)
    assert deliver(desk, server) == post.Round(sent=1)
    assert server.arrived[0]["Message-ID"] == f"<{claimed.id}@example.org>"


def test_a_refusal_for_now_waits_longer_each_time_and_ends(desk, server, clock, administrator) -> None:
    server.at_the_end = "451 the disk is full"
    write(desk)
    waits = []
    while (done := deliver(desk, server)) == post.Round(put_off=1):
        (row,) = post.listed(desk(administrator))
        assert "the disk is full" in row.fault and row.state == "waiting"
        assert deliver(desk, server) == post.Round()
        waits.append(row.due_at - clock.now)
        clock.now = row.due_at
    assert done == post.Round(failed=1) and waits == sorted(waits) and len(waits) > 4
    assert post.troubled(desk(administrator)) == 1


def test_a_server_that_comes_back_gets_the_letter(desk, server, clock) -> None:
    write(desk)
    away = ToServer("127.0.0.1", 1, PLAIN)
    assert post.deliver(desk(), away, SENDER) == post.Round(put_off=1)
    clock.move(minutes=1)
    assert deliver(desk, server) == post.Round(sent=1)


def test_an_address_that_does_not_exist_fails_at_once_and_can_be_taken_off(
    desk, server, administrator, inspector
) -> None:
    server.refusals["gone@example.org"] = "550 nobody here"
    write(desk, address="gone@example.org")
    write(desk)
    assert deliver(desk, server) == post.Round(sent=1, failed=1)
    failed, _ = post.listed(desk(administrator))
    assert (failed.state, failed.fault) == ("failed", "550 nobody here")
    with pytest.raises(NotAllowed):
        post.drop(desk(inspector), failed.id)
    post.drop(desk(administrator), failed.id)
    assert post.troubled(desk(administrator)) == 0
    with pytest.raises(NotFound):
        post.drop(desk(administrator), failed.id)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test's server has no TLS
def test_a_wrong_password_is_tried_again_and_never_told(desk, administrator) -> None:
    write(desk)
    with mailing.serving(with_password=True) as server:
        wrong = ToServer("127.0.0.1", server.port, PLAIN, mailing.USER, "not-the-word")
        assert post.deliver(desk(), wrong, SENDER) == post.Round(put_off=1)
        assert "not-the-word" not in repr(wrong)
        (row,) = post.listed(desk(administrator))
        assert row.fault.startswith("535") and "not-the-word" not in row.fault


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # the test's server has no TLS
def test_the_right_password_opens(desk) -> None:
    write(desk)
    with mailing.serving(with_password=True) as server:
        right = ToServer("127.0.0.1", server.port, PLAIN, mailing.USER, mailing.SECRET)
        assert post.deliver(desk(), right, SENDER) == post.Round(sent=1)


def test_nothing_is_sent_in_the_open_when_tls_was_asked_for(desk, server) -> None:
    write(desk)
    asks = ToServer("127.0.0.1", server.port, user=mailing.USER, password=mailing.SECRET)
    assert post.deliver(desk(), asks, SENDER) == post.Round(put_off=1)
    assert server.arrived == []


def test_what_holds_no_more_is_not_sent(desk, server, clock, administrator) -> None:
    write(desk, until=clock.now + timedelta(hours=1))
    clock.move(hours=1)
    assert deliver(desk, server) == post.Round(failed=1)
    assert server.arrived == [] and "waited" in post.listed(desk(administrator))[0].fault


def test_letters_that_ended_long_ago_are_forgotten(desk, server, clock, administrator) -> None:
    write(desk)
    deliver(desk, server)
    clock.move(days=31)
    deliver(desk, server)
    assert post.listed(desk(administrator)) == ()


def test_without_a_mail_server_letters_are_files(desk, tmp_path) -> None:
    write(desk)
    folder = tmp_path / "outbox"
    assert post.deliver(desk(), ToFolder(folder), SENDER) == post.Round(sent=1)
    (file,) = folder.iterdir()
    read = message_from_bytes(file.read_bytes(), policy=default)
    assert file.suffix == ".eml" and read["To"] == "olu@example.org"


def test_a_folder_that_cannot_be_written_puts_off(desk, tmp_path) -> None:
    write(desk)
    (tmp_path / "outbox").write_text("a file is in the way")
    assert post.deliver(desk(), ToFolder(tmp_path / "outbox"), SENDER) == post.Round(put_off=1)


def test_the_log_shows_the_letter_without_what_opens_its_link(desk, caplog) -> None:
    caplog.set_level("INFO")
    with desk().entry() as entry:
        text = "Open https://audit.example/new-password?key=Abc_def-0123456789 now"
        post.write(entry, Letter("notice", "olu@example.org", "Link", text))
    assert post.deliver(desk(), ToLog(), SENDER) == post.Round(sent=1)
    assert "olu@example.org" in caplog.text and "new-password?key=…" in caplog.text
    assert "Abc_def" not in caplog.text and PASSWORD not in caplog.text


def kept(desk) -> tuple[str, str, str]:
    """What the database holds of the one letter: its id, text, and the address that ends letters."""
    (row,) = desk().ledger._db.execute("SELECT id, text, leave FROM letters").fetchall()
    return row["id"], row["text"], row["leave"]


LEAVE = "https://audit.example/reminders/off/Abc_def-0123456789"


def test_what_stands_in_a_letter_that_waits_cannot_be_read_in_the_database(desk, server) -> None:
    write(desk, leave=LEAVE)
    _, text, leave = kept(desk)
    assert text.startswith("v1:") and leave.startswith("v1:")
    assert desk().ledger.letters.newest(1)[0].letter.leave == LEAVE
    assert deliver(desk, server) == post.Round(sent=1)
    (sent,) = server.arrived
    assert sent.get_content().strip() == "Text 0" and sent["List-Unsubscribe"] == f"<{LEAVE}>"
    assert kept(desk)[1:] == ("", "")


def test_text_and_address_are_bound_to_their_letter_and_their_place(desk) -> None:
    write(desk, leave=LEAVE)
    with desk().entry() as entry:
        entry._shelved[0].execute("UPDATE letters SET text = leave, leave = text")
        entry.note("tampered", "")
    letter = desk().ledger.letters.newest(1)[0].letter
    assert (letter.text, letter.leave) == ("", "")


def test_letters_from_before_are_sent_as_they_are(desk, server) -> None:
    write(desk, leave=LEAVE)
    with desk().entry() as entry:
        entry._shelved[0].execute("UPDATE letters SET text = 'Of old', leave = ?", (LEAVE,))
        entry.note("of old", "")
    assert deliver(desk, server) == post.Round(sent=1)
    assert server.arrived[0].get_content().strip() == "Of old"
    assert server.arrived[0]["List-Unsubscribe"] == f"<{LEAVE}>"


def test_a_letter_whose_key_is_gone_fails_and_is_not_sent_empty(desk, server, administrator) -> None:
    write(desk)
    (desk().data / "keys" / "vault.key").unlink()
    assert deliver(desk, server) == post.Round(failed=1) and server.arrived == []
    assert "key" in post.listed(desk(administrator))[0].fault


@pytest.mark.parametrize("path", ["/reminders/off/", "/fix/", "/calendar/"])
def test_the_log_hides_the_secrets_that_stand_in_addresses(desk, caplog, path) -> None:
    caplog.set_level("INFO")
    with desk().entry() as entry:
        text = f"First: https://audit.example{path}Abc_def-0123456789\nhttps://audit.example/reminders/offer"
        post.write(entry, Letter("notice", "olu@example.org", "Link", text))
    assert post.deliver(desk(), ToLog(), SENDER) == post.Round(sent=1)
    assert f"audit.example{path}…\n" in caplog.text and "/reminders/offer" in caplog.text
    assert "Abc_def" not in caplog.text and "0123456789" not in caplog.text


@pytest.mark.parametrize("who", ["inspector", "owner"])
def test_letters_are_the_administrators_to_see(desk, request, who) -> None:
    person = request.getfixturevalue(who)
    for deed in (post.listed, post.troubled):
        with pytest.raises(NotAllowed):
            deed(desk(person))


def test_a_refusal_is_told_in_one_short_line() -> None:
    told = carriers.NotTaken("550 no\r\nway " + "x" * 900).words
    assert len(told) == 300 and "\n" not in told
