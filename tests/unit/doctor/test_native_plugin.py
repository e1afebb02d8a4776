"""Each state of the native plugin is told, with its cure."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from pulumi_press.doctor.installation import own_version
from pulumi_press.plugin.discovery import NAME, find_folder, find_script, install
from pulumi_press.plugin.package import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.doctor.conftest import Found, Machine

YAML = "name: shop\nruntime: yaml\n"
CURE = "run `pulumi-press plugin install`"


def examine(machine: Machine) -> Found:
    """Give what is found about the plugin."""
    return machine.examine()["native plugin"]


def place(text: str, version: str = VERSION) -> Path:
    """Put a plugin into the engine's folder."""
    path = find_script(version)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def script(python: Path | str) -> str:
    """Give a script of this package that starts an interpreter."""
    return f"#!{python}\nfrom pulumi_press.plugin.process import main\n\nmain()\n"


def answer(machine: Machine, version: str) -> Path:
    """Make a Python that has a version of this package."""
    path = machine.folder / "other-python"
    said = json.dumps([str(path), version, "3.272.0"])
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    return path


def test_plugin_that_is_not_installed_is_no_problem_for_python(machine: Machine) -> None:
    """A Python program installs it by itself, so it is only said when it is needed."""
    found = examine(machine)

    assert (found.level, CURE in found.advice) == ("ok", True)
    assert f"version {VERSION} is not installed: needed only" in found.found


def test_plugin_that_is_not_installed_is_a_problem_for_other_languages(machine: Machine) -> None:
    """Nothing but the command installs it for a program in YAML."""
    machine.write("Pulumi.yaml", YAML)

    found = examine(machine)

    assert (found.level, found.advice) == ("problem", CURE)
    assert "the engine needs it for this project" in found.found


def test_current_plugin_is_ok(machine: Machine) -> None:
    """The script of this installation is found, where it is."""
    path = install()

    assert examine(machine) == ("ok", f"{path}, which starts this installation", "")


def test_other_versions_are_named(machine: Machine) -> None:
    """Only another version counts as not installed, and is named."""
    place(script("/old/python"), "0.0.9")

    assert f"version {VERSION} is not installed, only 0.0.9" in examine(machine).found


def test_interpreter_that_is_gone_is_a_problem(machine: Machine) -> None:
    """A virtual environment that was removed leaves a script that starts nothing."""
    place(script("/gone/bin/python"))

    found = examine(machine)

    assert (found.level, found.advice) == ("problem", CURE)
    assert "starts /gone/bin/python, which does not exist" in found.found


@pytest.mark.parametrize(
    ("version", "level", "told"),
    [
        (own_version(), "warning", f"and this is {sys.executable}: the last program that ran decides"),
        ("0.0.1", "problem", "which has pulumi-press 0.0.1"),
        ("", "problem", "which does not have pulumi-press"),
    ],
)
def test_another_interpreter_is_told(machine: Machine, version: str, level: str, told: str) -> None:
    """Two environments of one version share a script; one without the package, or with another version, starts none."""
    place(script(answer(machine, version)))

    found = examine(machine)

    assert (found.level, CURE in found.advice) == (level, True)
    assert told in found.found


def test_plugin_on_path_is_a_warning(machine: Machine) -> None:
    """The engine warns of it at each operation."""
    install()
    path = machine.install(NAME, "")

    found = examine(machine)

    assert (found.level, found.found.startswith(f"{path} is on PATH"), CURE in found.advice) == ("warning", True, True)


def test_script_without_permission_is_a_problem(machine: Machine) -> None:
    """The engine cannot start it."""
    install().chmod(0o644)

    assert (examine(machine).level, examine(machine).advice) == ("problem", CURE)


def test_something_else_at_its_place_is_a_problem(machine: Machine) -> None:
    """It is not replaced, so it has to be moved away first."""
    path = place("#!/bin/sh\nexec other\n")

    found = examine(machine)

    assert (found.level, found.found) == ("problem", f"{path} is no script of pulumi-press")
    assert found.advice == f"move it away, and {CURE}"


def test_folder_that_cannot_be_written_is_a_warning(machine: Machine) -> None:
    """A program could not install the plugin either."""
    find_folder().parent.write_text("a file")

    found = examine(machine)

    assert (found.level, "cannot be written" in found.found) == ("warning", True)
    assert "set PULUMI_HOME" in found.advice


def test_no_home_folder_is_a_warning(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a home folder only PULUMI_HOME says where plugins are."""

    def fail() -> Path:
        raise RuntimeError

    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setattr("pwd.getpwuid", lambda uid: {}[uid])
    monkeypatch.setattr("pathlib.Path.home", fail)

    assert examine(machine) == (
        "warning",
        "there is no home folder, in which the engine looks for plugins",
        "set PULUMI_HOME",
    )


def test_plugin_that_the_project_names_is_looked_at(machine: Machine) -> None:
    """An entry in Pulumi.yaml wins; one that leads nowhere is a problem."""
    machine.write("Pulumi.yaml", f"{YAML}plugins:\n  providers:\n  - {{name: press, path: bin}}\n")
    (machine.folder / "bin").mkdir()

    found = examine(machine)
    assert (found.level, "does not exist" in found.found) == ("problem", True)
    assert "correct the path" in found.advice

    path = machine.folder / "bin" / NAME
    path.write_text(script(sys.executable))
    assert "is not executable" in examine(machine).found

    path.chmod(0o755)
    assert examine(machine) == ("ok", f"{path}, which Pulumi.yaml names", "")


@pytest.mark.parametrize("plugins", ["[]", "{providers: press}", "{providers: [press, {name: aws, path: x}]}"])
def test_other_entries_of_the_project_are_left_alone(machine: Machine, plugins: str) -> None:
    """Plugins of others, and entries that the engine itself refuses, are not this check's."""
    machine.write("Pulumi.yaml", f"name: shop\nruntime: python\nplugins: {plugins}\n")

    assert examine(machine).level == "ok"


def test_project_in_another_language_is_looked_at_as_one(machine: Machine) -> None:
    """Its language host is asked for, no dynamic provider's; Python is the one that the plugin starts."""
    machine.write("Pulumi.yaml", YAML)
    place(script(answer(machine, own_version())))

    examined = machine.examine()
    machine.install("pulumi-language-yaml", "")

    assert (examined["language host"].level, machine.examine()["language host"].level) == ("warning", "ok")
    assert examined["provider host"].found == "not needed: the native plugin serves this project"
    assert str(machine.folder / "other-python") in examined["python"].found
    assert examined["native plugin"].level == "ok"
