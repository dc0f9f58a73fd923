"""Static files under names that carry their content's fingerprint: kept by browsers for a year, never stale."""

import gzip
import mimetypes
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request

FOLDER = Path(__file__).parent / "static"
YEAR = "public, max-age=31536000, immutable"
_PACKED = (".css", ".js", ".svg")

doors = Blueprint("assets", __name__)


@dataclass(frozen=True)
class Asset:
    body: bytes
    packed: bytes | None
    kind: str


class Assets:
    """All static files, read once at the start: small, and served from memory under one folder's names."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.address: dict[str, str] = {}
        self.files: dict[str, Asset] = {}
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            body = path.read_bytes()
            name = f"{path.stem}.{sha256(body).hexdigest()[:12]}{path.suffix}"
            kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
            packed = gzip.compress(body, 9, mtime=0) if path.suffix in _PACKED else None
            self.files[name] = Asset(body, packed, kind)
            self.address[path.name] = f"/static/{name}"


@doors.get("/static/<name>")
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
