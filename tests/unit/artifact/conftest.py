"""Folders to pack."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@pytest.fixture
def plant(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes files into a folder of the test's own."""

    def write(files: Mapping[str, str | bytes], name: str = "etl") -> Path:
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        for path, content in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let temporary files go to a folder that a test can look into."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """Be somebody whom the operating system can refuse something, and yield a folder that this user owns."""
    somebody = 65534 if os.geteuid() == 0 else os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, somebody, -1)
        before = os.geteuid()
        os.seteuid(somebody)
        try:
            yield Path(name)
        finally:
            os.seteuid(before)
