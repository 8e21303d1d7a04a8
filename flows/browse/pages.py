"""The pages. Each has its values as JSON under the same address with `.json`, lists as RSS with `.rss`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import RedirectResponse

from flows import watching
from storage.model import MOST_ID

from . import views
from .archive import Archive
from .errors import NotFoundError
from .filters import Day, Page, Parameters, Span, Text
from .reply import answer, html_answer, json_answer, rss_answer
from .security import COOKIE, cookie_value, same

router = APIRouter(include_in_schema=False)
Number = Annotated[int, Path(ge=1, le=MOST_ID)]
NoParameters = Annotated[Parameters, Query()]
_LONGEST_FORM = 4096  # bytes
_STATIC_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


class StartPage(Parameters):
    """Which day the start page shows."""

    day: Day = None


class LoginPage(Parameters):
    """Where to go on after the login."""

    next: Text = None


def _archive(request: Request) -> Archive:
    archive: Archive = request.app.state.archive
    return archive


@router.get("/")
def start(request: Request, page: Annotated[StartPage, Query()]) -> Response:
    return html_answer(request, "start.html", _start(request, page.day))


@router.get("/index.json")
def start_json(request: Request, page: Annotated[StartPage, Query()]) -> Response:
    return json_answer(request, _start(request, page.day))


@router.get("/index.rss")
def start_rss(request: Request, page: Annotated[StartPage, Query()]) -> Response:
    return rss_answer(request, "Newest articles", _start(request, page.day)["articles"])


def _start(request: Request, day: date | None) -> dict[str, Any]:
    return views.start(_archive(request), day)


@router.get("/search")
def search(request: Request, page: Annotated[Page, Query()]) -> Response:
    archive = _archive(request)
    shown = {"filters": views.filters_shown(page), "countries": archive.countries, "names": views.names(archive)}
    return html_answer(request, "search.html", views.search(archive, page) | shown)


@router.get("/search.json")
def search_json(request: Request, page: Annotated[Page, Query()]) -> Response:
    return json_answer(request, views.search(_archive(request), page))


@router.get("/search.rss")
def search_rss(request: Request, page: Annotated[Page, Query()]) -> Response:
    title = f"Articles with {page.q}" if page.q else "Articles"
    return rss_answer(request, title, views.search(_archive(request), page)["articles"])


@router.get("/articles/{article_id}.json")
def article_json(request: Request, article_id: Number, _: NoParameters) -> Response:
    return json_answer(request, views.article(_archive(request), article_id))


@router.get("/articles/{article_id}")
def article(request: Request, article_id: Number, _: NoParameters) -> Response:
    return html_answer(request, "article.html", {"article": views.article(_archive(request), article_id)})


@router.get("/articles/{article_id}/copies/{copy_id}.json")
def copy_json(request: Request, article_id: Number, copy_id: Number, _: NoParameters) -> Response:
    return json_answer(request, views.copy(_archive(request), article_id, copy_id))


@router.get("/articles/{article_id}/copies/{copy_id}")
def copy(request: Request, article_id: Number, copy_id: Number, _: NoParameters) -> Response:
    return html_answer(request, "copy.html", views.copy(_archive(request), article_id, copy_id))


@router.get("/articles/{article_id}/revisions/{number}.json")
def revision_json(request: Request, article_id: Number, number: Number, _: NoParameters) -> Response:
    return json_answer(request, views.revision(_archive(request), article_id, number))


@router.get("/articles/{article_id}/revisions/{number}")
def revision(request: Request, article_id: Number, number: Number, _: NoParameters) -> Response:
    return html_answer(request, "revision.html", views.revision(_archive(request), article_id, number))


@router.get("/watches/{name}.rss")
def watch_rss(request: Request, name: str, _: NoParameters) -> Response:
    """What a saved search has found last, for readers of feeds."""
    return answer(request, watching.feed(_archive(request).db, name, home=str(request.base_url)), "rss")


@router.get("/outlets.json")
def outlets_json(request: Request, _: NoParameters) -> Response:
    return json_answer(request, views.outlets(_archive(request)))


@router.get("/outlets")
def outlets(request: Request, _: NoParameters) -> Response:
    return html_answer(request, "outlets.html", views.outlets(_archive(request)))


@router.get("/outlets/{outlet_id}.json")
def outlet_json(request: Request, outlet_id: str, _: NoParameters) -> Response:
    return json_answer(request, views.outlet(_archive(request), outlet_id))


@router.get("/outlets/{outlet_id}.rss")
def outlet_rss(request: Request, outlet_id: str, _: NoParameters) -> Response:
    shown = views.outlet(_archive(request), outlet_id)
    return rss_answer(request, shown["name"], shown["articles"])


@router.get("/outlets/{outlet_id}")
def outlet(request: Request, outlet_id: str, _: NoParameters) -> Response:
    return html_answer(request, "outlet.html", {"outlet": views.outlet(_archive(request), outlet_id)})


@router.get("/runs.json")
def runs_json(request: Request, _: NoParameters) -> Response:
    return json_answer(request, views.runs(_archive(request)))


@router.get("/runs")
def runs(request: Request, _: NoParameters) -> Response:
    return html_answer(request, "runs.html", views.runs(_archive(request)))


@router.get("/runs/{run_id}.json")
def run_json(request: Request, run_id: Number, _: NoParameters) -> Response:
    return json_answer(request, views.run(_archive(request), run_id))


@router.get("/runs/{run_id}")
def run(request: Request, run_id: Number, _: NoParameters) -> Response:
    return html_answer(request, "run.html", {"run": views.run(_archive(request), run_id)})


@router.get("/trend.json")
def trend_json(request: Request, span: Annotated[Span, Query()]) -> Response:
    return json_answer(request, views.trend(_archive(request), span))


@router.get("/trend")
def trend(request: Request, span: Annotated[Span, Query()]) -> Response:
    archive = _archive(request)
    shown = {"filters": views.filters_shown(span), "names": views.names(archive)}
    return html_answer(request, "trend.html", views.trend(archive, span) | shown)


@router.get("/api")
def api_page(request: Request, _: NoParameters) -> Response:
    return html_answer(request, "api.html", {"described": request.app.openapi()})


@router.get("/static/{name}")
def static(request: Request, name: str) -> Response:
    if name not in request.app.state.static:
        raise NotFoundError(f"there is no file {name[:80]!r}")
    kind = _STATIC_TYPES[name.rpartition(".")[2]]
    return Response(request.app.state.static[name], media_type=kind, headers={"cache-control": "max-age=600"})


@router.get("/login")
def login_page(request: Request, page: Annotated[LoginPage, Query()]) -> Response:
    return html_answer(request, "login.html", {"next": _own_path(page.next), "wrong": False})


@router.post("/login")
async def login(request: Request) -> Response:
    form = await _form(request)
    target = _own_path(form.get("next"))
    token = request.app.state.token
    if token is None:
        return RedirectResponse(target, 303)
    if not same(form.get("token", "").strip(), token):
        return html_answer(request, "login.html", {"next": target, "wrong": True}, 401)
    answer = RedirectResponse(target, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie_value(token), max_age=30 * 86_400, httponly=True, samesite="strict", secure=secure)
    return answer


@router.post("/logout")
def logout() -> Response:
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


async def _form(request: Request) -> dict[str, str]:
    """Read a small form. What is longer is none of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_FORM:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=10)
    return {name: values[0] for name, values in fields.items()}


def _own_path(path: str | None) -> str:
    """Return a path of this archive: a login must not lead to another site."""
    safe = path and path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if safe and path else "/"
