"""Settings come from the environment once, wrong ones are named, and the secret key is made exactly once."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, fields, replace
from pathlib import Path

import pytest

from audit import config
from audit.config import BadSetting, Settings

ROOT = Path(__file__).parents[1]


def test_nothing_set_gives_the_defaults():
    assert config.read({}) == Settings()
    assert config.read({"CLINIC_AUDIT_PORT": " ", "PORT": "9"}) == Settings()


def test_every_field_has_its_variable():
    assert set(config.VARIABLES) == {f"CLINIC_AUDIT_{field.name.upper()}" for field in fields(Settings)}


def test_everything_set_is_read():
    settings = config.read(
        {
            "CLINIC_AUDIT_DATA": "/srv/audit",
            "CLINIC_AUDIT_HOST": "[::1]",
            "CLINIC_AUDIT_PORT": "8443",
            "CLINIC_AUDIT_WORKERS": "4",
            "CLINIC_AUDIT_TLS_CERT": "cert.pem",
            "CLINIC_AUDIT_TLS_KEY": "key.pem",
            "CLINIC_AUDIT_BEHIND_PROXY": "1",
            "CLINIC_AUDIT_HOSTS": "audit.example, audit.test",
            "CLINIC_AUDIT_LOG_LEVEL": "Debug",
            "CLINIC_AUDIT_DEMO": "yes",
            "CLINIC_AUDIT_MAIL": "smtp",
            "CLINIC_AUDIT_MAIL_HOST": "mail.example",
            "CLINIC_AUDIT_MAIL_PORT": "465",
            "CLINIC_AUDIT_MAIL_TLS": "TLS",
            "CLINIC_AUDIT_MAIL_USER": "agency",
            "CLINIC_AUDIT_MAIL_PASSWORD": "a word",
            "CLINIC_AUDIT_MAIL_PASSWORD_FILE": "/run/secrets/mail",
            "CLINIC_AUDIT_MAIL_FROM": "audit@agency.example",
        }
    )
    assert settings == Settings(
        data=Path("/srv/audit"),
        host="::1",
        port=8443,
        workers=4,
        tls_cert=Path("cert.pem"),
        tls_key=Path("key.pem"),
        behind_proxy=1,
        hosts=("audit.example", "audit.test"),
        log_level="debug",
        demo=True,
        mail="smtp",
        mail_host="mail.example",
        mail_port=465,
        mail_tls="tls",
        mail_user="agency",
        mail_password="a word",
        mail_password_file=Path("/run/secrets/mail"),
        mail_from="audit@agency.example",
    )
    assert "a word" not in repr(settings)


@pytest.mark.parametrize(
    ("settings", "trusted"),
    [
        (Settings(), config.LOOPBACK),
        (Settings(behind_proxy=1), config.LOOPBACK),
        (
            Settings(host="0.0.0.0", behind_proxy=1, hosts=("audit.example",)),
            ["audit.example", *config.LOOPBACK],
        ),
    ],
)
def test_names_that_may_be_asked_for(settings, trusted):
    assert settings.trusted_hosts == trusted


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(), "http://localhost:8000"),
        (
            Settings(host="0.0.0.0", behind_proxy=1, hosts=(".below.example", "audit.example")),
            "https://audit.example",
        ),
        (
            Settings(host="0.0.0.0", tls_cert=Path("c"), hosts=("audit.example",)),
            "https://audit.example:8000",
        ),
        (Settings(host="0.0.0.0", tls_cert=Path("c"), hosts=(".example",)), "https://localhost:8000"),
    ],
)
def test_the_address_to_print_is_the_one_browsers_use(settings, address):
    assert settings.url == address


def test_settings_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "http", "must be a whole number from 1 to 65535, not 'http'"),
        ("PORT", "0", "must be a whole number from 1 to 65535"),
        ("PORT", "٣", "must be a whole number"),
        ("WORKERS", "-1", "must be a whole number from 1 to 64"),
        ("HOSTS", "audit.example,[::1]", "IPv6 addresses cannot be matched"),
        ("HOSTS", "https://audit.example", "without http:// and port"),
        ("BEHIND_PROXY", "yes", "must be a whole number from 0 to 9"),
        ("LOG_LEVEL", "loud", "must be one of debug, info, warning, error"),
        ("DEMO", "perhaps", "must be yes or no"),
        ("HOST", "http://here", "must be a host name or an address"),
        ("MAIL", "pigeon", "must be one of file, log, smtp"),
        ("MAIL_TLS", "maybe", "must be one of starttls, tls, none"),
        ("MAIL_FROM", "Agency <a@b.example>", "must be an e-mail address"),
        ("PROT", "8000", "CLINIC_AUDIT_PROT is no setting of clinic-audit"),
    ],
)
def test_a_wrong_value_is_named(name, value, words):
    with pytest.raises(BadSetting) as fault:
        config.read({f"CLINIC_AUDIT_{name}": value})
    assert f"CLINIC_AUDIT_{name}" in str(fault.value)
    assert words in str(fault.value)


def test_all_faults_are_told_at_once():
    with pytest.raises(BadSetting) as fault:
        config.read({"CLINIC_AUDIT_PORT": "x", "CLINIC_AUDIT_DEMO": "x", "CLINIC_AUDIT_X": "x"})
    assert len(str(fault.value).splitlines()) == 3


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.1.1", "localhost", "::1"])
def test_this_machine_alone_needs_no_tls(host):
    assert config.checked(Settings(host=host)) == Settings(host=host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "clinic.example", "127.example"])
def test_others_are_served_only_through_tls(host, tmp_path):
    with pytest.raises(BadSetting, match="--behind-proxy"):
        config.checked(Settings(host=host))
    (tmp_path / "pem").touch()
    config.checked(Settings(host=host, behind_proxy=1))
    config.checked(Settings(host=host, tls_cert=tmp_path / "pem", tls_key=tmp_path / "pem"))


def test_tls_needs_both_files(tmp_path):
    (tmp_path / "pem").touch()
    with pytest.raises(BadSetting, match="both the certificate and its key"):
        config.checked(Settings(tls_cert=tmp_path / "pem"))
    with pytest.raises(BadSetting, match="there is no file"):
        config.checked(Settings(tls_cert=tmp_path / "pem", tls_key=tmp_path / "other"))


def test_a_mail_server_needs_what_it_takes(tmp_path):
    server = Settings(mail="smtp", mail_host="mail.example", mail_from="a@b.example")
    assert config.checked_mail(Settings()) == Settings() and config.checked_mail(server) == server
    with pytest.raises(BadSetting, match="MAIL_HOST and CLINIC_AUDIT_MAIL_FROM"):
        config.checked_mail(Settings(mail="smtp"))
    with pytest.raises(BadSetting, match="readable"):
        config.checked_mail(replace(server, mail_tls="none", mail_user="agency"))
    config.checked_mail(replace(server, mail_tls="none", mail_user="agency", mail_host="127.0.0.1"))
    with pytest.raises(BadSetting, match="cannot be read"):
        config.checked_mail(replace(server, mail_password_file=tmp_path / "none"))
    (tmp_path / "word").write_text("of the file\n")
    named = replace(server, mail_password="of the environment", mail_password_file=tmp_path / "word")
    assert config.mail_password(named) == "of the file" and config.mail_password(server) == ""


def test_the_address_to_print():
    assert Settings().url == "http://localhost:8000"
    assert Settings(host="0.0.0.0", behind_proxy=1, port=80).url == "http://localhost:80"
    assert Settings(host="fd00::5", tls_cert=Path("c"), tls_key=Path("k")).url == "https://[fd00::5]:8000"


def test_cookies_may_demand_tls_only_where_there_is_one():
    assert not Settings().secure
    assert Settings(behind_proxy=1).secure
    assert Settings(tls_cert=Path("c"), tls_key=Path("k")).secure


def test_the_key_is_made_once_and_kept_from_others(tmp_path):
    data = tmp_path / "new" / "data"
    key = config.secret_key(data)
    assert len(key) == 32
    assert config.secret_key(data) == key
    assert [path.name for path in data.iterdir()] == ["secret.key"]
    if os.name == "posix":
        assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert config.secret_key(tmp_path / "other") != key


def test_workers_that_start_together_have_one_key(tmp_path):
    script = "import sys, pathlib, audit.config as c; print(c.secret_key(pathlib.Path(sys.argv[1])).hex())"

    def start(_: int) -> str:
        command = [sys.executable, "-c", script, str(tmp_path / "data")]
        return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    with ThreadPoolExecutor(8) as pool:
        processes = set(pool.map(start, range(8)))
        threads = set(pool.map(lambda _: config.secret_key(tmp_path / "threads"), range(64)))
    assert len(processes) == 1
    assert len(threads) == 1
    assert [path.name for path in (tmp_path / "threads").iterdir()] == ["secret.key"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps permissions elsewhere")
def test_a_key_that_others_may_read_is_refused(tmp_path):
    config.secret_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o640)
    with pytest.raises(BadSetting, match="chmod 600"):
        config.secret_key(tmp_path)


def test_a_damaged_key_is_refused_not_replaced(tmp_path):
    config.secret_key(tmp_path)
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(BadSetting, match="damaged"):
        config.secret_key(tmp_path)
    assert (tmp_path / "secret.key").read_bytes() == b"short"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BadSetting, match="cannot be made or read"):
        config.secret_key(tmp_path / "file" / "data")
