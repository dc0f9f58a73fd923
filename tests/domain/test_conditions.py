"""When an item applies: an unset key never hides anything."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.conditions import comparisons, decide, faults_in, holds, keys_in
from tests.domain import making

CLAVE = {"equals": {"key": "autoclave", "value": True}}
TWO = {"at-least": {"key": "people", "value": 2}}


@pytest.mark.parametrize(
    ("condition", "facts", "applies", "because"),
    [
        (CLAVE, {"autoclave": True}, True, ("autoclave", "true")),
        (CLAVE, {"autoclave": False}, False, ("autoclave", "false")),
        (CLAVE, {"autoclave": "true"}, True, ("autoclave", "true")),  # as a form carries it
        (TWO, {"people": 1}, False, ("people", "1")),
        (TWO, {"people": 2}, True, ("people", "2")),
        (TWO, {"people": "10"}, True, ("people", "10")),  # a number, not text
        ({"not": CLAVE}, {"autoclave": True}, False, ("autoclave", "true")),
        ({"all": [CLAVE, TWO]}, {"autoclave": True, "people": 1}, False, ("people", "1")),
        ({"any": [CLAVE, TWO]}, {"autoclave": False, "people": 2}, True, ("people", "2")),
    ],
)
def test_set_facts_decide_and_are_named(condition, facts, applies, because):
    decision = decide(condition, facts)
    assert (decision.applies, decision.known, decision.because) == (applies, True, because)


@pytest.mark.parametrize("condition", [CLAVE, TWO, {"not": CLAVE}, {"all": [CLAVE]}, {"any": [TWO]}])
@pytest.mark.parametrize("facts", [{}, {"autoclave": None, "people": None}, {"autoclave": "", "people": ""}])
def test_an_unset_key_means_ask(condition, facts):
    decision = decide(condition, facts)
    assert decision.applies and not decision.known and decision.because is None
    assert not holds(condition, facts)


def test_no_condition_always_holds():
    assert decide(None, {}).applies and holds(None, {})


def test_one_false_settles_all_and_one_true_settles_any_whatever_is_open():
    assert not decide({"all": [TWO, CLAVE]}, {"autoclave": False}).applies
    assert holds({"any": [TWO, CLAVE]}, {"autoclave": True})


@pytest.mark.parametrize("entered", ["many", "NaN", "sNaN", "Infinity", "1e5", "1_0", " 2 ", "२", "2."])
def test_what_is_no_number_leaves_at_least_open(entered):
    assert decide(TWO, {"people": entered}).known is False


LEAVES = st.builds(lambda key: {"equals": {"key": key, "value": True}}, st.sampled_from("abcd"))
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)


def kleene(condition, facts):
    """The oracle: 0 is false, 1 is open, 2 is true."""
    ((kind, body),) = condition.items()
    if kind == "equals":
        value = facts.get(body["key"])
        return 1 if value is None else 2 * value
    if kind == "not":
        return 2 - kleene(body, facts)
    return (min if kind == "all" else max)(kleene(part, facts) for part in body)


@given(CONDITIONS, st.dictionaries(st.sampled_from("abcd"), st.sampled_from([True, False, None])))
def test_open_questions_follow_kleene(condition, facts):
    decision = decide(condition, facts)
    value = kleene(condition, facts)
    assert decision.known == (value != 1)
    assert decision.applies == (value > 0)
    assert (decision.because is not None) == decision.known
    if decision.because:
        key, shown = decision.because
        assert shown == str(facts[key]).lower()


@given(CONDITIONS)
def test_conditions_that_can_be_written_have_no_faults(condition):
    assert list(faults_in(condition, "when")) == []
    assert set(keys_in(condition)) <= set("abcd")
    assert {(kind, value) for kind, _, value in comparisons(condition)} == {("equals", True)}


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ("autoclave", "when"),
        ({}, "when"),
        (CLAVE | TWO, "when"),
        ({"sometimes": []}, "when"),
        ({"all": []}, "when.all"),
        ({"any": CLAVE}, "when.any"),
        ({"all": [CLAVE, 3]}, "when.all[1]"),
        ({"not": {"not": 1}}, "when.not.not"),
        ({"equals": {"key": "a"}}, "when.equals"),
        ({"equals": {"key": 1, "value": 1}}, "when.equals"),
        ({"equals": {"key": "a", "value": 1, "or": 2}}, "when.equals"),
        ({"equals": {"key": "a", "value": 1.5}}, "when.equals"),
        ({"equals": {"key": "a", "value": [True]}}, "when.equals"),
        ({"at-least": {"key": "a", "value": "two"}}, "when.at-least"),
        ({"at-least": {"key": "a", "value": "NaN"}}, "when.at-least"),
        ({"at-least": {"key": "a", "value": True}}, "when.at-least"),
        ({"at-least": {"key": "a", "value": 2.5}}, "when.at-least"),
    ],
)
def test_a_badly_written_condition_is_placed(condition, place):
    assert [where for where, _ in faults_in(condition, "when")] == [place]


def test_a_published_condition_judges_as_it_was_written():
    mini = making.item("""
        [[fact]]
        key = "people"
        kind = "int"
        [[item]]
        key = "desk.two"
        applies_when = { at-least = { key = "people", value = 2 } }
    """)
    assert holds(mini.applies_when, {"people": 2})
    assert not decide(mini.applies_when, {"people": 1}).applies
