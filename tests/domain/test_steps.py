"""Where a visit stands. Facts hide items and bring them back; nothing that was answered is ever lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.answers import PhotoLink, Raw
from audit.domain.steps import DONE, LOOKED_AT, MISSING, NOT_STARTED
from tests.domain import making
from tests.domain.making import ANNA, BEA, IN, OUT

STUDIO = making.checklist(
    """
    [[fact]]
    key = "autoclave"
    [[fact]]
    key = "procedure_observed"
    scope = "visit"
    [[item]]
    key = "soap.there"
    [[item]]
    key = "clave.log"
    applies_when = { equals = { key = "autoclave", value = true } }
    [[item]]
    key = "gloves.changed"
    needs_sight = true
    [[item]]
    key = "licence.shown"
    per = "practitioner"
    """,
    sections={"A": ["soap.there", "clave.log"], "B": ["gloves.changed", "licence.shown"]},
)


def journey(answers=None, **how):
    return making.visit(STUDIO, answers, **how).journey


def test_everything_is_asked_while_nothing_is_known():
    found = journey()
    assert [entry.item.key for entry in found.entries()] == [
        "soap.there",
        "clave.log",
        "gloves.changed",
        "licence.shown",
    ]
    assert found.inapplicable == () and (found.answered, found.total) == (0, 4)


def test_an_item_that_does_not_apply_is_listed_once_with_the_fact_that_decided():
    found = journey(profile={"autoclave": False}, people=[ANNA, BEA])
    (hidden,) = found.inapplicable
    assert (hidden.item.key, hidden.because) == ("clave.log", ("autoclave", "false"))
    assert "clave.log" not in [entry.item.key for entry in found.entries()]
    assert found.total == 3


def test_a_changed_fact_keeps_answers_aside_and_brings_them_back():
    answers = {("clave.log", None): OUT, ("soap.there", None): IN}
    without = journey(answers, profile={"autoclave": False})
    (aside,) = without.kept_aside
    assert (aside.item, aside.mark, aside.note) == ("clave.log", "OUT", "It was wrong.")
    back = journey(answers, profile={"autoclave": True})
    assert back.kept_aside == ()
    assert [entry.reading.answer.mark for entry in back.entries()][:2] == ["IN", "OUT"]


def test_an_entry_that_was_emptied_again_is_not_kept_aside():
    assert journey({("clave.log", None): Raw()}, profile={"autoclave": False}).kept_aside == ()


def test_a_photo_of_what_does_not_apply_is_kept_aside():
    links = {("clave.log", None): (PhotoLink("ab" * 32),)}
    (aside,) = journey(profile={"autoclave": False}, links=links).kept_aside
    assert aside.photos == (PhotoLink("ab" * 32),)


# sight --------------------------------------------------------------------------------------------------------


def gloves(answers=None, **how):
    return next(entry for entry in journey(answers, **how).entries() if entry.item.key == "gloves.changed")


@pytest.mark.parametrize("observed", [False, "false"])
def test_without_a_procedure_to_see_the_item_is_preset_no_but_not_hidden(observed):
    answer = gloves(facts={"procedure_observed": observed}).reading.answer
    assert (answer.mark, answer.preset) == ("NO", True)


@pytest.mark.parametrize("facts", [{"procedure_observed": True}, {}])
def test_otherwise_it_is_asked(facts):
    assert gloves(facts=facts).reading.answer.mark is None


def test_the_preset_may_be_changed_and_comes_back_when_cleared():
    facts = {"procedure_observed": False}
    answer = gloves({("gloves.changed", None): OUT}, facts=facts).reading.answer
    assert (answer.mark, answer.preset) == ("OUT", False)
    cleared = gloves({("gloves.changed", None): Raw()}, facts=facts).reading.answer
    assert (cleared.mark, cleared.preset) == ("NO", True)


def test_a_half_given_answer_is_not_covered_up_by_the_preset():
    half = gloves({("gloves.changed", None): Raw(mark="OUT")}, facts={"procedure_observed": False})
    assert not half.reading.complete


def test_a_preset_keeps_the_photos_taken_for_it():
    links = {("gloves.changed", None): (PhotoLink("ab" * 32, "the glove box"),)}
    answer = gloves(facts={"procedure_observed": False}, links=links).reading.answer
    assert (answer.mark, answer.photos) == ("NO", (PhotoLink("ab" * 32, "the glove box"),))


# practitioners ------------------------------------------------------------------------------------------------


def licences(answers=None, people=()):
    return list(journey(answers, people=people).items())[-1]


def test_some_items_are_asked_for_everybody_on_duty():
    state = licences({("licence.shown", ANNA): IN, ("licence.shown", BEA): OUT}, [ANNA, BEA])
    assert [entry.person for entry in state.entries] == [ANNA, BEA]
    assert state.mark == "OUT" and state.answered


def test_an_item_counts_as_answered_when_everybody_is():
    state = licences({("licence.shown", ANNA): OUT}, [ANNA, BEA])
    assert not state.answered and state.mark == "OUT"


def test_with_nobody_on_duty_it_is_asked_once():
    state = licences({("licence.shown", None): IN})
    assert [entry.person for entry in state.entries] == [None] and state.mark == "IN"


def test_who_goes_off_duty_takes_the_answer_aside():
    found = journey({("licence.shown", ANNA): OUT, ("licence.shown", None): IN}, people=[BEA])
    assert {(answer.item, answer.person) for answer in found.kept_aside} == {
        ("licence.shown", ANNA),
        ("licence.shown", None),
    }


# progress -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({}, NOT_STARTED),
        ({"soap.there": IN}, LOOKED_AT),
        ({"soap.there": IN, "clave.log": Raw(mark="OUT")}, MISSING),
        ({"soap.there": Raw(note="?")}, MISSING),
        ({"soap.there": IN, "clave.log": OUT}, DONE),
    ],
)
def test_a_section_tells_how_far_it_is(answers, state):
    found = journey({(item, None): raw for item, raw in answers.items()})
    section = found.section("a")
    assert section is not None and section.state == state


def test_presets_alone_do_not_start_a_section():
    section = journey(facts={"procedure_observed": False}).section("b")
    assert section is not None and section.state == NOT_STARTED
    assert (section.answered, section.total) == (0, 2)
    assert section.preset == 1


def test_gaps_name_what_is_open_and_what_is_wrong():
    found = journey({("soap.there", None): Raw(mark="OUT"), ("clave.log", None): IN}, people=[ANNA])
    gaps = [(gap.section.key, gap.entry.key, gap.words) for gap in found.gaps]
    assert gaps == [
        ("a", ("soap.there", None), "Say what you saw: an OUT needs words."),
        ("b", ("gloves.changed", None), "Not answered yet."),
        ("b", ("licence.shown", ANNA), "Not answered yet."),
    ]
    first = found.first_unfinished
    assert first is not None and first.section.key == "a" and not found.done


def test_a_finished_visit_has_no_gaps():
    found = journey(
        {(item, None): IN for item in ("soap.there", "clave.log", "gloves.changed", "licence.shown")}
    )
    assert found.done and found.gaps == () and found.first_unfinished is None


def test_sections_know_their_neighbours_and_empty_ones_vanish():
    found = journey()
    assert [state.section.key for state in (found.after("a"), found.before("b")) if state] == ["b", "a"]
    assert found.after("b") is None and found.before("a") is None and found.section("c") is None
    assert found.after("c") is None and found.before("c") is None
    only = making.checklist(
        """
        [[fact]]
        key = "autoclave"
        [[item]]
        key = "clave.log"
        applies_when = { equals = { key = "autoclave", value = true } }
        """
    )
    hidden = making.visit(only, profile={"autoclave": False}).journey
    assert hidden.sections == () and hidden.total == 0 and hidden.done


ENTRIES = st.dictionaries(
    st.tuples(
        st.sampled_from(["soap.there", "clave.log", "gloves.changed", "licence.shown"]),
        st.sampled_from([None, ANNA, BEA]),
    ),
    st.sampled_from([IN, OUT, making.NOT_OBSERVED, Raw(note="half")]),
)
FACTS = st.dictionaries(st.sampled_from(["autoclave", "procedure_observed"]), st.booleans())
PEOPLE = st.lists(st.sampled_from([ANNA, BEA]), unique=True)


@given(ENTRIES, FACTS, PEOPLE)
def test_every_item_stands_in_one_place_and_every_answer_is_somewhere(answers, facts, people):
    found = journey(answers, facts=facts, people=people)
    shown = [state.item.key for state in found.items()] + [row.item.key for row in found.inapplicable]
    assert sorted(shown) == sorted(item.key for item in STUDIO.items())
    there = [entry.key for entry in found.entries()]
    aside = [(answer.item, answer.person) for answer in found.kept_aside]
    assert set(answers) <= {*there, *aside} and not set(there) & set(aside)
    assert found.done == (found.gaps == ())
    assert found.answered <= found.total
