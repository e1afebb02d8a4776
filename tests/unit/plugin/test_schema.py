"""The schema of the native plugin: it is written from the code, and shipped as it was written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.plugin.package import SCHEMA, VERSION, read_schema
from tools.plugin_schema import VARIANTS, describe_package, render

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE: dict[str, Any] = describe_package()
TYPES: dict[str, Any] = PACKAGE["types"]
RESOURCES: dict[str, Any] = PACKAGE["resources"]
OBJECTS = [*TYPES.items(), *RESOURCES.items()]


def test_shipped_schema_is_the_one_that_the_code_gives() -> None:
    """`python -m tools.plugin_schema` renews it."""
    assert SCHEMA.read_text(encoding="utf-8") == render()


def test_schema_is_served_with_the_packages_version() -> None:
    """The file has none: it must not change with each version."""
    assert json.loads(read_schema()) == {**PACKAGE, "version": VERSION}


def test_every_property_is_described() -> None:
    """Resources, types, functions and settings say of each property what it is."""
    groups = [
        *(item["properties"] for _, item in OBJECTS),
        *(item["inputProperties"] for item in RESOURCES.values()),
        *(item[side]["properties"] for item in PACKAGE["functions"].values() for side in ("inputs", "outputs")),
        PACKAGE["config"]["variables"],
    ]
    silent = [name for properties in groups for name, value in properties.items() if not value.get("description")]

    assert silent == []
    assert [name for name, item in OBJECTS if not item["description"]] == []


def test_every_type_is_used_and_there() -> None:
    """No reference leads nowhere, and no type is left over."""
    assert set(find_references(PACKAGE)) == set(TYPES)


def find_references(value: Any) -> Iterator[str]:
    """Yield the types that a schema refers to."""
    if isinstance(value, dict):
        reference = value.get("$ref", "")
        if reference.startswith("#/types/"):
            yield reference.removeprefix("#/types/")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from find_references(item)


def test_no_union_has_objects() -> None:
    """Go has no such unions, and the checker of YAML programs explains each of their cases."""
    unions = [union for union in find_unions(PACKAGE) if any("$ref" in case for case in union)]

    assert unions == []


def find_unions(value: Any) -> Iterator[list[dict[str, Any]]]:
    """Yield the cases of each union in a schema."""
    if isinstance(value, dict):
        if "oneOf" in value:
            yield value["oneOf"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from find_unions(item)


@pytest.mark.parametrize("name", VARIANTS)
def test_type_of_variants_says_what_belongs_to_which(name: str) -> None:
    """A property that not all variants have, or not with one meaning, names those that have it."""
    properties = TYPES[f"press:index:{name}"]["properties"]

    assert any(value["description"].startswith("For ") for value in properties.values())


def test_steps_have_the_properties_of_every_kind() -> None:
    """One type for all four kinds; what only one of them requires is checked by the plugin."""
    step = TYPES["press:index:Step"]

    assert {"type", "command", "method", "table", "sqlQueryPath", "parents"} <= step["properties"].keys()
    assert step["required"] == []
    assert step["properties"]["type"]["description"] == (
        "One of `standard`, `http`, `export`, `sql`. Default `standard`."
    )


def test_tokens_are_secret() -> None:
    """What is a secret by itself is marked: the service's token, and those of repositories."""
    assert PACKAGE["provider"]["inputProperties"]["authToken"]["secret"] is True
    assert TYPES["press:index:StepRepository"]["properties"]["token"]["secret"] is True


def test_what_replaces_is_said() -> None:
    """Another kind of a spec, and any change of a release, makes a new object."""
    replacing = {
        kind: sorted(
            name
            for name, value in RESOURCES[f"press:index:{kind}"]["inputProperties"].items()
            if value.get("willReplaceOnChanges")
        )
        for kind in ("BlockSpec", "BlockSpecRelease", "BlockDeployment")
    }

    assert replacing["BlockSpec"] == ["kind"]
    assert {"config", "specId"} <= set(replacing["BlockSpecRelease"])


def test_stacks_of_the_dynamic_provider_keep_their_objects() -> None:
    """Each resource has the dynamic one's type as an alias."""
    aliases = {token.rpartition(":")[2]: item["aliases"] for token, item in RESOURCES.items()}

    assert aliases == {kind: [{"type": f"pulumi-python:dynamic/press:{kind}"}] for kind in aliases}
