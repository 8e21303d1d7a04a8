"""How well a method put a stream's articles together."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.streams import Stream

GREY = frozenset({"update_elsewhere", "digest_full", "grey"})  # opinions differ: they count nowhere
ONE_ADDRESS = frozenset({"same_page", "revision"})  # come at an address that is known: no article of their own


def scores(stream: Stream, roots: dict[str, str]) -> dict[str, float]:
    """All shares, 0 to 1. Pairwise F1, precision and recall over all pairs of articles; `swallowed`: stories of which
    no article stands; `doubled`: copies that stand; `original`: stories whose copies point at the original."""
    kept = {row["url"]: row for row in stream.stories if row["kind"] not in GREY | ONE_ADDRESS and row["url"] in roots}
    true = Counter(row["story"] for row in kept.values())
    made = Counter(roots[url] for url in kept)
    both = Counter((roots[url], row["story"]) for url, row in kept.items())
    right, put, should = (sum(n * (n - 1) // 2 for n in counted.values()) for counted in (both, made, true))
    precision, recall = right / put if put else 1.0, right / should if should else 1.0
    stand = Counter(max((n, story) for (root, story), n in both.items() if root == one)[1] for one in made)
    originals = {row["story"]: url for url, row in kept.items() if row["kind"] == "original" and true[row["story"]] > 1}
    return {
        "F1": 2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        "precision": precision,
        "recall": recall,
        "swallowed": sum(1 for story in true if not stand[story]) / len(true),
        "doubled": sum(max(0, n - 1) for n in stand.values()) / max(1, sum(n - 1 for n in true.values())),
        "original": sum(roots[url] == url for url in originals.values()) / max(1, len(originals)),
    }


def by_kind(stream: Stream, roots: dict[str, str]) -> dict[tuple[Any, str], tuple[int, int]]:
    """(pairs, of them put together) by (same, kind)."""
    known = {row["story"]: row["url"] for row in stream.stories if row["kind"] == "original"}
    story = {row["url"]: row["story"] for row in stream.stories if row["kind"] in ONE_ADDRESS}
    found: dict[tuple[Any, str], tuple[int, int]] = {}
    for pair in stream.pairs:
        a, b = (roots.get(url) or roots.get(known.get(story.get(url, ""), "")) for url in (pair["a"], pair["b"]))
        key = (pair["same"], pair["kind"].split(":")[0])
        n, put = found.get(key, (0, 0))
        found[key] = (n + 1, put + (a is not None and a == b))
    return found
