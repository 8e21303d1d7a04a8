"""`pressrun extract --batch`: rows in, objects out, in their order; a bad row spoils only itself."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent.parent / "pages"


def run(rows: list[str | bytes], **options: Any) -> list[dict[str, Any]]:
    from crawlers.extraction.workers.batch import run_batch

    out = io.StringIO()
    run_batch([(row.encode() if isinstance(row, str) else row) + b"\n" for row in rows], out, **options)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def row(row_id: object, file: Path, url: str = "https://example.com/a") -> str:
    return json.dumps({"id": row_id, "url": url, "file": str(file)})


def test_answers_keep_the_order_and_the_form_that_other_programs_rely_on(tmp_path: Path) -> None:
    packed = tmp_path / "page.html.gz"
    packed.write_bytes(gzip.compress((PAGES / "persian.html").read_bytes()))
    answers = run(
        [row(1, PAGES / "brief.html"), row("two", packed), "", row(3, PAGES / "consent_wall.html")], workers=2
    )
    assert [answer["id"] for answer in answers] == [1, "two", 3]
    assert [answer["outcome"] for answer in answers] == ["article", "article", "rejected"]
    assert [answer["reason"] for answer in answers] == [None, None, "consent"]
    assert answers[1]["authors"] == ["مریم احمدی"]
    keys = {
        "id", "outcome", "reason", "title", "text", "authors", "published_at", "published_precision", "published_source",
        "language", "section", "credit", "canonical_url",
    }  # fmt: skip
    assert all(keys <= set(answer) for answer in answers)


def test_pages_of_known_hosts_are_read_by_their_outlets_file() -> None:
    [answer] = run([row(1, PAGES / "today_az_2019.html", "http://www.today.az/news/business/187805.html")])
    assert answer["section"] == "business"


def test_a_gzip_bomb_spoils_only_itself(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.html.gz"
    bomb.write_bytes(gzip.compress(bytes(50_000_000)) * 60)  # 3 GB in 3 MB
    answers = run([row(1, bomb), row(2, PAGES / "brief.html")])
    assert [(answer["reason"], answer["outcome"]) for answer in answers] == [("hostile", "rejected"), (None, "article")]


def test_a_bad_row_spoils_only_itself(tmp_path: Path) -> None:
    broken = tmp_path / "broken.html.gz"
    broken.write_bytes(gzip.compress(b"<html>" * 1000)[:40])
    rows: list[str | bytes] = [
        "no json",
        "\xe9 in latin-1".encode("latin-1"),
        "[" * 100_000,
        '["a"]',
        '{"id": 3}',
        row(4, tmp_path / "missing.html"),
        row(5, broken),
        row("NUL", Path("no\0file")),
        row(6, PAGES / "brief.html"),
    ]
    answers = run(rows)
    assert [answer["outcome"] for answer in answers] == ["rejected"] * 8 + ["article"]
    assert "No such file" in answers[5]["detail"]
