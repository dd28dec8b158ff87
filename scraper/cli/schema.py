"""``scraper schema``: print the record's JSON Schema."""

import click


@click.command()
def command() -> None:
    """Print the JSON Schema (2020-12) of the article record."""
    from scraper.schema import shipped

    click.echo(shipped(), nl=False)
