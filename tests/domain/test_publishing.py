"""Catalogue, checklist and pack become one frozen document that needs nothing else."""

import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import checklists, definitions, publishing
from audit.domain.answers import Raw
from audit.domain.canonical import canonical
from audit.domain.due import FollowUp, PlacardRules
from audit.domain.problems import NotFound
from audit.domain.publishing import most_specific
from tests.domain import making

CATALOGUE = """
    [[fact]]
    key = "mobile"
    [[item]]
    key = "soap.there"
    [[item]]
    key = "sink.temp"
    [[item.part]]
    key = "temp"
    kind = "number"
    unit = "C"
    units = ["C", "F"]
    [[item.citation]]
    ref = "YY 12"
    kind = "model-code"
    jurisdiction = "yy"
    certainty = "secondary"
    [[item.citation]]
    ref = "ZZ 9"
    kind = "law"
    jurisdiction = "zz"
    certainty = "verified"
    [[item.citation]]
    ref = "XX 4(a)"
    kind = "law"
    jurisdiction = "xx"
    certainty = "verified"
    [[item]]
    key = "clave.spores"
    [[item.part]]
    key = "date"
    kind = "date"
    limit = { kind = "max-age", months = 12 }
    [[item.citation]]
    ref = "ZZ 10"
    kind = "law"
    jurisdiction = "zz"
    certainty = "verified"
    [[item]]
    key = "talk.kind"
    official = false
    grounds = ["Clients like to be heard."]
"""
BASE = """
    [[threshold]]
    item = "sink.temp"
    part = "temp"
    limit = { kind = "at-least", value = "38", also = { F = "100" } }
    source = "YY 12.3"
    certainty = "secondary"
"""
INHERIT = 'inherit = ["sink.temp#temp"]'
WARM = Raw(values={"temp": "20"}, note="Cold.")


def published(pack="", base=BASE):
    return making.checklist(CATALOGUE, pack=pack, base=base)


def sink(pack="", base=BASE):
    return published(pack, base).item("sink.temp")


def threshold(item, part, limit, more=""):
    return f'[[threshold]]\nitem = "{item}"\npart = "{part}"\n{limit}\nsource = "XX 7"\ncertainty = "verified"\n{more}\n'


# citations ----------------------------------------------------------------------------------------------------


def test_own_citations_come_first_and_inherited_ones_say_from_where():
    shown = [(row.ref, row.source) for row in sink().citations]
    assert shown == [("XX 4(a)", "Xanadu"), ("YY 12", "Base")]


def test_a_citation_that_is_not_verified_is_printed_so():
    assert [row.printed for row in sink().citations] == ["XX 4(a)", "YY 12 (unconfirmed)"]


def test_what_the_pack_cites_of_its_base_stays_the_bases():
    own = sink('cite = ["yy", "xx"]')
    assert [(row.ref, row.source) for row in own.citations] == [("YY 12", "Base"), ("XX 4(a)", "Xanadu")]


def test_without_a_base_nothing_is_inherited():
    assert [row.ref for row in sink(base="").citations] == ["XX 4(a)"]


def test_an_item_without_a_citation_here_is_recommended():
    standing = {item.key: item.standing for item in published().items()}
    assert standing == {
        "soap.there": "official",
        "sink.temp": "official",
        "clave.spores": "recommended",
        "talk.kind": "recommended",
    }
    assert making.checklist(CATALOGUE, pack='cite = ["zz"]').item("clave.spores").standing == "official"


def test_an_inherited_citation_alone_makes_it_official():
    only_base = published('cite = ["ww"]').item("sink.temp")
    assert only_base.standing == "official" and [row.source for row in only_base.citations] == ["Base"]


def test_a_quality_item_keeps_its_grounds():
    assert published().item("talk.kind").grounds == ("Clients like to be heard.",)


# thresholds ---------------------------------------------------------------------------------------------------


def test_a_bases_threshold_is_advice_and_never_out():
    item = sink()
    assert item.part("temp").limit is None
    assert item.part("temp").advice == ("at least 38 °C (YY 12.3 (unconfirmed)) [Base]",)
    found = making.reading(item, WARM)
    assert found.answer.derived is None
    assert making.reading(item, Raw(mark="IN", values={"temp": "20"})).complete


def test_it_binds_when_the_pack_says_so():
    item = sink(INHERIT)
    assert item.part("temp").advice == ()
    found = making.reading(item, WARM)
    assert found.complete and found.answer.mark == "OUT"
    assert found.answer.judged[0].source == "YY 12.3 (unconfirmed)"
    hundred_f = Raw(values={"temp": "100"}, units={"temp": "F"})
    assert making.reading(item, hundred_f).answer.mark == "IN"


def test_a_threshold_of_its_own_comes_before_the_inherited_one():
    own = threshold("sink.temp", "temp", 'limit = { kind = "at-least", value = "15" }')
    limit = sink(f"{INHERIT}\n{own}").part("temp").limit
    assert limit is not None and (limit.value, limit.source) == (Decimal(15), "XX 7")
    beside = sink(own).part("temp")
    assert beside.limit == limit and len(beside.advice) == 1


def test_the_catalogues_limit_counts_where_no_pack_sets_one():
    assert published().item("clave.spores").part("date").limit == checklists.read_limit(
        {"kind": "max-age", "months": 12}
    )
    stricter = threshold("clave.spores", "date", 'limit = { kind = "max-age", months = 1 }')
    limit = published(stricter).item("clave.spores").part("date").limit
    assert limit is not None and (limit.months, limit.source) == (1, "XX 7")


def test_a_packs_advice_is_shown_and_never_judges():
    part = sink(threshold("sink.temp", "temp", 'advice = "Comfortably warm"'), base="").part("temp")
    assert part.advice == ("Comfortably warm (XX 7)",) and part.limit is None


@pytest.mark.parametrize(
    ("facts", "mark"), [({"mobile": True}, "OUT"), ({"mobile": False}, None), ({}, None)]
)
def test_a_rule_for_mobile_sites_judges_only_those(facts, mark):
    rule = threshold(
        "sink.temp",
        "temp",
        'limit = { kind = "at-least", value = "38" }',
        'when = { equals = { key = "mobile", value = true } }',
    )
    assert making.reading(sink(rule), WARM, facts=facts).answer.derived == mark


def test_elsewhere_the_plain_rule_counts_or_the_catalogues():
    mobile = threshold(
        "clave.spores",
        "date",
        'limit = { kind = "max-age", days = 30 }',
        'when = { equals = { key = "mobile", value = true } }',
    )
    plain = threshold("clave.spores", "date", 'limit = { kind = "max-age", months = 6 }')
    for pack, months in ((mobile, 12), (mobile + plain, 6)):
        limit = published(pack).item("clave.spores").part("date").limit
        assert limit is not None
        there, elsewhere = limit.standing_for({"mobile": True}), limit.standing_for({"mobile": False})
        assert there is not None and there.days == 30 and there.source == "XX 7"
        assert elsewhere is not None and elsewhere.months == months


def test_a_bases_rule_for_mobile_sites_is_no_general_advice():
    mobile = BASE + 'when = { equals = { key = "mobile", value = true } }'
    assert sink(base=mobile).part("temp").advice == ()
    limit = sink(INHERIT, base=mobile).part("temp").limit
    assert limit is not None and limit.standing_for({"mobile": True}) and not limit.standing_for({})


# the whole ----------------------------------------------------------------------------------------------------


def test_printed_numbers_follow_the_sections():
    found = making.checklist(CATALOGUE, sections={"C": ["talk.kind", "soap.there"], "G": ["sink.temp"]})
    assert [item.number for item in found.items()] == ["C-01", "C-02", "G-01"]
    assert found.section("g").title == "Section G" and found.item("sink.temp").number == "G-01"
    assert found.has("soap.there") and not found.has("clave.spores")
    with pytest.raises(NotFound):
        found.item("clave.spores")
    with pytest.raises(NotFound):
        found.section("z")
    with pytest.raises(NotFound):
        found.item("sink.temp").part("colour")


def test_the_rules_for_coming_back_come_from_the_pack():
    found = published(
        """
        follow_up = { routine_days = 180, check_days = 30, source = "XX 16", certainty = "verified" }
        placard = { minor_only = "pass", working_days = 3, source = "XX 17", certainty = "recalled" }
    """
    )
    assert found.due.next_visit_days == 180
    assert found.due.follow_up == FollowUp(180, 30, False, "XX 16")
    assert found.due.placards == PlacardRules("pass", 3, "XX 17 (unconfirmed)")
    plain = published("next_visit_days = 180")
    assert (plain.due.follow_up, plain.due.placards) == (None, None)


def test_dates_schemes_and_words_come_from_the_pack():
    found = published(
        """
        next_visit_days = 180
        scheme = { kind = "percent", weights = { critical = 4, major = 3, minor = 2 }, cos_deducts = false,
                   may_pass = true }
        calendar = { weekend = ["friday"], holidays = ["2025-12-25"] }
        words = { permit = "Permit to operate" }
    """.replace(",\n                   may", ", may")
    )
    assert found.due.next_visit_days == 180
    assert found.due.calendar.weekend == frozenset({4}) and len(found.due.calendar.holidays) == 1
    assert found.scheme == checklists.Scheme(
        "percent", (("critical", 4), ("major", 3), ("minor", 2)), cos_deducts=False, may_pass=True
    )
    assert dict(found.words) == {"permit": "Permit to operate"}


def test_what_is_not_there_is_named_with_what_is():
    found = definitions.check(*making.files(CATALOGUE))
    with pytest.raises(NotFound, match=r"no checklist maxi. Known: mini"):
        publishing.resolve(found, "maxi", "xx")
    with pytest.raises(NotFound, match=r"no pack zz. Known: xx"):
        publishing.resolve(found, "mini", "zz")


def test_equal_definitions_have_equal_fingerprints():
    one = making.published(CATALOGUE, base=BASE)
    other = json.loads(canonical(making.published(CATALOGUE, base=BASE)))
    assert publishing.fingerprint(one) == publishing.fingerprint(other)
    assert checklists.read(one, 1, "x") == checklists.read(other, 1, "x")


@pytest.mark.parametrize(
    ("old", "new"), [("soap.there", "soap.here"), ("verified", "recalled"), ("XX 4(a)", "XX 4(b)")]
)
def test_any_change_of_content_changes_the_fingerprint(old, new):
    before, after = (making.published(text) for text in (CATALOGUE, CATALOGUE.replace(old, new)))
    assert publishing.fingerprint(before) != publishing.fingerprint(after)


def test_publishing_leaves_the_definitions_as_they_were():
    found = definitions.check(*making.files(CATALOGUE, pack=INHERIT, base=BASE))
    before = copy.deepcopy(found)
    publishing.resolve(found, "mini", "xx")
    assert found == before


# choosing a pack ----------------------------------------------------------------------------------------------

PACKS = {"generic": "us", "california": "us-ca", "fresno": "us-ca-fresno", "germany": "de"}


@pytest.mark.parametrize(
    ("clinic", "pack"),
    [
        ("us-ca-fresno", "fresno"),
        ("us-ca-kern", "california"),
        ("us-ca", "california"),
        ("us-tx", "generic"),
        ("us", "generic"),
        ("us-cal", "generic"),  # not within us-ca
        ("de-by", "germany"),
        ("usa", None),
        ("", None),
    ],
)
def test_the_clinics_jurisdiction_selects_the_most_specific_pack(clinic, pack):
    assert most_specific(PACKS, clinic) == pack


@given(st.permutations(list(PACKS.items())), st.sampled_from(["us-ca-fresno-west", "us-nv", "gb"]))
def test_the_order_of_packs_does_not_matter(packs, clinic):
    assert most_specific(dict(packs), clinic) == most_specific(PACKS, clinic)


def test_two_packs_for_the_same_place_are_chosen_between_by_name():
    both = {"b": "us-ca", "a": "us-ca"}
    assert most_specific(both, "us-ca") == most_specific(dict(reversed(both.items())), "us-ca")
