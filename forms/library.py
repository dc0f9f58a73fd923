"""Reads the shipped definitions and their translations (TOML) and hands them to the domain to be checked."""

import re
import stat
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.domain import translations
from audit.domain.definitions import Definitions, check
from audit.domain.problems import BadInput, Fault

HERE = Path(__file__).parent
FOLDERS = ("catalogue", "checklists", "packs")
LANGUAGES = "languages"  # a folder for each, named by its code; there need be none
LARGEST = 256 * 1024
MOST_DOTS = 100
_CODE = re.compile(r"[a-z]{2,3}")


def read(folder: Path = HERE) -> Definitions:
    """Read ``catalogue``, ``checklists``, ``packs`` and ``languages`` below a folder. Whoever wrote them, this ends soon.

    Raises:
        BadInput: with every fault, each placed as file, item, field.
    """
    missing = [name for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise BadInput([Fault(name, f"there is no such folder in {folder}") for name in missing])
    found = [list(_files(folder / name)) for name in FOLDERS]
    spoken = {
        path.name: [(f"{path.name}/{name}", content) for name, content in _files(path)]
        for path in sorted((folder / LANGUAGES).glob("*/"))
        if _CODE.fullmatch(path.name)
    }
    try:
        return translations.check(check(*found), spoken)
    except (RecursionError, ValueError) as error:
        raise BadInput(
            [Fault("", f"{folder} holds what is nested too deeply, or too long a number")]
        ) from error


def _files(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path.name, _parsed(path)
        except RecursionError as error:
            raise BadInput([Fault(path.name, "is nested too deeply")]) from error
        except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
            raise BadInput([Fault(path.name, str(error))]) from error


def _parsed(path: Path) -> Mapping[str, Any]:
    """One file, if it is of a size and depth that a person may have written.

    Raises:
        ValueError: when it is not.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("is no plain file")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"is too large: a file may have {LARGEST // 1024} KB")
    text = data.decode("utf-8").replace("\r\n", "\n")
    for place, line in enumerate(text.split("\n"), 1):
        # Every dot of a key makes a table in a table, and the parser walks them all again for each.
        if line.count(".") > MOST_DOTS:
            raise ValueError(f"line {place}: has more than {MOST_DOTS} dots")
    return tomllib.loads(text)
