"""The rules of an answer: what the values say, what a person says, and when both are kept."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.domain.answers import MARKS, Raw, combine, raw_from
from tests.domain import making
from tests.domain.making import codes, reading

SOAP = making.item("""
    [[item]]
    key = "soap.there"
    marks = ["IN", "OUT", "NA"]
""")
EXPIRY = making.item("""
    [[item]]
    key = "needles.expiry"
    marks = ["IN", "OUT", "NA"]
    [[item.part]]
    key = "date"
    kind = "date"
    label = "Earliest expiry"
    limit = { kind = "expires", warn_days = 60 }
""")
SPORES = making.item("""
    [[item]]
    key = "spores.test"
    marks = ["IN", "OUT"]
    [[item.part]]
    key = "mark"
    kind = "mark"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 1 }
    [[item.part]]
    key = "by"
    kind = "text"
    required = false
""")
WATER = making.item("""
    [[item]]
    key = "sink.temp"
    marks = ["IN", "OUT"]
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    low = "0"
    high = "100"
    limit = { kind = "at-least", value = "38", also = { F = "100" } }
""")
LIGHT = making.item("""
    [[item]]
    key = "room.light"
    marks = ["IN", "OUT"]
    [[item.part]]
    key = "lux"
    kind = "number"
    unit = "lx"
""")
HEPB = making.item("""
    [[item]]
    key = "health.hepb"
    marks = ["IN", "OUT", "NO"]
    [[item.part]]
    key = "status"
    kind = "choice"
    options = [
        { value = "done", label = "Vaccinated", mark = "IN" },
        { value = "none", label = "Nothing", mark = "OUT" },
        { value = "later", label = "Not seen", mark = "NO" },
        { value = "alone", label = "No employee", mark = "NA" },
        { value = "other", label = "Something else" },
    ]
""")


# marks --------------------------------------------------------------------------------------------------------


def test_nothing_entered_is_no_answer_and_no_fault():
    found = reading(SOAP, Raw())
    assert found.answer.mark is None and found.faults == () and not found.complete


@pytest.mark.parametrize("mark", ["IN", "NA"])
def test_a_mark_alone_is_an_answer(mark):
    found = reading(SOAP, Raw(mark=mark))
    assert found.complete and found.answer.mark == mark and found.answer.derived is None


def test_out_needs_words():
    found = reading(SOAP, Raw(mark="OUT"))
    assert codes(found) == [("note", "needs-words")] and found.answer.mark == "OUT"
    assert codes(reading(SOAP, Raw(mark="OUT", note=" \n "))) == [("note", "needs-words")]
    assert reading(SOAP, making.OUT).complete


@pytest.mark.parametrize(("mark", "code"), [("NO", "not-offered"), ("in", "unknown"), ("PASS", "unknown")])
def test_a_mark_that_does_not_fit_is_refused_and_the_rest_is_kept(mark, code):
    found = reading(SOAP, Raw(mark=mark, note="The dispenser hides."))
    assert codes(found) == [("mark", code)] and not found.complete
    assert found.answer.note == "The dispenser hides."


def test_words_without_a_mark_ask_for_the_mark():
    found = reading(SOAP, Raw(note="Nearly empty."))
    assert codes(found) == [("mark", "needs-mark")]
    assert found.faults[0].words == "Choose IN, OUT or NA."


@pytest.mark.parametrize("length", [4000, 4001])
def test_a_note_has_four_thousand_characters(length):
    found = reading(SOAP, Raw(mark="IN", note="x" * length))
    assert found.complete == (length == 4000)
    assert len(found.answer.note) == length  # never cut off behind somebody's back


def test_a_reason_has_a_thousand_characters():
    assert codes(reading(SOAP, Raw(mark="IN", reason="x" * 1001))) == [("reason", "text")]


# values derive marks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("left", "mark"), [(-1, "OUT"), (0, "IN"), (61, "IN")])
def test_a_date_derives_its_mark(left, mark):
    day = (making.DAY + timedelta(days=left)).isoformat()
    found = reading(EXPIRY, Raw(values={"date": day}, note="Two packs."))
    assert found.complete and (found.answer.mark, found.answer.derived) == (mark, mark)
    assert found.answer.values == {"date": day}


def test_a_warning_is_not_out():
    found = reading(EXPIRY, Raw(values={"date": "2025-05-02"}))
    assert found.complete and found.answer.mark == "IN"
    assert found.answer.warnings == ("Earliest expiry: expires in 60 days",)
    assert reading(EXPIRY, Raw(values={"date": "2025-05-03"})).answer.warnings == ()


def test_an_out_that_a_value_derived_needs_words_too():
    assert codes(reading(EXPIRY, Raw(values={"date": "2025-03-02"}))) == [("note", "needs-words")]


def test_another_mark_than_the_value_says_needs_a_reason_and_both_are_kept():
    expired = {"date": "2025-03-02"}
    assert codes(reading(EXPIRY, Raw(mark="IN", values=expired))) == [("reason", "needs-reason")]
    found = reading(EXPIRY, Raw(mark="IN", values=expired, reason="Set apart for training."))
    assert found.complete
    assert (found.answer.mark, found.answer.derived) == ("IN", "OUT")
    assert found.answer.reason == "Set apart for training."
    stricter = reading(EXPIRY, Raw(mark="OUT", values={"date": "2025-03-04"}, note="Wet box."))
    assert codes(stricter) == [("reason", "needs-reason")]


def test_the_mark_the_value_says_needs_no_reason():
    assert reading(EXPIRY, Raw(mark="IN", values={"date": "2026-01-01"})).complete


def test_a_good_value_does_not_vouch_for_what_is_also_looked_at():
    found = reading(SPORES, Raw(mark="OUT", values={"date": "2025-02-20"}, note="The strip had grown."))
    assert found.complete and (found.answer.mark, found.answer.derived) == ("OUT", "IN")
    assert codes(reading(SPORES, Raw(values={"date": "2025-02-20"}))) == [("mark", "needs-mark")]
    assert reading(SPORES, Raw(mark="IN", values={"date": "2025-02-20"})).complete


def test_a_bad_value_decides_even_when_a_mark_is_asked_too():
    found = reading(SPORES, Raw(values={"date": "2025-01-31"}, note="January."))
    assert found.complete and found.answer.mark == "OUT"


def test_a_required_value_is_asked_unless_the_mark_makes_it_needless():
    assert codes(reading(SPORES, Raw(mark="IN"))) == [("values.date", "missing")]
    assert reading(SPORES, Raw(mark="OUT", note="Never tested.")).complete
    assert codes(reading(EXPIRY, Raw(mark="IN"))) == [("values.date", "missing")]
    assert reading(EXPIRY, Raw(mark="NA")).complete
    # Without a look of its own the item is its value: OUT without one is "not shown".
    assert codes(reading(EXPIRY, Raw(mark="OUT", note="None."))) == [("values.date", "missing")]


def test_a_number_with_a_limit_is_asked_even_when_it_is_optional_elsewhere():
    """A bare IN would pass the limit by."""
    item = making.item("""
        [[item]]
        key = "sink.temp"
        [[item.part]]
        key = "mark"
        kind = "mark"
        [[item.part]]
        key = "temp"
        kind = "number"
        unit = "C"
        required = false
        limit = { kind = "cases", cases = [
            { when = { equals = { key = "mobile", value = true } }, limit = { kind = "at-least", value = "38" } },
        ] }
        [[fact]]
        key = "mobile"
    """)
    assert codes(reading(item, Raw(mark="IN"), facts={"mobile": True})) == [("values.temp", "missing")]
    assert reading(item, Raw(mark="IN"), facts={"mobile": False}).complete


def test_something_that_has_happened_cannot_lie_after_the_visit():
    found = reading(SPORES, Raw(mark="IN", values={"date": "2025-03-04"}))
    assert codes(found) == [("values.date", "date")]
    assert "cannot lie after 2025-03-03" in found.faults[0].words
    assert found.answer.values == {"date": "2025-03-04"}  # still there to be corrected


@pytest.mark.parametrize(
    ("entered", "unit", "mark", "kept"),
    [
        ("38", "", "IN", {"temp": "38"}),
        ("37,9", "C", "OUT", {"temp": "37.9"}),
        ("100", "F", "IN", {"temp": "37.78", "temp@entered": "100 F"}),  # the source prints 100 F as well
        ("99.5", "F", "OUT", {"temp": "37.5", "temp@entered": "99.5 F"}),
    ],
)
def test_a_number_is_judged_as_read_and_kept_in_its_base_unit(entered, unit, mark, kept):
    found = reading(WATER, Raw(values={"temp": entered}, units={"temp": unit}, note="Left tap."))
    assert found.complete and found.answer.mark == mark
    assert dict(found.answer.values) == kept


def test_a_value_without_a_limit_is_kept_and_the_mark_is_asked():
    found = reading(LIGHT, Raw(values={"lux": "800"}))
    assert codes(found) == [("mark", "needs-mark")]
    assert "No limit judges this value" in found.faults[0].words
    judged = reading(LIGHT, Raw(mark="IN", values={"lux": "800"}))
    assert judged.complete and judged.answer.derived is None


@pytest.mark.parametrize(
    ("status", "mark"), [("done", "IN"), ("none", "OUT"), ("later", "NO"), ("alone", "NA")]
)
def test_a_choice_derives_the_mark_of_its_option(status, mark):
    found = reading(HEPB, Raw(values={"status": status}, note="Asked Bea."))
    assert found.complete and (found.answer.mark, found.answer.derived) == (mark, mark)


def test_a_choice_without_a_mark_leaves_it_to_the_person():
    assert codes(reading(HEPB, Raw(values={"status": "other"}))) == [("mark", "needs-mark")]
    assert reading(HEPB, Raw(mark="IN", values={"status": "other"})).complete


@pytest.mark.parametrize(
    ("item", "raw", "fault"),
    [
        (EXPIRY, Raw(values={"date": "soon"}), ("values.date", "date")),
        (WATER, Raw(values={"temp": "hot"}), ("values.temp", "number")),
        (WATER, Raw(values={"temp": "38"}, units={"temp": "K"}), ("values.temp", "number")),
        (HEPB, Raw(values={"status": "maybe"}), ("values.status", "choice")),
        (SPORES, Raw(mark="OUT", note="x", values={"by": "y" * 501}), ("values.by", "text")),
        (SOAP, Raw(mark="IN", values={"brand": "x"}), ("values.brand", "unknown")),
    ],
)
def test_a_wrong_value_is_a_fault_of_its_own_field(item, raw, fault):
    found = reading(item, raw)
    assert codes(found) == [fault] and not found.complete


def test_the_judgement_names_limit_and_source():
    sourced = making.item(
        """
        [[item]]
        key = "spores.test"
        [[item.part]]
        key = "date"
        kind = "date"
        """,
        pack="""
        [[threshold]]
        item = "spores.test"
        part = "date"
        limit = { kind = "max-age", days = 30 }
        source = "XX 12"
        certainty = "recalled"
        """,
    )
    (judged,) = reading(sourced, Raw(values={"date": "2025-01-02"}, note="Old.")).answer.judged
    assert (judged.mark, judged.limit, judged.finding, judged.source) == (
        "OUT",
        "not older than 30 days",
        "60 days old, limit 30 days",
        "XX 12 (unconfirmed)",
    )


# absent values ------------------------------------------------------------------------------------------------


def test_a_paper_not_shown_is_out_without_a_value():
    found = reading(EXPIRY, Raw(absent="not-shown", note="The box was not there."))
    assert found.complete and (found.answer.mark, found.answer.derived) == ("OUT", "OUT")
    assert found.answer.absent == "not-shown" and found.answer.values == {}
    assert codes(reading(EXPIRY, Raw(absent="not-shown"))) == [("note", "needs-words")]


def test_what_could_not_be_measured_is_no_with_a_reason():
    found = reading(WATER, making.BROKEN)
    assert found.complete and found.answer.mark == "NO"  # although NO is not offered by hand
    assert reading(WATER, Raw(absent="not-measured", reason="Thermometer broken.")).complete
    assert codes(reading(WATER, Raw(absent="not-measured"))) == [("note", "needs-reason")]


def test_a_value_cannot_be_given_and_missing():
    both = Raw(absent="not-shown", values={"date": "2026-01-01"}, note="Hm.")
    assert codes(reading(EXPIRY, both)) == [("absent", "has-value")]


def test_words_beside_a_missing_value_are_welcome():
    found = reading(SPORES, Raw(absent="not-shown", values={"by": "Lab X"}, note="Report not here."))
    assert found.complete and found.answer.values == {"by": "Lab X"}


@pytest.mark.parametrize(
    ("item", "absent", "code"), [(SOAP, "not-shown", "no-value"), (EXPIRY, "eaten", "unknown")]
)
def test_only_what_has_a_value_can_miss_it_in_a_known_way(item, absent, code):
    assert ("absent", code) in codes(reading(item, Raw(absent=absent, mark="IN")))


def test_a_kinder_mark_for_a_missing_paper_needs_a_reason():
    kind = Raw(absent="not-shown", mark="NA", note="x")
    assert codes(reading(EXPIRY, kind)) == [("reason", "needs-reason")]


# corrected on site, correct by --------------------------------------------------------------------------------


def test_corrected_on_site_and_correct_by_go_with_out_only():
    given_too_much = Raw(mark="IN", corrected_on_site=True, correct_by="2025-03-10")
    found = reading(SOAP, given_too_much)
    assert found.complete and not found.answer.corrected_on_site and found.answer.correct_by is None
    out = reading(SOAP, Raw(mark="OUT", note="x", corrected_on_site=True, correct_by="2025-03-10"))
    assert out.complete and out.answer.corrected_on_site and out.answer.correct_by == date(2025, 3, 10)


@pytest.mark.parametrize(
    ("correct_by", "code"),
    [
        ("2025-03-03", None),
        ("2027-03-03", None),
        ("2025-03-02", "too-early"),
        ("2027-03-04", "date"),
        ("tomorrow", "date"),
        ("2025-02-30", "date"),
    ],
)
def test_correct_by_lies_between_the_visit_and_two_years_on(correct_by, code):
    found = reading(SOAP, Raw(mark="OUT", note="x", correct_by=correct_by))
    assert codes(found) == ([("correct_by", code)] if code else [])


# keeping ------------------------------------------------------------------------------------------------------

RAWS = st.builds(
    Raw,
    mark=st.sampled_from(["", *MARKS, "odd"]),
    values=st.dictionaries(st.sampled_from(["date", "temp", "status", "by", "x"]), st.text(max_size=12)),
    units=st.dictionaries(st.sampled_from(["date", "temp"]), st.sampled_from(["", "C", "F", "K"])),
    absent=st.sampled_from(["", "not-shown", "not-measured", "odd"]),
    note=st.text(max_size=5),
    reason=st.text(max_size=5),
    corrected_on_site=st.booleans(),
    correct_by=st.sampled_from(["", "2025-03-10", "2024-01-01", "odd"]),
)


@settings(max_examples=50)
@given(RAWS, st.sampled_from([SOAP, EXPIRY, SPORES, WATER, LIGHT, HEPB]))
def test_anything_entered_is_read_with_faults_and_never_breaks(raw, item):
    found = reading(item, raw)
    assert found.complete == (found.answer.mark is not None and not found.faults)
    if found.complete:
        assert found.answer.mark in {*item.marks, found.answer.derived}
        assert found.answer.mark != "OUT" or found.answer.note
        assert found.answer.derived in (None, "IN", found.answer.mark) or found.answer.reason
        assert found.answer.mark == "OUT" or not found.answer.corrected_on_site


@given(RAWS)
def test_what_is_kept_of_an_entry_is_read_back(raw):
    kept = raw_from(raw.document())
    assert kept.document() == raw.document()
    assert all(raw.document().values())  # empty fields make no difference between devices


# several practitioners ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "together"),
    [
        (["OUT"], "OUT"),
        (["OUT", "IN", "NO", "NA"], "OUT"),
        (["NO", "IN", "NA"], "NO"),
        (["IN", "NA"], "IN"),
        (["NA", "NA"], "NA"),
        ([None], None),
        (["IN", None], None),
        (["OUT", None], "OUT"),  # enough to know
        ([], None),
    ],
)
def test_marks_of_several_practitioners_come_to_one(marks, together):
    for order in permutations(marks):
        assert combine(order) == together


@given(st.lists(st.sampled_from(MARKS), min_size=1), st.sampled_from(MARKS))
def test_one_more_practitioner_never_makes_it_better(marks, more):
    order = ["OUT", "NO", "IN", "NA"]
    together = order.index(combine([*marks, more]) or "")
    assert together == min(order.index(combine(marks) or ""), order.index(more))
