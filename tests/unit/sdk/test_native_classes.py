"""The classes of `pulumi_press.native` have what those of `pulumi_press` have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.runtime.proto.resource_pb2_grpc import ResourceMonitorStub

import pulumi_press as press
from pulumi_press import native
from pulumi_press.sdk import native as classes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.sdk.conftest import Keeper


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


SPEC: dict[str, Any] = {
    "kind": "service",
    "metadata": {"name": "api", "summary": "An API"},
    "config": {"serviceType": "api", "imageDetails": {"id": 1}},
}


@pytest.mark.parametrize("option", ["provider", "providers"])
@pytest.mark.parametrize("kind", ["BlockSpec", "Block"])
@pytest.mark.parametrize(("own", "other"), [(press, native), (native, press)])
def test_provider_of_the_other_way_is_refused(
    own: Any, other: Any, kind: str, option: str, run: Callable[[Callable[[], Any]], Any]
) -> None:
    """Pulumi would pass over it, and the block would be made with the stack's own settings: perhaps another tenant."""
    arguments = {"spec": SPEC} if kind == "Block" else SPEC

    def declare() -> None:
        north = other.Provider("north", endpoint="https://press.example.com", auth_token="t")
        right = own.Provider("right", endpoint="https://press.example.com", auth_token="t")
        both = pulumi.ResourceOptions(providers=[north, right])
        getattr(own, kind)("fine", **arguments, opts=both)
        chosen: dict[str, Any] = {option: [north] if option == "providers" else north}
        one = pulumi.ResourceOptions(**chosen)
        getattr(own, kind)("wrong", **arguments, opts=one)

    with pytest.raises(pulumi.RunError) as caught:
        run(declare)
    assert str(caught.value) == (
        f"{kind} 'wrong': its provider is a Provider of {other.__name__}, which does not serve it; "
        f"use a Provider of {own.__name__}"
    )


@pytest.mark.parametrize("kind", ["BlockSpec", "BlockSpecRelease", "BlockDeployment"])
def test_what_is_only_read_has_every_output(kind: str, run: Callable[[Callable[[], Any]], Any]) -> None:
    """`get` gives a resource with all outputs, under Python's names."""
    plugin = getattr(native, kind)

    def read() -> list[str]:
        found = plugin.get("found", "an-id")
        names = plugin.output_names | getattr(press, kind).output_names
        return [name for name in names if not isinstance(getattr(found, name, None), pulumi.Output)]

    assert run(read) == []


def test_outputs_have_the_names_of_python(run: Callable[[Callable[[], Any]], Any], keeper: Keeper) -> None:
    """The plugin has the names of a schema; a program reads those of its arguments."""
    keeper.outputs["later"] = {"specId": "of-spec", "artifact": {"ignoreFiles": [".dockerignore"]}}

    def declare() -> Any:
        later = native.BlockSpecRelease(
            "later",
            spec_id="of-spec",
            release={"version": "1.0.0"},
            config={"imageDetails": {"id": 1}},
            artifact={"path": ".", "ignore_files": [".dockerignore"]},
        )
        return pulumi.Output.all(later.spec_id, later.artifact)

    assert run(declare) == ["of-spec", {"ignore_files": [".dockerignore"]}]
