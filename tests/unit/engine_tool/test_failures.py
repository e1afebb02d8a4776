"""When no way leads to an engine, the message says why each of them failed."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.engine_tool.conftest import Machine


def test_every_missing_means_is_named(machine: "Machine") -> None:
    """Without pulumi, go and curl the message names all three, and nothing is left in the cache."""
    code, out, err = machine.run()

    assert (code, out) == (1, "")
    assert "  PATH: `pulumi` is not there.\n" in err
    assert "  Build from Go modules: `go` is not on PATH.\n" in err
    assert "  Official installer: `curl` is not on PATH.\n" in err
    assert machine.list_cache() == []


def test_failing_programs_are_quoted(machine: "Machine") -> None:
    """The end of what Go and curl printed is in the message, so that a person can act on it."""
    machine.add_go("echo 'dial tcp: no route to proxy' >&2; exit 1")
    machine.add("curl", "echo 'curl: (6) Could not resolve host' >&2; exit 6")

    _, out, err = machine.run()

    assert out == ""
    assert "ended with exit code 1:\n    dial tcp: no route to proxy\n" in err
    assert "ended with exit code 6:\n    curl: (6) Could not resolve host\n" in err


def test_program_that_cannot_start_is_a_failure_of_its_way(machine: "Machine") -> None:
    """A Go for another kind of machine is told apart from a broken cache."""
    go = machine.path / "go"
    go.write_bytes(b"\x7fELF of another machine")
    go.chmod(0o755)

    _, _, err = machine.run()

    assert f"Build from Go modules: `{go}` does not run: " in err
    assert "Official installer: `curl` is not on PATH." in err


def test_engine_of_another_version_is_not_kept(machine: "Machine") -> None:
    """An installer that brings something else than the pinned version has failed."""
    machine.add_curl('set -- --install-root "$3" --version 3.1.0')

    _, out, err = machine.run()

    assert out == ""
    assert "Official installer: It brought Pulumi v3.1.0 and not v" in err
    assert machine.list_cache() == []


def test_incomplete_installation_is_not_kept(machine: "Machine") -> None:
    """An installer that ends well without the Python parts has failed."""
    machine.add_curl("exit 0")

    _, out, err = machine.run()

    assert out == ""
    assert "It ended well, but did not bring pulumi, pulumi-language-python, " in err
    assert machine.list_cache() == []


def test_cache_that_cannot_be_made_is_named(machine: "Machine") -> None:
    """A file in the place of the cache is reported with its path, not as a traceback."""
    machine.add_go()
    machine.cache.write_text("", encoding="utf-8")

    code, out, err = machine.run()

    assert (code, out) == (1, "")
    assert f"  Cache: {machine.cache} cannot be used: " in err
    assert "Traceback" not in err


def test_locked_files_in_the_tree_stay_as_they_are(machine: "Machine", tool: Path) -> None:
    """Go works on a copy: whatever it writes, the tree keeps its versions and checksums."""
    locked = [tool / "go" / module / name for module in ("cli", "host", "yaml") for name in ("go.mod", "go.sum")]
    before = [file.read_bytes() for file in locked]
    machine.add_go("echo spoilt > go.mod; echo spoilt > go.sum; exit 1")

    _, _, err = machine.run("--yaml")

    assert "Build from Go modules: failed" in err
    assert [file.read_bytes() for file in locked] == before
