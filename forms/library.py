"""Reads the shipped definitions (TOML) and hands them to the domain to be checked."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from audit.domain.definitions import Definitions, check
from audit.domain.problems import BadInput, Fault

HERE = Path(__file__).parent


def read(folder: Path = HERE) -> Definitions:
    """Read ``catalogue``, ``checklists`` and ``packs`` below a folder.

    Raises:
        BadInput: with every fault, each placed as file, item, field.
    """
    return check(*(list(_files(folder / name)) for name in ("catalogue", "checklists", "packs")))


def _files(folder: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        try:
            yield path.name, tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadInput([Fault(path.name, str(error))]) from error
