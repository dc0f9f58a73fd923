"""Two published checklists compared: whatever reads differently is said, and nothing else."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from audit.domain.checklists import Checklist, Citation, Item, Option, Part, Scheme, Source
from audit.domain.due import Calendar, CorrectBy, DueRules
from audit.domain.facts import FactKey
from audit.domain.limits import Limit
from audit.domain.versions import Change, compare
from tests.domain import making

TOML = """
    [[fact]]
    key = "autoclave"
    [[item]]
    key = "needles.sealed"
    [[item]]
    key = "gloves.changed"
    [[item.part]]
    key = "number"
    kind = "number"
    unit = "C"
    limit = { kind = "at-least", value = "38" }
    [[item]]
    key = "permit.posted"
"""
MINI = making.checklist(TOML)


def with_items(change, of: Checklist = MINI) -> Checklist:
    """The miniature with its list of items changed and numbered anew."""
    (section,) = of.sections
    items = change(list(section.items))
    numbered = tuple(replace(item, number=f"A-{place:02d}") for place, item in enumerate(items, 1))
    return replace(of, sections=(replace(section, items=numbered),))


def with_item(**changed) -> Checklist:
    """The miniature whose second item was changed."""
    return with_items(lambda items: [items[0], replace(items[1], **changed), items[2]])


def test_nothing_differs_from_itself():
    assert not compare(MINI, MINI)
    assert not compare(MINI, replace(MINI, version=2, sha256="0" * 64))


def test_added_removed_and_moved_items():
    new = replace(MINI.item("permit.posted"), key="permit.new")
    found = compare(MINI, with_items(lambda items: [new, items[2], items[0]]))
    assert [item.key for item in found.added] == ["permit.new"]
    assert [item.key for item in found.removed] == ["gloves.changed"]
    assert [(one.key, one.before, one.after) for one in found.renumbered] == [
        ("permit.posted", "A-03", "A-02"),
        ("needles.sealed", "A-01", "A-03"),
    ]
    assert not found.changed and not found.rules
    back = compare(with_items(lambda items: [new, items[2], items[0]]), MINI)
    assert [item.key for item in back.removed] == ["permit.new"]


def test_a_changed_field_says_before_and_after():
    (change,) = compare(MINI, with_item(severity="critical")).changed
    assert change.item.key == "gloves.changed"
    by_name = {one.field: one for one in change.changes}
    assert by_name["Severity"] == Change("Severity", ("minor",), ("critical",))
    assert by_name["Correct by"].after == ("within 7 days, by its severity",)


def test_of_several_lines_only_those_that_differ_are_said():
    more = Citation("YY 2", "guidance", "xx", "recalled", "Xanadu")
    old = MINI.item("gloves.changed").citations
    (change,) = compare(MINI, with_item(citations=(*old, more))).changed
    assert change.changes == (Change("Citations", (), ("YY 2: guidance, recalled, unconfirmed, Xanadu",)),)
    two = with_item(phrases=("One.", "Two."))
    turned = with_item(phrases=("Two.", "One."))
    ((moved,),) = (one.changes for one in compare(two, turned).changed)
    assert moved == Change("Ready phrases", ("One.", "Two."), ("Two.", "One."))


OTHER: dict[str, Any] = {
    "prompt": "Another?",
    "look": "Elsewhere.",
    "severity": "major",
    "reason": "Another.",
    "standing": "recommended",
    "per_practitioner": True,
    "marks": ("IN", "OUT"),
    "photo_asked": True,
    "needs_sight": True,
    "applies_when": {"equals": {"key": "autoclave", "value": True}},
    "parts": (),
    "phrases": ("Another.",),
    "corrective": "Another.",
    "correct_by": CorrectBy("days", 3),
    "citations": (),
    "grounds": ("Another.",),
}


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Item) if field.name not in ("key", "number", "spellings")]
)
def test_no_field_of_an_item_changes_unseen(field):
    assert compare(MINI, with_item(**{field: OTHER[field]})).changed


def test_a_stop_and_the_days_beneath_it_are_seen():
    stops = [with_item(correct_by=CorrectBy("days", count, stop=True)) for count in (0, 3)]
    assert compare(*stops).changed
    assert compare(with_item(correct_by=CorrectBy("days", 0)), stops[0]).changed


PART: dict[str, Any] = {
    "kind": "text",
    "label": "Another",
    "required": False,
    "unit": "F",
    "units": ("C", "F"),
    "low": Decimal(1),
    "high": Decimal(90),
    "limit": Limit("at-least", Decimal(38), source="XX 2"),
    "advice": ("Another.",),
    "when": {"equals": {"key": "autoclave", "value": True}},
}


@pytest.mark.parametrize(
    "field", [field.name for field in fields(Part) if field.name not in ("key", "options")]
)
def test_no_field_of_a_part_changes_unseen(field):
    (part,) = MINI.item("gloves.changed").parts
    assert compare(MINI, with_item(parts=(replace(part, **{field: PART[field]}),))).changed


@pytest.mark.parametrize("option", [Option("b", "A", None), Option("a", "B", None), Option("a", "A", "OUT")])
def test_no_option_changes_unseen(option):
    part = Part("test", "choice", "Test", options=(Option("a", "A", None),))
    before, after = (with_item(parts=(one,)) for one in (part, replace(part, options=(option,))))
    seen = bool(compare(before, after).changed)
    assert seen == (option.label != "A" or option.mark is not None)  # the value behind a label is not read


@pytest.mark.parametrize(
    "limit",
    [
        Limit("at-most", Decimal(38)),
        Limit("at-least", Decimal(39)),
        Limit("at-least", Decimal(38), also=(("F", Decimal(100)),)),
        Limit("at-least-part", part="gloves.changed#number"),
        None,
    ],
)
def test_no_limit_changes_unseen(limit):
    (part,) = MINI.item("gloves.changed").parts
    assert compare(MINI, with_item(parts=(replace(part, limit=limit),))).changed


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Another"},
        {"pack_title": "Another"},
        {"jurisdiction": "yy"},
        {"kind": "self-audit"},
        {"facts": (FactKey("a", "profile", "bool", "A", "A?"),)},
        {"scheme": Scheme("percent")},
        {"scheme": Scheme(cos_deducts=False)},
        {"scheme": Scheme(may_pass=True)},
        {"scheme": Scheme(weights=(("critical", 6), ("major", 2), ("minor", 1)))},
        {"due": DueRules(next_visit_days=365)},
        {"due": DueRules(Calendar(frozenset({4, 5})))},
        {"due": DueRules(Calendar(holidays=frozenset({date(2026, 1, 1)})))},
        {"due": DueRules(severity_days=(("critical", 1), ("major", 14), ("minor", 14)))},
        {"sources": (Source("XX 1", "somewhere", "2026-10"),)},
        {"words": (("permit", "Permit"),)},
    ],
)
def test_no_rule_changes_unseen(changed):
    assert compare(MINI, replace(MINI, **changed)).rules
