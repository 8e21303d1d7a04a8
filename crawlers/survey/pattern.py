"""Propose `urls.article` from the addresses that an outlet announces as articles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from .draft import Doubt
from .shapes import MANY_WORDS, Form, Shape, shape_of, without_www

ARTICLE, DROP = "urls.article", "urls.drop"  # keys of the outlet file
ENOUGH = 0.03  # share of the announced addresses that a form must have to be part of the pattern
OPTIONAL = "optional-slug-number"
DIGITS = r"\d+"
WORD = "[A-Za-z0-9_-]+"
_NO_ARTICLES = re.compile(
    r"/(?:page|tags?|author|authors|category|categories|topic|topics|search|archive|rubric)/[^?#]*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class PatternProposal:
    """Values for `urls.article` and `urls.drop`, and what is not sure about them."""

    article: str
    drop: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def propose_pattern(articles: Iterable[str], links: Iterable[str] = (), home: str = "") -> PatternProposal | None:
    """Return a pattern for addresses that are articles for certain, and for those of `links` with the same form.

    None if no address has a form that can be told from that of other pages.
    """
    certain = _shapes(articles)
    if not certain:
        return None
    forms = _main_forms(certain)
    certain = _with_optional_slug([shape for shape in certain if shape.form in forms])
    forms = list(dict.fromkeys(shape.form for shape in certain))
    hosts = {shape.host for shape in certain}
    others = _with_optional_slug([shape for shape in _shapes(links) if shape.host in hosts], forms)
    alike = [shape for shape in others if _is_alike(shape, forms, certain)]
    groups = [[shape for shape in (*certain, *alike) if shape.form == form] for form in forms]
    hosts_found = {shape.url.split("/")[2] for shape in (*certain, *alike)}
    body = _alternatives([_path(group, named=not at) for at, group in enumerate(groups)])
    pattern = f"^https?://{_host(hosts_found | {home.split('/')[2] if '//' in home else ''})}{body}$"
    found = {shape.url for group in groups for shape in group}
    drop = _drop(pattern, [shape for shape in others if shape.url not in found])
    return PatternProposal(pattern, drop, tuple(_doubts(groups[0], len(certain), drop)))


def _shapes(urls: Iterable[str]) -> list[Shape]:
    return [shape for url in dict.fromkeys(urls) if (shape := shape_of(url)) is not None]


def _with_optional_slug(shapes: Sequence[Shape], forms: Iterable[Form] = ()) -> list[Shape]:
    """Return the shapes; those with and without a title before the number are one form, if both occur."""
    present = {shape.form for shape in shapes} | set(forms)
    joined = []
    for shape in shapes:
        alone, titled = (replace(shape.form, tail=tail) for tail in ("number", "slug-number"))
        both = replace(shape.form, tail=OPTIONAL)
        if shape.form in (alone, titled) and ({alone, titled} <= present or both in present):
            joined.append(replace(shape, form=both))
        else:
            joined.append(shape)
    return joined


def _main_forms(certain: Sequence[Shape]) -> list[Form]:
    """Return the forms of the addresses, the most frequent first; rare ones are left out as accidents."""
    counts = Counter(shape.form for shape in certain).most_common()
    return [form for at, (form, count) in enumerate(counts) if not at or count >= max(2, ENOUGH * len(certain))]


def _is_alike(shape: Shape, forms: Sequence[Form], certain: Sequence[Shape]) -> bool:
    """Return True if an address that was only linked to has the form of an article's."""
    if shape.form not in forms or _NO_ARTICLES.search(shape.url):
        return False
    if shape.form.tail == "number" and shape.number:
        digits = min(len(each.number) for each in certain if each.form == shape.form)
        return len(shape.number) >= min(digits, 3)
    return shape.form.strong or shape.words >= MANY_WORDS


def _alternatives(paths: Sequence[str]) -> str:
    return paths[0] if len(paths) == 1 else f"(?:{'|'.join(paths)})"


def _host(hosts: Iterable[str]) -> str:
    """Return the expression of the hosts, with and without `www.` where that makes sense."""
    given = {host for host in hosts if host}
    dot = r"\.?" if any(host.endswith(".") for host in given) else ""
    found = {host.rstrip(".") for host in given}
    bases = sorted({without_www(host) for host in found})
    if len(bases) == 1:
        bare = bases[0].split(":")[0]
        www = "" if bare.replace(".", "").isdigit() or bare.startswith("[") or bare.count(".") > 1 else r"(?:www\.)?"
        return www + re.escape(bases[0]) + dot
    suffix = _common_suffix(sorted(found))
    heads = [re.escape(host.removesuffix(suffix)) for host in sorted(found) if host != suffix[1:]]
    prefix = f"(?:(?:{'|'.join(heads)})\\.)"
    return f"{prefix}{'?' if suffix[1:] in found else ''}{re.escape(suffix[1:])}{dot}"


def _common_suffix(hosts: Sequence[str]) -> str:
    """Return what all hosts end in, from a dot on: ".trend.az"."""
    shared = shared_start([host.split(".")[::-1] for host in hosts])
    return "".join(f".{label}" for label in hosts[0].split(".")[::-1][:shared][::-1])


def shared_start(rows: Sequence[Sequence[str]]) -> int:
    """Return how many items all rows begin with in common."""
    columns = zip(*rows, strict=False)
    return sum(1 for _ in takewhile(lambda column: len(set(column)) == 1, columns))


def _path(group: Sequence[Shape], *, named: bool) -> str:
    """Return the expression of the paths of one form. `named`: with groups; Python takes each name only once."""
    form = group[0].form
    words = _Words(named)
    path = _language(group, named)
    path += words.expression([shape.before for shape in group])
    path += _date(group, named)
    path += words.expression([shape.after for shape in group])
    path += "/" + _tail(group, named) + re.escape(form.extension)
    if form.query:
        path += rf"\?{re.escape(form.query)}=" + _named("id", DIGITS, named)
    elif not form.extension:
        path += "/?"
    return path + (r"(?:\?[^#]*)?" if any(shape.extra_query for shape in group) else "")


def _named(name: str, expression: str, named: bool) -> str:
    return f"(?P<{name}>{expression})" if named else expression


def _language(group: Sequence[Shape], named: bool) -> str:
    languages = sorted({shape.language for shape in group if shape.language})
    if not languages:
        return ""
    any_of_them = "|".join(languages)
    part = f"/(?P<language>{any_of_them})" if named else f"/(?:{any_of_them})"
    return f"(?:{part})?" if any(not shape.language for shape in group) else part


class _Words:
    """Makes the expressions of the words in a path: words that all share literally, then the group `section`.

    Python allows a group name once, so `section` names only the first group of a pattern.
    """

    def __init__(self, named: bool) -> None:
        self._named = named

    def expression(self, rows: Sequence[tuple[str, ...]]) -> str:
        shared = shared_start(rows)
        if len({len(row) for row in rows}) == 1 and shared == len(rows[0]) > 0 and not _is_fixed(rows[0][-1]):
            shared -= 1  # one section was seen, and there will be more
        fixed = "".join(f"/{re.escape(word)}" for word in rows[0][:shared])
        rest = [row[shared:] for row in rows]
        least, most = min(map(len, rest)), max(map(len, rest))
        if not most:
            return fixed
        each = char_class(word for row in rest for word in row)
        many = f"(?:{each}/)*{each}" if most > max(1, least) else "/".join([each] * most)
        part = "/" + _named("section", many, self._named)
        self._named = False
        return fixed + (f"(?:{part})?" if not least else part)


def _is_fixed(word: str) -> bool:
    """Return True for a word that stands in all articles' addresses whatever their section."""
    return word.lower() in {
        "news", "archives", "archive", "article", "articles", "story", "stories", "post", "posts", "xeber", "xeberler",
        "novosti", "haber", "blog", "material", "materials", "content", "detail", "read", "view", "p", "a", "node",
    }  # fmt: skip


def _date(group: Sequence[Shape], named: bool) -> str:
    parts = group[0].form.date
    if parts == 1:
        parts_of_day = {"year": r"\d{4}", "month": r"\d{2}", "day": r"\d{2}"}
        return "/" + group[0].form.divider.join(_named(name, each, named) for name, each in parts_of_day.items())
    expression = ""
    for at, name in enumerate(("year", "month", "day")[:parts]):
        short = any(len(shape.date[at]) == 1 for shape in group)
        digits = r"\d{4}" if not at else r"\d{1,2}" if short else r"\d{2}"
        expression += f"/{_named(name, digits, named)}"
    return expression


def _tail(group: Sequence[Shape], named: bool) -> str:
    kind = group[0].form.tail
    slug, number = char_class(shape.slug for shape in group if shape.slug), _named("id", DIGITS, named)
    if kind == "query":
        names = {shape.slug for shape in group}
        return re.escape(group[0].slug) if len(names) == 1 else slug
    return {
        "number": number,
        "slug": slug,
        "slug-number": f"{slug}-{number}",
        "number-slug": f"{number}(?:[-_]{slug})?",
        OPTIONAL: f"(?:{slug}-)?{number}",
    }[kind]


def char_class(samples: Iterable[str]) -> str:
    """Return the narrower of two classes that holds all samples: capitals and lower case, or anything."""
    return WORD if all(re.fullmatch(WORD, word) for word in samples) else "[^/?#]+"


def _drop(pattern: str, others: Sequence[Shape]) -> tuple[str, ...]:
    """Return expressions for linked pages that the pattern matches although they do not look like articles."""
    matched = [shape for shape in others if re.search(pattern, shape.url)]
    plain = [shape for shape in matched if not _NO_ARTICLES.search(shape.url)]
    drops = ["/(?:page|tags?|authors?|category|topics?|search)/"] if len(plain) < len(matched) else []
    names = sorted({shape.slug for shape in plain if shape.slug and shape.form.tail == "slug"})
    if names:
        drops.append(f"/(?:{'|'.join(map(re.escape, names))}){re.escape(plain[0].form.extension)}/?$")
    return tuple(drops)


def _doubts(main: Sequence[Shape], certain: int, drop: Sequence[str]) -> Iterable[Doubt]:
    if certain < 5:
        yield Doubt(ARTICLE, f"made from {certain} address{'es' * (certain != 1)} only; compare it with more articles")
    if not main[0].form.strong:
        why = "articles have nothing but a title in their address, as other pages may; those are refused when read"
        yield Doubt(ARTICLE, why)
    if drop:
        yield Doubt(DROP, "`drop` lists what the front page links to and does not look like an article")
    sections = {shape.before for shape in main}
    if len(sections) == 1 and len(main) > 1 and main[0].before and not _is_fixed(main[0].before[-1]):
        yield Doubt(ARTICLE, f"all addresses seen are of one section, /{'/'.join(main[0].before)}/")
