"""What is left to do after an answer: no connection waits for it, nothing is lost, and nobody piles it up."""

import logging
import threading

import pytest

from audit.web import afterwards
from audit.web.afterwards import Aside

PATIENCE = 60


def test_nobody_waits_for_it_and_it_is_done_in_turn() -> None:
    aside, held, done, order = Aside(), threading.Event(), threading.Event(), list[int]()

    def first() -> None:
        held.wait(PATIENCE)
        order.append(1)

    def second() -> None:
        order.append(2)
        done.set()

    aside(first)
    aside(second)
    assert order == []  # and here it goes on
    held.set()
    assert done.wait(PATIENCE) and order == [1, 2]


def test_whoever_piles_it_up_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(afterwards, "MOST_WAITING", 1)
    aside, held, where = Aside(), threading.Event(), list[str]()

    def waits() -> None:
        held.wait(PATIENCE)

    aside(waits)
    aside(lambda: where.append(threading.current_thread().name))
    assert where == [threading.current_thread().name]
    held.set()


def test_what_fails_is_told_and_the_next_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    aside, done = Aside(), threading.Event()

    def fails() -> None:
        raise ValueError("no such thing")

    with caplog.at_level(logging.ERROR):
        aside(fails)
        aside(done.set)
        assert done.wait(PATIENCE)
    assert "what was left to do after an answer failed" in caplog.text
