"""Scrapy's settings for Pressrun: safe where Scrapy's defaults are not, and no queue or retry beside the ledger's.

Each line that differs from Scrapy's default says why. An outlet's own pace and limits are put on top by its spider
(`crawlers.spider.spider.OutletSpider.update_settings`).
"""

from __future__ import annotations

BOT_NAME = "pressrun"
SPIDER_LOADER_CLASS = "crawlers.spider.loader.OutletSpiderLoader"  # one spider class for each outlet file
SPIDER_MODULES = ["crawlers.spider"]

# Polite. Robots are read by our own middleware: Scrapy's takes an unreadable robots.txt for permission.
ROBOTSTXT_OBEY = False
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.0  # Scrapy's +-50 % would go below a Crawl-delay

# The ledger retries, in a later run if need be; Scrapy's retry knows neither Retry-After nor tomorrow.
RETRY_ENABLED = False
REDIRECT_MAX_TIMES = 5
METAREFRESH_ENABLED = False
COOKIES_ENABLED = False  # no tracking, and no look-up of the Public Suffix List over the network

# Bounded. The time limit is for the whole answer, so a dripping body ends with it.
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
COMPRESSION_ENABLED = False  # see crawlers.spider.bodies: Scrapy passes truncated bodies as whole ones
DOWNLOADER_MIDDLEWARES = {
    "crawlers.spider.robots.RobotsMiddleware": 100,
    "crawlers.spider.bodies.BodyMiddleware": 590,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
}

# Closed. Only http and https; addresses are vetted as they are resolved; certificates are verified.
DOWNLOAD_HANDLERS = {"data": None, "file": None, "ftp": None, "s3": None}
TWISTED_DNS_RESOLVER = "crawlers.spider.ip_filter.GuardedResolver"
DOWNLOAD_VERIFY_CERTIFICATES = True
HTTPPROXY_ENABLED = False
TELNETCONSOLE_ENABLED = False  # it and the next execute code for whoever reaches them
REMOTE_CONTROL_ENABLED = False

# Quiet: one process, one crawl; counts come from the run itself.
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
