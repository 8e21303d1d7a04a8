"""The text of an article: trafilatura on the element that holds it, then what does not belong is cut off."""

from __future__ import annotations

from copy import copy

import trafilatura.core as core
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.settings import Extractor

from crawlers.extraction.declared import squeeze

FAST = Extractor(fast=True, comments=False, tables=True, with_metadata=False)


def clean(tree: HtmlElement) -> list[str]:
    body, _, _, _ = core.trafilatura_sequence(copy(tree), FAST, None)
    return lines_of(body)


def lines_of(body: _Element) -> list[str]:
    lines: list[str] = []
    for block in body:
        lines.extend(_lines(block))
    return lines


def _lines(block: _Element) -> list[str]:
    if block.tag in ("list", "table", "row") or (block.tag == "quote" and len(block) and block[0].tag in ("p", "list")):
        out = [squeeze(block.text)] if block.text and block.text.strip() else []
        for child in block:
            out.extend(_lines(child))
            if child.tail and child.tail.strip():
                out.append(squeeze(child.tail))
        return out
    pieces = [""]
    _gather(block, pieces)
    return [line for piece in pieces if (line := squeeze(piece))]


def _gather(element: _Element, pieces: list[str]) -> None:
    pieces[-1] += element.text or ""
    for child in element:
        if child.tag == "lb":
            pieces.append("")
        elif child.tag in ("p", "list", "item", "quote", "head"):
            pieces.append("")
            _gather(child, pieces)
            pieces.append("")
        else:
            _gather(child, pieces)
        pieces[-1] += child.tail or ""
