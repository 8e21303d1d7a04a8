"""Lines and the blocks that they come from."""

from __future__ import annotations

from tests.crawlers.extraction.ferry import PROSE, text_of


def test_paragraphs_that_begin_alike_are_each_judged_by_their_own_block() -> None:
    start = "The Ministry of Foreign Affairs of Lakeland"
    kept = [f"{start} said on day {day} that {PROSE}" for day in range(4)]
    related = f"<p><a href='/other'>{start} on another matter of the lake</a></p>"
    text = text_of(f"<p>{kept[0]}</p><p>{kept[1]}</p>{related}{related}<p>{kept[2]}</p><p>{kept[3]}</p>")
    assert text.split("\n\n") == kept


def test_ten_thousand_paragraphs_that_begin_alike_are_read() -> None:
    """Within the time that the runner of these tests gives one; comparing each with each would take minutes."""
    body = "".join(
        f"<p>The Ministry of Foreign Affairs of Lakeland said in note {n}: {PROSE}</p>" for n in range(10_000)
    )
    assert len(text_of(body).split("\n\n")) == 10_000
