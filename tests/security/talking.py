"""Somebody on the line of a server that runs, and what is done to reports in other hands."""

import http.client
import io
import re
from dataclasses import dataclass
from urllib.parse import urlencode

import pypdf
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.faults.yard import OURS, PASSWORD


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Line:
    """Somebody with one connection, as a program has: signed in as a person, or nobody."""

    def __init__(self, port: int, login: str = "") -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._port, self.cookie, self.token = port, "", ""
        if login:
            form = {"login": login, "password": PASSWORD, "csrf_token": self._token("/sign-in")}
            assert self.post("/sign-in", form).status == 303
        self.token = self._token("/help" if login else "/sign-in")

    def close(self) -> None:
        self._line.close()

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).text)
        assert found is not None
        return found[1]

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, b"", OURS)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        said = {"csrf_token": self.token, **form}
        plain = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, urlencode(said).encode(), plain)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        origin = {"Origin": f"http://127.0.0.1:{self._port}"} if body else {}
        try:
            self._line.request(method, path, body or None, {"Cookie": self.cookie, **origin, **headers})
            found = self._line.getresponse()
        except (ConnectionError, http.client.RemoteDisconnected):  # it was idle for too long
            self._line.close()
            self._line.request(method, path, body or None, {"Cookie": self.cookie, **origin, **headers})
            found = self._line.getresponse()
        answer = Answer(found.status, dict(found.getheaders()), found.read())
        for name, value in found.getheaders():
            if name == "Set-Cookie" and value.startswith("session="):
                self.cookie = value.partition(";")[0]
        return answer


# reports ------------------------------------------------------------------------------------------------------


def one_byte(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def without_seal(data: bytes) -> bytes:
    """Written anew as a whole, without the signature."""
    bare, out = pypdf.PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    for page in bare.pages:
        page.pop("/Annots", None)
    bare.root_object.pop("/AcroForm", None)
    bare.root_object.pop("/Perms", None)
    bare.write(out)
    return out.getvalue()


def cut_before_seal(data: bytes) -> bytes:
    """The file as it was drawn: the seal came after it, as a revision of its own."""
    return data[: data.index(b"%%EOF") + 6]


def extended(data: bytes) -> bytes:
    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    writer.root["/Title"] = TextStringObject("Result: nothing found")
    writer.update_root()
    writer.write(out)
    return out.getvalue()
