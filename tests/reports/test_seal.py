"""The seal on a report: whoever changes one byte, adds a revision or strips it is found out."""

import asyncio
import io
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from reports.seal import (
    CHANGED,
    EXTENDED,
    FOREIGN,
    UNCHANGED,
    UNREADABLE,
    UNSEALED,
    NoSealKey,
    SealKeys,
    imported,
    judge,
    own_authority,
    seal,
)

NOW = datetime.now(UTC)


def drawn(words: str = "Result: 3 critical findings") -> bytes:
    paper = io.BytesIO()
    canvas = Canvas(paper, invariant=1)
    canvas.drawString(72, 720, words)
    canvas.save()
    return paper.getvalue()


@pytest.fixture(scope="module")
def keys() -> SealKeys:
    return own_authority("Fresno County", NOW)


@pytest.fixture(scope="module")
def sealed(keys: SealKeys) -> bytes:
    return seal(drawn(), keys, "Inspection record")


def test_a_sealed_report_is_unchanged_and_says_who_and_when(keys: SealKeys, sealed: bytes) -> None:
    found = judge(sealed, keys.chain)
    assert found.state == UNCHANGED
    assert "Fresno County" in found.by and "own authority" in found.by
    assert found.sealed_at and NOW - timedelta(seconds=1) < found.sealed_at <= datetime.now(UTC)


def test_the_drawn_bytes_stay_where_they_were(sealed: bytes) -> None:
    assert sealed.startswith(drawn())
    assert len(sealed) - len(drawn()) < 25_000


def test_another_program_sees_the_seal_too(
    sealed: bytes, tmp_path: Path, require_tool: Callable[[str], str]
) -> None:
    path = tmp_path / "sealed.pdf"
    path.write_bytes(sealed)
    told = subprocess.run(
        [require_tool("pdfsig"), "-nocert", path], check=False, capture_output=True, text=True
    )
    assert "Signature is Valid" in told.stdout
    assert "Total document signed" in told.stdout


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_one_changed_byte_is_never_unchanged(keys: SealKeys, sealed: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.integers(1, 255))
    broken = bytearray(sealed)
    broken[place] ^= other
    # Digits of the signature's own padding carry nothing: a change there leaves all that is shown as it was.
    if judge(bytes(broken), keys.chain).state == UNCHANGED:
        assert b"/Contents <" in sealed and _in_padding(sealed, place)


def _in_padding(sealed: bytes, place: int) -> bool:
    start = sealed.rindex(b"/Contents <") + len(b"/Contents <")
    end = sealed.index(b">", start)
    return start <= place < end


def test_a_revision_after_the_seal_is_named_as_such(keys: SealKeys, sealed: bytes) -> None:
    from pyhanko.pdf_utils.generic import TextStringObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    writer.root["/Title"] = TextStringObject("Result: nothing found")
    writer.update_root()
    extended = io.BytesIO()
    writer.write(extended)
    assert judge(extended.getvalue(), keys.chain).state in (EXTENDED, CHANGED)


def test_a_second_seal_on_top_is_a_later_change(keys: SealKeys, sealed: bytes) -> None:
    with pytest.raises(ValueError):
        seal(sealed, keys, "Again")


def test_bytes_behind_the_end_are_a_later_change(keys: SealKeys, sealed: bytes) -> None:
    assert judge(sealed + b"\n% more\n", keys.chain).state != UNCHANGED


def test_a_stripped_seal_is_no_seal(keys: SealKeys, sealed: bytes) -> None:
    assert judge(drawn(), keys.chain).state == UNSEALED
    copied, paper = pypdf.PdfWriter(), io.BytesIO()
    for page in pypdf.PdfReader(io.BytesIO(sealed)).pages:
        copied.add_page(page)
    copied.write(paper)
    assert judge(paper.getvalue(), keys.chain).state in (UNSEALED, CHANGED, EXTENDED)


def test_a_seal_of_somebody_else_is_foreign(keys: SealKeys) -> None:
    other = own_authority("Fresno County", NOW)
    assert judge(seal(drawn(), other, "Inspection record"), keys.chain).state == FOREIGN


@pytest.mark.parametrize(
    "junk",
    [b"", b"%PDF-1.7\n", b"hello", b"%PDF-1.4\nxref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"],
)
def test_what_is_no_pdf_is_unreadable(keys: SealKeys, junk: bytes) -> None:
    assert judge(junk, keys.chain).state == UNREADABLE


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 4000))
def test_a_cut_file_is_never_unchanged(keys: SealKeys, sealed: bytes, cut: int) -> None:
    shorter = sealed[: max(0, len(sealed) - 1 - cut)]
    assert judge(shorter, keys.chain).state != UNCHANGED


def test_an_imported_certificate_is_looked_at_first(keys: SealKeys) -> None:
    other = own_authority("Kern County", NOW)
    assert imported(keys.certificate, keys.key, keys.chain, NOW).name == keys.name
    with pytest.raises(NoSealKey, match="does not belong"):
        imported(keys.certificate, other.key, keys.chain, NOW)
    with pytest.raises(NoSealKey, match="not in force"):
        imported(keys.certificate, keys.key, keys.chain, NOW + timedelta(days=20 * 365))
    with pytest.raises(NoSealKey, match="authority that issued"):
        imported(keys.certificate, keys.key, (), NOW)
    with pytest.raises(NoSealKey, match="PEM"):
        imported(b"junk", keys.key, keys.chain, NOW)


def test_it_seals_and_judges_where_an_event_loop_runs():
    keys = own_authority("Fresno County", NOW)

    async def within() -> str:
        return judge(seal(drawn(), keys, "Record"), keys.chain).state

    with ThreadPoolExecutor(1) as beside:  # a browser of another test may run a loop in this thread
        assert beside.submit(lambda: asyncio.run(within())).result() == UNCHANGED
