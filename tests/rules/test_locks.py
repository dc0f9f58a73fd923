"""The lock files name exact versions with hashes, hold every dependency, and tell nothing of whoever made them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS = PROJECT["dependency-groups"]
RUN = PROJECT["project"]["dependencies"]
LOCKS = {
    "requirements.lock": RUN,
    "tests/requirements.lock": [*RUN, *GROUPS["dev"]],
    "tests/bench/requirements.lock": GROUPS["bench"],
    "tests/security/requirements.lock": GROUPS["security"],
    "tests/tools/build.lock": GROUPS["build"],
    "tests/tools/uv.lock": GROUPS["uv"],
}
PIN = re.compile(r"^[a-z0-9][a-z0-9.-]*==[A-Za-z0-9.+!]+( ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def pins(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    found = [Requirement(line.removesuffix("\\").strip()) for line in lines if PIN.match(line)]
    return {pin.name: str(pin.specifier).removeprefix("==") for pin in found}


@pytest.mark.parametrize("name", LOCKS)
def test_nothing_but_pins_and_hashes(name):
    lines = (ROOT / name).read_text("utf-8").splitlines()
    strange = [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    assert not strange
    bare = [
        one
        for one, two in zip(lines, [*lines[1:], ""], strict=True)
        if PIN.match(one) and not HASH.match(two)
    ]
    assert not bare


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_holds_what_is_asked_for(name):
    locked = pins(name)
    for requirement in map(Requirement, LOCKS[name]):
        version = locked.get(re.sub(r"[-_.]+", "-", requirement.name).lower())
        assert version, f"{name} lacks {requirement.name}: make lock"
        assert requirement.specifier.contains(version), f"{name} has {requirement.name} {version}: make lock"


@pytest.mark.parametrize("name", [name for name in LOCKS if name != "requirements.lock"])
def test_the_locks_agree(name):
    """Tests run with the versions that are shipped."""
    shipped = pins("requirements.lock")
    assert not {
        package: (version, shipped[package])
        for package, version in pins(name).items()
        if shipped.get(package, version) != version
    }
