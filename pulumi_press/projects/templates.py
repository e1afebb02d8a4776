"""The templates: folders in the form that `pulumi new` reads, shipped with the package."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FOLDER", "PROJECT_FILE", "Template", "list_templates"]

FOLDER = Path(__file__).with_name("templates")

PROJECT_FILE = "Pulumi.yaml"

_SECTION = re.compile(r"^template:\n(?:[ ].*\n)+", re.MULTILINE)
"""What `Pulumi.yaml` says of the template itself: no project has it."""


@dataclass(frozen=True)
class Template:
    """A kind of project."""

    folder: Path

    @property
    def name(self) -> str:
        """What a person calls it by."""
        return self.folder.name

    @property
    def description(self) -> str:
        """What its projects are, in a few words."""
        import yaml  # Only where a project is written, or its help.

        told: Mapping[str, Any] = yaml.safe_load(self._read(PROJECT_FILE))
        return str(told["template"]["description"])

    def render(self, project: str) -> dict[str, str]:
        """Return the text of each file of a project, by its path; `Pulumi.yaml`, which makes it one, is the last."""
        files = {name: self._read(name) for name in self._list_files()}
        files[PROJECT_FILE] = _SECTION.sub("", files.pop(PROJECT_FILE))
        values = {"${PROJECT}": project, "${DESCRIPTION}": self.description}
        in_yaml = {placeholder: _quote(value) for placeholder, value in values.items()}
        return {name: _fill(text, in_yaml if name.endswith(".yaml") else values) for name, text in files.items()}

    def _list_files(self) -> list[str]:
        # An installer leaves byte code beside what it takes for modules.
        paths = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(path.as_posix() for path in paths if "__pycache__" not in path.parts)

    def _read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")


def list_templates() -> dict[str, Template]:
    """Return all templates, by name."""
    folders = sorted(path.parent for path in FOLDER.glob(f"*/{PROJECT_FILE}"))
    return {folder.name: Template(folder) for folder in folders}


def _quote(text: str) -> str:
    """Return a text as YAML reads it: in quotes where it would be something else, such as `on` or `null`."""
    import yaml

    return text if yaml.safe_load(text) == text else json.dumps(text)


def _fill(text: str, values: Mapping[str, str]) -> str:
    for placeholder, value in values.items():
        text = text.replace(placeholder, value)
    return text
