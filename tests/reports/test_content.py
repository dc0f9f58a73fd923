"""The words of a report, compared as values: nothing is drawn here."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from audit.domain.checklists import Source
from audit.domain.limits import Case, Limit
from reports import pdf
from reports.annex import sources
from reports.answers import shortened
from reports.content import compliance
from reports.values import Content, Count
from tests.reports import reading
from tests.reports.making import make

FORBIDDEN = re.compile(r"\b(compliant|certified|legally valid|court-proof|pass|passed)\b", re.IGNORECASE)
AUTHORITY_ONLY = re.compile(r"\b(violations?|closed|official)\b", re.IGNORECASE)


@pytest.fixture
def made(photos):
    return make(photos, findings=6, photos=6)


def told(made) -> Content:
    return compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)


def find(made, mark="IN", kind=None):
    """An answer of the record whose item has (or has not) a part of that kind."""
    for answer in made.record["answers"]:
        item = made.checklist.item(answer["item"])
        kinds = {part.kind for part in item.value_parts}
        if answer["mark"] == mark and (kind in kinds if kind else not kinds) and not item.per_practitioner:
            return answer, item
    raise AssertionError("the record holds no such answer")


def row_of(content, number):
    return next(row for section in content.sections for row in section.rows if row.number == number)


def test_the_head_says_who_where_and_when(made):
    head = told(made).head
    assert head.title == "Inspection record"
    assert head.clinic == "Crown & Follicle Scalp Studio"
    assert head.clinic_line == "1180 Fourth Street, Suite 4, Hollister, CA 95023 · Permit BA-2024-0117"
    assert head.visit_line == "Routine visit on Tuesday, 3 March 2026, 09:00\u201310:05 PST"
    assert head.behalf == (
        "Audited by Maria López-Whitfield, REHS on behalf of County of San Benito Environmental Health, "
        "a public authority."
    )
    assert (head.short_id, head.sealed) == ("8A3F12C4", "Sealed 3 March 2026, 10:06 PST")


def test_the_result_comes_in_words_with_its_number_and_how_it_came_about(made):
    verdict = told(made).verdict
    assert (verdict.words, verdict.tone) == ("2 critical findings open", "bad")
    assert verdict.detail.startswith("6 findings: 2 critical, 2 major and 2 minor.")
    assert (verdict.number, verdict.number_unit) == ("84.0", "of 100")
    assert verdict.how == tuple(made.record["result"]["words"])


@pytest.mark.parametrize(
    ("status", "score", "may_pass", "words", "tone"),
    [
        ("no-findings", "100", False, "No findings", "good"),
        ("no-findings", "100", True, "Pass", "good"),
        ("findings", "92", False, "6 findings", "warn"),
        ("findings", "92", True, "Pass, with 6 findings", "warn"),
        ("not-scored", None, False, "Not scored", "unseen"),
        ("uncorrected-critical", "80", False, "2 critical findings open", "bad"),
    ],
)
def test_the_word_pass_needs_a_scheme_that_has_it(made, status, score, may_pass, words, tone):
    made.record["result"] |= {"status": status, "score": score, "may_pass": may_pass}
    if status == "no-findings":
        made.record["findings"] = []
    verdict = told(made).verdict
    assert (verdict.words, verdict.tone, verdict.number) == (words, tone, score or "")


def test_a_percent_scheme_shows_its_percent(made):
    made.record["result"]["scheme"] = "percent"
    assert (told(made).verdict.number, told(made).verdict.number_unit) == ("90.6", "% of rated items")


def test_not_observed_and_not_applicable_stay_apart(made):
    made.record["result"]["counts"] |= {"IN": "50", "OUT": "6", "NO": "4", "NA": "3", "recommended_NA": "2"}
    assert told(made).counts == (
        Count("IN", "50", "in order"),
        Count("OUT", "6", "not in order"),
        Count("NO", "4", "not observed"),
        Count("NA", "5", "not applicable"),
    )
    assert told(made).tally == "63 in the score · 2 recommended, outside it · 1 did not apply to this clinic"


def test_deadlines_run_from_the_first_to_the_last_and_corrected_ones_close(made):
    made.record["findings"][0]["corrected_on_site"] = True
    deadlines = told(made).deadlines
    assert [deadline.title for deadline in deadlines] == [
        "By Tuesday, 3 March 2026",
        "By Tuesday, 17 March 2026",
        "By Thursday, 2 April 2026",
        "Corrected on site",
    ]
    assert deadlines[0].words == "before any further procedure"
    assert deadlines[1].words == "14 days after the visit"
    assert [finding.number for finding in deadlines[-1].findings] == [made.record["findings"][0]["number"]]
    assert all("corrected" not in step.words.lower() for step in told(made).steps)


def test_what_happens_next_has_dates(made):
    steps = told(made).steps
    assert steps[0].when == "Tuesday, 3 March 2026"
    assert steps[0].words.startswith("Before any further procedure: correct ")
    assert (steps[-1].when, steps[-1].words) == (
        "Wednesday, 3 March 2027",
        "Next routine visit, 365 days after this one",
    )
    made.record["result"]["next_visit"] = None
    assert told(made).steps[-1].when == "No date set"


def test_papers_count_from_the_day_of_the_visit(made):
    first = told(made).terms[0]
    assert (first.title, first.left, first.until, first.tone) == (
        "Permit 2 expires",
        "42 days left",
        "until\u00a014\u00a0Apr\u00a02026",
        "warn",
    )
    answer, _item = find(made, kind="date")
    answer["values"] = {"date": "2026-02-28"}
    assert (told(made).terms[0].left, told(made).terms[0].until) == (
        "3 days over",
        "since\u00a028\u00a0Feb\u00a02026",
    )
    answer |= {"values": {}, "absent": "not-shown", "judged": []}
    assert (told(made).terms[0].left, told(made).terms[0].tone) == ("not shown", "bad")


def test_a_mark_against_the_value_is_printed_with_both_marks_and_its_reason(made):
    answer, item = find(made, kind="choice")
    answer |= {"mark": "OUT", "derived": "IN", "reason": "The strip belongs to another load."}
    row = row_of(told(made), item.number)
    assert "The value says IN; marked OUT: The strip belongs to another load." in row.remarks


def test_measurements_show_value_limit_and_whether_it_holds(made):
    measure = next(row for row in told(made).measures if row.number == "K-02")
    assert (measure.what, measure.value, measure.limit, measure.mark) == (
        "Cycle temperature",
        "250 °F (121.11 °C)",
        "at least 121 °C (CDC 2008)",
        "IN",
    )


@pytest.mark.parametrize(
    ("own", "said"),
    [(True, "at least 121 °C (CDC 2008), Own autoclave is yes"), (False, "at least 121 °C (CDC 2008)")],
)
def test_a_limit_with_cases_says_which_one_counted(made, own, said):
    inner = Limit("at-least", value=Decimal(121), source="CDC 2008")
    cases = Limit(
        "cases", cases=(Case({"is": {"key": "autoclave", "value": True}}, inner), Case(None, inner))
    )
    sections = tuple(
        replace(
            section,
            items=tuple(
                replace(item, parts=tuple(replace(part, limit=cases) for part in item.parts))
                if item.number == "K-02"
                else item
                for item in section.items
            ),
        )
        for section in made.checklist.sections
    )
    made.record["clinic"]["profile"]["autoclave"] = own
    made = replace(made, checklist=replace(made.checklist, sections=sections))
    assert next(row.limit for row in told(made).measures if row.number == "K-02") == said


def test_answers_of_each_practitioner_stand_under_their_item(made):
    assert [(person.name, person.mark) for person in row_of(told(made), "B-01").people] == [
        ("Anneliese van der Meulen-Okonkwo and Jonas Brandt", "IN")
    ]
    answer = next(row for row in made.record["answers"] if row["person"] == "p1")
    answer |= {"mark": "OUT", "derived": "OUT", "note": "No certificate.", "absent": "not-shown"}
    answer |= {"values": {}, "judged": []}
    assert [(person.name, person.mark, person.words) for person in row_of(told(made), "B-01").people] == [
        ("Anneliese van der Meulen-Okonkwo", "IN", "2 Nov 2025 (121 days old)"),
        ("Jonas Brandt", "OUT", "not shown · No certificate."),
    ]
    rows = [(row.whose, row.words) for row in told(made).papers if row.number == "B-01"]
    assert rows == [("Anneliese van der Meulen-Okonkwo", "2 Nov 2025"), ("Jonas Brandt", "not shown")]


def test_items_that_did_not_apply_stand_once_under_the_fact_that_decided(made):
    last = list(made.checklist.items())[-1]
    (pair,) = told(made).inapplicable
    assert (pair.label, pair.words) == ("Own autoclave: yes", f"{last.number}\u00a0{last.prompt}")


def test_answers_kept_aside_are_told(made):
    answer, item = find(made)
    made.record["answers"].remove(answer)
    made.record["kept_aside"] = [answer]
    content = told(made)
    assert [row.number for row in content.set_aside] == [item.number]
    assert item.number not in [row.number for section in content.sections for row in section.rows]


def test_photos_are_numbered_in_the_order_of_the_findings(made):
    content = told(made)
    assert [shot.number for finding in content.findings for shot in finding.shots] == [1, 2, 3, 4, 5, 6]
    assert row_of(content, content.findings[0].number).photos == "Photos 1 and 2"


def test_unconfirmed_references_are_marked(made):
    said = {cite for finding in told(made).findings for cite in finding.citations}
    assert any(cite.endswith("(unconfirmed)") for cite in said)
    assert "marked (unconfirmed): not read in the rule itself" in told(made).wins
    assert told(made).sources[0].lead == "Copies read in November 2026:"
    assert [copy.label for copy in told(made).sources[0].copies] == ["California", "NEHA"]


def test_signatures_say_how_and_what_they_mean(made):
    inspector, person = told(made).signatures
    assert inspector.at == "Signed 3 March 2026, 10:05 PST, drawn on the screen"
    assert len(inspector.strokes[0]) == 50
    assert person.meaning == "Has seen this record and was offered a copy. Signing is not agreeing."
    made.record["signatures"][1]["state"] = "refused"
    assert told(made).signatures[1].state == "Refused to sign"
    made.record["signatures"][1] |= {"state": "absent", "person": None, "at": None}
    assert told(made).signatures[1].at == "Absent"


def test_a_name_signed_otherwise_stands_beside_who_was_signed_in(made):
    made.persons["signed-as"] = {"name": "M. L. W.", "title": "", "salt": "05", "strokes": []}
    made.record["persons"]["signed-as"] = "0" * 64
    made.record["signatures"][0] |= {"person": "signed-as", "how": "typed"}
    inspector = told(made).signatures[0]
    assert inspector.name == "M. L. W."
    assert inspector.at == "Signed 3 March 2026, 10:05 PST, typed; signed in as Maria López-Whitfield"


def test_a_removed_name_leaves_a_visible_gap(made):
    made.persons.clear()
    content = told(made)
    assert "name removed (i1)" in content.head.behalf
    assert [pair.words for pair in content.people if pair.label == "Practitioners"] == [
        "name removed (p1) and name removed (p2)"
    ]


def test_characters_that_paper_cannot_show_are_named(made):
    made.record["remarks"] = "clean \U0001f3e5"
    assert ("Characters shown as codes", "[U+1F3E5] hospital") in [
        (pair.label, pair.words) for pair in told(made).annex
    ]


def test_a_self_audit_says_so(photos):
    content = told(make(photos, kind="self-audit", photos=0))
    assert content.head.title == "Self-audit"
    assert content.head.self_audit
    assert content.head.behalf.endswith("for the clinic itself. A self-audit is not an inspection.")
    assert all("Next routine visit" not in step.words for step in content.steps)


@pytest.mark.parametrize(
    ("kind", "authority"), [("inspection", False), ("self-audit", True), ("inspection", True)]
)
@pytest.mark.parametrize("findings", [0, 25])
def test_words_that_may_not_be_said(tmp_path, photos, kind, authority, findings):
    made = make(photos, findings=findings, photos=2, kind=kind, authority=authority)
    for draw in (pdf.draw_record, pdf.draw_owner):
        draw(told(made), "a4", tmp_path / "report.pdf")
        text = reading.text_of(tmp_path / "report.pdf")
        assert not FORBIDDEN.search(text)
        if kind == "self-audit" or not authority:
            assert not AUTHORITY_ONLY.search(text)
        else:
            assert "the current official text wins" in text


def test_a_name_never_given_is_not_a_name_removed(made):
    made.record["signatures"][1]["state"] = "refused"
    made.persons["person-in-charge"]["name"] = ""
    assert told(made).signatures[1].name == "No name was given"
    del made.persons["person-in-charge"]
    assert told(made).signatures[1].name == "name removed (person-i)"
    made.record["signatures"][1]["person"] = None
    assert told(made).signatures[1].name == "No name was given"


def test_a_self_audit_is_the_clinics_own_paper(photos):
    made = make(photos, kind="self-audit", photos=0, findings=0)
    content = told(made)
    agency = made.record["agency"]
    assert (content.head.agency, content.head.agency_line) == (content.head.clinic, "Owner's own audit")
    assert (content.appeal, content.statements, content.head.logo) == ("", (), None)
    assert [signature.role for signature in content.signatures] == ["Made by", "Person in charge"]
    assert agency["name"] not in repr(content)
    soon = [step for step in content.steps if step.when == "No date set"]
    assert not soon or soon[0].words == "The rules of this checklist set no date for the next visit."


def test_what_happens_next_is_never_empty(photos):
    made = make(photos, kind="self-audit", photos=0, findings=0)
    made.record["answers"] = [row for row in made.record["answers"] if not row["values"]]
    (step,) = told(made).steps
    assert step.words == "The rules of this checklist set no date for the next visit."


def test_without_a_stop_today_means_at_once(made):
    for row in made.record["findings"]:
        row["stop"] = False
    assert told(made).deadlines[0].words == "at once"


def test_preset_marks_are_told_apart_from_given_ones(made):
    answer, item = find(made, "NO")
    answer["preset"] = True
    content = told(made)
    assert row_of(content, item.number).answer == "NO (preset)"
    unseen = len({row["item"] for row in made.record["answers"] if row["mark"] == "NO"})
    assert content.tally.endswith(f"1 of {unseen} NO was preset: no procedure was under way")


def test_an_open_critical_finding_outside_the_score_is_named(made):
    grave = next(row for row in made.record["findings"] if row["severity"] == "critical")
    grave |= {"standing": "recommended", "corrected_on_site": False}
    assert "1 critical finding is outside the score: recommended here." in told(made).verdict.detail


def test_a_long_note_is_printed_in_full_only_with_its_finding(made):
    finding = made.record["findings"][0]
    answer = next(row for row in made.record["answers"] if row["item"] == finding["item"])
    answer["note"] = finding["note"] = "The tray was seen from the door. " * 100
    content = told(made)
    (brief,) = row_of(content, finding["number"]).remarks
    assert brief.endswith(f" … in full under {finding['number']}")
    assert len(brief) < 240
    assert next(f for f in content.findings if f.number == finding["number"]).observed == finding["note"]


def test_a_note_keeps_its_lines_where_it_is_shortened():
    assert shortened("one\n\n  two   words \n", "J-02") == "one\ntwo words"
    assert shortened("line\n" * 20, "J-02", lines=2) == "line\nline … in full under J-02"


def test_the_plan_names_only_the_copies_its_findings_cite(made):
    made.record["findings"] = []
    assert told(made).own_sources == ()
    source = made.checklist.sources[1]
    (group,) = sources(made.checklist, ["NEHA 5.1"])
    assert [copy.label for copy in group.copies] == [source.short]


@pytest.mark.parametrize(
    ("ref", "short", "held"),
    [
        ("CA 119311(f)", "CA 119311", True),
        ("CA 119311(f)", "CA 119307, 119308", False),
        ("CA 119314(c) via SJ 5", "SJ 5, 8", True),
        ("SJ 34", "SJ 31-36", True),
        ("NEHA 5.1", "NEHA Body Art Model Code", True),
        ("OSHA (d)(2)(v)", "OSHA (h)(5), Appendix A", False),
        ("CDC, weekly", "CA 119312", False),
    ],
)
def test_a_copy_is_found_by_body_and_section(made, ref, short, held):
    published = replace(made.checklist, sources=(Source(short, "https://example.org", "2026-11"),))
    assert bool(sources(published, [ref])) == held
