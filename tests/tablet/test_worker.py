"""The worker starts the app without a network, comes whole or not at all, and goes when it is called back."""

import re
from pathlib import Path

from audit.web.tablet import WORKER_OFF
from tests.tablet.yards import Dropped, jpeg


def cut(*_: object) -> bytes:
    raise Dropped


def kept(tablet) -> list[str]:
    found: list[str] = tablet.page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys()) found.push(...(await (await caches.open(name)).keys()).map((one) => one.url));
            return found;
        }"""
    )
    return found


def test_the_app_starts_without_a_network(shared):
    tablet = shared
    visit = tablet.start(answers=2)
    tablet.settled()
    tablet.context.set_offline(True)
    tablet.open(f"/visits/{visit}")
    tablet.page.locator("#outbox", has_text="No network").or_(
        tablet.page.locator("#outbox[data-phase]")
    ).first.wait_for()
    assert tablet.do("return store.person().name") == "Ana Reyes"
    assert len(tablet.do("return [...(await store.load(given)).answers.values()]", visit)) == 2
    tablet.open("/tablet/outbox")
    tablet.page.get_by_role("heading", name="What waits on this tablet").wait_for()
    tablet.answer(visit, 1, first=2)
    tablet.page.locator("#waiting li").wait_for()


def test_a_server_behind_a_broken_gateway_is_no_server(yard, shared):
    """A page that a gateway answers in its place is not shown instead of the visit."""
    tablet = shared

    def fails(method, path, environ):
        if path == "/visits":
            environ["gateway"] = True

    app = yard.front.app

    def gateway(environ, start):
        if environ.get("gateway"):
            start("502 Bad Gateway", [("Content-Type", "text/html")])
            return [b"<h1>Bad gateway</h1>"]
        return app(environ, start)

    yard.front.fails, yard.front.app = fails, gateway
    try:
        tablet.open("/visits")
        assert "Bad gateway" not in tablet.page.content()
        assert tablet.page.locator("#outbox").count() == 1
    finally:
        yard.front.app = app


def test_the_worker_keeps_pages_of_nobody_and_never_what_is_sent(shared):
    tablet = shared
    visit = tablet.start(answers=2)
    tablet.photo(visit, jpeg(9))
    tablet.settled()
    tablet.open("/visits")
    addresses = [url.removeprefix(tablet.url) for url in kept(tablet)]
    assert addresses and all(re.match(r"/static/|/tablet", one) for one in addresses)
    inside = tablet.page.evaluate(
        """async () => {
            const cache = await caches.open((await caches.keys())[0]);
            return await (await cache.match("/tablet")).text();
        }"""
    )
    assert "Ana Reyes" not in inside and "data-id" not in inside


def test_a_new_version_with_one_broken_file_changes_nothing(yard, shared):
    tablet = shared
    before = kept(tablet)
    with yard.build("000000000001") as build:
        del yard.assets.files[f"{build}/tablet/wire.js"]
        states = tablet.page.evaluate(
            """async () => {
                const found = await navigator.serviceWorker.getRegistration();
                await found.update().catch(() => {});
                const coming = found.installing;
                if (coming) await new Promise((go) => { coming.onstatechange = go; });
                return [coming?.state, Boolean(found.waiting), Boolean(found.active)];
            }"""
        )
    assert states == ["redundant", False, True]
    assert kept(tablet) == before
    tablet.context.set_offline(True)
    tablet.open("/tablet/outbox")
    tablet.page.locator("#outbox[data-phase]").wait_for()


def test_a_new_version_waits_until_somebody_starts_it_and_nothing_is_typed(yard, pad):
    tablet = pad(worker=True)
    tablet.context.set_offline(True)
    tablet.start(answers=2)
    with yard.build("000000000002"):
        yard.front.fails = lambda method, path, _: b"" if path.startswith("/api/") else None
        tablet.context.set_offline(False)
        tablet.open(f"/clinics/{yard.clinic.id}/edit")
        bar = tablet.page.locator("#new-version")
        bar.get_by_text("There is a new version. 3 items are unsent and stay.").wait_for()
        tablet.page.get_by_label("Name").first.fill("Scalp Studio South")
        bar.get_by_role("button", name="Start it").click()
        bar.get_by_text("Something on this page is not saved yet").wait_for()
        tablet.open("/visits")
        with tablet.page.expect_navigation():
            tablet.page.locator("#new-version").get_by_role("button", name="Start it").click()
        tablet.page.locator("#outbox[data-phase]").wait_for()
        assert tablet.now["waiting"] == 3
        assert tablet.page.locator("#new-version").count() == 0
        names = tablet.page.evaluate("() => caches.keys()")
        assert (
            names[-1] == "shell-000000000002" and len(names) == 2
        )  # another tab may still need the one before
    yard.front.fails = cut  # a browser that is told to be offline may forget to tell a worker that is new
    tablet.open("/tablet/outbox")
    assert tablet.page.locator("#outbox").get_attribute("data-build") == "000000000002"


def test_two_tabs_of_different_builds_share_one_outbox(yard, pad):
    """The old tab goes on with the files it came with: the server has them no more, the worker keeps them."""
    tablet = pad(worker=True)
    visit = tablet.start(answers=1)
    tablet.settled()
    with yard.build("000000000003") as build:
        # Not a page of visits: the worker shows its own in place of a slow one.
        second = tablet.open("/clinics", page=tablet.context.new_page())
        assert second.locator("#outbox").get_attribute("data-build") == build
        yard.front.fails = lambda method, path, _: b"" if path.startswith("/api/") else None
        tablet.answer(visit, 5, first=1)
        tablet.answer(visit, 5, first=6, page=second)
        assert tablet.do("return Boolean((await import(`/static/${build}/tablet/layer.js`)).Layer)")
        yard.front.heal()
        yard.front.most_at_once = 0
        tablet.do("void outbox.sendNow()", page=second)
        tablet.send()
        tablet.settled()
        assert tablet.do("await outbox.update(); return outbox.status.now.waiting", page=second) == 0
    assert len(yard.operations(visit)) == 12 and len(yard.answers(visit)) == 11
    assert yard.front.most_at_once == 1


def test_the_way_out_takes_worker_and_files_away_but_not_the_work(yard, pad):
    tablet = pad(worker=True)
    yard.front.fails = lambda method, path, _: b"" if path.startswith("/api/") else None
    tablet.start(answers=2)
    off = Path(yard.data) / WORKER_OFF
    off.touch()
    try:
        tablet.open("/visits")
        tablet.page.wait_for_function(
            """async () => !(await navigator.serviceWorker.getRegistration()) && !(await caches.keys()).length"""
        )
        assert tablet.now["waiting"] == 3
    finally:
        off.unlink()
