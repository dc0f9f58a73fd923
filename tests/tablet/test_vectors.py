"""Server and tablet judge alike: every verdict, sentence, count, date, score and fingerprint.

The vectors are what the server says. Here it says them again, and a Chromium says what the tablet makes of them.
"""

import json
from gettext import c2py
from typing import Any

import pytest
from babel.messages.plurals import get_plural
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Error

from audit import languages
from audit.domain import tongue, values
from audit.domain.canonical import sha256_of
from audit.languages import catalogue_of
from tests.vectors import make, telling
from tests.vectors.inventing import Inventor, sheets

NAMES = sorted(sheets())
NAMES_OF_TONGUES = sorted(languages.NAMES.keys() - {tongue.ENGLISH.code})
ANSWERS, VISITS, RULES = (
    json.loads((make.HERE / name).read_text("ascii"))
    for name in ("answers.json", "visits.json", "rules.json")
)
LARGEST = 700_000
MOST_MILLISECONDS = 50  # it takes two to four; a tap is answered within 300 on a slow tablet


class Marked(tongue.Tongue):
    """A tongue that nobody speaks: every message between marks, so that one said otherwise shows."""

    code, decimal_sign, group_sign = "xx", ",", "."

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}

    def gettext(self, message: str) -> str:
        return self.words.setdefault(message, f"«{message}»")

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def learn(tablet: Any, words: Marked) -> None:
    signs = {"decimal_sign": words.decimal_sign, "group_sign": words.group_sign}
    tablet.call("speak", words.words, {"language": "en", **signs})


def laid_out(name: str, visit: dict[str, Any]) -> dict[str, Any]:
    """A visit of the vectors as the engine takes it."""
    given = make.drawn(visit["answers"], ANSWERS[name]["cases"], visit["practitioners"])
    return visit | {
        "answers": [{"item": item, "person": person, "value": value} for item, person, value in given],
        "links": [
            {"item": item, "person": person, "sha256": sha256, "caption": caption}
            for item, person, sha256, caption in visit["links"]
        ],
    }


# vectors ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", make.FILES)
def test_vectors_are_what_the_server_says_today(name):
    """When a rule or a sentence changed on purpose: python -m tests.vectors.make"""
    written = (make.HERE / name).read_text("ascii")
    assert written == make.text_of(name), "stale: run python -m tests.vectors.make"


def test_vectors_stay_small():
    assert sum((make.HERE / name).stat().st_size for name in make.FILES) < LARGEST


def test_vectors_are_many_and_reach_everything():
    cases = [case for name in NAMES for case in ANSWERS[name]["cases"]]
    assert len(cases) > 1000 and sum(len(visit["answers"]) for name in NAMES for visit in VISITS[name]) > 3500
    told = [case[3] for case in cases]
    codes = {
        (fault["field"].partition(".")[0], fault["code"]) for row in told for fault in row.get("faults", ())
    }
    assert codes >= {
        ("mark", "unknown"), ("mark", "not-offered"), ("mark", "needs-mark"), ("note", "needs-words"),
        ("note", "needs-reason"), ("note", "text"), ("reason", "needs-reason"), ("absent", "unknown"),
        ("absent", "no-value"), ("absent", "has-value"), ("values", "unknown"), ("values", "number"),
        ("values", "date"), ("values", "choice"), ("values", "missing"), ("correct_by", "date"),
        ("correct_by", "too-early"),
    }  # fmt: skip
    assert {row["answer"].get("derived") for row in told} == {"IN", "OUT", "NO", "NA", None}
    assert any(row["answer"].get("warnings") for row in told)
    states = {state for visit in VISITS["miniature"] for _, state, *_ in visit["headline"]["sections"]}
    assert states == {"not started", "looked at", "something missing", "done"}
    assert {visit["headline"]["status"] for name in NAMES for visit in VISITS[name]} >= {
        "uncorrected-critical"
    }


# the tablet ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_tablet_reads_every_answer_alike(english, name):
    cases, contexts = ANSWERS[name]["cases"], ANSWERS[name]["contexts"]
    told = english.call("answers", contexts, cases, sheet=name)
    for case, found in zip(cases, told, strict=True):
        assert found == case[3], (case[:2], contexts[case[2]])


@pytest.mark.parametrize("name", NAMES)
def test_the_tablet_judges_every_visit_alike(english, name):
    visits = VISITS[name]
    told = english.call("visits", [laid_out(name, visit) for visit in visits], sheet=name)
    for visit, found in zip(visits, told, strict=True):
        assert telling.headline(found) == visit["headline"]
        if sha256_of(found) != visit["sha256"]:
            assert found == server(name, visit)  # shows where
    assert english.call("fingerprints", told) == [visit["sha256"] for visit in visits]


def server(name: str, visit: dict[str, Any]) -> Any:
    """What the server makes of a visit of the vectors."""
    given = make.drawn(visit["answers"], ANSWERS[name]["cases"], visit["practitioners"])
    return telling.whole_visit(sheets()[name], make.setting_of(visit), given, map(tuple, visit["links"]))


@pytest.mark.parametrize("name", sorted(RULES.keys() - {"canonical", "manifest"}))
def test_the_tablet_follows_every_small_rule(english, name):
    cases = RULES[name]
    for case, found in zip(cases, english.call("rules", name, [case[:-1] for case in cases]), strict=True):
        assert found == case[-1], case


def test_the_tablet_spells_documents_alike(english):
    documents = [value for value, *_ in RULES["canonical"]]
    assert english.call("canonical", documents) == [told for _, *told in RULES["canonical"]]
    visits = [visit for visit, *_ in RULES["manifest"]]
    assert english.call("manifests", visits) == [told for _, *told in RULES["manifest"]]


@pytest.mark.parametrize("entered", ["é" * 9, "😀" * 10, " " + "😀" * 10 + "\n", "a" * 11, "😀" * 11])
def test_a_text_of_exactly_the_limit_is_kept_on_both_sides(english, entered):
    try:
        told = values.text(entered, 10)
    except ValueError as error:
        told = str(error)
    assert english.call("text", entered, 10) == told


@pytest.mark.parametrize("value", ["0.5", "[1e16]", '"\\ud800"', '{"\\udfff": 1}'])
def test_what_has_no_spelling_is_refused(english, value):
    with pytest.raises(Error, match="no canonical spelling"):
        english.call("canonical", [json.loads(value)])


def test_a_whole_visit_is_judged_between_two_taps(english):
    name = "smp-clinic-inspection us-ca"
    largest = max(VISITS[name], key=lambda visit: len(visit["answers"]))
    assert english.call("time", laid_out(name, largest), 20, sheet=name) < MOST_MILLISECONDS


# any tongue ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_tablet_says_the_same_messages_in_any_tongue(tablet, name):
    visits = VISITS[name][:12]
    words = Marked()
    with tongue.speaking(words):
        said = [server(name, visit) for visit in visits]
    learn(tablet, words)
    assert tablet.call("visits", [laid_out(name, visit) for visit in visits], sheet=name) == said
    tablet.call("speak", {})


@pytest.mark.parametrize("code", [code for code in NAMES_OF_TONGUES if catalogue_of(code).exists()])
def test_the_tablet_speaks_what_was_translated(tablet, code):
    spoken = languages.tongue(code)
    with tongue.speaking(spoken):
        said = [server("miniature", visit) for visit in VISITS["miniature"]]
    signs = {"decimal_sign": spoken.decimal_sign, "group_sign": spoken.group_sign}
    tablet.call("speak", languages.words_of(code), {"language": code, **signs})
    visits = [laid_out("miniature", visit) for visit in VISITS["miniature"]]
    assert tablet.call("visits", visits, sheet="miniature") == said
    tablet.call("speak", {})


@pytest.mark.parametrize("code", ["en", "es", "fr", "de", "pl", "cs", "ru", "ja"])
def test_a_number_takes_the_form_that_catalogues_give_it(tablet, code):
    rule = get_plural(code)
    forms = [f"form {place}: {{number}}" for place in range(rule.num_plurals)]
    tablet.call("speak", {"{number} day": forms}, {"language": code})
    form_of = c2py(rule.plural_expr)
    said = tablet.call(
        "rules", "several", [["{number} day", "{number} days", number] for number in range(125)]
    )
    assert said == [f"form {form_of(number)}: {number}" for number in range(125)]
    tablet.call("speak", {})


def test_words_that_are_not_translated_are_english(english):
    english.call("speak", {"{number} day": "{number} Tag", "at once": "sofort"})
    said = english.call("rules", "several", [["{number} day", "{number} days", number] for number in (1, 2)])
    assert said == ["1 Tag", "2 days"]
    english.call("speak", {})


# chance -------------------------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), name=st.sampled_from(NAMES))
def test_any_visit_is_judged_alike(tablet, seed, name):
    tablet.call("speak", {})
    inventor, sheet = Inventor(f"any {seed}"), sheets()[name]
    setting = inventor.setting(sheet.checklist)
    oddness = inventor.one((0.0, 0.1, 0.8))
    answers = [
        (item.key, person, inventor.answer(item, setting.on, oddness))
        for item in sheet.checklist.items()
        for person in (setting.people if item.per_practitioner and setting.people else (None,))
        if inventor.maybe(0.95)
    ]
    visit = {
        "inspected_on": setting.on.isoformat(),
        "facts": setting.facts,
        "practitioners": setting.people,
        "answers": [{"item": item, "person": person, "value": value} for item, person, value in answers],
    }
    (told,) = tablet.call("visits", [visit], sheet=name)
    assert told == telling.whole_visit(sheet, setting, answers)
