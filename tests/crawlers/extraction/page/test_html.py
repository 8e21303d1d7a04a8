"""Charsets of pages."""

from __future__ import annotations

import pytest

from crawlers.extraction.page.html import in_utf8

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
