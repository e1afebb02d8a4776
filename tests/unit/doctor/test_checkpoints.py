"""How often the state is written, as the command finds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pulumi_press.plugin.tokens import DYNAMIC, NATIVE

if TYPE_CHECKING:
    from tests.unit.doctor.conftest import Found, Machine

FILES = "file://~/states"
BOTH = {"PULUMI_EXPERIMENTAL": "1", "PULUMI_SKIP_CHECKPOINTS": "true"}


def export(**resources: int) -> str:
    """Give what `pulumi stack export` prints of a stack with so many resources of each type."""
    listed = [{"type": token} for token, count in resources.items() for _ in range(count)]
    return json.dumps({"version": 3, "deployment": {"resources": listed} if listed else {}})


def look(machine: Machine, printed: str = "", backend: str = FILES, **variables: str) -> Found:
    """Run the command in a project whose stack exports this; give what it says of checkpoints."""
    (machine.programs / "export.json").write_text(printed)
    path = machine.programs / "export.json"
    machine.install("pulumi", f'case "$1 $2" in "version ") echo v3.276.0 ;; "stack export") /bin/cat {path} ;; esac')
    machine.write("Pulumi.yaml", "name: shop\nruntime: python\n")
    machine.set(PULUMI_BACKEND_URL=backend, **variables)
    return machine.examine()["checkpoints"]


@pytest.mark.parametrize("backend", [FILES, "s3://states", "azblob://states", "gs://states"])
@pytest.mark.parametrize("prefix", [DYNAMIC, NATIVE])
def test_large_stack_is_advised_to_leave_them_out(machine: Machine, prefix: str, backend: str) -> None:
    """From a hundred resources of this package on, however many others there are."""
    printed = export(**{f"{prefix}BlockSpec": 60, f"{prefix}BlockDeployment": 40, "pulumi:pulumi:Stack": 1})

    level, found, advice = look(machine, printed, backend)

    place = f"a backend at {backend.partition('/')[0]}//"
    told = f"the whole state is written around each step, to {place}: 100 resources of this package"
    assert (level, found) == ("ok", told)
    assert "PULUMI_EXPERIMENTAL=1 and PULUMI_SKIP_CHECKPOINTS=1" in advice
    assert all(other in advice for other in ("Pulumi Cloud", "faster", "smaller stacks", "metadata=skip", "--parallel"))


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        (export(**{f"{NATIVE}BlockSpec": 99, "random:index/randomId:RandomId": 500}), "99 resources"),
        (export(**{f"{NATIVE}BlockSpec": 1}), "1 resource of this package,"),
        (export(), "0 resources"),
        ("error", "could not be read"),
        ("{}", "could not be read"),
    ],
)
def test_other_stacks_need_nothing(machine: Machine, printed: str, told: str) -> None:
    """Small ones, empty ones, and those that cannot be read."""
    level, found, advice = look(machine, printed)

    assert (level, advice) == ("ok", "")
    assert told in found


@pytest.mark.parametrize("backend", ["", "https://api.pulumi.com", "http://pulumi.example"])
def test_cloud_needs_nothing(machine: Machine, backend: str) -> None:
    """It is sent differences."""
    printed = export(**{f"{NATIVE}BlockSpec": 300})

    assert look(machine, printed, backend) == ("ok", "Pulumi Cloud keeps the state, and is sent differences", "")


def test_both_variables_are_told(machine: Machine) -> None:
    """Nobody is advised to do what is done."""
    level, found, advice = look(machine, export(**{f"{NATIVE}BlockSpec": 300}), **BOTH)

    assert (level, advice) == ("ok", "")
    assert found.startswith("left out: ")


@pytest.mark.parametrize("count", [0, 300])
def test_skipping_alone_is_warned_of(machine: Machine, count: int) -> None:
    """The engine ignores the one variable without the other."""
    level, found, advice = look(machine, export(**{f"{NATIVE}BlockSpec": count}), PULUMI_SKIP_CHECKPOINTS="1")

    assert (level, found) == (
        "warning",
        "PULUMI_SKIP_CHECKPOINTS is set without PULUMI_EXPERIMENTAL, so the engine ignores it",
    )
    assert advice == "set PULUMI_EXPERIMENTAL=1 too, or unset PULUMI_SKIP_CHECKPOINTS"


@pytest.mark.parametrize(("count", "level"), [(99, "ok"), (100, "warning")])
def test_the_other_alone_is_warned_of_where_it_counts(machine: Machine, count: int, level: str) -> None:
    """It may be set for something else."""
    found = look(machine, export(**{f"{DYNAMIC}BlockSpec": count}), PULUMI_EXPERIMENTAL="1")

    assert found.level == level
    assert ("without PULUMI_SKIP_CHECKPOINTS" in found.found) == (level == "warning")


def test_elsewhere_nothing_is_read(machine: Machine) -> None:
    """Outside of a project there is no stack."""
    machine.set(PULUMI_BACKEND_URL=FILES)

    assert machine.examine()["checkpoints"].level == "ok"
