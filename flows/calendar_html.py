"""The calendar of completeness as one HTML file: outlet by day, without any outside resource.

A cell says its state by a sign and by its title, so that colour only repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import escape

from storage.coverage import DayCounts, OutletCoverage

from .coverage import Finding

FIGURES = ("announced", "fetched", "stored", "copies", "duplicates", "rejected", "gone", "missing", "failed", "waiting")
SIGNS = {"thin": "!", "empty": "·", "open": "~"}
_LEVELS = 5
_STYLE = """
:root{color-scheme:light dark;--b:#fff;--t:#1b1f24;--q:#59636e;--l:#d1d9e0;--h:#0b5cad;--bad:#a40e26;--e:#f0f2f4}
@media(prefers-color-scheme:dark){
:root{--b:#11151a;--t:#e6edf3;--q:#9aa6b2;--l:#343c45;--h:#5aa9f8;--bad:#ff8585;--e:#1d232a}}
body{background:var(--b);color:var(--t);font:15px/1.5 system-ui,sans-serif;
margin:2rem auto;max-width:76rem;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2rem 0 .4rem}p.q,caption{color:var(--q);text-align:left}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.cal th{font-weight:400;color:var(--q);font-size:.75rem;padding:0 .3rem;text-align:left;white-space:nowrap}
.cal td{min-width:1.9rem;height:1.5rem;padding:0 .15rem;text-align:center;
font-size:.72rem;border:1px solid var(--b);background:var(--e)}
.cal td.no{background:none}.l1{--s:15%}.l2{--s:30%}.l3{--s:45%}.l4{--s:60%}.l5{--s:75%}
.cal td[class^=l]{background:color-mix(in srgb,var(--h) var(--s),var(--e))}
.cal td.thin{outline:2px solid var(--bad);outline-offset:-2px;font-weight:700}
.list th,.list td{border-bottom:1px solid var(--l);padding:.25rem .6rem;text-align:left;vertical-align:top}
.list td.n,.list th.n{text-align:right}code{font-size:.85em}summary{cursor:pointer;color:var(--q)}
"""


def calendar_html(covered: Sequence[OutletCoverage], found: Sequence[Finding], made_at: datetime) -> str:
    """Return the report: findings, then for each outlet a row of days a month, and its figures as a table."""
    parts = [*_findings(found), *(line for one in covered for line in _outlet(one))]
    span = _span(covered)
    return "\n".join(
        (
            "<!doctype html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>Completeness, {span}</title><style>{_STYLE}</style></head><body>",
            f"<h1>Completeness, {span}</h1>",
            f'<p class="q">Made {made_at:%Y-%m-%d %H:%M} UTC. A cell has the articles of a day, copies included. '
            "! thin against the outlet's own norm, ~ pages failed or still wait, · no article. "
            "Darker is more, by the outlet's own days.</p>",
            *parts,
            "</body></html>\n",
        )
    )


def _span(covered: Sequence[OutletCoverage]) -> str:
    days = [day.day for one in covered for day in (one.days[0], one.days[-1])]
    return f"{min(days)} to {max(days)}" if days else "no outlets"


def _findings(found: Sequence[Finding]) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    if not found:
        yield "<p>No thin day, and no overflow of a feed that nobody has filled.</p>"
        return
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("outlet", "what", "from", "to", "evidence", "fill it with")
    )
    yield f'<div class="scroll"><table class="list"><thead><tr>{head}</tr></thead><tbody>'
    for one in found:
        cells = (one.outlet, one.kind, f"{one.first}", f"{one.last}", one.evidence)
        texts = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f"<tr>{texts}<td><code>{escape(one.command)}</code></td></tr>"
    yield "</tbody></table></div>"


def _outlet(covered: OutletCoverage) -> Iterator[str]:
    name = escape(covered.outlet_id)
    yield f"<h2>{name}</h2>"
    total = sum(day.held for day in covered.days)
    undated = f", {covered.undated} pages without a date are in no day" if covered.undated else ""
    yield f'<p class="q">{total} articles in {len(covered.days)} days, {len(covered.thin)} thin days{undated}.</p>'
    yield f'<div class="scroll"><table class="cal"><caption>Articles of {name} by day</caption><thead><tr><th></th>'
    yield "".join(f'<th scope="col">{number}</th>' for number in range(1, 32)) + "</tr></thead><tbody>"
    thin = {day.day: day.evidence for day in covered.thin}
    most = max((day.held for day in covered.days), default=0)
    for month, days in _months(covered.days):
        cells = "".join(_cell(days.get(number), thin, most) for number in range(1, 32))
        yield f'<tr><th scope="row">{month}</th>{cells}</tr>'
    yield "</tbody></table></div>"
    yield from _figures(covered)


def _months(days: Sequence[DayCounts]) -> list[tuple[str, dict[int, DayCounts]]]:
    months: dict[str, dict[int, DayCounts]] = {}
    for day in days:
        months.setdefault(f"{day.day:%Y-%m}", {})[day.day.day] = day
    return list(months.items())


def _cell(day: DayCounts | None, thin: dict[date, str], most: int) -> str:
    if day is None:
        return '<td class="no"></td>'
    text = escape(f"{day.day:%a %Y-%m-%d}: {described(day)}" + (f". Thin: {thin[day.day]}" if day.day in thin else ""))
    level = f"l{1 + (_LEVELS - 1) * day.held // most}" if day.held and most else "no-article"
    mark = f"{level} thin" if day.day in thin else level
    return f'<td class="{mark}" title="{text}" aria-label="{text}">{sign(day, day.day in thin)}</td>'


def sign(day: DayCounts, is_thin: bool) -> str:
    """Return the text of a day's cell: its number of articles, with the sign of its state."""
    number = str(day.held) if day.held else SIGNS["empty"]
    return number + (SIGNS["thin"] if is_thin else SIGNS["open"] if day.failed or day.waiting else "")


def described(day: DayCounts) -> str:
    """Return the figures of a day in a few words."""
    told = [f"{getattr(day, name)} {name}" for name in FIGURES if getattr(day, name)]
    seeds = ", ".join(f"{kind or 'no seed'} {number}" for kind, number in sorted(day.by_seed.items()))
    return ", ".join(told) + (f" (announced by: {seeds})" if seeds else "") if told else "no page is known"


def _figures(covered: OutletCoverage) -> Iterator[str]:
    head = "".join(f'<th scope="col" class="n">{name}</th>' for name in FIGURES)
    yield '<details><summary>All figures</summary><div class="scroll"><table class="list"><thead>'
    yield f'<tr><th scope="col">day</th>{head}<th scope="col">announced by</th></tr></thead><tbody>'
    for day in covered.days:
        numbers = "".join(f'<td class="n">{getattr(day, name)}</td>' for name in FIGURES)
        seeds = ", ".join(f"{kind or 'no seed'} {number}" for kind, number in sorted(day.by_seed.items()))
        yield f'<tr><th scope="row">{day.day}</th>{numbers}<td>{escape(seeds)}</td></tr>'
    yield "</tbody></table></div></details>"
