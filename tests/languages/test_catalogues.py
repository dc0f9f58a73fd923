"""Every catalogue says everything the product says, with the same values in it, and nothing else."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from audit import languages
from audit.domain.tongue import ENGLISH, language, numeral, say, several, speaking, thousands
from tests.languages import extracting

CODES = [code for code in languages.NAMES if code != ENGLISH.code]
ROOT = Path(__file__).parents[2]
VALUE = re.compile(r"\{(\w*)\}")
# A block for a class of the page, and pieces of a tag, are no words.
CODE = re.compile(r"\{% block main_class %\}.*?\{% endblock %\}| [a-z-]+=\"[^\"<>]*\"(?=\{)")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SEEN = re.compile(r'\b(?:alt|aria-label|aria-description|placeholder|title)="([^"]*)"')
LETTERS = re.compile(r"[^\W\d_]{2,}")
SAYING = ("say", "word", "several")
# The same in every language.
NAMES = {"PDF", "clinic", "audit", "min"}


def key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


@pytest.fixture(scope="module", params=CODES)
def catalogue(request):
    return {key(message): message for message in extracting.read(request.param) if message.id}


@pytest.fixture(scope="module")
def said():
    return {key(message): message for message in extracting.template() if message.id}


def test_a_catalogue_holds_what_is_said_and_nothing_else(catalogue, said):
    assert catalogue.keys() == said.keys(), "make words"
    assert len(said) > 900


def test_everything_is_translated_and_nothing_guessed(catalogue):
    left = [
        name
        for name, message in catalogue.items()
        if message.fuzzy
        or not all([message.string] if isinstance(message.string, str) else message.string or [""])
    ]
    assert not left


def test_values_stand_in_both(catalogue):
    wrong = []
    for message in catalogue.values():
        one = isinstance(message.id, str)
        wanted = set(VALUE.findall(message.id if one else message.id[1]))
        for words in (message.string,) if one else message.string:
            if words and set(VALUE.findall(words)) != wanted:
                wrong.append((message.id, words))
    assert not wrong


def test_a_sentence_stays_a_sentence(catalogue):
    """What ends with a full stop or a colon ends so in every language."""
    ends = [
        (message.id, message.string)
        for message in catalogue.values()
        if isinstance(message.id, str)
        and message.string
        and message.id[-1] in ".:?"
        and message.string[-1] != message.id[-1]
        and message.id not in ("No.", "Permit no.")
    ]
    assert not ends


@pytest.mark.parametrize("code", CODES)
def test_what_is_compiled_in_memory_is_what_the_file_says(code):
    tongue = languages.tongue(code)
    for message in extracting.read(code):
        if message.id and isinstance(message.id, str):
            assert tongue.gettext(message.id) == (message.string or message.id)
        elif message.id:
            one, many = message.id
            assert [tongue.ngettext(one, many, number) for number in (1, 2)] == list(message.string or ())


def test_spanish_counts_and_writes_numbers_its_own_way():
    with speaking(languages.tongue("es")):
        assert language() == "es"
        assert several("{number} day", "{number} days", 1) == "1 día"
        assert several("{number} day", "{number} days", 2) == "2 días"
        assert numeral("37.5") == "37,5" and thousands(4000) == "4.000"
        assert say("Section {position} of {total}", position=1, total=9) == "Sección 1 de 9"
    assert language() == "en" and numeral("37.5") == "37.5" and thousands(4000) == "4,000"


def test_a_language_nobody_speaks_here_is_english():
    assert languages.tongue("xx") is ENGLISH and languages.tongue("../es") is ENGLISH
    assert languages.chosen(["fr", "es-MX", "en"]) == "es"
    assert languages.chosen(["fr", "en-GB"]) == languages.chosen([]) == "en"


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / "templates").rglob("*.html")) if path.parent.name != "design"],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_no_template_says_a_word_by_itself(path):
    """All but the style page, which only those see who change the product."""
    bare = JINJA.sub(" ", CODE.sub("", path.read_text("utf-8")))
    texts = [TAG.sub(" ", bare), *SEEN.findall(bare)]
    left = {word for text in texts for word in LETTERS.findall(text)} - NAMES
    assert not left


def test_what_is_looked_up_is_a_message_never_a_made_text():
    """``say(f"…")`` finds nothing in any catalogue."""
    wrong = []
    for room in ("audit", "forms", "reports"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in SAYING:
                    continue
                if any(isinstance(arg, ast.JoinedStr | ast.BinOp) for arg in node.args[:1]):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong
