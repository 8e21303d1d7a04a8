"""What can go wrong with the store, grouped by remedy. A message is one line that names the thing and the remedy."""

from __future__ import annotations


class PressrunError(Exception):
    """Base of every error that a person is meant to read: shown without a traceback, and ends the program."""

    exit_code = 2
