"""Words are said in the tongue that was chosen, and in English otherwise."""

from gettext import NullTranslations

from audit.domain.tongue import say, several, speaking, word


class Upside(NullTranslations):
    def gettext(self, message: str) -> str:
        return {"{count} open": "abiertos: {count}", "Note": "Nota"}.get(message, message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return "{number} cosa" if number == 1 else "{number} cosas"


def test_without_a_tongue_the_english_stands() -> None:
    assert say("{count} open", count=3) == "3 open"
    assert several("{number} item", "{number} items", 1) == "1 item"


def test_inside_a_tongue_its_words_are_said_and_outside_no_more() -> None:
    with speaking(Upside()):
        assert say(word("Note")) == "Nota"
        assert say("{count} open", count=3) == "abiertos: 3"
        assert several("{number} item", "{number} items", 4) == "4 cosas"
    assert say("Note") == "Note"


def test_a_message_without_values_keeps_its_braces() -> None:
    assert say("Type {name}") == "Type {name}"
