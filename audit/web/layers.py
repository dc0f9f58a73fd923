"""What was drawn over a photo, as SVG: a layer of its own, so that the photo stays as it was received."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from audit.domain import markings
from audit.domain.answers import PhotoLink
from audit.web.gate import desk


@dataclass(frozen=True)
class Layer:
    """``height`` when the width is 10,000; ``d`` is the path of all lines."""

    height: int
    d: str


def layer(photo: PhotoLink | Mapping[str, Any]) -> Layer:
    """The layer of a photo that has marks, be it a link or what a record says of one.

    Raises:
        NotFound: when the photo is not kept.
    """
    if isinstance(photo, Mapping):
        photo = PhotoLink(photo["sha256"], photo.get("caption", ""), markings.recorded(photo["marks"]))
    facts = desk().ledger.photos.facts(photo.sha256)
    lines = markings.lines(markings.read(photo.marks))
    d = "".join("M" + "L".join(f"{x} {y}" for x, y in line) for line in lines)
    return Layer(round(markings.WIDE * facts.height / facts.width), d)
