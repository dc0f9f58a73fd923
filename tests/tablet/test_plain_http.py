"""Over plain http on a local network a browser keeps nothing: the pages say so and go on as ordinary forms."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from audit.app import create_app
from audit.config import Settings
from tests.journeys.conftest import PASSWORD
from tests.tablet.yards import Yard, _Quiet


def own_address() -> str:
    """The address of this machine on its network; asking for it sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


@pytest.fixture
def in_the_house(yard: Yard) -> Iterator[str]:
    address = own_address()
    if address.startswith(("127.", "0.")):
        pytest.skip("NOT RUN: this machine has no network address of its own")
    app = create_app(Settings(data=yard.data, host="0.0.0.0", hosts=(address,)))
    server = make_server("0.0.0.0", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://{address}:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_pages_say_so_and_go_on_as_forms(in_the_house: str, browser: Browser):
    faults: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("pageerror", lambda fault: faults.append(fault.message))
        page.goto(f"{in_the_house}/sign-in")
        page.get_by_label("Login").fill("ana")
        page.get_by_label("Password").fill(PASSWORD)
        page.locator("main button").first.click()
        page.wait_for_url("**/visits")
        assert page.evaluate("() => isSecureContext") is False
        page.locator("#outbox", has_text="not encrypted").wait_for()
        page.goto(f"{in_the_house}/tablet/outbox")
        page.get_by_text("This browser keeps nothing on this tablet").wait_for()
        assert not page.locator("#works").is_visible()
        page.get_by_role("button", name="Sign out").click()  # nothing guards what is not kept
        page.wait_for_url("**/sign-in")
    assert not faults
