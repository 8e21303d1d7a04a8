"""The summary of a night or a backfill as Markdown: what needs a person first, then every outlet. Without Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .advice import advice
from .crawl_report import findings_list, overtaken_sentence
from .markdown import bar, cell, code, link, many, page, seconds, section, table
from .summary import STATES, NightlySummary, OutletLine, State

_WORDS: dict[State, str] = {
    "failed": "failed",
    "busy": "held by another run",
    "stopped": "stopped",
    "attention": "need a person",
    "completed": "completed",
}
MAX_ACTIONS = 40  # outlets; a night in which more fail has one cause


@dataclass(frozen=True, slots=True)
class NightView:
    """What is shown beside the lines. `before`: new articles by outlet, the same weekday a week before.

    `run_url` returns the address of a flow run. `more`: titles and addresses of other pages about this night.
    """

    title: str
    before: Mapping[str, int] = field(default_factory=dict)
    weekday: str = ""
    run_url: Callable[[str], str] = lambda _: ""
    more: Sequence[tuple[str, str]] = ()


def night_markdown(summary: NightlySummary, view: NightView) -> str:
    """Return the summary: a sentence, findings, what to do, outlets by state, and a line for each outlet."""
    return page(
        f"# {cell(view.title)}",
        _sentence(summary, view),
        _links(view),
        section("Findings", _findings(summary)),
        section("What to do", _actions(summary, view)),
        section("Copies that were taken for news", _overtaken(summary, view)),
        section("Outlets by state", _states(summary)),
        section("Outlets", _outlets(summary, view)),
        section("Notes", _notes(summary)),
    )


def _sentence(summary: NightlySummary, view: NightView) -> str:
    copies = sum(line.copies for line in summary.lines)
    states = _by_state(summary)
    parts = ", ".join(f"{states[state]} {_WORDS[state]}" for state in STATES if states[state])
    before = f" ({view.weekday} before: {sum(view.before.values()):,})" if view.before else ""
    news = f"{many(summary.new, 'new article')}{before}, {many(copies, 'copy', 'copies')}"
    left_out = f"; {cell(summary.left_out_note)}" if summary.left_out else ""
    outlets = f"{many(len(summary.lines), 'outlet')}{f': {parts}' if parts else ''}"
    return f"**{news}** from {outlets}; {_took(summary)}{left_out}."


def _took(summary: NightlySummary) -> str:
    requests = sum(line.requests for line in summary.lines)
    return f"{many(requests, 'request')} in {seconds(summary.seconds)} s"


def _by_state(summary: NightlySummary) -> Counter[State]:
    return Counter(line.state for line in summary.lines)


def _links(view: NightView) -> str:
    return " · ".join(link(title, url) for title, url in view.more if url)


def _findings(summary: NightlySummary) -> str:
    lists = [findings_list(line.findings, line.outlet) for line in summary.lines]
    lines = [line for text in lists for line in text.splitlines()]
    return "\n".join(sorted(lines, key=lambda line: " error: " not in line))


def _actions(summary: NightlySummary, view: NightView) -> str:
    """Return the outlets that need a person, those with the same remedy together."""
    remedies: dict[str, list[OutletLine]] = {}
    for line in summary.lines:
        if words := advice(line):
            remedies.setdefault(words, []).append(line)
    shown = list(remedies.items())[:MAX_ACTIONS]
    return "\n".join(_action(number, words, lines, view) for number, (words, lines) in enumerate(shown, start=1))


def _action(number: int, words: str, lines: Sequence[OutletLine], view: NightView) -> str:
    about = [f"   - {_run(line, view)} {line.state}{_because(line)}" for line in lines[:MAX_ACTIONS]]
    more = [f"   - and {len(lines) - MAX_ACTIONS} more"] if len(lines) > MAX_ACTIONS else []
    return "\n".join([f"{number}. {words}", *about, *more])


def _because(line: OutletLine) -> str:
    log = f" (log: {code(line.log)})" if line.bad and line.log else ""
    return f": {cell(line.remark)}{log}" if line.note else log


def _run(line: OutletLine, view: NightView) -> str:
    url = view.run_url(line.flow_run_id) if line.flow_run_id else ""
    return f"**{link(line.outlet, url)}**"


def _overtaken(summary: NightlySummary, view: NightView) -> str:
    return "\n".join(
        f"- {_run(line, view)}: {overtaken_sentence(line.overtaken)}" for line in summary.lines if line.overtaken
    )


def _states(summary: NightlySummary) -> str:
    states = _by_state(summary)
    rows = [
        [_WORDS[state], str(states[state]), bar(states[state], len(summary.lines), 24)]
        for state in STATES
        if states[state]
    ]
    return table(("state", "#outlets", ""), rows)


def _outlets(summary: NightlySummary, view: NightView) -> str:
    """Return a line for each outlet. The bars of new articles have one scale."""
    most = max((line.new for line in summary.lines), default=0)
    head = ["outlet", "state", "#new", "", *(["#before"] if view.before else [])]
    head += ["#copies", "#refused", "#waiting", "#requests", "#s"]  # short: the pages leave little width
    rows = [_row(line, view, most) for line in summary.lines]
    return table(head, [*rows, _sums(summary, view)])


def _row(line: OutletLine, view: NightView, most: int) -> list[str]:
    new = f"{line.new:,}" if line.new else "**0**"  # makes an outlet without new articles visible
    state = line.state if line.state == "completed" else f"**{line.state}**"
    name = link(line.outlet, view.run_url(line.flow_run_id) if line.flow_run_id else "")
    before = [f"{view.before[line.outlet]:,}" if line.outlet in view.before else "–"] if view.before else []
    return [name, state, new, bar(line.new, most, 8), *before, *_numbers([line], line.seconds)]


def _sums(summary: NightlySummary, view: NightView) -> list[str]:
    before = [f"{sum(view.before.values()):,}"] if view.before else []
    return ["**all**", "", f"{summary.new:,}", "", *before, *_numbers(summary.lines, summary.seconds)]


def _numbers(lines: Sequence[OutletLine], took: float) -> list[str]:
    refused = sum(line.rejected + line.gone + line.failed for line in lines)
    sums = [sum(getattr(line, name) for line in lines) for name in ("copies", "waiting", "requests")]
    return [f"{sums[0]:,}", f"{refused:,}", f"{sums[1]:,}", f"{sums[2]:,}", seconds(took)]


def _notes(summary: NightlySummary) -> str:
    """Return the notes of crawls that need nobody; those of the others are in what is to be done."""
    return "\n".join(
        f"- **{cell(line.outlet)}**: {cell(line.remark)}"
        for line in summary.lines
        if line.note and line.state == "completed"
    )
