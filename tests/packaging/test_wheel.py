"""The wheel holds everything the checkout holds, and works in an empty environment from any folder."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("audit", "forms", "reports", "templates")
pytestmark = pytest.mark.timeout(600)


def run(*command: str | Path, cwd: Path) -> str:
    """What the command printed; its complaint when it failed. It sees nothing of this run's settings."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("CLINIC_AUDIT_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=clean, capture_output=True, text=True, check=False
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
    run(sys.executable, "-m", "venv", place / "venv", cwd=place)
    programs = place / "venv" / ("Scripts" if os.name == "nt" else "bin")
    uv = Path(sys.executable).with_name("uv")
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
