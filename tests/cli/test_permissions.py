"""Who may do what is printed from the table the deeds ask."""

import json

from audit.domain.people import DEEDS, ROLES, Person, may


def test_every_deed_is_printed_with_its_reach(run):
    head, *lines = run("permissions").stdout.splitlines()
    assert head.split() == ["deed", *ROLES]
    assert [line.split()[0] for line in lines] == [*DEEDS]
    (seal,) = [line for line in lines if line.startswith("inspection.seal ")]
    assert seal.split("  ")[-1].strip() == "no" and "every clinic" in seal
    (read,) = [line for line in lines if line.startswith("inspection.read ")]
    assert read.split("  ")[-2].strip() == "own clinics, once sealed" and read.endswith("no")


def test_what_is_printed_is_what_is_asked(run):
    told = json.loads(run("permissions", "--json").stdout)
    assert set(told) == set(DEEDS)
    for role in ROLES:
        somebody = Person("p", "p", "P", role, frozenset({"mine"}), practitioners=frozenset({"me"}))
        for deed, reaches in told.items():
            assert may(somebody, deed, "mine", practitioner="me") == (role in reaches)
            assert may(somebody, deed, "theirs") == (reaches.get(role) == "every clinic")
