"""The living style page of the demo: every component in every state, drawn by the macros the pages use."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from types import SimpleNamespace

from flask import Blueprint, abort, current_app, render_template
from markupsafe import Markup
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from audit.domain import strokes
from audit.domain.agency import Agency
from audit.domain.answers import Key, Raw
from audit.domain.changes import Conflict
from audit.domain.clinics import Clinic, Practitioner
from audit.domain.glyphs import GLYPHS
from audit.domain.inspections import Inspection
from audit.domain.visits import Kept, Visit
from audit.operations import inspections
from audit.operations.records import Point
from audit.operations.suggestions import Suggestion
from audit.web import errors, people, stories
from audit.web.assets import FOLDER
from audit.web.cards import cards_of
from audit.web.downloads import Download, Downloads
from audit.web.first_steps import DONE, LATER, NEXT, Step
from audit.web.former import Former
from audit.web.gate import clock, desk
from audit.web.glances import Glance
from audit.web.progress import STATE_WORDS, RailRow
from audit.web.strips import strip_of
from audit.web.strokes import path
from audit.web.told import ResultCard, finding_cards, result_card
from audit.web.trends import trend_of
from forms.base import PageForm, line, offered, paragraph
from forms.people import PersonForm
from forms.visits import StrokesField

doors = Blueprint("design", __name__)

# What is read on what: the pairs whose contrast the page tells and the tests demand.
PAIRS = (
    ("ink", "page"), ("ink", "card"), ("ink", "sunk"), ("quiet", "page"), ("quiet", "card"), ("quiet", "sunk"),
    ("accent", "page"), ("accent", "card"), ("on-accent", "accent"), ("in", "card"), ("out", "card"),
    ("no", "card"), ("na", "card"), ("warn", "card"), ("ink", "warn-soft"), ("ink", "out-soft"),
    ("on-mark", "in"), ("on-mark", "out"), ("on-mark", "no"), ("on-mark", "na"), ("rule", "card"), ("rule", "page"),
)  # fmt: skip
SUGGESTED = Suggestion(
    ("On file: L-7, County, expires Fri 20 Mar 2026", "17 days left"), (("date", "2026-03-20"),)
)
BORDERS = frozenset({"rule"})  # need 3:1, text 4.5:1
ANNA, BO = (
    Practitioner("a" * 8 + "-0000-4000-8000-000000000001", "clinic", "Anna Quill", "artist"),
    Practitioner("b" * 8 + "-0000-4000-8000-000000000002", "clinic", "Bo Li"),
)


@dataclass(frozen=True)
class Pair:
    """A colour on a ground: the contrast of both schemes, and whether it is enough."""

    colour: str
    ground: str
    light: float
    dark: float
    least: float


@lru_cache(maxsize=1)
def tokens() -> Mapping[str, Mapping[str, str]]:
    """The colours of both schemes as the style sheet has them: ``{"light": {"ink": "#14213d", …}, "dark": …}``."""
    blocks = re.findall(r":root \{(.*?)\}", (FOLDER / "style.css").read_text("utf-8"), re.DOTALL)
    light, dark = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block)) for block in blocks[:2])
    return {"light": light, "dark": light | dark}


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2, rounded down to a tenth."""
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return int((high + 0.05) / (low + 0.05) * 10) / 10


def _light(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def pairs() -> list[Pair]:
    both = tokens()
    return [
        Pair(
            colour,
            ground,
            contrast(both["light"][colour], both["light"][ground]),
            contrast(both["dark"][colour], both["dark"][ground]),
            3.0 if colour in BORDERS else 4.5,
        )
        for colour, ground in PAIRS
    ]


class Sample(PageForm):
    """One field of each kind."""

    plain = line("Name of the clinic", 200, "Give the name of the clinic.")
    hinted = line("Permit")
    wrong = line("Time zone", 64, "Give a time zone.")
    area = paragraph("What was seen")
    choice = SelectField("Jurisdiction", choices=offered([("us-ca", "California"), ("us", "United States")]))
    segments = RadioField("Own autoclave", choices=offered([("y", "Yes"), ("n", "No"), ("", "Not known")]))
    radios = RadioField("Role", choices=offered([("inspector", "Inspector"), ("owner", "Owner")]))
    ticks = SelectMultipleField("On duty", choices=offered([("a", "Anna Quill"), ("b", "Bo Li")]))
    tick = BooleanField("This is a public authority")
    drawn = StrokesField("Your drawn signature")


def sample_form() -> Sample:
    shown = {"plain": "Crown Line", "hinted": "BA-1", "wrong": "Mars/Base", "area": "Two open cartridges.",
             "choice": "us-ca", "segments": "y", "radios": "owner", "ticks": ["a"], "tick": True}  # fmt: skip
    form = Sample(formdata=None, data=shown)
    form.wrong.errors = ["Give a time zone such as America/Los_Angeles."]
    return form


def sample_visit(kept: Mapping[Key, Raw], conflicts: tuple[Conflict, ...] = ()) -> Visit:
    """A visit that nobody made, on the published checklist."""
    now = clock()
    checklist = inspections.checklist_for(desk(), "us-ca", "inspection")
    inspection = Inspection(
        id="00000000-0000-4000-8000-00000000de51",
        clinic_id="clinic",
        checklist_sha=checklist.sha256,
        kind="inspection",
        purpose="routine",
        state="running",
        started_at=now,
        inspected_on=now.date(),
        time_zone="America/Los_Angeles",
        inspector_id="nobody",
        inspector_name="Ines Field",
        profile={"smp": True, "autoclave": True},
        facts={"procedure_observed": False},
        practitioners=(ANNA.id, BO.id),
    )
    clinic = Clinic("clinic", "Crown Line Scalp Studio", "1 Alder St", "us-ca", "BA-1", "America/Los_Angeles")
    return Visit(
        inspection,
        clinic,
        Agency("Bay County Health", public_authority=True),
        checklist,
        (ANNA, BO),
        {key: Kept(raw, 1, "nobody", now) for key, raw in kept.items()},
        conflicts=conflicts,
    )


OUT = Raw(mark="OUT", note="Two open cartridges lay in the tray.")
CARDS: tuple[tuple[str, str, dict[str | None, Raw]], ...] = (
    ("Not answered", "needles.sterile-sealed", {}),
    ("IN, folded to one line", "needles.single-use", {None: Raw(mark="IN")}),
    ("OUT, open", "gloves.new-each-client", {None: OUT}),
    ("OUT, corrected on site", "gloves.changed", {None: replace(OUT, corrected_on_site=True)}),
    ("Something missing", "barrier.changed", {None: Raw(mark="OUT")}),
    ("Preset to NO", "procedure.aseptic", {}),
    ("Measured, with its limit", "sharps.fill-level", {None: Raw()}),
    ("A date, with what is left", "permit.facility-expiry", {}),
    ("One answer for each person", "licence.practitioner-displayed", {ANNA.id: Raw(mark="IN")}),
    ("A choice", "health.hepb-status", {}),
    ("Words to enter", "disinfect.product", {}),
    ("Two answers for one item", "hands.washed-before", {None: Raw(mark="IN")}),
)


def sample_cards() -> list[tuple[str, Markup]]:
    """(title, drawn card) of every state an item can be in; those that would fold are shown open where it helps."""
    soon = (clock().date() + timedelta(days=12)).isoformat()
    kept = {(item, person): raw for _, item, raws in CARDS for person, raw in raws.items()}
    visit = sample_visit(kept)
    kept |= _entered(visit, "sharps.fill-level", "90") | _entered(visit, "permit.facility-expiry", soon)
    clash = Conflict(
        "00000000-0000-4000-8000-00000000c1a5", ("hands.washed-before", None), OUT.document(), "nobody",
        "tablet 2", clock(),
    )  # fmt: skip
    visit = sample_visit(kept, (clash,))
    states = {state.item.key: state for section in visit.journey.sections for state in section.items}
    found = []
    for title, item, _ in CARDS:
        if item in states:
            (card,) = cards_of(visit, [states[item]])
            found.append((title, card if "folded" in title else _opened(card)))
    return found


def _entered(visit: Visit, key: str, value: str) -> dict[Key, Raw]:
    """A value for the first part of an item that takes one."""
    item = visit.checklist.item(key)
    note = "Over the line." if item.value_parts[0].kind == "number" else ""
    return {(key, None): Raw(values={item.value_parts[0].key: value}, note=note)}


def _opened(card: Markup) -> Markup:
    head, rest = str(card).split(">", 1)
    return Markup(head.removesuffix(" open") + " open>" + rest)  # drawn by the macro just now


def sample_results() -> list[tuple[str, ResultCard]]:
    """A result block for every status, and one while items are open."""
    clean: dict[Key, Raw] = {
        ("needles.sterile-sealed", None): Raw(mark="IN"),
        ("gloves.changed", None): Raw(mark="IN"),
    }
    minor: dict[Key, Raw] = {**clean, ("hands.nails-jewellery", None): OUT}
    critical: dict[Key, Raw] = {**clean, ("gloves.new-each-client", None): OUT}
    found = []
    for title, kept in (
        ("No findings", clean),
        ("Findings", minor),
        ("Critical finding open", critical),
        ("Not scored", {}),
    ):
        visit = sample_visit(kept)
        found.append((title, result_card(visit.result, visit.findings)))
    visit = sample_visit(minor)
    return [*found, ("So far", result_card(visit.result, visit.findings, "3 of 97 answered"))]


def sample_rows() -> list[RailRow]:
    """A row of the hub for every state of a section."""
    marks: Iterable[tuple[str | None, ...]] = (
        (None,) * 6,
        ("IN", "IN", "OUT", None, None, None),
        ("IN", "OUT", "NO", "NA", None, "IN"),
        ("IN", "IN", "OUT", "NO", "NA", "IN"),
    )
    words = ("Licences", "Hand hygiene", "Needles", "Sharps and waste")
    return [
        RailRow(
            title.lower().split()[0], letter, title, 6 - strip.count(None), 1, 6, kind, said, strip_of(strip)
        )
        for letter, title, strip, (kind, said) in zip("ABCD", words, marks, STATE_WORDS.values(), strict=True)
    ]


def sample_steps() -> list[Step]:
    return [
        Step("Administrator", DONE),
        Step("Agency", DONE),
        Step("First clinic", NEXT, "/clinics/new", "Add the first clinic"),
        Step("Who inspects", LATER),
        Step("First visit", LATER),
    ]


def sample_person() -> PersonForm:
    form = PersonForm(formdata=None, prefix="who-", data={"name": "Rosalind Okafor", "role": "owner"})
    form.clinics.choices = offered([("a", "Crown Line Scalp Studio"), ("b", "Harbour Ink")])
    form.practitioners.choices = offered([("c", "Ana Ruiz, Crown Line Scalp Studio")])
    return form


def sample_former() -> Former:
    return Former(
        number="G-02", severity="critical", recommended=False, prompt="Is every needle opened in front of the client?",
        person="Anna Quill", note="Two open cartridges lay in the tray.", corrective="Open needles before the client.",
        photos=(), left="3 days overdue", tone="over", day="Tue 3 Mar 2026", href="/visits", mark=None,
    )  # fmt: skip


def sample_points() -> list[Point]:
    return [
        Point("1", date(2025, 2, 4), "findings", 880, 3, 2),
        Point("2", date(2025, 9, 9), "uncorrected-critical", 610, 7, 5),
        Point("3", date(2026, 3, 3), "no-findings", 1000, 0, 0),
    ]


def sample_downloads() -> Downloads:
    record = Download(
        "#reports", "Inspector's record", "Everything.", "English, Letter paper, the original", "en"
    )
    plan = Download("#reports", "Owner's action plan", "What must be done.", "English, Letter paper", "en")
    return Downloads(
        (record, plan), (Download("#reports", "Inspector's record", "", "español, papel A4", "es"),)
    )


@doors.get("/design")
def show() -> str:
    """Every component; only where the demo is shown."""
    if not current_app.jinja_env.globals["demo"]:
        abort(404)
    visit = sample_visit({("gloves.new-each-client", None): OUT, ("gloves.changed", None): replace(OUT, corrected_on_site=True)})  # fmt: skip
    drawn = (((0, 2000), (2500, 500), (5000, 3200), (7500, 900), (9800, 2100)),)
    return render_template(
        "design/show.html",
        tokens=tokens(),
        pairs=pairs(),
        marks=list(GLYPHS),
        form=sample_form(),
        somebody=sample_person(),
        deeds=people.deeds(),
        bounds=strokes,
        ink={"name": "Ines Field", "path": path(drawn)},
        cards=sample_cards(),
        results=sample_results(),
        findings=finding_cards(stories.running(visit)),
        rows=sample_rows(),
        strip=strip_of(("IN", "OUT", "NO", "NA", None, "IN")),
        steps=sample_steps(),
        reports=sample_downloads(),
        former=sample_former(),
        glance=Glance("3 to correct, 1 overdue", "over", "2 papers end soon", "soon"),
        last={"shape": "OUT", "result": "Findings", "number": "88.0", "date": "Tue 3 Mar 2026",
              "age": "12 days ago", "href": "/visits"},
        trend=trend_of("Inspections over time", sample_points()),
        suggested=SimpleNamespace(slug="a_S", values={}, suggested=SUGGESTED),
        troubles=[(status, errors.PAGES[status]) for status in sorted(errors.PAGES)],
    )  # fmt: skip
