"""What a tablet takes along: a worker with a whole list, an icon, and pages that name nobody."""

import json
import re
import struct
from pathlib import Path

import pytest

from audit.web.assets import FOLDER, Assets
from audit.web.gate import SHELL
from audit.web.tablet import WORKER_OFF, files
from tests.operations import worlds

MOST_CODE = 150 * 1024  # bytes over the wire


def worker(browser) -> str:
    page = browser.open("/sw.js")
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/javascript")
    text: str = page.response.text
    return text


def listed(browser) -> list[str]:
    """The files the worker will keep."""
    found: list[str] = json.loads(worker(browser).split("FILES = ")[1].split(";\n")[0])
    return found


def test_the_worker_is_asked_for_anew_each_time_and_knows_its_build(house):
    text = worker(house.browser())
    assert house.browser().open("/sw.js").headers["Cache-Control"] == "no-cache"
    assert f'BUILD = "{house.app.extensions["assets"].build}"' in text
    assert "{build}" not in text and "{files}" not in text


def test_everything_the_worker_keeps_is_there_and_names_nobody(house, inspector):
    for address in listed(house.browser()):
        page = inspector.open(address) if address.startswith("/static/") else house.browser().open(address)
        assert page.status == 200, address
        assert worlds.INSPECTOR_PERSON.name not in page.text
        if not address.startswith("/static/"):
            assert house.app.extensions["assets"].build in page.text
            assert 'id="outbox"' in page.text and "data-id" not in page.text


def test_the_pages_of_nobody_load_only_what_is_kept(house):
    kept = set(listed(house.browser()))
    for address in ("/tablet", "/tablet/outbox"):
        text = house.browser().open(address).text
        loaded = set(re.findall(r'(?:src|href)="(/static/[^"#]+\.(?:js|css|svg))"', text))
        assert loaded and loaded <= kept, loaded - kept


def test_modules_import_only_modules_that_are_kept(house):
    assets = house.app.extensions["assets"]
    names = {name for name in assets.address if name.startswith("tablet/")}
    for name in names:
        text = (FOLDER / name).read_text("utf-8")
        for wanted in re.findall(r'^\s*(?:import|export)\b[^;]*?from "(\.[^"]+)"', text, re.MULTILINE):
            place = (FOLDER / name).parent / wanted
            assert place.resolve().relative_to(FOLDER.resolve()).as_posix() in names, (name, wanted)


def test_a_tablet_carries_little(house):
    assets = house.app.extensions["assets"]
    names = [address.removeprefix("/static/") for address in files(assets) if address.endswith(".js")]
    assert sum(len(assets.files[name].packed or b"") for name in names) <= MOST_CODE


def test_a_signed_in_page_says_who_works_here(inspector):
    text = inspector.open("/visits").text
    assert f'data-id="{worlds.INSPECTOR_PERSON.id}"' in text and "tablet/first.js" in text


def test_the_sign_in_page_starts_nothing(house):
    assert "tablet/first.js" not in house.browser().open("/sign-in").text


def test_the_operator_calls_the_worker_back(house, inspector):
    (Path(house.world.data) / WORKER_OFF).touch()
    text = worker(inspector)
    assert "unregister" in text and "respondWith" not in text
    assert 'data-worker="off"' in inspector.open("/visits").text


def test_every_change_is_another_build(tmp_path):
    (tmp_path / "tablet").mkdir()
    module, page = tmp_path / "tablet" / "a.js", tmp_path / "page.html"
    module.write_text("export const a = 1;")
    page.write_text("<p>one</p>")
    first = Assets(tmp_path / "tablet", pages=[page]).build
    page.write_text("<p>two</p>")
    second = Assets(tmp_path / "tablet", pages=[page]).build
    module.write_text("export const a = 2;")
    third = Assets(tmp_path / "tablet", pages=[page]).build
    assert len({first, second, third}) == 3


def test_modules_share_the_address_of_their_build(house):
    assets = house.app.extensions["assets"]
    assert assets.address["tablet/engine/index.js"] == f"/static/{assets.build}/tablet/engine/index.js"
    page = house.browser().open(assets.address["tablet/store.js"])
    assert page.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert house.browser().open("/static/000000000000/tablet/store.js").status == 404


def test_the_manifest_names_icons_of_the_size_it_says(house):
    page = house.browser().open("/manifest.webmanifest")
    assert page.headers["Content-Type"].startswith("application/manifest+json")
    manifest = json.loads(page.response.text)
    assert (
        manifest["start_url"] == "/visits"
        and manifest["scope"] == "/"
        and manifest["display"] == "standalone"
    )
    sizes = set()
    for icon in manifest["icons"]:
        body = house.browser().open(icon["src"]).response.data
        if icon["type"] == "image/png":
            assert body.startswith(b"\x89PNG")
            sizes.add((struct.unpack(">II", body[16:24]), icon.get("purpose", "any")))
            assert "x".join(map(str, struct.unpack(">II", body[16:24]))) == icon["sizes"]
    assert sizes == {((192, 192), "any"), ((512, 512), "any"), ((512, 512), "maskable")}


@pytest.mark.parametrize("name", sorted(SHELL))
def test_the_pages_of_nobody_are_open_to_everybody(house, name):
    assert name in house.app.view_functions
