"""Every kind of thing an address can name, in one agency: the owner's of one clinic, with another owner beside.

``walk`` knocks at every door as one person and tells what each answered.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.routing import Rule

from audit.domain.answers import Key, Raw
from audit.domain.people import Person
from audit.operations import (
    actions,
    clocks,
    credentials,
    devices,
    disclosing,
    lots,
    recalls,
    schedule,
    sealing,
)
from audit.operations.clocks import EntryFields
from audit.operations.credentials import PaperFields
from audit.operations.lots import LotFields
from audit.operations.schedule import Plan
from tests.operations import worlds
from tests.web.api.conftest import OURS
from tests.web.conftest import Browser

ANNAS: dict[Key, Raw] = {
    ("licence.displayed", worlds.ANNA.id): Raw(mark="OUT", note="No licence at her station.")
}
NOWHERE = "dddddddd-0000-4000-8000-00000000000d"
ABSENT = {"missing": NOWHERE}
ROLES = {
    "administrator": worlds.ADMINISTRATOR,
    "inspector": worlds.INSPECTOR_PERSON,
    "owner": worlds.OWNER,
    "other owner": worlds.OTHER_OWNER,
    "practitioner": worlds.PRACTITIONER,
}
PLAIN = {
    "item": "needles.single-use",
    "key": "a",
    "kind": "record",
    "size": "thumb",
    "name": "none.css",
    "table": "results",
    "token": "no-such-link",
}
OWN = {"checklists.show": {"key": "mini-inspection", "pack": "xx", "version": "1"}}
LEAVE = "sign_in.leave"  # ends the walk; has tests of its own
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH")
# What the tablet sends and a page's empty form does not: enough to be judged by who sends it.
SAID = {
    "api.sealing.finalize": {
        "manifest_hash": "0" * 64,
        "answers": 0,
        "photos": [],
        "signatures": [],
        "password": "never looked at",
    },
}
# Doors whose thing stands in the query.
ASKED = {
    "api.photos.head": "?inspection=",
    "api.photos.put": "?inspection=",
    "api.visits.changes": "?since=0",
}


@dataclass(frozen=True)
class Knock:
    """One answer: at which door, by which method, about which thing, and what came back."""

    endpoint: str
    method: str
    thing: str
    status: int
    body: str


def furnish(world: worlds.World) -> dict[str, dict[str, str]]:
    """Part of an address -> what can stand there, by name; all of it belongs to the owner's clinic."""
    running, sealed = world.start(), _sealed(world, worlds.INSPECTOR_PERSON, ANNAS)
    shown = _sealed(world, worlds.OWNER)
    disclosing.disclose(world.desk(worlds.OWNER), shown)
    own, own_sealed = world.start(worlds.OWNER), _sealed(world, worlds.OWNER)
    photo = world.photograph(running, ("needles.single-use", None))
    device = _device(world)
    things = {
        "visit_id": {
            "running": running.id,
            "sealed": sealed,
            "self-audit": own.id,
            "sealed self-audit": own_sealed,
            "shown": shown,
            **ABSENT,
        },
        "clinic_id": {"clinic": worlds.MISSION.id, **ABSENT},
        "practitioner_id": {"practitioner": worlds.ANNA.id, **ABSENT},
        "person_id": {"person": worlds.OWNER.id, **ABSENT},
        "device_id": {"device": device, **ABSENT},
        "sha256": {"photo": photo, "missing": "0" * 64},
    }
    at = world.desk(worlds.OWNER)
    held = credentials.add(at, worlds.MISSION.id, PaperFields("practitioner-licence", worlds.ANNA.id))
    lot = lots.add(at, worlds.MISSION.id, LotFields("needle", "LT-100"))
    done = clocks.log(at, worlds.MISSION.id, EntryFields("sharps-pick-up", world.now.date()))
    called_back = recalls.make(world.desk(), recalls.Fields("LT-100", "", "Seals leak.", world.now.date()))
    things["recall_id"] = {"recall": called_back.id, **ABSENT}
    things |= {"lot_id": {"lot": lot.id, **ABSENT}, "entry_id": {"entry": done.id, **ABSENT}}
    planned = schedule.plan(world.desk(), worlds.MISSION.id, Plan("routine", world.now.date()))
    things["planned_id"] = {"planned": planned.id, **ABSENT}
    bos = credentials.add(at, worlds.MISSION.id, PaperFields("practitioner-licence", worlds.BO.id))
    things["paper_id"] = {"paper": held.id, "paper of a colleague": bos.id, **ABSENT}
    found = {
        "action": sealed,
        "action of a self-audit": own_sealed,
        "action of a shown one": shown,
        "action of the practitioner": sealed,
    }
    owed = {name: _owed(actions.of_visit(at, visit), name) for name, visit in found.items()}
    return things | {"action_id": {**owed, **ABSENT}}


def _owed(found: tuple[actions.Told, ...], name: str) -> str:
    """The practitioner's own action where it is named so, else one of nobody in particular."""
    whose = worlds.ANNA.id if name.endswith("practitioner") else None
    return next(one.action.id for one in found if one.action.person == whose)


def _sealed(world: worlds.World, person: Person, more: Mapping[Key, Raw] = MappingProxyType({})) -> str:
    inspection = world.start(person)
    later: dict[Key, Raw] = {("records.last", None): Raw(mark="IN")} if person is worlds.OWNER else {}
    raws = {**worlds.COMPLETE, **later, **more}
    world.answer(inspection, raws, person)
    world.sign(inspection, person)
    sealing.seal(world.desk(person), inspection.id)
    return inspection.id


def _device(world: worlds.World) -> str:
    """A tablet the owner sent work from."""
    device, at = str(uuid4()), world.desk(worlds.OWNER)
    with at.entry() as entry:
        devices.keep_seen(entry, at, None, device, "1", "2026-03-03T17:00:00Z", 0)
    return device


def addresses(app: Flask, things: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """(endpoint, method, thing, address) of every door, method and thing; changing methods come last."""
    for method in METHODS:
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
            takes = rule.methods or set()
            if method not in takes or (method == "HEAD" and "GET" in takes) or rule.endpoint == LEAVE:
                continue
            yield from _of(rule, method, things)


def _of(rule: Rule, method: str, things: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    query = ASKED.get(rule.endpoint, "")
    in_query = query.endswith("=")
    parts = {name: PLAIN[name] for name in rule.arguments if name in PLAIN} | OWN.get(rule.endpoint, {})
    named = [name for name in things if name in rule.arguments and name not in parts]
    if in_query:
        parts["sha256"], named = things["sha256"]["photo"], ["visit_id"]
    # Of two the last one is looked for; the other is there.
    parts |= {name: next(iter(things[name].values())) for name in named[:-1]}
    for thing, value in (things[named[-1]] if named else {"-": ""}).items():
        built = rule.build(
            parts | ({named[-1]: value} if named and not in_query else {}), append_unknown=False
        )
        assert built is not None, rule
        yield rule.endpoint, method, thing, built[1] + query + (value if in_query else "")


def walk(app: Flask, browser: Browser, things: dict[str, dict[str, str]]) -> Iterator[Knock]:
    """Knock everywhere with all that a page or tablet of ours would send, except for what people type."""
    token = ""
    if browser.person is not None:
        token = browser.open("/help").forms[0].values("csrf_token")[0]
    with app.test_request_context():
        every = list(addresses(app, things))
    for endpoint, method, thing, address in every:
        how: dict[str, Any] = {"data": {"csrf_token": token}, "headers": {"Origin": "http://localhost"}}
        if method in ("GET", "HEAD"):
            how = {}
        elif method == "PUT":
            how = {"data": worlds.jpeg(91), "content_type": "image/jpeg", "headers": OURS}
        elif endpoint.startswith("api."):
            said = batch(browser.person) if endpoint == "api.ops.take_in" else SAID.get(endpoint, {})
            how = {"json": said, "headers": OURS}
        answer = browser.client.open(address, method=method, buffered=True, **how)
        body = answer.get_data().decode("utf-8", "replace")
        yield Knock(endpoint, method, thing, answer.status_code, plain(body, things))


def batch(person: Person | None) -> dict[str, Any]:
    """One answer, as the person's tablet would send it."""
    op = {
        "op_id": str(uuid4()),
        "device_seq": 1,
        "author": person.id if person else "",
        "item": "gloves.changed",
        "person": None,
        "kind": "answer",
        "base_rev": 0,
        "value": {"mark": "IN"},
        "client_time": "2026-03-03T08:59:30-08:00",
    }
    return {"device_id": str(uuid4()), "app_version": "1", "sent_at": "2026-03-03T17:00:00Z", "ops": [op]}


def plain(body: str, things: dict[str, dict[str, str]]) -> str:
    """A body without what differs between any two answers: ids, fingerprints, request numbers, times, tokens."""
    every = {value for found in things.values() for value in found.values()}
    for value in every:
        body = body.replace(value, "ID")
    body = re.sub(r'"op_id":\s*"[^"]*"', "", body)
    return re.sub(r'name="csrf_token" value="[^"]*"|\b[0-9a-f]{12}\b', "", body)
