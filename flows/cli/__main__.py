"""`python -m flows.cli`: the command line for a checkout where `pressrun` is not installed."""

from __future__ import annotations

from .root import main

if __name__ == "__main__":
    main()
