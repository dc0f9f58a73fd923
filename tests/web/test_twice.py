"""What is sent again, at once or after an error: kept once, never lost, never somebody else's."""

from uuid import UUID

import pytest

from audit.operations.inspections import open_visit
from tests.operations.worlds import ANNA, BO


def person_slugs(page):
    names = [name for name, _ in page.form.pairs if name.endswith("-op") and name.count("_") == 2]
    return [name.removesuffix("-op") for name in names]


def test_every_answer_of_an_error_page_can_be_saved(house, inspector):
    visit = house.world.start()
    address = f"/visits/{visit.id}/sections/a"
    page = inspector.open(address)
    first, second = person_slugs(page)
    refused = page.submit({f"{first}-mark": "IN", "csrf_token": "stale", "go": "hub"})
    assert refused.status == 422
    for name, value in refused.form.pairs:
        assert not name.endswith("-op") or UUID(value)
    assert refused.submit({f"{second}-mark": "IN", "go": "hub"}).status == 303
    kept = open_visit(house.world.desk(), visit.id).kept
    assert {person for _, person in kept} == {ANNA.id, BO.id}


@pytest.mark.parametrize("op", [None, "\x00", "\ufffd"])
def test_an_answer_without_a_readable_number_is_kept_at_its_own_visit(house, inspector, op):
    for visit in (house.world.start(), house.world.start()):
        page = inspector.open(f"/visits/{visit.id}/sections/a")
        assert page.submit({"a_A01-mark": "IN", "a_A01-op": op, "go": "hub"}).status == 303
        assert ("needles.single-use", None) in open_visit(house.world.desk(), visit.id).kept


def test_one_number_at_two_visits_is_two_operations(house, inspector):
    op = "6f2c1a52-2c55-4f5e-9d5e-0a8a3f3c1b11"
    for visit in (house.world.start(), house.world.start()):
        page = inspector.open(f"/visits/{visit.id}/sections/a")
        assert page.submit({"a_A01-mark": "IN", "a_A01-op": op, "go": "hub"}).status == 303
        assert ("needles.single-use", None) in open_visit(house.world.desk(), visit.id).kept
