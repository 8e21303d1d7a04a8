"""Scrapy's settings for Pressrun: stricter limits than the defaults, and no queue or retries besides the ledger.

Comments say why a setting differs from Scrapy's default. A spider adds the pace and limits of its outlet
(`crawlers.spider.spider.OutletSpider.update_settings`).
"""

from __future__ import annotations

import time

from scrapy.settings import default_settings
from twisted.internet.asyncioreactor import AsyncioSelectorReactor

# Twisted times everything by the wall clock. Set ahead, it would end all requests under way as timeouts; set back, none
# of them would time out for as long.
AsyncioSelectorReactor.seconds = staticmethod(time.monotonic)

BOT_NAME = "pressrun"
SPIDER_LOADER_CLASS = "crawlers.spider.loader.OutletSpiderLoader"  # one spider class for each outlet file
SPIDER_MODULES = ["crawlers.spider"]

# Politeness. robots.txt is read by our own middleware: for Scrapy's an unreadable one permits everything.
ROBOTSTXT_OBEY = False
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's +-50 % would undercut a Crawl-delay

# The ledger retries, also in later runs; Scrapy's retry ignores Retry-After and forgets pages at the end of a run.
RETRY_ENABLED = False
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False  # no tracking, and no download of the Public Suffix List

# Limits. The time limit is for the whole answer, so it ends a slow body too.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
COMPRESSION_ENABLED = False  # see crawlers.spider.bodies: Scrapy passes truncated bodies as complete
# Scrapy's other middlewares have nothing to do: robots.txt and bodies have their own, the ledger retries, there are
# no passwords, cookies, proxies, caches, and no domains of a spider. Scrapy imports those that are disabled all the
# same, with the Public Suffix List and an HTTP client.
DOWNLOADER_MIDDLEWARES_BASE = {
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": 600,
}
DOWNLOADER_MIDDLEWARES = {
    "crawlers.spider.ports.PortsMiddleware": 80,
    "crawlers.spider.robots.RobotsMiddleware": 100,
    "crawlers.spider.bodies.BodyMiddleware": 590,
    "crawlers.spider.signing.SigningMiddleware": 990,
}

# Security. Only http and https; IP addresses are checked when they are resolved; certificates are verified.
_KEPT = "crawlers.spider.connections.KeptConnections"
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None, "http": _KEPT, "https": _KEPT}
TWISTED_DNS_RESOLVER = "crawlers.spider.ip_filter.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False  # this and the next setting let anybody who can connect run code
REMOTE_CONTROL_ENABLED = False
# Disabled alone, both are imported by every crawl all the same, with a web server and an SSH library.
EXTENSIONS_BASE = {
    path: order
    for path, order in default_settings.EXTENSIONS_BASE.items()
    if not path.startswith(("scrapy.extensions.telnet.", "scrapy.extensions.remote_control."))
}

# Logging: one process runs one crawl, and the run reports its counts itself.
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
