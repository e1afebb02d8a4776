"""The engine, Python and the project, as the command finds them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_press import cli
from pulumi_press.doctor import checks
from pulumi_press.doctor.installation import own_version
from pulumi_press.emulator.local_press import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.doctor.conftest import Machine

PROJECT = "name: shop\nruntime: python\n"


def test_a_bare_machine_is_told_all_it_lacks(machine: Machine) -> None:
    """Where nothing is installed, each lack is a problem with what to do, and the exit code says so."""
    examined = machine.examine()

    lacks = [check for check, found in examined.findings.items() if found.level == "problem"]
    assert lacks == ["engine", "language host", "provider host", "python", "settings", "endpoint"]
    assert [check for check in lacks if not examined[check].advice] == []
    assert examined.code == 1


def test_a_whole_engine_is_found(machine: Machine) -> None:
    """An engine with both hosts is ok, with its version."""
    machine.install_engine()

    examined = machine.examine()

    assert [examined[check].level for check in ("engine", "language host", "provider host")] == ["ok"] * 3
    assert "pulumi 3.259.0" in examined["engine"].found


def test_hosts_beside_the_engine_are_found(machine: Machine, tmp_path: Path) -> None:
    """The engine looks for its hosts beside itself too, where a link on PATH leads to it."""
    machine.install_engine()
    home = tmp_path / "home"
    home.mkdir()
    for program in list(machine.programs.iterdir()):
        program.rename(home / program.name)
    (machine.programs / "pulumi").symlink_to(home / "pulumi")

    examined = machine.examine()

    assert [examined[check].level for check in ("engine", "language host", "provider host")] == ["ok"] * 3


@pytest.mark.parametrize(
    ("version", "told"),
    [("v3.253.9", "3.253.9 at"), ("''", "does not report its version")],
)
def test_an_engine_that_may_be_too_old_is_a_warning(machine: Machine, version: str, told: str) -> None:
    """An engine that cannot import from a file, or that may not, is a warning and no problem."""
    machine.install_engine(version)

    engine = machine.examine()["engine"]

    assert (engine.level, told in engine.found) == ("warning", True)


def test_an_engine_that_does_not_run_is_a_problem(machine: Machine) -> None:
    """The engine's own last line says why it does not run."""
    machine.install("pulumi", "echo 'error: no such library' >&2; exit 3")

    engine = machine.examine()["engine"]

    assert (engine.level, "no such library" in engine.found) == ("problem", True)


def test_a_program_that_never_ends_is_given_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """No program is waited for without end."""
    monkeypatch.setattr(checks, "PATIENCE", 0.1)
    machine.install("pulumi", "exec /bin/sleep 60")

    assert "did not end within 0.1 s" in machine.examine()["engine"].found


def test_the_python_of_the_provider_has_the_package(machine: Machine) -> None:
    """The first `python3` on PATH is asked for this package and for Pulumi's SDK."""
    machine.install_python()

    examined = machine.examine()

    assert (examined["python"].level, examined["sdk"].level) == ("ok", "ok")
    assert f"pulumi-press {own_version()}" in examined["python"].found


@pytest.mark.parametrize(
    ("answer", "levels", "told"),
    [
        (["/py", "", "3.272.0"], ("problem", "ok"), "does not have pulumi-press"),
        (["/py", "0.0.1", "3.272.0"], ("warning", "ok"), "has pulumi-press 0.0.1"),
        (["/py", own_version(), "3.100.0"], ("ok", "problem"), "pulumi 3.100.0 is older"),
        (["/py", own_version(), ""], ("ok", "problem"), "does not have the package pulumi"),
    ],
)
def test_a_python_that_does_not_fit_is_told(
    machine: Machine, answer: list[str], levels: tuple[str, str], told: str
) -> None:
    """A missing or another package, and an SDK that is missing or too old, are told with the command that mends it."""
    machine.install("python3", f"echo '{json.dumps(answer)}'")

    examined = machine.examine()

    assert (examined["python"].level, examined["sdk"].level) == levels
    assert told in examined["python"].found + examined["sdk"].found


def test_something_else_named_python_is_a_problem(machine: Machine) -> None:
    """What does not answer as Python does is told, and no traceback."""
    machine.install("python3", "echo hello")

    python = machine.examine()["python"]

    assert (python.level, "does not answer as Python does" in python.found) == ("problem", True)


def test_the_command_that_names_the_python_is_heeded(machine: Machine) -> None:
    """PULUMI_PYTHON_CMD names the Python that the engine takes."""
    machine.set(PULUMI_PYTHON_CMD=sys.executable)

    assert machine.examine()["python"].level == "ok"


def test_the_environment_of_the_project_is_asked(machine: Machine) -> None:
    """A project with a virtual environment runs the provider in that one."""
    machine.write("Pulumi.yaml", "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n")
    (machine.folder / "venv/bin").mkdir(parents=True)
    (machine.folder / "venv/bin/python").symlink_to(machine.install("other", 'echo \'["/in-venv", "", ""]\''))

    examined = machine.examine()

    assert examined["project"].level == "ok"
    assert "/in-venv" in examined["python"].found


@pytest.mark.parametrize(
    ("text", "level", "told"),
    [
        (PROJECT, "ok", "Pulumi.yaml"),
        ("name: shop\nruntime: {name: python}\nmain: app\n", "ok", "Pulumi.yaml"),
        ("name: shop\nruntime: go\n", "ok", "the runtime 'go': the native plugin serves it"),
        ("name: shop\n", "problem", "has no runtime"),
        ("name: [", "problem", "cannot be read"),
        ("- name", "problem", "cannot be read"),
        ("name: shop\nruntime: {name: python, options: {virtualenv: venv}}\n", "problem", "does not exist"),
        (
            "name: shop\nruntime: {name: python, options: {virtualenv: venv}}\nmain: app\n",
            "problem",
            "`main` and a",
        ),
        (
            "name: shop\nruntime: {name: python, options: {toolchain: uv}}\nmain: app\n",
            "problem",
            "`main` and a",
        ),
    ],
)
def test_a_project_is_looked_at(machine: Machine, text: str, level: str, told: str) -> None:
    """What the engine stumbles over in a project's file is told, `main` with an environment above all."""
    (machine.folder / "app").mkdir()
    machine.write("Pulumi.yaml", text)

    project = machine.examine()["project"]

    assert (project.level, told in project.found) == (level, True)


def test_a_project_is_found_from_below(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project further up is the one, as it is for the engine."""
    machine.write("Pulumi.yaml", PROJECT)
    (machine.folder / "deep/er").mkdir(parents=True)
    monkeypatch.chdir(machine.folder / "deep/er")

    assert machine.examine()["project"].found == str(machine.folder / "Pulumi.yaml")


def test_each_finding_is_one_line(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    """A person reads one line for each check: how it is, what was found, and what to do."""
    code = cli.main(["doctor"])

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert len(lines) == len(machine.examine().findings)
    assert lines[0] == (
        "problem  engine: `pulumi` is not on PATH -> install Pulumi: https://www.pulumi.com/docs/install/"
    )


def test_a_local_press_that_is_not_installed_is_no_problem(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the local Press needs its extra, so its lack is told with the command that installs it, and no more."""

    def refuse() -> None:
        raise MissingExtraError("install it with: pip install 'pulumi-press[emulator]'")

    monkeypatch.setattr("pulumi_press.doctor.installation.require_extra", refuse)

    local = machine.examine()["local Press"]

    assert (local.level, "pip install 'pulumi-press[emulator]'" in local.advice) == ("ok", True)
