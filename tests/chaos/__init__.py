"""What else goes wrong on the web: answers of the faulty site at /chaos/NAME, and how each page must end.

`END` maps a name to the state and the reason of its page; a page without a reason is an article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.chaos import documents, http  # they fill the table
from tests.chaos.table import ANSWERS, END

if TYPE_CHECKING:
    from tests.faults import Talk

__all__ = ["END", "answer", "documents", "http"]


def answer(talk: Talk, name: str) -> None:
    """Answer /chaos/NAME."""
    ANSWERS[name](talk)
