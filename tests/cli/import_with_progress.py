"""`pressrun` with a line of progress after every batch: run by tests as a process of its own."""

from flows.cli import importing
from flows.cli.root import main

if __name__ == "__main__":
    importing.EVERY = 0.0
    main()
