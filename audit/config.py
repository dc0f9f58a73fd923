"""What the installation is told from outside: CLINIC_AUDIT_… variables, read once into one frozen value.

The command line may replace single fields (dataclasses.replace); nothing below the top looks at the environment.
"""

import contextlib
import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PREFIX = "CLINIC_AUDIT_"
LOG_LEVELS = ("debug", "info", "warning", "error")
CARRIERS, MAIL_TLS = ("file", "log", "smtp"), ("starttls", "tls", "none")
NO_SENDER = "clinic-audit@localhost.invalid"  # in letters that only ever lie in a folder
LOOPBACK = ["localhost", "127.0.0.1"]
KEY_FILE = "secret.key"
KEY_BYTES = 32


class BadSetting(Exception):
    """A setting that cannot be used; its text names the variable and says what would be right."""


@dataclass(frozen=True)
class Settings:
    """One running installation. Every field is the variable CLINIC_AUDIT_<FIELD IN CAPITALS>."""

    data: Path = Path("clinic-audit-data")  # the folder that holds one agency: database, photos, reports, key
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: int = 0  # trusted proxies in front, each adding one X-Forwarded-… entry; 0: none
    # The names browsers reach this by; a request by any other is refused. None: as certificate and agency say.
    hosts: tuple[str, ...] = ()
    log_level: str = "info"
    demo: bool = False
    mail: str = "file"  # where letters go: files in the data folder's outbox, the log, or a mail server
    mail_host: str = ""
    mail_port: int = 587
    mail_tls: str = "starttls"
    mail_user: str = ""
    mail_password: str = field(default="", repr=False)
    mail_password_file: Path | None = None
    mail_from: str = ""
    anchor_mail: str = ""  # where the head of the trail goes every day, besides the data folder
    tsa_url: str = (
        ""  # a time-stamp authority (RFC 3161) that stamps reports after their seal; none: none is asked
    )

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return _is_loopback(self.host)

    @property
    def trusted_hosts(self) -> list[str]:
        """The names a request may ask for. Who could choose the name could give passkeys a home of theirs."""
        return [*self.hosts, *LOOPBACK]

    @property
    def tls(self) -> bool:
        return self.tls_cert is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach this through TLS, ours or the proxy's, so that cookies may demand it."""
        return self.tls or self.behind_proxy > 0

    @property
    def url(self) -> str:
        """The address to print: by the first name that was given, at the proxy where there is one. Without a name a
        wildcard host is reached by the machine's own."""
        named = next((name for name in self.hosts if not name.startswith(".")), "")
        if named and self.behind_proxy:
            return f"https://{named}"
        host = named or ("localhost" if self.loopback or self.host in ("0.0.0.0", "::") else self.host)
        return f"{'https' if self.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def certain_url(self) -> str:
        """The same where it is certain; empty where browsers reach this by names that only a pattern was given for
        (``.example``)."""
        named = any(not name.startswith(".") for name in self.hosts)
        return self.url if named or (self.loopback and not self.behind_proxy) else ""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the environment, defaults where nothing is set or the value is empty.

    Raises BadSetting with all faults at once, one a line: unknown variables and values of the wrong kind. Whether
    they go together is asked by checked(), once the command line's options lie over them.
    """
    environment = os.environ if environment is None else environment
    given = {name: value.strip() for name, value in environment.items() if name.startswith(PREFIX)}
    faults = [
        f"{name} is no setting of clinic-audit" for name in sorted(given.keys() - _READERS.keys() - _NOT_OURS)
    ]
    values: dict[str, Any] = {}
    for name, reader in _READERS.items():
        if given.get(name):
            try:
                values[name.removeprefix(PREFIX).lower()] = reader(given[name])
            except ValueError as fault:
                faults.append(f"{name} {fault}, not {given[name]!r}")
    if faults:
        raise BadSetting("\n".join(faults))
    return Settings(**values)


def checked_mail(settings: Settings) -> Settings:
    """The same settings, or BadSetting when letters cannot be sent with them, or would give the password away."""
    if settings.mail != "smtp":
        return settings
    lacking = [name for name in ("mail_host", "mail_from") if not getattr(settings, name)]
    if lacking:
        raise BadSetting(f"a mail server needs {' and '.join(PREFIX + name.upper() for name in lacking)} too")
    if settings.mail_user and settings.mail_tls == "none" and not _is_loopback(settings.mail_host):
        raise BadSetting(
            f"{PREFIX}MAIL_TLS none would send the password of {settings.mail_user} readable: use starttls or tls"
        )
    mail_password(settings)
    return settings


def mail_password(settings: Settings) -> str:
    """The password for the mail server, out of its file when one is named; BadSetting when that cannot be read."""
    path = settings.mail_password_file
    if path is None:
        return settings.mail_password
    try:
        return path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadSetting(f"{PREFIX}MAIL_PASSWORD_FILE: {path} cannot be read as text") from fault


def checked(settings: Settings) -> Settings:
    """The same settings, or BadSetting when a server must not be started with them."""
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise BadSetting(
            "TLS needs both the certificate and its key (CLINIC_AUDIT_TLS_CERT, CLINIC_AUDIT_TLS_KEY)"
        )
    for path in (settings.tls_cert, settings.tls_key):
        if path is not None and not path.is_file():
            raise BadSetting(f"TLS: there is no file {path}")
    if not settings.loopback and not settings.secure:
        raise BadSetting(
            f"{settings.host} can be reached from other machines, and without TLS passwords would travel readable and"
            " tablets could not work offline: give --tls-cert and --tls-key, or --behind-proxy when a proxy does TLS"
        )
    return settings


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def secret_key(data: Path) -> bytes:
    """The installation's secret key (32 bytes), made in the data folder on the first call.

    Safe when several processes start at once: the key is written whole and synced under a name of its own, then
    linked to its final name, which succeeds for exactly one of them; all others read that one's key. Raises
    BadSetting when the file is not a key, or when others could read it.
    """
    path = data / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        return _read_key(path)
    except OSError as fault:
        raise BadSetting(f"{path} cannot be made or read: {fault.strerror}") from fault


def _make_key(path: Path) -> None:
    data = path.parent
    data.mkdir(parents=True, exist_ok=True)
    draft = data / f".tmp-{secrets.token_hex(8)}"
    _write_synced(draft, secrets.token_bytes(KEY_BYTES))
    try:
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    _sync_folder(data)


def _read_key(path: Path) -> bytes:
    with open(path, "rb") as file:
        if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
            raise BadSetting(f"others may read {path}: chmod 600 {path}")
        key = file.read(KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise BadSetting(f"{path} is damaged; move it away and everybody signs in anew")
    return key


def _write_synced(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a new name in the folder survive a power cut; Windows does so by itself and has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _between(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return number


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("1", "0", "yes", "no", "true", "false"):
        raise ValueError("must be yes or no")
    return text.lower() in ("1", "yes", "true")


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def choice(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text.lower()

    return choice


def _address(text: str) -> str:
    local, _, domain = text.rpartition("@")
    if (
        not local
        or not domain
        or not text.isascii()
        or not text.isprintable()
        or set(text) & set(' <>,;:"()')
    ):
        raise ValueError("must be an e-mail address")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username
        or not text.isprintable()
    ):
        raise ValueError("must be an address such as https://tsa.example/tsr")
    return text


def _host(text: str) -> str:
    if any(sign.isspace() or sign in "/@" for sign in text):
        raise ValueError("must be a host name or an address, without http:// and port")
    return text.removeprefix("[").removesuffix("]")


def read_hosts(text: str) -> tuple[str, ...]:
    """Names with commas between them; ValueError for what is none."""
    names = tuple(_host(name.strip()) for name in text.split(",") if name.strip())
    if any(":" in name for name in names):
        raise ValueError("must be host names with commas between them; IPv6 addresses cannot be matched")
    return names


_READERS: dict[str, Callable[[str], object]] = {
    PREFIX + "DATA": Path,
    PREFIX + "HOST": _host,
    PREFIX + "PORT": _between(1, 65535),
    PREFIX + "WORKERS": _between(1, 64),
    PREFIX + "TLS_CERT": Path,
    PREFIX + "TLS_KEY": Path,
    PREFIX + "BEHIND_PROXY": _between(0, 9),
    PREFIX + "HOSTS": read_hosts,
    PREFIX + "LOG_LEVEL": _one_of(LOG_LEVELS),
    PREFIX + "DEMO": _yes_or_no,
    PREFIX + "MAIL": _one_of(CARRIERS),
    PREFIX + "MAIL_HOST": _host,
    PREFIX + "MAIL_PORT": _between(1, 65535),
    PREFIX + "MAIL_TLS": _one_of(MAIL_TLS),
    PREFIX + "MAIL_USER": str,
    PREFIX + "MAIL_PASSWORD": str,
    PREFIX + "MAIL_PASSWORD_FILE": Path,
    PREFIX + "MAIL_FROM": _address,
    PREFIX + "ANCHOR_MAIL": _address,
    PREFIX + "TSA_URL": _url,
}
# Read by the tests, never by the program.
_NOT_OURS = {PREFIX + "REQUIRE_ALL"}

VARIABLES = tuple(_READERS)
