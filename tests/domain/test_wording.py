"""Conditions, limits and deadlines in words."""

import pytest

from audit.domain import checklists, definitions, publishing, wording
from audit.domain.checklists import Citation, Scheme
from audit.domain.conditions import comparisons
from audit.domain.due import CorrectBy, DueRules
from forms import library
from tests.domain import making

TOML = """
    [[fact]]
    key = "autoclave"
    label = "Own autoclave"
    [[fact]]
    key = "practitioners"
    label = "Practitioners"
    kind = "int"
    [[fact]]
    key = "site"
    label = "Kind of site"
    kind = "choice"
    options = [{ value = "mobile", label = "Mobile" }, { value = "fixed", label = "Fixed premises" }]

    [[item]]
    key = "cycle.held"
    [[item.part]]
    key = "cycle"
    kind = "choice"
    label = "Cycle"
    options = [{ value = "g", label = "Gravity" }, { value = "m", label = "Maker's own", mark = "OUT" }]
    [[item.part]]
    key = "minimum"
    kind = "number"
    label = "Printed minimum"
    unit = "C"
    required = false
    [[item.part]]
    key = "heat"
    kind = "number"
    label = "Heat"
    unit = "C"
    units = ["C", "F"]
    low = "0"
    high = "150"
    limit = { kind = "cases", cases = [
        { when = { equals = { key = "cycle.held#cycle", value = "g" } }, limit = { kind = "at-least", value = "121", also = { F = "250" } } },
        { when = { equals = { key = "cycle.held#cycle", value = "m" } }, limit = { kind = "at-least-part", part = "cycle.held#minimum" } },
    ] }

    [[item]]
    key = "permit.expiry"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "expires", warn_days = 60 }
    [[item]]
    key = "plan.trained"
    correct_by = { days = 0, stop = true }
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 12 }
    [[item]]
    key = "box.full"
    severity = "critical"
    [[item.part]]
    key = "level"
    kind = "number"
    unit = "percent"
    limit = { kind = "at-most", value = "75" }
"""
MINI = making.checklist(TOML)
YES = {"equals": {"key": "autoclave", "value": True}}
MOBILE = {"equals": {"key": "site", "value": "mobile"}}
TWO = {"at-least": {"key": "practitioners", "value": 2}}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (None, ""),
        (YES, "Own autoclave is yes"),
        ({"not": YES}, "Own autoclave is no"),
        ({"equals": {"key": "autoclave", "value": False}}, "Own autoclave is no"),
        (MOBILE, "Kind of site is Mobile"),
        ({"not": MOBILE}, "Kind of site is not Mobile"),
        (TWO, "Practitioners is at least 2"),
        ({"not": TWO}, "Practitioners is under 2"),
        ({"all": [YES, MOBILE]}, "Own autoclave is yes and Kind of site is Mobile"),
        ({"any": [YES, {"all": [MOBILE, TWO]}]}, "Own autoclave is yes or (Kind of site is Mobile and Practitioners is at least 2)"),
        ({"not": {"any": [YES, MOBILE]}}, "not (Own autoclave is yes or Kind of site is Mobile)"),
        ({"all": [YES]}, "Own autoclave is yes"),
        ({"equals": {"key": "cycle.held#cycle", "value": "g"}}, "A-01 Cycle is Gravity"),
        ({"not": {"at-least": {"key": "cycle.held#heat", "value": "132"}}}, "A-01 Heat is under 132 °C"),
        ({"equals": {"key": "unheard.of", "value": "x"}}, "unheard.of is x"),
    ],
)  # fmt: skip
def test_conditions_read_as_sentences(condition, words):
    assert wording.condition_words(condition, MINI) == words


def lines(item: str, part: str) -> list[str]:
    return [str(line) for line in wording.limit_lines(MINI.item(item).part(part), MINI)]


def test_limits_say_value_circumstances_and_source():
    assert lines("cycle.held", "heat") == [
        "at least 121 °C (printed as 250 °F) when A-01 Cycle is Gravity",
        "at least what A-01 says under “Printed minimum” when A-01 Cycle is Maker's own",
    ]
    assert lines("permit.expiry", "date") == [
        "not expired on the day of the visit, a warning from 60 days before"
    ]
    assert lines("plan.trained", "date") == ["not older than 12 months"]
    assert lines("box.full", "level") == ["at most 75 %"]
    assert lines("cycle.held", "cycle") == []


def test_parts_say_what_they_take():
    item = MINI.item("cycle.held")
    assert wording.entered_words(item.part("cycle")) == "one of Gravity / Maker's own (OUT)"
    assert wording.entered_words(item.part("heat")) == "number in °C or °F, 0 to 150 °C"
    assert wording.entered_words(item.part("minimum")) == "number in °C, optional"
    assert wording.entered_words(MINI.item("permit.expiry").part("date")) == "date"


def test_deadlines_are_the_items_own_or_those_of_its_severity():
    due = DueRules(severity_days=(("critical", 0), ("major", 7), ("minor", 14)))
    words = [wording.correct_by_words(item, due) for item in MINI.items()]
    assert words == [
        "within 14 days, by its severity",
        "within 14 days, by its severity",
        "before any further procedure",
        "at once, by its severity",
    ]
    assert CorrectBy("working_days", 1).words == "within 1 working day"
    assert wording.due_words(due) == "Critical at once, major within 7 days, minor within 14 days"


@pytest.mark.parametrize("certainty", ["secondary", "recalled"])
def test_only_a_verified_citation_stands_without_a_remark(certainty):
    good = Citation("XX 1", "law", "xx", "verified", "Xanadu")
    assert wording.citation_words(good) == "XX 1: law, verified, Xanadu"
    unsure = Citation("XX 1", "law", "xx", certainty, "Xanadu")
    assert "unconfirmed" in wording.citation_words(unsure)


def test_scores_say_how_they_come_about():
    assert wording.scheme_words(Scheme()).startswith("100 less 5 for each critical finding, 2 for")
    assert wording.scheme_words(Scheme("percent")).startswith("Percent")


def test_every_shipped_condition_and_limit_reads_as_words():
    """No key, no brace and no empty sentence reaches a reader."""
    found = library.read()
    assert isinstance(found, definitions.Definitions)
    for key in found.checklists:
        for pack in found.packs:
            document = publishing.resolve(found, key, pack)
            shipped = checklists.read(document, 1, publishing.fingerprint(document))
            for item in shipped.items():
                conditions = [item.applies_when, *(part.when for part in item.parts)]
                told = [wording.condition_words(one, shipped) for one in conditions if one]
                told += [str(line) for part in item.parts for line in wording.limit_lines(part, shipped)]
                for words in told:
                    assert words and not set("#{}_") & set(words), (item.key, words)
                for one in filter(None, conditions):
                    for _, name, _ in comparisons(one):
                        assert not any(name in words for words in told if "." in name), (item.key, name)
                assert wording.correct_by_words(item, shipped.due)
