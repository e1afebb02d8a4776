"""`pulumi-press plugin install | path | remove`: where the engine finds the native plugin."""

from __future__ import annotations

import getpass
import os
import pwd
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import pytest

from pulumi_press.cli import main
from pulumi_press.plugin import discovery
from pulumi_press.plugin.discovery import Installation, find_folder, find_script, install, remove
from pulumi_press.plugin.package import VERSION


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The engine's home folder, which does not exist yet."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PULUMI_HOME", str(folder))
    return folder


def place(version: str, text: str) -> Path:
    """Put a plugin of a version into the engine's folder."""
    path = find_script(version)
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


def test_install_puts_a_script_where_the_engine_looks(home: Path) -> None:
    """The script is in the folder of this version, executable, and starts this interpreter."""
    path = install()

    assert path == home / f"plugins/resource-press-v{VERSION}/pulumi-resource-press"
    assert path.read_text().startswith(f"#!{sys.executable}\n")
    assert os.access(path, os.X_OK)
    assert Installation().is_current


def test_installed_script_serves(home: Path) -> None:
    """The script starts the plugin, which writes its port and ends when it is told to."""
    del home
    with subprocess.Popen([install()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline()
        process.terminate()
        _, errors = process.communicate()

    assert (port.strip().isdigit(), process.returncode) == (True, 0), errors


@pytest.mark.parametrize("folder", ["with a space", "it's here", "long" * 50])
def test_any_interpreter_can_be_started(folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A virtual environment may be in a folder whose path no system takes after `#!`."""
    python = tmp_path / folder / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\nprintf "%s\\n" started "$@"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    path = install()

    done = subprocess.run([path, "127.0.0.1:1"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["started", str(path), "127.0.0.1:1"]
    assert (Installation().interpreter, Installation().is_current) == (str(python), True)
    compile(path.read_text(), str(path), "exec")


def test_second_install_writes_nothing() -> None:
    """A plugin that is current is left as it is."""
    before = install().stat()

    assert install().stat() == before


def test_install_is_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing fails, what was there still is, and nothing else."""
    path = place(VERSION, "#!/old/python\nimport pulumi_press\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="No space left"):
            install()

    assert path.read_text().startswith("#!/old/python")
    assert list(path.parent.iterdir()) == [path]


def test_many_install_at_once() -> None:
    """Programs that start at the same time leave one whole script."""
    with ThreadPoolExecutor(8) as pool:
        paths = set(pool.map(lambda _: install(), range(16)))

    (path,) = paths
    assert Installation().is_current
    assert list(path.parent.iterdir()) == [path]


def test_script_that_another_run_installs_meanwhile_is_no_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes between the look at the place and what is made of it, as when many programs start at the same time."""
    read_text = Path.read_text
    looks: list[Path] = []

    def look_too_early(path: Path, *args: Any, **kwargs: Any) -> str:
        looks.append(path)
        if len(looks) == 1:
            install()
            raise FileNotFoundError
        return read_text(path, *args, **kwargs)

    monkeypatch.setattr(Path, "read_text", look_too_early)

    assert install() == find_script()
    assert Installation().is_current


def test_script_that_is_not_executable_is_installed_again() -> None:
    """Without the permission the engine cannot start it."""
    install().chmod(0o644)
    assert not Installation().is_current

    assert os.access(install(), os.X_OK)


def test_script_of_another_environment_is_replaced(capsys: pytest.CaptureFixture[str]) -> None:
    """The command says which interpreter it started until now."""
    path = place(VERSION, "#!/old/python\nfrom pulumi_press.plugin.process import main\n")

    assert main(["plugin", "install"]) == 0
    assert capsys.readouterr().out == f"{path} installed; until now it started /old/python\n"
    assert main(["plugin", "install"]) == 0
    assert capsys.readouterr().out == f"{path} is there already\n"


@pytest.mark.parametrize("content", ["#!/bin/sh\nexec other\n", b"\x7fELF\xff\x00"])
def test_something_else_is_never_replaced(content: str | bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody else's plugin of that name is refused, and stays."""
    path = place(VERSION, "")
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    before = path.read_bytes()

    assert main(["plugin", "install"]) == 1
    assert capsys.readouterr().err == f"pulumi-press plugin: {path}: is no script of pulumi-press; move it away\n"
    assert path.read_bytes() == before


def test_empty_file_is_replaced() -> None:
    """Nothing is lost with it."""
    place(VERSION, "")

    install()

    assert Installation().is_current


def forget(uid: int) -> NoReturn:
    """Know no user."""
    raise KeyError(uid)


def test_the_system_says_where_home_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the engine, HOME counts only where the system knows no user: container jobs set it to another folder."""
    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    home = Path(f"~{getpass.getuser()}").expanduser()

    assert find_folder() == home / ".pulumi" / "plugins"
    monkeypatch.setattr(pwd, "getpwuid", forget)
    assert find_folder() == tmp_path / ".pulumi" / "plugins"


@pytest.mark.parametrize("action", ["install", "path", "remove"])
def test_no_home_folder_is_told(
    action: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing says where the home folder is, the message names PULUMI_HOME."""

    def fail() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("PULUMI_HOME")
    monkeypatch.setattr(pwd, "getpwuid", forget)
    monkeypatch.setattr(Path, "home", fail)

    assert main(["plugin", action]) == 1
    assert "there is no home folder; set PULUMI_HOME" in capsys.readouterr().err


def test_folder_that_cannot_be_written_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the path, the system's reason, and what to set."""
    home.write_text("a file")

    assert main(["plugin", "install"]) == 1

    printed = capsys.readouterr().err
    assert f"{home}" in printed
    assert "Not a directory" in printed
    assert "set PULUMI_HOME to a folder that can be written" in printed


def test_path_is_printed_where_the_plugin_is(capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code says whether it is there; a script of another environment is warned of, and printed still."""
    assert main(["plugin", "path"]) == 1
    printed = capsys.readouterr()
    assert (printed.out, "run `pulumi-press plugin install`" in printed.err) == ("", True)

    path = place(VERSION, "#!/old/python\nimport pulumi_press\n")
    assert main(["plugin", "path"]) == 0
    printed = capsys.readouterr()
    assert (printed.out, "it starts /old/python" in printed.err) == (f"{path}\n", True)

    install()
    assert main(["plugin", "path"]) == 0
    assert capsys.readouterr() == (f"{path}\n", "")


def test_remove_takes_all_own_versions_and_nothing_else(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two versions and their locks go; other plugins, and somebody else's of the same name, stay."""
    own = [install().parent, place("0.0.9", "#!/old/python\nimport pulumi_press\n").parent]
    own[0].with_name(f"{own[0].name}.lock").touch()
    others = [
        place("9.9.9", "#!/bin/sh\nexec other\n"),
        home / "plugins/resource-pressure-v1.0.0/pulumi-resource-press",
    ]
    others[1].parent.mkdir()
    others[1].write_text("#!/old/python\nimport pulumi_press\n")

    assert main(["plugin", "remove"]) == 0

    assert capsys.readouterr().out == "".join(f"{folder} removed\n" for folder in sorted(own))
    assert sorted(path for path in home.rglob("*") if path.is_file()) == sorted(others)
    assert main(["plugin", "remove"]) == 0
    assert capsys.readouterr().out == "there is nothing to remove\n"


def test_linked_folder_is_removed_without_what_it_leads_to(home: Path, tmp_path: Path) -> None:
    """Of a link, only the link goes."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / discovery.NAME).write_text("#!/old/python\nimport pulumi_press\n")
    (home / "plugins").mkdir(parents=True)
    link = home / "plugins/resource-press-v0.0.1"
    link.symlink_to(elsewhere)

    assert remove() == [link]
    assert (link.is_symlink(), (elsewhere / discovery.NAME).exists()) == (False, True)


def test_versions_lie_side_by_side() -> None:
    """Another version is neither touched by an installation nor taken for this one."""
    other = place("0.0.9", "#!/old/python\nimport pulumi_press\n")

    assert not Installation().is_there
    assert install() != other
    assert other.read_text().startswith("#!/old/python")
