"""Text as it is kept and as it is compared."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from storage.text import clean_text, normalised_tokens, text_hash

ANY = st.text(st.characters(), max_size=200) | st.text(
    st.sampled_from("a\0\ud800\udfff\u0301e\r\n\ufeff\u202e가"), max_size=20
)


@given(ANY)
def test_cleaned_text_fits_both_databases_and_cleaning_twice_changes_nothing(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\0" not in cleaned
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)


@given(ANY)
def test_every_text_has_tokens_and_a_hash(text: str) -> None:
    assert len(text_hash(normalised_tokens(clean_text(text)))) == 16


def test_paragraphs_and_letters_of_the_region_survive_cleaning() -> None:
    text = "Bakı, 4 mart.\n\nШыңғыс хан?\n\nთბილისი «ქალაქი»\tდიახ"
    assert clean_text(text) == text
    assert clean_text("a\r\nb\rc") == "a\nb\nc"


def test_tokens_ignore_case_punctuation_width_and_invisible_marks() -> None:
    assert normalised_tokens("The “Ferry”, 2\u00adnd") == normalised_tokens("the FERRY 2nd")
    assert normalised_tokens("Ｆｅｒｒｙ") == ["ferry"]


def test_scripts_without_spaces_give_a_token_for_each_character() -> None:
    assert normalised_tokens("巴库 2025年") == ["巴", "库", "2025", "年"]
    assert len(normalised_tokens("ข่าววันนี้")) > 5
