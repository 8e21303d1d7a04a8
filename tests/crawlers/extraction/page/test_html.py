"""Charsets of pages."""

from __future__ import annotations

import pytest

from crawlers.extraction.page.html import in_utf8, parse

RUSSIAN = "В Душанбе открылся новый рынок строительных материалов, сообщили в мэрии города. " * 4


AZERI = "Bakıda qış mövsümünə hazırlıq çərçivəsində istilik şəbəkələrinin təmiri başa çatıb. " * 4


@pytest.mark.parametrize("declared", ["", "utf-8", "iso-8859-1", "windows-1251"])
@pytest.mark.parametrize("charset", ["utf-8", "cp1251", "utf-8-sig", "utf-16"])
def test_text_comes_out_whatever_charset_is_declared(charset: str, declared: str) -> None:
    html = f'<html><head><meta charset="{declared}"></head><body><p>{RUSSIAN}</p></body></html>'
    assert RUSSIAN.encode() in in_utf8(html.encode(charset), f"text/html; charset={declared}")


def test_a_torn_character_does_not_change_the_charset() -> None:
    html = f"<html><body><p>{AZERI}</p></body></html>".encode()
    assert AZERI[:80].encode() in in_utf8(html[:200] + b"\xc9" + html[200:])


@pytest.mark.parametrize("reference", ["&#8;", "&#x1F;", "&#11;", "&#xFFFE;", "&#65535;", "&#0;"])
def test_a_reference_to_a_character_that_no_tree_may_hold_costs_nothing_else(reference: str) -> None:
    tree = parse(f"<html><body><p>{AZERI}{reference}&#8217;&#9;&#233;</p></body></html>".encode())
    assert tree is not None
    assert tree.findtext(".//p") == f"{AZERI}’\té"
