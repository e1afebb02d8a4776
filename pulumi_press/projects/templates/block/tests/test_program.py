"""The program without an engine and without a service: all checks of its resources, and what belongs together."""

import runpy

import pulumi

from pulumi_press.testing import PressMocks

pulumi.runtime.set_mocks(PressMocks())


@pulumi.runtime.test
def test_what_is_published_is_deployed():
    """A mistake in an argument fails this test, too, with the path of the argument."""
    block = runpy.run_path("__main__.py")["block"]

    def check(outputs):
        published, deployed, status = outputs
        assert deployed["release"]["version"] == published == "1.0.0"
        assert status == "deployed"

    return pulumi.Output.all(block.spec.release_version, block.deployment.spec, block.deployment.status).apply(check)
