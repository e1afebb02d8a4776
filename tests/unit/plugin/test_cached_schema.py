"""The engine keeps the schema of each version of a plugin; installing another one makes it ask again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pulumi_press.plugin import discovery
from pulumi_press.plugin.package import SCHEMA, VERSION

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A schema that the engine took from the plugin."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    path = tmp_path / "plugins" / f"schema-press-{VERSION}-.json"
    path.parent.mkdir()
    path.write_text("{}")
    return path


def test_first_installation_forgets_what_another_one_left(cached: Path) -> None:
    """The schema may be that of a plugin that was there before."""
    discovery.install()

    assert not cached.exists()


def test_schema_older_than_this_packages_is_forgotten(cached: Path) -> None:
    """The version of an editable installation stays while its schema changes."""
    discovery.install()
    cached.write_text("{}")
    os.utime(cached, (0, SCHEMA.stat().st_mtime - 1))

    discovery.install()

    assert not cached.exists()


def test_current_schema_is_kept(cached: Path) -> None:
    """Whoever installs again makes the engine ask no more than needed."""
    discovery.install()
    cached.write_text("{}")
    os.utime(cached, (0, SCHEMA.stat().st_mtime + 1))

    discovery.install()

    assert cached.exists()


def test_removal_forgets_the_schema(cached: Path) -> None:
    """Nothing of a removed plugin stays."""
    discovery.install()
    cached.write_text("{}")

    discovery.remove()

    assert not cached.exists()
