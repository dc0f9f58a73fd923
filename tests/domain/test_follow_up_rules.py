"""What may be wrong with the rules for coming back that a pack is written with."""

import pytest

from tests.domain.test_definitions import spoilt

FOLLOW_UP = {"routine_days": 180, "check_days": 30, "source": "XX 16", "certainty": "verified"}
PLACARD = {"minor_only": "pass", "working_days": 2, "source": "XX 17", "certainty": "verified"}
FAULTS = {
    "xx.toml: xx: follow_up: check_days: must be": lambda pack: pack.update(
        follow_up=FOLLOW_UP | {"check_days": 0}
    ),
    "xx.toml: xx: follow_up: certainty: must be": lambda pack: pack.update(
        follow_up=FOLLOW_UP | {"certainty": "sure"}
    ),
    "xx.toml: xx: placard: minor_only: must be": lambda pack: pack.update(
        placard=PLACARD | {"minor_only": "closed"}
    ),
    "xx.toml: xx: next_visit_days: follow_up says it already": lambda pack: pack.update(follow_up=FOLLOW_UP),
    "xx.toml: xx: follow_up: check_days: lies after": lambda pack: (
        pack.pop("next_visit_days"),
        pack.update(follow_up=FOLLOW_UP | {"check_days": 200}),
    ),
}


@pytest.mark.parametrize("words", FAULTS)
def test_faults_of_the_rules_for_coming_back(words):
    found = spoilt(lambda _f, _i, _c, pack, _b: FAULTS[words](pack))
    assert len(found) == 1 and found[0].startswith(words), found
