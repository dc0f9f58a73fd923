"""Pieces of pages that many pages share, drawn once for all that show the same.

``{% kept a, b %}…{% endkept %}`` in a template: what stands inside depends on the language, on ``a`` and ``b``, and on
nothing else. Drawing the head of a page, its symbols and its help again for each page cost a third of the page.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from jinja2 import Template, nodes
from jinja2.environment import TemplateModule
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

from audit.web.keeping import Keeper

ROOM = 512


class Kept(Extension):
    """The tag. Pieces are told apart by template, line and key; they belong to one application."""

    tags = {"kept"}  # noqa: RUF012 - Jinja's own attribute

    def __init__(self, environment: Any) -> None:
        super().__init__(environment)
        self._drawn: Keeper[str] = Keeper(ROOM)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        place = nodes.Const(f"{parser.name}:{line}")
        bare = parser.stream.current.test("block_end")
        key = nodes.Tuple([], "load") if bare else parser.parse_tuple()
        body = parser.parse_statements(("name:endkept",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_piece", [place, key]), [], [], body).set_lineno(line)

    def _piece(self, place: str, key: Any, caller: Callable[[], str]) -> str:
        return self._drawn.get((place, key), caller)


class OwnTemplate(Template):
    """A template whose macros are made once. Jinja looks for new globals at each import; ours never change."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module(None)


def install(app: Flask) -> None:
    app.jinja_env.add_extension(Kept)
    app.jinja_env.template_class = OwnTemplate
