"""`pressrun outlets`."""

from __future__ import annotations

from pathlib import Path

from tests.calling import OUTLET, Pressrun, outlet_file


def test_list_is_what_outlets_does_by_itself(pressrun: Pressrun) -> None:
    said = pressrun("outlets")
    assert said.code == 0
    assert said.out == pressrun("outlets", "list").out
    assert {"azernews", "today_az", "trend", "civil_ge", "gazeta_uz"} <= {
        line.split("\t")[0] for line in said.out.splitlines()
    }


def test_a_users_own_outlets_stand_beside_the_built_in_ones(pressrun: Pressrun, tmp_path: Path) -> None:
    rows = {row["id"]: row for row in pressrun("--json", "outlets", "--outlets", outlet_file(tmp_path / "mine")).json}
    assert rows["example_ge"]["seeds"] == [{"kind": "feed", "url": "https://example.ge/rss"}]
    assert "azernews" in rows


def test_show_gives_the_file_with_its_comments_or_what_it_amounts_to(pressrun: Pressrun) -> None:
    text = pressrun("outlets", "show", "azernews").out
    assert text.startswith("# /")
    assert "# " in text.partition("\n")[2]
    assert pressrun("outlets", "show", "azernews", "--json").json["fetch"]["delay"] >= 0


def test_show_tells_what_came_from_the_platform(pressrun: Pressrun) -> None:
    text = pressrun("outlets", "show", "civil_ge").out
    assert "platforms/wordpress.toml" in text
    assert '# seeds[1].url = "https://civil.ge/wp-json/wp/v2/posts"' in text
    shown = pressrun("outlets", "show", "civil_ge", "--json").json
    assert shown["platform_file"].endswith("wordpress.toml")
    assert "seeds[1].url" in shown["from_platform"]
    assert "platform" not in pressrun("outlets", "show", "azernews").out
    assert pressrun("outlets", "show", "azernews", "--json").json["platform_file"] is None


def test_the_built_in_outlets_are_in_order(pressrun: Pressrun) -> None:
    said = pressrun("outlets", "check")
    assert said.code == 0, said.out


def test_check_says_what_cannot_be_right(pressrun: Pressrun, tmp_path: Path) -> None:
    wrong = OUTLET.replace("[urls]", 'examples = ["https://example.ge/other/1"]\n[urls]')
    said = pressrun("outlets", "check", "example_ge", "--outlets", outlet_file(tmp_path / "mine", wrong))
    assert said.code == 1
    assert "example https://example.ge/other/1 does not match urls.article" in said.out
    wrong = OUTLET.replace("[urls]", 'not_articles = ["https://example.ge/news/1"]\n[urls]')
    said = pressrun("outlets", "check", "example_ge", "--outlets", outlet_file(tmp_path / "mine", wrong))
    assert "https://example.ge/news/1 of not_articles matches urls.article" in said.out
    without = OUTLET.partition("[[seeds]]")[0]
    said = pressrun("outlets", "check", "example_ge", "--json", "--outlets", outlet_file(tmp_path / "mine", without))
    assert said.json == {"example_ge": ["no seeds: nothing will be discovered"]}
