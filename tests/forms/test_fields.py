"""Kinds of answer: one reader each, for exactly the kinds the definitions know, and one look each."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from audit.domain.answers import Raw
from forms.fields import KINDS, raw_from_page
from forms.steps import spelled, stamp_of
from tests.domain import making

TEMPLATE = Path(__file__).parents[2] / "templates" / "components" / "item.html"
PART_KINDS = {"mark", "number", "date", "choice", "text"}  # as ``audit.domain.definitions`` takes them
CYCLE = """
    [[item]]
    key = "autoclave.cycle"
    phrases = ["Printer out of paper.", "Log not kept."]
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    [[item.part]]
    key = "on"
    kind = "date"
"""


def item():
    return making.item(CYCLE)


def page(**fields: str | list[str]) -> Mapping[str, list[str]]:
    return {
        name.replace("__", "."): value if isinstance(value, list) else [value]
        for name, value in fields.items()
    }


def test_every_kind_has_a_reader_and_a_look():
    assert set(KINDS) == PART_KINDS
    text = TEMPLATE.read_text("utf-8")
    for kind in set(KINDS) - {"mark"}:
        assert f"macro part_{kind}(" in text and f'"{kind}": part_{kind}' in text


def test_a_unit_is_kept_only_when_it_is_another():
    assert raw_from_page(item(), page(v__temp="250", u__temp="F")).units == {"temp": "F"}
    assert raw_from_page(item(), page(v__temp="121", u__temp="C")).units == {}
    assert raw_from_page(item(), page(v__temp="", u__temp="F")) == Raw()


def test_ticked_phrases_join_the_words_once():
    found = raw_from_page(item(), page(note="Seen.\r\nLog not kept.", phrase=["0", "1", "7", "x"]))
    assert found.note == "Seen.\nLog not kept.\nPrinter out of paper."


def test_a_phrase_that_was_chosen_in_another_language_is_not_said_twice():
    spellings = (("Printer out of paper.", "Impresora sin papel."), ("Log not kept.", "Sin bitácora."))
    spanish = replace(item(), phrases=tuple(words for _, words in spellings), spellings=spellings)
    found = raw_from_page(spanish, page(note="Log not kept.", phrase=["0", "1"]))
    assert found.note == "Log not kept.\nImpresora sin papel."


def test_the_proposed_date_is_no_entry():
    assert raw_from_page(item(), page(by="2026-03-10"), "2026-03-10").correct_by == ""
    assert raw_from_page(item(), page(by="2026-03-11"), "2026-03-10").correct_by == "2026-03-11"


texts = st.text(max_size=20)
raws = st.builds(
    Raw,
    mark=st.sampled_from(["", "IN", "OUT"]),
    values=st.dictionaries(st.sampled_from(["temp", "on"]), texts),
    note=texts,
    reason=texts,
    corrected_on_site=st.booleans(),
)


@given(raws, raws)
def test_a_stamp_tells_equal_entries_from_others(one, other):
    assert (stamp_of(3, one) == stamp_of(3, other)) == (one.document() == other.document())
    assert (spelled(one) == spelled(other)) == (one.document() == other.document())
    assert stamp_of(3, one) != stamp_of(4, one)
