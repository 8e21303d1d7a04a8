"""news-please on pages that are there already."""

from newsplease import NewsPlease
from pages import answer


def extract(page, url):
    article = NewsPlease.from_html(page.decode("utf-8", "replace"), url=url, fetch_images=False)
    at = article.date_publish
    return {
        "title": article.title,
        "text": article.maintext,
        "authors": list(article.authors or []),
        "published_at": at.isoformat() if at else None,
    }


answer(extract)
