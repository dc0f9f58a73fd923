"""Every worked example of the two schemes, and what must hold for any visit."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.answers import MARKS
from audit.domain.checklists import SEVERITIES, Scheme
from audit.domain.scoring import (
    FINDINGS,
    NO_FINDINGS,
    NOT_SCORED,
    UNCORRECTED_CRITICAL,
    Rated,
    score,
    tenths,
)
from tests.domain import making
from tests.domain.making import ANNA, BEA, IN, OUT, OUT_COS

DEDUCTION = Scheme()
SPARING = Scheme(cos_deducts=False)
PERCENT = Scheme(kind="percent", may_pass=True)

_numbers = count(1)


def some(times: int, severity: str, mark: str, cos: bool = False, official: bool = True) -> list[Rated]:
    return [
        Rated(f"item.n{number}", f"A-{number}", severity, mark, cos, official)
        for number, _ in zip(_numbers, range(times), strict=False)
    ]


CASE_2 = some(1, "critical", "OUT") + some(1, "major", "OUT")


# deduction from 100 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "scheme", "points"),
    [
        (some(60, "critical", "IN"), DEDUCTION, "100.0"),
        (CASE_2 + some(1, "minor", "OUT"), DEDUCTION, "92.0"),
        (CASE_2 + some(1, "minor", "OUT", cos=True), DEDUCTION, "92.0"),
        (CASE_2 + some(1, "minor", "OUT", cos=True), SPARING, "93.0"),
        (some(25, "critical", "OUT"), DEDUCTION, "0.0"),
        (some(6, "critical", "NA") + some(6, "minor", "NO"), DEDUCTION, None),
        (some(3, "critical", "OUT") + some(4, "major", "OUT") + some(6, "minor", "OUT"), DEDUCTION, "71.0"),
    ],
    ids=["all in", "one each", "corrected", "corrected, spared", "floor", "nothing rated", "many"],
)
def test_worked_examples_of_the_deduction(items, scheme, points):
    result = score(items, scheme)
    assert tenths(result.score) == points
    assert tenths(result.main) == points
    if points is not None:
        assert max(0, 100 - sum(line.deducted for line in result.lines)) == float(points)


def test_nothing_rated_is_not_a_hundred():
    result = score(some(6, "critical", "NA") + some(6, "minor", "NO"), DEDUCTION)
    assert result.status == NOT_SCORED
    assert (result.score, result.percent, result.weighted) == (None, None, None)
    assert not result.may_pass and result.lines == ()
    assert result.words == ("No item was rated IN or OUT, so there is no score.",)


def test_the_lines_say_what_was_deducted_for_what():
    result = score(CASE_2 + some(1, "minor", "OUT", cos=True) + some(1, "major", "IN"), SPARING)
    assert [(line.severity, line.mark, line.weight, line.deducted) for line in result.lines] == [
        ("critical", "OUT", 5, 5),
        ("major", "OUT", 2, 2),
        ("minor", "OUT", 1, 0),
        ("major", "IN", 2, 0),
    ]


def test_the_words_repeat_the_sum():
    result = score(CASE_2 + some(2, "minor", "OUT") + some(6, "minor", "IN"), DEDUCTION)
    assert result.words == (
        "Deduction: 100 − 1 critical × 5 − 1 major × 2 − 2 minor × 1 = 91",  # noqa: RUF001
        "Percent: 6 of 10 rated items are IN = 60.0 %",
        "Weighted: 6 of 15 points = 40.0 %",
    )
    assert "never below 0" in score(some(25, "critical", "OUT"), DEDUCTION).words[0]
    assert "still deduct" in score(some(1, "minor", "OUT", cos=True), DEDUCTION).words[-1]
    assert score(some(1, "minor", "OUT", cos=True), SPARING).words[-1].endswith("not deducted: 1")


# percent ------------------------------------------------------------------------------------------------------


def test_worked_example_of_the_percent():
    items = (
        some(40, "minor", "IN") + some(5, "minor", "OUT") + some(10, "minor", "NA") + some(3, "minor", "NO")
    )
    result = score(items, PERCENT)
    assert tenths(result.percent) == tenths(result.main) == "88.9"


def test_worked_example_of_the_weighted_percent():
    items = (
        some(10, "critical", "IN")
        + some(1, "critical", "OUT")
        + some(10, "major", "IN")
        + some(20, "minor", "IN")
        + some(2, "minor", "OUT")
    )
    assert tenths(score(items, PERCENT).weighted) == "92.8"


@pytest.mark.parametrize(
    ("passed", "failed", "percent"),
    [
        (1, 2, "33.3"),
        (2, 1, "66.7"),
        (1, 15, "6.3"),  # 6.25: half up, not to even
        (3, 13, "18.8"),  # 18.75
        (1999, 1, "100.0"),  # 99.95
        (1998, 2, "99.9"),
        (1, 1999, "0.1"),  # 0.05
        (0, 7, "0.0"),
    ],
)
def test_percents_are_rounded_half_up_once(passed, failed, percent):
    result = score(some(passed, "minor", "IN") + some(failed, "minor", "OUT"), PERCENT)
    assert tenths(result.percent) == percent


# status and the word "pass" -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "status", "may_pass"),
    [
        (some(1, "minor", "IN"), NO_FINDINGS, True),
        (some(1, "minor", "OUT"), FINDINGS, True),
        (some(1, "critical", "OUT", cos=True), FINDINGS, True),
        (some(99, "minor", "IN") + some(1, "critical", "OUT"), UNCORRECTED_CRITICAL, False),
        (some(9, "minor", "NA"), NOT_SCORED, False),
        ([], NOT_SCORED, False),
    ],
)
def test_status(items, status, may_pass):
    assert (score(items, PERCENT).status, score(items, PERCENT).may_pass) == (status, may_pass)
    assert not score(items, DEDUCTION).may_pass  # a scheme without the word never says it


def test_recommended_items_stay_out_of_the_score_and_are_counted_beside_it():
    extra = some(2, "major", "OUT", official=False) + some(3, "minor", "IN", official=False)
    alone, beside = score(CASE_2, DEDUCTION), score(CASE_2 + extra, DEDUCTION)
    assert (alone.score, alone.percent, alone.lines) == (beside.score, beside.percent, beside.lines)
    assert (beside.count("recommended_OUT"), beside.count("recommended_IN")) == (2, 3)
    assert (beside.count("OUT"), beside.count("major")) == (2, 1)


def test_a_visit_of_recommended_items_alone_has_no_score():
    result = score(some(3, "minor", "IN", official=False), PERCENT)
    assert (result.status, result.score) == (NOT_SCORED, None)
    found = score(some(1, "minor", "OUT", official=False), PERCENT)
    assert (found.status, found.score, found.may_pass) == (FINDINGS, None, False)


def test_counts_add_up():
    items = CASE_2 + some(2, "minor", "OUT", cos=True) + some(4, "minor", "NO") + some(3, "major", "NA")
    counts = dict(score(items, DEDUCTION).counts)
    assert counts == {
        "IN": 0, "OUT": 4, "NO": 4, "NA": 3, "COS": 2, "critical": 1, "major": 1, "minor": 2,
        "recommended_IN": 0, "recommended_OUT": 0, "recommended_NO": 0, "recommended_NA": 0,
    }  # fmt: skip


# from a visit -------------------------------------------------------------------------------------------------

STAFF = making.checklist("""
    [[item]]
    key = "licence.shown"
    severity = "critical"
    per = "practitioner"
    [[item]]
    key = "soap.there"
    severity = "minor"
""")


def test_an_item_asked_for_several_people_is_deducted_once():
    answers = {("licence.shown", ANNA): OUT, ("licence.shown", BEA): OUT, ("soap.there", None): IN}
    result = making.visit(STAFF, answers, people=[ANNA, BEA]).result
    assert tenths(result.score) == "95.0" and len(result.lines) == 2


def test_it_is_corrected_only_when_everybody_who_was_out_was():
    half = {("licence.shown", ANNA): OUT, ("licence.shown", BEA): OUT_COS}
    assert making.visit(STAFF, half, people=[ANNA, BEA]).result.status == UNCORRECTED_CRITICAL
    both = {("licence.shown", ANNA): OUT_COS, ("licence.shown", BEA): OUT_COS}
    result = making.visit(STAFF, both, people=[ANNA, BEA]).result
    assert (result.status, result.count("COS")) == (FINDINGS, 1)


def test_open_items_are_not_rated():
    assert making.visit(STAFF, {("soap.there", None): IN}).result.percent == 1000


# what must hold for any visit ---------------------------------------------------------------------------------

ITEMS = st.lists(
    st.builds(
        lambda severity, mark, cos, official: Rated(
            "item.x", "A-01", severity, mark, cos and mark == "OUT", official
        ),
        st.sampled_from(SEVERITIES),
        st.sampled_from(MARKS),
        st.booleans(),
        st.sampled_from([True, True, True, False]),
    ),
    max_size=40,
)
WEIGHTS = st.tuples(*(st.integers(1, 20) for _ in SEVERITIES)).map(
    lambda weights: tuple(zip(SEVERITIES, weights, strict=True))
)
SCHEMES = st.builds(Scheme, st.sampled_from(["deduction", "percent"]), WEIGHTS, st.booleans(), st.booleans())
OUTS = st.builds(
    lambda severity, cos: Rated("item.y", "A-02", severity, "OUT", cos),
    st.sampled_from(SEVERITIES),
    st.booleans(),
)


def numbers(result):
    return result.score, result.percent, result.weighted


@given(ITEMS, OUTS, SCHEMES)
def test_one_more_out_never_raises_any_number(items, out, scheme):
    before, after = score(items, scheme), score([*items, out], scheme)
    for old, new in zip(numbers(before), numbers(after), strict=True):
        assert new is not None and (old is None or new <= old)


@given(ITEMS, st.integers(0, 39), SCHEMES)
def test_an_in_that_turns_out_never_raises_any_number(items, place, scheme):
    if place >= len(items) or items[place].mark != "IN":
        return
    worse = [*items[:place], replace(items[place], mark="OUT"), *items[place + 1 :]]
    for old, new in zip(numbers(score(items, scheme)), numbers(score(worse, scheme)), strict=True):
        assert old == new or new < old


@given(ITEMS, st.sampled_from(["NO", "NA"]), st.sampled_from(SEVERITIES), SCHEMES)
def test_no_and_na_never_change_a_number(items, mark, severity, scheme):
    more = [*items, Rated("item.z", "A-03", severity, mark)]
    assert numbers(score(items, scheme)) == numbers(score(more, scheme))
    assert score(items, scheme).status == score(more, scheme).status


@given(ITEMS, SCHEMES, st.randoms())
def test_the_order_of_items_does_not_matter(items, scheme, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    one, other = score(items, scheme), score(shuffled, scheme)
    assert numbers(one) == numbers(other)
    assert (one.status, one.may_pass, one.counts, one.words) == (
        other.status,
        other.may_pass,
        other.counts,
        other.words,
    )


@given(ITEMS, SCHEMES)
def test_pass_is_never_said_with_an_uncorrected_critical_or_without_a_score(items, scheme):
    result = score(items, scheme)
    grave = any(
        item.mark == "OUT" and item.severity == "critical" and not item.corrected_on_site for item in items
    )
    assert (result.status == UNCORRECTED_CRITICAL) == grave
    assert not (result.may_pass and (grave or result.score is None or not scheme.may_pass))


@given(ITEMS, SCHEMES)
def test_the_lines_make_the_numbers(items, scheme):
    result = score(items, scheme)
    if not result.lines:
        assert numbers(result) == (None, None, None)
        return
    assert result.score == max(0, 100 - sum(line.deducted for line in result.lines)) * 10
    weights = sum(line.weight for line in result.lines)
    kept = sum(line.weight for line in result.lines if line.mark == "IN")
    assert result.weighted is not None
    assert abs(result.weighted * weights - kept * 1000) * 2 <= weights
    assert all(0 <= number <= 1000 for number in numbers(result) if number is not None)
