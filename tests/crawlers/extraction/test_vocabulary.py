"""The vocabulary: its files are checked, every key is filled or says why not, and what is derived from it holds."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.extraction.vocabulary import any_of, expressions, first_words_of, marks_of, one_of, tables, words
from crawlers.extraction.vocabulary.cldr import months_by_locale, weekdays_by_locale
from crawlers.extraction.vocabulary.files import (
    FOLDER,
    OTHER_FILES,
    PATTERNS,
    VocabularyError,
    cldr_months,
    cldr_weekdays,
    read_files,
)
from crawlers.extraction.vocabulary.keys import AGENCIES, HTML_CLASSES, LANGUAGE
from crawlers.extraction.vocabulary.matrix import check_languages, mistakes, rows
from crawlers.extraction.vocabulary.months import is_month, month_of
from crawlers.extraction.vocabulary.schema import OTHER_KEYS, PATTERNS_ONLY, WORDS_ONLY, check_text

ALL_KEYS = {
    f"{section}.{key}"
    for known in (LANGUAGE, HTML_CLASSES, AGENCIES)
    for section in known
    for key in known[section].keys
}
LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem not in OTHER_FILES)


def test_every_key_of_every_language_is_filled_or_says_why_not():
    languages = check_languages()
    print(*rows(languages), sep="\n")
    assert list(mistakes(languages)) == []


def test_an_empty_key_needs_a_reason_and_a_reason_an_empty_key():
    filled = {"walls": {"sorry": ["oops"]}, "empty": {"not met": [f"{section}.*" for section in LANGUAGE]}}
    assert list(mistakes({"xx": filled})) == [
        "vocabulary/xx.toml: walls.sorry is not empty, though [empty] says: not met"
    ]
    bare = {
        "empty": {"not met": [f"{section}.*" for section in LANGUAGE if section != "listings"], "gone": ["walls.bell"]}
    }
    assert list(mistakes({"xx": bare})) == [
        "vocabulary/xx.toml: listings.next_page is empty: fill it, or say why under [empty]",
        "vocabulary/xx.toml: [empty] names walls.bell, and there is no such key",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[walls]\nsory = ['oops']", "vocabulary/xx.toml: walls.sory: there is no such key; did you mean sorry?"),
        ("[wals]\nsorry = ['oops']", "vocabulary/xx.toml: wals: there is no such key; did you mean walls?"),
        ("[walls]\nsorry = ['oops'", "vocabulary/xx.toml: Unclosed array (at end of document)"),
        ("[walls]\nsorry = 'oops'", "vocabulary/xx.toml: walls.sorry: Input should be a valid tuple"),
        ("[walls]\nsorry = ['oops', 'oops']", "vocabulary/xx.toml: walls.sorry: 'oops' stands here twice"),
        (
            "[walls]\nsorry = ['oops ']",
            "vocabulary/xx.toml: walls.sorry: a phrase may neither be empty nor begin or end with a space",
        ),
        (
            "[walls]\nsorry = ['(?:oops|sorry)']",
            "vocabulary/xx.toml: walls.sorry: '(?:oops|sorry)' reads like a regular expression: "
            "put it under the key that ends in _patterns",
        ),
        (
            "[walls]\nsorry_patterns = ['(oops|sorry)']",
            "vocabulary/xx.toml: walls.sorry_patterns: '(oops|sorry)' has a group that captures: write (?:...)",
        ),
        (
            "[walls]\nsorry_patterns = ['oops(']",
            "vocabulary/xx.toml: walls.sorry_patterns: 'oops(' is no regular expression: "
            "missing ), unterminated subpattern at position 4",
        ),
        (
            "[walls]\nsorry_patterns = ['(?:oops)?']",
            "vocabulary/xx.toml: walls.sorry_patterns: '(?:oops)?' matches where nothing stands",
        ),
        ("[authors]\nparticles_patterns = ['v[ao]n']", "vocabulary/xx.toml: authors.particles_patterns: Extra inputs are not permitted"),
        (
            "[promotion]\nbeginnings_patterns = ['\\w+ more']",
            "vocabulary/xx.toml: promotion.beginnings_patterns: '\\\\w+ more': its first word is no word of letters",
        ),
        (
            "[promotion]\nalways_patterns = ['\\d+']",
            "vocabulary/xx.toml: promotion.always_patterns: '\\\\d+' has no text that is always there, "
            "by which it could be looked up",
        ),
        (
            "[credits]\nreported_patterns = ['writes']",
            "vocabulary/xx.toml: credits.reported_patterns: 'writes' has to have one group `who`, {name} or {quoted_name}",
        ),
    ],
)  # fmt: skip
def test_an_error_names_the_file_and_the_key_and_what_to_do(text, error):
    with pytest.raises(VocabularyError) as raised:
        check_text("xx", text)
    assert str(raised.value) == error


@pytest.mark.parametrize("language", LANGUAGES)
def test_above_every_key_stands_what_it_is_for(language):
    text = (FOLDER / f"{language}.toml").read_text("utf-8")
    for section, table in read_files()[language].items():
        body = re.split(rf"^\[+{section}(?:\.\w+)?\]+\n", text, flags=re.MULTILINE)
        for key in table:
            about = LANGUAGE[section].keys[key.removesuffix(PATTERNS)]
            assert any(_comment(about) in " ".join(part.split("\n# ")) for part in [*body, text]), (section, key)


def _comment(about: str) -> str:
    return f"{about[0].upper()}{about[1:]}."


SEEN = """
import json, sys
import crawlers.extraction.vocabulary as vocabulary
seen = {}
def watched(name):
    read = getattr(vocabulary, name)
    def reading(*keys, **others):
        seen.setdefault(name, []).extend(keys)
        return read(*keys, **others)
    setattr(vocabulary, name, reading)
for name in ("any_of", "words", "expressions", "tables"):
    watched(name)
import crawlers.discovery.listings, crawlers.extraction.workers.worker
print(json.dumps({"seen": seen, "modules": sorted(sys.modules)}))
"""


def test_code_reads_every_key_and_nothing_that_it_cannot_have():
    ran = subprocess.run([sys.executable, "-c", SEEN], capture_output=True, text=True, check=True)
    seen = {name: set(keys) for name, keys in json.loads(ran.stdout)["seen"].items()}
    assert set().union(*seen.values()) == ALL_KEYS
    assert seen["tables"] - WORDS_ONLY == set(OTHER_KEYS)
    assert seen["words"] <= WORDS_ONLY
    assert seen["expressions"] == PATTERNS_ONLY
    assert seen["any_of"] & WORDS_ONLY == {"elements.content_parts"}


def test_a_worker_starts_without_what_only_checks_need():
    code = "import sys, crawlers.extraction.workers.worker; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    assert not loaded & {"pydantic", "crawlers.extraction.vocabulary.schema", "crawlers.extraction.vocabulary.cldr"}


def test_months_and_weekdays_are_those_of_cldr():
    assert cldr_months() == months_by_locale(), "run python -m crawlers.extraction.vocabulary.cldr"
    assert cldr_weekdays() == weekdays_by_locale(), "run python -m crawlers.extraction.vocabulary.cldr"


def test_months_that_languages_add_are_not_in_cldr_already():
    for language, extra in tables("dates.months_extra").items():
        ours = [cldr_months()[locale] for locale in tables("dates.month_locales").get(language, ())]
        for number, names in extra.items():
            known = {name for months in ours for name in months[int(number) - 1].split()}
            assert not known.intersection(names), language


@pytest.mark.parametrize(
    ("word", "language", "number"),
    [
        ("Листопада", "uk", 11), ("listopada", "pl", 11), ("listopada", "hr", 10), ("listopada", "", None),
        ("ЯНВАРИ", "tg", 1), ("мамырда", "kk", 5), ("İyun", "az", 6), ("few", "tk", None), ("fewral", "tk", 2),
    ],
)  # fmt: skip
def test_a_month_is_known_in_the_forms_of_its_language(word, language, number):
    assert month_of(word, language) == number


def test_months_of_the_solar_calendar_are_months():
    assert is_month("فروردین")
    assert not is_month("few")


def test_a_changed_file_is_read_anew_and_a_broken_copy_is_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    read = read_files.__wrapped__
    (tmp_path / "xx.toml").write_text("[walls]\nsorry = ['oops']\n[empty]\n'not met' = ['lines.*']\n")
    assert read(tmp_path) == read(tmp_path) == {"xx": {"walls": {"sorry": ["oops"]}}}
    kept = next((tmp_path / "__pycache__").iterdir())
    kept.write_text(kept.read_text().replace("oops", "kept"))
    assert read(tmp_path)["xx"]["walls"]["sorry"] == ["kept"]
    (tmp_path / "xx.toml").write_text("[walls]\nsorry = ['sorry']\n")
    assert read(tmp_path) == {"xx": {"walls": {"sorry": ["sorry"]}}}
    kept.write_text("{")
    assert read(tmp_path) == {"xx": {"walls": {"sorry": ["sorry"]}}}
    (tmp_path / "xx.toml").write_text("[walls]\nsory = ['sorry']\n")
    with pytest.raises(VocabularyError, match=r"xx\.toml: walls\.sory"):
        read(tmp_path)


def test_files_are_read_where_nothing_may_be_written(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (tmp_path / "__pycache__").write_text("no folder")
    (tmp_path / "xx.toml").write_text("[walls]\nsorry = ['oops']\n")
    assert read_files.__wrapped__(tmp_path) == {"xx": {"walls": {"sorry": ["oops"]}}}


def test_an_unknown_key_is_a_mistake_of_the_code():
    with pytest.raises(KeyError, match=r"walls\.sory"):
        any_of("walls.sory")


def test_an_apostrophe_in_a_phrase_is_any_apostrophe():
    label = re.compile(any_of("lines.labels"), re.IGNORECASE)
    assert all(label.fullmatch(f"obuna bo{mark}ling") for mark in "'’‘ʻ")


PHRASES = st.lists(st.text("abс .+'", min_size=1, max_size=5), min_size=1, max_size=12)


@settings(deadline=None)
@given(PHRASES, st.text("abс .+'", max_size=8))
def test_one_of_phrases_matches_what_one_of_them_does_and_the_longest(phrases, text):
    found = re.match(one_of(phrases), text)
    expected = [phrase for phrase in phrases if text.startswith(phrase)]
    assert (found.group() if found else None) == (max(expected, key=len) if expected else None)


RULES = [
    *expressions("promotion.always"),
    *expressions("promotion.appeals"),
    *(offer["pattern"] for offers in tables("promotion.offers").values() for offer in offers),
]


@settings(deadline=None)
@given(st.data(), st.sampled_from(RULES))
def test_what_a_rule_is_looked_up_by_stands_in_all_that_it_matches(data, rule):
    text = data.draw(st.from_regex(re.compile(rule)))
    assert any(mark in text.lower() for mark in marks_of(rule))


@settings(deadline=None)
@given(st.data(), st.sampled_from(expressions("promotion.beginnings")))
def test_a_beginning_is_looked_up_by_its_first_word(data, rule):
    text = data.draw(st.from_regex(re.compile(rf"\A{rule}"))).lower()
    assert re.match(r"\w+", text).group() in first_words_of(rule)


@pytest.mark.parametrize(
    ("expression", "marks"),
    [
        ("more (?:news|stories)", ("more ",)),
        (r"\b[Cc]lick\s+(?:here)?", ("click",)),
        (r"(?:sign|log)s? up \d+", (" up ",)),
        (r"x*(?:subscribers|members)", ("members", "subscribers")),
        (r"(?=.*terms)y", ("terms",)),
        (r"\d+|news", ()),
        (r"(?:news)?", ()),
    ],
)
def test_marks_are_the_rarest_texts_of_which_one_has_to_be_there(expression, marks):
    assert marks_of(expression) == marks


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        (r"(?:please )?(?:read|lee) on", ("lee", "please", "read")),
        (r"you(?:['’]ve| have) read", ("you",)),
        (r"(?:tam|davamın[ıi])\b.{0,40}", ("davamıni", "davamını", "tam")),
    ],
)
def test_first_words_are_told_from_the_expression(expression, first):
    assert first_words_of(expression) == first


@pytest.mark.parametrize("expression", [r"\w+ more", r".*more", "rea(?:d)+ more", "read"])
def test_an_expression_without_whole_first_words_is_refused(expression):
    with pytest.raises(ValueError, match="word"):
        first_words_of(expression)


def test_networks_are_looked_for_in_small_letters():
    assert all(name == name.lower() for name in words("promotion.networks"))
