"""Outlets in, articles out: outlet files, discovery, the spider, extraction, politeness."""
