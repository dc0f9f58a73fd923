"""What no line of the product may do: each rule finds its own bad example here, and nothing in the code.

These stand where a pattern scanner's rules would: the scanner's pins do not go with ours, and a syntax tree sees more.
"""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(path for room in ("audit", "forms", "reports") for path in (ROOT / room).rglob("*.py"))
Rule = Callable[[ast.AST, str], bool]

# Who may reach out of the process, and why.
PROCESSES = {
    "audit/store/images.py": "decodes photos in a child",
    "audit/store/splitting.py": "parts a batch of photos in a child",
}
NETWORK = {
    "audit/cli/servers.py": "looks whether the port is free",
    "audit/operations/carriers.py": "sends mail where the settings say so",
    "audit/operations/stamping.py": "asks the time-stamp authority that the settings name",
    "audit/store/imaging.py": "a pair of sockets to its parent",
    "audit/store/splitting.py": "a pair of sockets to its child",
}
MARKUP = {"audit/web/cards.py", "audit/web/design.py", "audit/web/faces.py"}
DANGEROUS = {"eval", "exec", "compile", "__import__"}
LOADERS = {
    "pickle",
    "marshal",
    "shelve",
    "dill",
    "yaml",
    "xml.etree",
    "xml.dom",
    "lxml",
    "tarfile",
    "telnetlib",
    "ftplib",
}


def called(node: ast.AST) -> str:
    """The last name of what is called: ``execute`` for ``db.conn.execute(…)``."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def mentions(node: ast.AST, *names: str) -> bool:
    return any(getattr(one, "id", getattr(one, "attr", None)) in names for one in ast.walk(node))


def imports(node: ast.AST, *modules: str) -> bool:
    found = []
    if isinstance(node, ast.Import):
        found = [name.name for name in node.names]
    elif isinstance(node, ast.ImportFrom):
        found = [f"{node.module}.{name.name}" for name in node.names]
    return any(one == module or one.startswith(f"{module}.") for one in found for module in modules)


def keyword(node: ast.AST, name: str) -> ast.expr | None:
    assert isinstance(node, ast.Call)
    return next((one.value for one in node.keywords if one.arg == name), None)


def sql_of_a_stranger(node: ast.AST, _path: str) -> bool:
    """A statement holds what a person or a request gave: anything of ``request``, or a value instead of a mark."""
    if called(node) not in ("execute", "executemany", "executescript"):
        return False
    assert isinstance(node, ast.Call)
    statement = node.args[0] if node.args else None
    if isinstance(statement, ast.BinOp) and not _constant(statement):
        return True
    parts = (
        [one.value for one in ast.walk(statement) if isinstance(one, ast.FormattedValue)] if statement else []
    )
    return any(mentions(one, "request", "typed", "text", "words", "value", "input") for one in parts)


def _constant(node: ast.AST) -> bool:
    """Words of ours put together: literals and names of constants."""
    if isinstance(node, ast.BinOp):
        return _constant(node.left) and _constant(node.right)
    return isinstance(node, ast.Constant | ast.JoinedStr) or (
        isinstance(node, ast.Name) and node.id.isupper()
    )


def sql_outside_the_store(node: ast.AST, path: str) -> bool:
    return called(node) in ("execute", "executemany", "executescript") and not path.startswith("audit/store/")


def deferred_transaction(node: ast.AST, _path: str) -> bool:
    """sqlite-utils begins deferred, and adds a column for every unknown key."""
    return called(node) == "atomic" or (isinstance(node, ast.Call) and keyword(node, "alter") is not None)


def runs_text(node: ast.AST, _path: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS


def loads_code(node: ast.AST, _path: str) -> bool:
    return imports(node, *LOADERS)


def another_process(node: ast.AST, path: str) -> bool:
    shell = isinstance(node, ast.Call) and (
        keyword(node, "shell") is not None or called(node) in ("system", "popen")
    )
    return shell or (imports(node, "subprocess") and path not in PROCESSES)


def reaches_out(node: ast.AST, path: str) -> bool:
    modules = ("socket", "urllib.request", "http.client", "smtplib", "requests", "aiohttp", "httpx")
    return imports(node, *modules) and path not in NETWORK


def unpacks_by_name(node: ast.AST, _path: str) -> bool:
    return called(node) in ("extractall", "extract", "unpack_archive")


def any_picture(node: ast.AST, _path: str) -> bool:
    """Without ``formats`` Pillow starts Ghostscript for an EPS that is named .jpg."""
    if called(node) != "open" or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return getattr(node.func.value, "id", "") == "Image" and keyword(node, "formats") is None


def unescaped(node: ast.AST, path: str) -> bool:
    return called(node) in ("Markup", "render_template_string") and path not in MARKUP


def paragraph_markup(node: ast.AST, _path: str) -> bool:
    """ReportLab's paragraphs parse markup out of what people typed."""
    return imports(node, "reportlab.platypus")


def leads_elsewhere(node: ast.AST, _path: str) -> bool:
    if called(node) != "redirect":
        return False
    assert isinstance(node, ast.Call)
    return mentions(node.args[0], "args", "form", "values", "referrer", "headers")


def named_by_a_stranger(node: ast.AST, path: str) -> bool:
    """A door reads or writes files: it hands bytes down, and never a name."""
    if not path.startswith("audit/web/"):
        return False
    return called(node) in ("open", "save") and mentions(node, "filename", "request")


def weak_hash(node: ast.AST, _path: str) -> bool:
    return called(node) in ("md5", "sha1") or imports(node, "hashlib.md5", "hashlib.sha1")


def guessable(node: ast.AST, _path: str) -> bool:
    """Tokens, salts and numbers of reports come from ``secrets``."""
    return imports(node, "random") or called(node) in ("mktemp", "uuid1")


def without_token(node: ast.AST, _path: str) -> bool:
    return called(node) == "exempt" or (isinstance(node, ast.Attribute) and node.attr == "exempt")


def swallowed(node: ast.AST, _path: str) -> bool:
    """Whatever went wrong is said to be well; who raises it again only tidies up."""
    if not isinstance(node, ast.ExceptHandler) or any(isinstance(one, ast.Raise) for one in ast.walk(node)):
        return False
    return node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")


RULES: dict[Rule, str] = {
    sql_of_a_stranger: "db.execute(f'SELECT * FROM t WHERE a = {request.args}')",
    sql_outside_the_store: "db.execute('SELECT 1')",
    deferred_transaction: "with db.atomic(): pass",
    runs_text: "eval(note)",
    loads_code: "import pickle",
    another_process: "import subprocess",
    reaches_out: "from urllib import request",
    unpacks_by_name: "archive.extractall(folder)",
    any_picture: "Image.open(file)",
    unescaped: "Markup(note)",
    paragraph_markup: "from reportlab.platypus import Paragraph",
    leads_elsewhere: "redirect(request.args['next'])",
    named_by_a_stranger: "open(file.filename)",
    weak_hash: "hashlib.md5(data)",
    guessable: "import random",
    without_token: "csrf.exempt(show)",
    swallowed: "try:\n    go()\nexcept Exception:\n    pass",
}  # fmt: skip


# What rules look at, in the product and in the examples alike: one node in eight.
KINDS = (ast.Call, ast.Import, ast.ImportFrom, ast.Attribute, ast.ExceptHandler)


def nodes_of(text: str) -> list[ast.AST]:
    return [node for node in ast.walk(ast.parse(text)) if isinstance(node, KINDS)]


def nodes(path: Path) -> tuple[str, list[ast.AST]]:
    return path.relative_to(ROOT).as_posix(), nodes_of(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def product() -> list[tuple[str, list[ast.AST]]]:
    return [nodes(path) for path in PRODUCT]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_nothing_of_the_kind_is_in_the_product(rule, product):
    assert not [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, every in product
        for node in every
        if rule(node, path)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_finds_its_example(rule):
    assert any(rule(node, "audit/web/example.py") for node in nodes_of(RULES[rule]))


def test_who_may_reach_out_is_there_and_does():
    for path in {**PROCESSES, **NETWORK}:
        text = (ROOT / path).read_text("utf-8") if (ROOT / path).exists() else ""
        assert not text or any(word in text for word in ("subprocess", "socket", "smtplib", "http.client")), (
            path
        )
