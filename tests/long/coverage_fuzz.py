"""Tries one reader with documents that atheris makes, until its time is over: NAME and options of libFuzzer.

Only our own packages are instrumented: what reaches a new branch there is kept and changed further.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["crawlers", "storage"]):
    from tests.long.test_mutations import MAY_REFUSE, READERS


def main(name: str, options: list[str]) -> None:
    """Try the reader; ends the process."""
    read, _ = READERS[name]

    def once(document: bytes) -> None:
        try:
            read(document)
        except MAY_REFUSE.get(name, ()):
            pass

    atheris.Setup([name, *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
