"""The structure of a report for those who hear it: headings, tables with their heads, lists, pictures with words.

Everything drawn is either part of the structure or an artifact (rules, tints, running heads). The tree is built
while the page is drawn and written as plain PDF objects, so memory and time grow with the text alone.
Judged against PDF/UA-1 and PDF/A-3b by veraPDF in the tests.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc

ARTIFACT, FURNITURE = "/Artifact BMC", "/Artifact <</Type /Pagination>> BDC"
HEADINGS = ("H1", "H2", "H3", "H4")
# What a screen reader may meet straight inside these without a paragraph around it.
_HOLD_TEXT = frozenset({"TD", "TH", "LBody", "Caption", "P", *HEADINGS})


@dataclass(slots=True)
class Node:
    """One element: its role, what it says instead of what is drawn, table attributes, and its kids in order.

    A kid is another node, or the (page, number) of a stretch of drawing.
    """

    role: str
    alt: str = ""
    scope: str = ""
    span: int = 1
    kids: list["Node | tuple[int, int]"] = field(default_factory=list)


class Tags:
    """The tree under construction and the operators that tie drawing to it."""

    def __init__(self) -> None:
        self.root = Node("Document")
        self._open = [self.root]
        self._pages: dict[int, list[Node]] = {}
        self._level = 0
        self._artifact = 0

    @contextmanager
    def element(self, role: str, alt: str = "", scope: str = "", span: int = 1) -> Iterator[None]:
        """Everything drawn inside belongs to a new element. Text in a cell or a heading needs none of its own."""
        if self._artifact or (role == "P" and self._open[-1].role in _HOLD_TEXT):
            yield
            return
        node = Node(self._stepped(role), alt, scope, span)
        self._open[-1].kids.append(node)
        self._open.append(node)
        yield
        self._open.pop()

    def _stepped(self, role: str) -> str:
        """Headings go down one level at a time, whatever comes before a part."""
        if role not in HEADINGS:
            return role
        self._level = min(HEADINGS.index(role), self._level)
        name = HEADINGS[self._level]
        self._level += 1
        return name

    @contextmanager
    def content(self, code: list[str], page: int) -> Iterator[None]:
        """A stretch of drawing that belongs to the open element; page numbers count from 1."""
        if self._artifact:
            yield
            return
        node = self._open[-1]
        if node is self.root:  # text that nobody gave a role is a paragraph
            with self.element("P"), self.content(code, page):
                yield
            return
        numbered = self._pages.setdefault(page, [])
        code.append(f"/{node.role} <</MCID {len(numbered)}>> BDC")
        node.kids.append((page, len(numbered)))
        numbered.append(node)
        yield
        code.append("EMC")

    @contextmanager
    def artifact(self, code: list[str], kind: str = ARTIFACT) -> Iterator[None]:
        """A stretch of drawing that says nothing; inside, text is no content either."""
        self._artifact += 1
        before = len(code)
        if self._artifact == 1:
            code.append(kind)
        yield
        if self._artifact == 1:
            if len(code) == before + 1:
                code.pop()  # nothing was drawn
            else:
                code.append("EMC")
        self._artifact -= 1

    def write(self, document: Any, pages: list[Any]) -> Any:
        """Add the tree to a ReportLab document; ``pages`` are its page objects. Returns the root's reference."""
        return _Writer(document, pages).write(self.root, self._pages)


class _Raw(pdfdoc.PDFObject):
    """An object whose bytes are made here: there are thousands, and ReportLab's dictionaries are slow."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.data = b""

    def format(self, document: Any) -> bytes:
        return self.data


class _Writer:
    """Turns nodes into objects."""

    def __init__(self, document: Any, pages: list[Any]) -> None:
        self.document, self.pages = document, pages
        self.numbers: dict[int, int] = {}
        self.page_numbers = [self._number(page) for page in pages]

    def _number(self, thing: Any) -> int:
        name = self.document.Reference(thing).name
        number: int = self.document.idToObjectNumberAndVersion[name][0]
        return number

    def write(self, root: Node, marked: dict[int, list[Node]]) -> Any:
        tree, parents = _Raw(), _Raw()
        top = self._element(root, self._number(tree))
        entries = []
        for index, page in enumerate(self.pages):
            nodes = " ".join(f"{self.numbers[id(node)]} 0 R" for node in marked.get(index + 1, []))
            entries.append(f"{index}[{nodes}]")
            page.StructParents = index
            page.Tabs = pdfdoc.PDFName("S")
        parents.data = f"<</Nums[{' '.join(entries)}]>>".encode()
        tree.data = (
            f"<</Type/StructTreeRoot/K[{top} 0 R]/ParentTree {self._number(parents)} 0 R"
            f"/ParentTreeNextKey {len(self.pages)}>>"
        ).encode()
        return self.document.Reference(tree)

    def _element(self, node: Node, parent: int) -> int:
        made = _Raw()
        number = self.numbers[id(node)] = self._number(made)
        pages = {kid[0] for kid in node.kids if isinstance(kid, tuple)}
        home = pages.pop() if len(pages) == 1 else 0
        said = [f"<</S/{node.role}/P {parent} 0 R".encode()]
        if node.alt:
            said.append(b"/Alt " + pdfdoc.PDFString(node.alt).format(self.document))
        if node.scope or node.span > 1:
            scope = f"/Scope/{node.scope}" if node.scope else ""
            span = f"/ColSpan {node.span}" if node.span > 1 else ""
            said.append(f"/A<</O/Table{scope}{span}>>".encode())
        if home:
            said.append(f"/Pg {self.page_numbers[home - 1]} 0 R".encode())
        kids = " ".join([self._kid(kid, number, home) for kid in node.kids])
        said.append(f"/K[{kids}]>>".encode() if kids else b">>")
        made.data = b"".join(said)
        return number

    def _kid(self, kid: "Node | tuple[int, int]", parent: int, home: int) -> str:
        if isinstance(kid, Node):
            return f"{self._element(kid, parent)} 0 R"
        page, number = kid
        if page == home:
            return str(number)
        return f"<</Type/MCR/Pg {self.page_numbers[page - 1]} 0 R/MCID {number}>>"
