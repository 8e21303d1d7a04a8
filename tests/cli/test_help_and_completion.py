"""Help shows examples that work, and a shell can complete commands, options and outlets."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from flows.cli.root import COMMANDS, cli
from tests.calling import Pressrun

PROGRAM = Path(sys.executable).with_name("pressrun")
OUTLET = """
id = "{id}"
name = "Gazette"
homepage = "https://gazette.example/"
country = "az"
languages = ["en"]
timezone = "Asia/Baku"
article_pattern = "/news/"

[[seeds]]
kind = "rss"
url = "https://gazette.example/rss"
"""


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        inner = command.get_command(context, name)
        assert inner is not None
        yield from leaves(inner, (*path, name))


ALL = dict(leaves(cli))


def examples(command: click.Command) -> list[str]:
    """The lines of the help text that call the program, without what the shell does around the call."""
    lines = [line.strip() for line in (command.help or "").splitlines()]
    calls = [
        line[line.index("pressrun ") :] for line in lines if line.startswith("pressrun ") or "api pressrun " in line
    ]
    return [call.partition(" > ")[0].partition(' --token "$(')[0] for call in calls]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_each_command_shows_examples_that_are_calls_of_it(path: tuple[str, ...]) -> None:
    command = ALL[path]
    calls = examples(command)
    assert calls, f"the help of `pressrun {' '.join(path)}` has no example"
    for call in calls:
        words = shlex.split(call)[1:]
        assert tuple(words[: len(path)]) == path
        with command.make_context(path[-1], words[len(path) :], parent=click.Context(cli)):
            pass  # it was read without a complaint


def completed(words: str, *, env: dict[str, str] | None = None) -> list[str]:
    """What the program answers a shell that completes the last of these words."""
    asked = {"_PRESSRUN_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [PROGRAM], env=os.environ | asked | (env or {}), capture_output=True, text=True, timeout=60, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


def test_commands_are_completed() -> None:
    assert completed("pressrun ") == list(COMMANDS)
    assert completed("pressrun re") == ["recall", "reextract"]
    assert completed("pressrun articles s") == ["search", "show"]


def test_options_are_completed() -> None:
    assert completed("pressrun crawl azernews --s") == ["--since"]


def test_outlets_are_completed_those_of_the_users_folder_too(tmp_path: Path) -> None:
    (tmp_path / "azure_gazette.toml").write_text(OUTLET.format(id="azure_gazette"))
    assert completed("pressrun crawl azern") == ["azernews"]
    assert {"azernews", "azure_gazette"} <= set(completed(f"pressrun crawl --outlets {tmp_path} az"))
    assert "azure_gazette" in completed("pressrun articles list --outlet azu", env={"PRESSRUN_OUTLETS": str(tmp_path)})


def test_a_folder_that_cannot_be_read_completes_nothing_and_says_nothing() -> None:
    assert completed("pressrun crawl az", env={"PRESSRUN_OUTLETS": "/no/such/folder"}) == []


def test_bash_completes_by_the_printed_script(tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_text(
        subprocess.run([PROGRAM, "completion", "bash"], capture_output=True, text=True, check=True).stdout
    )
    typed = f"source {script}; COMP_WORDS=(pressrun crawl azern); COMP_CWORD=2; _pressrun_completion pressrun"
    path = f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", f'{typed}; echo "${{COMPREPLY[@]}}"'],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "azernews\n", done.stderr


def test_a_shell_that_is_not_known_is_refused_with_those_that_are() -> None:
    done = subprocess.run([PROGRAM, "completion", "ksh"], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "'ksh' is not one of 'bash', 'zsh', 'fish'" in done.stderr


def test_up_shows_its_places_and_takes_no_fewer_than_a_backfill_and_a_poll_need(pressrun: Pressrun) -> None:
    from flows.up import LIMIT

    shown = pressrun("up", "--help").out
    assert f"[default: {LIMIT};" in shown
    assert "--port 4300" not in shown, "that is the port of `pressrun browse`"
    said = pressrun("up", "--limit", 2)
    assert said.code == 2
    assert "'--limit': 2 is not in the range x>=3" in said.line
