"""The head of a WARC or ARC record: its kind, address, date and length.

Formats: WARC 0.17 to 1.1 (ISO 28500), and ARC 1 and 2 (archive.org/web/researcher/ArcFileFormat.php).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.instants import in_range

MAX_HEAD = 1 << 16  # bytes; a longer head is damage
_WARC = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n")
_ARC = re.compile(rb"[a-z][a-z0-9+.-]*:(?>[^\r\n]*? \d{8,14} )[^\r\n]* \d+\r?\n", re.IGNORECASE)
_ARC_FIELDS = re.compile(
    r"(?=.* \d{1,15}\Z)(?P<url>\S.*?) (?P<ip>\S+) (?P<date>\d{8,14}) (?P<kind>\S+)(?: .*)? (?P<length>\d{1,15})"
)
_LENGTH = re.compile(r"\d{1,15}")
_ORIGIN = re.compile(r"\s*+<?\s*+([A-Za-z][A-Za-z0-9+.-]*)(:(?://[^/?#\s]*)?)")
_STAMPS = {8: "%Y%m%d", 10: "%Y%m%d%H", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True, slots=True)
class RecordHead:
    """What a record says of itself. `kind` is its WARC-Type; a record of an ARC file is a response.

    `truncated`: why its writer cut the record off; empty if it did not. `digest`: of the block, as `sha1:BASE32`.
    """

    kind: str
    url: str
    date: datetime | None
    content_type: str
    length: int  # bytes of the block
    truncated: str = ""
    digest: str = ""


def is_record_start(data: bytes) -> bool:
    """Return True if a record of a WARC or an ARC file begins here; about 4 kB tell it."""
    return bool(_WARC.match(data) or _ARC.match(data))


def is_warc(data: bytes) -> bool:
    """Return True for a WARC record, whose head ends at an empty line; the head of an ARC record is one line."""
    return data.startswith(b"WARC/")


def parse_head(data: bytes) -> RecordHead | None:
    """Return the head of a WARC record (its lines) or an ARC record (its one line); None if it is none."""
    text = data.decode("utf-8", "replace")
    return _warc_head(text) if is_warc(data) else _arc_head(text)


def _warc_head(text: str) -> RecordHead | None:
    fields = _fields(text)
    length = fields.get("content-length", "")
    if not _LENGTH.fullmatch(length) or "warc-type" not in fields:
        return None
    return RecordHead(
        fields["warc-type"].lower(),
        plain_origin(fields.get("warc-target-uri", "")),
        parse_date(fields.get("warc-date", "")),
        fields.get("content-type", ""),
        int(length),
        fields.get("warc-truncated", "") or ("segmented" if "warc-segment-number" in fields else ""),
        fields.get("warc-block-digest", ""),
    )


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in text.split("\n")[1:]:  # not splitlines: it also splits at NEL, FS and the like
        if line[:1] in (" ", "\t") and name:  # the line before goes on
            fields[name] += f" {line.strip()}"
            continue
        name, _, value = line.partition(":")
        name = name.strip().lower()
        fields.setdefault(name, value.strip())
    return fields


def _arc_head(text: str) -> RecordHead | None:
    line = _ARC_FIELDS.fullmatch(text.strip())
    if not line:
        return None
    kind = "warcinfo" if line["url"].startswith("filedesc:") else "response"
    return RecordHead(kind, plain_origin(line["url"]), parse_date(line["date"]), line["kind"], int(line["length"]))


def plain_origin(url: str) -> str:
    """Return the address with scheme and host in lower case, without the angle brackets of some writers."""
    origin = _ORIGIN.match(url)
    if not origin:
        return url.strip()
    return origin[1].lower() + origin[2].lower() + url[origin.end() :].strip().removesuffix(">")


def parse_date(text: str) -> datetime | None:
    """Return the instant of a record's date, ISO 8601 or 8 to 14 digits; None if it is none. UTC if it has no zone."""
    try:
        if text.isdigit():
            when = datetime.strptime(text, _STAMPS[len(text)])  # noqa: DTZ007 - made aware below
        else:
            when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except (ValueError, KeyError):
        return None
    return in_range(when if when.tzinfo else when.replace(tzinfo=UTC))
