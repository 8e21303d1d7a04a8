"""The last line of a text that names its authors."""

from __future__ import annotations

import pytest

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.credit import is_signed, take_signature
from crawlers.extraction.page.html import parse
from crawlers.extraction.page.metadata import Page
from crawlers.extraction.trace import Line
from tests.crawlers.extraction.ferry import MORE, PROSE, text_of


def left(lines: list[str]) -> tuple[str, ...]:
    """The lines of a text by Jane Doe without her signature."""
    tree = parse(b"<html></html>")
    assert tree is not None
    context = PageContext(Page(tree, "https://a.example/news/1"))
    return tuple(line.text for line in take_signature(context, [Line(line) for line in lines], ["Jane Doe"]))


class TestSignature:
    LINES = (PROSE, "The boats are late.")

    @pytest.mark.parametrize("line", ["Jane Doe", "Author: Jane Doe", "(Jane Doe)", "Müəllif: Jane Doe", "JANE DOE"])
    def test_the_line_that_names_the_authors_goes_from_the_end(self, line: str) -> None:
        assert is_signed(line, ["Jane Doe"])
        assert left([*self.LINES, line]) == self.LINES

    @pytest.mark.parametrize("line", ["John Roe", "Author: John Roe", "Jane Doe likes boats.", "Jane Doe, John Roe"])
    def test_other_lines_stay(self, line: str) -> None:
        assert not is_signed(line, ["Jane Doe"])
        assert left([*self.LINES, line]) == (*self.LINES, line)

    def test_a_text_is_never_without_a_line(self) -> None:
        assert left(["Jane Doe"]) == ("Jane Doe",)

    def test_a_page_is_read_so(self) -> None:
        assert text_of(f"<div class='byline'>By Jane Doe</div><p>{PROSE}</p>{MORE}<p>Jane Doe</p>").endswith("70 days.")
