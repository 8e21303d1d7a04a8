"""`pressrun mcp`: the archive as tools for language models."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import click

from flows.serving import SHORTEST_TOKEN, is_loopback, listen, url_of
from storage.errors import PressrunError

from .options import CommonOptions, common, pass_options

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"


class McpMissingError(PressrunError):
    """The package `mcp` is not installed."""


class PortInUseError(PressrunError):
    """The address of the server cannot be used."""


@click.command("mcp")
@click.option("--http", is_flag=True, help="Serve HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address for --http. Others need --token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="The port for --http.")
@click.option("--token", help="With --http: clients send it as `Authorization: Bearer TOKEN`.")
@common
@pass_options
def mcp_command(options: CommonOptions, http: bool, host: str, port: int, token: str | None) -> None:
    """Serve the archive to language models, for reading alone, until the client ends it.

    \b
    pressrun mcp
    pressrun mcp --http --port 8765
    """
    _check(http, host, token)
    try:
        import mcp  # noqa: F401 - is it there?
    except ImportError as missing:
        raise McpMissingError("`pressrun mcp` needs the package mcp; run: pip install 'pressrun[mcp]'") from missing
    from flows.mcp_tools import make_server

    with options.opened() as db:
        server = make_server(db, options.catalog())
        if http:
            _serve(server, host, port, token)
        else:
            server.run("stdio")


def _check(http: bool, host: str, token: str | None) -> None:
    context = click.get_current_context()
    if token and not http:
        raise click.UsageError("--token is for --http", context)
    if token is not None and len(token) < SHORTEST_TOKEN:
        raise click.UsageError(f"--token must have at least {SHORTEST_TOKEN} characters", context)
    if http and not token and not is_loopback(host):
        raise click.UsageError(f"{host} is not loopback: others could read the archive; add --token", context)


def _serve(server: MCPServer, host: str, port: int, token: str | None) -> None:
    import uvicorn
    from mcp.server.transport_security import TransportSecuritySettings

    # On loopback the SDK compares Host and Origin, so that no page in a browser reaches it; elsewhere the token guards.
    open_to_others = None if is_loopback(host) else TransportSecuritySettings(enable_dns_rebinding_protection=False)
    app: Any = server.streamable_http_app(streamable_http_path=PATH, host=host, transport_security=open_to_others)
    try:
        listening = listen(host, port)
    except OSError as failure:
        raise PortInUseError(
            f"cannot listen at {host} port {port}: {failure.strerror}; name another --port"
        ) from failure
    with listening:
        click.echo(f"serving at {url_of(listening)}{PATH.removeprefix('/')} until Ctrl-C", err=True)
        config = uvicorn.Config(_guarded(app, token) if token else app, log_level="warning")
        uvicorn.Server(config).run(sockets=[listening])


def _guarded(app: Any, token: str) -> Any:
    """Return the application for those who have the token; others get 401."""
    wanted = f"Bearer {token}".encode()

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, wanted):
                head = {"type": "http.response.start", "status": 401, "headers": [(b"www-authenticate", b"Bearer")]}
                await send(head)
                await send({"type": "http.response.body", "body": b"a token is needed\n"})
                return
        await app(scope, receive, send)

    return guarded
