"""Tablets as the server meets them: one device, one signed-in person, operations counted one after another."""

import hashlib
import json
from typing import Any
from uuid import uuid4

import pytest

from audit.domain.people import Person
from tests.operations import worlds

TODAY = worlds.NOW.date().isoformat()
OURS = {"X-Clinic-Audit": "1", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


class Tablet:
    """A device in somebody's hands; every answer has to be JSON with the server's time."""

    def __init__(self, house: Any, person: Person | None = worlds.INSPECTOR_PERSON) -> None:
        self.house, self.person = house, person
        self.browser = house.browser(person)
        self.device, self.seq = str(uuid4()), 0

    def ask(self, method: str, address: str, **how: Any) -> Any:
        how.setdefault("headers", OURS)
        answer = self.browser.client.open(address, method=method, **how)
        assert answer.mimetype == "application/json", (answer.status, answer.text)
        if method != "HEAD":
            answer.told = answer.get_json()
            assert answer.told["server_time"].endswith("Z")
            if answer.status_code >= 400:
                assert answer.told["error"]["code"] and answer.told["error"]["words"]
        return answer

    def get(self, address: str, **how: Any) -> Any:
        return self.ask("GET", f"/api/v1{address}", **how)

    def post(self, address: str, document: Any, **how: Any) -> Any:
        return self.ask(
            "POST", f"/api/v1{address}", data=json.dumps(document), content_type="application/json", **how
        )

    def op(
        self, kind: str, item: str = "", person: str | None = None, base_rev: int = 0, /, **value: Any
    ) -> dict:
        self.seq += 1
        return {
            "op_id": str(uuid4()),
            "device_seq": self.seq,
            "author": self.person.id if self.person else "",
            "item": item,
            "person": person,
            "kind": kind,
            "base_rev": base_rev,
            "value": value,
            "client_time": "2026-03-03T08:59:30-08:00",
        }

    def answer(self, item: str, person: str | None = None, base_rev: int = 0, /, **value: Any) -> dict:
        return self.op("answer", item, person, base_rev, **value)

    def batch(self, *ops: Any) -> dict:
        return {
            "device_id": self.device,
            "app_version": f"{TODAY}.0123456789ab",
            "sent_at": "2026-03-03T16:59:48Z",
            "ops": list(ops),
        }

    def send(self, visit: str, *ops: Any) -> list[dict]:
        answer = self.post(f"/inspections/{visit}/ops", self.batch(*ops))
        assert answer.status_code == 200, answer.told
        results = answer.told["results"]
        for row, op in zip(results, ops, strict=True):
            named = op.get("op_id") if isinstance(op, dict) else None
            assert row["op_id"] == (named if isinstance(named, str) else "")
        return results

    def verdicts(self, visit: str, *ops: Any) -> list[str]:
        return [row["status"] for row in self.send(visit, *ops)]

    def photo(self, visit: str, data: bytes, name: str | None = None, **headers: str) -> Any:
        name = name or hashlib.sha256(data).hexdigest()
        return self.ask(
            "PUT",
            f"/api/v1/photos/{name}?inspection={visit}",
            data=data,
            content_type="image/jpeg",
            headers={**OURS, **headers},
        )

    def visit(self, visit: str) -> dict:
        answer = self.get(f"/inspections/{visit}")
        assert answer.status_code == 200, answer.told
        return answer.told


@pytest.fixture
def tablet(house: Any) -> Tablet:
    return Tablet(house)


@pytest.fixture
def visit(house: Any) -> str:
    """A running visit of the inspector."""
    return house.world.start().id


@pytest.fixture
def lost(house: Any) -> Any:
    """How much the ledger holds of operations and lines, to see that nothing was written."""

    def count() -> tuple[int, int]:
        ledger = house.world.desk().ledger
        return ledger.inspections.newest_seq(), ledger.trail.verify().length

    return count
