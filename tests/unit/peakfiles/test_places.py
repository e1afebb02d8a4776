"""The file and the line of each argument are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files


@pytest.fixture
def read(files: Files) -> Files:
    """A file with an include, a loop and a condition."""
    files.write(
        parts__steps="first:\n  type: http\n  url: {{ url }}\n",
        root="""\
        body:
          kind: workflow
          metadata:
            name: etl
          config:
            steps:
              {% include 'parts/steps.yaml' %}
              {%- for name in ["a", "b"] %}
              {{ name }}:
                type: sql
              {%- endfor %}
        autoRunOnDeploy: true
        """,
    )
    return files


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("metadata.name", "root.yaml:4"),
        ("config.steps.first.url", "parts/steps.yaml:3"),
        ("config.steps.b.type", "root.yaml:10"),
        ("auto_run_on_deploy", "root.yaml:12"),
        ("metadata.summary", "root.yaml:4"),
        ("config.steps.first.headers.absolute", "parts/steps.yaml:2"),
        ("nowhere", "root.yaml:1"),
    ],
)
def test_a_path_has_its_place(read: Files, path: str, place: str) -> None:
    """A path that is not in the file has the place of the nearest path above it."""
    assert str(read.read(params={"url": "x"}).locate(path)) == place


@pytest.mark.parametrize("look", ["{{ t | length }}", "{{ 1 // (t | length - 3) }}"])
def test_a_template_that_looks_at_its_own_text_has_its_file_only(files: Files, look: str) -> None:
    """If lines cannot be tracked, only the file is reported, and the values are right."""
    files.spec(f"{{% set t %}}ab\nc{{% endset %}}\nx: {look}\n")

    assert files.refuse().startswith("root.yaml: 'x' is not a known key in the file of a spec")
