"""Through TLS, as tablets meet the server: with a certificate of our own, the worker in charge, secure cookies."""

import base64
import hashlib
import ipaddress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser

from tests.tablet.test_endings import free_port, mortal, profile
from tests.tablet.yards import Tablet, Yard, jpeg

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


def certificate(folder: Path) -> tuple[Path, Path, str]:
    """Files of a certificate and its key, and the fingerprint by which a browser is told to trust it."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, plain))
    public = key.public_key().public_bytes(DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return cert, secret, base64.b64encode(hashlib.sha256(public).digest()).decode()


def test_a_visit_goes_through_tls_with_a_certificate_of_our_own(
    browser: Browser, yard: Yard, resting: None, tmp_path: Path
) -> None:
    cert, key, fingerprint = certificate(tmp_path)
    port, trust = free_port(), (f"--ignore-certificate-errors-spki-list={fingerprint}",)
    with (
        mortal(yard, port, "--tls-cert", str(cert), "--tls-key", str(key)),
        profile(browser, tmp_path / "profile", worker=True, options=trust) as context,
    ):
        tablet = Tablet(yard, context, f"https://127.0.0.1:{port}")
        tablet.sign_in()
        cookies = {cookie["name"]: cookie for cookie in context.cookies()}
        assert cookies["__Host-session"]["secure"] and cookies["__Host-session"]["httpOnly"]
        tablet.do("")
        tablet.controlled()
        context.set_offline(True)
        visit = tablet.start(answers=5)
        sha256 = tablet.photo(visit, jpeg(60))
        tablet.open(f"/visits/{visit}")
        tablet.page.locator("#outbox", has_text="8 items wait on this tablet").wait_for()
        context.set_offline(False)
        tablet.settled()
    assert len(yard.answers(visit)) == 5 and yard.links(visit) == [sha256]
