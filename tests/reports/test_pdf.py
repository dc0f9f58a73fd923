"""Drawn reports, read back: sound files, every word there, nothing cut off, the same bytes each time."""

import hashlib
import shutil
from dataclasses import replace

import pikepdf
import pytest

from audit.domain import checklists, publishing
from audit.domain.wording import limit_lines
from forms import library
from reports import pdf
from reports.content import compliance
from reports.values import Issue
from tests.reports import reading
from tests.reports.formers import with_former
from tests.reports.making import checklist, make
from tests.reports.test_text import HOSTILE

LONG_NAME = (
    "Institut f\u00fcr Kopfhautpigmentierung und Haarliniendesign von und zu Hohenlohe-Langenburg " * 3
)
NOTE = "The tray was seen from the door. " * 120  # just under 4,000 characters


def draw(made, path, paper="a4", kind=pdf.draw_record):
    content = compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)
    pages = kind(content, paper, path)
    return content, pages


def within_pages(path):
    """No word outside the page, none upon another."""
    for width, height, words in reading.pages_of(path):
        for word in words:
            assert word.left >= 20, word
            assert word.right <= width - 20, word
            assert word.top >= 10, word
            assert word.bottom <= height - 10, word
        apart(words)


def apart(words):
    """Boxes are as tall as the typeface, taller than the letters: only the middle of a line must be free."""
    rows = [(word.left + 0.6, word.right - 0.6, (word.top + word.bottom) / 2, word) for word in words]
    rows.sort(key=lambda row: row[2])
    for place, (left, right, middle, word) in enumerate(rows):
        for other_left, other_right, other_middle, other in rows[place + 1 :]:
            if other_middle - middle > 3:
                break
            assert other_left >= right or left >= other_right, (word, other)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize(("findings", "count"), [(0, 0), (6, 12), (25, 60)])
def test_records_are_sound_and_hold_everything(tmp_path, photos, paper, findings, count):
    made = make(photos, findings=findings, photos=count)
    path = tmp_path / "record.pdf"
    content, pages = draw(made, path, paper)
    if paper == "a4" or count < 60:
        reading.check(path)  # unpacks every photo, which is the same on either paper
    within_pages(path)
    text = reading.solid(reading.text_of(path))
    for words in everything(made, content):
        assert reading.solid(words) in text, words
    assert f"Page {pages} of {pages}" in reading.text_of(path)
    assert reading.info(path)["Pages"] == str(pages)


def everything(made, content):
    """Every prompt, answer, note, due date and fingerprint; citations of what was not seen to be in order."""
    for answer in made.record["answers"]:
        item = made.checklist.item(answer["item"])
        yield item.prompt
        yield answer["note"]
        if answer["mark"] in ("OUT", "NO"):
            yield from (citation.printed for citation in item.citations)
        yield from (photo["caption"] for photo in answer["photos"])
    for section in content.sections:
        for row in section.rows:
            yield f"{row.number}{row.mark}"
            yield row.answer
            yield from row.remarks
            yield from (f"{person.mark}{person.name}{person.words}" for person in row.people)
    for finding in content.findings:
        yield from (finding.due, finding.due_words, finding.required, finding.reason)
    for step in content.steps:
        yield from (step.when, step.words)
    for measure in content.measures:
        yield from (measure.what, measure.value, measure.limit)
    yield from (made.sha256, made.record["id"], made.record["checklist"]["sha256"], made.record["remarks"])
    yield from (content.head.clinic, content.head.behalf, content.verdict.words, content.verdict.detail)
    yield from made.record["agency"]["statements"]
    yield made.record["agency"]["appeal_route"]
    yield from made.record["result"]["words"]


def test_the_owner_gets_what_to_do_and_no_more(tmp_path, photos):
    made = make(photos, findings=6, photos=12)
    path = tmp_path / "owner.pdf"
    content, pages = draw(made, path, "letter", pdf.draw_owner)
    reading.check(path)
    within_pages(path)
    text = reading.text_of(path)
    assert pages <= 6
    assert "What to do" in text
    assert "The whole checklist" not in text
    assert "SHA-256" not in text
    assert all(reading.plain(finding.due) in text for finding in content.findings)


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_the_empty_form_holds_every_item(tmp_path, paper):
    path = tmp_path / "blank.pdf"
    published = checklist(110)
    pdf.draw_blank(published, paper, path)
    reading.check(path)
    within_pages(path)
    text = reading.solid(reading.text_of(path))
    for item in published.items():
        assert reading.solid(f"{item.number}{item.prompt}") in text
    assert published.sha256 in text


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_reports_stay_short(tmp_path, photos, paper):
    assert draw(make(photos, findings=0, photos=0), tmp_path / "none.pdf", paper)[1] <= 4
    assert draw(make(photos, findings=20, photos=0), tmp_path / "twenty.pdf", paper)[1] <= 12


@pytest.mark.parametrize(("paper", "most"), [("a4", 15), ("letter", 18)])
def test_findings_with_photos_share_pages(tmp_path, photos, paper, most):
    _, pages = draw(make(photos, findings=20, photos=60), tmp_path / "many.pdf", paper)
    within_pages(tmp_path / "many.pdf")
    assert pages <= most


def test_a_photo_without_a_counterpart_leaves_no_gap_beside_it(tmp_path, photos):
    """One photo of then, and up to three since: the first pair side by side, the others in a row of their own."""
    path = tmp_path / "delta.pdf"
    _, pages = draw(with_former(make(photos, findings=20, photos=60)), path, "a4", pdf.draw_delta)
    within_pages(path)
    assert pages <= 6 and "No photo from then." not in reading.text_of(path)


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("pack", ["us", "us-ca"])
def test_a_visit_without_findings_takes_four_pages(tmp_path, photos, pack, paper):
    """With the shipped checklist, nearly all of it asked."""
    document = publishing.resolve(library.read(), "smp-clinic-inspection", pack)
    published = checklists.read(document, 1, publishing.fingerprint(document))
    made = make(photos, findings=0, photos=0, published=published)
    gone = {item.key: item for item in list(published.items())[5::20]}
    made.record["answers"] = [row for row in made.record["answers"] if row["item"] not in gone]
    made.record["inapplicable"] = [
        {"item": key, "number": item.number, "because": {"key": "autoclave", "value": "false"}}
        for key, item in gone.items()
    ]
    assert len({row["item"] for row in made.record["answers"]}) > 90
    path = tmp_path / "record.pdf"
    assert draw(made, path, paper)[1] <= 4
    within_pages(path)
    six = make(photos, findings=6, photos=12, published=published)
    assert draw(six, path, paper)[1] <= 9


def test_two_columns_lose_nothing(tmp_path, photos):
    """Notes longer than a page run through both columns and over pages."""
    made = make(photos, findings=0, photos=0)
    answers = [row for row in made.record["answers"] if row["mark"] == "IN" and not row["values"]]
    for place, row in enumerate(answers[:9]):
        row["note"] = " ".join(f"w{place}.{count}" for count in range(40 + 100 * place))
    path = tmp_path / "record.pdf"
    draw(made, path)
    within_pages(path)
    text = reading.solid(reading.text_of(path))
    for place in range(9):
        missing = [count for count in range(40 + 100 * place) if f"w{place}.{count}" not in text]
        assert not missing, (place, missing)


def test_the_same_record_gives_the_same_bytes_wherever_its_photos_lie(tmp_path):
    made = make(tmp_path / "photos", findings=6, photos=4)
    shutil.copytree(tmp_path / "photos", tmp_path / "elsewhere")
    moved = make(tmp_path / "elsewhere", findings=6, photos=4)
    for kind in (pdf.draw_record, pdf.draw_owner):
        prints = set()
        for turn, source in enumerate((made, made, moved)):
            draw(source, tmp_path / f"{turn}.pdf", "a4", kind)
            prints.add(hashlib.sha256((tmp_path / f"{turn}.pdf").read_bytes()).hexdigest())
        assert len(prints) == 1


def test_a_photo_says_where_it_belongs_and_when_it_came(tmp_path, photos):
    made = make(photos, findings=1, photos=1)
    draw(made, tmp_path / "record.pdf")
    assert "received 3 March 2026, 09:20 PST" in " ".join(reading.text_of(tmp_path / "record.pdf").split())


def test_what_was_drawn_over_a_photo_stands_over_it(tmp_path, photos):
    made = make(photos, findings=1, photos=1)
    draw(made, tmp_path / "drawn.pdf")
    for answer in made.record["answers"]:
        for shot in answer["photos"]:
            del shot["marks"]
    draw(made, tmp_path / "bare.pdf")
    strokes = [
        sum(page.Contents.read_bytes().split().count(b"S") for page in pikepdf.open(tmp_path / name).pages)
        for name in ("drawn.pdf", "bare.pdf")
    ]
    assert strokes[0] == strokes[1] + 6  # two lines and a ring, each on a white edge


def test_sixty_photos_stay_small(tmp_path, photos):
    made = make(photos, findings=25, photos=60)
    draw(made, tmp_path / "sixty.pdf")
    size = sum(path.stat().st_size for path in made.photos.values())
    assert (tmp_path / "sixty.pdf").stat().st_size < size + 300_000


def test_what_viewers_show_comes_from_the_record(tmp_path, photos):
    draw(make(photos, photos=0), tmp_path / "record.pdf")
    info = reading.info(tmp_path / "record.pdf")
    assert info["Title"] == "Inspection record: Crown & Follicle Scalp Studio, 3 Mar 2026"
    assert info["Author"] == "County of San Benito Environmental Health"
    assert info["CreationDate"] == "2026-03-03T18:06:30Z"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_and_names_never_stop_a_report(tmp_path, photos, name):
    text = HOSTILE[name][:4_000]
    made = make(photos, findings=3, photos=2, items=30, notes=(text,), clinic=text[:300], remarks=text)
    made.record["agency"]["name"] = text[:200] or "Agency"
    made.persons["p1"]["name"] = text[:150]
    for kind in (pdf.draw_record, pdf.draw_owner):
        draw(made, tmp_path / "hostile.pdf", "letter", kind)
        reading.check(tmp_path / "hostile.pdf")
        for width, height, words in reading.pages_of(tmp_path / "hostile.pdf"):
            assert all(word.right <= width and word.bottom <= height and word.left >= 0 for word in words)


@pytest.mark.parametrize(
    "text", [NOTE, "Donaudampfschifffahrtsgesellschaft" * 110, "x" * 4_000, "line\n" * 790], ids=str.__len__
)
def test_long_notes_run_over_pages_and_lose_nothing(tmp_path, photos, text):
    made = make(photos, findings=4, photos=2, items=30, notes=(text,), clinic=LONG_NAME)
    made.persons["p2"]["name"] = LONG_NAME
    draw(made, tmp_path / "long.pdf")
    within_pages(tmp_path / "long.pdf")
    whole = reading.solid(text.rstrip().replace("\n", " ¶ ") if text.count("\n") > 80 else text)
    found = reading.solid(reading.text_of(tmp_path / "long.pdf"))
    assert whole[:900] in found
    assert whole[-600:] in found
    assert reading.solid(LONG_NAME) in found


def test_a_logo_stands_before_the_agency(tmp_path):
    made = make(tmp_path / "photos", findings=0, photos=1)
    (sha,) = made.photos
    draw(made, tmp_path / "without.pdf")
    made.record["agency"]["logo"] = sha
    draw(made, tmp_path / "with.pdf")
    reading.check(tmp_path / "with.pdf")
    names = [
        pages[0][2][0] for pages in map(reading.pages_of, (tmp_path / "without.pdf", tmp_path / "with.pdf"))
    ]
    assert [name.text for name in names] == ["County", "County"]
    assert names[1].left > names[0].left + 20


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("key", ["smp-clinic-inspection", "smp-clinic-self-audit"])
@pytest.mark.parametrize("pack", ["us", "us-ca"])
def test_the_shipped_checklists_fit_the_pages(tmp_path, photos, key, pack, paper):
    document = publishing.resolve(library.read(), key, pack)
    published = checklists.read(document, 1, publishing.fingerprint(document))
    pdf.draw_blank(published, paper, tmp_path / "blank.pdf")
    within_pages(tmp_path / "blank.pdf")
    made = make(photos, findings=9, photos=4, kind=published.kind, published=published)
    draw(made, tmp_path / "record.pdf", paper)
    within_pages(tmp_path / "record.pdf")
    text = reading.solid(reading.text_of(tmp_path / "record.pdf"))
    assert all(reading.solid(item.prompt) in text for item in published.items())


def test_a_photo_that_is_missing_or_no_picture_leaves_a_frame(tmp_path):
    made = make(tmp_path / "photos", findings=2, photos=2)
    first, second = made.photos
    made.photos[first].write_bytes(b"no picture")
    del made.photos[second]
    draw(made, tmp_path / "record.pdf")
    reading.check(tmp_path / "record.pdf")
    assert reading.text_of(tmp_path / "record.pdf").count("cannot be shown") == 2


@pytest.mark.parametrize(("paper", "most"), [("a4", 9), ("letter", 10)])
def test_many_photos_and_a_long_note_waste_no_pages(tmp_path, photos, paper, most):
    made = make(photos, findings=6, photos=24, items=97)
    for answer in made.record["answers"]:
        answer["photos"] = []
    outs = [answer for answer in made.record["answers"] if answer["mark"] == "OUT"]
    for place, answer in enumerate(outs):
        shas = list(made.photos)[place * 4 : place * 4 + 4]
        answer["photos"] = [{"sha256": sha, "caption": "Station 2"} for sha in shas]
    made.record["findings"][2]["note"] = outs[2]["note"] = (NOTE * 2)[:4_000]
    _content, pages = draw(made, tmp_path / "long.pdf", paper)
    within_pages(tmp_path / "long.pdf")
    assert pages <= most
    assert "continued" in reading.text_of(tmp_path / "long.pdf").lower()


def test_the_empty_form_has_boxes_for_what_is_missing_and_each_case_of_a_limit(tmp_path):
    document = publishing.resolve(library.read(), "smp-clinic-inspection", "us-ca")
    published = checklists.read(document, 1, publishing.fingerprint(document))
    pdf.draw_blank(published, "a4", tmp_path / "blank.pdf")
    text = reading.text_of(tmp_path / "blank.pdf")
    lacking = [
        item
        for item in published.items()
        if any(part.required and part.kind != "text" for part in item.value_parts)
    ]
    assert text.count("could not be measured") >= len(lacking) > 0
    solid = reading.solid(text)
    for item in published.items():
        for part in item.value_parts:
            if part.limit and part.limit.kind == "cases":
                for line in limit_lines(part, published):
                    assert reading.solid(f"{line.when}: {line.words}") in solid


@pytest.mark.parametrize("paper", ["a4", "letter"])
def test_a_plan_without_findings_is_one_page_with_its_number(tmp_path, photos, paper):
    made = make(photos, findings=0, photos=0)
    content = compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)
    issued = replace(content, issue=Issue("7K3FQ0R8T-7K3FQ0R8T-7K3FQ0R8T", "1" * 64))
    assert pdf.draw_owner(issued, paper, tmp_path / "plan.pdf") == 1


@pytest.mark.parametrize("remarks", range(20, 60, 4))
def test_the_number_of_a_report_never_begins_a_page(tmp_path, photos, remarks):
    """Whatever length pushes the end of a plan over a page, something of the report goes with it."""
    made = make(photos, findings=2, photos=0, notes=("The tray was seen from the door. " * remarks,))
    content = compliance(made.record, made.persons, made.checklist, made.photos, made.sha256)
    issued = replace(content, issue=Issue("7K3FQ0R8T-7K3FQ0R8T-7K3FQ0R8T", "1" * 64))
    pdf.draw_owner(issued, "letter", tmp_path / "plan.pdf")
    *_, (_, _, last) = reading.pages_of(tmp_path / "plan.pdf")
    told = " ".join(word.text for word in last)
    assert "tray was seen" in told[: told.index("Sources")]
