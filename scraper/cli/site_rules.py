"""``scraper site-rules``: convert the site-config files of full-text readers to rules."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.cli.exits import NOTHING, OK, SOME_FAILED

if TYPE_CHECKING:
    from scraper.sites import SiteRule
    from scraper.sites.siteconfig import Converted


@click.command(
    epilog="""\b
Examples:
  scraper site-rules ftr-site-config/ -o rules/
  scraper site-rules harbour.example.txt -v -o rules/
  scraper clean saved-pages/ --site-rules rules/"""
)
@click.argument("paths", metavar="FOLDER_OR_FILE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the rules; files in it that were written by hand are left alone.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name each line that is left out, and why.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something failed.")
def command(paths: tuple[str, ...], output: Path, verbose: bool, quiet: bool) -> int:
    """Convert site-config files (DOMAIN.txt with XPath) to rules (DOMAIN.toml with CSS).

    Taken are the lines body, strip and strip_id_or_class, as far as CSS can say the same. All else
    is left out, logins and headers always.
    """
    from scraper.sites.siteconfig import convert, find_files, joined, read_file

    by_domain: dict[str, list[Converted]] = {}
    failed = 0
    for path in find_files(paths):
        try:
            converted = convert(path.name, read_file(path))
        except ValueError as error:
            failed += 1
            _say(f"{path}: {error}")
            continue
        if converted is not None:
            by_domain.setdefault(converted.domain, []).append(converted)
            _tell(path, converted, verbose=verbose, quiet=quiet)
        elif not quiet:
            _say(f"{path}: left out, its name is no domain")
    every = [one for some in by_domain.values() for one in some]
    rules = [
        joined([one.rule for one in sorted(some, key=lambda one: one.is_wild) if one.rule])
        for _, some in sorted(by_domain.items())
        if any(one.rule for one in some)
    ]
    kept = [] if not rules else _write(rules, output)
    for name in kept:
        _say(f"{name}: kept as it is, since it was not made by site-rules")
    if failed or not rules or not quiet:
        taken, left = sum(one.taken for one in every), sum(len(one.left) for one in every)
        _say(
            f"scraper: {len(rules) - len(kept)} sites -> {output},"
            f" {taken} selectors taken, {left} left out, {failed} files unread"
        )
    return NOTHING if not rules else SOME_FAILED if failed else OK


def _tell(path: Path, converted: "Converted", *, verbose: bool, quiet: bool) -> None:
    if not converted.left or quiet:
        return
    _say(f"{path}: {converted.taken} taken, {len(converted.left)} left out")
    for line, text, reason in converted.left if verbose else ():
        _say(f"{path}:{line}: {text}: {reason}")


def _write(rules: "list[SiteRule]", folder: Path) -> list[Path]:
    """Write a file for each rule; return those that are somebody's own and were not touched."""
    from scraper.errors import OutputError
    from scraper.sites import ENDING, to_toml
    from scraper.sites.siteconfig import is_made
    from scraper.writer import replacing

    kept: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for rule in rules:
            path, data = folder / f"{rule.domain}{ENDING}", to_toml(rule).encode()
            old = path.read_bytes() if path.is_file() else None
            if old is not None and not is_made(old):
                kept.append(path)
            elif old != data:
                with replacing(path) as file:
                    file.write(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"{folder}: {reason}") from None
    return kept


def _say(line: str) -> None:
    from scraper.text import one_line

    click.echo(one_line(line), err=True)
