"""One step of ten items, in process: CPU milliseconds per request, the test client included.

GET is measured twice: with cards drawn before (as at the second visit of a day) and with every card drawn anew.
POST changes all ten answers each time. The peer is the same section as a WTForms form with a field per input, drawn
by WTForms' own widgets, in the same run; an empty request shows what Flask itself takes.
"""

import gc
import re
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the types
    BooleanField,
    DateField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    StringField,
    TextAreaField,
)

sys.path.insert(0, str(Path(__file__).parents[2]))

from audit.app import create_app
from audit.config import Settings
from audit.operations import desk, passwords
from audit.web import cards, progress
from tests.operations import worlds

TIMES, WARM, ROUNDS = 60, 20, 5
POSTS_A_VISIT = 10
GOALS = {"GET": 1.5, "GET, all cards drawn anew": None, "POST": 2.0}
ITEMS = "\n".join(
    f"""
    [[item]]
    key = "bench.item-{number}"
    severity = "major"
    look = "Look at the whole of it, behind it and below it, and ask who cleans it and when."
    phrases = ["Residue on the lower edge.", "No record of the last cleaning.", "Cracked along the seam."]
    """
    for number in range(10)
)
MARKS = [SelectChoice(mark, mark) for mark in ("IN", "OUT", "NO", "NA")]


def cpu(act: Callable[[int], object]) -> float:
    """CPU milliseconds per call after warming up: the best of some rounds, since others use this machine too."""
    for number in range(WARM):
        act(number)
    return min(_round(act, WARM + TIMES * turn) for turn in range(ROUNDS))


def _round(act: Callable[[int], object], first: int) -> float:
    began = time.process_time()
    for number in range(first, first + TIMES):
        act(number)
    return (time.process_time() - began) / TIMES * 1000


class Widgets(Form):
    """The peer: what one answer takes as fields of its own."""

    op = HiddenField()
    rev = HiddenField()
    mark = RadioField("Mark", choices=MARKS, validate_choice=False)
    note = TextAreaField("In your words")
    phrases = RadioField(
        "What was seen",
        choices=[SelectChoice(str(one), "Residue on the edge.") for one in range(3)],
        validate_choice=False,
    )
    corrected_on_site = BooleanField("Corrected on site")
    correct_by = DateField("Correct by")
    reason = StringField("Reason")


WidgetPage = type("WidgetPage", (FlaskForm,), {f"item_{number}": FormField(Widgets) for number in range(10)})
WIDGET_PAGE = """<!doctype html><form method="post">{{ form.csrf_token }}{% for item in form if item.type == "FormField" %}
<section><h3>{{ item.label }}</h3>{% for field in item.form %}{{ field.label }}{{ field() }}{% for error in field.errors %}
<p>{{ error }}</p>{% endfor %}{% endfor %}</section>{% endfor %}</form>"""


def widget_app() -> Flask:
    app = Flask("widgets")
    app.config.update(SECRET_KEY="bench")
    app.add_url_rule("/", "page", lambda: render_template_string(WIDGET_PAGE, form=WidgetPage()))
    app.add_url_rule("/empty", "empty", lambda: "")
    return app


def body(token: str, number: int) -> bytes:
    """What a browser sends when all ten answers were changed; made before the clock runs."""
    fields = {"csrf_token": token, "go": "hub"}
    for item in range(1, 11):
        slug = f"a_A{item:02}"
        fields |= {
            f"{slug}-op": str(uuid4()),
            f"{slug}-rev": f"{number % POSTS_A_VISIT}.none.",
            f"{slug}-mark": "OUT" if number % 2 else "IN",
            f"{slug}-note": f"Seen at round {number}.",
            f"{slug}-by": "2030-01-01",
        }
    return urlencode(fields).encode()


def main() -> None:
    passwords.hashing = passwords.CHEAP
    with tempfile.TemporaryDirectory() as folder:
        world = worlds.make(Path(folder) / "data", items=ITEMS)
        with world.desk(worlds.ADMINISTRATOR).entry() as entry:
            entry.people.keep_password(worlds.INSPECTOR_PERSON.id, passwords.CHEAP.hash("bench"))
            entry.note("bench", "")
        app = create_app(Settings(data=world.data), clock=lambda: datetime.now(UTC))
        client = app.test_client()
        token = re.compile(r'name="csrf_token" value="([^"]+)"')
        sign_in = token.search(client.get("/sign-in").text)
        assert sign_in
        client.post("/sign-in", data={"login": "ines", "password": "bench", "csrf_token": sign_in[1]})
        # A visit has about a hundred operations; one with thousands would measure something else.
        visits = [world.start(facts={}) for _ in range((WARM + TIMES * ROUNDS) // POSTS_A_VISIT)]
        address = f"/visits/{visits[0].id}/sections/a"
        page = client.get(address).text
        found = token.search(page)
        assert found and page.count('class="unit') == 10

        def get(_: int) -> None:
            client.get(address)

        def get_cold(_: int) -> None:
            cards._drawn.clear()
            cards._sections.clear()
            client.get(address)

        gc.collect()  # as servers do once the application is there
        gc.freeze()
        bodies = [body(found[1], number) for number in range(WARM + TIMES * ROUNDS)]

        def post(number: int) -> None:
            address = f"/visits/{visits[number // POSTS_A_VISIT].id}/sections/a"
            answer = client.post(
                address, data=bodies[number], content_type="application/x-www-form-urlencoded"
            )
            assert answer.status_code == 303

        peer = widget_app().test_client()
        rows = [
            ("empty request", cpu(lambda _: peer.get("/empty")), None),
            ("GET", cpu(get), GOALS["GET"]),
            ("GET, all cards drawn anew", cpu(get_cold), None),
            ("GET, WTForms widgets", cpu(lambda _: peer.get("/")), None),
            ("POST, ten answers changed", cpu(post), GOALS["POST"]),
        ]
        assert len(progress._kept._kept)
        for words, milliseconds, goal in rows:
            print(f"{words:28} {milliseconds:6.2f} ms CPU{f'   goal {goal}' if goal else ''}")
        print(f"{'bytes of the page':28} {len(page):6}")
        desk.close(world.data)


if __name__ == "__main__":
    main()
