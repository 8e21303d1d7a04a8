"""The wheel holds everything that a run needs: outlet files, migrations, the deployments."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.calling import clean_environment
from tests.crawling import ROOT


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's files, as an installation has them."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(out / "site")
    return out / "site"


def pressrun(installed: Path, *words: str, cwd: Path) -> str:
    """`pressrun` from the wheel's files, in a folder where there is no checkout."""
    env = clean_environment()
    code = (
        "import sys, crawlers, flows, storage\n"
        f"assert all(m.__file__.startswith({str(installed)!r}) for m in (crawlers, flows, storage)), crawlers.__file__\n"
        "from flows.cli import main\n"
        f"main({list(words)!r})"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env=env | {"PYTHONPATH": str(installed)},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_outlet_files_are_inside(installed: Path, tmp_path: Path) -> None:
    assert {"azernews", "today_az", "trend", "civil_ge", "gazeta_uz"} <= set(
        pressrun(installed, "outlets", "list", cwd=tmp_path).split()
    )


def test_migrations_are_inside(installed: Path, tmp_path: Path) -> None:
    pressrun(installed, "db", "upgrade", cwd=tmp_path)
    assert (tmp_path / "data" / "pressrun.db").exists()


def test_the_deployments_are_inside(installed: Path) -> None:
    assert (installed / "flows" / "prefect.yaml").read_bytes() == (ROOT / "deploy" / "prefect.yaml").read_bytes()


def test_nothing_else_is(installed: Path) -> None:
    names = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert names == {"crawlers", "flows", "storage"}
