"""The table of the faulty site's further answers, and the means to make them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fault_heads import say
from tests.fault_pages import article

if TYPE_CHECKING:
    from tests.faults import Talk

Answer = Callable[["Talk"], None]
STORED = ("stored", None)
HTML = b"Content-Type: text/html; charset=utf-8"

ANSWERS: dict[str, Answer] = {}
END: dict[str, tuple[str, str | None]] = {}


def add(name: str, answer: Answer, state: str, reason: str | None = None) -> None:
    """Put an answer into the table, and how its page must end."""
    assert name not in ANSWERS, name
    ANSWERS[name], END[name] = answer, (state, reason)


def raw(*lines: bytes, body: bytes, end: bytes = b"\r\n") -> Answer:
    """An answer of exactly these lines and this body."""
    return lambda talk: talk.send(end.join((*lines, b"", body)))


def framed(name: str, *lines: bytes, status: bytes = b"HTTP/1.1 200 OK") -> Answer:
    """An article of its own with these header lines, and the length that belongs to it."""
    body = article(f"chaos {name}")
    return raw(status, HTML, b"Content-Length: %d" % len(body), b"Connection: close", *lines, body=body)


def whole(content: bytes, *lines: str, kind: str = "text/html; charset=utf-8", status: int = 200) -> Answer:
    """A proper answer with this body."""
    return lambda talk: talk.reply(status, content, lines, kind=kind)


def to(location: str, status: int = 302) -> Answer:
    """A redirect; PORT is that of the site."""

    def answer(talk: Talk) -> None:
        where = location.replace("PORT", str(talk.site.port))
        say(talk, b"%d Found" % status, [b"Location: " + where.encode()], b"")

    return answer


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    """The article of a name with changes to its markup."""
    text = article(f"chaos {name}").decode()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text.encode("utf-8", "surrogatepass")
