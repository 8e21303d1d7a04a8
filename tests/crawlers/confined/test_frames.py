"""Frames as they come from a process that reads what strangers wrote: whole, in pieces, and damaged."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.confined.frames import BadFrameError, Inbox, read_frame, write_frame

HEADS = st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.lists(st.text()))


def written(*heads: dict[str, Any], body: bytes = b"") -> bytes:
    out = io.BytesIO()
    for head in heads:
        write_frame(out, head, body)
    return out.getvalue()


@given(st.lists(HEADS, max_size=4), st.integers(1, 40))
def test_frames_in_pieces_are_put_together(heads: list[dict[str, Any]], size: int) -> None:
    inbox, found = Inbox(), []
    data = written(*heads)
    for start in range(0, len(data), size):
        inbox.feed(data[start : start + size])
        while (head := inbox.frame()) is not None:
            found.append(head)
    assert found == heads


@given(HEADS, st.binary(max_size=100))
def test_a_head_and_a_body_come_back(head: dict[str, Any], body: bytes) -> None:
    assert read_frame(io.BytesIO(written(head, body=body))) == (head, body)
    assert read_frame(io.BytesIO(written(head, body=body)[:-1])) is None


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">II", 2**32 - 1, 0),
        struct.pack(">II", 300 << 20, 0),
        written({}, body=b"a body"),
        struct.pack(">II", 3, 0) + b"{,}",
        struct.pack(">II", 2, 0) + b"[]",
        struct.pack(">II", 1, 0) + b"\xff",
        struct.pack(">II", 200_000, 0) + b"[" * 200_000,
    ],
    ids=["4 GB", "300 MB", "a body", "no JSON", "a list", "no UTF-8", "depth"],
)
def test_what_is_no_answer_is_refused_as_soon_as_it_shows(data: bytes) -> None:
    inbox = Inbox()
    inbox.feed(data)
    with pytest.raises(BadFrameError):
        inbox.frame()
