"""Which words find each other."""

from __future__ import annotations

import pytest

from storage.search import analyser
from storage.search.analyser import (
    phrases_of,
    spellings_of,
    starts_of,
    terms_of,
    words_remembered,
    words_with_terms,
)
from storage.search.stems import LANGUAGES, stem_of


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("az", "Bakı Baki BAKI bakıda Bakının Bakıdan Bakıya Бакы Бакыда"),
        ("az", "Azərbaycan Azerbaycan AZƏRBAYCANDA Azərbaycanın Азәрбајҹан Азәрбајҹанда"),
        ("az", "Əliyev Eliyev ƏLİYEVİN Әлијев"),
        ("az", "nazirlik nazirliyi Nazirliyin nazirliyə nazirliyində"),
        ("az", "uşaq uşaqlar uşağı usaq"),
        ("tr", "İstanbul istanbul ISTANBUL İstanbulda"),
        ("tr", "bakanlık bakanlığı bakanlik BAKANLIĞI"),
        ("tr", "toplantı toplantısı toplantısında toplantida"),
        ("uz", "Oʻzbekiston O'zbekiston O’zbekiston Ўзбекистон Ўзбекистонда ozbekiston"),
        ("uz", "shahar shaharda шаҳар шаҳарда"),
        ("kk", "Қазақстан Qazaqstan Қазақстанда Қазақстанның"),
        ("kk", "Астана Astana Астанада Астананың"),
        ("ru", "Алиев Алиева Алиевым Алиеву"),
        ("ru", "министр министров министрам МИНИСТРА"),
        ("ru", "Королёв Королев Королёва"),
        ("ka", "თბილისი თბილისში თბილისის"),
        ("hy", "Երևան Երևանում Երեւան"),
        ("fa", "کتاب كتاب کتاب‌ها"),
        ("fa", "ایران إيران ايران"),
        ("en", "minister ministers MINISTER"),
        ("en", "café cafe CAFÉ ｃａｆｅ"),
    ],
)
def test_forms_of_a_word_have_one_term(language: str, forms: str) -> None:
    terms = {form: terms_of(form, language) for form in forms.split()}
    assert len({tuple(term) for term in terms.values()}) == 1, terms


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("az", "Bakı bank kitab prezident nazir"),
        ("ru", "мир мэр министр министерство минута"),
        ("ru", "край крайний кри"),
        ("en", "china cina ship sip"),
        ("ka", "თბილისი ბათუმი ქუთაისი"),
    ],
)
def test_other_words_have_other_terms(language: str, words: str) -> None:
    terms = [tuple(terms_of(word, language)) for word in words.split()]
    assert len(set(terms)) == len(terms), terms


def test_stems_stay_as_they_are_when_stemmed_again() -> None:
    words = "nazirliyində toplantısında azərbaycanlıların kitablarımızdan evlərindən iclaslarında"
    for language in ("az", "tr"):
        for term in terms_of(words, language):
            assert stem_of(language)(term) == term


def test_figures_are_words_in_every_script() -> None:
    assert terms_of("۱۲۳ ١٢٣ 123 १२३", None) == ["123"] * 4


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("hi", "सरकार। सरकार सरकार॥ (सरकार) सरकार॰"),
        ("bn", "সরকার। সরকার॥ সরকার৽"),
        ("ta", "அரசு௹ அரசு"),
        ("si", "රජය෴ රජය"),
    ],
)
def test_signs_of_indian_scripts_end_words(language: str, text: str) -> None:
    assert len(set(terms_of(text, language))) == 1, terms_of(text, language)
    spans, terms = words_with_terms(text, language)
    assert len(spans) == len(terms) == len(text.split())


def test_vowel_signs_of_indian_scripts_are_parts_of_words() -> None:
    assert len(terms_of("हिन्दी বাংলা தமிழ் සිංහල ગુજરાતી ਪੰਜਾਬੀ తెలుగు ಕನ್ನಡ മലയാളം", None)) == 9


def test_characters_of_scripts_without_spaces_are_words() -> None:
    assert terms_of("北京 news", "zh") == ["北", "京", "news"]


def test_the_turkish_apostrophe_divides_and_the_uzbek_one_does_not() -> None:
    assert terms_of("Bakı'da", "az")[0] == terms_of("Bakı", "az")[0]
    assert len(terms_of("gʻalaba O'zbek", "uz")) == 2


def test_a_term_holds_nothing_but_letters_and_figures() -> None:
    nasty = 'a_b c\'d "e" f:g h* (i) & | ! <-> 5½ ﷺ \u0301 \u200d z\u0301 $x -y \\ \x00 ~'
    for language in (None, *sorted(LANGUAGES)):
        for term in terms_of(nasty, language):
            assert term
            assert not set(term) & set(" _'\"\\:*()&|!<>-$\x00~")


def test_a_word_of_a_query_is_tried_in_every_language_of_the_archive() -> None:
    found = phrases_of("министров", ["ru", "az"])
    assert ("министр",) in found
    assert ("министров",) in found, "as it stands in a text whose language is not known"
    assert all(len(phrase) == 1 for phrase in found)


def test_names_of_azerbaijan_are_found_in_both_spellings() -> None:
    assert tuple(terms_of("Məmmədov", "az")) in phrases_of("Mammadov", ["az", "en"])
    assert tuple(terms_of("Mammadov", "en")) in phrases_of("Məmmədov", ["az", "en"])
    assert "nesirov" in spellings_of("Nasirov")
    assert not any("e" in phrase[0] for phrase in phrases_of("Mammadov", ["en"])), "only where there are such texts"


def test_a_long_word_has_a_bounded_number_of_spellings() -> None:
    assert len(phrases_of("a" * 40, ["az"])) < 20


def test_beginnings_are_tried_in_both_scripts() -> None:
    assert set(starts_of("Азәр", ["az"])) == {("азәр",), ("azer",)}
    assert set(starts_of("O'zbek", ["uz"])) == {("o", "zbek"), ("ozbek",)}


def test_of_several_words_the_last_is_a_beginning() -> None:
    assert starts_of("covid-19", []) == (("covid", "19"),)
    assert set(starts_of("ministers-elec", ["en"])) == {("ministers", "elec"), ("minist", "elec")}
    assert starts_of("北京市", ["zh"]) == (("北", "京", "市"),)


def test_a_beginning_is_no_longer_than_a_term_and_never_empty() -> None:
    assert starts_of("a" * 90, []) == (tuple(terms_of("a" * 90, None)),)
    assert starts_of("ءءء", ["ar"]) == ()
    assert starts_of("covid-ءءء", []) == (("covid",),)
    assert starts_of("ььь", ["az"]) == (("ььь",),), "no letter in Latin"


def test_words_are_found_where_they_stand() -> None:
    text = "İlham Əliyev «Bakıda» ½ ton"
    spans, terms = words_with_terms(text, "az")
    assert [text[start:end] for start, end in spans][:3] == ["İlham", "Əliyev", "Bakıda"]
    assert len(spans) == len(terms)
    assert terms[2] == terms_of("Bakı", "az")[0]


def test_the_words_of_all_languages_share_one_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyser, "MEMO", 500)
    texts = [" ".join(f"{stem}{n}" for n in range(300)) for stem in ("wort", "mot", "word", "ord")]
    first = {language: terms_of(text, language) for language, text in zip(("de", "fr", "en", "sv"), texts, strict=True)}
    assert words_remembered() <= 500
    for language, text in zip(("de", "fr", "en", "sv"), texts, strict=True):
        assert terms_of(text, language) == first[language]
