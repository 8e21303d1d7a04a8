"""The program: its commands by name, and the only place where an error becomes a line and an exit code.

Exit codes: 0 done, 1 done but something needs a person (or an error of Pressrun), 2 wrong use or nothing could be done,
75 another run holds the outlet, 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from storage.errors import PressrunError
from storage.utf8 import is_utf8

from .options import CommonOptions, common

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {  # name -> module and summary; a module is imported when its command is called
    "outlets": ("outlets", "List, show and check outlet files."),
    "identity": ("identity", "Prove to outlets who crawls: a key, its directory, the bot page."),
    "crawl": ("crawl", "Crawl outlets once, now."),
    "poll": ("poll", "Ask the feeds of all outlets what is new."),
    "nightly": ("crawl", "Crawl all enabled outlets once, now."),
    "backfill": ("backfill", "Crawl past days of outlets, newest first, or plan it."),
    "up": ("up", "Start the Prefect server, a worker and the schedules."),
    "worker": ("worker", "Run flow runs for a Prefect server elsewhere."),
    "deploy": ("deploy", "Set up an existing Prefect server: deployments, schedules, automations."),
    "status": ("status", "Show outlets, their last runs and waiting pages."),
    "gaps": ("gaps", "List thin days and overflows, with the command that fills each."),
    "recall": ("recall", "Measure which share of a list of addresses is held, and why not the rest."),
    "articles": ("articles", "List, search, show and export articles."),
    "browse": ("browse", "Read the archive in a browser; an API for other programs."),
    "watch": ("saved_searches", "Save searches, and be told of new matches."),
    "mcp": ("mcp", "Serve the archive to language models, for reading."),
    "import": ("importing", "Import articles from JSONL, or pages from a WARC file."),
    "extract": ("extract", "Extract the article of a page, without a database."),
    "reextract": ("importing", "Extract the archived pages again."),
    "dedup": ("dedup", "Check copies against the current rules; split and join by hand."),
    "maintain": ("maintain", "Retry, verify, prune, check, vacuum and back up the store."),
    "db": ("db", "Upgrade, check, count, reindex, back up and restore the store."),
    "completion": ("completion", "Print the script by which a shell completes commands."),
}
INTERRUPTED = 130  # 128 + SIGINT, as shells have it


class Commands(click.Group):
    """A group whose commands are imported when they are named, and whose help imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"flows.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands that begin so; click's own way imports them all."""
        from click.shell_completion import CompletionItem

        options = click.Command.shell_complete(self, ctx, incomplete)
        return options + [
            CompletionItem(name, help=does) for name, (_, does) in COMMANDS.items() if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in COMMANDS.items()])


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("pressrun")
    except PackageNotFoundError:
        return "(not installed)"


def _say_version(ctx: click.Context, _param: click.Parameter, asked: bool) -> None:
    if asked:  # looked up only here, since it takes 30 ms
        click.echo(f"pressrun {_version()}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show the version and exit.",
)
@common
def cli() -> None:
    """Pressrun keeps a clean, deduplicated archive of regional news.

    The options below may stand before or after the name of a command. Exit codes: 0 done, 1 done but something needs a
    person, 2 wrong use.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code. Errors are one line on standard error."""
    options = CommonOptions()
    try:
        _check_utf8(sys.argv[1:] if arguments is None else arguments)
        code = cli.main(arguments, prog_name="pressrun", standalone_mode=False, obj=options)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.exceptions.NoArgsIsHelpError as bare:
        click.echo(bare.format_message())
        return 2
    except click.ClickException as wrong:
        return _told(options, _usage(wrong), 2)
    except (click.Abort, KeyboardInterrupt):
        return _told(options, "interrupted; everything done so far is kept", INTERRUPTED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the interpreter flushes once more at its end
        return 1  # as click itself does
    except Exception as fault:  # noqa: BLE001 - the outer edge: one line for a person, --debug shows all
        cause = _cause(fault)
        if isinstance(cause, PressrunError):
            return _told(options, str(cause), cause.exit_code)
        if isinstance(cause, OSError) and cause.filename is not None:  # a file of the user's, or of their disk
            return _told(options, f"{cause.filename}: {cause.strerror}", 2)
        return _told(options, f"{_first_line(cause)} (a fault of Pressrun; --debug shows where)", 1)


def _check_utf8(arguments: Iterable[str]) -> None:
    """Raise click.UsageError for an argument that is not UTF-8."""
    for argument in arguments:
        if not is_utf8(argument):
            raise click.UsageError(f"{argument!a} is not in UTF-8; rename what it names")


def _cause(fault: BaseException) -> BaseException:
    """Unwrap exception groups: return the only exception of a group, or the first if all are PressrunErrors."""
    while isinstance(fault, BaseExceptionGroup):
        inner = fault.exceptions
        if len(inner) > 1 and not all(isinstance(_cause(one), PressrunError) for one in inner):
            break
        fault = inner[0]
    return fault


def _told(options: CommonOptions, line: str, code: int) -> int:
    if options.debug and sys.exc_info()[0] is not None:
        traceback.print_exc()
    click.echo(f"pressrun: {' '.join(line.split())}", err=True)
    return code


def _usage(wrong: click.ClickException) -> str:
    context = getattr(wrong, "ctx", None)
    where = context.command_path if context else "pressrun"
    return f"{wrong.format_message().rstrip('.')}; see {where} --help"


def _first_line(fault: BaseException) -> str:
    lines = str(fault).strip().splitlines()
    return f"{type(fault).__name__}: {lines[0]}" if lines else type(fault).__name__
