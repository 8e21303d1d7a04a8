"""A script as people write it with trafilatura: threads that fetch, two processes that clean, JSON lines out.

SITEMAP... as arguments. Nothing is archived, deduplicated or stored.
"""

import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import chain

import trafilatura
import urllib3

THREADS = 8
PROCESSES = 2


def clean(page, url):
    document = trafilatura.bare_extraction(page, url=url, include_comments=False, with_metadata=True)
    return json.dumps(document.as_dict(), default=str) if document is not None else None


def main():
    http = urllib3.PoolManager(num_pools=50, maxsize=THREADS)
    with ThreadPoolExecutor(THREADS) as threads, ProcessPoolExecutor(PROCESSES) as processes:

        def fetch(url):
            return http.request("GET", url).data

        sitemaps = threads.map(fetch, sys.argv[1:])
        urls = list(chain.from_iterable(re.findall(r"<loc>(.*?)</loc>", data.decode()) for data in sitemaps))
        cleaned = list(processes.map(clean, threads.map(fetch, urls), urls, chunksize=4))
    print(json.dumps({"articles": sum(each is not None for each in cleaned)}))


if __name__ == "__main__":
    main()
