"""The command line: one door to the same deeds as the pages."""

import os

import click

from audit.cli import content, data, evidence, permissions, retention, serving, visits, work
from audit.cli.common import EXIT_CODES, Commands


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EXIT_CODES,
)
@click.version_option(package_name="clinic-audit", prog_name="clinic-audit")
def main() -> None:
    """Inspections and self-audits of body-art clinics, from the checklist to the sealed record.

    One data folder is one agency. Settings come from CLINIC_AUDIT_… variables; options win.
    """
    os.umask(0o077)  # what is kept or given out is nobody else's to read on this machine


for command in (
    serving.serve,
    serving.demo,
    data.migrate,
    data.backup,
    data.verify_backup,
    data.person,
    permissions.permissions,
    content.checklists,
    visits.inspections,
    visits.record,
    visits.export,
    visits.report,
    evidence.seal_key,
    evidence.verify,
    evidence.anchor,
    retention.retention,
    work.work,
):
    main.add_command(command)
