"""Every setting is explained in README.md, and nothing is explained there that does not exist."""

import re
from dataclasses import fields
from pathlib import Path

from audit import config

README = Path(__file__).parents[2] / "README.md"
FOR_TESTS = {"CLINIC_AUDIT_REQUIRE_ALL"}


def mentioned() -> set[str]:
    text = README.read_text("utf-8") if README.exists() else ""
    return set(re.findall(r"CLINIC_AUDIT_[A-Z0-9_]*[A-Z0-9]", text))


def test_every_setting_is_in_the_readme():
    defaults = {f"CLINIC_AUDIT_{field.name.upper()}": field.default for field in fields(config.Settings)}
    lacking = [
        f"| `{name}` | `{defaults[name]}` | … |" for name in config.VARIABLES if name not in mentioned()
    ]
    assert not lacking, "put a line for each of these into README.md:\n" + "\n".join(lacking)


def test_the_readme_names_no_setting_that_does_not_exist():
    assert not mentioned() - set(config.VARIABLES) - FOR_TESTS
