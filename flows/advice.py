"""What to do about a crawl that failed or needs a person: the first rule that fits its message. Without Prefect.

The rules repeat deploy/runbook.md in a sentence each.
"""

from __future__ import annotations

import re

from .markdown import cell
from .summary import OutletLine, open_findings

_NETWORK = (
    r"none of its seeds could be read \((?:(?!none of its seeds)[^)])*"
    r"(dns|connect|timeout|unreachable|tls|is the network up)"
)
_RULES: tuple[tuple[str, str], ...] = (
    (r"\.toml: ", "Correct the outlet file; {check} says whether it is right."),
    (r"robots_unreadable", "Wait: robots.txt cannot be read, so nothing may be fetched. After some days, write to it."),
    (r"http_(401|403|429|451)", "The outlet refuses the crawler: read its robots.txt and terms, and write to it."),
    (
        r"is the network up|" + _NETWORK,
        "Check the network of this machine, and open the home page. Nothing is lost: the next run tries again.",
    ),
    (r"none of its seeds could be read", "Open its seeds in a browser; correct those that have moved in its file."),
    (r"died \(signal 9\)", "It was killed, usually for lack of memory: crawl fewer outlets at a time."),
    (r"the crawl process died", "Read its log, and report what it ends with. The next run takes its pages over."),
    (r"is held by run", "Wait for the run that holds the outlet, or stop it; then run this one again."),
    (r"cannot open the database", "Do what the message says; `pressrun db check` tells whether the store is whole."),
    (r"could not be started", "Is a worker running? `pressrun up`, then run the night again."),
    (r"no seed announced a single article", "Open a seed and compare its links with `urls.article`; {check}."),
    (r"layout changed", "Look at some new articles, and at the selectors in the outlet file."),
    (r"http_404|http_410", "A seed is gone: find its new address, or remove it from the outlet file."),
    (r"malformed", "Nothing now: the document is requested again in full. If it lasts, write to the outlet."),
    (r"unwritable|fault", "A fault of Pressrun: keep the log and report it. The page is tried again."),
)
_FOR_STATE = {
    "failed": "Read its log; the runbook (deploy/runbook.md) explains the messages.",
    "busy": "Wait for the run that holds the outlet, or stop it; then run this one again.",
    "stopped": "Run it again when you want: it continues where it stopped.",
    "attention": "Read its report; the runbook (deploy/runbook.md) explains the messages.",
    "completed": "",
}


def advice(line: OutletLine) -> str:
    """Return what to do about a crawl in a sentence or two of Markdown; empty if it needs nobody."""
    if line.state == "completed":
        return ""
    for finding in open_findings(line.findings):
        if finding.get("advice"):
            return cell(str(finding["advice"]))
    for pattern, words in _RULES:
        if re.search(pattern, line.note):
            return words.replace("{check}", f"`pressrun outlets check {line.outlet}`")
    return _FOR_STATE[line.state]
