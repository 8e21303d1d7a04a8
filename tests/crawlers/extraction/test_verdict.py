"""Pages that are no article, and articles that look like one of those."""

from __future__ import annotations

import pytest

from crawlers.extraction import extract
from crawlers.extraction.result import Reason, Rejected
from crawlers.outlet import Outlet
from storage.model import Article
from tests.crawlers.extraction.pier import TEXT, article, page


class TestRefusals:
    def refused(self, html: bytes, url: str) -> Reason:
        found = extract(html, url)
        assert isinstance(found, Rejected), found
        return found.reason

    def test_a_section_is_known_by_its_address_if_nothing_says_otherwise(self) -> None:
        long = [f"{text} {text}" for text in TEXT * 2]
        assert self.refused(page("World", text=long), "https://www.pier.example/world/") is Reason.NOT_ARTICLE
        assert article(page(ld={}, text=long), "https://www.pier.example/world/").title
        assert article(page(text=long), "https://www.pier.example/world/pier-2").title

    @pytest.mark.parametrize(
        "address",
        [
            "/page/4/", "/news/page/12", "/category/harbour", "/tag/pier/page/2/", "/author/jane-doe/", "/2025/03/",
            "/2024/11/page/2/", "/news?page=2", "/news/?paged=5", "/?cat=1&paged=3", "/news/list.php?start=20",
        ],
    )  # fmt: skip
    def test_a_page_of_a_listing_is_too(self, address: str) -> None:
        url = f"https://www.pier.example{address}"
        assert self.refused(page(text=TEXT * 3), url) is Reason.NOT_ARTICLE
        assert article(page(ld={}, text=TEXT * 3), url).title

    @pytest.mark.parametrize(
        "address",
        [
            "/news/pier-2025/page/2/", "/tag-der-einheit-am-hafen", "/category/harbour/council-votes/second-pier",
            "/news/view.html?idx=85&page=1", "/harbour/council-votes-for-second-pier?page=2", "/2025/03/second-pier/",
            "/archive/63076.html", "/archives/63076", "/?p=812",
        ],
    )  # fmt: skip
    def test_an_article_whose_address_is_like_one_is_not(self, address: str) -> None:
        assert article(page(text=TEXT * 3), f"https://www.pier.example{address}").title

    def test_what_an_outlets_file_calls_an_article_is_no_listing_by_its_address(self) -> None:
        outlet = Outlet.model_validate(
            {
                "id": "pier",
                "name": "Pier",
                "home": "https://www.pier.example/",
                "country": "ge",
                "languages": ["en"],
                "timezone": "Asia/Tbilisi",
                "urls": {"article": r"^https://www\.pier\.example/tag/[a-z]+$"},
                "seeds": [{"kind": "feed", "url": "https://www.pier.example/rss"}],
            }
        )
        url = "https://www.pier.example/tag/pier"
        assert self.refused(page(text=TEXT * 3), url) is Reason.NOT_ARTICLE
        assert isinstance(extract(page(text=TEXT * 3), url, outlet), Article)

    @pytest.mark.parametrize("form", ["<div class=card>{}</div>", "<div>{}</div>", "{}", "<article>{}</article>"])
    def test_a_list_of_headlines_with_their_texts_is_no_article(self, form: str) -> None:
        line = '<h3><a href="/news/{0}">How the old pier number {0} came to be</a></h3><i>4 March 2025</i><p>{1}</p>'
        listed = "".join(form.format(line.format(number, TEXT[number % 3])) for number in range(9))
        html = "<html><head><title>Harbour</title></head><body>{}<div>{}</div></body></html>"
        url = "https://www.pier.example/news/harbour-2"
        assert self.refused(html.format("<h1>Harbour</h1>", listed).encode(), url) is Reason.NOT_ARTICLE
        own = "<h1>Council votes for a second pier</h1>" + "".join(f"<p>{text}</p>" for text in TEXT * 3)
        assert article(html.format(own, listed).encode(), url).title

    def test_long_words_make_a_paragraph_too(self) -> None:
        """Four Azerbaijani paragraphs without a date: 15 words each, which in English would be 20."""
        text = [
            "Şəhər şurası bazar ertəsi yeni körpünün tikintisi üçün səs verib, işlər gələn ilin yayınadək başa çatdırılmalıdır.",
            "Liman rəisinin sözlərinə görə, bundan sonra gündə doqquz bərə limana yan alacaq, bu da əvvəlkindən üçü çoxdur.",
            "Uzaq adaların sakinləri də bundan faydalanacaq, çünki onların qayıqları illərdir köhnə limanda yer tapa bilmirdi.",
            "Pul üçün dördüncü səsvermə may ayında keçiriləcək, o vaxta qədər dövlət nə qədər verəcəyini açıqlamalıdır.",
        ]
        assert article(
            page("Şura yeni körpü üçün səs verib", text=text), "https://www.pier.example/xeber/korpu-1"
        ).title

    def test_a_portal_is_no_article(self) -> None:
        links = "".join(
            f"<li><a href='/n/{n}'>What the islanders think of the pier number {n}</a></li>" for n in range(90)
        )
        text = "".join(f"<p>{line}</p>" for line in TEXT)
        html = f"<html><head><title>Harbour</title></head><body>{{}}<ul>{links}</ul><div>{text}</div></body></html>"
        url = "https://www.pier.example/x/f2a8"
        assert self.refused(html.format("").encode(), url) is Reason.NOT_ARTICLE
        assert article(html.format("<h1>Harbour</h1><i>4 March 2025</i>").encode(), url).title

    @pytest.mark.parametrize(
        "said",
        ["Бет табылмады", "Саҳифа топилмади", "صفحه مورد نظر یافت نشد", "Sahypa tapylmady", "Саҳифа ёфт нашуд", "Барак табылган жок"],
    )  # fmt: skip
    def test_a_missing_page_says_so_in_its_language(self, said: str) -> None:
        html = f"<html><head><title>{said}</title></head><body><h1>{said}</h1></body></html>".encode()
        assert self.refused(html, "https://www.pier.example/news/1") is Reason.SOFT_404

    def test_a_challenge_may_be_nothing_but_its_script(self) -> None:
        html = b'<html><head><script src="/_Incapsula_Resource?X=1"></script></head><body></body></html>'
        assert self.refused(html, "https://www.pier.example/news/1") is Reason.CHALLENGE

    def test_a_domain_for_sale_is_a_page_that_is_not_there(self) -> None:
        html = b"<html><head><title>pier.example</title></head><body><p>pier.example</p><p>Buy this domain.</p></body></html>"
        assert self.refused(html, "https://www.pier.example/news/1") is Reason.SOFT_404

    def test_a_page_of_links_needs_no_scripts_to_be_no_article(self) -> None:
        links = "".join(f'<a href="/{n}">Person {n}</a> ' for n in range(40))
        scripts = '<script src="/a.js"></script>' * 4
        html = f"<html><head><title>People</title>{scripts}</head><body><nav>{links}</nav></body></html>".encode()
        assert self.refused(html, "https://www.pier.example/people/search") is Reason.NOT_ARTICLE

    def test_names_of_attributes_may_hold_quotes_and_count_all_the_same(self) -> None:
        odd = " ".join(f'a"{n}=1' for n in range(1_200))
        html = f"<html><body {odd}>{page().decode()}".encode()
        assert self.refused(html, "https://www.pier.example/news/1") is Reason.HOSTILE
