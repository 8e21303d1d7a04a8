"""Tests that take an hour or more; `make test-long` runs them."""
