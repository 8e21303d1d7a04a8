"""The language of a text: the declared one if script and words agree with it, else what the text shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import pycld2

from crawlers.extraction.context import PageContext
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.vocabulary import marks_of, tables

SCRIPTS = {
    "hy": re.compile("[\u0531-\u058f]"),
    "ka": re.compile("[\u10a0-\u10ff]"),
    "arabic": re.compile("[\u0600-\u06ff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "ko": re.compile("[\uac00-\ud7af]"),
    "han": re.compile("[\u4e00-\u9fff]"),
    "devanagari": re.compile("[\u0900-\u097f]"),
    "th": re.compile("[\u0e00-\u0e7f]"),
    "latin": re.compile("[a-zA-Z\u00c0-\u024f\u0259]"),
}
BASIC = re.compile("[\x00-\u024f\u0259\u2000-\u206f]+")
_OTHERS = tables("recognition.scripts_of_others")["und"]
_SCRIPTS = tables("recognition.scripts")
WRITTEN = {
    script: {*_OTHERS.get(script, ()), *(tag for tag, scripts in _SCRIPTS.items() if script in scripts)}
    for script in ("cyrillic", "arabic", "han", "devanagari")
}
ALSO_LATIN = {*_OTHERS["latin"], *tables("recognition.also_latin")}
ALONE = {"hy", "ka", "he", "el", "ko", "th", "ja"}
# Letters (per 1,000) that only these languages of the region write; the first that fits wins.
LETTERS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (row["script"], tag, re.compile(row["pattern"]))
    for _, tag, row in sorted(
        (row["rank"], tag, row) for tag, rows in tables("recognition.letters").items() for row in rows
    )
)
# Those of them that a text in ASCII may match.
ASCII_LETTERS = tuple(row for row in LETTERS if not (marks := marks_of(row[2].pattern)) or any(map(str.isascii, marks)))
SHORT_TEXT = 60  # characters of a text too short to tell its language
COMMON = tables("recognition.common_words")
COMMON_SETS = {tag: frozenset(words) for tag, words in COMMON.items()}


def find_article_language(context: PageContext, text: str) -> str | None:
    """Return the language of an article's text, by what seed, address and page declare and what the text shows."""
    page = context.page
    claims = (
        ("seed", context.hints.language or ""),
        ("address", context.url_hints.language or ""),
        ("html lang", page.lang),
        ("JSON-LD inLanguage", text_of(page.node.get("inLanguage"))),
        ("og:locale", page.first("og:locale")),
    )
    for source, claim in claims:
        context.trace.candidate("language", source, claim)
    tag, why = decide_language(text, [claim for _, claim in claims], context.languages)
    context.trace.chose("language", tag, "the text" if tag else "", why)
    return tag


def find_language(text: str, declared: Sequence[str], possible: Sequence[str] = ()) -> str | None:
    """Return the primary subtag of the text's language, or None where neither text nor page tells.

    `declared` are the page's own claims, strongest first; `possible` the languages that the outlet writes in.
    """
    return decide_language(text, declared, possible)[0]


def decide_language(text: str, declared: Sequence[str], possible: Sequence[str] = ()) -> tuple[str | None, str]:
    """Do as `find_language`, and say what decided."""
    sample = text[:2000]
    script = _script(sample)
    if script is None:
        return next(iter(_tags(declared)), None), "declared; the text has no letters"
    if script in ALONE:
        return script, "only this language is written in the text's script"
    if told := _by_letters(sample, script):
        return told, "letters or words that only this language has"
    claims = [tag for tag in _tags(declared) if _fits(tag, script)]
    allowed = [tag for tag in _tags(possible) if _fits(tag, script)]
    if len(allowed) == 1:
        return allowed[0], "the only language of the outlet in this script"
    for tag in claims:
        if (not allowed or tag in allowed) and _borne_out(sample, tag):
            return tag, "declared, and the text has the common words of it"
    claim = claims[0] if claims else None
    if len(sample) < SHORT_TEXT:
        return claim, "declared; the text is too short to tell"
    detected = _detect(sample, tuple(allowed))
    return (detected, "common words or CLD2") if detected else (claim, "declared; the text does not tell")


def _tags(names: Sequence[str]) -> list[str]:
    tags = [re.split(r"[-_]", name.strip().lower())[0] for name in names if name]
    return [{"nb": "no", "nn": "no", "iw": "he"}.get(tag, tag) for tag in tags if re.fullmatch(r"[a-z]{2,3}", tag)]


def _script(sample: str) -> str | None:
    if sample.isascii():
        return "latin" if SCRIPTS["latin"].search(sample) else None
    beyond = BASIC.sub("", sample)
    if 4 * len(beyond) < len(sample):
        return "latin" if SCRIPTS["latin"].search(sample) else None
    counts = {name: len(pattern.findall(sample)) for name, pattern in SCRIPTS.items()}
    if counts["ja"] * 10 > counts["han"] and counts["ja"] + counts["han"] > counts["latin"]:
        return "ja" if counts["ja"] else "han"
    name = max(counts, key=lambda key: counts[key])
    return name if counts[name] else None


def _fits(tag: str, script: str) -> bool:
    if script == "latin":
        return (tag not in ALONE and not any(tag in tags for tags in WRITTEN.values())) or tag in ALSO_LATIN
    return tag in WRITTEN.get(script, set()) or tag == script


def _by_letters(sample: str, script: str) -> str | None:
    need = max(2, len(sample) // 400)
    for written, tag, letters in ASCII_LETTERS if sample.isascii() else LETTERS:
        if written == script and len(letters.findall(sample)) >= need:
            return tag
    return None


def _borne_out(sample: str, tag: str) -> bool:
    """Common words of the claimed language are there; without a list of them, the claim stands unless English fits."""
    words = re.findall(r"\w+", sample.lower())
    if not words:
        return True
    if tag in COMMON:
        return _count_common(words, tag) >= 0.06 * len(words)
    return _count_common(words, "en") < 0.2 * len(words)


def _count_common(words: Iterable[str], tag: str) -> int:
    """Count the words that are among the common ones of a language."""
    return sum(map(COMMON_SETS[tag].__contains__, words))


def _detect(sample: str, allowed: tuple[str, ...]) -> str | None:
    if (told := _by_words(sample)) and (not allowed or told in allowed):
        return told
    # CLD2 refuses a whole text for one character that may not stand in a file: none of those is printable.
    printable = "".join(char if char.isprintable() else " " for char in sample)
    _, _, found = pycld2.detect(printable, isPlainText=True, bestEffort=True)
    tags = _tags([tag for _, tag, _, _ in found if tag != "un"])
    return next((tag for tag in tags if not allowed or tag in allowed), None)


def _by_words(sample: str) -> str | None:
    """Return the language whose common words are plainly the most common here."""
    words = re.findall(r"\w+", sample.lower())
    shares = sorted(((_count_common(words, tag), tag) for tag in COMMON_SETS), reverse=True)
    (most, tag), (second, _) = shares[:2]
    return tag if most >= 0.15 * len(words) and most >= 2 * second else None
