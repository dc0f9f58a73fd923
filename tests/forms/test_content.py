"""The shipped content: all items, what the checklists choose from them, and how the packs judge."""

import tomllib
from collections import Counter
from datetime import date
from fnmatch import fnmatch
from pathlib import Path

import pytest

from audit.domain import checklists, publishing
from audit.domain.answers import Key, Raw, settle
from audit.domain.due import FollowUp, PlacardRules
from forms import library

FORMS = Path(__file__).parents[2] / "forms"
SECTION_SIZES = dict(zip("ABCDEFGHIJKLMNO", (9, 8, 8, 12, 7, 5, 9, 9, 4, 4, 12, 4, 10, 5, 4), strict=True))
PER_PRACTITIONER = (
    "licence.*",
    "training.bbp-current",
    "training.smp-specific",
    "health.hepb-status",
    "competence.*",
)
# Nothing that was read obliges anybody to these.
QUALITY_ONLY = {
    "competence.experience",
    "competence.portfolio",
    "consult.handover",
    "consult.patch-test",
    "pigment.smp-grade",
    "smp.depth-protocol",
    "smp.dot-size",
    "smp.session-plan",
    "training.smp-specific",
}
# What consumer guidance tells clients to look for, and where the self-audit asks for it.
CLAIMS = {
    "licence displayed, technician licensed": [
        "licence.practitioner-displayed",
        "licence.practitioner-expiry",
    ],
    "body-art practitioner licence": ["licence.practitioner-displayed", "permit.scope-matches"],
    "bloodborne-pathogen certificate": ["training.bbp-current"],
    "health permit": ["permit.facility-posted", "permit.facility-expiry"],
    "sterile and clean environment": [
        "premises.clean",
        "disinfect.between-clients",
        "autoclave.*",
        "disposable.only",
    ],
    "gloves": ["gloves.new-each-client", "gloves.changed"],
    "masks": ["ppe.mask-eye"],
    "packaged needles, opened in front of the client": [
        "needles.sterile-sealed",
        "needles.opened-in-front",
        "needles.expiry",
    ],
    "barrier tape": ["barrier.equipment", "barrier.changed"],
    "training in this very technique": ["training.smp-specific"],
    "experience, not as the only measure": ["competence.experience"],
    "gallery of results": ["competence.portfolio"],
    "reputation": ["complaints.log"],
    "comfort, questions answered": ["consult.expectations", "aftercare.given"],
    "consultation with photos of the wanted result": ["consult.design-agreed", "consult.expectations"],
    "hand-over to a colleague": ["consult.handover"],
    "number of sessions": ["smp.session-plan"],
    "cost of extra sessions agreed first": ["consult.cost-agreed"],
    "realistic expectations": ["consult.expectations"],
    "reachable after treatment": ["aftercare.followup"],
    "pigment grade, colour change": ["pigment.smp-grade", "pigment.commercial", "pigment.expiry"],
    "shade matched to skin and hair": ["consult.design-agreed"],
    "depth": ["smp.depth-protocol"],
    "dot size": ["smp.dot-size"],
    "flares and keloids": ["skin.intact", "consult.smp-contraindications"],
    "numbing product": ["topical.anaesthetic"],
    "hygiene of equipment, rooms and people": [
        "premises.*",
        "utilities.*",
        "hands.*",
        "handsink.*",
        "gloves.*",
        "ppe.*",
        "needles.*",
        "machine.*",
        "razor.*",
        "singleuse.*",
        "disinfect.*",
        "health.practitioner-fit",
    ],
    "sterile routines before and after": [
        "skinprep.antiseptic",
        "procedure.aseptic",
        "disinfect.between-clients",
    ],
    "four dry days without sun or sweat": [
        "aftercare.given",
        "aftercare.content",
        "aftercare.smp-specific",
    ],
    "side effects": ["client.consent", "aftercare.content", "incident.infection-report"],
    "removal by laser": ["consult.expectations", "client.consent"],
    "properly equipped": ["machine.cleanable", "premises.furniture", "handsink.*"],
}
# Businesses whose pages taught something; none may be named to an inspector or an owner.
BUSINESSES = (
    "gatehouse",
    "smpnorth",
    "healthjade",
    "ink2scalp",
    "masterymind",
    "vital-male",
    "jesse-smp",
    "chapmansmp",
    "womaninthejungle",
    "upmcac",
    "studylib",
)


def rows(folder):
    return [
        (path.name, tomllib.loads(path.read_text("utf-8")))
        for path in sorted((FORMS / folder).glob("*.toml"))
    ]


@pytest.fixture(scope="module")
def items():
    return {item["key"]: item for _, content in rows("catalogue") for item in content.get("item", ())}


@pytest.fixture(scope="module")
def chosen():
    return {
        content["kind"]: [key for section in content["section"] for key in section["items"]]
        for _, content in rows("checklists")
    }


@pytest.fixture(scope="module")
def found():
    return library.read()


@pytest.fixture(scope="module")
def published(found):
    def publish(pack, checklist="smp-clinic-self-audit"):
        content = publishing.resolve(found, checklist, pack)
        return checklists.read(content, 1, publishing.fingerprint(content))

    return publish


def test_all_110_items_are_there_with_their_severity(items):
    assert len(items) == 110
    assert Counter(item["severity"] for item in items.values()) == {"critical": 33, "major": 43, "minor": 34}


def test_each_section_has_its_file_and_its_items():
    sizes = {name[0]: len(content["item"]) for name, content in rows("catalogue") if name[1] == "-"}
    assert sizes == SECTION_SIZES


def test_the_self_audit_asks_everything_in_the_order_of_the_catalogue(items, chosen):
    assert chosen["self-audit"] == list(items)


def test_the_inspection_holds_exactly_the_official_items(items, chosen):
    assert chosen["inspection"] == [key for key, item in items.items() if item["official"]]
    assert {key for key, item in items.items() if not item["official"]} == QUALITY_ONLY


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_claim_of_the_consumer_guidance_is_reached_by_the_self_audit(claim, chosen):
    for wanted in CLAIMS[claim]:
        assert any(fnmatch(key, wanted) for key in chosen["self-audit"]), wanted


def test_official_items_rest_on_a_citation_and_quality_items_say_why(items):
    for key, item in items.items():
        assert item.get("citation") if item["official"] else item.get("grounds"), key


def test_no_business_is_named_and_guidance_is_no_citation(items):
    for key, item in items.items():
        text = str(item).lower()
        assert not [name for name in BUSINESSES if name in text], key
        for citation in item.get("citation", ()):
            assert not {"trade", "consumer"} & set(citation["ref"].lower().split()), key


def test_phrases_are_ready_and_short(items):
    for key, item in items.items():
        assert 2 <= len(item["phrases"]) <= 4, key
        assert len(set(item["phrases"])) == len(item["phrases"]), key
        for text in (item["prompt"], *item["phrases"]):
            assert len(text) <= 110, text


def test_exactly_the_items_about_a_person_are_asked_per_practitioner(items):
    per_person = {key for key, item in items.items() if item.get("per") == "practitioner"}
    assert per_person == {key for key in items if any(fnmatch(key, name) for name in PER_PRACTITIONER)}


def test_items_that_need_to_be_seen_can_be_left_not_observed(items):
    for key, item in items.items():
        assert not item.get("needs_sight") or "NO" in item["marks"], key


def test_the_packs_resolve_and_number_the_items(published):
    listed = published("us-ca", "smp-clinic-inspection")
    assert len(list(listed.items())) == 110 - len(QUALITY_ONLY)
    assert [item.number for item in listed.sections[0].items][:2] == ["A-01", "A-02"]


def test_without_a_citation_of_the_jurisdiction_an_item_is_recommended(published):
    california, generic = published("us-ca"), published("us")
    assert california.item("autoclave.packs").standing == "official"
    assert california.item("client.not-impaired").standing == "recommended"
    assert california.item("smp.dot-size").standing == "recommended"
    assert generic.item("consult.expectations").standing == "recommended"
    assert california.item("consult.expectations").standing == "official"


def test_alabama_comes_back_by_status_and_toronto_hangs_placards(published):
    alabama, toronto = published("us-al").due, published("ca-on-toronto").due
    assert alabama.follow_up == FollowUp(180, 30, True, "Ala. Admin. Code 420-3-23-.16")
    assert alabama.next_visit_days == 180 and alabama.placards is None
    assert toronto.placards == PlacardRules(
        "pass-with-notes", 2, "Toronto BodySafe, types of inspection (unconfirmed)"
    )
    assert toronto.follow_up is None and toronto.next_visit(date(2026, 3, 3)) is None
    # Friday before Family Day: the Monday is no working day.
    assert toronto.calendar.after(date(2026, 2, 13), 2) == date(2026, 2, 18)


@pytest.mark.parametrize("pack", ["us", "us-ca"])
def test_every_citation_that_was_read_has_its_source(published, pack):
    checklist = published(pack)
    shorts = {source.short.split()[0].strip(",") for source in checklist.sources}
    cited = {c.ref for item in checklist.items() for c in item.citations if c.certainty == "verified"}
    assert {ref for ref in cited if ref.split()[0].strip(",") not in shorts} == set()


@pytest.mark.parametrize("pack", ["us", "us-ca"])
def test_the_base_is_never_shown_as_the_own_text(published, pack):
    sources = {c.jurisdiction: c.source for item in published(pack).items() for c in item.citations}
    own = {"us-ca": "California"} if pack == "us-ca" else {}
    assert sources == {"us": "US (NEHA model code)", "us-neha": "US (NEHA model code)", **own}


CYCLE, HOLD = "autoclave.cycle-temp", "autoclave.cycle-time"


def marks(checklist, facts=None, **entries):
    """Marks by item for entries ``{item: Raw}`` on one day."""
    raws: dict[Key, Raw] = {(item, None): raw for item, raw in entries.items()}
    readings = settle(checklist, raws, date(2026, 3, 3), facts or {})
    return {item: reading.answer.mark for (item, _), reading in readings.items()}


@pytest.mark.parametrize("pack", ["us", "us-ca"])
@pytest.mark.parametrize(
    ("cycle", "temperature", "unit", "minutes", "expected"),
    [
        ("gravity-wrapped", "121", "C", "30", ("IN", "IN")),
        ("gravity-wrapped", "250", "F", "30", ("IN", "IN")),
        ("gravity-wrapped", "120.9", "C", "30", ("OUT", "IN")),
        ("gravity-wrapped", "121", "C", "29", ("IN", "OUT")),
        ("prevacuum-wrapped", "270", "F", "4", ("IN", "IN")),
        ("prevacuum-wrapped", "131", "C", "4", ("OUT", "IN")),
        ("prevacuum-wrapped", "132", "C", "3.5", ("IN", "OUT")),
        # No number was read for hotter cycles: the inspector judges by the maker's.
        ("gravity-wrapped", "132", "C", "15", ("IN", None)),
        ("prevacuum-wrapped", "134", "C", "3", ("IN", None)),
    ],
)
def test_a_cycle_is_judged_by_kind_and_temperature(
    published, pack, cycle, temperature, unit, minutes, expected
):
    entered = Raw(values={"cycle": cycle, "temperature": temperature}, units={"temperature": unit})
    got = marks(
        published(pack), {"autoclave": True}, **{CYCLE: entered, HOLD: Raw(values={"minutes": minutes})}
    )
    assert (got[CYCLE], got[HOLD]) == expected


def test_the_makers_own_cycle_is_judged_by_its_printed_minimum(published):
    def judged(temperature, minutes):
        entries = {
            CYCLE: Raw(values={"cycle": "maker", "temperature": temperature, "maker_minimum": "134"}),
            HOLD: Raw(values={"minutes": minutes, "maker_minimum": "3"}),
        }
        got = marks(published("us-ca"), {"autoclave": True}, **entries)
        return got[CYCLE], got[HOLD]

    assert judged("134", "3") == ("IN", "IN")
    assert judged("133.5", "2.5") == ("OUT", "OUT")


@pytest.mark.parametrize(
    ("pack", "facts", "item", "values", "expected"),
    [
        ("us-ca", {}, "autoclave.spore-date", {"date": "2026-02-03"}, "IN"),
        ("us-ca", {}, "autoclave.spore-date", {"date": "2026-02-02"}, "OUT"),
        ("us", {"site": "fixed"}, "autoclave.spore-date", {"date": "2026-01-01"}, None),
        ("us", {"site": "temporary"}, "autoclave.spore-date", {"date": "2026-02-01"}, "IN"),
        ("us", {"site": "temporary"}, "autoclave.spore-date", {"date": "2026-01-31"}, "OUT"),
        ("us", {}, "autoclave.spore-result", {"result": "pending"}, "NO"),
        ("us", {}, "autoclave.spore-result", {"result": "none"}, "OUT"),
        ("us", {}, "sharps.fill-level", {"percent": "75"}, "IN"),
        ("us-ca", {}, "sharps.fill-level", {"percent": "76"}, "OUT"),
        ("us", {}, "disinfect.contact-time", {"label_minutes": "10", "minutes": "10"}, "IN"),
        ("us", {}, "disinfect.contact-time", {"label_minutes": "10", "minutes": "9.5"}, "OUT"),
        ("us", {}, "consult.patch-test", {"test": "declined-signed"}, "IN"),
        ("us", {}, "pigment.expiry", {"date": "2026-03-02"}, "OUT"),
        ("us", {}, "pigment.expiry", {"date": "2026-03-03"}, "IN"),
    ],
)
def test_a_value_derives_its_mark_under_the_pack(published, pack, facts, item, values, expected):
    assert marks(published(pack), facts, **{item: Raw(values=values)}) == {item: expected}


def test_five_feet_count_only_where_distance_keeps_decontamination_apart(published):
    def judged(pack, **values):
        raw = Raw(mark="IN", values=values)
        reading = settle(published(pack), {("autoclave.area", None): raw}, date(2026, 3, 3), {})
        return reading["autoclave.area", None].answer.derived

    assert judged("us-ca", separation="distance", distance="4.9") == "OUT"
    assert judged("us-ca", separation="distance", distance="5") == "IN"
    assert judged("us-ca", separation="barrier", distance="3") is None
    assert judged("us", separation="distance", distance="3") is None


@pytest.mark.parametrize(
    ("pack", "site", "area", "expected"),
    [
        ("us", "fixed", "79", "OUT"),
        ("us", "fixed", "80", "IN"),
        ("us-ca", "fixed", "40", None),
        ("us-ca", "temporary", "49", "OUT"),
        ("us-ca", "temporary", "50", "IN"),
    ],
)
def test_floor_area_counts_where_the_pack_sets_a_number(published, pack, site, area, expected):
    checklist = published(pack)
    (part,) = [part for part in checklist.item("premises.floor-area").parts if part.kind == "number"]
    raw = Raw(values={part.key: area})
    reading = settle(checklist, {("premises.floor-area", None): raw}, date(2026, 3, 3), {"site": site})
    assert reading["premises.floor-area", None].answer.derived == expected


@pytest.mark.parametrize(
    ("site", "unit", "value", "expected"),
    [
        ("mobile", "F", "100", "IN"),
        ("mobile", "C", "37.9", "OUT"),
        ("fixed", "C", "20", None),
    ],
)
def test_the_hand_sink_number_is_for_mobile_sites_only(published, site, unit, value, expected):
    checklist = published("us")
    (part,) = [part for part in checklist.item("handsink.temp").parts if part.kind == "number"]
    raw = Raw(values={part.key: value}, units={part.key: unit})
    reading = settle(checklist, {("handsink.temp", None): raw}, date(2026, 3, 3), {"site": site})
    assert reading["handsink.temp", None].answer.derived == expected


def test_what_california_does_not_inherit_is_shown_as_advice(published):
    advice = published("us-ca").item("premises.floor-area").value_parts
    assert any("80" in line and "NEHA 12.11" in line for part in advice for line in part.advice)


@pytest.mark.parametrize("pack", ["us", "us-ca"])
def test_holidays_are_days_of_the_years_promised(published, pack):
    holidays = published(pack).due.calendar.holidays
    assert {day.year for day in holidays} == set(range(2025, 2031))
    assert {date(year, 12, 25) for year in range(2025, 2031)} <= holidays
