"""``python -m audit.cli`` is ``clinic-audit``."""

from audit.cli import main

main(prog_name="clinic-audit")
