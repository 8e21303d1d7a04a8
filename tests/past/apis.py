"""The outlet's articles by the APIs of WordPress and Ghost, as these answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape

from tests.past.stories import Story, in_utc

Query = dict[str, str]
KEY = "22444f78447824223cefc48062"
NQL = re.compile(r"published_at:>='([^']+)'\+published_at:<'([^']+)'")


def wordpress(
    newest_first: list[Story], query: Query, origin: str, teaser: Callable[[Story], bool]
) -> tuple[int, bytes, dict[str, str]]:
    """Status, body and headers of /wp-json/wp/v2/posts. `after` and `before` are compared with the site's own time."""
    local = [(f"{story.at:%Y-%m-%dT%H:%M:%S}", story) for story in newest_first]
    found = [story for at, story in local if query.get("after", "") < at < query.get("before", "9")]
    per_page, page = int(query.get("per_page", "10")), int(query.get("page", "1"))
    pages = -(-len(found) // per_page)
    if page > max(1, pages):
        return 400, b'{"code": "rest_post_invalid_page_number", "data": {"status": 400}}', {}
    shown = found[per_page * (page - 1) : per_page * page]
    body = json.dumps([_post(story, origin, teaser(story), "_embed" in query) for story in shown])
    return 200, body.encode(), {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}


def _post(story: Story, origin: str, teaser: bool, embed: bool) -> dict[str, object]:
    first = story.body.split("\n")[0]
    embedded = {
        "author": [{"name": story.author}],
        "wp:term": [[{"taxonomy": "category", "name": story.section.title()}]],
    }
    return {
        "id": story.number, "link": origin + story.path, "type": "post", "status": "publish",
        "date": f"{story.at:%Y-%m-%dT%H:%M:%S}", "date_gmt": in_utc(story.at), "modified_gmt": in_utc(story.edited or story.at),
        "title": {"rendered": escape(story.title)}, "excerpt": {"rendered": first, "protected": False},
        "content": {"rendered": first if teaser else story.body, "protected": False},
    } | ({"_embedded": embedded} if embed else {})  # fmt: skip


def ghost(newest_first: list[Story], query: Query, origin: str, teaser: Callable[[Story], bool]) -> tuple[int, bytes]:
    """Status and body of /ghost/api/content/posts/, whose filter compares in UTC."""
    if query.get("key") != KEY:
        return 401, b'{"errors": [{"message": "Unknown Content API Key", "type": "UnauthorizedError"}]}'
    asked = NQL.fullmatch(query.get("filter", ""))
    since, until = (asked[1], asked[2]) if asked else ("", "9")
    found = [story for story in newest_first if since <= in_utc(story.at).replace("T", " ") < until]
    limit, page = int(query.get("limit", "15")), int(query.get("page", "1"))
    pages = max(1, -(-len(found) // limit))
    shown = found[limit * (page - 1) : limit * page]
    pagination = {
        "page": page,
        "limit": limit,
        "pages": pages,
        "total": len(found),
        "next": page + 1 if page < pages else None,
    }
    posts = [_ghost_post(story, origin, teaser(story)) for story in shown]
    return 200, json.dumps({"posts": posts, "meta": {"pagination": pagination}}).encode()


def _ghost_post(story: Story, origin: str, teaser: bool) -> dict[str, object]:
    return {
        "id": f"{story.number:024x}", "url": origin + story.path, "title": story.title, "html": story.body.split("\n")[0] if teaser else story.body,
        "published_at": f"{in_utc(story.at)}.000+00:00", "updated_at": f"{in_utc(story.edited or story.at)}.000+00:00", "access": not teaser,
        "authors": [{"name": story.author}], "tags": [{"name": story.section.title(), "visibility": "public"}],
    }  # fmt: skip
