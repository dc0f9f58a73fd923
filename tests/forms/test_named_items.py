"""Items that rules name by key are in the shipped catalogue."""

from audit.domain import clocks, closure
from forms import library


def test_clocks_and_closures_name_items_of_the_catalogue() -> None:
    known = set(library.read().items)
    assert {name.split("#")[0] for name in clocks.ITEMS.values()} <= known
    assert set(closure.DEFAULT_SCOPE) <= known
