"""Web Bot Auth (on RFC 9421): requests are signed with a key, whose public part anybody can fetch.

Off unless PRESSRUN_IDENTITY names a key. The signature covers the host that is asked and the address of our directory
of keys; it is valid for a minute. https://datatracker.ietf.org/doc/draft-meunier-web-bot-auth-architecture/ (2026-11)
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import json
import os
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.errors import PressrunError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from .environment import Settings

WELL_KNOWN = "/.well-known/http-message-signatures-directory"
VALID = timedelta(minutes=1)
TAG = "web-bot-auth"
LABEL = "sig1"
COVERED = ("@authority", "signature-agent")


class IdentityError(PressrunError):
    """The key cannot be read or written, or requests cannot be signed with it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A key, and the address below which its directory is served: `Signature-Agent`."""

    key: Ed25519PrivateKey = field(repr=False)
    agent: str

    @property
    def jwk(self) -> dict[str, str]:
        """The public key (RFC 8037)."""
        x = _base64(self.key.public_key().public_bytes_raw())
        return {"crv": "Ed25519", "kty": "OKP", "x": x}

    @property
    def key_id(self) -> str:
        """The thumbprint of the public key (RFC 7638), by which the directory lists it."""
        canonical = json.dumps(self.jwk, separators=(",", ":"), sort_keys=True)
        return _base64(hashlib.sha256(canonical.encode()).digest())

    def directory(self) -> dict[str, Any]:
        """Return the directory document that is served at WELL_KNOWN."""
        return {"keys": [{**self.jwk, "kid": self.key_id, "use": "sig"}]}

    def sign(self, url: str, method: str = "GET", now: datetime | None = None) -> dict[str, str]:
        """Return the headers that a request needs, valid for VALID from `now` on. Raises IdentityError."""
        signatures = _library()
        created = now or datetime.now(UTC)
        message = _Message(method, url, {"Signature-Agent": f'"{self.agent}"'})
        keys = signatures.MappingKeyResolver(public_keys={}, private_keys={self.key_id: self.key})
        signer = signatures.HTTPMessageSigner(signature_algorithm=signatures.algorithms.ED25519, key_resolver=keys)
        signer.sign(
            message, key_id=self.key_id, created=created, expires=created + VALID, label=LABEL, tag=TAG,
            nonce=_base64(secrets.token_bytes(32)), covered_component_ids=COVERED,
        )  # fmt: skip
        return message.headers


@dataclass(slots=True)
class _Message:
    """A request as the library reads and changes it."""

    method: str
    url: str
    headers: dict[str, str]


def new_key(file: Path) -> None:
    """Write a new private key that only its owner may read. Raises IdentityError; never overwrites a file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(pem)
    except FileExistsError as there:
        raise IdentityError(f"{file} exists, and a key is never overwritten; name another file") from there
    except OSError as failure:
        raise IdentityError(f"{file} cannot be written: {failure.strerror}") from failure


def read_identity(settings: Settings) -> Identity | None:
    """Return the identity of the settings; None if there is none. Raises IdentityError."""
    if settings.identity is None:
        return None
    if settings.identity_url is None:
        raise IdentityError(
            f"PRESSRUN_IDENTITY needs PRESSRUN_IDENTITY_URL: the https address below which {WELL_KNOWN} is served"
        )
    return Identity(_read_key(settings.identity), settings.identity_url.rstrip("/"))


def check_identity(settings: Settings) -> None:
    """Raise IdentityError if requests are to be signed and cannot be."""
    if identity := read_identity(settings):
        identity.sign("https://example.org/")


def _read_key(file: Path) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except PermissionError as refused:
        raise IdentityError(
            f"the key {file} cannot be read by this user ({_user()}): {refused.strerror}; make that user its owner "
            "with chown, and let it into the folder"
        ) from refused
    except OSError as failure:
        raise IdentityError(
            f"the key {file} cannot be read: {failure.strerror}; `pressrun identity new` makes one"
        ) from failure
    except (ValueError, TypeError) as wrong:
        raise IdentityError(f"{file} is no private key in PEM; `pressrun identity new` makes one") from wrong
    if not isinstance(key, Ed25519PrivateKey):
        raise IdentityError(f"{file} is no Ed25519 key; `pressrun identity new` makes one")
    return key


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user of a container, who has no name
        return str(os.getuid())


def _library() -> Any:
    try:
        import http_message_signatures
        import http_message_signatures.algorithms
    except ImportError as missing:
        raise IdentityError("signing needs a package: pip install 'pressrun[identity]'") from missing
    return http_message_signatures


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
