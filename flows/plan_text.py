"""A plan of a backfill in words: lines for the terminal, Markdown for the Prefect UI."""

from __future__ import annotations

from collections.abc import Sequence

from crawlers.backfill_plan import BackfillPlan, SeedPlan

from .markdown import cell

COLUMNS = ("seed", "serves", "#documents", "why", "address")


def headline(plan: BackfillPlan) -> str:
    """Return the plan in one line."""
    windows = "1 window" if plan.windows == 1 else f"{plan.windows} windows"
    if not plan.serves:
        return f"{plan.outlet}: no seed serves {plan.first} to {plan.last}"
    if plan.requests is None:
        return f"{plan.outlet}: {windows}; the number of requests is not known ({plan.pace})"
    return f"{plan.outlet}: {windows}, about {plan.requests} requests, {duration(plan.seconds or 0)} ({plan.pace})"


def duration(seconds: float) -> str:
    """Return a time span in words: 40 s, 25 min, 3.5 h, 4.2 days."""
    for unit, size, until in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172800)):
        if seconds < until:
            number = seconds / size
            return f"{number:.0f} {unit}" if unit != "h" else f"{number:.1f} h"
    return f"{seconds / 86400:.1f} days"


def seed_row(seed: SeedPlan) -> tuple[str, str, str, str, str]:
    """Return the cells of a seed in the table of a plan."""
    documents = ("?" if seed.documents is None else str(seed.documents)) if seed.serves else ""
    return seed.kind, "yes" if seed.serves else "no", documents, seed.why, seed.url


def remarks(plan: BackfillPlan) -> list[str]:
    """Return what a person should know of the plan, a line each."""
    return [*plan.notes, *(f"not reached: {line}" for line in plan.unreachable)]


def plan_markdown(plans: Sequence[BackfillPlan], title: str) -> str:
    """Return the plans as Markdown."""
    parts = [f"# {cell(title)}", "Nothing was sent."]
    for plan in plans:
        parts.append(f"## {cell(headline(plan))}")
        parts.append("\n".join(f"- {cell(line)}" for line in remarks(plan)))
        rows = [[name.lstrip("#") for name in COLUMNS], ["---"] * len(COLUMNS), *map(_escaped, plan.seeds)]
        parts.append("\n".join(f"| {' | '.join(row)} |" for row in rows))
    return "\n\n".join(part for part in parts if part) + "\n"


def _escaped(seed: SeedPlan) -> list[str]:
    return [cell(text) for text in seed_row(seed)]
