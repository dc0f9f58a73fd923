"""The last way out: what waits goes into a file, and out of it again, once."""

import json

from tests.tablet.yards import PORTAL, jpeg

READ = "return await (await rescue.rescueFile()).blob.text()"
BACK = """
    const file = new File([given], "rescue.json", { type: "application/json" });
    return await rescue.bringBack(file).catch((fault) => fault.message);
"""
WIPE = """
    outbox.stop();
    (await store.open()).close();
    await new Promise((go, stop) => {
        const request = indexedDB.deleteDatabase("clinic-audit");
        request.onsuccess = go;
        request.onerror = request.onblocked = stop;
    });
"""


def closed(method, path, _):
    return PORTAL if path.startswith("/api/") else None


def test_a_wiped_tablet_gets_its_work_back_and_it_arrives_once(yard, pad):
    tablet = pad()
    visit = tablet.start(answers=4)
    tablet.settled()
    yard.front.fails = closed
    tablet.answer(visit, 6, first=4)
    sha256 = tablet.photo(visit, jpeg(20))
    file = tablet.do(READ)
    tablet.do(WIPE)
    tablet.open("/visits")
    assert tablet.now["waiting"] == 0
    assert tablet.do(BACK, file) == {"operations": 7, "photos": 1}
    assert (tablet.now["waiting"], tablet.now["photos"]) == (7, 1)
    assert tablet.do(BACK, file)["operations"] == 0  # brought back twice
    yard.front.heal()
    tablet.send()
    tablet.settled()
    assert len(yard.answers(visit)) == 10 and yard.links(visit) == [sha256]
    assert len(yard.operations(visit)) == 12


def test_half_a_character_keeps_no_file_from_being_written(yard, pad):
    tablet = pad()
    yard.front.fails = closed
    visit = tablet.start()
    tablet.do(
        """
        const value = { mark: "OUT", note: "half \\ud83d" };
        await outbox.give(given, { kind: "answer", item: "premises.surfaces", person: null, value });
        """,
        visit,
    )
    (_, answer) = json.loads(tablet.do(READ))["operations"]
    assert answer["value"]["note"] == "half \ufffd"


def test_what_the_server_has_already_is_not_doubled(yard, shared):
    tablet = shared
    yard.front.fails = closed
    visit = tablet.start(answers=3)
    file = tablet.do(READ)
    yard.front.heal()
    tablet.send()
    tablet.settled()
    tablet.do(BACK, file)
    tablet.settled()
    assert len(yard.operations(visit)) == 4 and tablet.now["attention"] == 0


def test_a_file_says_who_and_what_and_when_and_removes_nothing(yard, shared):
    tablet = shared
    yard.front.fails = closed
    visit = tablet.start(answers=1)
    content = json.loads(tablet.do(READ))
    assert content["format"] == "clinic-audit rescue" and content["author_name"] == "Ana Reyes"
    assert [op["kind"] for op in content["operations"]] == ["start", "answer"]
    assert {op["inspection"] for op in content["operations"]} == {visit}
    assert tablet.now["waiting"] == 2


def test_a_changed_or_a_strangers_file_brings_nothing_back(yard, shared, pad):
    tablet = shared
    yard.front.fails = closed
    tablet.start(answers=1)
    file = tablet.do(READ)
    changed = json.loads(file)
    changed["operations"][1]["value"]["mark"] = "OUT"
    assert "damaged" in tablet.do(BACK, json.dumps(changed))
    assert "not a rescue file" in tablet.do(BACK, '{"a": 1}')
    assert "not a rescue file" in tablet.do(BACK, "no json")
    yard.front.heal()
    other = pad("ben")
    assert "holds the work of Ana Reyes" in other.do(BACK, file)
    assert other.now["waiting"] == 0


def test_the_page_saves_and_brings_back(yard, pad, tmp_path):
    tablet = pad()
    yard.front.fails = closed
    tablet.start(answers=2)
    page = tablet.open("/tablet/outbox")
    page.locator("#waiting li").nth(2).wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a rescue file").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    tablet.do(WIPE)
    page = tablet.open("/tablet/outbox")
    page.get_by_label("Bring a rescue file back").set_input_files(path)
    page.get_by_text("3 items were brought back.").wait_for()
    page.locator("#waiting li").nth(2).wait_for()  # drawn anew when the count is known
    assert page.locator("#waiting li").count() == 3
    assert "MB free" in page.locator("#room").inner_text() and page.locator("#promise").inner_text()
