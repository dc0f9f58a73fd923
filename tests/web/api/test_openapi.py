"""The OpenAPI document is sound, names every door of the API, and every real answer has the shape it promises."""

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from audit.web.api import openapi
from tests.operations import worlds
from tests.operations.worlds import MISSION
from tests.web.api.conftest import Tablet
from tests.web.api.test_kits import sealed
from tests.web.api.test_rescue import picture, rescue_file
from tests.web.api.test_sealing import finalize, said
from tests.web.api.test_starts import complete, sha_of, signature

ITEM = "needles.single-use"
DOCUMENT = openapi.document()


def fits(answer, method, path):
    """The answer has one of the documented statuses, and the shape that goes with it."""
    responses = DOCUMENT["paths"][path][method]["responses"]
    told = responses[str(answer.status_code)]
    schema = told["content"]["application/json"]["schema"] | {"components": DOCUMENT["components"]}
    faults = [
        f"{list(row.path)}: {row.message}" for row in Draft202012Validator(schema).iter_errors(answer.told)
    ]
    assert not faults, faults
    return answer


def test_the_document_is_sound():
    validate(DOCUMENT)


def test_every_door_of_the_api_is_in_it(house, tablet):
    told = tablet.browser.client.get("/api/v1/openapi.json").get_json()
    assert told == DOCUMENT
    doors = set()
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            path = re.sub(r"<(?:\w+:)?(?:visit|clinic)_id>", "{id}", rule.rule.removeprefix("/api/v1"))
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
            methods = rule.methods - {"OPTIONS"} - ({"HEAD"} if "GET" in rule.methods else set())
            doors |= {(method.lower(), path) for method in methods}
    assert doors == {(method, path) for path, deeds in DOCUMENT["paths"].items() for method in deeds}


def test_answers_have_the_shape_they_promise(house, tablet):
    visit = house.world.start().id
    last, _ = sealed(house)
    other = Tablet(house)
    fits(tablet.get("/bootstrap"), "get", "/bootstrap")
    fits(tablet.get(f"/clinics/{MISSION.id}/kit"), "get", "/clinics/{id}/kit")
    fits(tablet.get(f"/checklists/{sha_of(house)}"), "get", "/checklists/{sha256}")
    complete(tablet, visit)
    lost = other.answer(ITEM, mark="NO")
    ops = "/inspections/{id}/ops"
    for batch in (other.batch(lost, lost, 7), tablet.batch(tablet.answer("no.item"))):
        fits(tablet.post(f"/inspections/{visit}/ops", batch), "post", ops)
    fits(tablet.get(f"/inspections/{visit}"), "get", "/inspections/{id}")
    fits(tablet.get(f"/inspections/{last}"), "get", "/inspections/{id}")
    fits(tablet.get(f"/inspections/{visit}/changes?since=1"), "get", "/inspections/{id}/changes")
    final = "/inspections/{id}/finalize"
    assert fits(finalize(tablet, visit, said(house, visit)), "post", final).status_code == 409
    keep = tablet.op("resolve", ITEM, None, 1, keep="current", reason="Seen.")
    assert tablet.verdicts(visit, keep) == ["applied"]
    both = (signature(tablet, visit), signature(tablet, visit, "person-in-charge", "Olu Adeyemi"))
    told = tablet.send(visit, *both)
    assert [row["status"] for row in told] == ["applied", "applied"], told
    fits(tablet.photo(visit, worlds.jpeg()), "put", "/photos/{sha256}")
    assert fits(finalize(tablet, visit, said(house, visit)), "post", final).status_code == 200
    administrator = Tablet(house, worlds.ADMINISTRATOR)
    fits(tablet.post(f"/inspections/{visit}/passkey", {}), "post", "/inspections/{id}/passkey")
    file = rescue_file(tablet, [(visit, keep)], [picture(visit)])
    fits(administrator.post("/rescue", file), "post", "/rescue")


def test_refusals_have_the_shape_they_promise(house, tablet, visit):
    nobody = Tablet(house, None)
    ops, final = "/inspections/{id}/ops", "/inspections/{id}/finalize"
    fits(nobody.get("/bootstrap"), "get", "/bootstrap")
    fits(tablet.get(f"/clinics/{visit}/kit"), "get", "/clinics/{id}/kit")
    fits(tablet.get(f"/inspections/{visit}/changes"), "get", "/inspections/{id}/changes")
    fits(tablet.post(f"/inspections/{visit}/ops", {}), "post", ops)
    old = tablet.batch() | {"app_version": "2020-01-01.x"}
    assert fits(tablet.post(f"/inspections/{visit}/ops", old), "post", ops).status_code == 426
    fits(tablet.post(f"/inspections/{visit}/finalize", {}), "post", final)
    fits(tablet.photo(visit, b"x"), "put", "/photos/{sha256}")
    fits(tablet.post("/rescue", {}), "post", "/rescue")


def test_a_wrong_answer_would_be_noticed(tablet, visit):
    answer = tablet.get(f"/inspections/{visit}")
    answer.told["extra"] = 1
    with pytest.raises(AssertionError, match="extra"):
        fits(answer, "get", "/inspections/{id}")
