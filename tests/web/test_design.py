"""The style page: only in the demo, every component on it, colours that can be read."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2.runtime import Macro

from audit.app import create_app
from audit.config import Settings
from audit.domain import publishing
from audit.operations import checklists, passwords
from audit.web import cards, design, faces
from audit.web.assets import FOLDER
from forms import library
from tests.operations import worlds
from tests.web.conftest import PASSWORD, Browser

COMPONENTS = Path(__file__).parents[2] / "templates" / "components"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory):
    """Somebody signed in to a demo with the shipped checklists."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "hashing", passwords.CHEAP)
        world = worlds.make(tmp_path_factory.mktemp("demo") / "data")
        found = library.read()
        resolved = publishing.resolve(found, "smp-clinic-inspection", "us-ca")
        checklists.publish_shipped(world.desk(worlds.ADMINISTRATOR), [resolved])
        with world.desk(worlds.ADMINISTRATOR).entry() as entry:
            entry.people.keep_password(worlds.INSPECTOR_PERSON.id, passwords.CHEAP.hash(PASSWORD))
            entry.note("passwords.set", "")
        app = create_app(Settings(data=world.data, demo=True), clock=lambda: world.now)
        yield SimpleNamespace(app=app, browser=Browser(app, worlds.INSPECTOR_PERSON))


def test_only_the_demo_shows_it(house, inspector, demo):
    assert inspector.open("/design").status == 404
    assert demo.browser.open("/design").status == 200
    assert Browser(demo.app, None).open("/design").status == 303


def test_every_component_is_on_it(demo, monkeypatch):
    used: set[tuple[str, str]] = set()
    call = Macro.__call__

    def noted(macro, *args, **how):
        used.add((Path(macro._func.__code__.co_filename).name, macro.name))
        return call(macro, *args, **how)

    monkeypatch.setattr(Macro, "__call__", noted)
    for kept in (cards._drawn, faces._kept):
        kept.clear()  # what was drawn before is not drawn again
    assert demo.browser.open("/design").status == 200
    defined = {
        (path.name, name)
        for path in COMPONENTS.glob("*.html")
        for name in re.findall(r"\{%-? macro (\w+)\(", path.read_text("utf-8"))
    }
    assert defined - used == set()


def test_every_state_of_an_item_is_on_it(demo):
    with demo.app.test_request_context():
        page = demo.browser.open("/design")
    for title, _, _ in design.CARDS:
        assert f">{title}<" in page.text, title
    for words in (
        "days left",
        "limit: at most",
        "Two answers for one item",
        "Preset to NO",
        "Say what you saw",
    ):
        assert words in page.words, words


def test_colours_can_be_read_in_both_schemes():
    assert not [pair for pair in design.pairs() if min(pair.light, pair.dark) < pair.least]


@pytest.mark.parametrize(
    ("one", "other", "ratio"), [("#000000", "#ffffff", 21.0), ("#777777", "#fff", 4.4), ("#fff", "#fff", 1.0)]
)
def test_contrast(one, other, ratio):
    assert design.contrast(one, other) == design.contrast(other, one) == ratio


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panels_show_the_colours_of_the_style_sheet(scheme):
    css = (FOLDER / "design.css").read_text("utf-8")
    (block,) = re.findall(rf"^\.as-{scheme} \{{(.*?)\}}", css, re.MULTILINE)
    shown = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6})", block))
    assert {**design.tokens()["light"], **shown} == design.tokens()[scheme] and len(shown) > 15
