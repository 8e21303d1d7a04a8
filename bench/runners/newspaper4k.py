"""newspaper4k on pages that are there already."""

import newspaper
from pages import answer


def extract(page, url):
    article = newspaper.Article(url, fetch_images=False)
    article.download(input_html=page.decode("utf-8", "replace"))
    article.parse()
    at = article.publish_date
    return {
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published_at": at.isoformat() if hasattr(at, "isoformat") else at,
    }


answer(extract)
