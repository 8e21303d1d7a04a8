"""The articles of the demo's press, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
OUTLETS = ("herald", "digest", "xeber")


@dataclass(frozen=True)
class Story:
    """An article as its outlet wrote it. `copied` is true if the text is the Caspian Herald's, word for word."""

    outlet: str
    number: int
    section: str
    published: datetime
    title: str
    author: str
    paragraphs: tuple[str, ...]
    copied: bool = False


@cache
def all_stories() -> tuple[Story, ...]:
    """Every story of the press, oldest first."""
    herald = {story.number: story for story in _read("herald", {})}
    stories = [*herald.values(), *_read("digest", herald), *_read("xeber", {})]
    return tuple(sorted(stories, key=lambda story: (story.published, story.number)))


def _read(outlet: str, originals: dict[int, Story]) -> list[Story]:
    rows = tomllib.loads((HERE / "articles" / f"{outlet}.toml").read_text(encoding="utf-8"))["article"]
    return [_story(outlet, row, originals) for row in rows]


def _story(outlet: str, row: dict[str, object], originals: dict[int, Story]) -> Story:
    own = {"outlet": outlet, "number": row["number"], "section": row["section"], "published": row["published"]}
    if "copy_of" in row:
        return replace(originals[int(str(row["copy_of"]))], **own, copied=True)  # type: ignore[arg-type]
    paragraphs = tuple(" ".join(part.split()) for part in str(row["text"]).strip().split("\n\n"))
    return Story(**own, title=row["title"], author=row["author"], paragraphs=paragraphs)  # type: ignore[arg-type]
