"""What tools find in the code, and in a server that really runs: ``make security``, or names of checks for some.

Each check prints what it found and says whether that is nothing. A tool that is not there is said, and fails.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from audit.operations import desk as desks
from audit.operations import sealing
from tests.faults.yard import OURS, Server, furnish, signed_in
from tests.operations import worlds

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
TOOLS = Path(os.environ.get("SECURITY_TOOLS", ROOT / ".venv" / "security" / "bin"))
PRODUCT = ("audit", "forms", "reports")
LOWEST_SCORE = 115
CASES = 60  # of each operation and phase
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], cwd=ROOT, capture_output=True, text=True, check=False)


def bandit() -> bool:
    """Patterns known to be dangerous."""
    told = run(TOOLS / "bandit", "-q", "-r", *PRODUCT, "-c", HERE / "bandit.toml")
    print(told.stdout.strip() or told.stderr.strip()[-500:])
    return told.returncode == 0


def secrets() -> bool:
    """Keys and passwords in what is kept under version control; what was looked at stands in ``secrets.baseline``."""
    listed = run("git", "ls-files").stdout.splitlines()
    files = [
        name
        for name in listed
        if not name.endswith(("lock", "lock.json", ".baseline")) and "/vectors/" not in name
    ]
    with tempfile.TemporaryDirectory() as folder:
        baseline = Path(folder) / "baseline"
        shutil.copy(HERE / "secrets.baseline", baseline)
        told = run(TOOLS / "detect-secrets-hook", "--baseline", baseline, *files)
    print(told.stdout.strip() or told.stderr.strip()[-500:])
    return told.returncode in (0, 3)  # 3: nothing new, and what is known stands on another line now


def sbom() -> bool:
    """What the product is made of, as CycloneDX, in ``build/sbom.json``: every locked package with its hashes."""
    out = ROOT / "build" / "sbom.json"
    out.parent.mkdir(exist_ok=True)
    told = run(TOOLS / "cyclonedx-py", "requirements", "requirements.lock", "--pyproject", "pyproject.toml",
               "--output-reproducible", "--of", "JSON", "-o", out)  # fmt: skip
    if told.returncode:
        print(told.stderr.strip()[-500:])
        return False
    parts = json.loads(out.read_text("utf-8"))["components"]
    locked = sum("==" in line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines())
    print(f"{out.relative_to(ROOT)}: {len(parts)} components of {locked} locked")
    return len(parts) == locked


@contextmanager
def served(**tls: Path) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server on a folder with an inspector, a running and a sealed visit; and the ids of things."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        furnish(data)
        world = worlds.World(data, datetime.now(UTC).replace(microsecond=0))
        running, sealed = world.start(), world.start()
        photo = world.photograph(running, ("needles.single-use", None))
        world.answer(sealed, worlds.COMPLETE)
        world.sign(sealed)
        sealing.seal(world.desk(), sealed.id)
        sha256 = running.checklist_sha
        desks.close(data)
        server = Server(data)
        for name, path in tls.items():
            os.environ[f"CLINIC_AUDIT_{name.upper()}"] = str(path)
        try:
            server.start()
            server.wait() if not tls else None
            yield server, {"running": running.id, "sealed": sealed.id, "photo": photo, "checklist": sha256}
        finally:
            for name in tls:
                del os.environ[f"CLINIC_AUDIT_{name.upper()}"]
            server.kill_all()


def schemathesis() -> bool:
    """Requests made up from the API's own description, by somebody signed in with everything a tablet sends: no
    answer of 500 and more, none that the description does not promise; about ids that exist and ids that do not."""
    good = True
    with served() as (server, ids):
        cookie = signed_in(server.port)
        for visit in ("", ids["running"], ids["sealed"]):
            given = {"path.id": visit, "query.inspection": visit} if visit else {}
            with tempfile.TemporaryDirectory() as folder:
                config = Path(folder) / "schemathesis.toml"
                lines = [f'"{name}" = "{value}"' for name, value in given.items()]
                config.write_text("\n".join(["[parameters]", *lines]) if lines else "")
                told = run(
                    TOOLS / "schemathesis", "--config-file", config, "run",
                    f"http://127.0.0.1:{server.port}/api/v1/openapi.json",
                    "-H", f"Cookie: {cookie}", *(part for name, value in OURS.items() for part in ("-H", f"{name}: {value}")),
                    "-n", str(CASES), "--checks", CHECKS, "--generation-database", "none", "--seed", "5", "--no-color",
                    "--continue-on-failure",
                )  # fmt: skip
            print(f"-- about {visit or 'ids made up'}")
            print(told.stdout[-6000:] if told.returncode else told.stdout[-900:])
            good &= told.returncode == 0
    return good


def observatory() -> bool:
    """The MDN Observatory's tests behind TLS: A+ on every kind of page."""
    if not (HERE / "node_modules" / "@mdn").exists():
        print("node_modules is not there: npm ci --prefix tests/security --ignore-scripts")
        return False
    preload = HERE / "node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
    preload.write_text("{}")  # the list is on the network; a name of this machine is in none
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = _certificate(Path(folder))
        with served(tls_cert=certificate, tls_key=key) as (server, _), _redirecting(server.port) as plain:
            environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(certificate)}
            paths = ("/sign-in", "/verify", "/nothing-here", "/healthz", "/static/none.css")
            _until_open(server.port)
            told = subprocess.run(
                ["node", str(HERE / "observatory.mjs"), str(plain), str(server.port), "", *paths],
                capture_output=True, text=True, check=False, env=environment, cwd=HERE,
            )  # fmt: skip
    if told.returncode:
        print(told.stderr[-800:])
        return False
    found = json.loads(told.stdout)
    for path, row in found.items():
        print(f"{path:<20} {row['status']}  {row['grade']} ({row['score']}) {' '.join(row['lost'])}")
    return all(row["score"] >= LOWEST_SCORE for row in found.values())


def _until_open(port: int) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


@contextmanager
def _redirecting(to: int) -> Iterator[int]:
    """What a proxy does on port 80: it sends everybody to TLS."""

    class Redirect(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(301)
            self.send_header("Location", f"https://localhost:{to}{self.path}")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Redirect)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "tls.crt", folder / "tls.key"
    pem = serialization.Encoding.PEM
    paths[0].write_bytes(made.public_bytes(pem))
    paths[1].write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


CHECK: dict[str, Callable[[], bool]] = {
    one.__name__: one for one in (bandit, secrets, sbom, schemathesis, observatory)
}


def main() -> int:
    bad = []
    for name in sys.argv[1:] or CHECK:
        print(f"== {name}", flush=True)
        if not CHECK[name]():
            bad.append(name)
    print(f"== not well: {', '.join(bad)}" if bad else "== nothing found")
    return bool(bad)


if __name__ == "__main__":
    raise SystemExit(main())
