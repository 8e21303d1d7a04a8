"""The end-to-end benchmark: its sites, its web server, and what it counts."""

from __future__ import annotations

import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest

from bench.outlet_sites import all_layouts, one_layout_each, write_outlet_files, write_site
from bench.processes import cost_of
from bench.profile import CpuOfThreads, table
from bench.web_server import WebServer
from crawlers.catalog import load_outlets

PAGE = """<html><head><title>Bridge</title><link rel="canonical" href="https://x.example/1"></head><body><h1>Bridge</h1>
<p class="by">By Ann Lee</p><p>The council has voted for a new bridge over the river today.</p></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE)
    return file


def test_pages_of_one_layout_are_different_articles(page: Path) -> None:
    (outlet,) = one_layout_each([page], 1, 3)
    trees = [lxml.html.fromstring(html) for html in outlet.pages]
    assert len({tree.findall(".//p")[1].text for tree in trees}) == 3
    assert [tree.findtext(".//h1") for tree in trees] == ["Bridge 0", "Bridge 1", "Bridge 2"]
    assert {tree.findtext(".//p[@class='by']") for tree in trees} == {"By Ann Lee"}
    assert not any(tree.xpath("//link[@rel='canonical']") for tree in trees)


def test_the_same_pages_are_made_each_time(page: Path) -> None:
    assert one_layout_each([page], 2, 3) == one_layout_each([page], 2, 3)


def test_outlets_have_files_that_can_be_read(page: Path, tmp_path: Path) -> None:
    outlets = [*one_layout_each([page], 2, 1), *all_layouts([page])]
    write_outlet_files(outlets, tmp_path / "outlets", 8080)
    catalog = load_outlets(tmp_path / "outlets")
    assert all(catalog.get(outlet.name).is_article(f"http://{outlet.host}:8080/news/0.html") for outlet in outlets)


@pytest.fixture(params=["nginx", "own"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebServer]:
    if request.param == "own":
        monkeypatch.setattr(shutil, "which", lambda _: None)
    elif not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    (tmp_path / "www" / "127.0.0.1").mkdir(parents=True)
    (tmp_path / "www" / "127.0.0.1" / "robots.txt").write_text("User-agent: *\n")
    with WebServer(tmp_path / "www", tmp_path) as running:
        yield running


def test_the_web_server_serves_the_folder_of_a_host(server: WebServer) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/robots.txt") as answer:
        assert answer.read() == b"User-agent: *\n"
        assert answer.headers.get_content_type() == "text/plain"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/none.html")


def test_a_site_lists_its_pages(page: Path, tmp_path: Path) -> None:
    (sitemap,) = write_site(all_layouts([page]), tmp_path / "www", 8080)
    assert sitemap == "http://127.1.2.1:8080/sitemap.xml"
    listed = (tmp_path / "www" / "127.1.2.1" / "sitemap.xml").read_text()
    assert "<loc>http://127.1.2.1:8080/news/0.html</loc>" in listed
    assert (tmp_path / "www" / "127.1.2.1" / "news" / "0.html").read_text() == PAGE


BURN = "import time\nwhile time.process_time() < 0.3: pass"


def test_cpu_of_orphans_is_counted() -> None:
    start = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {BURN!r}])"
    cost = cost_of([sys.executable, "-c", f"{start}; print('told')"])
    assert (cost.code, cost.out) == (0, "told\n")
    assert cost.cpu >= 0.3


def test_samples_are_told_apart_by_process_and_part(tmp_path: Path) -> None:
    stacks = tmp_path / "stacks"
    command, crawl = 'process 1:"python -m flows.cli nightly"', 'process 2:"python -P -m crawlers.group"'
    fork, main, store = 'process 3:"python -m flows.cli nightly"', "thread (3): MainThread", "thread (4): store"
    lines = [
        f"{command};thread (1);run (flows/cli/root.py:9) 2",
        f"{command};{crawl};thread (2): MainThread;_find_and_load (<frozen importlib._bootstrap>:1);x (scrapy/http.py:1) 3",
        f"{command};{crawl};thread (2): MainThread;_keep (crawlers/spider/writer.py:9);_append (storage/warc/archive.py:9) 5",
        f"{command};{crawl};thread (2): MainThread;run (x.py:1);wait (threading.py:9) 100",
        f"{command};{fork};{main};run (flows/cli/crawl.py:9);_run_child (flows/forked.py:9);start (twisted/internet/base.py:9) 7",
        f"{command};{fork};{store};_append (storage/warc/archive.py:9) 11",
        f"{command};{fork};thread (6);_append (storage/warc/archive.py:9) 13",
    ]
    stacks.write_text("\n".join(lines))
    used = {1: 1.0, 2: 16.0, 3: 2.0, 4: 0.5, 5: 0.25}
    assert dict(table(stacks, used)) == {
        ("command", "command: following, output"): 1.0,
        ("crawl", "imports"): 6.0,
        ("crawl", "archive: WARC record, gzip, fsync"): 10.5,
        ("crawl", "Twisted: sockets, HTTP"): 2.0,
        ("all", "threads that were never sampled"): 0.25,
    }


def test_what_each_thread_has_used_is_noted(tmp_path: Path) -> None:
    burn = f"import threading\ndef burn():\n    {BURN.splitlines()[0]}\n    end = time.thread_time() + 0.5\n"
    burn += (
        "    while time.thread_time() < end: pass\nother = threading.Thread(target=burn); other.start(); other.join()"
    )
    script = tmp_path / "script.py"
    script.write_text(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {burn!r}])")
    process = subprocess.Popen([sys.executable, str(script)])
    used = CpuOfThreads(process.pid)
    used.start()
    process.wait()
    used.over.set()
    used.join()
    assert max(used.seconds.values()) >= 0.3
    assert process.pid not in used.seconds
