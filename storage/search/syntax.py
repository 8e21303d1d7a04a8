"""The query syntax: words, "phrases", -not, prefix*, title:word, OR, parentheses.

    query = any;  any = all ("OR" all)*;  all = part+;  part = ["-" | "NOT"] (term | "(" any ")")
    term = ["title:"] (word ["*"] | '"' words '"')

Words that stand side by side must all be found. docs/reading.md explains it to users.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from storage.search.analyser import terms_of
from storage.search.errors import QueryError

MAX_LENGTH = 500  # characters of a query
MAX_TERMS = 30
MIN_PREFIX = 3  # letters before an asterisk
_DEEPEST = 10  # parentheses within parentheses
FIELDS = ("title",)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(
    r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=\S))|(?P<field>[^\W\d_]+):(?=\S)|(?P<quote>")|(?P<word>[^\s()"]+))'
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase as it was typed. `position` counts characters from 1."""

    text: str
    position: int
    title: bool = False
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """What must not be found."""

    part: Node


@dataclass(frozen=True, slots=True)
class All:
    """Parts that must all be found."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Parts of which one must be found."""

    parts: tuple[Node, ...]


Node = Term | Not | All | Any


def parse(query: str) -> Node:
    """Return the tree of a query. QueryError names the position of what is wrong."""
    if len(query) > MAX_LENGTH:
        raise QueryError(query, MAX_LENGTH + 1, f"it is longer than {MAX_LENGTH} characters", "shorten it")
    return _Parser(query).parsed()


class _Parser:
    """Recursive descent over the text; `_at` is the place of the next character."""

    def __init__(self, query: str) -> None:
        self._query, self._text = query, query.translate(_QUOTES)
        self._at, self._terms, self._depth = 0, 0, 0

    def parsed(self) -> Node:
        if not self._text.strip():
            raise self._wrong("it is empty", "give a word to find", 0)
        node = self._any()
        if (rest := self._next()) is not None:
            raise self._wrong("there is a closing parenthesis without an opening one", "remove it", rest.start("close"))
        _refuse_bare_exclusion(node, self._wrong)
        return node

    def _wrong(self, problem: str, remedy: str, at: int | None = None) -> QueryError:
        return QueryError(self._query, (self._at if at is None else at) + 1, problem, remedy)

    def _next(self) -> re.Match[str] | None:
        return _TOKEN.match(self._text, self._at)

    def _word_ahead(self, *words: str) -> re.Match[str] | None:
        token = self._next()
        return token if token and token["word"] in words else None

    def _any(self) -> Node:
        parts = [self._all()]
        while token := self._word_ahead("OR"):
            self._at = token.end()
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _all(self) -> Node:
        parts: list[Node] = []
        while (token := self._next()) and not token["close"] and token["word"] != "OR":
            if token["word"] == "AND":  # what stands side by side must all be found anyway
                self._at = token.end()
                continue
            parts.append(self._part(token))
        if not parts:
            place = token.end() - 1 if token else len(self._text)
            raise self._wrong("a word is missing here", 'write a word, or put "OR" into quotes to find it', place)
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _part(self, token: re.Match[str]) -> Node:
        if token["minus"] or token["word"] == "NOT":
            self._at = token.end()
            following = self._next()
            if following is None or following["close"] or following["minus"]:
                raise self._wrong("a word is missing behind the minus", 'write -word or -"two words"', token.end() - 1)
            return Not(self._part(following))
        if token["open"]:
            return self._group(token)
        return self._term(token)

    def _group(self, token: re.Match[str]) -> Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong("there are too many parentheses within each other", "simplify it", token.start("open"))
        self._at = token.end()
        node = self._any()
        closing = self._next()
        if closing is None or not closing["close"]:
            raise self._wrong("the parenthesis is not closed", "add )", token.start("open"))
        self._at, self._depth = closing.end(), self._depth - 1
        return node

    def _term(self, token: re.Match[str]) -> Term:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise self._wrong(f"it has more than {MAX_TERMS} words", "ask for fewer", token.start(token.lastgroup or 0))
        title = False
        if field := token["field"]:
            title, token = True, self._behind_field(field, token)
        if token["quote"] is not None:
            return self._phrase(token, title)
        start, word = token.start("word"), token["word"]
        self._at = token.end()
        if prefix := word.endswith("*"):
            word = self._with_letters(word.rstrip("*"), start)
            if sum(map(str.isalnum, "".join(terms_of(word, None)))) < MIN_PREFIX:
                remedy = f"give at least {MIN_PREFIX} letters before the asterisk"
                raise self._wrong("the beginning is too short", remedy, start)
        return Term(self._with_letters(word, start), start + 1, title, prefix)

    def _behind_field(self, field: str, token: re.Match[str]) -> re.Match[str]:
        if field.lower() not in FIELDS:
            remedy = f'the field is title:, or put the words into quotes: "{field}:…"'
            raise self._wrong(f"there is no field {field}:", remedy, token.start("field"))
        self._at = token.end()
        following = self._next()
        if following is None or not (following["quote"] or following["word"]):
            raise self._wrong(f"a word is missing behind {field}:", f'write {field}:word or {field}:"two words"')
        return following

    def _phrase(self, token: re.Match[str], title: bool) -> Term:
        start = token.end()
        end = self._text.find('"', start)
        if end < 0:
            raise self._wrong("the quotation mark is not closed", 'add "', start - 1)
        self._at = end + 1
        return Term(self._with_letters(self._text[start:end], start), start + 1, title)

    def _with_letters(self, text: str, start: int) -> str:
        if not terms_of(text, None):  # signs, and letters that are left out wherever they stand, such as the hamza
            raise self._wrong("there is no letter or figure to find", "write a word", min(start, len(self._text)))
        return text


def _refuse_bare_exclusion(node: Node, wrong: Callable[..., QueryError]) -> None:
    """Refuse parts that only exclude: they would match nearly the whole archive."""
    if isinstance(node, Term):
        return
    if isinstance(node, Not):
        raise wrong("it only excludes", "add a word to find before it", _place(node) - 1)
    alone = [part for part in node.parts if isinstance(part, Not)]
    if alone and (isinstance(node, Any) or len(alone) == len(node.parts)):
        raise wrong("it only excludes", "add a word to find before it", _place(alone[0]) - 1)
    for part in node.parts:
        _refuse_bare_exclusion(part.part if isinstance(part, Not) else part, wrong)


def _place(node: Node) -> int:
    while not isinstance(node, Term):
        node = node.part if isinstance(node, Not) else node.parts[0]
    return node.position
