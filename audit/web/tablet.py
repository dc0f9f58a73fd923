"""What a tablet needs to work without a network: a worker, an icon to start from, and pages that belong to nobody."""

import json
from functools import lru_cache
from os.path import exists
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, render_template

from audit.domain import strokes
from audit.web.assets import FOLDER, Assets

SHELL = ("/tablet", "/tablet/outbox")
# A file of this name in the data folder takes the worker off every tablet at its next contact.
WORKER_OFF = "worker.off"
_ALONG = (".css", ".js", ".svg", ".webmanifest")
_NOT_ALONG = frozenset({"sw.js", "sw-off.js"})
COLOUR = "#0b5d6b"

doors = Blueprint("tablet", __name__)


@doors.get("/sw.js")
def worker() -> Response:
    """The worker with the list of what it keeps, or the one that takes itself away."""
    source = (
        _source("sw-off.js")
        if worker_is_off()
        else _filled(_source("sw.js"), current_app.extensions["assets"])
    )
    answer = Response(source, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def worker_is_off() -> bool:
    """Whether the operator has called the worker back."""
    return exists(_called_back(current_app.config["DATA"]))


@lru_cache(maxsize=16)
def _called_back(data: Path) -> str:
    return str(data / WORKER_OFF)


def files(assets: Assets) -> list[str]:
    """Everything a tablet must have to start without a network: the pages of nobody, and what they load."""
    along = (
        address
        for name, address in assets.address.items()
        if name not in _NOT_ALONG and Path(name).suffix in _ALONG
    )
    return [*SHELL, *sorted(along)]


@lru_cache(maxsize=4)
def _source(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def _filled(source: str, assets: Assets) -> str:
    return source.replace('"{build}"', json.dumps(assets.build)).replace(
        '["{files}"]', json.dumps(files(assets))
    )


@doors.get("/manifest.webmanifest")
def manifest() -> Response:
    address = current_app.extensions["assets"].address
    icons: list[dict[str, Any]] = [
        {"src": address["icon.svg"], "sizes": "any", "type": "image/svg+xml"},
        *(
            {"src": address[f"icon-{size}.png"], "sizes": f"{size}x{size}", "type": "image/png"}
            for size in (192, 512)
        ),
        {
            "src": address["icon-maskable-512.png"],
            "sizes": "512x512",
            "type": "image/png",
            "purpose": "maskable",
        },
    ]
    answer = jsonify(
        id="/",
        name="clinic-audit",
        short_name="clinic-audit",
        start_url="/visits",
        scope="/",
        display="standalone",
        background_color="#ffffff",
        theme_color=COLOUR,
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@doors.get("/tablet")
def shell() -> str:
    """The page that stands in for every page of a visit while there is no network."""
    return render_template("tablet/shell.html", bounds=strokes)


@doors.get("/tablet/outbox")
def waits() -> str:
    """What waits on this tablet. The tablet fills it in: the server does not know."""
    return render_template("tablet/outbox.html")
