"""The files that deploy Pressrun elsewhere: what cannot be started in a test is checked against its schema."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from crawlers.environment import NAMES
from flows.cli.root import COMMANDS

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent
OF_THE_IMAGE = {"POSTGRES_USER", "POSTGRES_PASSWORD"}


def names_of_prefect() -> set[str]:
    from prefect.settings import get_current_settings
    from prefect.settings.legacy import _get_settings_fields

    return set(_get_settings_fields(type(get_current_settings())))


class _Compose(yaml.SafeLoader):
    """Reads compose files: `!override` replaces a list instead of adding to it."""


_Compose.add_constructor("!override", lambda loader, node: loader.construct_sequence(node, deep=True))


def compose(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load((DEPLOY / name).read_text(encoding="utf-8"), _Compose)
    return read


def merged() -> dict[str, Any]:
    """Services and volumes of both compose files, as far as the checks need it."""
    one, two = compose("compose.yaml"), compose("compose.cluster.yaml")
    services = {
        name: one["services"].get(name, {}) | two["services"].get(name, {})
        for name in one["services"] | two["services"]
    }
    return {"services": services, "volumes": one["volumes"] | two["volumes"]}


def test_every_setting_is_explained_and_no_other_is_named() -> None:
    text = (DEPLOY / "env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE))
    assert set(NAMES) <= named, "a setting of Pressrun is missing"
    unknown = named - set(NAMES) - names_of_prefect() - OF_THE_IMAGE
    assert unknown == set()
    for name in named - OF_THE_IMAGE - {"POSTGRES_PASSWORD"}:
        before = text[: re.search(rf"^#?{name}=", text, re.MULTILINE).start()]  # type: ignore[union-attr]
        assert "# " in before.rsplit("\n\n", 1)[-1] or "AUTH" in name, f"{name} is not explained"


def test_a_setting_that_may_be_left_out_has_its_default_beside_it() -> None:
    """The first lines of the file promise that."""
    text = (DEPLOY / "env.example").read_text(encoding="utf-8")
    paragraphs = text.split("\n\n")
    silent = [
        name
        for paragraph in paragraphs
        for name in re.findall(r"(?m)^#(PRESSRUN_\w+|PREFECT_\w+)=", paragraph)
        if "default" not in paragraph.lower()
    ]
    assert silent == []
    [api] = [paragraph for paragraph in paragraphs if "\nPREFECT_API_URL=" in paragraph]
    assert "`pressrun up`, which\n# starts its own server, does not read it" in api


def test_compose_files_hold_together() -> None:
    whole = merged()
    for name, service in whole["services"].items():
        for other in service.get("depends_on", {}):
            assert other in whole["services"], f"{name} waits for {other}"
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            there = (DEPLOY / source).exists() if source.startswith(".") else source in whole["volumes"]
            assert there, f"{name}: {volume}"
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:"), f"{name} is open to the network: {port}"


def test_compose_files_name_settings_that_exist() -> None:
    known = names_of_prefect() | set(NAMES) | {"POSTGRES_DB"}
    services = [*compose("compose.yaml")["services"].values(), *compose("compose.cluster.yaml")["services"].values()]
    named = {name for service in services for name in service.get("environment", {})}
    named |= set(compose("compose.yaml")["x-server"]["environment"])
    assert {name for name in named if not name.startswith("PREFECT_REDIS_")} <= known


def test_own_outlets_are_mounted_at_every_service_that_reads_their_setting() -> None:
    """Each of them has PRESSRUN_OUTLETS from .env, and refuses a folder that is not there."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    advised = re.sub(r"^( +)#(?=.*# own outlets$)", r"\1", text, flags=re.MULTILINE)
    services = yaml.load(advised, _Compose)["services"]
    readers = {name for name, each in services.items() if each.get("entrypoint", [""])[0] not in ("", "prefect")}
    readers |= {name for name, each in services.items() if "entrypoint" not in each and each["image"] == "pressrun"}
    assert readers == {"deploy", "worker", "browse"}
    for name in readers:
        assert "./outlets:/etc/pressrun/outlets:ro" in services[name]["volumes"], name
    before = compose("compose.yaml")["services"]
    assert not any("outlets" in volume for each in before.values() for volume in each.get("volumes", ()))


def advised_kustomization() -> dict[str, Any]:
    """The kustomization with its advice carried out: lines of YAML that are comments."""
    text = (DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.safe_load(re.sub(r"(?m)^#(?=configMapGenerator:|  - name:|    files:)", "", text))
    return read


@pytest.mark.parametrize("name", ["deploy", "worker"])
def test_own_outlets_have_a_place_in_kubernetes(name: str) -> None:
    manifest = yaml.safe_load((DEPLOY / "kubernetes" / f"{name}.yaml").read_text(encoding="utf-8"))
    pod = manifest["spec"]["template"]["spec"]
    [mount] = [each for each in pod["containers"][0]["volumeMounts"] if each["mountPath"] == "/etc/pressrun/outlets"]
    [volume] = [each for each in pod["volumes"] if each["name"] == mount["name"]]
    assert volume["configMap"] == {"name": "outlets", "optional": True}
    assert advised_kustomization()["configMapGenerator"] == [{"name": "outlets", "files": ["outlets/example.toml"]}]


def test_what_compose_and_kubernetes_start_exists() -> None:
    asked = re.findall(r"pressrun (\w+)", compose("compose.yaml")["services"]["deploy"]["entrypoint"][-1])
    asked += [
        yaml.safe_load((DEPLOY / "kubernetes/worker.yaml").read_text())["spec"]["template"]["spec"]["containers"][0][
            "args"
        ][0]
    ]
    assert set(asked) == {"db", "deploy", "worker"}
    assert set(asked) <= set(COMMANDS)


@pytest.mark.parametrize("name", ["server", "deploy", "worker"])
def test_manifests_are_valid_and_confined(name: str) -> None:
    for manifest in yaml.safe_load_all((DEPLOY / "kubernetes" / f"{name}.yaml").read_text(encoding="utf-8")):
        kubernetes_validate.validate(manifest, kubernetes_validate.latest_version(), strict=True)
        if manifest["kind"] == "Service":
            continue
        pod = manifest["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["enableServiceLinks"] is False, "PRESSRUN_... variables of a service would be unknown settings"
        for container in pod["containers"]:
            confined = container["securityContext"]
            assert confined["readOnlyRootFilesystem"] is True
            assert confined["allowPrivilegeEscalation"] is False
            assert container["resources"]["limits"]["memory"]


def test_the_kustomization_names_its_files() -> None:
    read = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text(encoding="utf-8"))
    files = {file.name for file in (DEPLOY / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}
    assert set(read["resources"]) == files


def units() -> list[Path]:
    return sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.mark.parametrize("unit", units(), ids=[unit.stem for unit in units()])
def test_units_are_valid_and_hardened(unit: Path, tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("no systemd-analyze on this machine")
    # The program is not installed here: any other stands in for it.
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/pressrun/bin/pressrun", sys.executable))
    verified = subprocess.run([tool, "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    security = [tool, "security", "--offline=yes", "--threshold=20", str(copy)]
    exposed = subprocess.run(security, capture_output=True, text=True, check=False)
    assert exposed.returncode == 0, exposed.stdout[-2000:]


def test_the_image_is_made_of_what_is_there_and_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert all((ROOT / source).exists() for sources in copied for source in sources)
    last = [line for line in lines[lines.index("FROM python:3.11-slim") :] if line.startswith("USER ")]
    assert last == ["USER 10001"]
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def pins(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_image_has_the_versions_that_are_tested_and_no_tools_of_tests() -> None:
    tested, image = pins(ROOT / "requirements.lock"), pins(DEPLOY / "requirements.lock")
    assert len(image) > 100
    assert {name: version for name, version in image.items() if tested.get(name) != version} == {}
    assert "pytest" not in image
    assert {"prefect-redis", "hatchling"} <= set(image)
    assert "http-message-signatures" in image, "a worker in a container can sign its requests"


@pytest.mark.parametrize("name", ["requirements.lock", "deploy/requirements.lock"])
def test_the_locks_name_no_registry(name: str) -> None:
    assert not re.search(r"://|--index|--extra-index|--find-links", (ROOT / name).read_text(encoding="utf-8"))


def test_the_key_of_signed_requests_has_a_place_that_workers_see() -> None:
    """Where deploy/env.example puts it: in the folder of the systemd unit, and in the volume of the compose workers."""
    text = (DEPLOY / "env.example").read_text(encoding="utf-8")
    assert "#PRESSRUN_IDENTITY=/var/lib/pressrun/identity.pem" in text
    assert "data:/var/lib/pressrun" in compose("compose.yaml")["services"]["worker"]["volumes"]
    assert "StateDirectory=pressrun\n" in (DEPLOY / "systemd" / "pressrun.service").read_text(encoding="utf-8")
    pod = yaml.safe_load((DEPLOY / "kubernetes/worker.yaml").read_text())["spec"]["template"]["spec"]
    [mount] = [each for each in pod["containers"][0]["volumeMounts"] if each["name"] == "identity"]
    [volume] = [each for each in pod["volumes"] if each["name"] == "identity"]
    assert mount["mountPath"] == "/etc/pressrun/identity"
    assert volume["secret"] == {"secretName": "identity", "optional": True, "defaultMode": 0o440}
    generated = {each["name"]: each for each in advised_kustomization()["secretGenerator"]}
    assert generated["identity"]["files"] == ["identity.pem"]
