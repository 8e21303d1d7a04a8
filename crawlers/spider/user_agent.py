"""Who we say that we are."""

from __future__ import annotations

from . import __version__


def user_agent(contact: str) -> str:
    """Return the User-Agent, with the contact address of the user."""
    return f"Pressrun/{__version__} (news archive; +{contact})"
