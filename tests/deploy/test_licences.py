"""The table of licences that is made of an SBOM."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.licences import main


def sbom(folder: Path, **licences: list[dict[str, Any]]) -> str:
    parts = [{"name": name, "version": "1.0", "licenses": stated} for name, stated in licences.items()]
    file = folder / "sbom.json"
    file.write_text(json.dumps({"bomFormat": "CycloneDX", "components": parts}))
    return str(file)


def test_each_package_is_a_line_with_its_licences_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = sbom(
        tmp_path,
        zebra=[{"license": {"id": "MIT"}}, {"license": {"name": "License :: OSI Approved :: MIT License"}}],
        Apple=[{"expression": "MPL-2.0 AND MIT"}],
        text=[{"license": {"name": "\nApache License\nVersion 2.0\n"}}, {"license": {"id": "MIT"}}],
    )
    assert main([file]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "package\tversion\tlicences",
        "Apple\t1.0\tMPL-2.0 AND MIT",
        "text\t1.0\tApache License; MIT",
        "zebra\t1.0\tMIT; MIT License",
    ]


@pytest.mark.parametrize(
    ("stated", "trouble"),
    [
        ([], "names no licence"),
        ([{"license": {"id": "AGPL-3.0-only"}}], "AGPL-3.0-only"),
        ([{"license": {"name": "License :: OSI Approved :: GNU Affero General Public License v3"}}], "Affero"),
        ([{"expression": "AGPL-3.0-only OR MIT"}], None),
        ([{"expression": "AGPL-3.0-only AND MIT"}], "AGPL-3.0-only AND MIT"),
        ([{"license": {"id": "GPL-2.0-or-later"}}], None),
    ],
)
def test_what_a_service_may_not_use_freely_is_named(
    stated: list[dict[str, Any]], trouble: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main([sbom(tmp_path, part=stated)])
    said = capsys.readouterr().err
    if trouble is None:
        assert (code, said) == (0, "")
    else:
        assert code == 1
        assert said.startswith("part 1.0: ")
        assert trouble in said
