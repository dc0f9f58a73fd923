"""The number of a report: what somebody types or scans to ask whether the paper in hand is unchanged since issue.

128 random bits, so that it cannot be guessed or walked, in letters that are hard to confuse (Crockford's base 32:
no I, L, O, U) and a check letter (Luhn mod 32) that finds every single wrong letter.
"""

from audit.domain.problems import BadInput, Fault
from audit.domain.tongue import say

BITS, LENGTH, GROUP = 128, 26, 9
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: place for place, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def number_from(bits: int) -> str:
    """``7K3FQ0R8T-…``: the number of these 128 bits, in three groups of nine.

    Raises:
        ValueError: more bits than a number holds.
    """
    if not 0 <= bits < 1 << BITS:
        raise ValueError("a report number holds 128 bits")
    letters = [bits >> 5 * place & 31 for place in reversed(range(LENGTH))]
    text = "".join(_ALPHABET[value] for value in [*letters, _check(letters)])
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read_number(typed: str) -> str:
    """The number as it is kept, however it was typed: small letters, spaces, O for 0, I or L for 1.

    Raises:
        BadInput: too short, too long, an unknown letter, or a slip that the check letter found.
    """
    letters = [letter for letter in typed.upper() if letter not in " -\u2010\u2011\u2013\u00a0\t\n\r"]
    if len(letters) != LENGTH + 1 or any(letter not in _VALUES for letter in letters):
        raise BadInput(
            [Fault("number", say("A report number has 27 letters and digits. It stands on page 1."))]
        )
    values = [_VALUES[letter] for letter in letters]
    if _check(values[:-1]) != values[-1] or values[0] > 7:  # 26 letters hold 130 bits, a number has 128
        raise BadInput([Fault("number", say("One letter of this number is wrong. Compare it with page 1."))])
    bits = 0
    for value in values[:-1]:
        bits = bits << 5 | value
    return number_from(bits)


def _check(values: list[int]) -> int:
    """Luhn mod 32: every second value counts twice, its two digits in base 32 added."""
    total = 0
    for place, value in enumerate(reversed(values)):
        doubled = value * 2 if place % 2 == 0 else value
        total += doubled // 32 + doubled % 32
    return -total % 32
