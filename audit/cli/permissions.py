"""Who may do what, as the program itself asks: the one table, printed."""

import click

from audit.cli.common import json_option, print_json, print_table
from audit.domain.people import DEEDS, ROLES


@click.command(short_help="Print who may do what, and where.")
@json_option
def permissions(as_json: bool) -> None:
    """Print every deed with how far it reaches for each role; "no" where it is not theirs.

    The deeds ask this very table. Own clinics are those an owner answers for; what lies outside somebody's reach
    does not exist for them.

    With --json: {"deed": {"role": "reach"}}; a role that is not named may not.
    """
    if as_json:
        print_json(DEEDS)
        return
    rows = [[deed, *(reaches.get(role, "no") for role in ROLES)] for deed, reaches in DEEDS.items()]
    print_table([["deed", *ROLES], *rows])
