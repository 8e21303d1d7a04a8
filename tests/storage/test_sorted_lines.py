"""Lines are sorted in runs that fit into memory."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.sorted_lines import SortedLines

LINES = st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\n"), max_size=20))


@given(LINES, st.integers(1, 40))
def test_lines_come_in_order_however_small_the_runs_are(lines: list[str], run: int) -> None:
    with SortedLines(run) as sorted_lines:
        for line in lines:
            sorted_lines.add(line)
        assert list(sorted_lines) == sorted(lines)
