"""The wheel holds everything the checkout holds, and works in an empty environment from any folder."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("audit", "forms", "reports", "templates")
pytestmark = pytest.mark.timeout(600)


def environment() -> dict[str, str]:
    """The environment of programs started here: nothing of this run's settings."""
    ours = ("CLINIC_AUDIT_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed; its complaint when it failed."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy, so that nothing is left behind in the checkout."""
    copy = tmp_path_factory.mktemp("copy")
    unwanted = shutil.ignore_patterns("__pycache__", "*.pyc")
    for room in ROOMS:
        shutil.copytree(ROOT / room, copy / room, ignore=unwanted)
    for file in ("pyproject.toml", "LICENSE", "README.md", "CHANGELOG.md"):
        if (ROOT / file).exists():
            shutil.copy(ROOT / file, copy)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", copy / "dist", cwd=copy)
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment that holds the wheel, the locked packages and nothing else."""
    place = tmp_path_factory.mktemp("installed")
    uv = Path(sys.executable).with_name("uv")
    bare = ["--without-pip"] if uv.exists() else []  # pip compiles itself for seconds
    run(sys.executable, "-m", "venv", *bare, place / "venv", cwd=place)
    programs = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    pip = (
        [uv, "pip", "install", "--python", programs / "python"]
        if uv.exists()
        else [programs / "pip", "install"]
    )
    run(*pip, "--require-hashes", "-r", ROOT / "requirements.lock", cwd=place)
    run(*pip, "--no-deps", wheel, cwd=place)
    return programs


def test_the_wheel_holds_every_file(wheel):
    held = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert not wanted - held
    assert not {name for name in held if name.split("/")[0] not in ROOMS and ".dist-info/" not in name}


def test_the_command_works_from_another_folder(installed, tmp_path):
    assert "Usage: clinic-audit" in run(installed / "clinic-audit", "--help", cwd=tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_rooms_come_from_the_wheel(installed, tmp_path):
    places = run(
        installed / "python",
        "-c",
        "import audit, forms, reports; print(audit.__file__, forms.__file__)",
        cwd=tmp_path,
    )
    assert str(ROOT) not in places


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return str(answer.read().decode("utf-8"))


@pytest.fixture(scope="module")
def served(installed, tmp_path_factory):
    """The address and data folder of an installed server, started where there is nothing of the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [
        installed / "clinic-audit",
        "serve",
        "--data",
        folder / "data",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=environment(), stdout=log, stderr=log) as server,
    ):
        until = time.monotonic() + 60
        while True:
            try:
                page(f"{address}/healthz")
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                assert time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.2)
        yield address, folder / "data"
        server.terminate()
        assert server.wait(30) == 0, (folder / "log").read_text()


def test_an_installed_server_finds_its_pages_and_styles(served):
    address, _ = served
    first = page(address)
    assert "<form" in first
    looks = re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="([^"]+)"', first)
    assert looks
    assert all(page(address + look) for look in looks)


def test_an_installed_command_finds_its_checklists_and_fonts(installed, served, tmp_path):
    data = ("--data", served[1])
    clinic_audit = installed / "clinic-audit"
    first = json.loads(run(clinic_audit, "checklists", "list", "--json", *data, cwd=tmp_path))[0]
    chosen = ("--checklist", first["key"], "--pack", first["pack"])
    run(clinic_audit, "report", "--kind", "blank", *chosen, "-o", tmp_path / "form.pdf", *data, cwd=tmp_path)
    assert (tmp_path / "form.pdf").read_bytes().startswith(b"%PDF-")
