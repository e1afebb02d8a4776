"""The language host of YAML programs is a part of its own, which is found or built for those who ask for it."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.engine_tool.conftest import Gate, Machine

YAML_HOST = "pulumi-language-yaml"
YAML_MODULE = "github.com/pulumi/pulumi-yaml"


def locate(machine: "Machine", version: str) -> "Path":
    """Return the folder where a built host lies."""
    return machine.cache / f"yaml-{version}" / "bin"


def test_host_is_built_from_its_locked_module(machine: "Machine", read_pin: Callable[[str, str], str]) -> None:
    """With `--yaml` a second folder is printed: that of the host, with its version in it, in a place of its own."""
    machine.add_engine("v3.260.1")
    machine.add_go()
    version = read_pin("yaml", YAML_MODULE)

    code, out, err = machine.run("--yaml")

    folder = locate(machine, version)
    assert (code, out) == (0, f"{machine.path}{os.pathsep}{folder}\n")
    assert f"compiling the YAML language host {version}, 2 packages (once)" in err
    assert [part.name for part in folder.iterdir() if os.access(part, os.X_OK)] == [YAML_HOST]
    assert machine.list_cache() == [f"yaml-{version}"]
    (call,) = (call for call in machine.read_calls() if "go list" not in call)
    assert call.startswith("yaml: go build ")
    assert call.endswith(f" {YAML_MODULE}/cmd/{YAML_HOST}")
    assert f"-X {YAML_MODULE}/pkg/version.Version={version} " in call


def test_host_is_made_only_for_those_who_ask(machine: "Machine") -> None:
    """Without `--yaml` nothing of it is built, nor missed."""
    machine.add_go()

    _, out, _ = machine.run()

    assert out.count("/bin") == 1
    assert not any(call.startswith("yaml:") for call in machine.read_calls())


def test_engine_and_host_are_built_in_one_call(machine: "Machine", read_pin: Callable[[str, str], str]) -> None:
    """On a fresh machine both folders are made; an engine that was made before stays as it is."""
    machine.add_go()
    _, engine, _ = machine.run()

    code, out, _ = machine.run("--yaml")

    assert (code, out) == (0, f"{engine.strip()}{os.pathsep}{locate(machine, read_pin('yaml', YAML_MODULE))}\n")
    assert sum(call.startswith("cli: go build") for call in machine.read_calls()) == 1


def test_second_run_uses_the_cache(machine: "Machine") -> None:
    """What was made once is found again, silently and without Go."""
    machine.add_engine("v3.260.1")
    machine.add_go()
    _, first, _ = machine.run("--yaml")
    (machine.path / "go").unlink()

    assert machine.run("--yaml") == (0, first, "")


def test_host_beside_the_engine_is_taken(machine: "Machine") -> None:
    """Pulumi's own archives have the host: then one folder is printed."""
    machine.add_engine("v3.260.1")
    machine.add(YAML_HOST)

    assert machine.run("--yaml") == (0, f"{machine.path}\n", "")


def test_host_beside_the_file_of_a_symbolic_link_is_taken(machine: "Machine") -> None:
    """A package manager may link `pulumi` alone."""
    home = machine.root / "opt"
    machine.add_engine("v3.260.1", home)
    machine.add(YAML_HOST, folder=home)
    (machine.path / "pulumi").symlink_to(home / "pulumi")

    assert machine.run("--yaml") == (0, f"{machine.path}{os.pathsep}{home}\n", "")


def test_damaged_host_is_made_again(machine: "Machine") -> None:
    """A folder in the cache without the program is replaced."""
    machine.add_engine("v3.260.1")
    machine.add_go()
    _, first, _ = machine.run("--yaml")
    host = next(machine.cache.glob(f"yaml-*/bin/{YAML_HOST}"))
    host.unlink()

    assert machine.run("--yaml")[:2] == (0, first)
    assert host.exists()


def test_go_comes_from_pypi_where_there_is_none(machine: "Machine") -> None:
    """The host is built with the same fetched Go as the engine, which is fetched once."""
    machine.add_pypi()

    code, out, _ = machine.run("--yaml")

    assert (code, out.count("/bin")) == (0, 2)
    assert sum(call.startswith("environment:") for call in machine.read_calls()) == 1


def test_second_run_waits_and_takes_what_the_first_one_made(machine: "Machine", gate: "Gate") -> None:
    """While one run builds the host, another one waits, and builds nothing."""
    machine.add_engine("v3.260.1")
    first = machine.start("--yaml")
    gate.wait_for_visitor()
    second = machine.start("--yaml")
    assert second.stderr is not None
    said = [second.stderr.readline() for _ in range(2)]

    gate.open()

    outputs = [run.communicate(timeout=60)[0] for run in (first, second)]
    assert said[1] == "engine: another run is making the engine; waiting for it\n"
    assert outputs[1] == outputs[0]
    assert sum(" go build " in call for call in machine.read_calls()) == 1


def test_failure_says_what_was_tried_and_what_helps(machine: "Machine") -> None:
    """Without any way to a host there is no output, and the message names each way and its reason."""
    machine.add_engine("v3.260.1")
    machine.add_go("echo 'dial tcp: no route to proxy' >&2; exit 1")

    code, out, err = machine.run("--yaml")

    assert (code, out) == (1, "")
    assert f"There is no {YAML_HOST}, which runs YAML programs.\n" in err
    assert f"  PATH: neither the engine nor PATH has `{YAML_HOST}`.\n" in err
    assert "ended with exit code 1:\n    dial tcp: no route to proxy\n" in err
    assert "  Build with Go from PyPI: `" in err
    assert "\nAny one of these helps:\n" in err
    assert machine.list_cache() == []


def test_check_makes_nothing(machine: "Machine") -> None:
    """`--check` only looks: without a host it says so, and with one it names its folder."""
    machine.add_engine("v3.260.1")
    machine.add_go()

    code, out, err = machine.run("--yaml", "--check")

    assert (code, out) == (1, "")
    assert f"Cache: {machine.cache} holds no yaml-v" in err
    assert not machine.cache.exists()
    _, folders, _ = machine.run("--yaml")
    assert machine.run("--yaml", "--check")[1].splitlines()[1:] == [
        f"{YAML_HOST} in {folders.strip().partition(os.pathsep)[2]}"
    ]
