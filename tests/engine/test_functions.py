"""Reading what is on the service from a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.conftest import Stack

pytestmark = both_ways

MAKE = """
spec = press.BlockSpec(
    "api",
    kind="service",
    metadata={"name": "api", "summary": "An API"},
    config={"serviceType": "api", "imageDetails": {"id": 1}},
    parameters={"run": [{"name": "rows", "type": "number", "required": False, "defaultValue": 3}]},
)
run = press.BlockDeployment("api", metadata={"name": "api"}, spec={"id": spec.id, "release": {"version": "1.0.0"}})
"""

READ = """
import os

provider = press.Provider("south", endpoint=os.environ["SOUTH"], auth_token="token-of-south")

pulumi.export("spec", press.get_spec_output(spec.id)["metadata"]["name"])
pulumi.export("release", press.get_spec_release_output(spec.id, spec.release_version)["config"]["serviceType"])
pulumi.export("releases", press.list_spec_releases_output(spec.id).apply(len))
pulumi.export("deployment", press.get_deployment_output(run.id)["metadata"]["status"])
pulumi.export("revision", press.get_deployment_revision_output(run.id, run.revision_number)["status"])
pulumi.export("revisions", press.list_deployment_revisions_output(run.id, status=["deployed"]).apply(len))
pulumi.export("parameters", press.get_parameters_output(run.id))
pulumi.export("specs", len(press.list_specs(name="api")))
pulumi.export("deployments", len(press.list_deployments()))
pulumi.export("elsewhere", len(press.list_specs(provider=provider)))
pulumi.export("elsewhere_later", press.list_specs_output(name=spec.kind, provider=provider).apply(len))
"""


def test_functions_read_with_the_settings_of_stack_and_provider(make_stack: Callable[..., Stack]) -> None:
    """Every function reads the stack's own tenant, and another one through an explicit provider."""
    with start(tokens={"token-of-south": "south"}) as south:
        stack = make_stack(SOUTH=south.url)
        stack.write(MAKE)
        stack.up()
        stack.write(MAKE + READ)

        stack.up()

        assert stack.outputs() == {
            "spec": "api",
            "release": "api",
            "releases": 1,
            "deployment": "deployed",
            "revision": "deployed",
            "revisions": 1,
            "parameters": {"rows": 3},
            "specs": 1,
            "deployments": 1,
            "elsewhere": 0,
            "elsewhere_later": 0,
        }
