"""The agency's seal on a report: an invisible PAdES signature that allows no later change, and its judge.

By default the agency has an authority of its own, made at the first start and named as such: it proves that a file
left this installation unchanged, not who the agency is. pyHanko's judgement of long-term validity is its own
reading of the standard, so nothing here says *qualified* or *valid*; a report is *sealed*, and *unchanged* or not.
"""

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import NameOID

FIELD, READABLE_FIELD = "Seal", "Seal of the agency"
YEARS = 10
OWN_AUTHORITY = "Own authority of this clinic-audit installation"
UNCHANGED, CHANGED, EXTENDED = "unchanged", "changed", "extended"
UNSEALED, FOREIGN, UNREADABLE = "unsealed", "foreign", "unreadable"
# What a parser says of a file whose bytes were made to mislead it.
BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_PEM, _DER = serialization.Encoding.PEM, serialization.Encoding.DER


@dataclass(frozen=True)
class SealKeys:
    """What seals: the signer's certificate and private key, and the authorities above it, all as PEM."""

    certificate: bytes
    key: bytes
    chain: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """Whom the certificate names."""
        return name_of(self.certificate)


@dataclass(frozen=True)
class Judgement:
    """What can be said of a file: ``unchanged``, ``changed`` or ``extended`` after sealing, ``unsealed``,
    sealed by somebody else (``foreign``), or ``unreadable``; with whom the seal names and when it says it was made."""

    state: str
    by: str = ""
    sealed_at: datetime | None = None


def name_of(certificate: bytes) -> str:
    """Whom a certificate (PEM) names."""
    return x509.load_pem_x509_certificate(certificate).subject.rfc4514_string()


class NoSealKey(ValueError):
    """The key, the certificate or the chain do not belong together, or are past their time."""


def own_authority(agency: str, at: datetime) -> SealKeys:
    """An authority of one's own and a signer below it, both P-256, both for ten years, both named as what they are."""
    root_key, signer_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = _name(agency, OWN_AUTHORITY)
    root = _certificate(root_name, root_key.public_key(), root_name, root_key, at, authority=True)
    name = _name(agency, "Seal of inspection reports (own authority)")
    signer = _certificate(name, signer_key.public_key(), root_name, root_key, at, authority=False)
    return SealKeys(signer.public_bytes(_PEM), _private(signer_key), (root.public_bytes(_PEM),))


def imported(certificate: bytes, key: bytes, chain: Sequence[bytes], at: datetime) -> SealKeys:
    """A certificate that somebody else issued, once it was looked at.

    Raises:
        NoSealKey: with what is wrong, in words.
    """
    try:
        signer = x509.load_pem_x509_certificate(certificate)
        private = serialization.load_pem_private_key(key, None)
        above = [x509.load_pem_x509_certificate(one) for one in chain]
    except (ValueError, TypeError) as error:
        raise NoSealKey("These are not a PEM certificate and a PEM key without a password.") from error
    if signer.public_key() != private.public_key():
        raise NoSealKey("The key does not belong to the certificate.")
    if not signer.not_valid_before_utc <= at <= signer.not_valid_after_utc:
        raise NoSealKey("The certificate is not in force today.")
    if not above:
        raise NoSealKey("Give the authority that issued the certificate too.")
    return SealKeys(signer.public_bytes(_PEM), key, tuple(one.public_bytes(_PEM) for one in above))


def seal(pdf: bytes, keys: SealKeys, reason: str) -> bytes:
    """The file with its seal appended; every byte of the file stays where it was.

    Takes some 90 ms. Two seals of one file differ, so a sealed file is made once and kept.
    """
    # pyHanko costs a third of a second to load; most requests never seal.
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    registry = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for one in keys.chain:
        registry.register(_asn1(one))
    private = serialization.load_pem_private_key(keys.key, None)
    signer = signers.SimpleSigner(
        signing_cert=_asn1(keys.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            private.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        ),
        cert_registry=registry,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, fields.SigFieldSpec(FIELD, readable_field_name=READABLE_FIELD))
    told = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    sealed = apart(lambda: signers.PdfSigner(told, signer).sign_pdf(writer))
    return bytes(sealed.getvalue())


def judge(pdf: bytes, roots: Sequence[bytes]) -> Judgement:
    """What can be said of a file that claims to be a sealed report. ``roots`` are the authorities believed, as PEM.

    No seal and anything after the seal count as loudly as a broken one.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        seals = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except (PdfError, *BROKEN):
        return Judgement(UNREADABLE)
    if not seals:
        return Judgement(UNSEALED)
    try:
        trust = ValidationContext(trust_roots=[_asn1(one) for one in roots], allow_fetching=False)
        status = apart(lambda: validate_pdf_signature(seals[0], trust))
    except (PdfError, *BROKEN):
        return Judgement(CHANGED)
    by, when = status.signing_cert.subject.human_friendly, status.signer_reported_dt
    if not (status.intact and status.valid):
        return Judgement(CHANGED, by, when)
    if len(seals) > 1 or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        return Judgement(EXTENDED, by, when)
    return Judgement(UNCHANGED if status.trusted else FOREIGN, by, when)


def apart(work: Callable[[], Any]) -> Any:
    """Work in a thread of its own: pyHanko begins an event loop, and there may be one where we are called."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


def _asn1(pem: bytes) -> asn1.Certificate:
    return asn1.Certificate.load(x509.load_pem_x509_certificate(pem).public_bytes(_DER))


def _private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _name(agency: str, what: str) -> x509.Name:
    # A name in a certificate has at most 64 characters.
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, agency[:64] or "Agency"),
            x509.NameAttribute(NameOID.COMMON_NAME, what[:64]),
        ]
    )


def _certificate(
    name: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: CertificateIssuerPrivateKeyTypes,
    at: datetime,
    *,
    authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        not authority, not authority, False, False, False, authority, authority, False, False
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(authority, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(_issuer_id(issuer_key), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _issuer_id(issuer_key: CertificateIssuerPrivateKeyTypes) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
