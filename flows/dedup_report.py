"""The copies of a night as Markdown: how many, between which outlets, and by which rules. Without Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from storage.dedup import FoundCopy

from .markdown import bar, cell, code, link, many, page, section, table

PAIRS, EXAMPLES = 20, 25  # rows of the tables


def dedup_markdown(copies: Sequence[FoundCopy], new: int, title: str, *, at_most: int | None = None) -> str:
    """Return the report. `new`: articles of the night that are no copies; `at_most`: how many copies were looked at."""
    return page(
        f"# {cell(title)}",
        _sentence(copies, new, at_most),
        section("Who repeats whom", _pairs(copies)),
        section("How they were found", _rules(copies)),
        section("The newest", _examples(copies)),
        "A wrong pair: `pressrun dedup split ID` with the id of the copy. A missed one: `pressrun dedup join ID ID`.",
    )


def _sentence(copies: Sequence[FoundCopy], new: int, at_most: int | None) -> str:
    if not copies:
        return f"No copies among {many(new, 'new article')}."
    total = new + len(copies)
    own = sum(copy.outlet == copy.original_outlet for copy in copies)
    least = "at least " if at_most is not None and len(copies) >= at_most else ""
    share = f"{least}{len(copies) / total:.0%} of {many(total, 'article')}"
    return f"**{least}{many(len(copies), 'copy', 'copies')}**, {share}; {own:,} of them repeat their own outlet."


def _pairs(copies: Sequence[FoundCopy]) -> str:
    pairs = Counter((copy.outlet, copy.original_outlet) for copy in copies).most_common()
    most = pairs[0][1] if pairs else 0
    rows = [[cell(outlet), cell(original), f"{n:,}", bar(n, most)] for (outlet, original), n in pairs[:PAIRS]]
    more = f"{many(len(pairs) - PAIRS, 'more pair')}." if len(pairs) > PAIRS else ""
    return "\n\n".join(part for part in (table(("copies in", "originals in", "#copies", ""), rows), more) if part)


def _rules(copies: Sequence[FoundCopy]) -> str:
    found = Counter((copy.relation, "a person" if copy.by_hand else copy.rule) for copy in copies).most_common()
    rows = [[cell(relation), cell(rule), f"{number:,}"] for (relation, rule), number in found]
    return table(("relation", "decided by", "#copies"), rows)


def _examples(copies: Sequence[FoundCopy]) -> str:
    rows = [
        [
            code(str(copy.article_id)),
            link(copy.title, copy.url, 70),
            cell(copy.outlet),
            link(f"{copy.original_outlet} {copy.original_id}", copy.original_url),
            f"{copy.similarity:.0%}",
        ]
        for copy in copies[:EXAMPLES]
    ]
    return table(("id", "copy", "outlet", "original", "#similar"), rows)
