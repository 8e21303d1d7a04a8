"""Articles as page builders and content systems lay them out: each part of the text in a row of boxes of its own."""

from __future__ import annotations

import pytest

from tests.crawlers.extraction.news import ALL, News, items, page, paragraphs, read

# What stands around the rows, and around the content of each row.
BUILDERS = {
    "squarespace": (
        '<article class="entry hentry tag-social post-type-text"><h1 class="entry-title">{title}</h1>'
        '<div class="sqs-layout sqs-grid-12"><div class="row sqs-row"><div class="col sqs-col-12">{rows}</div></div></div></article>',
        '<div class="sqs-block html-block"><div class="sqs-block-content"><div class="sqs-html-content">{}</div></div></div>',
    ),
    "squarespace sections": (
        '<main id="page"><h1>{title}</h1>{rows}</main>',
        '<section class="page-section layout-engine-section"><div class="content-wrapper"><div class="content">'
        '<div class="fluid-engine"><div class="fe-block"><div class="sqs-block html-block"><div class="sqs-block-content">'
        '<div class="sqs-html-content">{}</div></div></div></div></div></div></div></section>',
    ),
    "wpbakery": (
        '<div class="main-content"><h1>{title}</h1><div class="entry-content">{rows}</div></div>',
        '<div class="vc_row wpb_row"><div class="wpb_column vc_column_container"><div class="vc_column-inner">'
        '<div class="wpb_wrapper"><div class="wpb_text_column wpb_content_element"><div class="wpb_wrapper">{}</div></div>'
        "</div></div></div></div>",
    ),
    "divi": (
        '<article class="post-1 post tag-banner category-social"><div class="et_builder_inner_content">'
        '<div class="et_pb_section"><div class="et_pb_module et_pb_post_title"><h1>{title}</h1></div></div>{rows}</div></article>',
        '<div class="et_pb_section et_section_regular"><div class="et_pb_row"><div class="et_pb_column et-last-child">'
        '<div class="et_pb_module et_pb_text"><div class="et_pb_text_inner">{}</div></div></div></div></div>',
    ),
    "elementor": (
        '<div class="elementor elementor-location-single post tag-news"><div class="elementor-widget '
        'elementor-widget-theme-post-title"><div class="elementor-widget-container"><h1>{title}</h1></div></div>{rows}</div>',
        '<section class="elementor-section elementor-top-section"><div class="elementor-container"><div '
        'class="elementor-column"><div class="elementor-widget-wrap"><div class="elementor-element elementor-widget '
        'elementor-widget-text-editor"><div class="elementor-widget-container">{}</div></div></div></div></div></section>',
    ),
    "elementor containers": (
        '<div class="elementor"><div class="e-con"><div class="elementor-widget elementor-widget-heading"><h1>{title}</h1></div>'
        "</div>{rows}</div>",
        '<div class="e-flex e-con-boxed e-con e-parent"><div class="e-con-inner"><div class="elementor-element '
        'elementor-widget elementor-widget-text-editor"><div class="elementor-widget-container">{}</div></div></div></div>',
    ),
    "drupal": (
        '<article class="node node--type-article"><div class="node__content"><div class="field--name-title"><h1>{title}</h1></div>'
        '<div class="field field--name-field-paragraphs field__items">{rows}</div></div></article>',
        '<div class="field__item"><div class="paragraph paragraph--type--text"><div class="clearfix text-formatted field '
        'field--name-field-text field__item">{}</div></div></div>',
    ),
    "next": (
        '<div id="__next"><div class="Layout_main__q"><div class="Header_hero__s"><h1 class="Title_t__z">{title}</h1></div>'
        '<div class="Page_body__r">{rows}</div></div></div>',
        '<div class="Block_root__a1b2c"><div class="RichText_container__x9"><div class="css-1ab2c">{}</div></div></div>',
    ),
    "aem": (
        '<main class="container responsivegrid"><div class="cmp-title"><h1 class="cmp-title__text">{title}</h1></div>'
        '<div class="aem-Grid">{rows}</div></main>',
        '<div class="text aem-GridColumn"><div class="cmp-text">{}</div></div>',
    ),
    "tilda": (
        '<div id="allrecords" class="t-records"><div class="t-rec"><div class="t017"><h1 class="t017__title">{title}</h1></div></div>'
        "{rows}</div>",
        '<div class="r t-rec t-rec_pt_30"><div class="t106"><div class="t-container"><div class="t-col t-col_8">'
        '<div class="t106__text t-text" field="text">{}</div></div></div></div></div>',
    ),
    "webflow": (
        '<div class="page-wrapper"><section class="section-blog-header"><div class="container-large"><h1>{title}</h1></div></section>'
        "{rows}</div>",
        '<section class="section-content"><div class="padding-global"><div class="container-medium"><div class="w-richtext">'
        "{}</div></div></div></section>",
    ),
    "joomla": (
        '<div id="sp-page-builder" class="sp-page-builder"><div class="page-content"><h1>{title}</h1>{rows}</div></div>',
        '<section class="sppb-section"><div class="sppb-row-container"><div class="sppb-row"><div class="sppb-column"><div '
        'class="sppb-column-addons"><div class="sppb-addon sppb-addon-text-block"><div class="sppb-addon-content">{}</div></div>'
        "</div></div></div></div></section>",
    ),
}
MENU = "<header><nav>" + items(*(f'<a href="/{number}">Orrin {number}</a>' for number in range(8))) + "</nav></header>"


@pytest.mark.parametrize("news", ALL, ids=lambda news: news.lang)
@pytest.mark.parametrize("builder", BUILDERS)
def test_every_row_of_the_text_is_read(news: News, builder: str) -> None:
    around, row = BUILDERS[builder]
    (a, b, c, d, e, f), (one, two, three) = news.text, news.heads
    more = [f"{point} 2" for point in news.points]
    parts = (
        paragraphs(a, b), f"<h2>{one}</h2><p>{c}</p>", items(*news.points), f"<blockquote><p>{d}</p></blockquote>",
        f"<h2>{two}</h2>", paragraphs(e), f"<h2>{three}</h2>{items(*more)}", paragraphs(f),
    )  # fmt: skip
    body = around.format(title=news.title, rows="".join(map(row.format, parts)))
    html = page(news, f"{MENU}{body}<footer><p>{news.other}</p></footer>")
    assert read(html) == [a, b, one, c, *news.points, d, two, e, three, *more, f]
