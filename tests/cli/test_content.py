"""Checklists are listed, checked, shown and published."""

import json
import shutil

import pytest

from audit.domain.canonical import sha256_of
from forms import library

PACKS = ("ca-on-toronto", "us", "us-al", "us-ca")
INSPECTION = ("smp-clinic-inspection", "--pack", "us-ca")


@pytest.fixture
def definitions(tmp_path):
    """A copy of the shipped definitions, to be broken."""
    for name in ("catalogue", "checklists", "packs", "languages"):
        shutil.copytree(library.HERE / name, tmp_path / "forms" / name)
    return tmp_path / "forms"


def test_the_shipped_ones_are_published_at_the_first_start(run, made):
    rows = json.loads(run("checklists", "list", "--json", "--data", made).stdout)
    assert {(row["key"], row["pack"], row["version"], row["current"]) for row in rows} == {
        (key, pack, 1, True) for key in ("smp-clinic-inspection", "smp-clinic-self-audit") for pack in PACKS
    }
    assert set(rows[0]) == {
        "key", "pack", "version", "current", "kind", "title", "jurisdiction", "sha256", "published_at",
    }  # fmt: skip
    told = run("checklists", "list", "--data", made).stdout
    assert "*  smp-clinic-inspection" in told
    assert "other content" not in told


def test_the_shipped_definitions_have_no_faults(run):
    assert run("checklists", "check").stdout.startswith(
        "110 items, 2 checklists, 4 packs, in en, es: no faults"
    )


def test_all_faults_of_a_definition_are_listed_with_their_place(run, definitions):
    needles = definitions / "catalogue" / "G-needles.toml"
    text = needles.read_text("utf-8")
    text = text.replace('severity = "critical"', 'severity = "grave"', 1).replace(
        "corrective =", "correct =", 1
    )
    needles.write_text(text, "utf-8")
    told = run("checklists", "check", definitions, code=1).stderr
    assert len([line for line in told.splitlines() if "G-needles.toml" in line]) >= 3
    assert "needles.single-use" in told
    assert "severity" in told


def test_faults_of_a_translation_are_listed_alike(run, definitions):
    needles = definitions / "languages" / "es" / "G-needles.toml"
    text = needles.read_text("utf-8")
    needles.write_text(
        text.replace("look =", "loook =", 1).replace("needles.expiry", "needles.expired", 1), "utf-8"
    )
    told = run("checklists", "check", definitions, code=1).stderr
    assert "es/G-needles.toml: item: needles.single-use: look: is missing" in told
    needles.write_text(text.replace("needles.expiry", "needles.expired", 1), "utf-8")
    told = run("checklists", "check", definitions, code=1).stderr
    assert "es/G-needles.toml: needles.expired: there is no such item" in told
    assert "es: item needles.expiry: is not translated" in told


def test_definitions_need_no_other_language(run, definitions):
    shutil.rmtree(definitions / "languages")
    assert "in en: no faults" in run("checklists", "check", definitions).stdout


def test_a_published_document_is_printed_as_it_was_hashed(run, made):
    printed = run("checklists", "show", *INSPECTION, "--json", "--data", made).stdout
    document = json.loads(printed)
    assert document["format"] == "clinic-audit/checklist/1"
    rows = json.loads(run("checklists", "list", "--json", "--data", made).stdout)
    wanted = next(row for row in rows if (row["key"], row["pack"]) == ("smp-clinic-inspection", "us-ca"))
    assert sha256_of(document) == wanted["sha256"]


def test_a_checklist_can_be_read(run, made):
    told = run("checklists", "show", *INSPECTION, "--data", made).stdout
    assert "G-01  " in told
    assert "CA 119311(f)" in told
    assert "(unconfirmed)" in told


def test_a_checklist_can_be_read_in_its_other_languages(run, made):
    told = run("checklists", "show", *INSPECTION, "--lang", "es", "--data", made).stdout
    assert told.startswith("Inspección de clínica de SMP · California (Ley de Arte Corporal Seguro")
    assert "G. Agujas, cartuchos y otros artículos de un solo uso" in told
    assert "G-01  ¿Se usan las agujas y los cartuchos en un solo cliente y luego se desechan?" in told
    assert "CA 119311(f)" in told
    refused = run("checklists", "show", *INSPECTION, "--lang", "fr", "--data", made, code=1).stderr
    assert "en, es" in refused


def test_what_is_not_published_is_said(run, made):
    told = run(
        "checklists", "show", "smp-clinic-inspection", "--pack", "us-zz", "--data", made, code=1
    ).stderr
    assert "us-zz" in told
    run("checklists", "show", *INSPECTION, "--version", "9", "--data", made, code=1)
    run("checklists", "show", "smp-clinic-inspection", "--data", made, code=2)


def test_equal_content_publishes_nothing(run, empty):
    told = run("checklists", "publish", "all", "--data", empty).stdout
    assert told.count("was published already") == 2 * len(PACKS)
    assert len(json.loads(run("checklists", "list", "--json", "--data", empty).stdout)) == 2 * len(PACKS)


def test_other_content_is_the_next_version(run, empty, definitions, monkeypatch):
    needles = definitions / "catalogue" / "G-needles.toml"
    text = needles.read_text("utf-8")
    needles.write_text(text.replace("reason = ", 'reason = "Shown so. " # ', 1), "utf-8")
    read = library.read
    monkeypatch.setattr(library, "read", lambda folder=definitions: read(folder))
    assert "smp-clinic-inspection under us-ca" in run("checklists", "list", "--data", empty).stdout
    told = run("checklists", "publish", *INSPECTION, "--data", empty).stdout
    assert told == "smp-clinic-inspection under us-ca: version 2 published\n"
    rows = json.loads(run("checklists", "list", "--json", "--data", empty).stdout)
    assert [(row["version"], row["current"]) for row in rows if row["pack"] == "us-ca"][:2] == [
        (2, True),
        (1, False),
    ]


def test_what_is_not_shipped_cannot_be_published(run, empty):
    assert "is shipped" in run("checklists", "publish", "tattoo-fair", "--data", empty, code=1).stderr
