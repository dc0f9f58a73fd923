"""The form of a section: made from its definition, one field for its answers, kept per published checklist."""

from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from audit.domain.answers import Key, Raw
from forms.steps import form_for, needed_items, read_section, slug_of, stamp_of
from tests.domain import making

ITEMS = """
    [[item]]
    key = "gloves.new"
    [[item]]
    key = "licence.shown"
    per = "practitioner"
    [[item]]
    key = "cycle.minimum"
    [[item.part]]
    key = "minutes"
    kind = "number"
    [[item]]
    key = "cycle.time"
    [[item.part]]
    key = "minutes"
    kind = "number"
    limit = { kind = "at-least-part", part = "cycle.minimum#minutes" }
"""
ANNA = "a1a1a1a1-0000-4000-8000-000000000001"


@pytest.fixture
def bound():
    """``bound(section, keys, fields)``: the section's form with what a page sent."""
    app = Flask("forms")
    app.config.update(SECRET_KEY="x", WTF_CSRF_ENABLED=False)

    def bind(checklist, section, keys, fields):
        with app.test_request_context(method="POST", data=MultiDict(fields)):
            return form_for(checklist, section, keys)()

    return bind


def checklist():
    return making.checklist(
        ITEMS, sections={"A": ["gloves.new", "licence.shown"], "B": ["cycle.minimum"], "C": ["cycle.time"]}
    )


def test_classes_are_kept_per_checklist_and_people():
    found = checklist()
    keys = [("gloves.new", None), ("licence.shown", ANNA)]
    form = form_for(found, found.sections[0], keys)
    assert form is form_for(checklist(), found.sections[0], keys)
    assert form is not form_for(found, found.sections[0], keys[:1])
    assert slug_of(found.item("licence.shown"), ANNA) == "a_A02_a1a1a1a1000040008000000000000001"


def test_only_what_the_page_showed_is_sent(bound):
    found = checklist()
    form = bound(
        found,
        found.sections[0],
        [("gloves.new", None), ("licence.shown", ANNA)],
        {"a_A01-rev": stamp_of(2, Raw(mark="IN"), "2026-03-10"), "a_A01-mark": "OUT", "a_A01-op": "x"},
    )
    (sent,) = form.sent
    assert (sent.key, sent.base_rev, sent.raw.mark, sent.changed) == (("gloves.new", None), 2, "OUT", True)


@pytest.mark.parametrize(("mark", "changed"), [("IN", False), ("NA", True)])
def test_an_untouched_answer_is_known_as_such(bound, mark, changed):
    found = checklist()
    fields = {"a_A01-rev": stamp_of(2, Raw(mark="IN")), "a_A01-mark": mark}
    (sent,) = bound(found, found.sections[0], [("gloves.new", None)], fields).sent
    assert sent.changed is changed


@pytest.mark.parametrize("stamp", ["", "x", "-1.a.b", "99999999999", "1.2.3.4", "²"])
def test_a_broken_stamp_is_a_first_revision_and_a_change(bound, stamp):
    found = checklist()
    fields = {"a_A01-rev": stamp, "a_A01-mark": "IN"}
    (sent,) = bound(found, found.sections[0], [("gloves.new", None)], fields).sent
    assert sent.base_rev in (0, 1) and sent.changed


def test_a_section_is_read_with_the_answers_its_limits_look_at():
    found = checklist()
    section = found.sections[2]
    assert needed_items(found, section) == ("cycle.minimum", "cycle.time")
    kept: dict[Key, Raw] = {
        ("cycle.minimum", None): Raw(values={"minutes": "10"}),
        ("cycle.time", None): Raw(values={"minutes": "8"}),
        ("gloves.new", None): Raw(mark="IN"),
    }
    read = read_section(found, section, kept, (), date(2026, 3, 3), {})
    assert read[("cycle.time", None)].answer.derived == "OUT"
    assert ("gloves.new", None) not in read
