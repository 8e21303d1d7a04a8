"""What the files of the vocabulary may hold: pydantic's models, made of `keys`. For tests and people.

Workers do not load it: pydantic would cost their start as much as all the rest. They refuse unknown keys themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model, field_validator

from crawlers.extraction.vocabulary.files import (
    OTHER_FILES,
    PATTERNS,
    VocabularyError,
    parse,
    refuse_unknown,
    sections_of,
)
from crawlers.extraction.vocabulary.keys import LANGUAGE, Section
from crawlers.extraction.vocabulary.regex import first_words_of, marks_of

# Keys that are read as words, so that a pattern would never be looked for, and keys of patterns alone.
WORDS_ONLY = frozenset(
    {
        "promotion.networks", "promotion.here", "dates.before_date", "dates.months_without", "dates.month_endings",
        "authors.writers", "authors.of_text", "authors.before_name", "authors.particles", "authors.label_or_name",
        "authors.surname_starts", "authors.article_words", "authors.not_in_names", "authors.places", "html.furniture",
        "html.comments", "html.foreign", "html.bylines", "recognition.common_words", "elements.furniture",
        "elements.harmless", "elements.comments", "elements.unseen", "elements.foreign", "elements.bylines",
        "elements.content_parts",
    }
)  # fmt: skip
PATTERNS_ONLY = frozenset({"promotion.always", "promotion.appeals", "promotion.beginnings", "credits.reported"})
PLACEHOLDER = re.compile(r"\{(?:capitals?|quoted_name|name|open|close|begin)\}")
IN_PATTERNS = re.compile(r"\\|\(\?|\)\?|\[[^\[\]\n]*\]|\.\*|\w\?$")  # what a phrase has by mistake


class Strict(BaseModel):
    """Frozen; an unknown key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _phrase(phrase: str) -> str:
    if not phrase or phrase != phrase.strip():
        raise ValueError("a phrase may neither be empty nor begin or end with a space")
    if IN_PATTERNS.search(phrase):
        raise ValueError(f"{phrase!r} reads like a regular expression: put it under the key that ends in {PATTERNS}")
    return phrase


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(PLACEHOLDER.sub("a", pattern))
    except re.error as wrong:
        raise ValueError(f"{pattern!r} is no regular expression: {wrong}") from wrong


def _pattern(pattern: str) -> str:
    if _compiled(pattern).groups:
        raise ValueError(f"{pattern!r} has a group that captures: write (?:...)")
    if re.match(_compiled(pattern), "") is not None:
        raise ValueError(f"{pattern!r} matches where nothing stands")
    return pattern


def _reported(pattern: str) -> str:
    _compiled(pattern)
    if sum(pattern.count(who) for who in ("(?P<who>", "{name}", "{quoted_name}")) != 1:
        raise ValueError(f"{pattern!r} has to have one group `who`, {{name}} or {{quoted_name}}")
    return _marked(pattern)


def _marked(pattern: str) -> str:
    if not marks_of(PLACEHOLDER.sub(r"\\w", pattern)):
        raise ValueError(f"{pattern!r} has no text that is always there, by which it could be looked up")
    return pattern


def _beginning(pattern: str) -> str:
    try:
        first_words_of(_pattern(pattern))
    except ValueError as wrong:
        raise ValueError(f"{pattern!r}: {wrong}") from wrong
    return pattern


def _unique(entries: tuple[str, ...]) -> tuple[str, ...]:
    if twice := {entry for entry in entries if entries.count(entry) > 1}:
        raise ValueError(f"{min(twice)!r} stands here twice")
    return entries


Phrase = Annotated[str, AfterValidator(_phrase)]
Phrases = Annotated[tuple[Phrase, ...], Field(min_length=1), AfterValidator(_unique)]
MonthNumber = Annotated[str, Field(pattern=r"^(?:[1-9]|1[0-2])$")]
Tag = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Script = Literal["cyrillic", "arabic", "han", "devanagari"]


def _patterns(check: Callable[[str], str]) -> Any:
    return Annotated[tuple[Annotated[str, AfterValidator(check)], ...], Field(min_length=1), AfterValidator(_unique)]


class Offer(Strict):
    """What an outlet offers: `pattern`, in a line that has one of `words`, if it names any."""

    words: Phrases | None = None
    pattern: str

    @field_validator("pattern")
    @classmethod
    def _check(cls, pattern: str) -> str:
        return _marked(_pattern(pattern))


class Letters(Strict):
    """Letters that a language alone writes in a script; the lowest rank of those that fit counts."""

    script: Script | Literal["latin"]
    pattern: Annotated[str, AfterValidator(_pattern)]
    rank: Annotated[int, Field(ge=1)]


# The keys that hold neither phrases nor patterns.
OTHER_KEYS: dict[str, Any] = {
    "promotion.offers": tuple[Offer, ...],
    "dates.month_locales": tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}(?:_[A-Z][A-Za-z]+)?$")], ...],
    "dates.months_extra": dict[MonthNumber, Phrases],
    "dates.solar_months": Annotated[tuple[Phrase, ...], Field(min_length=12, max_length=12)],
    "recognition.scripts": tuple[Script, ...],
    "recognition.also_latin": Literal[True],
    "recognition.letters": tuple[Letters, ...],
    "recognition.scripts_of_others": dict[Script | Literal["latin"], tuple[Tag, ...]],
}
CHECKS = {
    "promotion.always": lambda pattern: _marked(_pattern(pattern)),
    "promotion.appeals": lambda pattern: _marked(_pattern(pattern)),
    "promotion.beginnings": _beginning,
    "credits.reported": _reported,
}


def _section(name: str, section: Section) -> type[Strict]:
    fields: dict[str, Any] = {}
    for key, about in section.keys.items():
        full = f"{name}.{key}"
        if full in OTHER_KEYS or full not in PATTERNS_ONLY:
            fields[key] = (OTHER_KEYS.get(full, Phrases) | None, Field(None, description=about))
        if full not in OTHER_KEYS and full not in WORDS_ONLY:
            kind = _patterns(CHECKS.get(full, _pattern))
            fields[key + PATTERNS] = (kind | None, Field(None, description=f"{about}; regular expressions"))
    return create_model(name.title(), __base__=Strict, __doc__=section.about, **fields)


@cache
def _model(kind: str) -> type[Strict]:
    """Return the model of a kind of file: one of OTHER_FILES, or any other name for a language."""
    fields: dict[str, Any] = {
        name: (_section(name, section) | None, Field(None, description=section.about))
        for name, section in sections_of(kind).items()
    }
    if sections_of(kind) is LANGUAGE:
        fields["empty"] = (dict[Phrase, tuple[str, ...]], Field({}, description="why keys are empty: keys by reasons"))
    return create_model("Language", __base__=Strict, **fields)


def check_text(file: str, text: str) -> dict[str, Any]:
    """Return the tables of a file, the reasons of its empty keys too; VocabularyError for the first mistake in it."""
    tables = parse(file, text)
    refuse_unknown(file, {name: table for name, table in tables.items() if name != "empty"})
    try:
        _model(file if file in OTHER_FILES else "language").model_validate(tables)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(str(step) for step in first["loc"][:2])
        raise VocabularyError(file, where, first["msg"].removeprefix("Value error, ")) from wrong
    return tables


def check_file(path: Path) -> dict[str, Any]:
    """Do as `check_text` with a file."""
    return check_text(path.stem, path.read_text("utf-8"))
