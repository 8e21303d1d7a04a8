"""The report of one crawl as Markdown, and the row of its figures for programs. Without Prefect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crawlers.messages import Counts

from .markdown import cell, code, link, many, page, seconds, section, table
from .summary import Finding, OutletLine, equation

OUTCOMES = ("new", "copies", "edited", "unchanged", "duplicate", "rejected", "gone", "failed", "put_back")
_MEANINGS = {
    "new": "articles that the archive did not have",
    "copies": "articles that repeat one that is held",
    "edited": "known articles whose text the outlet has changed",
    "unchanged": "known pages, looked at again",
    "duplicate": "other addresses of known articles, and copies that were looked at again",
    "put_back": "not fetched now; a later run does",
}
_UNITS = ((1_000_000, "MB"), (1_000, "kB"))


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """Where the rest is: the folder of raw answers, and name and address of the run that started this one."""

    archive: str = ""
    parent: str = ""
    parent_url: str = ""


def report_markdown(line: OutletLine, counts: Counts, links: ReportLinks | None = None) -> str:
    """Return the report: one sentence, findings, outcomes, refused pages, slowest hosts, and where the rest is."""
    links = links or ReportLinks()
    return page(
        f"# {cell(line.outlet)}: {cell(_title(line, counts))}",
        _sentence(line, counts),
        f"Part of {link(links.parent, links.parent_url)}." if links.parent else "",
        section("Findings", findings_list(line.findings)),
        section("Needs a person", _lines(counts.problems)),
        section("Outcomes", _outcomes(counts)),
        section("Refused pages", _refused(counts)),
        section("Slowest hosts", _hosts(counts)),
        section("Notes", _lines(counts.notes)),
        section("Where the rest is", _places(line, counts, links)),
    )


def _title(line: OutletLine, counts: Counts) -> str:
    if line.state in ("completed", "attention"):
        return _news(counts)
    return line.state


def _news(counts: Counts) -> str:
    parts = [many(counts.new, "new article")] if counts.new else []
    parts += [many(counts.copies, "copy", "copies")] if counts.copies else []
    parts += [f"{counts.edited:,} edited"] if counts.edited else []
    return ", ".join(parts) or "nothing new"


def _sentence(line: OutletLine, counts: Counts) -> str:
    asked = ", ".join(
        many(counts.requests[role], noun)
        for role, noun in (("seed", "seed"), ("article", "page"))
        if counts.requests.get(role)
    )
    how = f"{asked or 'nothing'} asked for in {seconds(line.seconds)} s"
    received = f", {_size(counts.bytes)} received" if counts.bytes else ""
    unchanged = f" {many(counts.seeds_unchanged, 'seed document')} had not changed." if counts.seeds_unchanged else ""
    waiting = f" {many(counts.waiting, 'page')} of the outlet wait for a later run." if counts.waiting else ""
    failed = f"**{line.state}**: {cell(line.remark)}. " if line.note and line.state not in _GOOD else ""
    return f"{failed}{how[0].upper()}{how[1:]}{received}.{unchanged}{waiting}"


_GOOD = ("completed", "attention")


def _size(number: int) -> str:
    for unit, name in _UNITS:
        if number >= unit:
            return f"{number / unit:.1f} {name}"
    return f"{number} bytes"


def findings_list(findings: Iterable[Finding], outlet: str = "") -> str:
    """Return the findings of an outlet's health as a list, errors first; `outlet` is put before each."""
    ordered = sorted(findings, key=lambda finding: finding.get("severity") != "error")
    return "\n".join(_finding(finding, outlet) for finding in ordered)


def _finding(finding: Finding, outlet: str) -> str:
    kind = cell(str(finding.get("kind", "")).replace("_", " "))
    since = f" since {cell(str(finding['since']))}" if finding.get("since") else ""
    name = f"**{cell(outlet)}** " if outlet else ""
    if finding.get("change") == "recovered":
        return f"- {name}recovered: no longer {kind}"
    evidence = f": {cell(str(finding['evidence']))}." if finding.get("evidence") else "."
    advice = f" Try: {cell(str(finding['advice']))}" if finding.get("advice") else ""
    page_of = f" (runbook: {cell(str(finding['runbook']))})" if finding.get("runbook") else ""
    new = " (new)" if finding.get("change") == "new" else ""
    return f"- {name}{cell(str(finding.get('severity', 'warning')))}: **{kind}**{since}{new}{evidence}{advice}{page_of}"


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {cell(text)}" for text in lines)


def _outcomes(counts: Counts) -> str:
    reasons = _reasons(counts.reasons)
    numbers = {name: getattr(counts, name) for name in OUTCOMES}
    numbers["duplicate"] = max(0, counts.duplicate - counts.copies)
    rows = [
        [name.replace("_", " "), f"{number:,}", reasons.get(name) or _MEANINGS.get(name, "")]
        for name, number in numbers.items()
        if number
    ]
    ledger = f"The ledger: {equation(counts.ledger)}." if counts.ledger else ""
    return "\n\n".join(part for part in (table(("outcome", "#pages", "why"), rows), ledger) if part)


def _reasons(reasons: Mapping[str, int]) -> dict[str, str]:
    """Return for each outcome its reasons with their numbers, such as "3 too_short, 1 robots", the commonest first."""
    by_outcome: dict[str, Counter[str]] = {}
    for key, number in reasons.items():
        outcome, _, reason = key.partition(":")
        by_outcome.setdefault(outcome, Counter())[reason] += number
    return {
        outcome: ", ".join(f"{number:,} {cell(reason)}" for reason, number in each.most_common())
        for outcome, each in by_outcome.items()
        if outcome != "duplicate"  # its reasons are those of copies, too
    }


def _refused(counts: Counts) -> str:
    rows = [
        [cell(str(one["outcome"])), cell(str(one["reason"])), link(_short(one["url"]), one["url"]), _why(one)]
        for one in counts.refused
    ]
    total = counts.rejected + counts.gone + counts.failed
    more = f"{total - len(rows):,} more are in the ledger." if total > len(rows) > 0 else ""
    return "\n\n".join(part for part in (table(("outcome", "reason", "page", "detail"), rows), more) if part)


def _short(url: str) -> str:
    bare = url.partition("://")[2] or url
    return bare if len(bare) <= 70 else f"{bare[:45]}…{bare[-24:]}"


def _why(one: Mapping[str, Any]) -> str:
    status = f"HTTP {one['status']}" if one.get("status") not in (None, 200) else ""
    return "; ".join(part for part in (status, cell(str(one.get("detail") or ""), 120)) if part)


def _hosts(counts: Counts) -> str:
    rows = [
        [cell(host), f"{wait['answers']:,.0f}", f"{wait['seconds']:.2f} s", f"{wait['slowest']:.2f} s"]
        for host, wait in counts.hosts.items()
    ]
    return table(("host", "#answers", "#mean", "#longest"), rows)


def _places(line: OutletLine, counts: Counts, links: ReportLinks) -> str:
    rows = [
        f"- Log: {code(line.log)}" if line.log else "",
        f"- Raw answers: {code('/'.join((links.archive.rstrip('/'), counts.archive)))}" if counts.archive else "",
        f"- Run {line.run} in the ledger: {code(f'pressrun status {line.outlet}')}" if line.run is not None else "",
    ]
    return "\n".join(row for row in rows if row)


def with_overtaken(report: str, overtaken: int) -> str:
    """Return the report of a crawl with a remark below its title: so many of its new articles are copies by now."""
    title, rest = report.split("\n", 1)
    return f"{title}\n\n**{overtaken_sentence(overtaken)}**\n{rest}"


def overtaken_sentence(overtaken: int) -> str:
    """Say that articles which a run took for new are copies of articles that came after them."""
    are = "is a copy of an article" if overtaken == 1 else "are copies of articles"
    return f"By the end of the night {overtaken:,} of its new articles {are} that came later."
