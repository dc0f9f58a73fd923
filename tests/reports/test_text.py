"""Text onto paper: everything typed is seen, nothing is lost, nothing costs more than its length."""

# ruff: noqa: RUF001 - letters of other scripts are what is tested
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flow import words
from reports.ink import Info, Ink
from reports.style import A4, BODY, FINE, LABEL, NAME, STRONG_BODY
from reports.text import LONGEST, Span, fitted, lines, replaced, shown, width_of
from tests.reports import reading

INFO = Info("t", "a", "s", "2026-03-03T18:06:30Z", "x")

HOSTILE = {
    "tags": "<b>bold</b> & <img src='file:///etc/passwd'> <a href=\"javascript:x\">y</a> </para>",
    "colour code": '<font color="[[1][0]]">x</font> <unichar code="9"/> <onDraw name="x"/>',
    "60,000 nested tags": "<b>" * 60_000,
    "1 MB without a space": "x" * 1_000_000,
    "50 KB of <": "<" * 50_000,
    "5,000 combining marks": "e" + "\u0301" * 5_000,
    "emoji": "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea" * 300,
    "Arabic": "\u0645\u0631\u062d\u0628\u0627 " * 800,
    "Arabic without a space": "\u0645\u0631\u062d" * 1_500,
    "Hebrew": "\u05e9\u05dc\u05d5\u05dd (abc) 12 " * 400,
    "CJK": "\u6771\u9928" * 2_000,
    "overrides": "\u202edrow\u202c \u2066x\u2069 \u200f" * 300,
    "invisible": "a\u200bb\ufeffc\u00add" * 500,
    "controls": "".join(map(chr, range(32))) * 50,
    "lone surrogates": "\ud800x\udfff" * 500,
    "line ends": "a\r\nb\rc\u2028d\u2029e\x85f\n\n\n" * 200,
    "spaces": " \t\u00a0\u2003" * 1_000,
    "nothing": "",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("width", [24.0, 380.0])
def test_hostile_text_is_set_quickly_and_within_its_width(name, width):
    lines.cache_clear()
    begun = time.process_time()
    made = lines((Span(HOSTILE[name], BODY),), width)
    assert time.process_time() - begun < 1.0
    assert max(line.width for line in made) <= width + 0.1


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("plain – “quoted”", "plain – “quoted”"),
        ("e\u0301", "\u00e9"),
        ("a\u202eb", "a[RLO]b"),
        ("a\u0007b", "a[U+0007]b"),
        ("\U0001f3e5", "[U+1F3E5]"),
        ("\u6771", "[U+6771]"),
        ("\ud800", "[U+D800]"),
        ("a\u200bb", "a[U+200B]b"),
        ("a\u200db", "a[U+200D]b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("a\r\nb\rc\u2028d\n\n\n\ne\n", "a\nb\nc\nd\n\ne"),
        ("x\n" * 100, " ¶ ".join("x" * 100)),
        ("\U0001d400", "[U+1D400]"),
        ("x" + "\u0316" * 6, "x" + "\u0316" * 4 + "[U+0316]" * 2),
    ],
)
def test_what_cannot_be_drawn_becomes_a_visible_code(typed, seen):
    assert shown(typed) == seen


def test_replaced_characters_are_named():
    assert replaced(["plain", "x\U0001f3e5\u202e"]) == (
        ("[RLO]", "right-to-left override"),
        ("[U+1F3E5]", "hospital"),
    )


def test_a_damaged_record_cannot_flood_a_report():
    assert "[… 80000 more characters are in the sealed record]" in shown("x" * (LONGEST + 80_000))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), st.floats(30, 400))
def test_no_letter_is_lost_and_no_line_is_too_wide(text, width):
    made = lines((Span(text, BODY),), width)
    assert all(line.width <= width + 0.1 for line in made)
    if not any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text):
        drawn = "".join(run.text for line in made for run in line.runs)
        assert "".join(drawn.split()) == "".join(shown(text).split())


@given(st.text(max_size=60))
def test_setting_text_never_raises(text):
    for style in (BODY, LABEL, NAME):
        assert words(text, style).height(100) >= style.leading


def test_long_words_are_cut_after_a_sign_where_there_is_one():
    made = lines((Span("https://example.org/very-long-address/that-fits-no-line", BODY),), 120)
    firsts = ["".join(run.text for run in line.runs) for line in made]
    assert all(part[-1] in "/-." for part in firsts[:-1])


def test_running_heads_end_with_an_ellipsis():
    made = fitted("Crown & Follicle " * 40, FINE, 200)
    assert made.endswith("…")
    assert width_of(made, FINE) <= 200


def test_several_styles_share_a_line():
    made = lines((Span("Item", STRONG_BODY), Span(" quiet words", FINE)), 300)
    assert [run.text for run in made[0].runs] == ["Item ", "quiet words"]


SCRIPTS = {
    "Latin": "Żółć, façade, naïve Ærø: ½ of 12.5 °C ≤ 38 µm",
    "Greek": "Καλημέρα κόσμε, ΐ ώρα",
    "Cyrillic": "Привет, мир: щётка, їжак",
    "Arabic": "مرحبا بالعالم، الإبرة معقمة ولا تستعمل إلا مرة واحدة لا غير عند كل زبون جديد في هذا المكان دائما",
    "Arabic with vowels": "مُحَمَّد كِتَابٌ",
    "Hebrew": "שלום עולם ועוד מילים רבות כאן כדי שהשורה תהיה ארוכה מספיק ותישבר לשתי שורות לפחות",
    "Hebrew with vowels": "שָׁלוֹם",
    "Persian": "گچپژ فارسی",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_read_back(script, tmp_path):
    path = tmp_path / "script.pdf"
    _draw(SCRIPTS[script], path)
    assert reading.solid(SCRIPTS[script]) in reading.solid(reading.reading_order(path))


@pytest.mark.parametrize(
    "text", ["English with عربي inside and more", "מחט 12 (abc) חדשה", "الغرفة 4 (room B) نظيفة 12.5%"]
)
def test_every_word_of_mixed_text_reads_back(text, tmp_path):
    path = tmp_path / "mixed.pdf"
    _draw(text, path)
    found = reading.reading_order(path)
    assert all(word.strip("()%") in found for word in reading.plain(text).split())


def test_codes_read_back(tmp_path):
    path = tmp_path / "codes.pdf"
    _draw("seen \U0001f3e5 \u202e \u6771 <b>&amp;", path)
    assert reading.text_of(path).startswith("seen [U+1F3E5] [RLO] [U+6771] <b>&amp;")


def _draw(text, path):
    ink = Ink(path, A4, INFO)
    piece = words(text, BODY)
    piece.draw(ink, 60, 780, 330)
    ink.pages = 1
    ink.showPage()
    ink.finish(FINE, 500, 30)
