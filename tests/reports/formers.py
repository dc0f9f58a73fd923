"""A record of a visit that found something left open before, for reports that compare then with now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from audit.domain.checklists import Item
from tests.reports.making import NOTES, Made


def with_former(made: Made) -> Made:
    """The same visit as one that followed another: what it found was found before, and what is in order was not."""
    plain = [row for row in made.record["answers"] if not row["person"] and row["mark"] in ("IN", "OUT")]
    shas = list(made.photos)
    former = [
        _former(made.checklist.item(row["item"]), row, shas[place : place + 2])
        for place, row in enumerate(plain[:8])
    ]
    return replace(made, record=made.record | {"purpose": "follow-up", "former": former})


def _former(item: Item, row: Mapping[str, Any], shas: list[str]) -> dict[str, Any]:
    """What an earlier visit left open at this item, answered by the clinic with a photo."""
    return {
        "visit": "5a3f12c4-5b6d-4e7f-8091-a2b3c4d5e6f7",
        "inspected_on": "2026-01-20",
        "item": item.key,
        "number": item.number,
        "person": row["person"],
        "severity": item.severity,
        "standing": "official",
        "prompt": item.prompt,
        "note": NOTES[0],
        "corrective": item.corrective,
        "correct_by": "2026-02-03",
        "stop": False,
        "state": "fixed",
        "photos": [{"sha256": sha, "caption": "As it was", "marks": []} for sha in shas[:1]],
        "steps": [
            {
                "kind": "fixed",
                "at": "2026-01-28T10:00:00Z",
                "on": "2026-01-28",
                "words": "All drawers checked, new boxes dated.",
                "photos": shas[1:],
            }
        ],
    }
