"""The fields of an article whose share an outlet file may expect: the keys of `[expect] fill`."""

from __future__ import annotations

from storage.model import Article

from .outlet import Filled


def filled_fields(article: Article) -> list[Filled]:
    """Return the fields that have a value."""
    values: dict[Filled, object] = {
        "title": article.title,
        "published_at": article.published,
        "authors": article.authors,
        "section": article.section,
        "language": article.language,
        "image": article.image,
        "credit": article.credit,
    }
    return [name for name, value in values.items() if value]
