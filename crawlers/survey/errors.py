"""Errors of a survey."""

from __future__ import annotations

from storage.errors import PressrunError


class SurveyError(PressrunError):
    """A site cannot be looked at, or shows nothing that looks like articles. Names the address and the remedy."""

    exit_code = 2
