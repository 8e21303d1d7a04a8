"""HTTP to servers that run on this machine."""

from __future__ import annotations

import httpx

# One client for all tests: each `httpx.get` reads the certificates of all authorities first, 40 ms of CPU, which a test
# that asks ten times a second takes from what it waits for. No connection is kept, since tests kill servers.
loopback = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
