"""`ignore_changes` on the real engine: what is ignored stays, and the next other change goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engine.conftest import both_ways

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

pytestmark = both_ways

PROGRAM = """
ignored = pulumi.ResourceOptions(ignore_changes=["{ignored}"])
content = dict(config={{"imageDetails": {{"id": {image}}}}}, artifact={{"path": "files"}})
spec = press.BlockSpec(
    "etl", kind="service", metadata={{"name": "etl", "summary": "{summary}"}}, opts=ignored, **content
)
press.BlockSpecRelease("later", spec_id=spec.id, release={{"version": "{version}"}}, opts=ignored, **content)
"""


def write(stack: Stack, ignored: str, *, summary: str = "Old", image: int = 1, version: str = "2.0.0") -> None:
    """Write the program."""
    stack.write(PROGRAM.format(ignored=ignored, summary=summary, image=image, version=version))


def test_an_ignored_artifact_stays_and_other_changes_go_through(stack: Stack) -> None:
    """Metadata changes, a release that lacks its files is refused in the preview, and a replacement takes new files."""
    (stack.folder / "files").mkdir()
    (stack.folder / "files" / "main.py").write_text("print('one')\n")
    write(stack, "artifact")
    stack.up()
    (stack.folder / "files" / "main.py").write_text("print('two')\n")

    write(stack, "artifact", summary="New")
    stack.up()
    write(stack, "artifact", summary="New", image=2, version="2.0.0")
    refused = stack.run("preview")
    write(stack, "artifact.digest", summary="Newer", version="2.0.1")
    assert set(stack.preview()) == {"BlockSpec:etl", "BlockSpecRelease:later"}
    stack.up()

    assert "artifact: is left as it was (ignore_changes), but config.imageDetails.id changed" in refused.text
    first, second, third = stack.press.state()["specs"][0]["releases"]
    # What is replaced is made of what the program says: the engine ignores nothing then.
    assert first["artifact"]["sha256"] == second["artifact"]["sha256"] != third["artifact"]["sha256"]
    assert stack.press.state()["specs"][0]["metadata"]["summary"] == "Newer"
    assert stack.preview() == {}
