"""Sentences of a visit's history: nobody's answers fill pages, and nothing internal is said."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audit.domain import chronicle
from audit.domain.chronicle import FOR_READERS, SENTENCES, Happened, told
from audit.domain.inspections import PERSON_IN_CHARGE
from audit.domain.trail_words import TRAIL_WORDS

NOW = datetime(2026, 3, 3, 17, tzinfo=UTC)


def line(deed: str, /, minutes: int = 0, actor: str = "ines", **detail) -> Happened:
    return Happened(NOW + timedelta(minutes=minutes), actor, deed, detail)


def answered(minutes: int, *items: str, actor: str = "ines") -> Happened:
    return line("inspection.answered", minutes, actor, items=list(items))


def words(*lines: Happened) -> list[str]:
    return [event.words for event in told(lines)]


def test_answers_of_one_person_within_half_an_hour_are_one_event() -> None:
    assert words(answered(0, "a"), answered(5, "b", "c"), answered(9, "a")) == ["answered 3 items"]
    assert words(answered(0, "a"), answered(31, "b")) == ["answered 1 item", "answered 1 item"]
    assert len(words(answered(0, "a"), answered(1, "b", actor="olu"), answered(2, "c"))) == 3
    assert len(words(answered(0, "a"), line("inspection.signed", 1), answered(2, "b"))) == 3


def test_every_sentence_can_be_said_of_bare_and_of_strange_details() -> None:
    for deed in SENTENCES:
        (event,) = told([line(deed)])
        assert event.words and "{" not in event.words
        assert told([line(deed, kind="x", role="x", state="x", number="9", reason="{x}", deed="x")])


def test_what_has_no_sentence_is_left_out() -> None:
    assert words(line("photo.received"), line("schedule.planned"), line("inspection.invented")) == []


def test_readers_are_told_of_known_deeds_only() -> None:
    assert set(SENTENCES) >= FOR_READERS
    assert not FOR_READERS & {
        "answered",
        "set-up",
        "report.taken",
        "report.drawn",
        "exported",
        "visit.refused",
    }


def test_signatures_say_who_signed_or_why_nobody_did() -> None:
    def signed(**detail) -> str:
        return words(line("inspection.signed", **detail))[0]

    assert signed(role="inspector", state="signed") == "signed the visit"
    assert "took" in signed(role=PERSON_IN_CHARGE, state="signed")
    assert "refuses" in signed(role=PERSON_IN_CHARGE, state="refused")
    assert "not there" in signed(role=PERSON_IN_CHARGE, state="absent")


def test_every_deed_that_is_noted_has_words():
    """Those that are named in the code; a visit's deeds carry its kind."""
    noted = re.compile(r'\.note\(\s*f?"(?:\{[\w.]+\.kind\}|([a-z-]+))\.([a-z-]+)"')
    named = set()
    for path in (Path(chronicle.__file__).parents[1]).rglob("*.py"):
        for kind, deed in noted.findall(path.read_text("utf-8")):
            named.add(f"{kind or 'inspection'}.{deed}")
    assert len(named) > 80
    assert not sorted(named - set(TRAIL_WORDS))
