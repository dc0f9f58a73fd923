"""Pages: whole, escaped, without script or style of their own, and with nothing fetched from elsewhere."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment

from audit.web.fragments import Kept

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(
    path for path in (ROOT / "audit" / "web" / "static").rglob("*") if path.suffix in {".css", ".js", ".svg"}
)

# The content security policy forbids each of these, or escaping would be switched off.
UNWANTED = {
    "switches escaping off": re.compile(r"\|\s*safe\b|\bautoescape\b|\bMarkup\("),
    "carries a style of its own": re.compile(r"\bstyle\s*=|<style\b", re.IGNORECASE),
    "carries a script of its own": re.compile(
        r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE
    ),
}
ELSEWHERE = re.compile(
    r"""(?:src|href|action|url|import)\s*[=(]?\s*["'(]?\s*(?:https?:)?//(?!www\.w3\.org/)""", re.IGNORECASE
)


def names(paths):
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.parametrize("path", PAGES, ids=names(PAGES))
def test_a_page_can_be_read_and_is_safe(path):
    text = path.read_text("utf-8")
    Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols", Kept]).parse(text)
    assert not [words for words, pattern in UNWANTED.items() if pattern.search(text)]
    assert not ELSEWHERE.search(text)


@pytest.mark.parametrize("path", STATIC, ids=names(STATIC))
def test_nothing_is_fetched_from_elsewhere(path):
    assert not ELSEWHERE.search(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "{{ note | safe }}",
        '<p style="x">',
        "<style>p{}</style>",
        "<script>go()</script>",
        '<a onclick="go()">',
    ],
)
def test_the_search_finds_what_is_unwanted(text):
    assert any(pattern.search(text) for pattern in UNWANTED.values())


@pytest.mark.parametrize(
    "text", ['<img src="//a.example/b">', "url(https://a.example/b)", 'import "https://a.example/b.js"']
)
def test_the_search_finds_what_comes_from_elsewhere(text):
    assert ELSEWHERE.search(text)
    assert not ELSEWHERE.search('<svg xmlns="http://www.w3.org/2000/svg"> <script src="/static/a.js">')
