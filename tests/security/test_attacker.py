"""Attacks on a server that really runs, over its socket: an owner tries to get at another clinic, an administrator who
holds the database file changes what was found, somebody hands round a report that is no more what was issued.
"""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser
from werkzeug.routing import Rule

from audit.app import create_app
from audit.cli import main
from audit.config import Settings
from audit.domain.answers import Raw
from audit.operations import desk as desks
from audit.operations import feeds, fixing, links, passwords, people, sealing, verify
from audit.store.ledger import LEDGER_FILE
from tests.faults.yard import OURS, PASSWORD, Server, until
from tests.operations import worlds
from tests.security.talking import Answer, Line, cut_before_seal, extended, one_byte, without_seal
from tests.web.walking import NOWHERE, ROLES, furnish

# Words that stand in the data of the clinic under attack and nowhere else.
SECRETS = ("Mission Scalp Studio", "1 Mission St", "Anna Quill", "Bo Li", "Olu Adeyemi", "Two cartridges kept",
           "LT-100", "BA-1", "olu@example.org")  # fmt: skip
# What people put behind a question mark.
NAMES = ("clinic", "person", "visit", "after", "text", "q", "paper", "planned", "inspection", "lot", "inspector",
         "visits", "with", "against")  # fmt: skip
NOT_ASKED = {"tablet.worker", "assets.static"}


@dataclass(frozen=True)
class Attacked:
    """The server, what the clinic under attack has that bears an id, and what the attacker has of their own."""

    port: int
    world: worlds.World
    theirs: dict[str, str]
    own: dict[str, str]
    rules: list[Rule]
    lines: list[Line] = field(default_factory=list)

    def line(self, login: str = "") -> Line:
        self.lines.append(Line(self.port, login))
        return self.lines[-1]


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    world = worlds.make(tmp_path_factory.mktemp("attacked") / "data")
    kept = passwords.CHEAP.hash(PASSWORD)
    with world.desk(worlds.ADMINISTRATOR).entry() as entry:
        for person in ROLES.values():
            entry.people.keep_password(person.id, kept)
        entry.note("passwords.set", "")
    theirs = {
        f"{kind}, {name}": value
        for kind, found in furnish(world).items()
        for name, value in found.items()
        if name != "missing"
    }
    sealed = theirs["visit_id, sealed"]
    theirs["record"] = world.desk().ledger.records.get(sealed).sha256
    theirs["report"] = world.desk().ledger.reports.all()[0].sha256
    own = _own_of(world)
    rules = [one for one in create_app(Settings(data=world.data)).url_map.iter_rules()]
    verify.anchor(world.desk(worlds.ADMINISTRATOR))
    desks.close(world.data)
    server = Server(world.data, workers=1)
    server.start()
    try:
        server.wait()
        found = Attacked(server.port, world, theirs, own, rules)
        yield found
        for line in found.lines:
            line.close()
    finally:
        server.kill_all()


def _own_of(world: worlds.World) -> dict[str, str]:
    """A sealed visit of the attacker's own clinic with a link for answers, a running self-audit, a calendar."""
    at: dict[str, Any] = {"clinic_id": worlds.HARBOUR.id, "practitioners": ()}
    visit = world.start(**at)
    answers = {key: raw for key, raw in worlds.COMPLETE.items() if key[1] is None}
    own = {
        ("needles.single-use", None): Raw(mark="OUT", note="Kept."),
        ("autoclave.log", None): Raw(mark="IN"),
        ("licence.displayed", None): Raw(mark="IN"),
    }
    world.answer(visit, answers | own)
    world.sign(visit, charge="absent")
    sealing.seal(world.desk(), visit.id)
    now = worlds.World(world.data, datetime.now(UTC).replace(microsecond=0))
    return {
        "visit": visit.id,
        "link": fixing.offer(now.desk(worlds.OTHER_OWNER), visit.id),
        "calendar": feeds.offer(now.desk(worlds.OTHER_OWNER)),
        "running": world.start(worlds.OTHER_OWNER, **at).id,
    }


@pytest.fixture
def attacker(attacked: Attacked) -> Line:
    return attacked.line(worlds.OTHER_OWNER.login)


def given_away(answer: Answer, attacked: Attacked, said: str) -> list[str]:
    """Words and ids of the other clinic in an answer, headers too, besides those somebody typed to get it."""
    text = answer.text + json.dumps(answer.headers)
    return [one for one in (*SECRETS, *attacked.theirs.values()) if one in text and one not in said]


def plain(answer: Answer, said: str) -> tuple[int, str]:
    """Status and body, without what differs between any two answers."""
    body = re.sub(
        r'name="csrf_token" value="[^"]*"|\b[0-9a-f]{12}\b|"server_time":\s*"[^"]*"', "", answer.text
    )
    return answer.status, body.replace(said, "ID")


def built(rule: Rule, value: str, own: dict[str, str]) -> str:
    """The address of a door with the id at every place; a link's secret is the attacker's own. Empty: it does not fit."""
    parts = dict.fromkeys(rule.arguments, value)
    if "token" in parts:
        parts["token"] = own["calendar" if rule.endpoint.startswith("feeds.") else "link"]
    try:
        found = rule.build(parts, append_unknown=False)
    except ValueError:  # this place takes numbers only
        return ""
    return found[1] if found else ""


def test_no_id_at_any_door_gives_anything_away(attacked: Attacked, attacker: Line) -> None:
    """Each id of the other clinic at every place of every door that takes one, and answered word for word like an id
    that is nobody's."""
    tried = 0
    for rule in attacked.rules:
        if "GET" not in (rule.methods or ()) or not rule.arguments - {"token"} or rule.endpoint in NOT_ASKED:
            continue
        missing = {
            len(value): plain(attacker.get(address), value)
            for value in (NOWHERE, "0" * 64)
            if (address := built(rule, value, attacked.own))
        }
        for name, value in attacked.theirs.items():
            address = built(rule, value, attacked.own)
            if address:
                answer = attacker.get(address)
                assert not given_away(answer, attacked, value), (address, name)
                assert plain(answer, value) == missing[len(value)], (address, name)
                tried += 1
    assert tried > 700
    newest = attacked.world.desk().ledger.trail.newest
    until(
        lambda: any(
            line.actor == worlds.OTHER_OWNER.id for line in newest(500) if line.deed == "visit.refused"
        )
    )


def test_no_filter_and_no_search_gives_anything_away(attacked: Attacked, attacker: Line) -> None:
    ids = [attacked.theirs[name] for name in ("clinic_id, clinic", "visit_id, sealed", "person_id, person",
                                              "practitioner_id, practitioner", "planned_id, planned")]  # fmt: skip
    seen = 0
    for rule in attacked.rules:
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint in NOT_ASKED:
            continue
        for value in (
            ids[:2] if rule.rule.endswith(".csv") else (*ids, "Mission", "Quill", "BA-1", "LT100", "%")
        ):
            address = f"{rule.rule}?{'&'.join(f'{name}={quote(value)}' for name in NAMES)}"
            answer = attacker.get(address)
            assert not given_away(answer, attacked, value), address
            assert answer.status < 500 and answer.status != 429, address
            seen += answer.status == 200
    assert seen > 150
    calendar = attacked.line().get(f"/calendar/{attacked.own['calendar']}.ics")
    assert calendar.status == 200 and not given_away(calendar, attacked, "")


def test_nothing_is_written_and_no_refusal_tells_why(attacked: Attacked, attacker: Line) -> None:
    """Every door that changes something, by each id; then the other clinic is what it was."""
    owner = attacked.line(worlds.OWNER.login)
    watched = ["/visits", "/actions", f"/clinics/{worlds.MISSION.id}", f"/clinics/{worlds.MISSION.id}/lots",
               f"/visits/{attacked.theirs['visit_id, self-audit']}"]  # fmt: skip
    before = [plain(owner.get(path), "") for path in watched]
    tried = 0
    for rule in attacked.rules:
        if "POST" not in (rule.methods or ()) or not rule.arguments - {"token"}:
            continue
        missing: dict[int, tuple[int, str]] = {}
        fitting = [
            value for name, value in attacked.theirs.items() if name.partition(",")[0] in rule.arguments
        ]
        for value in (NOWHERE, "0" * 64, *fitting, worlds.MISSION.id):
            address = built(rule, value, attacked.own)
            if not address:
                continue
            if rule.endpoint.startswith("api."):
                answer = attacker.ask("POST", address, b"{}", {**OURS, "Content-Type": "application/json"})
            else:
                answer = attacker.post(address, {"sure": "y", "words": "Mine now.", "reason": "Mine now."})
            assert not given_away(answer, attacked, value), address
            assert plain(answer, value) == missing.setdefault(len(value), plain(answer, value)), address
            tried += 1
    assert tried > 200
    assert [plain(owner.get(path), "") for path in watched] == before


def test_nothing_of_others_is_taken_into_ones_own(attacked: Attacked, attacker: Line) -> None:
    """Ids of others inside forms, batches and behind a link of one's own: practitioners, photos, findings."""
    theirs, own = attacked.theirs, attacked.own
    forms = {
        f"/visits/{own['running']}/set-up": {"practitioners": theirs["practitioner_id, practitioner"]},
        f"/clinics/{worlds.HARBOUR.id}/papers/new": {
            "kind": "practitioner-licence",
            "holder": theirs["practitioner_id, practitioner"],
        },
        f"/visits/{own['visit']}/fix-links/end": {"link": theirs["visit_id, sealed"]},
        "/account/sessions/end": {"session": "0" * 16},
    }
    for address, form in forms.items():
        answer = attacker.post(address, form)
        assert answer.status in (303, 404, 422), address
        assert not given_away(answer, attacked, json.dumps(form)), address
    photo = theirs["sha256, photo"]
    link = {"sha256": photo, "caption": "", "marks": []}
    ops = (("photo-link", "needles.single-use", None, link),
           ("answer", "licence.displayed", theirs["practitioner_id, practitioner"], {"mark": "IN"}))  # fmt: skip
    for number, (kind, item, person, value) in enumerate(ops, start=1):
        op = {
            "op_id": f"aaaaaaaa-0000-4000-8000-00000000000{number}",
            "device_seq": number,
            "author": worlds.OTHER_OWNER.id,
            "item": item,
            "person": person,
            "kind": kind,
            "base_rev": 0,
            "value": value,
            "client_time": "2026-03-03T08:59:30-08:00",
        }
        batch = {"device_id": "bbbbbbbb-0000-4000-8000-000000000001", "app_version": "1",
                 "sent_at": "2026-03-03T17:00:00Z", "ops": [op]}  # fmt: skip
        address, said = f"/api/v1/inspections/{own['running']}/ops", json.dumps(batch)
        answer = attacker.ask("POST", address, said.encode(), {**OURS, "Content-Type": "application/json"})
        assert answer.status == 200 and '"applied"' not in answer.text
        assert not given_away(answer, attacked, said)
    assert attacked.line().get(f"/fix/{own['link']}").status == 200
    for address in (f"/fix/{own['link']}/photos/{photo}/thumb", f"/photos/{photo}/thumb"):
        assert attacker.get(address).status == 404


# an administrator who holds the database file -----------------------------------------------------------------


def _sql(*lines: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        with sqlite3.connect(folder / LEDGER_FILE) as db:
            for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                db.execute(f'DROP TRIGGER "{name}"')
            for line in lines:
                assert db.execute(line).rowcount > 0, line
        db.close()

    return change


def _a_photo(folder: Path) -> None:
    path = next(path for path in (folder / "originals").rglob("*") if path.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"\0")


CHANGES = {
    "a finding": _sql("UPDATE findings SET note = 'All was well.' WHERE note <> ''"),
    "an answer": _sql("UPDATE answers SET value = replace(value, 'OUT', 'IN') WHERE value LIKE '%OUT%'"),
    "who signed": _sql("UPDATE signatures SET name = 'Somebody else'"),
    "a line of the trail": _sql("UPDATE trail SET at = '2026-01-01T00:00:00Z' WHERE seq = 3"),
    "the end of the trail": _sql("DELETE FROM trail WHERE seq = (SELECT max(seq) FROM trail)"),
    "a photo": _a_photo,
}


@pytest.fixture(scope="module")
def stolen(attacked: Attacked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder of the server that runs, without its keys: what another machine would get."""
    copy = tmp_path_factory.mktemp("stolen") / "data"
    shutil.copytree(
        attacked.world.data, copy, ignore=shutil.ignore_patterns(f"{LEDGER_FILE}*", "keys", "secret.key")
    )
    with (
        sqlite3.connect(attacked.world.data / LEDGER_FILE) as live,
        sqlite3.connect(copy / LEDGER_FILE) as db,
    ):
        live.backup(db)
        db.execute("PRAGMA journal_mode = DELETE")
    live.close()
    db.close()
    return copy


def verified(*words: Path | str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["verify", *map(str, words)], prog_name="clinic-audit")
    return result.exit_code, result.output


def test_what_nobody_changed_is_as_it_was_sealed(stolen: Path) -> None:
    code, words = verified(stolen)
    assert code == 0 and "As it was sealed" in words, words


@pytest.mark.parametrize("what", CHANGES)
def test_an_administrator_with_the_file_is_caught(stolen: Path, tmp_path: Path, what: str) -> None:
    copy = Path(shutil.copytree(stolen, tmp_path / "data"))
    CHANGES[what](copy)
    code, words = verified(copy)
    assert code == 1 and "Not as it was sealed" in words and len(words.splitlines()) > 1
    desks.close(copy)


# a report in other hands --------------------------------------------------------------------------------------


FORGED: dict[Callable[[bytes], bytes], str] = {
    one_byte: "changed after sealing",
    without_seal: "without a seal",
    cut_before_seal: "without a seal",
    extended: "extended after sealing",
}


@pytest.fixture(scope="module")
def report(attacked: Attacked) -> bytes:
    owner = attacked.line(worlds.OWNER.login)
    answer = owner.get(f"/visits/{attacked.theirs['visit_id, sealed']}/reports/record.pdf")
    assert answer.status == 200 and answer.body.startswith(b"%PDF")
    return answer.body


def test_the_page_names_what_was_done_to_a_report(
    attacked: Attacked, report: bytes, browser: Browser, tmp_path: Path
) -> None:
    """In a browser, which hashes the file and sends none of it; and by who has no scripts and sends the file."""
    page, paper, stranger = browser.new_page(), tmp_path / "report.pdf", attacked.line()
    page.set_default_timeout(60_000)
    sent: list[bytes] = []
    page.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    try:
        for forge in (None, *FORGED):
            data = forge(report) if forge else report
            words = "Changed after sealing" if forge else "Unchanged since issue"
            paper.write_bytes(data)
            page.goto(f"http://127.0.0.1:{attacked.port}/verify")
            page.get_by_text("The file stays with you").wait_for()
            page.set_input_files("#file", paper)
            page.get_by_text(words).wait_for()
            assert words in _uploaded(stranger, data), forge
    finally:
        page.close()
    assert len(sent) > 5 and not any(b"%PDF" in body for body in sent)


def _uploaded(stranger: Line, data: bytes) -> str:
    fence = b"----a-fence"
    parts = [
        b'Content-Disposition: form-data; name="csrf_token"\r\n\r\n' + stranger.token.encode(),
        b'Content-Disposition: form-data; name="file"; filename="r.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        + data,
    ]
    body = b"".join(b"--" + fence + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + fence + b"--\r\n"
    kind = {"Content-Type": f"multipart/form-data; boundary={fence.decode()}"}
    return stranger.ask("POST", "/verify", body, kind).text


@pytest.mark.parametrize("forge", FORGED)
def test_the_command_names_what_was_done_to_a_report(
    stolen: Path, report: bytes, tmp_path: Path, forge: Callable[[bytes], bytes]
) -> None:
    paper: Any = tmp_path / "report.pdf"
    paper.write_bytes(report)
    assert verified(paper, "--data", stolen) == (0, f"{paper}: unchanged since issue.\n")
    paper.write_bytes(forge(report))
    code, words = verified(paper, "--data", stolen)
    assert code == 1 and FORGED[forge] in words


# others' secrets, and clinics that change hands -----------------------------------------------------------------------------------


def test_a_link_that_many_use_at_once_opens_once(attacked: Attacked) -> None:
    now = worlds.World(attacked.world.data, datetime.now(UTC).replace(microsecond=0))
    token = links.offer_password(now.desk(worlds.ADMINISTRATOR), worlds.PRACTITIONER.id)
    form = {"key": token, "new": "seven quiet herons wade"}
    several = [attacked.line() for _ in range(4)]
    with ThreadPoolExecutor(len(several)) as crowd:
        found = list(crowd.map(lambda line: line.post("/new-password", form).status, several))
    assert found.count(303) == 1 and set(found) <= {
        303,
        404,
        503,
    }  # 503: too many passwords are worked on at once


def test_an_owner_who_gave_a_clinic_away_has_nothing_left(attacked: Attacked) -> None:
    theirs, olu = attacked.theirs, attacked.line(worlds.OWNER.login)
    paths = [
        f"/visits/{theirs['visit_id, sealed']}",
        f"/clinics/{worlds.MISSION.id}",
        f"/photos/{theirs['sha256, photo']}/thumb",
        f"/visits/{theirs['visit_id, sealed']}/reports/record.pdf",
    ]
    assert olu.get(paths[1]).status == 200
    now = worlds.World(attacked.world.data, datetime.now(UTC).replace(microsecond=0))
    people.hand_over(
        now.desk(worlds.ADMINISTRATOR), worlds.OWNER.id, worlds.OTHER_OWNER.id, [worlds.MISSION.id]
    )
    assert olu.get(paths[1]).status == 303  # signed out at once
    again = attacked.line(worlds.OWNER.login)
    assert [again.get(path).status for path in paths] == [404] * len(paths)
    assert "Mission" not in again.get("/visits").text + again.get("/clinics").text
    assert attacked.line(worlds.OTHER_OWNER.login).get(paths[0]).status == 200
