"""Closing and opening again: who may, what the notice needs, and what must be corrected first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from audit.domain.closure import AREA, FACILITY, PRACTITIONER, Closure, check, reopen, scope_for
from audit.domain.problems import BadInput, NotAllowed, NotNow

NOTICE = Closure(
    "k1",
    "v1",
    FACILITY,
    "",
    ("needles.single-use",),
    "Used needles were kept.",
    "CA 119321",
    "Within 15 days.",
    date(2026, 3, 3),
)
OUT = {"needles.single-use", "premises.clean"}


def test_a_whole_notice_of_an_authority_is_taken() -> None:
    check(NOTICE, "inspection", True, OUT)


@pytest.mark.parametrize(("kind", "authority"), [("self-audit", True), ("inspection", False)])
def test_nobody_else_closes_and_the_words_say_what_is_said_instead(kind: str, authority: bool) -> None:
    with pytest.raises(NotAllowed, match="stop work advised"):
        check(NOTICE, kind, authority, OUT)


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"scope": "street"}, "scope"),
        ({"scope": PRACTITIONER}, "subject"),
        ({"scope": AREA, "subject": " "}, "subject"),
        ({"items": ()}, "items"),
        ({"items": ("hands.washed-before",)}, "items"),
        ({"acts": ""}, "acts"),
        ({"acts": "x" * 4001}, "acts"),
        ({"citation": ""}, "citation"),
        ({"hearing": ""}, "hearing"),
    ],
)
def test_what_a_notice_lacks_is_named_at_its_field(changed: Mapping[str, object], place: str) -> None:
    with pytest.raises(BadInput) as refused:
        check(replace(NOTICE, **changed), "inspection", True, OUT)  # type: ignore[arg-type]
    assert place in [fault.place for fault in refused.value.faults]


def test_it_opens_again_after_a_sealed_follow_up_that_found_every_reason_corrected() -> None:
    reopen(NOTICE, "follow-up", True, NOTICE.since, {"premises.clean"})


@pytest.mark.parametrize(
    ("purpose", "sealed", "still", "words"),
    [
        ("routine", True, set(), "follow-up"),
        ("follow-up", False, set(), "sealed"),
        ("follow-up", True, {"needles.single-use"}, "Not yet corrected: needles.single-use"),
    ],
)
def test_it_stays_closed_until_then(purpose: str, sealed: bool, still: set[str], words: str) -> None:
    with pytest.raises(NotNow, match=words):
        reopen(NOTICE, purpose, sealed, date(2026, 3, 5), still)


def test_a_follow_up_from_before_it_opens_nothing() -> None:
    with pytest.raises(NotNow, match="before the closure"):
        reopen(NOTICE, "follow-up", True, date(2026, 3, 2), set())


def test_what_is_open_again_cannot_be_opened_twice() -> None:
    with pytest.raises(NotNow, match="over already"):
        reopen(replace(NOTICE, reopened_by="v2"), "follow-up", True, date(2026, 3, 5), set())


def test_the_usual_scope_is_the_smallest_that_ends_the_danger() -> None:
    assert scope_for("autoclave.spore-result") == AREA
    assert scope_for("licence.practitioner-displayed") == PRACTITIONER
    assert scope_for("permit.facility-posted") == FACILITY
    assert scope_for("client.consent") is None
