"""`pressrun completion`: what a shell needs to complete commands, options and outlets."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from .options import common

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_PRESSRUN_COMPLETE"  # click's own name, by which the script asks the program


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
@common
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script by which a shell completes commands, options and outlets.

    \b
    pressrun completion bash > ~/.local/share/bash-completion/completions/pressrun
    pressrun completion zsh > "${fpath[1]}/_pressrun"
    pressrun completion fish > ~/.config/fish/completions/pressrun.fish
    """
    complete = get_completion_class(shell)
    assert complete is not None  # click has these three
    click.echo(complete(context.find_root().command, {}, "pressrun", VARIABLE).source())
