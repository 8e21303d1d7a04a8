"""What a reader can ask wrongly. A message is one sentence that names the fault and the remedy."""

from __future__ import annotations

from storage.errors import PressrunError


class BadRequestError(PressrunError):
    """A parameter of a request cannot be understood."""


class NotFoundError(PressrunError):
    """The archive does not have what an address names."""


class AddressTakenError(PressrunError):
    """The address to serve at cannot be bound."""


class TokenMissingError(PressrunError):
    """Other machines may only read with a token."""
