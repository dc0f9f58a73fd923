"""A mail server on this machine, which keeps what it is sent and refuses whom a test names."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

USER, SECRET = "agency", "a-word-for-the-post"


class Server:
    """What arrived, and the answers to give: ``refusals`` maps an address to a line such as ``550 nobody here``."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.at_the_end = ""
        self.port = 0

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.at_the_end:
            return self.at_the_end
        read = message_from_bytes(envelope.original_content, policy=default)
        assert isinstance(read, EmailMessage)
        self.arrived.append(read)
        return "250 OK"


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        found: Any = self.server
        self.port = found.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(with_password: bool = False) -> Iterator[Server]:
    """A mail server on a port of this machine; with a password when it is wanted."""
    server = Server()

    def check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (
            USER.encode(),
            SECRET.encode(),
        )
        return AuthResult(success=right, handled=right)

    asks: dict[str, Any] = (
        {"authenticator": check, "auth_required": True, "auth_require_tls": False} if with_password else {}
    )
    controller = _OnAnyPort(server, hostname="127.0.0.1", port=0, **asks)
    controller.start()
    try:
        server.port = controller.port
        yield server
    finally:
        controller.stop()
