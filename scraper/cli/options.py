"""Options made from Settings, so that name, default, range and meaning stand in one place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import click
import msgspec

from scraper.settings import Settings, load_settings, read_settings_file
from scraper.writer import FORMATS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

_FIELDS = {field.name: field for field in msgspec.structs.fields(Settings)}


def setting(name: str, *short: str, default: Any = None) -> Decorator:
    """Return the click option for a field of Settings; ``default`` replaces the field's own.

    The value comes from the flag, else SCRAPER_NAME, else scraper.toml, else the default. A field
    of many values is a flag in the singular, given once for each; a yes or no takes no value.
    """
    field = _FIELDS[name]
    kind, meaning = _unwrap(field.type)
    flag = "--" + name.replace("_", "-")
    if get_origin(kind) is tuple:
        return click.option(*short, flag.removesuffix("s"), name, multiple=True, help=meaning)
    shown = field.default if default is None else default
    return click.option(
        *short,
        flag,
        name,
        is_flag=kind is bool,
        type=_click_type(kind),
        default=None,
        envvar=_variable(name),
        show_envvar=False,
        help=meaning if kind is bool else f"{meaning}  [default: {shown}]",
    )


def _variable(name: str) -> str:
    return "SCRAPER_" + name.upper()


def _unwrap(annotation: Any) -> tuple[Any, str]:
    """Return the bare type and the description of an annotated one."""
    meanings = [m.description for m in getattr(annotation, "__metadata__", ()) if m.description]
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return annotation, meanings[-1] if meanings else ""


def _click_type(kind: Any) -> Any:
    if get_origin(kind) is Literal:
        return click.Choice(get_args(kind))
    return {int: click.INT, float: click.FLOAT, bool: click.BOOL}.get(kind, click.STRING)


def corpus_argument(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument that names a corpus folder, which must be there."""
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.argument("folder", metavar="DIR", type=kind)(command)


def format_option(default: str) -> Decorator:
    """Return the option that chooses how records are written."""
    return click.option(
        "-f",
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default=default,
        show_default=True,
        help="One JSON object a line, indented JSON, Markdown, or plain text.",
    )


def config(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option that names a settings file."""
    return click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="SCRAPER_CONFIG",
        help="Read options from this file instead of ./scraper.toml.",
    )(command)


def settings_from(config_file: Path | None, flags: dict[str, Any], **defaults: Any) -> Settings:
    """Return the settings: flags and environment over the file over ``defaults``.

    Raises:
        UsageError: a value is out of range or the file is wrong.
    """
    given = {name: value for name, value in flags.items() if value not in (None, ())}
    file = read_settings_file(config_file)
    return load_settings({**defaults, **file, **_environment(), **given})


def _environment() -> dict[str, Any]:
    """Return the options in the environment, also without a flag; many values one a line."""
    import os

    stated = {name: os.environ.get(_variable(name), "") for name in _FIELDS}
    return {
        name: value.splitlines() if get_origin(_unwrap(_FIELDS[name].type)[0]) is tuple else value
        for name, value in stated.items()
        if value
    }


def default_workers() -> int:
    """Return how many processes extract when nobody says: one for each processor."""
    import os

    return os.cpu_count() or 1
