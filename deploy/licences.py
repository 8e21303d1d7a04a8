"""The licences of all packages in an SBOM, as a table: `python -m deploy.licences SBOM > licences.tsv`.

Exit code 1 if a package names none, or only such as ask more of a service that uses the package unchanged than to keep
their notices: AGPL and SSPL. GPL is among those that may be used: nothing of them is part of Pressrun's own files.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TROUBLE = re.compile(r"\b(AGPL|Affero|SSPL|Commons Clause|BUSL|proprietary)", re.IGNORECASE)
_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Package:
    """A package of the SBOM with its licences, in the words of its own metadata."""

    name: str
    version: str
    licences: tuple[str, ...]

    @property
    def is_trouble(self) -> bool:
        """No licence, or none under which a service may use the package freely."""
        choices = [choice for licence in self.licences for choice in licence.split(" OR ")]
        return all(TROUBLE.search(choice) for choice in choices)


def packages_of(sbom: dict[str, Any]) -> Iterator[Package]:
    """Yield the packages of a CycloneDX document, by name."""
    for part in sorted(sbom["components"], key=lambda part: str(part["name"]).lower()):
        yield Package(part["name"], part.get("version", ""), tuple(dict.fromkeys(_licences(part))))


def _licences(part: dict[str, Any]) -> Iterator[str]:
    for stated in part.get("licenses", []):
        licence = stated.get("license", {})
        name = stated.get("expression") or licence.get("id") or licence.get("name") or ""
        if name:
            yield name.rpartition(" :: ")[2] if name.startswith(_CLASSIFIER) else name.strip().splitlines()[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; name on standard error what is trouble."""
    (file,) = sys.argv[1:] if arguments is None else arguments
    found = list(packages_of(json.loads(Path(file).read_text(encoding="utf-8"))))
    print("package\tversion\tlicences")
    for each in found:
        print(f"{each.name}\t{each.version}\t{'; '.join(each.licences)}")
    trouble = [each for each in found if each.is_trouble]
    for each in trouble:
        print(f"{each.name} {each.version}: {'; '.join(each.licences) or 'names no licence'}", file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
