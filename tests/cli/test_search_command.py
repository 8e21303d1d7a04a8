"""`pressrun articles search`, its filters and its bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.calling import Pressrun, outlet_file


def words(number: int) -> str:
    return " ".join(f"filler{number}x{n}" for n in range(60))


def rows() -> list[dict[str, object]]:
    told = (
        ("example_ge", "en", "Harbour opens", f"The lantern of the harbour burns. {words(1)}"),
        ("herald", "en", "Council votes", f"A lantern\x1b[31m and a \u202ebudget. {words(2)}"),
        ("xeber", "az", "Bakıda iclas", f"Nazirliyin fənəri yandı. {words(3)}"),
        ("herald2", "en", "Harbour opens", f"The lantern of the harbour burns. {words(1)}"),
    )
    return [
        {"url": f"https://{outlet}.example/{n}", "outlet": outlet, "language": language, "title": title, "text": text,
         "authors": ["Nino Example"] if n == 1 else [], "published_at": f"2024-03-0{n}T10:00:00+04:00"}
        for n, (outlet, language, title, text) in enumerate(told, 1)
    ]  # fmt: skip


@pytest.fixture(name="store", autouse=True)
def a_store(pressrun: Pressrun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_OUTLETS", str(outlet_file(tmp_path / "own")))
    file = tmp_path / "rows.jsonl"
    file.write_text("\n".join(map(json.dumps, rows())), encoding="utf-8")
    assert pressrun("import", file).code == 0


def found(pressrun: Pressrun, *words: str) -> list[str]:
    said = pressrun("articles", "search", *words, "--json")
    assert said.code == 0, said.err
    return sorted(hit["outlet"] for hit in said.json["results"])


def test_words_find_articles_and_filters_narrow_them_down(pressrun: Pressrun) -> None:
    assert found(pressrun, "lantern") == ["example_ge", "herald"]
    assert found(pressrun, "lantern", "-budget") == ["example_ge"]
    assert found(pressrun, "NAZIRLIK") == ["xeber"]
    assert found(pressrun, "lantern", "--copies", "--outlet", "herald2") == ["herald2"]
    assert found(pressrun, "lantern", "--country", "ge") == ["example_ge"]
    assert found(pressrun, "lantern", "--from", "2024-03-02", "--language", "en") == ["herald"]
    assert found(pressrun, "lantern", "--author", "example") == ["example_ge"]
    assert found(pressrun, "lantern", "--changed-since", "2999-01-01") == []


def test_a_result_says_where_its_copies_are_and_what_was_found(pressrun: Pressrun) -> None:
    [hit] = pressrun("articles", "search", "lantern harbour", "--json").json["results"]
    assert (hit["copies"], hit["copied_by"]) == (1, ["herald2"])
    assert "text" not in hit
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["lantern", "harbour"]


def test_a_pipe_gets_lines_without_control_characters(pressrun: Pressrun) -> None:
    said = pressrun("articles", "search", "lantern", "--limit", "1")
    header, line = said.out.splitlines()
    assert header.split("\t") == ["id", "published", "outlet", "language", "copies", "title", "snippet"]
    assert len(line.split("\t")) == 7
    assert said.err.startswith("1 of 2; next page: --cursor ")
    cursor = said.err.strip().rsplit(" ", 1)[1]
    second = pressrun("articles", "search", "lantern", "--limit", "1", "--cursor", cursor)
    assert second.err == "1 of 2\n"
    outlets = {each.out.splitlines()[1].split("\t")[2] for each in (said, second)}
    assert outlets == {"example_ge", "herald"}
    assert not set(said.out + second.out) & {"\x1b", "\u202e"}


def test_a_terminal_gets_the_names_of_outlets(pressrun: Pressrun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    said = pressrun("articles", "search", "lantern harbour")
    assert "\x1b[1;33mlantern" in said.out, "what was found is marked"
    plain = re.sub(r"\x1b\[[\d;]*m", "", said.out)
    assert "1  Harbour opens\n    2024-03-01 10:00  Example  + 1 copy in herald2" in plain
    assert max(map(len, plain.splitlines())) <= 80
    listed = re.sub(r"\x1b\[[\d;]*m", "", pressrun("articles", "list").out)
    assert "Example" in listed
    assert "example_ge" not in listed


def test_filters_serve_list_and_export_too(pressrun: Pressrun) -> None:
    listed = pressrun("articles", "list", "--query", "lantern -budget", "--json").json
    assert [article["outlet"] for article in listed] == ["example_ge"]
    exported = pressrun("articles", "export", "--country", "ge", "--only-copies").out
    assert exported == ""
    assert json.loads(pressrun("articles", "export", "--author", "nino").out)["outlet"] == "example_ge"
    assert pressrun("articles", "list", "--author", "nobody").out == "no article passes these filters\n"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("search", 'gas "oil'), "the query 'gas \"oil' is wrong at character 5: the quotation mark is not closed"),
        (("search", "-gas"), "it only excludes; add a word"),
        (("search",), "Missing argument 'WORDS...'"),
        (("search", "gas", "--outlett", "x"), "No such option"),
        (("search", "gas", "--outlet", "exampl_ge"), "has the outlet 'exampl_ge'; did you mean example_ge"),
        (("list", "--outlet", "nowhere_at_all"), "no outlet file and no article has the outlet 'nowhere_at_all'"),
        (("export", "--country", "zz"), "no outlet file has the country 'zz'; countries there are: am, az, ge, "),
        (("list", "--country", "ge", "--outlet", "xeber"), "none of the outlets xeber is of ge"),
        (("list", "--language", "tlh"), "no article is in the language 'tlh'; languages there are: "),
        (("list", "--language", ""), "no article is in the language ''"),
        (("list", "--outlet", ""), "no outlet file and no article has the outlet ''"),
        (("list", "--country", ""), "no outlet file has the country ''"),
        (("export", "--author", ""), "the author '' has no letter or figure; name one, or leave it out"),
        (("review", "--credit", " "), "the credit ' ' has no letter or figure"),
        (("search", "gas", "--section", "..."), "the section '...' has no letter or figure"),
        (("list", "--query", ""), "it is empty"),
        (("list", "--query", "(gas"), "at character 1: the parenthesis is not closed"),
        (("list", "--changed-since", "yesterday"), "'yesterday' is no instant such as"),
        (("search", "gas", "--cursor", "abc"), "the cursor is none of Pressrun's"),
        (("search", "gas", "--limit", "0"), "0 is not in the range"),
    ],
)
def test_a_wrong_filter_is_one_line(pressrun: Pressrun, given: tuple[str, ...], told: str) -> None:
    said = pressrun("articles", *given)
    assert said.code == 2
    assert told in said.line


def test_a_reindex_is_told_and_counted(pressrun: Pressrun) -> None:
    assert pressrun("db", "reindex", "--all", "--json").json == {"indexed": 4}
    assert pressrun("db", "reindex").out == "0 articles indexed; search finds all\n"
    assert pressrun("db", "check").out == "every invariant holds\n"
