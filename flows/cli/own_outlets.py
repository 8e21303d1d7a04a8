"""The user's own outlet folder, which commands write to, and whole files in it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from storage.errors import PressrunError

from .options import CommonOptions


class OutletFolderError(PressrunError):
    """The folder of the user's own outlet files cannot be written."""


def own_folder(options: CommonOptions) -> Path:
    """Return the folder of the user's own outlet files; it is made if it is missing. A usage error if none is named."""
    named = options.outlets or os.environ.get("PRESSRUN_OUTLETS")
    if not named:
        raise click.UsageError("name the folder of your own outlet files: --outlets DIR, or PRESSRUN_OUTLETS")
    folder = Path(named).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise OutletFolderError(f"the folder {folder} cannot be made: {failure.strerror}; name another") from failure
    return folder


def write_text(file: Path, text: str) -> None:
    """Write a file whole. Raises OutletFolderError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as failure:
        raise OutletFolderError(f"{file} cannot be written: {failure.strerror}") from failure
