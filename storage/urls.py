"""The canonical form of an address: the key under which a page is known, however it is linked.

Addresses are parsed as browsers do (WHATWG, by ada). A path keeps its case. A parameter stays unless it is known to be
a tracker: `id`, `p` or `newsid` name articles on some sites.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote

import ada_url

# Parameters that say where a reader came from and nothing of the page. Sources: the vendors' own documentation of
# campaign tagging, and the list of the ClearURLs project, as far as the names are used for nothing else.
_TRACKERS = re.compile(
    r"(?:utm_\w+|ga_\w+|pk_\w+|piwik_\w+|mtm_\w+|matomo_\w+|hsa_\w+|fb_\w+|__hs\w+|_hs\w+|vero_\w+|oly_\w+|at_(?:medium|campaign|custom\d)"
    r"|fbclid|gclid|gclsrc|dclid|wbraid|gbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|li_fat_id|epik|mc_cid|mc_eid|mkt_tok|rb_clickid"
    r"|s_cid|cmpid|icid|intcmp|srsltid|guccounter|guce_referrer\w*|mibextid|ref_src|ref_url|ncid|wickedid|spm|scm|share_id|_openstat|_gl|_ga|zanpid|ito|xtor|wt_mc|trk|trkcampaign|sc_campaign|sc_channel"
    r"|phpsessid|jsessionid|aspsessionid\w*|sessionid|amp|outputtype|ocid|smid|fromrss|feature|campaign_id|ns_\w+)",
    re.IGNORECASE,
)
# Trackers by some sites, identities by others: dropped unless their value is a number.
_SOURCES = re.compile(r"(?:ref|src|source|from|via|share|print|referrer|referer)", re.IGNORECASE)
# The same with sessions, campaigns and feeds: dropped unless their value may be the number of an article.
_SESSIONS = re.compile(r"(?:sid|session_id|cmp|rss)", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(r"[2-9]|[1-9][0-9]{1,8}")  # 0 and 1 are switches, longer ones sessions or instants
_AMP_VALUES = ("", "1", "true", "amp")
_VIEWS = ("view", "format", "type")  # parameters that ask for the AMP page by the value `amp`
_HOST_LABEL = re.compile(r"(?:www\d?|m|mobile|amp)\.")
# Domains under which sites are registered: of m.co.uk, `co.uk` would be no site.
_REGISTRY = re.compile(r"[^.]+|(?:co|com|net|org|gov|edu|ac|mil)\.[a-z]{2}|(?:or|ne|go|gr|lg)\.(?:jp|kr|th|id|tz|ke)")
_AMP_PATH = re.compile(r"(?:/amp|\.amp|/amp\.html?)/?$|^/amp(?=/)|\.amp(?=\.html?/?$)")
_ESCAPED_AMPERSAND = re.compile(r"&(?:amp|#0*38);")  # of an address that was copied from the source of a page
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


# One page's address is asked for a dozen times on its way from a seed to the store, and parsing takes 30 microseconds.
RECENT = 4096  # addresses whose forms are remembered


@lru_cache(RECENT)
def canonical_url(url: str) -> str:
    """Return the canonical form of an http(s) address; ValueError for anything else. Idempotent."""
    form = _once(url)
    for _ in range(4):  # one rule can make another one apply: /index.html/amp
        again = _once(form)
        if again == form:
            break
        form = again
    return form


def is_web_address(url: str) -> bool:
    """Return True if `canonical_url` accepts the address; cheaper than calling it."""
    try:
        parts = ada_url.URL(url.strip())
    except ValueError:
        return False
    return _is_web(parts)


def _is_web(parts: ada_url.URL) -> bool:
    return parts.protocol in ("http:", "https:") and bool(parts.hostname)


def _once(url: str) -> str:
    try:
        parts = ada_url.URL(url.strip())
    except ValueError as wrong:  # UnicodeEncodeError, of a lone surrogate, is one
        raise ValueError(f"not an address: {url[:200]!r}") from wrong
    if not _is_web(parts):
        raise ValueError(f"not an http address: {url[:200]!r}")
    port = f":{parts.port}" if parts.port not in ("", "80", "443") else ""
    fragment = parts.hash if parts.hash.startswith("#!") else ""
    return f"https://{_host(parts.hostname)}{port}{_path(parts.pathname)}{_query(parts.search)}{fragment}"


def _host(hostname: str) -> str:
    host = hostname.rstrip(".").lower()
    while (label := _HOST_LABEL.match(host)) and not _REGISTRY.fullmatch(host[label.end() :]):
        host = host[label.end() :]
    return host or hostname


def _path(path: str) -> str:
    path = _SESSION.sub("", path)
    path = re.sub(r"%[0-9a-fA-F]{2}", lambda match: _escape(match[0]), path)
    path = _INDEX.sub("/", _AMP_PATH.sub("", path))
    path = re.sub(r"/{2,}", "/", path)
    return path.rstrip("/") or "/"


def _escape(code: str) -> str:
    """Decode escapes of letters, digits and -._~ (RFC 3986 6.2.2.2), and of '[] ; write the others in capitals."""
    character = chr(int(code[1:], 16))
    return character if character.isascii() and (character.isalnum() or character in "-._~'[]") else code.upper()


def _query(search: str) -> str:
    search = _ESCAPED_AMPERSAND.sub("&", search)
    pairs = parse_qsl(search.lstrip("?"), keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in pairs if not _is_tracker(name, value))
    if not kept:
        return ""
    return "?" + "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in kept)


def _quoted(text: str) -> str:
    return quote(text, safe="-._~:/!*,@", errors="surrogateescape")


def _is_tracker(name: str, value: str) -> bool:
    if name.lower() == "amp":
        return value.lower() in _AMP_VALUES
    if name.lower() in _VIEWS and value.lower() == "amp":
        return True
    if _SESSIONS.fullmatch(name):
        return not _ARTICLE_NUMBER.fullmatch(value)
    if _SOURCES.fullmatch(name):
        return not value.isdigit() or name.lower() == "print"
    return bool(_TRACKERS.fullmatch(name))


def url_key(canonical: str) -> bytes:
    """Return 16 bytes that stand for a canonical address: PostgreSQL does not index long texts."""
    return hashlib.sha256(canonical.encode("utf-8", "surrogateescape")).digest()[:16]


@lru_cache(RECENT)
def host_of(url: str) -> str:
    """Return the host of an address in lower case, without the port; empty if it has none."""
    try:
        return str(ada_url.URL(url).hostname).rstrip(".").lower()
    except ValueError:
        return ""


def site_of(url: str) -> str:
    """Return the host without `www.`, `m.` and the like."""
    return site_of_host(host_of(url))


def site_of_host(host: str) -> str:
    """Return a host without `www.`, `m.` and the like."""
    return _host(host)


def same_site(a: str, b: str) -> bool:
    """Return True if both addresses are of one site: the same host, or one a subdomain of the other."""
    first, second = site_of(a), site_of(b)
    return bool(first) and (
        first == second or first.endswith(f".{second}") or (bool(second) and second.endswith(f".{first}"))
    )
