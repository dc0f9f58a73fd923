"""Translations are checked like the definitions, frozen with what is published, and laid over it when it is read."""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import checklists, definitions, publishing, translations, versions
from audit.domain.checklists import Checklist
from audit.domain.overlay import in_language
from audit.domain.problems import BadInput
from tests.domain import making

CATALOGUE = """
    [[fact]]
    key = "site"
    kind = "choice"
    options = [{ value = "fixed", label = "Fixed" }, { value = "mobile", label = "Mobile" }]
    [[item]]
    key = "soap.there"
    phrases = ["No soap.", "Soap empty."]
    grounds = ["Clients ask."]
    [[item]]
    key = "sink.temp"
    [[item.part]]
    key = "temp"
    kind = "number"
    label = "Hot water"
    unit = "C"
    [[item.part]]
    key = "tap"
    kind = "choice"
    label = "Tap"
    options = [{ value = "one", label = "One" }, { value = "two", label = "Two", mark = "IN" }]
    [[item.citation]]
    ref = "YY 12"
    kind = "model-code"
    jurisdiction = "yy"
    certainty = "verified"
"""
BASE = """
    [[threshold]]
    item = "sink.temp"
    part = "temp"
    limit = { kind = "at-least", value = "38" }
    source = "YY hot water"
    certainty = "secondary"
"""
PACK = """
    source = [{ short = "XX law", address = "example.org", read_on = "2026-10" }]
    words = { permit = "Permit" }
    [[threshold]]
    item = "sink.temp"
    part = "temp"
    limit = { kind = "at-most", value = "60" }
    source = "XX letter"
    certainty = "recalled"
    [[threshold]]
    item = "soap.there"
    part = "mark"
    advice = "Liquid soap"
    source = "XX 7"
    certainty = "verified"
"""
SPANISH = """
    [shared]
    Mark = "Marca"
    "Section A" = "Sección A"
    "{source} (unconfirmed)" = "{source} (sin confirmar)"
    [item."soap.there"]
    prompt = "¿Hay jabón?"
    look = "Mire el lavamanos."
    reason = "Importa."
    corrective = "Ponga jabón."
    phrases = ["Sin jabón.", "Jabón vacío."]
    grounds = ["Los clientes preguntan."]
    [item."sink.temp"]
    prompt = "¿Está bien?"
    look = "Mire el agua."
    reason = "Quema."
    corrective = "Repárelo."
    phrases = ["Estaba mal."]
    part.temp.label = "Agua caliente"
    part.tap = { label = "Grifo", options = { one = "Uno", two = "Dos" } }
    [fact.site]
    label = "Lugar"
    question = "¿Qué lugar?"
    options = { fixed = "Fijo", mobile = "Móvil" }
    [checklist.mini]
    title = "Miniatura"
    [pack.xx]
    title = "Xanadú"
    label = "Xanadú"
    words = { permit = "Permiso" }
    said = { "Liquid soap" = "Jabón líquido", "XX letter" = "Carta XX" }
    source."XX law" = { short = "Ley XX" }
    [pack.base]
    title = "Base"
    label = "La base"
    said = { "at least 38 °C" = "al menos 38 °C", "YY hot water" = "Agua caliente YY" }
"""


def resolved(spanish: Mapping[str, Any] | None = None) -> dict[str, Any]:
    found = definitions.check(*making.files(CATALOGUE, pack=PACK, base=BASE))
    files = [("es/mini.toml", tomllib.loads(SPANISH) if spanish is None else spanish)]
    return publishing.resolve(translations.check(found, {"es": files}), "mini", "xx")


def read(document: Mapping[str, Any]) -> Checklist:
    return checklists.read(document, 1, publishing.fingerprint(document))


@pytest.fixture(scope="module")
def both() -> tuple[Checklist, Checklist]:
    english = read(resolved())
    return english, english.in_language("es")


def faults(change: Any) -> list[str]:
    spanish = copy.deepcopy(tomllib.loads(SPANISH))
    change(spanish)
    with pytest.raises(BadInput) as refused:
        resolved(spanish)
    return [f"{fault.place}: {fault.words}" for fault in refused.value.faults]


# what is published --------------------------------------------------------------------------------------------


def test_every_word_is_told_and_nothing_else_is_different(both):
    english, spanish = both
    assert spanish.language == "es" and spanish.sha256 == english.sha256
    assert (spanish.title, spanish.pack_title, spanish.words) == (
        "Miniatura",
        "Xanadú",
        (("permit", "Permiso"),),
    )
    assert [section.title for section in spanish.sections] == ["Sección A"]
    soap, sink = spanish.items()
    assert (soap.prompt, soap.look, soap.reason, soap.corrective) == (
        "¿Hay jabón?",
        "Mire el lavamanos.",
        "Importa.",
        "Ponga jabón.",
    )
    assert (soap.phrases, soap.grounds) == (("Sin jabón.", "Jabón vacío."), ("Los clientes preguntan.",))
    assert [part.label for part in (*soap.parts, *sink.parts)] == ["Marca", "Agua caliente", "Grifo"]
    assert [(row.value, row.label, row.mark) for row in sink.part("tap").options] == [
        ("one", "Uno", None),
        ("two", "Dos", "IN"),
    ]
    (fact,) = spanish.facts
    assert (fact.label, fact.question, fact.shown("mobile")) == ("Lugar", "¿Qué lugar?", "Móvil")
    assert [(source.short, source.address) for source in spanish.sources] == [("Ley XX", "example.org")]
    assert [item.number for item in spanish.items()] == [item.number for item in english.items()]
    assert spanish.item("sink.temp").part("temp").unit == "C"


def test_advice_is_told_with_its_source_and_the_base_it_comes_from(both):
    _, spanish = both
    assert spanish.item("soap.there").part("mark").advice == ("Jabón líquido (XX 7)",)
    assert spanish.item("sink.temp").part("temp").advice == (
        "al menos 38 °C (Agua caliente YY (sin confirmar)) [La base]",
    )


def test_sources_of_limits_and_citations_read_alike(both):
    english, spanish = both
    limits = [one.item("sink.temp").part("temp").limit for one in both]
    assert [limit.source for limit in limits if limit] == [
        "XX letter (unconfirmed)",
        "Carta XX (sin confirmar)",
    ]
    assert [row.source for row in english.item("sink.temp").citations] == ["Base"]
    assert [(row.ref, row.source) for row in spanish.item("sink.temp").citations] == [("YY 12", "La base")]


def test_a_language_is_read_once_and_leads_back(both):
    english, spanish = both
    assert english.in_language("es") is spanish and spanish.in_language("en") is english
    assert english.in_language("en") is english and spanish.in_language("xx") is english
    assert english.languages == spanish.languages == ("en", "es")


def test_ready_phrases_are_known_in_every_language(both):
    for one in both:
        soap = one.item("soap.there")
        assert soap.ready_phrases == {"No soap.", "Sin jabón.", "Soap empty.", "Jabón vacío."}
    soap = both[1].item("soap.there")
    assert soap.unsaid("") == ((0, "Sin jabón."), (1, "Jabón vacío."))
    assert soap.unsaid("No soap. Again.") == ((1, "Jabón vacío."),)
    assert both[0].item("soap.there").unsaid("Jabón vacío.") == ((0, "No soap."),)


def test_what_a_document_does_not_say_stays_english():
    document = resolved()
    del document["languages"]["es"]["sections"]["a"]["items"]["soap.there"]["prompt"]
    del document["languages"]["es"]["facts"]
    spanish = read(document).in_language("es")
    assert spanish.item("soap.there").prompt == "Is soap.there right?"
    assert spanish.item("soap.there").look == "Mire el lavamanos."
    assert [fact.label for fact in spanish.facts] == ["site"]


def test_a_document_without_languages_is_read_as_before():
    document = making.published(CATALOGUE, pack=PACK, base=BASE)
    assert "languages" not in document
    alone = read(document)
    assert alone.in_language("es") is alone and alone.languages == ("en",)
    assert alone.item("soap.there").ready_phrases == {"No soap.", "Soap empty."}


def test_reading_leaves_the_document_as_it_is():
    document = resolved()
    before = copy.deepcopy(document)
    read(document).in_language("es")
    assert document == before


def test_a_told_document_holds_one_language_and_reads_as_the_checklist_does():
    document = resolved()
    told = in_language(document, "es")
    assert "languages" not in told and told["title"] == "Miniatura"
    assert told["sections"][0]["items"][0]["spellings"] == [
        ["No soap.", "Sin jabón."],
        ["Soap empty.", "Jabón vacío."],
    ]
    assert set(told) == set(document) - {"languages"}


def test_a_changed_copy_keeps_its_words(both):
    shorter = replace(both[0], sections=())
    assert shorter.in_language("es") is shorter


def test_a_comparison_shows_that_only_a_translation_changed(both):
    document = resolved()
    document["languages"]["es"]["title"] = "Otra"
    (change,) = versions.compare(both[0], read(document)).rules
    assert change.field == "Translations" and change.before != change.after
    assert {row.field for row in versions.compare(both[1], read(document).in_language("es")).rules} == {
        "Title",
        "Translations",
    }


@given(st.text(max_size=3))
def test_a_language_nobody_wrote_is_english(code):
    english = read(resolved())
    told = english.in_language(code)
    assert (told is english) == (code != "es")


# what is wrong with what was written --------------------------------------------------------------------------

WRONG: dict[str, Any] = {
    "es: item sink.temp: is not translated": lambda es: es["item"].pop("sink.temp"),
    "es: fact site: is not translated": lambda es: es["fact"].pop("site"),
    "es: checklist mini: is not translated": lambda es: es["checklist"].pop("mini"),
    "es: pack base: is not translated": lambda es: es["pack"].pop("base"),
    "es/mini.toml: item: soap.there: prompt: is missing": lambda es: es["item"]["soap.there"].pop("prompt"),
    "es/mini.toml: item: soap.there: promt: is not known here; is it misspelt?": (
        lambda es: es["item"]["soap.there"].update(promt="¿?")
    ),
    "es/mini.toml: items: is not known here; is it misspelt?": lambda es: es.update(items={}),
    "es/mini.toml: soap.gone: there is no such item": (
        lambda es: es["item"].update({"soap.gone": es["item"]["soap.there"]})
    ),
    "es/mini.toml: soap.there: phrases: are 1, and in English 2": (
        lambda es: es["item"]["soap.there"].update(phrases=["Sin jabón."])
    ),
    "es/mini.toml: soap.there: grounds: are 0, and in English 1": lambda es: es["item"]["soap.there"].pop(
        "grounds"
    ),
    "es/mini.toml: soap.there: part mark: label: is missing, also among what is shared": (
        lambda es: es["shared"].pop("Mark")
    ),
    "es/mini.toml: soap.there: part: tap: is not known here; is it misspelt?": (
        lambda es: es["item"]["soap.there"].update(part={"tap": {"label": "Grifo"}})
    ),
    "es/mini.toml: sink.temp: part tap: options: two: is missing, also among what is shared": (
        lambda es: es["item"]["sink.temp"]["part"]["tap"]["options"].pop("two")
    ),
    "es/mini.toml: sink.temp: part tap: options: three: is not known here; is it misspelt?": (
        lambda es: es["item"]["sink.temp"]["part"]["tap"]["options"].update(three="Tres")
    ),
    "es/mini.toml: site: options: fixed: is missing, also among what is shared": (
        lambda es: es["fact"]["site"]["options"].pop("fixed")
    ),
    "es/mini.toml: mini: sections: a: is missing, also among what is shared": lambda es: es["shared"].pop(
        "Section A"
    ),
    "es/mini.toml: mini: sections: b: is not known here; is it misspelt?": (
        lambda es: es["checklist"]["mini"].update(sections={"b": "Be"})
    ),
    "es/mini.toml: xx: words: permit: is missing": lambda es: es["pack"]["xx"].pop("words"),
    "es/mini.toml: xx: said: Liquid soap: is missing": lambda es: es["pack"]["xx"]["said"].pop("Liquid soap"),
    "es/mini.toml: base: said: at least 38 °C: is missing": (
        lambda es: es["pack"]["base"]["said"].pop("at least 38 °C")
    ),
    "es/mini.toml: xx: said: Liquid: is not known here; is it misspelt?": (
        lambda es: es["pack"]["xx"]["said"].update(Liquid="Líquido")
    ),
    "es/mini.toml: xx: source: XX: is not known here; is it misspelt?": (
        lambda es: es["pack"]["xx"]["source"].update(XX={"short": "X"})
    ),
}


@pytest.mark.parametrize("words", WRONG)
def test_a_fault_names_file_item_and_field(words):
    assert faults(WRONG[words]) == [words]


def test_all_faults_come_at_once():
    def change(es):
        for words in list(WRONG)[:4]:
            WRONG[words](es)

    assert faults(change) == list(WRONG)[:4]


def test_nothing_is_translated_twice():
    spanish = tomllib.loads(SPANISH)
    found = definitions.check(*making.files(CATALOGUE, pack=PACK, base=BASE))
    with pytest.raises(BadInput, match=r"es/b\.toml: soap\.there: is translated twice"):
        translations.check(
            found,
            {
                "es": [
                    ("es/a.toml", spanish),
                    ("es/b.toml", {"item": {"soap.there": spanish["item"]["soap.there"]}}),
                ]
            },
        )


def test_what_is_no_table_is_a_fault_too():
    wrongs: list[dict[str, Any]] = [
        {"item": []},
        {"shared": "Marca"},
        {"item": {"soap.there": "¿Hay?"}},
        {"pack": {"xx": {"said": 3}}},
    ]
    for wrong in wrongs:
        assert faults(lambda es, wrong=wrong: es.update(wrong))
