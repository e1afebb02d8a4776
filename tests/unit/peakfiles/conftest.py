"""A folder of files, which is the working folder."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.peakfiles.blockfile import Blockfile, read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError

if TYPE_CHECKING:
    from pathlib import Path

SPEC = """\
body:
  kind: service
  metadata: {name: web, summary: Shows it}
  config: {imageDetails: {id: 1}}
"""


@dataclass(frozen=True)
class Files:
    """The folder."""

    folder: Path

    def write(self, **texts: str) -> None:
        """Write files: `name="text"`; two underscores stand for a slash, `.yaml` is added."""
        for name, text in texts.items():
            path = self.folder / f"{name.replace('__', '/')}.yaml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")

    def spec(self, text: str = "", *, name: str = "root") -> None:
        """Write a file of a spec, with more keys beside the body."""
        self.write(**{name: SPEC + textwrap.dedent(text)})

    def read(self, name: str = "root.yaml", **options: Any) -> Blockfile:
        """Read a file; the environment is empty unless it is given."""
        return read_blockfile(name, **{"environment": {}, **options})

    def config(self, text: str, **options: Any) -> Any:
        """Return the config of a workflow whose file has this text under `config`."""
        body = "body:\n  kind: workflow\n  metadata: {name: etl, summary: Loads}\n  config:\n"
        self.write(root=body + textwrap.indent(textwrap.dedent(text), "    "))
        return self.read(**options).arguments["config"]

    def refuse(self, name: str = "root.yaml", **options: Any) -> str:
        """Read a file that must be refused, and return the message."""
        with pytest.raises(BlockfileError) as caught:
            self.read(name, **options)
        return str(caught.value)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Files:
    """The folder."""
    monkeypatch.chdir(tmp_path)
    return Files(tmp_path)
