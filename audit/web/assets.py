"""Static files under names that carry their content's fingerprint: kept by browsers for a year, never stale.

The tablet's modules import each other by their plain names, so they carry one fingerprint together: the build's,
which is over all that a tablet needs to work without a network.
"""

import gzip
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

FOLDER = Path(__file__).parent / "static"
YEAR = "public, max-age=31536000, immutable"
TABLET = "tablet"
LETTERS = 12
_PACKED = (".css", ".js", ".svg")

doors = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes | None
    kind: str


class Assets:
    """All static files, read once at the start: small, and served from memory under one folder's names."""

    def __init__(self, folder: Path = FOLDER, pages: Iterable[Path] = ()) -> None:
        """``pages`` are the other files that make a new build: what the tablet's own pages are drawn from."""
        self.address: dict[str, str] = {}
        self.files: dict[str, Asset] = {}
        found = sorted(path for path in folder.rglob("*") if path.is_file())
        self.build = _build([*found, *sorted(pages)])
        for path in found:
            asset = _read(path)
            place = path.relative_to(folder)
            if place.parts[0] == TABLET:
                name, known_as = f"{self.build}/{place.as_posix()}", place.as_posix()
            else:
                name, known_as = (
                    f"{path.stem}.{sha256(asset.body).hexdigest()[:LETTERS]}{path.suffix}",
                    path.name,
                )
            self.files[name] = asset
            self.address[known_as] = f"/static/{name}"


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
    return Asset(body, gzip.compress(body, 9, mtime=0) if path.suffix in _PACKED else None, kind)


def _build(paths: Iterable[Path]) -> str:
    whole = sha256()
    for path in paths:
        whole.update(f"{path.name}\n{sha256(path.read_bytes()).hexdigest()}\n".encode())
    return whole.hexdigest()[:LETTERS]


@doors.get("/static/<path:name>")
def static(name: str) -> Response:
    asset = current_app.extensions["assets"].files.get(name)
    if asset is None:
        abort(404)
    packed = asset.packed is not None and request.accept_encodings.quality("gzip") > 0
    answer = Response(asset.packed if packed else asset.body, mimetype=asset.kind)
    answer.headers["Cache-Control"] = YEAR
    answer.headers["Vary"] = "Accept-Encoding"
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    return answer
