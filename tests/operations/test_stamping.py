"""Time stamps: asked after the seal, kept beside the file, judged with everything else; an authority may be away."""

import base64
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from audit.operations import asked, sealing, stamping, verify
from audit.operations.asked import Question
from reports import stamp
from tests.operations import worlds
from tests.operations.worlds import ADMINISTRATOR, COMPLETE

DER = serialization.Encoding.DER
SAID = datetime(2026, 3, 3, 18, 30, 5, tzinfo=UTC)


def authority():
    """A time-stamp authority of its own: what pyHanko tests itself with, behind HTTP."""
    key, name = (
        rsa.generate_private_key(65537, 2048),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Clock Tower")]),
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(SAID - timedelta(days=3650))
        .not_valid_after(SAID + timedelta(days=36500))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        asn1.Certificate.load(certificate.public_bytes(DER)),
        asn1_keys.PrivateKeyInfo.load(private),
        fixed_dt=SAID,
    )


class Tower:
    """The authority on a port; ``fault`` makes it misbehave."""

    def __init__(self):
        self.fault, tower = "", self
        self.asked: list[bytes] = []
        clock = authority()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                tower.asked.append(body)
                self.send_response(500 if tower.fault == "broken" else 200)
                self.send_header("Content-Type", stamp.REPLY)
                self.end_headers()
                self.wfile.write(tower.answer(clock, body))

            def log_message(self, *_):
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/tsr"

    def answer(self, clock, body):
        request = tsp.TimeStampReq.load(body)
        if self.fault == "junk":
            return b"hello"
        if self.fault == "endless":
            return b"\x30" * (stamp.LARGEST + 10)
        if self.fault == "other file":
            request["message_imprint"]["hashed_message"] = b"\1" * 32
        if self.fault == "replay":
            request["nonce"] = 5
        return clock.request_tsa_response(request).dump()


@pytest.fixture(scope="module")
def tower():
    made = Tower()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def world(tmp_path, tower):
    tower.fault = ""
    world = worlds.make(tmp_path / "data")
    visit = world.start()
    world.answer(visit, COMPLETE)
    world.sign(visit)
    sealing.seal(world.desk(), visit.id)
    return world


def faults(world):
    return verify.verify(world.desk(ADMINISTRATOR)).faults


def test_a_report_is_stamped_once_and_its_file_stays(world, tower):
    desk = world.desk(ADMINISTRATOR)
    (issued,) = desk.ledger.reports.all()
    before = desk.ledger.reports.path(issued.sha256).read_bytes()
    assert verify.verify(desk).unstamped == 1
    assert stamping.stamp_due(desk, tower.url) == stamping.Round(1, 0)
    seen = len(tower.asked)
    assert stamping.stamp_due(desk, tower.url) == stamping.Round(0, 0) and len(tower.asked) == seen
    kept = desk.ledger.stamps.of(issued.sha256)
    assert kept is not None and kept.at == SAID and "Clock Tower" in kept.by
    assert desk.ledger.reports.path(issued.sha256).read_bytes() == before
    # Nothing but the hash leaves the house.
    assert bytes.fromhex(issued.sha256) in tower.asked[-1] and len(tower.asked[-1]) < 200
    told = asked.ask(desk, Question(pdf=before), "192.0.2.9")
    assert told.state == asked.UNCHANGED and told.stamped_at == SAID and "Clock Tower" in told.stamped_by
    found = verify.verify(desk)
    assert found.faults == () and found.unstamped == 0


@pytest.mark.parametrize("fault", ["junk", "broken", "other file", "replay", "endless"])
def test_what_is_no_stamp_is_not_kept(world, tower, fault):
    tower.fault = fault
    told = stamping.stamp_due(world.desk(ADMINISTRATOR), tower.url)
    assert (told.stamped, told.waiting) == (0, 1) and told.trouble
    assert world.desk().ledger.stamps.all() == () and faults(world) == ()


def test_an_authority_that_is_away_holds_nothing_up(world, tower):
    told = stamping.stamp_due(world.desk(ADMINISTRATOR), "http://127.0.0.1:9/tsr")
    assert (told.stamped, told.waiting) == (0, 1) and "Refused" in told.trouble
    assert verify.verify(world.desk(ADMINISTRATOR)).unstamped == 1 and faults(world) == ()
    assert stamping.stamp_due(world.desk(ADMINISTRATOR), tower.url).stamped == 1


def test_a_stamp_that_somebody_changed_is_named(world, tower):
    stamping.stamp_due(world.desk(ADMINISTRATOR), tower.url)
    (kept,) = world.desk().ledger.stamps.all()
    token = bytearray(base64.b64decode(kept.token))
    token[len(token) // 2] ^= 1
    for column, value in (
        ("token", base64.b64encode(token).decode()),
        ("at", "2020-01-01T00:00:00Z"),
        ("authority", "Somebody else"),
        ("sha256", "0" * 64),
    ):
        db = world.desk().ledger._db
        db.execute("PRAGMA query_only=OFF")
        db.execute("DROP TRIGGER IF EXISTS stamps_refuse_update")
        old = kept.by if column == "authority" else getattr(kept, column)
        old = "2026-03-03T18:30:05Z" if column == "at" else old
        db.execute(f"UPDATE stamps SET {column} = ?", (value,))
        assert any("time stamp" in words for words in faults(world)), column
        db.execute(f"UPDATE stamps SET {column} = ?", (old,))
    assert faults(world) == ()
