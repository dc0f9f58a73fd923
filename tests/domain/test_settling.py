"""Answers that depend on each other are read together: here a steriliser's last cycle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain.answers import Key, Raw, settle
from tests.domain import making

CLAVE = making.checklist("""
    [[item]]
    key = "clave.run"
    marks = ["IN", "OUT", "NO"]
    [[item.part]]
    key = "cycle"
    kind = "choice"
    options = [
        { value = "gravity", label = "Gravity" },
        { value = "vacuum", label = "Pre-vacuum" },
        { value = "maker", label = "The maker's own" },
    ]
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    [item.part.limit]
    kind = "cases"
    [[item.part.limit.cases]]
    when = { equals = { key = "clave.run#cycle", value = "gravity" } }
    limit = { kind = "at-least", value = "121", also = { F = "250" } }
    [[item.part.limit.cases]]
    when = { equals = { key = "clave.run#cycle", value = "vacuum" } }
    limit = { kind = "at-least", value = "132", also = { F = "270" } }
    [[item]]
    key = "clave.time"
    marks = ["IN", "OUT", "NO"]
    [[item.part]]
    key = "stated"
    kind = "number"
    label = "The maker's minimum"
    unit = "min"
    units = ["min", "s"]
    when = { equals = { key = "clave.run#cycle", value = "maker" } }
    [[item.part]]
    key = "minutes"
    kind = "number"
    unit = "min"
    units = ["min", "s"]
    [item.part.limit]
    kind = "cases"
    [[item.part.limit.cases]]
    when = { equals = { key = "clave.run#cycle", value = "maker" } }
    limit = { kind = "at-least-part", part = "clave.time#stated" }
    [[item.part.limit.cases]]
    when = { at-least = { key = "clave.run#temp", value = "132" } }
    limit = { kind = "at-least", value = "4" }
    [[item.part.limit.cases]]
    when = { at-least = { key = "clave.run#temp", value = "121" } }
    limit = { kind = "at-least", value = "30" }
""")


def settled(run: Raw, time: Raw):
    raws: dict[Key, Raw] = {("clave.run", None): run, ("clave.time", None): time}
    found = settle(CLAVE, raws, making.DAY, {})
    return found["clave.run", None], found["clave.time", None]


def run(cycle: str, temp: str, unit: str = "") -> Raw:
    return Raw(mark="IN", values={"cycle": cycle, "temp": temp}, units={"temp": unit})


@pytest.mark.parametrize(
    ("cycle", "minutes", "mark"),
    [
        (run("gravity", "121"), "30", "IN"),
        (run("gravity", "121"), "29", "OUT"),
        (run("gravity", "250", "F"), "29", "OUT"),
        (run("vacuum", "132"), "4", "IN"),
        (run("vacuum", "132"), "3.9", "OUT"),
        (run("vacuum", "270", "F"), "4", "IN"),  # 132.22 C
    ],
)
def test_the_time_is_judged_by_the_temperature(cycle, minutes, mark):
    cycle_read, time_read = settled(cycle, Raw(values={"minutes": minutes}, note="Read twice."))
    assert cycle_read.complete and cycle_read.answer.derived == "IN"
    assert time_read.complete and time_read.answer.derived == mark


def test_the_temperature_is_judged_by_the_kind_of_cycle():
    for cycle, mark in (("gravity", "IN"), ("vacuum", "OUT")):
        read, _ = settled(Raw(values={"cycle": cycle, "temp": "125"}, note="x"), Raw())
        assert read.answer.derived == mark


def test_the_makers_cycle_asks_for_the_printed_minimum():
    own = Raw(mark="IN", values={"cycle": "maker", "temp": "134"})
    _, time = settled(own, Raw(mark="IN", values={"minutes": "3"}))
    assert making.codes(time) == [("values.stated", "missing")]
    for minutes, mark in (("3", "IN"), ("2.9", "OUT")):
        _, time = settled(own, Raw(values={"minutes": minutes, "stated": "3"}, note="x"))
        assert time.complete and time.answer.derived == mark


def test_the_printed_minimum_may_be_in_seconds():
    own = Raw(mark="IN", values={"cycle": "maker", "temp": "134"})
    given_in_seconds = Raw(values={"minutes": "3", "stated": "210"}, units={"stated": "s"}, note="x")
    _, time = settled(own, given_in_seconds)
    assert time.complete and time.answer.derived == "OUT"  # 3.5 minutes are asked


def test_the_minimum_is_not_asked_and_not_kept_for_another_cycle():
    _, time = settled(run("gravity", "121"), Raw(values={"minutes": "30", "stated": "3"}))
    assert time.complete and time.answer.values == {"minutes": "30"}


def test_without_cycle_nothing_judges_and_the_person_marks():
    _, time = settled(Raw(), Raw(values={"minutes": "30", "stated": "3"}))
    assert ("mark", "needs-mark") in making.codes(time)


@pytest.mark.parametrize("stated", ["long", "NaN", "3,5,1", "1,000", " ", "\ud800"])
def test_an_unreadable_minimum_judges_nothing_and_is_a_fault_itself(stated):
    own = Raw(mark="IN", values={"cycle": "maker", "temp": "134"})
    _, time = settled(own, Raw(values={"minutes": "3", "stated": stated}))
    assert not time.complete and time.answer.derived is None
    assert making.codes(time)[0][0] == "values.stated"


def test_a_decimal_comma_counts_between_answers_too():
    own = Raw(mark="IN", values={"cycle": "maker", "temp": "134"})
    _, time = settled(own, Raw(values={"minutes": "3", "stated": "3,5"}, note="x"))
    assert time.answer.derived == "OUT"
    _, time = settled(run("vacuum", "132,5"), Raw(values={"minutes": "4"}))
    assert time.answer.derived == "IN"


def test_a_choice_that_is_none_decides_nothing():
    read, time = settled(run("steam", "140"), Raw(values={"minutes": "3"}, note="x"))
    assert making.codes(read)[0] == ("values.cycle", "choice")
    assert time.answer.derived == "OUT"  # the temperature still judges


def test_answers_of_one_practitioner_decide_nothing_for_the_visit():
    raws = {
        ("clave.run", making.ANNA): run("gravity", "121"),
        ("clave.time", None): Raw(values={"minutes": "9"}),
    }
    found = settle(CLAVE, raws, making.DAY, {})
    assert found["clave.time", None].answer.derived is None


def test_entries_for_items_that_are_not_in_the_checklist_are_left_out():
    assert settle(CLAVE, {("gone.item", None): Raw(mark="IN")}, making.DAY, {}) == {}


VALUES = st.dictionaries(
    st.sampled_from(["cycle", "temp", "minutes", "stated"]),
    st.one_of(st.sampled_from(["gravity", "maker", "121", "30", "NaN", "1e9", "-1"]), st.text(max_size=4)),
)
UNITS = st.dictionaries(st.sampled_from(["temp", "minutes", "stated"]), st.sampled_from(["C", "F", "s", "x"]))
RAWS = st.builds(Raw, mark=st.sampled_from(["", "IN", "OUT"]), values=VALUES, units=UNITS)


@given(RAWS, RAWS)
def test_nothing_that_is_typed_breaks_the_reading(one, other):
    for found in settled(one, other):
        assert found.answer.mark in (None, "IN", "OUT")


@given(RAWS, RAWS)
def test_the_order_of_entries_does_not_matter(one, other):
    raws: dict[Key, Raw] = {("clave.run", None): one, ("clave.time", None): other}
    backwards = dict(reversed(list(raws.items())))
    assert settle(CLAVE, raws, making.DAY, {}) == settle(CLAVE, backwards, making.DAY, {})
