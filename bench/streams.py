"""Streams of articles whose stories are known: one that we make ourselves, and how a folder with another is read.

A folder holds `articles.jsonl.gz` (rows of `pressrun import`, in the order of arrival), `stories.jsonl.gz` (rows
{"line", "url", "story", "kind"}: which lines are one piece of news) and `pairs.jsonl.gz` (rows {"a", "b", "same",
"kind"}: labelled pairs of addresses; `same` is 1, 0, or null where opinions differ).
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOUNS = (
    "harbour", "council", "ferry", "budget", "vote", "bridge", "winter", "market", "school", "railway", "minister",
    "farmer", "tariff", "festival", "museum", "engineer", "river", "valley", "pipeline", "storm", "library", "orchard",
    "deputy", "export", "summit", "clinic", "tournament", "archive", "border", "customs",
)  # fmt: skip
VERBS = (
    "sees", "asks", "builds", "leaves", "opens", "paints", "counts", "closes", "sells", "finds", "praises", "doubts",
    "repairs", "rents", "moves",
)  # fmt: skip
NAMES = (
    "Tveit", "Sorokin", "Marsova", "Brenn", "Lund", "Kolar", "Aliyeva", "Beridze", "Petrosyan", "Demir", "Novak",
    "Oysha", "Rahimov", "Sand", "Vik",
)  # fmt: skip
EDITS = ("exact", "words_10", "words_15", "cut_to_70", "cut_to_50", "cut_to_30", "tail", "lead", "order", "glued")
START = datetime(2025, 3, 1, tzinfo=UTC)
FRAME = (
    "The central bank set the official rate of the crown at {a} to the dollar and {b} to the euro for {day} March. "
    "Against the session before the crown moved by {c} points. Trading on the exchange in Harbourton reached {d} "
    "million crowns, dealers said, with most contracts closed before noon and little demand in the afternoon.\n\n"
    "The bank sees no reason to intervene. Its reserves stood at {e} billion crowns at the week's end, a spokesman "
    "told journalists after the session, and inflation was at {f} per cent."
)


@dataclass(frozen=True)
class Stream:
    """Articles in the order of arrival, the story of each, and labelled pairs of addresses."""

    name: str
    rows: list[dict[str, Any]]
    stories: list[dict[str, Any]]
    pairs: list[dict[str, Any]]


def read(folder: Path) -> Stream:
    """A stream from a folder; FileNotFoundError names what is missing."""
    rows, stories, pairs = (list(_rows(folder / f"{name}.jsonl.gz")) for name in ("articles", "stories", "pairs"))
    return Stream(folder.name, rows, stories, pairs)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def text_of(seed: object, words: int = 400) -> str:
    """Paragraphs that no other seed brings in this order."""
    chance = random.Random(str(seed))
    names = chance.sample(NAMES, 4)
    lines, length = [], 0
    while length < words:
        sentences = [_sentence(chance, names) for _ in range(4)]
        lines.append(" ".join(sentences))
        length += len(lines[-1].split())
    return "\n\n".join(lines)


def _sentence(chance: random.Random, names: list[str]) -> str:
    words = [word for _ in range(chance.randint(4, 8)) for word in (chance.choice(NOUNS), chance.choice(VERBS))]
    words.insert(chance.randrange(len(words)), chance.choice(names))
    if chance.random() < 0.4:
        words.insert(chance.randrange(len(words)), str(chance.randint(2, 9999)))
    return f"{' '.join(words)}.".capitalize()


def own(stories: int = 150, seed: int = 5) -> Stream:
    """Stories with copies of ten kinds, a series, and a digest now and then; some originals come after copies."""
    chance = random.Random(seed)
    made: list[tuple[dict[str, Any], str, str]] = []
    pairs: list[dict[str, Any]] = []
    for number in range(stories):
        text, at = text_of(number), START + timedelta(minutes=37 * number)
        original = row_of(f"outlet{number % 20}", f"s{number}", text, at)
        made.append((original, f"s{number}", "original"))
        for kind in chance.sample(EDITS, 3):
            outlet, later = f"copyist{chance.randint(0, 30)}", at + timedelta(minutes=chance.randint(5, 600))
            copy = row_of(outlet, f"s{number}-{kind}", edited(text, kind, chance), later)
            made.append((copy, f"s{number}", kind))
            pairs.append({"a": original["url"], "b": copy["url"], "same": 1, "kind": kind})
    made += _series(pairs) + _digests(stories, pairs)
    made.sort(key=lambda one: (one[0]["published_at"], one[0]["url"]))
    for _ in range(len(made) // 20):  # an original that arrives late
        i = chance.randrange(len(made) - 10)
        made.insert(i + 9, made.pop(i))
    pairs += _apart(made, chance)
    rows = [row for row, _, _ in made]
    told = [
        {"line": n, "url": row["url"], "story": story, "kind": kind} for n, (row, story, kind) in enumerate(made, 1)
    ]
    return Stream("own", rows, told, pairs)


def edited(text: str, kind: str, chance: random.Random) -> str:
    """The text as a copyist has it."""
    lines, words = text.split("\n\n"), text.split(" ")
    match kind:
        case "words_10" | "words_15":
            share = int(kind.removeprefix("words_")) / 100
            return " ".join("rather" if chance.random() < share else word for word in words)
        case "cut_to_70" | "cut_to_50" | "cut_to_30":
            return " ".join(words[: len(words) * int(kind.removeprefix("cut_to_")) // 100])
        case "tail":
            return f"{text}\n\n{text_of(chance.random(), 60)}"
        case "lead":
            return f"{text_of(chance.random(), 20)}\n\n{text}"
        case "order":
            return "\n\n".join(chance.sample(lines, len(lines)))
        case "glued":
            return "".join(word if chance.random() < 0.05 else f"{word} " for word in words).strip()
    return text


def row_of(outlet: str, name: str, text: str, at: datetime) -> dict[str, Any]:
    return {
        "url": f"https://{outlet}.example/{name}", "title": f"About {name}", "text": text, "authors": [],
        "published_at": at.isoformat(), "outlet": outlet, "language": "en",
    }  # fmt: skip


def _series(pairs: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, str]]:
    made = []
    for day in range(1, 31):
        chance = random.Random(f"rate {day}")
        text = FRAME.format(day=day, **{name: f"{chance.uniform(1, 90):.3f}" for name in "abcdef"})
        row = row_of("bank", f"rate-{day}", text, START + timedelta(days=day))
        made.append((row, f"rate{day}", "series"))
        if day > 1:
            pairs.append({"a": made[-2][0]["url"], "b": row["url"], "same": 0, "kind": "series"})
    return made


def _digests(stories: int, pairs: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str, str]]:
    made = []
    for number in range(0, stories - 6, 12):
        parts = [" ".join(text_of(number + n).split(" ")[:90]) for n in range(5)]
        row = row_of("digest", f"digest-{number}", "\n\n".join(parts), START + timedelta(minutes=37 * number + 900))
        made.append((row, f"digest{number}", "digest"))
        first = f"https://outlet{number % 20}.example/s{number}"
        pairs.append({"a": first, "b": row["url"], "same": 0, "kind": "digest"})
    return made


def _apart(made: list[tuple[dict[str, Any], str, str]], chance: random.Random) -> list[dict[str, Any]]:
    found = []
    while len(found) < 500:
        (a, story_a, _), (b, story_b, _) = chance.sample(made, 2)
        if story_a != story_b:
            found.append({"a": a["url"], "b": b["url"], "same": 0, "kind": "random"})
    return found
