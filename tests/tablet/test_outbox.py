"""Nothing given is ever lost: whatever the network, the server, the session or another person does."""

import threading

import pytest

from audit.operations import languages, people
from tests.journeys.conftest import PASSWORD
from tests.tablet.yards import PATIENCE, PORTAL, Dropped, jpeg

# Everything the header ever said on a page.
HEARD = """window.heard = [];
new MutationObserver(() => {
    const words = document.getElementById("outbox")?.textContent.trim();
    if (words && words !== window.heard.at(-1)) window.heard.push(words);
}).observe(document, { subtree: true, childList: true, characterData: true });"""


def test_work_without_a_network_survives_a_reload_and_arrives_once(yard, shared):
    tablet = shared
    tablet.context.set_offline(True)
    visit = tablet.start(answers=20)
    tablet.answer(visit, 20, mark="NO")
    sha256 = tablet.photo(visit, jpeg(1))
    tablet.page.reload()
    state = tablet.now
    assert (state["waiting"], state["photos"]) == (42, 1)
    tablet.page.locator("#outbox", has_text="43 items wait on this tablet").wait_for()
    tablet.context.set_offline(False)
    tablet.settled()
    assert yard.answers(visit) == {item.key: "NO" for item in yard.items[:20]}
    assert len(yard.operations(visit)) == 42
    assert yard.links(visit) == [sha256]
    assert tablet.now["phase"] == "idle"


def test_the_page_shows_what_waits_over_what_the_server_said(yard, shared):
    tablet = shared
    visit = tablet.start(answers=2)
    tablet.settled()
    tablet.do("await outbox.refresh(given)", visit)
    tablet.context.set_offline(True)
    [item] = tablet.answer(visit, 1, mark="OUT")
    shown = tablet.do("return [...(await store.load(given)).answers.values()]", visit)
    by_item = {row["item"]: row for row in shown}
    assert (by_item[item]["value"], by_item[item]["state"]) == ({"mark": "OUT"}, "here")
    other = by_item[yard.items[1].key]
    assert (other["state"], other["rev"], other["author_name"]) == ("sent", 1, "Ana Reyes") and other[
        "received_at"
    ]


def test_changing_ones_mind_quickly_is_no_conflict(yard, shared):
    """The next operation on an answer goes once the one before has its revision."""
    tablet = shared
    visit = tablet.start()
    for mark in ("IN", "IN", "OUT", "NO", "NO", "IN"):
        tablet.answer(visit, 1, mark=mark)
    tablet.settled()
    assert yard.answers(visit) == {yard.items[0].key: "IN"}
    assert {row.status for row in yard.operations(visit)} == {"applied", "same"}
    assert not yard.desk().ledger.inspections.conflicts(visit)


def test_a_session_that_ended_keeps_everything_and_work_goes_on(yard, pad):
    tablet = pad()
    visit = tablet.start(answers=3)
    tablet.settled()
    tablet.context.clear_cookies()
    tablet.answer(visit, 5, first=3)
    state = tablet.send()
    assert (state["phase"], state["waiting"]) == ("signed-out", 5)
    tablet.page.get_by_text("5 items wait on this tablet: sign in to send").wait_for()
    tablet.answer(visit, 2, first=8)
    assert tablet.now["waiting"] == 7 and len(yard.answers(visit)) == 3
    tablet.open("/visits")
    tablet.sign_in()
    tablet.settled()
    assert len(yard.answers(visit)) == 10


def test_a_changed_password_ends_the_session_but_not_the_work(yard, pad):
    tablet = pad("ben")
    visit = tablet.start(answers=1)
    tablet.settled()
    ben = next(one for one in yard.desk().ledger.people.all() if one.login == "ben")
    people.set_password(yard.desk_of("ada"), ben.id, PASSWORD)
    yard.sessions.pop("ben")
    tablet.answer(visit, 4, first=1)
    assert tablet.send()["phase"] == "signed-out" and tablet.now["waiting"] == 4
    tablet.sign_in("ben")
    tablet.settled()
    assert len(yard.answers(visit)) == 5


def test_an_answer_that_got_lost_is_no_second_operation(yard, shared):
    tablet = shared
    tablet.context.set_offline(True)
    visit = tablet.start(answers=10)
    yard.front.lose = lambda method, path: path.endswith("/ops")
    tablet.context.set_offline(False)
    tablet.send()
    assert tablet.send()["phase"] == "offline"
    assert tablet.now["waiting"] == 11 and len(yard.answers(visit)) == 10
    yard.front.heal()
    tablet.send()
    tablet.settled()
    assert len(yard.operations(visit)) == 11 and len(yard.answers(visit)) == 10


def test_a_strange_network_that_says_200_takes_nothing(yard, shared):
    tablet = shared
    yard.front.fails = lambda method, path, _: PORTAL
    visit = tablet.start(answers=3)
    tablet.photo(visit, jpeg(2))
    state = tablet.send()
    assert (state["phase"], state["waiting"], state["photos"]) == ("offline", 5, 1)
    # The operations come through, the photo meets the portal.
    yard.front.fails = lambda method, path, _: PORTAL if "/photos/" in path else None
    state = tablet.send()
    assert (state["phase"], state["waiting"], state["photos"]) == ("offline", 1, 1)
    yard.front.heal()
    tablet.send()
    tablet.settled()
    assert len(yard.answers(visit)) == 3 and len(yard.links(visit)) == 1


def test_json_of_somebody_else_takes_nothing(yard, shared):
    """Ours by its type, but it names no operation."""
    tablet = shared
    tablet.page.route("**/ops", lambda route: route.fulfill(json={"results": [], "ok": True}))
    tablet.start(answers=3)
    state = tablet.send()
    assert (state["phase"], state["waiting"]) == ("offline", 4)


def test_half_an_upload_is_sent_again_whole(yard, shared):
    tablet = shared

    def cut(method, path, environ):
        if method == "PUT":
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]) // 2)
            raise Dropped

    yard.front.fails = cut
    visit = tablet.start(answers=1)
    sha256 = tablet.photo(visit, jpeg(3))
    state = tablet.send()
    assert (state["phase"], state["photos"]) == ("offline", 1) and not yard.links(visit)
    yard.front.heal()
    tablet.send()
    tablet.settled()
    assert yard.links(visit) == [sha256]


def test_two_photos_of_equal_content_are_one_photo_with_two_links(yard, shared):
    tablet = shared
    visit = tablet.start()
    one, other = yard.items[0].key, yard.items[1].key
    first = tablet.photo(visit, jpeg(4), one)
    assert tablet.photo(visit, jpeg(4), other) == first
    tablet.settled()
    assert tablet.photo(visit, jpeg(4), yard.items[2].key) == first  # and once it is there
    tablet.settled()
    assert yard.links(visit) == [first] * 3
    assert len([seen for seen in yard.front.seen if seen == ("PUT", f"/api/v1/photos/{first}")]) == 1


def test_a_photo_that_went_bad_on_the_tablet_is_told_not_sent(yard, pad):
    tablet = pad()
    tablet.context.set_offline(True)
    visit = tablet.start(answers=1)
    sha256 = tablet.photo(visit, jpeg(5))
    tablet.do(
        """await store.transact(["photos"], "readwrite", async (shelf) => {
            const row = await store.done(shelf("photos").get([store.person().id, given]));
            new Uint8Array(row.bytes)[100] ^= 1;
            shelf("photos").put(row);
        })""",
        sha256,
    )
    tablet.context.set_offline(False)
    state = tablet.send()
    assert state["attention"] == 1 and state["photos"] == 0
    assert not [seen for seen in yard.front.seen if seen[0] == "PUT"]
    [fault] = tablet.do("return await store.attention()")
    assert "damaged on this tablet" in fault["words"] and len(yard.answers(visit)) == 1


def test_one_bad_operation_never_holds_back_the_others(yard, shared):
    tablet = shared
    visit = tablet.start(answers=2)
    tablet.do(
        'await outbox.give(given, { kind: "answer", item: "no.such.item", value: { mark: "IN" } })', visit
    )
    tablet.answer(visit, 2, first=2)
    tablet.settled()
    assert len(yard.answers(visit)) == 4
    [fault] = tablet.do("return await store.attention()")
    assert fault["words"] and fault["op"]["item"] == "no.such.item"
    assert tablet.now["phase"] == "attention"
    # Nothing takes it away but somebody who has it in a file.
    assert tablet.do("return await outbox.setAside(given)", fault["op_id"]) is False
    tablet.do("await outbox.retry(given)", fault["op_id"])
    assert tablet.now["attention"] == 1
    tablet.do("await rescue.rescueFile()")
    assert tablet.do("return await outbox.setAside(given)", fault["op_id"]) is True
    assert tablet.now["phase"] == "idle"


def test_two_tablets_keep_both_values_until_somebody_chooses(yard, pad, shared):
    one, other = shared, pad()
    visit = one.start(answers=1)
    one.settled()
    other.do("await outbox.refresh(given)", visit)
    one.answer(visit, 1, mark="OUT")
    one.settled()
    [item] = other.answer(visit, 1, mark="NO")
    other.send()
    other.settled()
    assert yard.answers(visit) == {item: "OUT"}
    view = other.do(
        "const { visit, answers } = await store.load(given); return { visit, answers: [...answers.values()] }",
        visit,
    )
    assert [(row["value"]["mark"], row["state"]) for row in view["answers"]] == [("OUT", "attention")]
    [clash] = view["visit"]["conflicts"]
    assert clash["value"] == {"mark": "NO"} and clash["author_name"] == "Ana Reyes"
    other.do(
        'await outbox.give(given.visit, {kind: "resolve", item: given.item, value: {keep: given.keep, reason: "seen"}})',
        {"visit": visit, "item": item, "keep": clash["op_id"]},
    )
    other.settled()
    assert yard.answers(visit) == {item: "NO"}
    one.do("await outbox.refresh(given)", visit)
    shown = one.do("return [...(await store.load(given)).answers.values()]", visit)
    assert [(row["value"]["mark"], row["state"]) for row in shown] == [("NO", "sent")]


def test_a_conflict_whose_answer_got_lost_is_still_one(yard, pad, shared):
    one, other = shared, pad()
    visit = one.start(answers=1)
    one.settled()
    other.do("await outbox.refresh(given)", visit)
    one.answer(visit, 1, mark="OUT")
    one.settled()
    yard.front.lose = lambda method, path: path.endswith("/ops")
    other.answer(visit, 1, mark="NO")
    other.send()
    yard.front.heal()
    other.do("await outbox.refresh(given)", visit)
    other.send()
    other.settled()
    view = other.do(
        "const { visit, answers } = await store.load(given); return { visit, answers: [...answers.values()] }",
        visit,
    )
    assert [row["value"]["mark"] for row in view["answers"]] == ["OUT"] and len(
        view["visit"]["conflicts"]
    ) == 1


def test_two_tabs_send_one_after_the_other_and_each_operation_once(yard, shared):
    tablet = shared
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    visit = tablet.start(answers=30)
    tablet.answer(visit, 30, mark="NO")
    second = tablet.open(page=tablet.context.new_page())
    yard.front.heal()
    yard.front.most_at_once = 0
    tablet.do("void outbox.sendNow()", page=second)
    tablet.do("await outbox.sendNow()")
    tablet.settled()
    assert len(yard.operations(visit)) == 61 and yard.front.most_at_once == 1
    assert set(yard.answers(visit).values()) == {"NO"}
    # One tab hears what the other gives.
    tablet.do(
        'window.heard = []; outbox.status.addEventListener("changed", ({ detail }) => window.heard.push(detail))',
        page=second,
    )
    tablet.answer(visit, 1, mark="OUT")
    second.wait_for_function("() => window.heard.some(({ why }) => why === 'sent')")


def test_unsent_work_of_somebody_else_stays_closed_and_is_never_sent_as_ours(yard, pad):
    tablet = pad("ana")
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    visit = tablet.start(answers=3)
    tablet.photo(visit, jpeg(6))
    tablet.context.clear_cookies()
    yard.front.heal()
    stale = tablet.open("/tablet/outbox", page=tablet.context.new_page())  # ana's, still open
    yard.sessions.pop("ben", None)
    tablet.open("/sign-in")
    tablet.sign_in("ben")
    state = tablet.send()
    assert (state["waiting"], state["photos"], state["attention"], state["others"]) == (0, 0, 0, 5)
    assert tablet.do("return await store.load(given)", visit) is None
    assert tablet.do("return (await store.waitingOps()).length") == 0
    assert tablet.do("await outbox.sendNow(); return outbox.status.now.phase", page=stale) == "signed-out"
    assert yard.desk().ledger.inspections.find(visit) is None
    tablet.page.locator("#outbox", has_text="5 of somebody else").wait_for()
    tablet.context.clear_cookies()
    tablet.enter("ana")
    tablet.settled()
    ana = yard.desk().ledger.inspections.get(visit).inspector_name
    assert ana == "Ana Reyes" and len(yard.answers(visit)) == 3 and len(yard.links(visit)) == 1


def test_a_busy_server_is_left_alone_as_long_as_it_asks(yard, shared):
    tablet = shared
    tries = []

    def busy(route):
        tries.append(route.request.url)
        route.fulfill(
            status=503, headers={"Retry-After": "600"}, json={"error": {"code": "x", "words": "Wait."}}
        )

    tablet.page.route("**/ops", busy)
    tablet.start(answers=1)
    tablet.until("outbox.status.now.phase === 'offline'")
    tablet.page.wait_for_timeout(1500)  # longer than the first back-off
    assert len(tries) <= 2  # the one of the tap, and perhaps one that came before the first answer
    assert tablet.now["phase"] == "offline" and "The server does not answer" in tablet.now["words"]
    tablet.page.unroute("**/ops")
    tablet.settled()


def test_an_app_that_is_too_old_stops_and_keeps(yard, pad):
    tablet = pad()
    tablet.until("await store.kit('brought')")  # which says that the build is of today
    tablet.do("await store.setNote(`fresh:${document.getElementById('outbox').dataset.build}`, '2020-01-01')")
    tablet.start(answers=2)
    state = tablet.send()
    assert (state["phase"], state["waiting"]) == ("too-old", 3)
    assert tablet.do("return (await rescue.rescueFile()).items") == 3


def test_nobody_signs_out_over_unsent_work(yard, pad):
    tablet = pad()
    yard.front.fails = lambda method, path, _: PORTAL if path.startswith("/api/") else None
    tablet.start(answers=2)
    page = tablet.page
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/tablet/outbox?leaving")
    page.get_by_text("3 items are not on the server yet").wait_for()
    assert not page.locator("#leave").is_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a rescue file").click()
    assert download.value.suggested_filename.startswith("clinic-audit-rescue-")
    page.locator("#leave").wait_for()
    yard.front.heal()
    page.get_by_role("button", name="Send now").click()
    page.get_by_text("Everything is on the server. You can sign out.").wait_for()


@pytest.mark.parametrize("times", [8])
def test_the_same_batch_from_many_tablets_at_once_counts_once(yard, shared, times):
    """What one tablet sends again and again, in parallel, is one operation each."""
    tablet = shared
    visit = tablet.start(answers=1)
    tablet.settled()
    yard.front.fails = lambda method, path, _: PORTAL
    tablet.answer(visit, 10, first=1)
    yard.front.heal()
    done = tablet.do(
        """const ops = (await store.waitingOps()).map(outbox.sent);
        const body = JSON.stringify({ device_id: await store.device(), app_version: "x", sent_at: new Date().toISOString(), ops });
        const headers = { "Content-Type": "application/json", "X-Clinic-Audit": "1" };
        const all = Array.from({ length: given.times }, () =>
            fetch(`/api/v1/inspections/${given.visit}/ops`, { method: "POST", headers, body }).then((answer) => answer.status));
        return await Promise.all(all);""",
        {"visit": visit, "times": times},
    )
    assert set(done) <= {200, 503}
    tablet.settled()
    assert len(yard.operations(visit)) == 12 and len(yard.answers(visit)) == 11


def test_a_page_in_another_language_says_nothing_before_its_words_are_here(yard, pad):
    """The first page in Spanish on a tablet that spoke English; the words are long in coming."""
    tablet, come = pad(), threading.Event()
    page = tablet.page
    languages.choose(yard.desk_of("ana"), "es")

    def late(_method, path, _environ):
        if path == "/api/v1/bootstrap":
            come.wait(PATIENCE)

    yard.front.fails = late
    page.add_init_script(HEARD)
    try:
        page.clock.install()
        page.goto(f"{yard.url}/visits")
        page.wait_for_function("() => document.documentElement.lang === 'es'")
        page.clock.run_for(10_000)
        early = page.evaluate("() => window.heard")
        come.set()
        page.locator("#outbox a").wait_for(state="attached")
        heard = page.evaluate("() => window.heard")
    finally:
        come.set()
        languages.choose(yard.desk_of("ana"), "en")
    assert early == [] and heard
    assert all("Todo guardado" in words and "Saved" not in words for words in heard), heard
