"""An engine on PATH is taken if it is whole and new enough."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.engine_tool.conftest import Machine


def test_whole_engine_on_path_is_taken_without_a_word(machine: "Machine") -> None:
    """All parts beside a new `pulumi`: its folder is printed, and nothing else."""
    machine.add_engine("v3.260.1")

    assert machine.run() == (0, f"{machine.path}\n", "")
    assert machine.list_cache() == []


def test_oldest_allowed_version_is_taken(machine: "Machine") -> None:
    """The bound itself is new enough."""
    machine.add_engine("v3.254.0")

    assert machine.run() == (0, f"{machine.path}\n", "")


def test_parts_beside_the_file_of_a_symbolic_link_count(machine: "Machine") -> None:
    """A package manager may link `pulumi` alone: the CLI finds its parts beside the real file."""
    home = machine.root / "opt"
    machine.add_engine("v3.260.1", home)
    (machine.path / "pulumi").symlink_to(home / "pulumi")

    assert machine.run() == (0, f"{machine.path}\n", "")


@pytest.mark.parametrize("version", ["v3.253.9", "v2.300.0", "3.99.0"])
def test_old_engine_is_refused(machine: "Machine", version: str) -> None:
    """The message names the version that is there and the one that is needed."""
    machine.add_engine(version)

    code, out, err = machine.run("--check")

    assert (code, out) == (1, "")
    assert f"PATH: {machine.path}/pulumi is {version}, and v3.254.0 or newer is needed.\n" in err


@pytest.mark.parametrize("part", ["pulumi-language-python-exec", "pulumi-resource-pulumi-python"])
def test_missing_part_is_named(machine: "Machine", part: str) -> None:
    """An engine without one of its Python parts cannot run a Python program."""
    machine.add_engine("v3.260.1")
    (machine.path / part).unlink()

    code, out, err = machine.run("--check")

    assert (code, out) == (1, "")
    assert f"PATH: {machine.path}/pulumi is there, but neither beside it nor on PATH: {part}.\n" in err


def test_program_runner_away_from_its_host_does_not_count(machine: "Machine") -> None:
    """The language host looks for its script beside itself only, so that is where it must be."""
    machine.add_engine("v3.260.1")
    host = machine.add("pulumi-language-python", folder=machine.root / "elsewhere")
    (machine.path / "pulumi-language-python").unlink()
    (machine.path / "pulumi-language-python").symlink_to(host)

    _, _, err = machine.run("--check")

    assert "neither beside it nor on PATH: pulumi-language-python-exec.\n" in err


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo broken >&2; exit 3", "ended with exit code 3 and printed: broken"),
        ("echo soon", "ended with exit code 0 and printed: soon"),
        ("true", "ended with exit code 0 and printed: nothing"),
    ],
)
def test_pulumi_without_a_version_is_refused(machine: "Machine", script: str, reason: str) -> None:
    """A `pulumi` that cannot say its version is not used, and its own words are shown."""
    machine.add_engine("v3.260.1")
    machine.add("pulumi", script)

    _, _, err = machine.run("--check")

    assert f"PATH: `{machine.path}/pulumi version` {reason}\n" in err
