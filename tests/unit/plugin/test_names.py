"""Names of properties, and paths, in a schema and in the core."""

from __future__ import annotations

import pytest

from pulumi_press.plugin.names import read_path, split_path, to_camel, to_snake, write_path
from pulumi_press.plugin.tokens import NATIVE_KINDS, load_native


@pytest.mark.parametrize("kind", NATIVE_KINDS)
def test_names_of_all_fields_come_back(kind: str) -> None:
    """No two properties of a resource share a name, in either form."""
    names = {field.path.partition(".")[0] for field in load_native(kind).fields}

    assert {to_snake(to_camel(name)) for name in names} == names
    assert len({to_camel(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("core", "schema"),
    [
        ("spec_id", "specId"),
        ("auto_run_on_deploy", "autoRunOnDeploy"),
        ("artifact.ignore_files[0]", "artifact.ignoreFiles[0]"),
        ('artifact.files["a_b.py"]', 'artifact.files["a_b.py"]'),
        ("config.steps.run_all.command", "config.steps.run_all.command"),
        ('triggers["a.b"].some_key', 'triggers["a.b"].some_key'),
        ("parameters.run[2].default_value", "parameters.run[2].default_value"),
        ("__place", "__place"),
        ("", ""),
        ("*", "*"),
    ],
)
def test_paths_come_back(core: str, schema: str) -> None:
    """Only what this package names is renamed in a path."""
    assert write_path(core) == schema
    assert read_path(schema) == core


def test_paths_are_split_by_key() -> None:
    """Quotes and dots within a key are part of it."""
    assert split_path('config.steps["a.b \\"c\\""].ports[0]') == ("config", "steps", 'a.b "c"', "ports", 0)
