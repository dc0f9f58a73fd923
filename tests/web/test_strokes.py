"""Signatures drawn on the sign page: taken, refused in words, shown again, sealed and printed."""

import json
import re

import pytest

from audit.domain import strokes as rules
from audit.operations import inspections, records
from audit.web import strokes
from tests.operations.worlds import COMPLETE

HERS = "[[[1000,2000],[3000,1000],[5000,3000]],[[6000,1000]]]"
HIS = "[[[500,500],[9000,3500]]]"
NAMES = {"inspector": "Ines Field", "charge_state": "signed", "charge_name": "Olu Adeyemi"}


@pytest.fixture
def visit(house):
    visit = house.world.start()
    house.world.answer(visit, COMPLETE)
    return visit


def kept(house, visit):
    return inspections.open_visit(house.world.desk(), visit.id).signatures


def paths(page):
    return re.findall(r'role="img" aria-label="Drawn signature of ([^"]+)"><path[^>]* d="([^"]+)"', page.text)


def test_drawn_signatures_are_sealed_and_shown(house, inspector, visit):
    sign = inspector.open(f"/visits/{visit.id}/sign")
    assert "hidden data-pad=" in sign.text
    seal = inspector.follow(sign.submit(NAMES | {"inspector_strokes": HERS, "charge_strokes": HIS}))
    drawn = [
        ("Ines Field", "M1000 2000Q3000 1000 4000 2000L5000 3000M6000 1000h1"),
        ("Olu Adeyemi", "M500 500L9000 3500"),
    ]
    assert paths(seal) == drawn
    hers, his = kept(house, visit)
    assert hers.how == his.how == "drawn" and rules.written(his.strokes) == HIS
    again = inspector.open(f"/visits/{visit.id}/sign")
    assert f'data-kept="{HERS}"' in again.text and f'data-kept="{HIS}"' in again.text
    inspector.follow(seal.submit())
    assert paths(inspector.open(f"/visits/{visit.id}")) == drawn
    sealed = records.sealed(house.world.desk(), visit.id)
    assert [row["how"] for row in sealed.document["signatures"]] == ["drawn", "drawn"]
    assert "2000" not in json.dumps(sealed.document["signatures"])
    assert inspector.open(f"/visits/{visit.id}/reports/record.pdf").status == 200


def test_a_typed_name_is_enough_and_always_needed(house, inspector, visit):
    sign = inspector.open(f"/visits/{visit.id}/sign")
    page = sign.submit(NAMES | {"inspector": "", "inspector_strokes": HERS})
    assert page.status == 422 and f'data-kept="{HERS}"' in page.text
    page = sign.submit(NAMES | {"charge_name": "", "charge_strokes": HIS})
    assert page.status == 422 and f'data-kept="{HIS}"' in page.text
    assert not kept(house, visit)
    seal = inspector.follow(sign.submit(NAMES))
    assert paths(seal) == [] and {row.how for row in kept(house, visit)} == {"typed"}


def test_signing_anew_without_a_drawing_takes_it_away(house, inspector, visit):
    sign = inspector.open(f"/visits/{visit.id}/sign")
    sign.submit(NAMES | {"inspector_strokes": HERS})
    sign.submit(NAMES)
    assert not any(row.strokes for row in kept(house, visit))


@pytest.mark.parametrize("state", ["refused", "absent"])
def test_who_does_not_sign_leaves_no_drawing(house, inspector, visit, state):
    sign = inspector.open(f"/visits/{visit.id}/sign")
    assert sign.submit(NAMES | {"charge_state": state, "charge_strokes": HIS}).status == 303
    _, his = kept(house, visit)
    assert (his.state, his.how, his.strokes) == (state, "typed", ())


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("[[[1,2,3]]]", rules.UNREADABLE),
        ('"><script>alert(1)</script>', rules.UNREADABLE),
        ("[" * 50_000, rules.UNREADABLE),
        ("[[[10001,0],[0,0]]]", rules.UNREADABLE),
        (json.dumps([[[1, 2]] * 20_000], separators=(",", ":")), rules.TOO_MUCH),
        (json.dumps([[[1, 2]]] * 401, separators=(",", ":")), rules.TOO_MUCH),
        ("[[[5000,2000]]]", rules.TOO_SMALL),
    ],
    ids=["triples", "script", "deep", "outside", "long", "many", "dot"],
)
@pytest.mark.parametrize("field", ["inspector_strokes", "charge_strokes"])
def test_a_hostile_drawing_is_refused_at_its_field(house, inspector, visit, field, sent, words):
    page = inspector.open(f"/visits/{visit.id}/sign").submit(NAMES | {field: sent})
    assert page.status == 422 and words in page.words
    assert f'href="#{field}"' in page.text and f'id="{field}-error"' in page.text
    assert sent not in page.text, "what was refused is not given back"
    assert page.form.values("inspector") == ["Ines Field"], "what was typed is"
    assert not kept(house, visit)


def test_a_change_voids_drawings_too(house, inspector, visit):
    inspector.open(f"/visits/{visit.id}/sign").submit(NAMES | {"inspector_strokes": HERS})
    house.world.later(minutes=1)
    first = next(iter(COMPLETE))
    house.world.answer(visit, {first: type(COMPLETE[first])(mark="NA")})
    assert not kept(house, visit)


def test_a_path_runs_through_every_line():
    assert strokes.path(()) == ""
    assert strokes.path((((1, 2), (3, 4)),)) == "M1 2L3 4"
    assert strokes.path((((0, 0), (10, 10), (20, 0), (30, 10)),)) == "M0 0Q10 10 15 5Q20 0 25 5L30 10"
