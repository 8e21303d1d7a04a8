"""What the archive holds cannot steer a terminal."""

from __future__ import annotations

import pytest

from flows.cli.show import printable, say_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ə and й", "plain, ə and й"),
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred", "\ufffd[31mred"),
        ("a\u202eb\u2066c", "a\ufffdb\ufffdc"),
        ("می\u200cروم", "می\u200cروم"),
        ("nul\x00 bell\x07 \x9b", "nul\ufffd bell\ufffd \ufffd"),
    ],
)
def test_control_characters_and_overrides_are_shown_as_replaced(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_a_text_in_a_pipe_keeps_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    say_text("[bold]One\x1b[0m\n\ntwo :smile:")
    assert capsys.readouterr().out == "[bold]One\ufffd[0m\n\ntwo :smile:\n"
