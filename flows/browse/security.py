"""Who may read, and what a browser may do with a page: middleware around the application.

Without a token only this machine is served, and only under its own names, so that no page of another site can read the
archive through a name that it points at 127.0.0.1. With one, every request but the login needs it: as
`Authorization: Bearer TOKEN`, or as the cookie that the login form sets.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from flows.serving import is_loopback

COOKIE = "pressrun_browse"
OPEN = ("/login", "/static/")
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": _CSP,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "x-robots-tag": "noindex, noarchive",
}
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def cookie_value(token: str) -> str:
    """Return what the cookie holds: a hash, so that the token itself stays in the reader's hands."""
    return hashlib.sha256(b"pressrun browse " + token.encode()).hexdigest()


def same(given: str, right: str) -> bool:
    """Compare two secrets in a time that tells nothing of them."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


class Guard:
    """Refuses who may not read, and adds the headers of security to every answer."""

    def __init__(self, app: App, token: str | None) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def secured(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(scope, Headers(scope=scope))
        return await (refusal or self._app)(scope, receive, secured)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if self._token is None:
            host = headers.get("host", "").rpartition(":")[0] or headers.get("host", "")
            if is_loopback(host):
                return None
            return PlainTextResponse("This archive answers under 127.0.0.1 and localhost only.\n", 421)
        if scope["path"].startswith(OPEN) or self._may_read(headers):
            return None
        if "text/html" in headers.get("accept", "") and not scope["path"].startswith("/api/"):
            target = quote(
                scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
            )
            return RedirectResponse(f"/login?next={target}", 303)
        sentence = "this archive needs its token: send `Authorization: Bearer TOKEN`"
        return JSONResponse({"error": sentence}, 401, {"www-authenticate": "Bearer"})

    def _may_read(self, headers: Headers) -> bool:
        assert self._token is not None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and same(given.strip(), self._token):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and same(cookie.value, cookie_value(self._token))
