"""One cluster for all of its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.cluster import Cluster, running_cluster

LAST = ("reextraction", "machine_is_lost")  # what reads the articles of others, and what began when the cluster did


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests last that would only wait, or repeat what others do."""
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> int:
    ours = item.path.parent.name == "cluster"
    return next((number for number, word in enumerate(LAST, 1) if ours and word in item.name), 0)


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running
