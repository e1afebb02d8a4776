"""The bodies that the documentation of the service's own client shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.bodies import DeploymentBody, DeploymentPatch, ReleaseBody, RevisionBody, SpecBody, SpecPatch
from pulumi_press.schema.parameter_values import check_values
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.validation import validate

FILE = Path(__file__).parents[2] / "contract" / "bodies.yaml"
BODIES: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
DEPLOYMENT = {
    **BODIES["deployment"],
    "spec": {"id": "0bddb4c6-40c5-45c3-b477-fceb2c051609", **BODIES["deployment"]["spec"]},
}


@pytest.mark.parametrize("name", BODIES["specs"])
@pytest.mark.parametrize("version", [1, "1"])
def test_a_spec_is_right(name: str, version: object) -> None:
    """Each body of `create_spec` is right, whether its version is the number or the text."""
    assert validate(SpecBody, {**BODIES["specs"][name], "version": version}) == []


@pytest.mark.parametrize("name", BODIES["specs"])
def test_a_spec_is_right_as_arguments(name: str) -> None:
    """Each call of `create_spec` is right as arguments of the resource, under the same names."""
    keywords = {
        "artifact": {"path": "../orders", "ignore_files": [".dockerignore"]},
        "parameters": BODIES["parameters"],
        "featured": True,
        "auto_run_on_deploy": True,
        "scope": "shared",
        "tenants": ["tenant1", "tenant2"],
    }

    assert validate(BlockSpecArgs, {**BODIES["specs"][name], **keywords}) == []


@pytest.mark.parametrize("name", BODIES["releases"])
def test_a_release_is_right(name: str) -> None:
    """Each body of `create_spec_release` is right, also as arguments of the resource."""
    keywords = {"spec_id": "0bddb4c6", "artifact": {"path": "../orders"}, "parameters": BODIES["parameters"]}

    assert validate(ReleaseBody, BODIES["releases"][name]) == []
    assert validate(BlockSpecReleaseArgs, {**BODIES["releases"][name], **keywords}) == []


def test_parameters_are_right() -> None:
    """The declared parameters are right, and so are the values that are given for them."""
    assert validate(Parameters, BODIES["parameters"]) == []
    assert check_values(BODIES["parameters"]["run"], BODIES["run_parameters"]) == []
    assert check_values(BODIES["parameters"]["run"], BODIES["deployment"]["parameters"]["run"]) == []


def test_a_deployment_and_its_revision_are_right() -> None:
    """The bodies of `create_deployment` and `create_deployment_revision` are right."""
    assert validate(DeploymentBody, DEPLOYMENT) == []
    assert validate(BlockDeploymentArgs, DEPLOYMENT) == []
    assert validate(RevisionBody, BODIES["revision"]) == []


def test_patches_are_right() -> None:
    """The bodies of both metadata patches are right."""
    assert validate(SpecPatch, BODIES["spec_update"]) == []
    assert validate(DeploymentPatch, BODIES["deployment_update"]) == []
