"""Pieces break over pages without losing a line, and keep together what belongs together."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.flow import Gap, Piece, Row, Stack, Table, Titled, words
from reports.style import BODY

PAGE = 200.0


@dataclass
class Box(Piece):
    """A block of fixed height that cannot be split."""

    tall: float

    def height(self, width):
        return self.tall


def pour(piece, room=PAGE):
    """The heights that land on each page."""
    pages, rest, left = [], piece, room
    while rest is not None:
        tall = rest.height(100)
        if tall <= left + 0.01:
            pages.append(tall)
            return pages
        first, rest_after = rest.split(100, left, PAGE)
        if first is None:
            assert left < PAGE - 0.01, "a piece that never fits would never end"
            pages.append(0.0)
        else:
            assert first.height(100) <= left + 0.01
            pages.append(first.height(100))
        rest, left = rest_after, PAGE
    return pages


def test_a_paragraph_leaves_no_single_line():
    text = words("word " * 200, BODY)
    total = len(text.set_lines(100))
    first, rest = text.split(100, BODY.leading * (total - 1), PAGE)
    assert first is not None
    assert rest is not None
    assert [round(part.height(100) / BODY.leading) for part in (first, rest)] == [total - 2, 2]
    assert text.split(100, BODY.leading * 1.5, PAGE) == (None, text)


def test_a_stack_is_kept_together_until_it_is_longer_than_a_page():
    assert pour(Stack([Box(60), Box(60)]), room=100) == [0.0, 120]
    assert pour(Stack([Box(90)] * 5), room=100) == [90, 180, 180]


def test_a_table_repeats_its_head():
    table = Table(Box(20), [Box(50)] * 6)
    assert pour(table) == [170, 170]
    assert pour(Table(Box(20), [Box(50)] * 6, Box(30))) == [170, 180]


def test_a_title_moves_with_what_it_names():
    assert pour(Titled(Box(20), Table(None, [Box(50)] * 3)), room=50) == [0.0, 170]
    assert pour(Titled(Box(20), Table(None, [Box(50)] * 3)), room=80) == [70, 100]


def test_a_row_splits_only_when_it_is_long():
    short = Row((words("word " * 6, BODY), Gap(0)), (0, 0))
    assert short.split(100, 40, PAGE) == (None, short)
    long = Row((words("word " * 300, BODY), Box(30)), (0, 40))
    first, rest = long.split(100, 150, PAGE)
    assert isinstance(first, Row)
    assert isinstance(rest, Row)
    assert first.height(100) <= 150
    assert rest.cells[1].height(40) == 0


@given(st.lists(st.integers(1, 2_000), min_size=1, max_size=6), st.floats(30, PAGE))
def test_no_text_is_lost_over_pages(lengths, room):
    paragraphs = [words("word " * length, BODY) for length in lengths]
    total = sum(paragraph.height(100) for paragraph in paragraphs)
    assert sum(pour(Stack(paragraphs, keep=False), room)) == pytest.approx(total)
