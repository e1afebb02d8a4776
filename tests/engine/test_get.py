"""What a program gets is known in a preview: nothing that is made from it shows as changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

OWNED = """
spec = press.BlockSpec(
    "api", kind="service", metadata={"name": "api", "summary": "An API"}, config={"imageDetails": {"id": 1}}
)
run = press.BlockDeployment(
    "api", metadata={"name": "api"}, spec={"id": spec.id, "release": {"version": spec.release_version}}
)
pulumi.export("spec", spec.id)
pulumi.export("run", run.id)
"""

MADE_FROM_IT = """
got_spec = press.BlockSpec.get("got", "%(spec)s")
got_release = press.BlockSpecRelease.get("got", "%(spec)s/1.0.0")
got_run = press.BlockDeployment.get("got", "%(run)s")
press.BlockDeployment("of-spec", metadata={"name": "of-spec"}, spec={"id": got_spec.id})
press.BlockDeployment(
    "of-release", metadata={"name": "of-release", "summary": got_release.id}, spec={"id": "%(spec)s"}
)
press.BlockDeployment("of-run", metadata={"name": "of-run"}, spec={"id": "%(spec)s"}, triggers={"after": got_run.id})
"""


def test_what_is_made_from_a_got_id_shows_no_change(stack: Stack) -> None:
    """The ids of a spec, a release and a deployment that `get` reads are known, so nothing is replaced or updated."""
    stack.write(OWNED)
    stack.up()
    stack.write(OWNED + MADE_FROM_IT % stack.outputs())
    first = stack.preview()
    assert first["BlockDeployment:of-release"]["newState"]["inputs"]["metadata"]["summary"].endswith("/1.0.0")
    stack.up()

    assert {name: step["op"] for name, step in stack.preview().items() if step["op"] != "read"} == {}
