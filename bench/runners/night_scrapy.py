"""A spider as people write it: Scrapy, trafilatura in the callback, SQLite. FILE SITEMAP... as arguments."""

import json
import re
import sqlite3
import sys

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess

TABLE = "CREATE TABLE articles (url TEXT PRIMARY KEY, title TEXT, author TEXT, date TEXT, text TEXT)"
BATCH = 50  # articles a commit


class StorePipeline:
    def open_spider(self):
        self.db = sqlite3.connect(sys.argv[1])
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute(TABLE)
        self.articles = 0

    def process_item(self, item):
        self.db.execute("INSERT INTO articles VALUES (:url, :title, :author, :date, :text)", item)
        self.articles += 1
        if self.articles % BATCH == 0:
            self.db.commit()
        return item

    def close_spider(self):
        self.db.commit()
        print(json.dumps({"articles": self.articles}))


class NewsSpider(scrapy.Spider):
    name = "news"
    start_urls = sys.argv[2:]

    def parse(self, response):
        for url in re.findall(r"<loc>(.*?)</loc>", response.text):
            yield scrapy.Request(url, self.parse_article)

    def parse_article(self, response):
        document = trafilatura.bare_extraction(
            response.body, url=response.url, include_comments=False, with_metadata=True
        )
        if document is not None:
            found = document.as_dict()
            yield {"url": response.url} | {name: found.get(name) for name in ("title", "author", "date", "text")}


process = CrawlerProcess(
    {
        "LOG_LEVEL": "WARNING", "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "ITEM_PIPELINES": {StorePipeline: 100}, "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    }
)  # fmt: skip
process.crawl(NewsSpider)
process.start()
