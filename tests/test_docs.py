"""The documentation holds together: links and anchors lead somewhere, lists count up, pages and terms are there once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")])
LINK = re.compile(r"\]\(([^()\s]+)\)")


def prose(page: Path) -> Iterator[str]:
    """The lines of a page outside its blocks of code."""
    code = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("```"):
            code = not code
        elif not code:
            yield line


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them; a heading that comes again gets a number."""
    seen: Counter[str] = Counter()
    found = set()
    for line in prose(page):
        if heading := re.match(r"#+ +(.*)", line):
            text = LINK.sub("]", heading[1])
            slug = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
    return found


def broken_links(page: Path) -> list[str]:
    broken = []
    for target in LINK.findall(re.sub(r"`[^`]*`", "", "\n".join(prose(page)))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / unquote(path)).resolve() if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and unquote(anchor) not in anchors(file)):
            broken.append(target)
    return broken


def ids(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_links_and_anchors_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_link_and_an_anchor_that_lead_nowhere_are_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Its head\n[a](#its-head) [b](#other) [c](none.md) [d](page.md#head) `[e](f)` [g](https://h.example)\n"
    )
    assert broken_links(page) == ["#other", "none.md", "page.md#head"]


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_the_steps_of_a_list_count_up(page: Path) -> None:
    last = 0
    for line in prose(page):
        if line.startswith("#"):
            last = 0
        elif step := re.match(r"(\d+)\. ", line):
            assert int(step[1]) in (1, last + 1), line
            last = int(step[1])


def test_the_index_names_each_page_once() -> None:
    named = Counter(LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8")))
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    others = {
        "../CHANGELOG.md",
        "../CONTRIBUTING.md",
        "../SECURITY.md",
        "../deploy/runbook.md",
        "decisions/",
        "decisions",
    }
    assert pages <= set(named) <= pages | others
    assert "../CHANGELOG.md" in named
    assert [page for page, times in named.items() if times > 1] == []


def test_the_glossary_explains_each_term_once() -> None:
    rows = [line.split("|")[1].strip() for line in prose(ROOT / "docs" / "glossary.md") if line.startswith("| ")]
    terms = Counter(row for row in rows if row not in ("term", "word"))
    assert [term for term, times in terms.items() if times > 1] == []
