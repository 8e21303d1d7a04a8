"""How long servers and feeds ask to be left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from lxml import etree

from crawlers.discovery.refresh import declared_refresh, fresh_for

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "fresh"),
    [
        ({}, None),
        ({"cache-control": "max-age=900"}, 15 * MINUTE),
        ({"cache-control": "public, MAX-AGE = 900, must-revalidate"}, 15 * MINUTE),
        ({"cache-control": 'max-age="900"', "age": "600"}, 5 * MINUTE),
        ({"cache-control": "max-age=900", "age": "9999"}, timedelta(0)),
        ({"cache-control": "max-age=900", "age": "soon"}, 15 * MINUTE),
        ({"cache-control": "s-maxage=900"}, None),  # for shared caches alone
        ({"cache-control": "no-cache, max-age=900"}, None),
        ({"cache-control": "max-age=0, no-store"}, None),
        ({"cache-control": "max-age=31536000"}, timedelta(days=1)),
        ({"cache-control": "max-age=-1"}, None),
    ],
)
def test_cache_control(headers: dict[str, str], fresh: timedelta | None) -> None:
    assert fresh_for(headers) == fresh


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("channel", "refresh"),
    [
        ("", None),
        ("<ttl>45</ttl>", 45 * MINUTE),
        ("<ttl>0</ttl>", None),
        ("<ttl>often</ttl>", None),
        ("<ttl>999999999</ttl>", timedelta(days=1)),
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 30 * MINUTE),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>24</sy:updateFrequency>", 60 * MINUTE),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 60 * MINUTE),
        ("<sy:updateFrequency>48</sy:updateFrequency>", 30 * MINUTE),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", timedelta(days=1)),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<ttl>20</ttl><sy:updatePeriod>hourly</sy:updatePeriod>", 60 * MINUTE),  # the longer one: neither is broken
        ("<item><ttl>45</ttl></item>", None),
    ],
)
def test_what_a_channel_declares(channel: str, refresh: timedelta | None) -> None:
    root = etree.fromstring(f"<rss {SY}><channel>{channel}</channel></rss>")
    assert declared_refresh(root) == refresh


def test_an_rdf_or_atom_document_declares_it_at_its_channel_or_root() -> None:
    rdf = f"<RDF {SY}><channel><sy:updatePeriod>hourly</sy:updatePeriod></channel><item/></RDF>"
    assert declared_refresh(etree.fromstring(rdf)) == 60 * MINUTE
    assert declared_refresh(etree.fromstring(f"<feed {SY}><sy:updatePeriod>hourly</sy:updatePeriod></feed>"))
