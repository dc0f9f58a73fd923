"""Definitions are refused with file, item and field, all faults at once, and by nothing but BadInput."""

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import checklists, definitions, publishing
from audit.domain.problems import BadInput
from tests.domain import making

GOOD = """
    [[fact]]
    key = "autoclave"
    [[fact]]
    key = "people"
    kind = "int"
    [[fact]]
    key = "country"
    kind = "choice"
    options = [{ value = "us", label = "United States" }, { value = "de", label = "Germany" }]
    [[fact]]
    key = "number.temp"
    scope = "derived"
    threshold = "clave.run#temp"
    [[item]]
    key = "soap.there"
    needs_sight = true
    [[item]]
    key = "clave.run"
    applies_when = { all = [{ equals = { key = "autoclave", value = true } },
                            { not = { at-least = { key = "people", value = 9 } } }] }
    correct_by = { working_days = 3, stop = true }
    [[item.part]]
    key = "mark"
    kind = "mark"
    [[item.part]]
    key = "cycle"
    kind = "choice"
    options = [{ value = "short", label = "Short", mark = "IN" }, { value = "long", label = "Long" }]
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    low = "0"
    high = "200.5"
    limit = { kind = "at-least", value = "121", also = { F = "250" } }
    when = { equals = { key = "clave.run#cycle", value = "long" } }
    [[item.part]]
    key = "tested"
    kind = "date"
    limit = { kind = "max-age", months = 12, warn_days = 30 }
"""
PACK = """
    inherit = ["clave.run#temp"]
    next_visit_days = 365
    words = { permit = "Permit" }
    source = [{ short = "XX", address = "https://example.org/xx", read_on = "2026-11" }]
    [[threshold]]
    item = "clave.run"
    part = "tested"
    limit = { kind = "max-age", days = 30 }
    source = "XX 7"
    certainty = "verified"
    when = { equals = { key = "country", value = "us" } }
    [[correct_by]]
    item = "soap.there"
    days = 2
"""
BASE = """
    [[threshold]]
    item = "clave.run"
    part = "temp"
    limit = { kind = "at-least", value = "132" }
    source = "YY 3"
    certainty = "secondary"
    [[threshold]]
    item = "clave.run"
    part = "tested"
    advice = "Monthly is better"
    source = "YY 4"
    certainty = "recalled"
"""


def good():
    """Fresh definitions that nothing is wrong with."""
    return making.files(GOOD.replace(",\n" + " " * 28, ", "), pack=PACK, base=BASE)


def faults(catalogue, lists, packs):
    try:
        definitions.check(catalogue, lists, packs)
    except BadInput as problem:
        return [str(fault) for fault in problem.faults]
    return []


def row(found, key):
    return next(row for row in found if row["key"] == key)


def spoilt(spoil):
    """The faults of the good definitions after one change, given (facts, items, checklist, pack, base)."""
    (catalogue,), (checklist,), packs = files = good()
    spoil(
        {fact["key"]: fact for fact in catalogue[1]["fact"]},
        {item["key"]: item for item in catalogue[1]["item"]},
        checklist[1],
        packs[0][1],
        packs[1][1],
    )
    return faults(*files)


def test_good_definitions_have_no_faults():
    assert faults(*good()) == []
    found = definitions.check(*good())
    assert set(found.items) == {"soap.there", "clave.run"} and set(found.packs) == {"xx", "base"}


def part(items, key):
    return row(items["clave.run"]["part"], key)


ITEM_FAULTS = {
    "mini.toml: soap.there: colour: is not known here; is it misspelt?": lambda item: item.update(colour=1),
    "mini.toml: soap.there: prompt: is missing": lambda item: item.pop("prompt"),
    "mini.toml: soap.there: reason: must be text and not empty": lambda item: item.update(reason="  "),
    "mini.toml: soap.there: severity: must be one of": lambda item: item.update(severity="grave"),
    "mini.toml: soap.there: official: must be true or false": lambda item: item.update(official="yes"),
    "mini.toml: soap.there: marks: must be a list of at least 2": lambda item: item.update(marks=["IN"]),
    "mini.toml: soap.there: marks: IN and OUT": lambda item: item.update(marks=["IN", "NO"]),
    "mini.toml: soap.there: marks: needs NO": lambda item: item.update(marks=["IN", "OUT"]),
    "mini.toml: soap.there: phrases 1: must be text": lambda item: item.update(phrases=[""]),
    "mini.toml: soap.there: per: must be one of": lambda item: item.update(per="client"),
    "mini.toml: soap.there: applies_when: does not know": lambda item: item.update(applies_when={"if": 1}),
    "mini.toml: soap.there: applies_when: asks for 'moon'": lambda item: item.update(
        applies_when={"equals": {"key": "moon", "value": True}}
    ),
    "mini.toml: soap.there: applies_when: looks at facts only": lambda item: item.update(
        applies_when={"equals": {"key": "clave.run#cycle", "value": "long"}}
    ),
    "mini.toml: soap.there: applies_when: 'autoclave' is never 'yes'": lambda item: item.update(
        applies_when={"equals": {"key": "autoclave", "value": "yes"}}
    ),
    "mini.toml: soap.there: applies_when: 'country' is never 'fr'": lambda item: item.update(
        applies_when={"not": {"equals": {"key": "country", "value": "fr"}}}
    ),
    "mini.toml: soap.there: applies_when: 'people' is never True": lambda item: item.update(
        applies_when={"equals": {"key": "people", "value": True}}
    ),
    "mini.toml: soap.there: applies_when: 'country' is no number": lambda item: item.update(
        applies_when={"at-least": {"key": "country", "value": 2}}
    ),
    "mini.toml: soap.there: citation: an official item needs a citation": lambda item: item.pop("citation"),
    "mini.toml: soap.there: citation 1: certainty: must be one of": lambda item: item.update(
        citation=[{**making.CITATION, "certainty": "sure"}]
    ),
    "mini.toml: soap.there: citation 1: jurisdiction: must be": lambda item: item.update(
        citation=[{**making.CITATION, "jurisdiction": "California"}]
    ),
    "mini.toml: soap.there: correct_by: needs exactly one": lambda item: item.update(
        correct_by={"days": 1, "working_days": 1}
    ),
    "mini.toml: soap.there: correct_by: days: must be a whole number": lambda item: item.update(
        correct_by={"days": -1}
    ),
    "mini.toml: soap.there: part: there can be one mark": lambda item: item.update(
        part=[making.MARK, {**making.MARK, "key": "other"}]
    ),
    "mini.toml: soap.there: part: two parts have the same name": lambda item: item.update(
        part=[making.MARK, {**making.MARK, "kind": "text"}]
    ),
    "mini.toml: soap.there: part 1: kind: must be one of": lambda item: item.update(
        part=[{**making.MARK, "kind": "colour"}]
    ),
}


@pytest.mark.parametrize("words", ITEM_FAULTS)
def test_faults_of_an_item(words):
    found = spoilt(lambda _facts, items, *_: ITEM_FAULTS[words](items["soap.there"]))
    assert len(found) == 1 and found[0].startswith(words), found


PART_FAULTS = {
    "options: belong to a choice": ("cycle", lambda part: part.pop("options")),
    "options: two have the same value": (
        "cycle",
        lambda part: part.update(options=[{"value": "long", "label": name} for name in "ab"]),
    ),
    "units: the base unit comes first": ("temp", lambda part: part.update(units=["F", "C"])),
    "units: cannot turn ft into C": ("temp", lambda part: part.update(units=["C", "F", "ft"])),
    "low: lies above high": ("temp", lambda part: part.update(low="300")),
    "limit: expires cannot judge a number": ("temp", lambda part: part.update(limit={"kind": "expires"})),
    "limit: at-least cannot judge a date": (
        "tested",
        lambda part: part.update(limit={"kind": "at-least", "value": "1"}),
    ),
    "limit: there is no clave.run#moon": (
        "temp",
        lambda part: part.update(limit={"kind": "at-least-part", "part": "clave.run#moon"}),
    ),
    "limit: clave.run#cycle is no number": (
        "temp",
        lambda part: part.update(limit={"kind": "at-least-part", "part": "clave.run#cycle"}),
    ),
    "limit: s is not a unit of this part": (
        "temp",
        lambda part: part.update(limit={"kind": "at-least", "value": "1", "also": {"s": "2"}}),
    ),
    "limit: asks for 'moon'": (
        "temp",
        lambda part: part.update(
            limit={
                "kind": "cases",
                "cases": [
                    {
                        "when": {"equals": {"key": "moon", "value": 1}},
                        "limit": {"kind": "at-most", "value": "1"},
                    }
                ],
            }
        ),
    ),
    "when: 'clave.run#cycle' is never 'medium'": (
        "temp",
        lambda part: part.update(when={"equals": {"key": "clave.run#cycle", "value": "medium"}}),
    ),
}


@pytest.mark.parametrize("words", PART_FAULTS)
def test_faults_of_a_part(words):
    key, spoil = PART_FAULTS[words]
    found = spoilt(lambda _facts, items, *_: spoil(part(items, key)))
    assert len(found) == 1 and found[0].startswith(f"mini.toml: clave.run: part {key}: {words}"), found


LIMIT_FAULTS = [
    {},
    {"kind": "about"},
    {"kind": "max-age"},
    {"kind": "max-age", "months": 0},
    {"kind": "max-age", "months": 1201},
    {"kind": "max-age", "months": "12"},
    {"kind": "expires", "warn_days": True},
    {"kind": "at-least"},
    {"kind": "at-least", "value": 38},
    {"kind": "at-least", "value": "NaN"},
    {"kind": "at-least", "value": "1e9"},
    {"kind": "at-least", "value": "٣٨"},
    {"kind": "at-least", "value": "1", "also": {"F": 2}},
    {"kind": "cases", "cases": []},
    {"kind": "cases", "cases": [{"limit": {"kind": "expires"}}]},
]


@pytest.mark.parametrize("limit", LIMIT_FAULTS, ids=str)
def test_limits_that_cannot_be_read(limit):
    found = spoilt(lambda _facts, items, *_: part(items, "temp").update(limit=limit))
    assert len(found) == 1 and found[0].startswith("mini.toml: clave.run: part 3: limit"), found


FACT_FAULTS = {
    "mini.toml: country: options: a choice needs": lambda facts: facts["country"].pop("options"),
    "mini.toml: autoclave: scope: must be one of": lambda facts: facts["autoclave"].update(scope="sky"),
    "mini.toml: number.temp: threshold: there is no": lambda facts: facts["number.temp"].update(
        threshold="x"
    ),
    "mini.toml: autoclave: question: is missing": lambda facts: facts["autoclave"].pop("question"),
}


@pytest.mark.parametrize("words", FACT_FAULTS)
def test_faults_of_a_fact(words):
    found = spoilt(lambda facts, *_: FACT_FAULTS[words](facts))
    assert len(found) == 1 and found[0].startswith(words), found


LIST_FAULTS = {
    "list.toml: mini: gone.item: is in no catalogue": lambda section: section["items"].append("gone.item"),
    "list.toml: mini: soap.there: is listed twice": lambda section: section["items"].append("soap.there"),
    "list.toml: mini: section 1: letter: must be one capital": lambda section: section.update(letter="AA"),
    "list.toml: mini: section 1: items: must be a list": lambda section: section.update(items=[]),
}


@pytest.mark.parametrize("words", LIST_FAULTS)
def test_faults_of_a_checklist(words):
    found = spoilt(lambda _f, _i, checklist, *_: LIST_FAULTS[words](checklist["section"][0]))
    assert len(found) == 1 and found[0].startswith(words), found


def test_sections_have_names_of_their_own():
    found = spoilt(lambda _f, _i, checklist, *_: checklist["section"].append(dict(checklist["section"][0])))
    assert "list.toml: mini: section: two sections have the same letter" in found


ALL_WEEK = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
]  # fmt: skip
PACK_FAULTS = {
    "xx.toml: xx: base: 'moon' is no pack": lambda pack: pack.update(base="moon"),
    "xx.toml: xx: base: 'xx' is no pack": lambda pack: pack.update(base="xx"),
    "xx.toml: xx: inherit: the base sets no threshold for soap.there#mark": lambda pack: pack.update(
        inherit=["soap.there#mark"]
    ),
    "xx.toml: xx: inherit: the base sets no threshold for clave.run#tested": lambda pack: pack.update(
        inherit=["clave.run#tested"]  # an advice is no threshold
    ),
    "xx.toml: xx: correct_by: there is no item": lambda pack: pack["correct_by"][0].update(item="gone.item"),
    "xx.toml: xx: correct_by soap.there: needs exactly one": lambda pack: pack["correct_by"][0].pop("days"),
    "xx.toml: xx: threshold clave.run#moon: there is no such part": lambda pack: pack["threshold"][0].update(
        part="moon"
    ),
    "xx.toml: xx: threshold clave.run#tested: needs either a limit": lambda pack: pack["threshold"][0].pop(
        "limit"
    ),
    "xx.toml: xx: threshold clave.run#tested: asks for 'moon'": lambda pack: pack["threshold"][0].update(
        when={"equals": {"key": "moon", "value": True}}
    ),
    "xx.toml: xx: threshold clave.run#tested: limit: at-most cannot judge": lambda pack: pack["threshold"][
        0
    ].update(limit={"kind": "at-most", "value": "1"}),
    "xx.toml: xx: calendar: weekend: leaves no working day": lambda pack: pack["calendar"].update(
        weekend=ALL_WEEK
    ),
    "xx.toml: xx: calendar: holidays 1: must be a day": lambda pack: pack["calendar"].update(
        holidays=["May"]
    ),
    "xx.toml: xx: scheme: weights: minor: must be": lambda pack: pack["scheme"]["weights"].update(minor=0),
    "xx.toml: xx: scheme: kind: must be one of": lambda pack: pack["scheme"].update(kind="stars"),
    "xx.toml: xx: severity_due: major: is missing": lambda pack: pack["severity_due"].pop("major"),
    "xx.toml: xx: next_visit_days: must be": lambda pack: pack.update(next_visit_days="yearly"),
    "xx.toml: xx: cite: must be a list": lambda pack: pack.update(cite=[]),
    "xx.toml: xx: source 1: read_on: is missing": lambda pack: pack["source"][0].pop("read_on"),
}


@pytest.mark.parametrize("words", PACK_FAULTS)
def test_faults_of_a_pack(words):
    found = spoilt(lambda _f, _i, _c, pack, _b: PACK_FAULTS[words](pack))
    assert len(found) == 1 and found[0].startswith(words), found


def test_a_base_stands_on_its_own():
    found = spoilt(lambda _f, _i, _c, _p, base: base.update(base="xx"))
    assert "base.toml: base: base: 'xx' is no pack that stands on its own" in found


def test_all_faults_come_at_once_across_files():
    def spoil(_facts, items, checklist, pack, _base):
        items["soap.there"].pop("look")
        items["clave.run"]["severity"] = "odd"
        checklist.pop("title")
        pack["label"] = ""

    assert [fault.rsplit(": ", 1)[0] for fault in spoilt(spoil)] == [
        "mini.toml: soap.there: look",
        "mini.toml: clave.run: severity",
        "list.toml: mini: title",
        "xx.toml: xx: label",
    ]


def test_the_same_key_in_two_files_is_a_fault_of_the_second():
    (catalogue,), lists, packs = good()
    again = ("more.toml", {"item": [copy.deepcopy(catalogue[1]["item"][0])]})
    assert faults([catalogue, again], lists, packs) == ["more.toml: soap.there: is defined twice"]


def test_a_file_that_holds_something_else_is_a_fault():
    catalogue, lists, packs = good()
    assert faults([*catalogue, ("odd.toml", {"itme": []})], lists, packs)[0].startswith("odd.toml: itme")
    assert faults([*catalogue, ("odd.toml", {"item": 3})], lists, packs) == [
        "odd.toml: must be a list of tables"
    ]
    assert faults([*catalogue, ("odd.toml", {"item": [3]})], lists, packs) == [
        "odd.toml: entry 1: must be a table"
    ]


def test_holidays_may_be_written_as_toml_days_too():
    holidays = tomllib.loads('days = [2026-12-25, "2026-01-01"]')["days"]
    files = good()
    files[2][0][1]["calendar"]["holidays"] = holidays
    content = publishing.resolve(definitions.check(*files), "mini", "xx")
    assert content["due"]["holidays"] == ["2026-01-01", "2026-12-25"]


# mutations ----------------------------------------------------------------------------------------------------

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 10**6),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["clave.run", "soap.there#mark", "autoclave", "at-least", "NaN", "OUT", "base"]),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.dates(),
    st.lists(st.sampled_from(["IN", "OUT", "monday", "us", "clave.run#temp"]), max_size=3),
    st.sampled_from([{"kind": "expires"}, {"not": {"equals": {"key": "people", "value": 1}}}, {"F": "1"}]),
)


def places(value):
    """Every spot of a nested value, as (container, key)."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10**6),
        st.sampled_from(["replace", "drop", "add", "double"]),
        st.sampled_from(["also", "when", "limit", "odd", "options", "unit"]),
        ODD,
    ),
    min_size=1,
    max_size=3,
)


def changed(files, changes):
    """Definitions with some spots replaced, dropped, added or doubled."""
    for place, deed, name, value in copy.deepcopy(changes):
        spots = [spot for part in files for _, content in part for spot in places(content)]
        container, key = spots[place % len(spots)]
        if deed == "drop":
            del container[key]
        elif deed == "add" and isinstance(container, dict):
            container[name] = value
        elif deed == "double" and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        else:
            container[key] = value
    return files


@given(CHANGES)
def test_a_changed_definition_is_published_or_refused_and_never_breaks(changes):
    files = changed(copy.deepcopy(good()), changes)
    try:
        found = definitions.check(*files)
    except BadInput as problem:
        assert problem.faults and all(fault.words for fault in problem.faults)
        return
    for pack in found.packs:
        for key in found.checklists:
            content = publishing.resolve(found, key, pack)
            checklists.read(content, 1, publishing.fingerprint(content))
