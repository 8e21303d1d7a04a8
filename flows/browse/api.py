"""The API, version 1: the archive for other programs. Answers are JSON; errors are `{"error": "one sentence"}`."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from storage import articles
from storage.model import MOST_ID

from . import rows, views
from .archive import Archive
from .filters import ChangesPage, Page, Parameters, selection
from .reply import json_answer


class Refusal(BaseModel):
    """Why a request was not answered."""

    error: str = Field(description="One sentence: the fault and the remedy.")


_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "A parameter is wrong"},
    401: {"model": Refusal, "description": "The token is missing or wrong"},
    404: {"model": Refusal, "description": "There is no such thing"},
    503: {"model": Refusal, "description": "The store is locked, older than this Pressrun, or does not answer"},
}
_STALE: dict[int | str, dict[str, Any]] = {409: {"model": Refusal, "description": "No change has that number yet"}}
router = APIRouter(prefix="/api/v1", responses=_REFUSALS)
Number = Annotated[int, Path(ge=1, le=MOST_ID)]


class RunsPage(Parameters):
    """How many runs are wanted."""

    limit: int = Field(30, ge=1, le=200, description="Runs on a page.")


def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


@router.get("/articles", summary="Articles by publication, newest first")
def list_articles(request: Request, page: Annotated[Page, Query()]) -> Response:
    """Articles with all their fields. `cursor` gives the next page; it is null at the end."""
    archive = _archive(request)
    listed = articles.list_articles(archive.db, selection(archive, page), limit=page.limit, cursor=page.cursor)
    return json_answer(request, {"articles": [rows.full(each) for each in listed.articles], "cursor": listed.cursor})


@router.get("/articles/{article_id}", summary="One article")
def get_article(request: Request, article_id: Number) -> Response:
    """An article with its provenance, copies, revisions, and others like it."""
    return json_answer(request, views.article(_archive(request), article_id))


@router.get("/search", summary="Articles by words, best and newest first")
def search(request: Request, page: Annotated[Page, Query()]) -> Response:
    """Results with snippets, as pairs of a text and whether it matches. Copies are folded under their originals."""
    return json_answer(request, views.search(_archive(request), page))


@router.get("/outlets", summary="Outlets with their last run and open findings")
def list_outlets(request: Request, _: Annotated[Parameters, Query()]) -> Response:
    """All outlets that the archive knows."""
    return json_answer(request, views.outlets(_archive(request)))


@router.get("/runs", summary="The latest runs")
def list_runs(request: Request, page: Annotated[RunsPage, Query()]) -> Response:
    """Runs, newest first."""
    return json_answer(request, views.runs(_archive(request), page.limit))


@router.get("/changes", summary="What has changed since a cursor", responses=_STALE)
def changes(request: Request, page: Annotated[ChangesPage, Query()]) -> Response:
    """Each article once, by its last change, in order: `kind` is `stored` (new, edited, another original) or `removed`.

    Keep `cursor` together with what you made of the page, and ask with it again. `more` says whether to ask at once.
    """
    found = articles.changes_since(_archive(request).db, page.since, page.limit)
    return json_answer(
        request,
        {
            "changes": [_change(each, with_text=page.text) for each in found.changes],
            "cursor": found.cursor, "more": found.more,
        },
    )  # fmt: skip


def _change(change: articles.Change, *, with_text: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"number": change.number, "id": change.article_id}
    if change.article is None:
        return told | {"kind": "removed"}
    article = rows.full(change.article)
    return told | {"kind": "stored", "article": article if with_text else article | {"text": None}}
