"""Containers: learned from a few pages, gone straight to, verified now and then, and given up when the layout changes."""

from __future__ import annotations

import random

import pytest
from lxml import etree

from crawlers.extraction.containers.learner import (
    ABSENT,
    DISAGREE,
    ENOUGH,
    FEW,
    OFTEN,
    TRUSTED,
    ContainerLearner,
    alike,
)
from crawlers.extraction.containers.model import Container, ContainerUpdate, Event
from crawlers.extraction.containers.xpath import find_container, paths_to
from crawlers.extraction.context import PageSource
from crawlers.extraction.pipeline import extract, extract_learning
from crawlers.extraction.result import Rejected
from storage.model import Article

WORDS = ("harbour", "council", "ferry", "budget", "winter", "market", "school", "railway", "farmer", "tariff", "museum")
BODY = "//div[contains(concat(' ', normalize-space(@class), ' '), ' story-text ')]"
NEW = "//section[@id='story']"
BOX = '<p class="noprint">Every morning the day ahead in five minutes, with the tides of it.</p>'


def sentence(chance: random.Random) -> str:
    return f"The {' and the '.join(chance.choices(WORDS, k=9))} were named on the day after the meeting."


def page(number: int, *, new_layout: bool = False, teaser: str = "", standfirst: str = "", box: str = "") -> bytes:
    """An article of one outlet, which once changes its layout. The box is one that cleaning drops."""
    chance = random.Random(number)
    title = f"What the council said of matter {number} on its long day"
    paragraphs = "".join(f"<p>{sentence(chance)} {sentence(chance)}</p>" for _ in range(5))
    holder = (
        f'<section id="story">{paragraphs}</section>'
        if new_layout
        else f'<div class="story-text">{paragraphs}{box}</div>'
    )
    standfirst = f'<p class="standfirst">{standfirst}</p>' if standfirst else ""
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        '<meta property="article:published_time" content="2025-03-04T09:30:00+04:00"></head>'
        f'<body><nav><a href="/">Home</a></nav><main><h1>{title}</h1>{standfirst}{holder}{teaser}</main>'
        f"<footer>Example Media, all rights reserved</footer></body></html>"
    ).encode()


def read(learner: ContainerLearner, number: int, **more: object) -> tuple[Article, ContainerUpdate | None]:
    html = page(number, **more)  # type: ignore[arg-type]
    found, update = extract_learning(learner, PageSource(html, f"https://a.example/{number}"))
    assert isinstance(found, Article)
    assert found.text == extract(html, f"https://a.example/{number}").text  # type: ignore[union-attr]
    return found, update


def taught(learner: ContainerLearner, numbers: range, **more: object) -> list[ContainerUpdate | None]:
    return [read(learner, number, **more)[1] for number in numbers]


def test_a_container_is_known_after_two_pages_and_three_more_that_agree() -> None:
    learner = ContainerLearner()
    updates = taught(learner, range(FEW + ENOUGH + 3))
    assert updates == [
        *[None] * (FEW + ENOUGH - 1),
        ContainerUpdate(Event.LEARNED, Container(BODY, True)),
        None,
        None,
        None,
    ]


def test_later_pages_are_read_from_it_alone_and_every_twentieth_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers.extraction import pipeline as pages

    full = []
    cleaned = pages.read_body
    monkeypatch.setattr(pages, "read_body", lambda *args: full.append(1) or cleaned(*args))
    learner = ContainerLearner()
    for number in range(FEW + ENOUGH + 2 * OFTEN + 2):
        found, _ = extract_learning(learner, PageSource(page(number), f"https://a.example/{number}"))
        assert isinstance(found, Article)
    assert len(full) == FEW + ENOUGH + 2


def test_the_first_page_of_a_run_is_verified() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True)])
    assert taught(learner, range(3)) == [ContainerUpdate(Event.VERIFIED, Container(BODY, True)), None, None]


def test_a_container_with_the_standfirst_above_it_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    from crawlers.extraction import pipeline

    full = []
    read_body = pipeline.read_body
    monkeypatch.setattr(pipeline, "read_body", lambda *args: full.append(1) or read_body(*args))
    learner = ContainerLearner()
    for number in range(FEW + ENOUGH + 3):
        said = f"A standfirst of its own tells what matter {number} is about."
        found, _ = extract_learning(learner, PageSource(page(number, standfirst=said), f"https://a.example/{number}"))
        assert isinstance(found, Article)
        assert found.text.startswith(said)
    assert learner.known[0].container == Container(BODY, True)
    assert len(full) == FEW + ENOUGH


def test_a_container_that_was_learned_from_odd_pages_becomes_plain() -> None:
    learner = ContainerLearner()
    taught(learner, range(FEW + ENOUGH), box=BOX)
    assert learner.known[0].container == Container(BODY, False)
    learner.set_known([Container(BODY, False)])
    learner.known[0].since = OFTEN  # as in the next run
    updates = taught(learner, range(30, 30 + TRUSTED))
    assert updates == [
        ContainerUpdate(Event.VERIFIED, Container(BODY, False)),
        *[None] * (TRUSTED - 2),
        ContainerUpdate(Event.LEARNED, Container(BODY, True)),
    ]
    assert [known.container for known in learner.known] == [Container(BODY, True)]


def test_a_container_with_a_box_on_one_page_of_nine_does_not_become_plain() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, False)])
    for number in range(4 * TRUSTED):
        read(learner, number, box=BOX if number % (TRUSTED - 1) == 0 else "")
    assert [known.container for known in learner.known] == [Container(BODY, False)]


def test_a_page_that_disagrees_breaks_the_row() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, False)])
    teaser = f'<div class="story-text"><p>{sentence(random.Random(0))}</p></div>'
    for number in range(2 * TRUSTED):
        html = page(number, new_layout=True, teaser=teaser) if number % 2 else page(number)
        extract_learning(learner, PageSource(html, f"https://a.example/{number}"))
    assert [known.container for known in learner.known] == [Container(BODY, False)]


def test_a_changed_layout_is_noticed_told_and_learned_anew() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True)])
    taught(learner, range(2))
    updates = taught(learner, range(10, 10 + ABSENT + ENOUGH), new_layout=True)
    assert updates[ABSENT - 1] == ContainerUpdate(Event.CHANGED, Container(BODY, True))
    assert updates[-1] == ContainerUpdate(Event.LEARNED, Container(NEW, True))
    assert learner.known[0].container == Container(NEW, True)


def test_one_bad_page_is_no_change() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True)])
    taught(learner, range(2))
    assert taught(learner, range(10, 10 + ABSENT - 1), new_layout=True) == [None] * (ABSENT - 1)
    assert taught(learner, range(20, 22)) == [None, None]
    later = taught(learner, range(30, 30 + ABSENT - 1), new_layout=True)
    assert Event.CHANGED not in {update.event for update in later if update}


def test_a_container_that_holds_something_else_now_is_given_up_after_two_verifications() -> None:
    """The name is still there, but what it holds is a teaser: the full reading disagrees."""
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True)])
    taught(learner, range(1))
    learner.known[0].since = OFTEN
    teaser = f'<div class="story-text"><p>{sentence(random.Random(0))}</p></div>'
    updates = taught(learner, range(10, 10 + DISAGREE), new_layout=True, teaser=teaser)
    assert updates == [*[None] * (DISAGREE - 1), ContainerUpdate(Event.CHANGED, Container(BODY, True))]


def test_a_page_that_is_no_article_says_nothing_of_the_layout() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True)])
    for _ in range(3 * ABSENT):
        found, update = extract_learning(
            learner, PageSource(b"<html><body><p>Not here.</p></body></html>", "https://a.example/x")
        )
        assert isinstance(found, Rejected)
        assert update is None
    assert len(learner.known) == 1


def test_what_others_have_given_up_is_forgotten_and_what_they_learned_is_known() -> None:
    learner = ContainerLearner()
    learner.set_known([Container(BODY, True), Container(NEW, False)])
    kept = learner.known[0]
    learner.set_known([Container(BODY, True)])
    assert learner.known == [kept]


def test_paths_hold_no_names_that_a_machine_made() -> None:
    tree = etree.HTML(
        '<body><div id="post-1234" class="css-1x2y entry-content x1">'
        '<p itemprop="articleBody">One.</p></div><div class="entry">Two</div></body>'
    )
    assert next(path for path, _ in paths_to(tree.find(".//p"), tree)) == "//p[@itemprop='articleBody']"
    named = [path for path, _ in paths_to(tree.find(".//div"), tree)]
    assert named == ["//div[contains(concat(' ', normalize-space(@class), ' '), ' entry-content ')]"]
    assert find_container(Container(named[0], True), tree) is tree.find(".//div")
    assert find_container(Container("//div", True), tree) is None


def test_texts_are_alike_by_their_words() -> None:
    assert alike("a b c", "a b c") == 1.0
    assert alike("a b c d", "a b c") == 0.75
    assert alike("", "a") == 0.0
