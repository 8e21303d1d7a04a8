"""One cluster for all of its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.cluster import Cluster, running_cluster


LAST = ("reextraction", "machine_is_lost")  # what reads the articles of others, and what began when the cluster did


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests last that would only wait, or repeat what others do."""
    items.sort(key=lambda item: item.path.parent.name == "cluster" and [word in item.name for word in LAST].count(True))
    items.sort(key=lambda item: item.path.parent.name == "cluster" and LAST[1] in item.name)


@pytest.fixture(scope="package")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running
