"""Which platform APIs (WordPress, Ghost) a front page points to."""

from __future__ import annotations

from urllib.parse import urljoin

from crawlers.outlet import Ghost, WordPress

from .front_page import FrontPage


def api_seeds(front: FrontPage) -> list[WordPress | Ghost]:
    """Return the API seeds that are worth a request: those that the page names, and WordPress's where it says so.

    A front page that could not be read says nothing; then WordPress, the most common platform, is tried.
    """
    seeds: list[WordPress | Ghost] = []
    if front.ghost and front.ghost_key:
        seeds.append(Ghost(kind="ghost", url=front.ghost, key=front.ghost_key))
    unread = not front.links and not front.name
    if front.wordpress or unread or "wordpress" in front.generator.lower():
        url = front.wordpress or urljoin(front.url, "/wp-json/wp/v2/posts")
        seeds.append(WordPress(kind="wordpress", url=url))
    return seeds
