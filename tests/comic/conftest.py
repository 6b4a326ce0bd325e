"""Small storyboards, and folders of art and templates to change; all tests here run in one worker."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "comic":
            item.add_marker(pytest.mark.xdist_group("comic"))
