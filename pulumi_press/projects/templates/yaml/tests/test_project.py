"""The project on a local Press, previewed by Pulumi itself, with a state and a stack of its own."""

import shutil
from pathlib import Path

from pulumi import automation


def test_preview_makes_the_spec_and_its_deployment(press_emulator, tmp_path):
    """A mistake in a property fails this test, too, with the path of the property."""
    project = tmp_path / "project"
    shutil.copytree(Path(), project, ignore=shutil.ignore_patterns(".*", "venv"))
    settings = {
        "PULUMI_BACKEND_URL": tmp_path.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PRESS_ENDPOINT": press_emulator.url,
        "PEAK_AUTH_TOKEN": press_emulator.token,
    }
    options = automation.LocalWorkspaceOptions(env_vars=settings)
    stack = automation.create_stack("test", work_dir=str(project), opts=options)

    assert stack.preview().change_summary == {automation.OpType.CREATE: 3}  # The stack itself is one.
