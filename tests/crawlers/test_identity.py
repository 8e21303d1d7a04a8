"""Requests that prove who sends them: the key, its directory, and signatures that another implementation accepts."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, InvalidSignature, MappingKeyResolver, algorithms

from crawlers.environment import read_settings
from crawlers.errors import SettingError
from crawlers.fetch_client import FetchClient, WebPage
from crawlers.identity import Identity, IdentityError, check_identity, new_key, read_identity
from crawlers.outlet import Outlet
from tests.calling import OUTLET
from tests.faults import FaultySite
from tests.fetching import quick_fetch as quick_fetch

AGENT = "https://bot.example"
# RFC 8037, appendix A: an Ed25519 key, its public part and its thumbprint
D = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
X, THUMBPRINT = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def identity() -> Identity:
    return Identity(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(D)), AGENT)


def verify(url: str, headers: dict[str, str], key: Ed25519PublicKey, key_id: str) -> list[object]:
    """What a server does that knows the directory."""
    keys = MappingKeyResolver(public_keys={key_id: key}, private_keys={})
    verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
    return list(verifier.verify(SimpleNamespace(method="GET", url=url, headers=headers)))


def test_the_directory_lists_the_key_by_its_thumbprint() -> None:
    (key,) = identity().directory()["keys"]
    assert (key["kty"], key["crv"], key["x"], key["kid"]) == ("OKP", "Ed25519", X, THUMBPRINT)
    assert "d" not in key


def test_a_signature_holds_for_its_host_and_for_a_minute() -> None:
    who = identity()
    headers = who.sign("https://news.example/a?b=1")
    assert headers["Signature-Agent"] == f'"{AGENT}"'
    assert 'tag="web-bot-auth"' in headers["Signature-Input"]
    assert '("@authority" "signature-agent")' in headers["Signature-Input"]
    public = who.key.public_key()
    assert len(verify("https://news.example/a?b=1", headers, public, who.key_id)) == 1
    for url, sent in (
        ("https://other.example/a", headers),
        ("https://news.example/a", headers | {"Signature-Agent": '"https://other.example"'}),
        ("https://news.example/a", who.sign("https://news.example/a", now=datetime.now(UTC) - timedelta(minutes=5))),
    ):
        with pytest.raises(InvalidSignature):
            verify(url, sent, public, who.key_id)
    with pytest.raises(InvalidSignature):
        verify("https://news.example/a", headers, Ed25519PrivateKey.generate().public_key(), who.key_id)


def test_two_requests_have_different_nonces() -> None:
    who = identity()
    assert who.sign("https://a.example/")["Signature-Input"] != who.sign("https://a.example/")["Signature-Input"]


def test_a_new_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "identity.pem"
    new_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = read_settings({"PRESSRUN_IDENTITY": str(file), "PRESSRUN_IDENTITY_URL": f"{AGENT}/"})
    found = read_identity(settings)
    assert found is not None
    assert found.agent == AGENT
    check_identity(settings)
    with pytest.raises(IdentityError, match="never overwritten"):
        new_key(file)


def test_without_a_key_nothing_is_signed() -> None:
    assert read_identity(read_settings({})) is None
    check_identity(read_settings({}))


def test_a_key_of_another_user_is_told_from_one_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "id.pem"
    new_key(file)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)  # root, who may run the tests, reads every file
    settings = read_settings({"PRESSRUN_IDENTITY": str(file), "PRESSRUN_IDENTITY_URL": AGENT})
    with pytest.raises(IdentityError, match=r"cannot be read by this user \(.+\): Permission denied; .* chown") as told:
        read_identity(settings)
    assert "identity new" not in str(told.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("nonsense", "is no private key"),
        ("-----BEGIN PRIVATE KEY-----\n", "is no private key"),
    ],
)
def test_a_key_that_cannot_be_used_is_named(tmp_path: Path, content: str | None, said: str) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(IdentityError, match=said) as wrong:
        read_identity(read_settings({"PRESSRUN_IDENTITY": str(file), "PRESSRUN_IDENTITY_URL": AGENT}))
    assert "pressrun identity new" in str(wrong.value)


def test_a_key_needs_the_address_of_its_directory(tmp_path: Path) -> None:
    with pytest.raises(IdentityError, match="PRESSRUN_IDENTITY_URL"):
        read_identity(read_settings({"PRESSRUN_IDENTITY": str(tmp_path / "key.pem")}))


@pytest.mark.parametrize("url", ["http://bot.example", "bot.example", "https://bot.example/keys", "https://"])
def test_an_address_that_cannot_hold_the_directory_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="PRESSRUN_IDENTITY_URL"):
        read_settings({"PRESSRUN_IDENTITY_URL": url})


class TestRequests:
    """On real HTTP: what the server got."""

    pytestmark = pytest.mark.usefixtures("quick_fetch")

    def _outlet(self, origin: str) -> Outlet:
        import tomllib

        text = OUTLET.replace("https://example.ge", origin).replace("https://example\\\\.ge", ".")
        return Outlet.model_validate({"id": "a", "allow_private": True, "fetch": {"delay": 0}} | tomllib.loads(text))

    def test_every_request_is_signed_for_its_host_also_redirected_ones_and_robots(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new_key(tmp_path / "key.pem")
        monkeypatch.setenv("PRESSRUN_IDENTITY", str(tmp_path / "key.pem"))
        monkeypatch.setenv("PRESSRUN_IDENTITY_URL", AGENT)
        settings = read_settings()
        who = read_identity(settings)
        assert who is not None
        with FaultySite() as site, FetchClient(settings, [self._outlet(site.origin)]) as fetch:
            found = fetch(site.url("/redirect/ok/1"))
            assert isinstance(found, WebPage)
            assert found.url == site.url("/ok/1")
            asked = {hit.path: hit.headers for hit in site.hits}
        assert {"/robots.txt", "/redirect/ok/1", "/ok/1"} <= set(asked)
        for path, headers in asked.items():
            assert verify(site.url(path), headers, who.key.public_key(), who.key_id), path
        assert len({headers["signature"] for headers in asked.values()}) == len(asked)

    def test_by_default_no_request_is(self) -> None:
        with FaultySite() as site, FetchClient(read_settings(), [self._outlet(site.origin)]) as fetch:
            assert isinstance(fetch(site.url("/ok/1")), WebPage)
            assert not any(name.startswith("signature") for hit in site.hits for name in hit.headers)

    def test_a_key_that_is_gone_ends_the_process_with_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PRESSRUN_IDENTITY", str(tmp_path / "gone.pem"))
        monkeypatch.setenv("PRESSRUN_IDENTITY_URL", AGENT)
        from crawlers.fetch_client import FetchProcessError

        with (
            FaultySite() as site,
            FetchClient(read_settings(), [self._outlet(site.origin)]) as fetch,
            pytest.raises(FetchProcessError, match=r"gone\.pem cannot be read"),
        ):
            fetch(site.url("/ok/1"))
