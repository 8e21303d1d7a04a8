"""`pressrun extract --explain`: a page as extraction understood it, for people and for machines."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from crawlers.extraction import Explanation

PIPE_WIDTH = 160  # columns where the output is no terminal
MOST_TEXT = 90  # characters of a block or candidate that are shown; --json has all of them


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Return the row that `extract --json` prints, with the explanation under "explanation"."""
    from crawlers.extraction.workers import as_row

    return as_row(None, explanation.outcome) | {
        "explanation": {
            "fields": {
                field.name: {
                    "value": field.value or None,
                    "source": field.source,
                    "why": field.why,
                    "candidates": [
                        {"source": candidate.source, "value": candidate.value, "note": candidate.note}
                        for candidate in field.candidates
                    ],
                }
                for field in explanation.fields
            },
            "blocks": [asdict(block) for block in explanation.blocks],
            "evidence": dict(explanation.evidence),
            "failures": [{"step": step, "problem": problem} for step, problem in explanation.failures],
        }
    }


def show_explanation(explanation: Explanation, *, blocks: bool = True) -> None:
    """Print the fields with their candidates, every block with its fate, and what the verdict rests on."""
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, soft_wrap=False)
    _show_outcome(console, explanation)
    if explanation.evidence:
        _show_evidence(console, explanation)
    tables = [("Fields", _fields_table(explanation))]
    tables += [("Blocks of the page", _blocks_table(explanation))] if blocks else []
    for title, table in tables:
        if table.row_count:
            console.print(f"\n{title}", style="bold")
            console.print(table)
    for step, problem in explanation.failures:
        console.print(f"The step {step} failed on this page: {problem}", style="red", markup=False)


def _show_outcome(console: Console, explanation: Explanation) -> None:
    from crawlers.extraction import Rejected

    outcome = explanation.outcome
    if isinstance(outcome, Rejected):
        console.print(f"rejected: {outcome.why}", style="bold red", markup=False)
    else:
        paragraphs = outcome.text.count("\n\n") + bool(outcome.text)
        console.print(f"article: {outcome.title} ({paragraphs} paragraphs)", style="bold green", markup=False)


def _show_evidence(console: Console, explanation: Explanation) -> None:
    console.print("\nVerdict", style="bold")
    table = _table("evidence", "value")
    for name, value in explanation.evidence.items():
        table.add_row(name, _cut(_plain(value)))
    console.print(table)


def _fields_table(explanation: Explanation) -> Table:
    """A row for the value that each field got, then one for each candidate."""
    table = _table("field", "", "source", "value", "why")
    for field in explanation.fields:
        table.add_row(field.name, "chosen", field.source, _cut(field.value or "-"), _cut(field.why), style="bold")
        for candidate in field.candidates:
            table.add_row("", "", candidate.source, _cut(candidate.value), _cut(candidate.note))
    return table


def _blocks_table(explanation: Explanation) -> Table:
    from rich.text import Text

    table = _table("#", "fate", "stage: rule", "element", "text")
    for block in explanation.blocks:
        style = {"kept": "green", "kept in part": "yellow"}.get(block.fate, "dim")
        reason = ": ".join(filter(None, (block.stage, block.rule)))
        place = "" if block.place is None else str(block.place)
        table.add_row(place, block.fate, Text(reason), _cut(block.element, 40), _cut(block.text), style=style)
    return table


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold", justify="right" if name == "#" else "left")
    return table


def _cut(text: str, most: int = MOST_TEXT) -> Text:
    """Return the beginning of a text, none of which is read as markup."""
    from rich.text import Text

    line = " ".join(text.split())
    return Text(line if len(line) <= most else f"{line[: most - 1]}…")


def _plain(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
