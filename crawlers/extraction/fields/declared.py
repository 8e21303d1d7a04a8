"""Fields that a page declares and nothing else decides: section, picture, canonical address."""

from __future__ import annotations

from crawlers.extraction.context import PageContext
from crawlers.extraction.page.metadata import canonical, image, section
from crawlers.rights import of_page


def find_section(context: PageContext) -> str | None:
    """Return the section: what the outlet's selector finds, what the page declares, the seed's, the address's."""
    candidates = (
        ("the outlet's own selector", context.selected.section),
        ("JSON-LD or meta", section(context.page)),
        ("seed", context.hints.section),
        ("address", context.url_hints.section),
    )
    for source, value in candidates:
        context.trace.candidate("section", source, value)
    source, value = next(((source, value) for source, value in candidates if value), ("", None))
    context.trace.chose("section", value, source, "the first source that has one" if value else "")
    return value


def find_rights(context: PageContext) -> tuple[str, ...]:
    """Return what the page's meta elements say on its use by machines."""
    said = of_page(context.page.meta)
    for statement in said:
        context.trace.candidate("rights", "meta", statement)
    return said


def find_image(context: PageContext) -> str | None:
    """Return the address of the picture that the page shows of itself, absolute."""
    return image(context.page)


def find_canonical_url(context: PageContext) -> str | None:
    """Return the address that the page declares as its own, absolute; the caller decides whether to trust it."""
    address = canonical(context.page)
    if context.trace.on:
        links = (link for link in context.page.parts["link"] if "canonical" in (link.get("rel") or "").lower().split())
        for link in links:
            context.trace.candidate("canonical_url", "link rel=canonical", link.get("href"))
        context.trace.candidate("canonical_url", "og:url", context.page.first("og:url"))
        context.trace.chose("canonical_url", address, "declared" if address else "", "the link comes before og:url")
    return address
