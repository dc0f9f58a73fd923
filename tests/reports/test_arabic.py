"""Letters are joined and lines ordered as readers of Arabic and Hebrew expect."""

import unicodedata

import pytest

from reports import arabic


def test_letters_take_the_form_their_neighbours_ask_for():
    assert [unicodedata.name(char).split()[-2:] for char in arabic.join("بيت")] == [
        ["INITIAL", "FORM"],
        ["MEDIAL", "FORM"],
        ["FINAL", "FORM"],
    ]


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("دار", "\ufea9\ufe8d\ufead"),  # none of these joins on
        ("لا", "\ufefb"),  # lam and alef are one letter
        ("بلا", "\ufe91\ufefc"),
        ("ب\u200cب", "\ufe8f\ufe8f"),  # kept apart on purpose
        ("بَت", "\ufe91\u064e\ufe96"),  # a vowel mark does not part letters
        ("abc 12", "abc 12"),
    ],
)
def test_joining(typed, joined):
    assert arabic.join(typed) == joined


def test_joined_letters_read_back_as_typed():
    typed = "السلام عليكم، گچپژ"
    assert unicodedata.normalize("NFKC", arabic.join(typed)) == typed


@pytest.mark.parametrize(
    ("line", "direction", "drawn"),
    [
        ("אבג", "R", "גבא"),
        ("אב 12 גד", "R", "דג 12 בא"),
        ("אב (cd) ה", "R", "ה (cd) בא"),
        ("ab אבג cd", "L", "ab גבא cd"),
        ("ab (אב) cd", "L", "ab (בא) cd"),
        ("1) אב", "R", "בא (1"),
        ("«אב»", "R", "«בא»"),
    ],
)
def test_order_of_a_line(line, direction, drawn):
    assert arabic.visual(line, direction) == drawn


@pytest.mark.parametrize(
    ("text", "direction"), [("שלום x", "R"), ("x שלום", "L"), ("12 مرحبا", "R"), ("12", "L")]
)
def test_the_first_letter_gives_the_direction(text, direction):
    assert arabic.base_direction(text) == direction


@pytest.mark.parametrize("code", ["[U+1F637]", "[U+1FA91][U+1F637]", "[RLO][U+FFFF]"])
def test_codes_stay_whole_in_either_direction(code):
    for direction in "RL":
        for line in (f"نور {code}", f"{code} نور ({code})", f"a ({code} נור) b"):
            drawn = arabic.visual(line, direction)
            assert all(part in drawn for part in code.replace("][", "] [").split())
            assert drawn.count("[") == line.count("[")


def test_a_code_has_no_direction():
    assert arabic.base_direction("[U+1F637] نور") == "R"
    assert arabic.base_direction("[RLO] a") == "L"
