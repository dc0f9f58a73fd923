"""Joined letters for Arabic script and the order of a line, without a shaping engine.

The joined forms are Unicode's presentation forms, which DejaVu Sans draws and which text extraction turns
back into the typed letters by compatibility normalisation (NFKC). The tables are read from ``unicodedata``.
"""

import re
import unicodedata
from functools import cache

from bidi import get_display

_FORMS = ("isolated", "final", "initial", "medial")
_TATWEEL, _JOINER, _NON_JOINER = "\u0640", "\u200d", "\u200c"
_LAM = "\u0644"
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u200c\u200d]+")
_MARK = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
_MARKS_FIRST = re.compile(f"([{_MARK}]+)([^{_MARK}])")
# What ``reports.text`` shows in place of a character; private letters, which read from the left, stand for it
# while a line is ordered (typed ones never come here: they are shown as codes themselves).
_CODE = re.compile(r"\[(?:U\+[0-9A-F]{4,6}|ALM|LRM|RLM|LR[EOI]|RL[EOI]|PD[FI]|FSI)\]")
_STANDS_FOR = [chr(code) for code in range(0xE000, 0xF000)]
_OPENING = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»"}
_CLOSING = {closing: opening for opening, closing in _OPENING.items()}
_IS_MARK = re.compile(f"[{_MARK}]")


def has_rtl(text: str) -> bool:
    return _RTL.search(text) is not None


def is_arabic(char: str) -> bool:
    return "\u0600" <= char <= "\u06ff" or "\u0750" <= char <= "\u077f"


def base_direction(text: str) -> str:
    """``R`` when the first letter with a direction reads from the right, else ``L``; codes have none."""
    for char in _CODE.sub("", text):
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return "R"
        if kind == "L":
            return "L"
    return "L"


@cache
def _forms() -> dict[str, dict[str, str]]:
    """Letter (or lam-alef pair) to its forms: ``isolated``, ``final``, ``initial``, ``medial``."""
    table: dict[str, dict[str, str]] = {}
    for code in (*range(0xFB50, 0xFBB2), *range(0xFBD3, 0xFC00), *range(0xFE80, 0xFEFD)):
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind.strip("<>") in _FORMS:
            base = "".join(chr(int(letter, 16)) for letter in letters)
            if len(base) == 1 or (len(base) == 2 and base[0] == _LAM and code >= 0xFEF5):
                table.setdefault(base, {}).setdefault(kind.strip("<>"), chr(code))
    return table


def _joins_back(char: str) -> bool:
    return char in (_TATWEEL, _JOINER) or "final" in _forms().get(char, {})


def _joins_on(char: str) -> bool:
    return char in (_TATWEEL, _JOINER) or "initial" in _forms().get(char, {})


def join(text: str) -> str:
    """Replace Arabic letters by the form their neighbours ask for; everything else stays."""
    return _ARABIC.sub(lambda match: _join_run(match.group()), text)


def _join_run(run: str) -> str:
    letters = _with_lam_alef(run)
    joined = []
    for index, (letter, marks) in enumerate(letters):
        before = letters[index - 1][0] if index else ""
        after = letters[index + 1][0] if index + 1 < len(letters) else ""
        joined.append(_form(letter, before, after) + marks)
    return "".join(joined)


def _with_lam_alef(run: str) -> list[tuple[str, str]]:
    """Letters with their marks; lam and alef that follow each other become one letter."""
    letters: list[tuple[str, str]] = []
    for char in run:
        if letters and (_IS_MARK.match(char) or unicodedata.combining(char)):
            letters[-1] = (letters[-1][0], letters[-1][1] + char)
        elif letters and not letters[-1][1] and letters[-1][0] == _LAM and _LAM + char in _forms():
            letters[-1] = (_LAM + char, "")
        else:
            letters.append((char, ""))
    return letters


def _form(letter: str, before: str, after: str) -> str:
    if letter in (_JOINER, _NON_JOINER):
        return ""
    forms = _forms().get(letter)
    if forms is None:
        return letter
    back = bool(before) and _joins_on(before) and "final" in forms
    on = bool(after) and _joins_back(after[0]) and "initial" in forms
    kind = {(True, True): "medial", (True, False): "final", (False, True): "initial"}.get(
        (back, on), "isolated"
    )
    return forms.get(kind, letter)


def visual(line: str, direction: str) -> str:
    """One line in the order it is drawn from left to right; marks follow the letter they sit on.

    A visible code such as ``[U+1F637]`` is moved as one letter, so that its brackets stay where they are.
    """
    codes = _CODE.findall(line)
    if len(codes) > len(_STANDS_FOR):
        codes = []
    places = iter(_STANDS_FOR)
    held = _CODE.sub(lambda _code: next(places), line) if codes else line
    drawn = _mirrored(str(get_display(held, base_dir=direction)), direction)
    back = dict(zip(_STANDS_FOR, codes, strict=False))
    return "".join(back.get(char, char) for char in drawn) if codes else drawn


def _mirrored(shown: str, direction: str) -> str:
    """Turn the brackets that were read from right to left, which the reordering leaves as typed.

    In drawing order such a pair stands closing before opening; a lone bracket follows the line's direction.
    """
    chars, opened, turned = list(shown), list[int](), list[int]()
    for index, char in enumerate(shown):
        if char in _OPENING:
            opened.append(index)
        elif char in _CLOSING:
            if opened and shown[opened[-1]] == _CLOSING[char]:
                opened.pop()
            else:
                turned.append(index)
    turned += opened
    pairs = {_OPENING.get(shown[index], shown[index]) for index in turned if shown[index] in _OPENING}
    for index in turned:
        closing = _OPENING.get(shown[index], shown[index])
        if direction == "R" or closing in pairs:
            chars[index] = _OPENING.get(shown[index]) or _CLOSING[shown[index]]
    return "".join(chars)
