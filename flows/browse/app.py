"""The application: pages, API, errors as one sentence, and who may read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from flows.selection import UnknownFilterError
from storage.articles import ChangeCursorError, CursorError, QueryError
from storage.errors import PressrunError
from storage.watches import WatchError

from . import api, pages, render, reply
from .archive import Archive
from .errors import BadRequestError, NotFoundError
from .security import HEADERS, Guard

READERS = 8  # requests that read at once: each has a connection to the store
_STATUS: tuple[tuple[type[PressrunError], int], ...] = (
    (NotFoundError, 404),
    (WatchError, 404),
    (BadRequestError, 400),
    (UnknownFilterError, 400),
    (QueryError, 400),
    (CursorError, 400),
    (ChangeCursorError, 409),
)  # others are the store's: 503
_TITLES = {400: "That cannot be asked", 404: "Not here", 405: "Pages are only read", 503: "Not now"}


@asynccontextmanager
async def _lifespan(_: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = READERS
    yield


def create_app(archive: Archive, token: str | None = None) -> FastAPI:
    """Return the application. Without a token it serves this machine alone."""
    app = FastAPI(
        title="Pressrun", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json",
        description="Read an archive of news. Errors are JSON with one sentence, `error`.", lifespan=_lifespan,
    )  # fmt: skip
    app.state.archive, app.state.token, app.state.templates = archive, token, render.environment()
    app.state.static = {each.name: each.read_bytes() for each in (files(__package__) / "static").iterdir()}
    app.include_router(api.router)
    app.include_router(pages.router)
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guard, token=token)
    return app


def _known(request: Request, error: Exception) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
    return _told(request, str(error), status)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fault = error.errors()[0]
    name = next((str(each) for each in fault["loc"][1:] if isinstance(each, str)), str(fault["loc"][-1]))
    if fault["type"] == "extra_forbidden":
        return _told(request, f"there is no parameter {name[:80]!r}; /api lists those that there are", 400)
    given = "" if fault.get("input") in (None, "") else f"={str(fault.get('input'))[:80]}"
    what = fault["msg"].removeprefix("Value error, ")
    return _told(request, f"{name}{given}: {what[:1].lower()}{what[1:]}", 400)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = {404: f"there is no page {request.url.path[:200]}", 405: "this archive can only be read: use GET"}
    return _told(request, told.get(error.status_code, str(error.detail)), error.status_code)


def _fault(request: Request, error: Exception) -> Response:
    told = _told(request, f"a fault of Pressrun ({type(error).__name__}); its log says where", 500)
    told.headers.update(HEADERS)  # this handler is called outside of the guard
    return told


def _told(request: Request, sentence: str, status: int) -> Response:
    if request.url.path.startswith("/api/v1/") or request.url.path.endswith((".json", ".rss")):
        return reply.json_answer(request, {"error": sentence}, status)
    values = {"sentence": sentence, "status": status, "title": _TITLES.get(status, "Something is wrong")}
    return reply.html_answer(request, "error.html", values, status)


_HANDLERS: dict[Any, Any] = {
    PressrunError: _known, RequestValidationError: _invalid, HTTPException: _http, Exception: _fault,
}  # fmt: skip
