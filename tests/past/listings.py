"""How the outlet shows its past as pages of links: by day, and by number with and without dates."""

from __future__ import annotations

from html import escape

from tests.past.stories import Story

PER_PAGE = 20
BESIDE = 5  # links to the latest news that stand on every page beside the list


def listing_page(shown: list[Story], told: list[Story], *, times: bool = False, following: str = "") -> bytes:
    """A page of links, newest first, with the latest news before it, and the most read behind it: old ones, too."""
    rows = "".join(_row(story, times) for story in shown)
    beside = "".join(_row(story, times) for story in told[:BESIDE])
    most_read = "".join(_row(story, times) for story in told[len(told) // 2 :][:BESIDE])
    older = f'<a rel="next" href="{escape(following)}">Older</a>' if following else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>All news | Gazette</title></head><body>'
        f'<aside class="latest"><h2>Latest</h2><ul>{beside}</ul></aside><main><ul class="list">{rows}</ul>{older}</main>'
        f"<aside><h2>Most read</h2><ul>{most_read}</ul></aside>"
        "</body></html>"
    ).encode()


def _row(story: Story, times: bool) -> str:
    time = f'<time datetime="{story.at.isoformat()}">{story.at:%H:%M}</time>' if times else ""
    return f'<li><a href="{story.path}">{escape(story.title)}</a> {time}</li>'


def numbered(newest_first: list[Story], number: int) -> list[Story]:
    """The links of a page, counted from 1."""
    return newest_first[PER_PAGE * (number - 1) : PER_PAGE * number]
