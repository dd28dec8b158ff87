"""``scraper completion``: print the script that teaches a shell our commands."""

import click


@click.command(
    epilog="""\b
Examples:
  scraper completion bash >> ~/.bashrc
  scraper completion fish > ~/.config/fish/completions/scraper.fish"""
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell."""
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    script = completion(ctx.find_root().command, {}, "scraper", "_SCRAPER_COMPLETE").source_template
    values = {
        "complete_func": "_scraper_completion",
        "complete_var": "_SCRAPER_COMPLETE",
        "prog_name": "scraper",
    }
    click.echo(script % values)
