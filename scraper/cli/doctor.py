"""``scraper doctor``: check the installation."""

import click

from scraper.cli.exits import CANNOT_WRITE, OK


@click.command()
def command() -> int:
    """Check that the installation is whole: versions, parsers, schema, a page end to end."""
    from scraper.doctor import examine

    findings = list(examine())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.good else 'FAIL'} {finding.subject}: {finding.detail}")
    return OK if all(finding.good for finding in findings) else CANNOT_WRITE
