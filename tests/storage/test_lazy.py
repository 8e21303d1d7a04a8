"""Faces of packages whose names are imported when they are asked for."""

from __future__ import annotations

from importlib import import_module

import pytest

from storage import frontier, jobs


@pytest.mark.parametrize("package", ["storage.frontier", "storage.jobs", "crawlers.discovery"])
def test_every_name_of_a_face_is_there(package: str) -> None:
    face = import_module(package)
    assert all(getattr(face, name) for name in face.__all__)


def test_a_name_is_looked_up_once() -> None:
    assert frontier.finish is vars(frontier)["finish"]


def test_an_unknown_name_is_an_error_that_names_it() -> None:
    with pytest.raises(AttributeError, match=r"'storage\.jobs' has no attribute 'imports'"):
        jobs.imports  # noqa: B018 - the look-up is the test
