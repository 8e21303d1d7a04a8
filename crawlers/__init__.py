"""Outlet files, discovery of pages, the spider that fetches them, and extraction of articles."""
