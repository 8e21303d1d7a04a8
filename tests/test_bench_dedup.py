"""The bench's own stream and scores: a bench that scores wrongly is worse than none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import streams
from bench.dedup_methods import exact, pressrun
from bench.dedup_scores import by_kind, scores


@pytest.fixture(name="stream", scope="module")
def a_stream() -> streams.Stream:
    return streams.own(stories=24)


def test_the_truth_scores_full_marks(stream: streams.Stream) -> None:
    first = {row["story"]: row["url"] for row in stream.stories if row["kind"] != "digest"}
    first |= {row["story"]: row["url"] for row in stream.stories if row["kind"] == "original"}
    truth = {row["url"]: first.get(row["story"], row["url"]) for row in stream.stories}
    found = scores(stream, truth)
    assert (found["F1"], found["swallowed"], found["doubled"], found["original"]) == (1.0, 0.0, 0.0, 1.0)
    assert all(put == (n if same == 1 else 0) for (same, _), (n, put) in by_kind(stream, truth).items())


def test_everything_in_one_heap_swallows_the_rest_and_nothing_put_together_doubles_it(stream: streams.Stream) -> None:
    urls = [row["url"] for row in stream.rows]
    heap = scores(stream, dict.fromkeys(urls, urls[0]))
    assert heap["recall"] == 1.0
    assert heap["precision"] < 0.1
    assert heap["swallowed"] > 0.9
    alone = scores(stream, {url: url for url in urls})
    assert (alone["precision"], alone["recall"], alone["doubled"], alone["swallowed"]) == (1.0, 0.0, 1.0, 0.0)


def test_equal_text_finds_the_equal_and_pressrun_the_rest(stream: streams.Stream) -> None:
    assert 0 < scores(stream, exact(stream))["recall"] < 0.5
    found = scores(stream, pressrun(stream))
    assert found["precision"] == 1.0
    assert found["recall"] > 0.95
    assert found["original"] == 1.0


def test_a_folder_without_a_stream_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"articles\.jsonl\.gz"):
        streams.read(tmp_path)
