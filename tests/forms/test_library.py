"""Definitions of any origin are read soon and refused in words."""

import os
import shutil

import pytest

from audit.domain.problems import BadInput
from forms import library


@pytest.fixture
def folder(tmp_path):
    for name in library.FOLDERS:
        shutil.copytree(library.HERE / name, tmp_path / name)
    return tmp_path


def faults_of(folder):
    with pytest.raises(BadInput) as caught:
        library.read(folder)
    return "\n".join(map(str, caught.value.faults))


def test_a_missing_folder_is_a_fault(folder):
    shutil.rmtree(folder / "packs")
    (folder / "checklists").rename(folder / "lists")
    assert [line.split(":")[0] for line in faults_of(folder).splitlines()] == ["checklists", "packs"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "text, words",
    [
        ("# " + "x" * library.LARGEST, "too large"),
        ("a = " + "[" * 50_000, "nested too deeply"),
        ("a = " + "{a=" * 50_000, "nested too deeply"),
        ("a = " + "9" * 10_000, "digits"),
        ("a = 0x" + "f" * 10_000, "a: "),
        (".".join("a" * 100_000) + " = 1", "dots"),
        ("[" + ".".join("a" * 100_000) + "]", "dots"),
        ("a = 1\rb = 2", "odd.toml"),
        ("a = [" + "[" * 200 + "]" * 200 + "]", "odd.toml"),
    ],
    ids=[
        "large", "lists", "tables", "digits", "hex", "dotted-key", "dotted-table", "return", "deep",
    ],
)  # fmt: skip
def test_a_hostile_file_is_a_fault(folder, text, words):
    (folder / "catalogue" / "odd.toml").write_bytes(text.encode())
    told = faults_of(folder)
    assert words in told
    assert "odd.toml" in told


def test_a_number_too_long_to_be_told_is_a_fault(folder):
    (folder / "catalogue" / "odd.toml").write_text("[[item]]\nkey = 0x" + "f" * 10_000)
    assert "too long a number" in faults_of(folder)


@pytest.mark.timeout(20)
@pytest.mark.skipif(os.name != "posix", reason="pipes and devices as POSIX has them")
def test_only_plain_files_are_read(folder):
    os.mkfifo(folder / "packs" / "pipe.toml")
    assert faults_of(folder) == "pipe.toml: is no plain file"
    (folder / "catalogue" / "zero.toml").symlink_to("/dev/zero")
    assert faults_of(folder) == "zero.toml: is no plain file"
