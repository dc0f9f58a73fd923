"""A real server: it starts, answers, says how to get in, ends cleanly, and refuses what is not safe."""

import importlib.util
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from ipaddress import ip_address
from urllib.parse import urlencode

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit import config
from audit.cli import names, servers
from audit.config import Settings
from tests.cli.conftest import contents, password_of
from tests.needs import missing

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
PATIENCE = 40


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def serve(tmp_path):
    """serve(...) starts the command and waits until it says that it is ready; gives the process and its words."""
    started = []

    def serve(*words, program=("-m", "audit.cli")):
        out, err = tmp_path / "out.txt", tmp_path / "err.txt"
        command = [sys.executable, *program, "serve", *map(str, words)]
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(command, stdout=to_out, stderr=to_err)
        started.append(process)
        until = time.monotonic() + PATIENCE
        while "is ready" not in out.read_text() and time.monotonic() < until:
            assert process.poll() is None, err.read_text()
            time.sleep(0.05)
        return process, out, err

    yield serve
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def get(address, trusted=None):
    context = ssl.create_default_context(cafile=trusted) if trusted else None
    with urllib.request.urlopen(address, timeout=PATIENCE, context=context) as answer:
        return answer.status, answer.headers, answer.read().decode()


def ended(process):
    process.send_signal(signal.SIGTERM)
    return process.wait(PATIENCE)


def test_a_first_start_answers_and_ends_cleanly(serve, tmp_path, port):
    data = tmp_path / "agency"
    process, out, err = serve("--data", data, "--port", port, "--workers", 1)
    assert f"http://localhost:{port}" in out.read_text()
    link = re.search(rf"http://localhost:{port}(/set-up\?key=\S+)", out.read_text())
    assert link and get(f"http://localhost:{port}{link[1]}")[0] == 200
    assert link[1].partition("=")[2] not in err.read_text()  # no log keeps it
    status, _, body = get(f"http://localhost:{port}/healthz")
    assert (status, "ok" in body) == (200, True)
    assert (data / "secret.key").stat().st_mode & 0o077 == 0
    assert data.stat().st_mode & 0o077 == 0
    assert ended(process) == 0
    assert "Traceback" not in err.read_text()


def test_reports_and_photos_are_sent_from_a_folder_named_as_seen_from_here(
    serve, demo_copy, port, monkeypatch
):
    monkeypatch.chdir(demo_copy.parent)
    serve("--demo", "--data", demo_copy.name, "--port", port, "--workers", 1)
    visitor = Visitor(port)
    login, password = password_of("inspector")
    token = visitor.token("/sign-in")
    _, page = visitor.send("/sign-in", login=login, password=password, csrf_token=token)
    visits = re.findall(r'href="(/visits/[0-9a-f-]{36})"', page)
    pages = [visitor.send(visit)[1] for visit in visits]
    for pattern, begin in (
        (r'href="(/visits/[^"]+/record\.pdf)"', b"%PDF-"),
        (r'src="(/photos/[^"]+)"', b"\xff\xd8"),
    ):
        (address, *_) = [found for page in pages for found in re.findall(pattern, page)]
        with visitor.opener.open(visitor.root + address, timeout=PATIENCE) as answer:
            assert answer.read().startswith(begin)


def test_the_demo_is_served_with_its_sign_ins(serve, demo_copy, port):
    before = contents(demo_copy)
    process, out, err = serve("--demo", "--data", demo_copy, "--port", port, "--workers", 1)
    for role in ("administrator", "inspector", "owner"):
        assert all(words in out.read_text() for words in password_of(role))
    status, _, body = get(f"http://127.0.0.1:{port}/sign-in")
    assert status == 200
    assert "Demo" in body
    assert ended(process) == 0
    assert "password" not in err.read_text().lower()
    after = contents(demo_copy)
    after.pop("secret.key")
    (anchor,) = [name for name in after if name.startswith("anchors/") and name not in before]
    after.pop(anchor)  # of the day
    assert after == before


def test_with_a_certificate_it_speaks_tls(serve, empty, tmp_path, port, require_tool):
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    for_localhost = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = [
        require_tool("openssl"),
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
    ]
    subprocess.run(
        [*made, *for_localhost, "-keyout", key, "-out", cert, "-days", "2"], check=True, capture_output=True
    )
    words = ["--data", empty, "--port", port, "--workers", 1, "--tls-cert", cert, "--tls-key", key]
    process, out, _ = serve(*words, "--host", "0.0.0.0")
    assert f"https://localhost:{port}" in out.read_text()
    status, headers, _ = get(f"https://localhost:{port}/sign-in", cert)
    assert status == 200
    assert "__Host-" in headers.get("Set-Cookie", "__Host-")
    assert ended(process) == 0


def test_ctrl_c_ends_it_cleanly(serve, demo_copy, port):
    process, _, err = serve("--data", demo_copy, "--port", port, "--workers", 1)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in err.read_text()


def test_a_port_that_is_taken_is_said_in_one_line(run, demo_copy, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        told = run("serve", "--data", demo_copy, "--port", port, code=1).stderr
    assert told.startswith(f"Error: Cannot listen on 127.0.0.1 port {port}")
    assert "Traceback" not in told


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "agency.example"])
def test_others_are_not_let_in_without_tls(run, tmp_path, host):
    told = run("serve", "--host", host, "--data", tmp_path / "new", code=2).stderr
    assert "--tls-cert" in told
    assert "--behind-proxy" in told
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("words", [("--behind-proxy", "1"), ("--host", "10.0.0.5", "--behind-proxy")])
def test_nobody_is_answered_by_a_name_of_their_own(run, tmp_path, words):
    """Nothing says by which names browsers come: it is not begun, and one line says the way out."""
    told = run("serve", *words, "--data", tmp_path / "new", code=2).stderr
    assert "--hosts audit.example" in told and "CLINIC_AUDIT_HOSTS" in told
    assert not (tmp_path / "new").exists()
    told = run("serve", *words, "--hosts", "https://x", "--data", tmp_path / "new", code=2).stderr
    assert "without http://" in told


def certificate(folder, *alternative):
    """A certificate with these alternative names, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "unsaid.example")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + timedelta(days=1))
    if alternative:
        made = made.add_extension(x509.SubjectAlternativeName(alternative), critical=False)
    path = folder / "cert.pem"
    path.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def test_names_come_from_the_setting_or_else_from_certificate_and_agency(tmp_path):
    alternative: list[x509.GeneralName] = [x509.DNSName("audit.example"), x509.DNSName("*.Below.example")]
    alternative += [x509.IPAddress(ip_address(one)) for one in ("192.0.2.7", "::1")]
    cert = certificate(tmp_path, *alternative)
    tls = Settings(host="0.0.0.0", tls_cert=cert, tls_key=cert)
    assert names.named(tls).hosts == ("audit.example", ".below.example", "192.0.2.7")
    assert names.named(tls, "https://agency.example:8443").hosts[-1] == "agency.example"
    assert names.named(replace(tls, hosts=("told.example",)), "https://agency.example").hosts == (
        "told.example",
    )
    assert names.named(Settings(host="0.0.0.0", behind_proxy=1), "https://agency.example").hosts == (
        "agency.example",
    )
    assert names.named(Settings()).hosts == ()
    bare = certificate(tmp_path)
    assert names.named(Settings(host="192.0.2.7", tls_cert=bare)).hosts == ("192.0.2.7",)
    for settings in (
        Settings(host="0.0.0.0", tls_cert=bare),
        Settings(behind_proxy=1),
        Settings(host="::1", behind_proxy=1),
    ):
        with pytest.raises(config.BadSetting, match="--hosts"):
            names.named(settings)
    bare.write_text("no certificate")
    with pytest.raises(config.BadSetting, match=r"cert\.pem"):
        names.named(Settings(host="0.0.0.0", tls_cert=bare))


@pytest.mark.parametrize(
    "words", [("--host", "0.0.0.0"), ("--behind-proxy", "1"), ("--host", "0.0.0.0", "--behind-proxy")]
)
def test_the_demo_stays_on_this_machine(run, demo_copy, tmp_path, words):
    for demo in ((), ("--demo",)):
        assert "passwords are printed" in run("serve", *demo, *words, "--data", demo_copy, code=2).stderr
    run("serve", "--demo", *words, "--data", tmp_path / "new", code=2)
    assert not (tmp_path / "new").exists()


def test_half_of_tls_is_wrong_use(run, tmp_path):
    (tmp_path / "cert.pem").write_text("")
    words = ["serve", "--data", tmp_path / "new", "--tls-cert", tmp_path / "cert.pem"]
    assert "both the certificate and its key" in run(*words, code=2).stderr
    told = run(*words, "--tls-key", tmp_path / "none.pem", code=2).stderr
    assert "there is no file" in told


def test_a_folder_with_something_else_in_it_is_refused(run, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    run("serve", "--data", tmp_path / "mine", code=1)
    run("serve", "--demo", "--data", tmp_path / "mine", code=1)
    assert contents(tmp_path / "mine") == {"letter.txt": b"mine"}


def test_gunicorn_is_told_everything_and_opens_no_door_of_its_own(tmp_path):
    told = servers.options(Settings(host="::1", port=8443, workers=3, tls_cert=tmp_path, tls_key=tmp_path))
    assert told["bind"] == "[::1]:8443"
    assert told["control_socket_disable"] is True
    assert told["forwarded_allow_ips"] == ""
    assert told["worker_class"] == "gthread"


# As on a system that cannot fork: there waitress serves. Tests that run in the background hand on that Ctrl-C is not heard.
FORKLESS = """
import os, signal
del os.fork
signal.signal(signal.SIGINT, signal.default_int_handler)
from audit.cli import main
main(prog_name="clinic-audit")
"""


class Visitor:
    """A browser that keeps its cookies and follows redirects."""

    def __init__(self, port, **headers):
        self.root, self.headers = f"http://127.0.0.1:{port}", headers
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(self, address, **fields):
        data = urlencode(fields).encode() if fields else None
        asked = urllib.request.Request(self.root + address, data, self.headers)
        with self.opener.open(asked, timeout=PATIENCE) as answer:
            return answer, answer.read().decode()

    def token(self, address):
        page = self.send(address)[1]
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        return found[1]


@pytest.fixture
def waitress():
    if importlib.util.find_spec("waitress") is None:
        missing("waitress", "pip install waitress")


def test_where_nothing_forks_waitress_serves(serve, waitress, demo_copy, port):
    words = ["--demo", "--data", demo_copy, "--port", port]
    process, _, err = serve(*words, program=("-c", FORKLESS))
    visitor = Visitor(port)
    answer, page = visitor.send("/healthz")
    assert "ok" in page and "Server" not in answer.headers
    login, password = password_of("administrator")
    token = visitor.token("/sign-in")
    answer, page = visitor.send("/sign-in", login=login, password=password, csrf_token=token)
    assert answer.url.endswith("/visits") and "Sign out" in page
    token = visitor.token("/clinics/new")
    given = {"name": "Harbour Scalp", "jurisdiction": "us-ca", "time_zone": "America/Los_Angeles"}
    answer, page = visitor.send("/clinics/new", csrf_token=token, **given)
    assert "Harbour Scalp" in page, page
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in err.read_text()


def test_waitress_leaves_the_headers_of_a_proxy_to_the_application(tmp_path):
    alone, behind = Settings(data=tmp_path), Settings(data=tmp_path, behind_proxy=1)
    assert servers.waitress_options(alone)["clear_untrusted_proxy_headers"] is True
    assert servers.waitress_options(behind)["clear_untrusted_proxy_headers"] is False


def test_behind_a_proxy_waitress_serves_as_https(serve, waitress, empty, port):
    words = ["--data", empty, "--port", port, "--behind-proxy", "1", "--hosts", "agency.example"]
    _, out, _ = serve(*words, program=("-c", FORKLESS))
    assert "ready: https://agency.example\n" in out.read_text()
    answer, _ = Visitor(port, **{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "agency.example"}).send(
        "/sign-in"
    )
    assert "__Host-session" in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" in answer.headers
