"""By which names browsers reach the server: as told, else as its certificate and the agency say. Never by any name.

Who could choose the name would choose where passkeys belong and where links in letters and on paper lead.
"""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from audit import config
from audit.config import Settings

UNKNOWN = (
    "nobody said by which names browsers reach this, and whoever asked by a name of theirs would be answered: give"
    " --hosts audit.example (CLINIC_AUDIT_HOSTS), with commas between several"
)


def named(settings: Settings, site: str = "") -> Settings:
    """The settings with the names browsers use: those of the setting alone, or else those of the TLS certificate, the
    address to listen on, and the agency's own address (``site``). On this machine alone none is needed.

    Raises:
        BadSetting: when there is none, or the certificate cannot be read.
    """
    if settings.hosts or (settings.loopback and not settings.behind_proxy):
        return settings
    found = [*_in_certificate(settings.tls_cert), *_listening(settings), urlsplit(site).hostname or ""]
    names = tuple(dict.fromkeys(name.lower() for name in found if name and ":" not in name))
    if not names:
        raise config.BadSetting(UNKNOWN)
    return replace(settings, hosts=names)


def _in_certificate(path: Path | None) -> Iterator[str]:
    """The names a certificate is for; ``*.example`` is written ``.example``, which stands for all below it."""
    if path is None:
        return
    try:
        first = x509.load_pem_x509_certificate(path.read_bytes())
        told = first.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return
    except (OSError, ValueError) as error:
        raise config.BadSetting(f"TLS: {path} is no certificate that can be read") from error
    yield from (name.removeprefix("*") for name in told.get_values_for_type(x509.DNSName))
    yield from (str(one) for one in told.get_values_for_type(x509.IPAddress) if isinstance(one, IPv4Address))


def _listening(settings: Settings) -> Iterator[str]:
    """The address itself, where browsers come straight to it."""
    if not settings.behind_proxy and settings.host not in ("0.0.0.0", "::"):
        yield settings.host
