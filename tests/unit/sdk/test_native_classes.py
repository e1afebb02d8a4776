"""The classes of `pulumi_press.native` have what those of `pulumi_press` have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub

import pulumi_press as press
from pulumi_press import native
from pulumi_press.sdk import native as classes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("name", ["BlockSpec", "BlockSpecRelease", "BlockDeployment"])
def test_native_class_has_all_outputs(name: str) -> None:
    """Whatever can be read of a resource can be read of the native one."""
    assert getattr(native, name).output_names >= getattr(press, name).output_names


def test_plugin_is_installed_once_an_engine_runs_the_program(
    run: Callable[[Callable[[], Any]], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test in the same process neither installs the plugin nor keeps a later program from it."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    classes._install_once.cache_clear()  # noqa: SLF001  # Other tests may have run in this process.
    run(classes._install)  # noqa: SLF001
    assert not (tmp_path / "home").exists()

    engine = object.__new__(ResourceMonitorStub)
    monkeypatch.setattr(classes, "get_monitor", lambda: engine)
    classes._install()  # noqa: SLF001
    assert len(list((tmp_path / "home/plugins").iterdir())) == 1
    classes._install_once.cache_clear()  # noqa: SLF001
