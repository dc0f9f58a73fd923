"""Somebody with an owner's account tries to get at another clinic: by every id, hash, filter, search and error text."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest

from audit.domain.answers import Key, Raw
from audit.operations import clinics, credentials, disclosing, lots, people, sealing
from audit.operations.credentials import PaperFields
from audit.operations.lots import LotFields
from tests.operations import worlds
from tests.web.api.conftest import OURS
from tests.web.conftest import Browser

# Words that stand in the victim's data and nowhere else.
SECRETS = (
    "Mission Scalp Studio",
    "1 Mission St",
    "Anna Quill",
    "Bo Li",
    "Olu Adeyemi",
    "Two cartridges kept",
    "LT-100",
    "BA-1",
)


@pytest.fixture
def victim(house: Any) -> dict[str, str]:
    """Everything of another clinic that has an id: visits of both kinds, photo, action, paper, lot, people."""
    world = house.world
    running = world.start()
    photo = world.photograph(running, ("needles.single-use", None))
    sealed = [_sealed(world, one) for one in (worlds.INSPECTOR_PERSON, worlds.OWNER)]
    disclosing.disclose(world.desk(worlds.OWNER), sealed[1])
    at = world.desk(worlds.OWNER)
    actions = world.desk().ledger.actions.of_visit(sealed[0])
    return {
        "visit": running.id,
        "sealed": sealed[0],
        "self-audit": sealed[1],
        "photo": photo,
        "action": actions[0].action.id,
        "paper": credentials.add(
            at, worlds.MISSION.id, PaperFields("practitioner-licence", worlds.ANNA.id)
        ).id,
        "lot": lots.add(at, worlds.MISSION.id, LotFields("needle", "LT-100")).id,
        "clinic": worlds.MISSION.id,
        "practitioner": worlds.ANNA.id,
        "person": worlds.OWNER.id,
        "report": world.desk().ledger.records.get(sealed[0]).sha256,
    }


def _sealed(world: Any, person: Any) -> str:
    visit = world.start(person)
    later: dict[Key, Raw] = {("records.last", None): Raw(mark="IN")} if person is worlds.OWNER else {}
    world.answer(visit, {**worlds.COMPLETE, **later}, person)
    world.sign(visit, person)
    sealing.seal(world.desk(person), visit.id)
    return str(visit.id)


@pytest.fixture
def attacker(house: Any) -> Browser:
    browser: Browser = house.browser(worlds.OTHER_OWNER)
    return browser


def given_away(answer: Any) -> list[str]:
    text = answer.get_data().decode("utf-8", "replace")
    return [secret for secret in SECRETS if secret in text]


def test_no_id_in_any_place_of_any_address_gives_anything_away(house, victim, attacker) -> None:
    """Each id of the victim at every place of every door that takes one: also where it does not belong."""
    rules = [
        rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.arguments
    ]
    tried = 0
    for rule in rules:
        for value in victim.values():
            try:
                with house.app.test_request_context():
                    built = rule.build(dict.fromkeys(rule.arguments, value), append_unknown=False)
            except ValueError:
                continue  # this place takes numbers only
            if built is None:
                continue
            answer = attacker.client.get(built[1], buffered=True, headers=OURS)
            tried += 1
            assert not given_away(answer), (built[1], given_away(answer))
            assert answer.status_code < 500, built[1]
    assert tried > 300


def test_no_filter_and_no_search_gives_anything_away(house, victim, attacker) -> None:
    names = ("clinic", "person", "visit", "after", "text", "q", "paper", "planned", "inspection", "lot")
    lists = [
        rule.rule
        for rule in house.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    for path in lists:
        for value in (*victim.values(), "Mission", "Quill", "BA-1", "%", "'", "*"):
            asked = "&".join(f"{name}={quote(value)}" for name in names)
            answer = attacker.client.get(f"{path}?{asked}", buffered=True, headers=OURS)
            found = [secret for secret in given_away(answer) if secret not in value]
            assert not found, (path, value, found)
            assert answer.status_code < 500, (path, value)


def test_nothing_of_a_stranger_is_taken_into_ones_own(house, victim, attacker) -> None:
    """Ids of others inside forms and batches of one's own: practitioners, photos, visits, clinics."""
    own = house.world.start(worlds.OTHER_OWNER, clinic_id=worlds.HARBOUR.id, practitioners=())
    token = attacker.open("/help").forms[0].values("csrf_token")[0]
    forms = {
        f"/visits/{own.id}/set-up": {"practitioners": victim["practitioner"]},
        f"/clinics/{worlds.HARBOUR.id}/papers/new": {
            "kind": "practitioner-licence",
            "holder": victim["practitioner"],
        },
        "/account/sessions/end": {"session": "0" * 16},
    }
    for address, fields in forms.items():
        answer = attacker.client.post(address, data={**fields, "csrf_token": token}, buffered=True)
        assert not given_away(answer) and answer.status_code in (303, 404, 422), address
    ops = [
        {
            "kind": "photo-link",
            "item": "needles.single-use",
            "value": {"sha256": victim["photo"], "caption": "", "marks": []},
        },
        {
            "kind": "answer",
            "item": "licence.displayed",
            "person": victim["practitioner"],
            "value": {"mark": "IN"},
        },
    ]
    for number, op in enumerate(ops):
        whole = {
            "op_id": f"aaaaaaaa-0000-4000-8000-00000000000{number}",
            "device_seq": number + 1,
            "author": worlds.OTHER_OWNER.id,
            "base_rev": 0,
            "client_time": "2026-03-03T08:59:30-08:00",
            "person": None,
            **op,
        }
        batch = {"device_id": "bbbbbbbb-0000-4000-8000-000000000001", "app_version": "1",
                 "sent_at": "2026-03-03T17:00:00Z", "ops": [whole]}  # fmt: skip
        answer = attacker.client.post(
            f"/api/v1/inspections/{own.id}/ops", json=batch, headers=OURS, buffered=True
        )
        assert not given_away(answer)
        assert "applied" not in json.dumps(answer.get_json()), answer.get_json()
    assert attacker.client.get(f"/photos/{victim['photo']}/thumb").status_code == 404


def test_refusals_say_word_for_word_what_is_said_of_nothing(house, victim, attacker) -> None:
    nowhere = "dddddddd-0000-4000-8000-00000000000d"
    for path in (
        "/visits/{}",
        "/clinics/{}",
        "/actions/{}",
        "/visits/{}/history",
        "/papers/{}",
        "/visits/{}/reports/record.pdf",
    ):
        missing = plain(attacker.client.get(path.format(nowhere), buffered=True), nowhere)
        for value in victim.values():
            if re.fullmatch(r"[0-9a-f-]{36}", value):
                assert plain(attacker.client.get(path.format(value), buffered=True), value) == missing, path


def plain(answer: Any, value: str) -> tuple[int, str]:
    body = re.sub(r'name="csrf_token" value="[^"]*"|\b[0-9a-f]{12}\b', "", answer.get_data().decode())
    return answer.status_code, body.replace(value, "ID")


def test_an_owner_who_gave_a_clinic_away_has_nothing_left(house, victim) -> None:
    people.hand_over(
        house.world.desk(worlds.ADMINISTRATOR), worlds.OWNER.id, worlds.OTHER_OWNER.id, [worlds.MISSION.id]
    )
    olu = house.browser(worlds.OWNER)
    for path in (
        f"/visits/{victim['sealed']}",
        f"/clinics/{victim['clinic']}",
        f"/photos/{victim['photo']}/thumb",
    ):
        assert olu.open(path).status == 404, path
    assert "Mission" not in olu.open("/visits").words
    assert clinics.search(house.world.desk(worlds.OTHER_OWNER)).rows
