"""The command group: loads a command when it is asked for, and turns every error into one line."""

import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from scraper import __version__
from scraper.cli.exits import CANNOT_WRITE, INTERRUPTED, LOCKED, USAGE
from scraper.errors import OutputError, ScraperError, UsageError


class CommandGroup(click.Group):
    """A group whose commands live in modules that are imported on demand."""

    def __init__(self, *, commands_from: dict[str, str], **options: Any) -> None:
        super().__init__(context_settings={"help_option_names": ["-h", "--help"]}, **options)
        self._modules = commands_from
        version = click.version_option(__version__, "--version", "-V", prog_name="scraper")
        version(self)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of their table, not of the alphabet."""
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module and return its command."""
        if cmd_name not in self._modules:
            return None
        module, _, name = self._modules[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name or "command")
        return command

    def main(self, *args: Any, **options: Any) -> NoReturn:
        """Run; every failure is one line on stderr and an exit code of the table in the help."""
        options["standalone_mode"] = False
        try:
            code = super().main(*args, **options)
            _flush()
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.ctx.get_help() if error.ctx else "", err=True)
            code = USAGE
        except click.UsageError as error:
            _say(error.format_message(), error.ctx)
            code = USAGE
        except UsageError as error:
            _say(str(error))
            code = USAGE
        except (click.ClickException, OutputError) as error:
            _say(getattr(error, "message", None) or str(error))
            code = CANNOT_WRITE
        except OSError as error:  # files are told where they are opened: this is standard output
            _say(f"{error.filename or 'standard output'}: {error.strerror}")
            code = CANNOT_WRITE
            _discard_output()
        except ScraperError as error:
            _say(str(error))
            code = LOCKED
        except (click.Abort, KeyboardInterrupt) as error:
            _say("interrupted")
            code = _interrupted(error)
        sys.exit(code if isinstance(code, int) else 0)


def _interrupted(error: BaseException) -> int:
    """Return the exit code of an interrupt, which may carry the number of a signal."""
    number = next(iter((error.__cause__ or error).args), None)
    return 128 + number if isinstance(number, int) else INTERRUPTED


def _flush() -> None:
    """Write what is buffered while its failure can still be told."""
    if sys.stdout is not None:
        sys.stdout.flush()


def _discard_output() -> None:
    """Let what is still buffered go nowhere, or Python complains again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, ctx: click.Context | None = None) -> None:
    from scraper.text import one_line

    hint = f" (see {ctx.command_path} --help)" if ctx else ""
    click.echo(f"scraper: {one_line(message)}{hint}", err=True)
