"""The next steps that `pulumi-press import` prints, and what it reads of the project."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress
    from tests.unit.importing.conftest import Blocks, Desk, Ran

    Engine = Callable[..., None]

PROJECT = "name: shop\nruntime: python\n"
IMPORT = "pulumi import --file import.json --generate-code=false --yes"


@pytest.fixture
def install_engine(connected: Desk, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Return a function that puts an engine on PATH, with or without a selected stack and its configuration."""

    def install(configuration: dict[str, Any] | None = None, *, failure: str = "", stack: bool = True) -> None:
        tell = f"echo '{json.dumps(configuration or {})}'"
        config = f'case "$*" in *--show-secrets*) echo "error: {failure}" >&2; exit 1;; *) {tell};; esac'
        path = connected.write(
            "bin/pulumi",
            f"#!/bin/sh\ncase $1 in\nconfig) {config if failure else tell};;\nstack) exit {int(not stack)};;\nesac\n",
        )
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")

    return install


def entry(value: str) -> dict[str, Any]:
    """Write a value as `pulumi config --json` does."""
    return {"value": value, "secret": False}


def steps(ran: Ran) -> list[str]:
    """Return the printed steps."""
    assert ran.code == 0, ran.err
    lines = ran.err.splitlines()
    (start,) = [index for index, line in enumerate(lines) if line.endswith(" Next:")]
    assert all(line.startswith("  ") for line in lines[start + 1 :])
    return [line[2:] for line in lines[start + 1 :]]


def test_in_a_project_the_program_is_the_main_one(connected: Desk, blocks: Blocks, install_engine: Engine) -> None:
    """Only the import is needed."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine()

    assert steps(connected.run("import", "spec", "load", blocks.spec)) == [IMPORT, "pulumi preview"]


@pytest.mark.parametrize(
    ("main", "step"),
    [
        (None, "printf 'import dep\\n' >> __main__.py"),
        ("import pulumi\n", "printf 'import dep\\n' >> __main__.py"),
        ("import pulumi", "printf '\\nimport dep\\n' >> __main__.py"),
        ("import pulumi\nimport dep\n", None),
    ],
)
def test_a_module_is_imported_by_the_main_program(
    connected: Desk, blocks: Blocks, install_engine: Engine, main: str | None, step: str | None
) -> None:
    """The engine runs `__main__.py` alone: without the import it would delete what was just imported."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine()
    if main is not None:
        connected.write("__main__.py", main)

    ran = connected.run("import", "spec", "load", blocks.spec, "--program", "dep.py")

    assert steps(ran) == [IMPORT, *([step] if step else []), "pulumi preview"]


@pytest.mark.parametrize(
    ("settings", "program", "step"),
    [
        ("main: infra\n", "infra/dep.py", "printf 'import dep\\n' >> infra/__main__.py"),
        ("main: app.py\n", "dep.py", "printf 'import dep\\n' >> app.py"),
        ("", "infra/dep.py", "printf 'import infra.dep\\n' >> __main__.py"),
        ("main: infra/\n", "infra/__main__.py", None),
    ],
)
def test_the_main_program_is_the_one_that_the_project_names(
    connected: Desk, blocks: Blocks, install_engine: Engine, *, settings: str, program: str, step: str | None
) -> None:
    """A module is named relative to the main program's folder."""
    connected.write("Pulumi.yaml", PROJECT + settings)
    connected.write("infra/.keep", "")
    install_engine()

    ran = connected.run("import", "spec", "load", blocks.spec, "--program", program)

    assert steps(ran) == [IMPORT, *([step] if step else []), "pulumi preview"]


def test_a_program_that_is_printed_must_be_put_in_its_place(connected: Desk, blocks: Blocks) -> None:
    """That step is a comment, which a shell ignores."""
    ran = connected.run("import", "spec", "load", blocks.spec, "--program", "-")

    assert "# save the printed program as __main__.py" in steps(ran)


def test_a_folder_without_a_project_gets_one(connected: Desk, blocks: Blocks) -> None:
    """From nothing: the project, a stack, and their folder; names are quoted for the shell."""
    (connected.folder / "in fra").mkdir()
    words = ["--program", "in fra/__main__.py", "--out-file", "it's.json", "--stack", "a b"]

    ran = connected.run("import", "spec", "load", blocks.spec, *words)

    quoted = str(connected.folder / "it's.json").replace("'", "'\"'\"'")
    assert steps(ran) == [
        f"cd '{connected.folder / 'in fra'}'",
        "printf 'name: in-fra\\nruntime: python\\n' > Pulumi.yaml",
        "pulumi stack init 'a b'",
        f"pulumi import --file '{quoted}' --generate-code=false --yes --stack 'a b'",
        "pulumi preview --stack 'a b'",
    ]


@pytest.mark.parametrize(
    ("words", "variables", "configuration", "expected"),
    [
        ([], {}, {}, []),
        (["--endpoint", "URL"], {}, {}, []),
        (["--endpoint", "URL"], {"PRESS_ENDPOINT": None}, {}, ["pulumi config set press:endpoint URL"]),
        (
            ["--endpoint", "URL"],
            {},
            {"press:endpoint": entry("http://127.0.0.1:1")},
            ["pulumi config set press:endpoint URL"],
        ),
    ],
)
def test_settings_of_the_command_become_steps(
    *,
    connected: Desk,
    press: LocalPress,
    blocks: Blocks,
    install_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    variables: dict[str, str | None],
    configuration: dict[str, Any],
    expected: list[str],
) -> None:
    """Otherwise the preview would use another service."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine(configuration)
    for name in variables:
        monkeypatch.delenv(name)

    ran = connected.run("import", "spec", "load", blocks.spec, *(word.replace("URL", press.url) for word in words))

    assert steps(ran) == [*(step.replace("URL", press.url) for step in expected), IMPORT, "pulumi preview"]


def test_a_project_without_a_stack_gets_one(connected: Desk, blocks: Blocks, install_engine: Engine) -> None:
    """The engine reports that no stack is selected."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine(failure="no stack selected", stack=False)

    ran = connected.run("import", "spec", "load", blocks.spec)

    assert steps(ran)[0] == "pulumi stack init dev"
    assert "the stack's configuration could not be read, so it is not used: no stack selected" in ran.err


def test_the_configuration_of_the_stack_comes_first(
    connected: Desk, press: LocalPress, blocks: Blocks, install_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Token and address are those of the program, even if the environment has others."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine({"press:authToken": entry(press.token), "press:endpoint": entry(press.url)})
    monkeypatch.setenv("PEAK_AUTH_TOKEN", "of-another-tenant")
    monkeypatch.setenv("PRESS_ENDPOINT", "http://127.0.0.1:1")

    assert connected.run("import", "spec", "load", blocks.spec).code == 0


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"press:authToken": {"secret": True}},
            "press:authToken is set in the stack's configuration but cannot be read",
        ),
        ({"press:endpoint": entry("nonsense")}, "press:endpoint: "),
        ({"press:adpot": entry("never")}, "press:adpot"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_reported(
    connected: Desk, blocks: Blocks, install_engine: Engine, configuration: dict[str, Any], message: str
) -> None:
    """The token of the environment is not used instead: it may belong to another tenant."""
    connected.write("Pulumi.yaml", PROJECT)
    install_engine(configuration, failure="incorrect passphrase" if "secret" in str(configuration) else "")

    ran = connected.run("import", "spec", "load", blocks.spec)

    assert (ran.code, message in ran.err) == (1, True), ran.err
    assert not (connected.folder / "import.json").exists()


@pytest.mark.parametrize(
    "program", ["my-dep.py", "class.py", "2.py", "json.py", "pulumi.py", "pulumi_press.py", "dep.txt", "a.b.py"]
)
def test_a_program_that_cannot_be_imported_is_refused(connected: Desk, blocks: Blocks, program: str) -> None:
    """An invalid module name, one that hides a module, another suffix: refused before anything is written."""
    connected.write("Pulumi.yaml", PROJECT)

    ran = connected.run("import", "spec", "load", blocks.spec, "--program", program)

    assert ran.code == 1
    assert ran.err.startswith(f"pulumi-press import: {program} ")
    assert [path.name for path in connected.folder.iterdir()] == ["Pulumi.yaml"]


def test_a_program_outside_of_the_main_programs_folder_is_refused(connected: Desk, blocks: Blocks) -> None:
    """Python would not find the module there."""
    connected.write("Pulumi.yaml", PROJECT + "main: infra\n")
    connected.write("infra/.keep", "")

    ran = connected.run("import", "spec", "load", blocks.spec, "--program", "dep.py")

    assert (ran.code, ran.err) == (
        1,
        (
            "pulumi-press import: dep.py cannot be imported by the main program: choose a .py file in "
            f"{connected.folder / 'infra'}\n"
        ),
    )
