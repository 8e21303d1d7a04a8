"""The archive as pages and as an API, for reading alone. `pressrun browse` serves it; docs/browse.md describes it.

This module is the public face. It is imported when the command is called: FastAPI takes half a second.
"""

from .app import create_app
from .archive import Archive
from .server import Address, bind, serve

__all__ = ["Address", "Archive", "bind", "create_app", "serve"]
