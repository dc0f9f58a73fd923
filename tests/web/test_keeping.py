"""What is worked out once is told again only as long as it is true."""

import re
from typing import Any
from uuid import UUID

from audit.operations import clinics
from audit.web.keeping import Beside
from tests.operations import worlds


class Thing:
    pass


def test_what_is_kept_beside_an_object_is_its_own_and_goes_with_it() -> None:
    kept: Beside[str] = Beside(room=5)
    one, other = Thing(), Thing()
    assert kept.find(one) is None
    assert kept.keep(one, "one's") == "one's"
    assert kept.find(one) == "one's" and kept.find(other) is None
    kept.keep(one, "newer")
    assert kept.find(one) == "newer"
    del one
    assert not kept._kept


def test_the_oldest_goes_when_there_is_no_room() -> None:
    kept: Beside[int] = Beside(room=2)
    things = [Thing() for _ in range(3)]
    for number, thing in enumerate(things):
        kept.keep(thing, number)
    assert [kept.find(thing) for thing in things] == [None, 1, 2]


def test_a_section_shown_again_shows_what_changed_beside_its_answers(house: Any, inspector: Any) -> None:
    """Nothing of it was answered meanwhile: photos and names stand on the cards too."""
    visit = house.world.start()
    address = f"/visits/{visit.id}/sections/a"
    assert inspector.open(address).words == inspector.open(address).words
    for caption in ("Tray of the second room", "Bin"):
        assert caption not in inspector.open(address).text
        house.world.photograph(visit, ("needles.single-use", None), caption)
        assert caption in inspector.open(address).text
    clinics.edit_practitioner(house.world.desk(), worlds.ANNA.id, "Anna Quill-Field", "")
    assert "Anna Quill-Field" in inspector.open(address).text


def test_every_answer_of_every_page_has_an_operation_of_its_own(house: Any, inspector: Any) -> None:
    visit = house.world.start()
    pages = [inspector.open(f"/visits/{visit.id}/sections/a") for _ in range(2)]
    ids = [one for page in pages for one in re.findall(r'-op" value="([^"]+)"', page.text)]
    assert len({str(UUID(one)) for one in ids}) == len(ids) > 4
