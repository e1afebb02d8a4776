"""`pulumi-press new`: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import runpy
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
import yaml

from pulumi_press.cli import main
from pulumi_press.projects.files import write_files
from pulumi_press.projects.templates import FOLDER, list_templates
from pulumi_press.testing import PressMocks

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
TEMPLATES = ("block", "service", "workflow", "yaml")
PROGRAMS = ("block", "service", "workflow")
SHARED = (".github/workflows/press.yml", ".gitignore", "README.md", "requirements.txt")
"""Files that all templates have in common, but for what a program in YAML needs."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, with an ordinary name."""
    there = tmp_path / "shop"
    there.mkdir()
    monkeypatch.chdir(there)
    return there


def list_files(folder: Path) -> set[str]:
    """Give the paths of all files in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def refuse(capsys: pytest.CaptureFixture[str], *words: str, code: int = 1) -> str:
    """Run the command, which must refuse; give what it said, without how it is used."""
    try:
        ended = main(["new", *words])
    except SystemExit as end:
        ended = int(end.code or 0)
    printed = capsys.readouterr()
    assert (ended, printed.out) == (code, "")
    return printed.err.splitlines()[-1]


def test_templates_are_those_that_are_told() -> None:
    """Each folder is a template, and `templates` of the source is the same folder, for `pulumi new`."""
    assert tuple(list_templates()) == TEMPLATES
    assert (ROOT / "templates").resolve() == FOLDER.resolve()


@pytest.mark.parametrize("template", TEMPLATES)
def test_all_files_are_written_and_filled_in(
    template: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every file of the template is there, with the name of the folder; Pulumi's file says nothing of the template."""
    assert main(["new", "Daily Orders!", "--template", template]) == 0

    made = folder / "Daily Orders!"
    # Byte code lies there once somebody has run a template in its place.
    assert list_files(made) == {path for path in list_files(FOLDER / template) if "__pycache__" not in path}
    texts = {path: (made / path).read_text(encoding="utf-8") for path in list_files(made)}
    assert [path for path, text in texts.items() if "${PROJECT}" in text or "${DESCRIPTION}" in text] == []
    project = yaml.safe_load(texts["Pulumi.yaml"])
    assert project["name"] == "daily-orders"
    assert "template" not in project
    assert project["description"] in texts["README.md"]
    printed = capsys.readouterr().out
    assert f"cd '{made.name}' && pip install -r requirements.txt" in printed
    assert ("plugin install" in printed) is (template == "yaml")
    assert len(printed.splitlines()) <= 10
    assert list_files(tmp_path) == {f"shop/Daily Orders!/{path}" for path in texts}


@pytest.mark.parametrize("template", PROGRAMS)
def test_programs_pass_their_checks(
    template: str, monkeypatch: pytest.MonkeyPatch, run_under: Callable[[pulumi.runtime.Mocks, Callable[[], Any]], Any]
) -> None:
    """What a template declares is published and deployed, under the project's name."""
    assert main(["new", "orders", "--template", template]) == 0
    monkeypatch.chdir("orders")

    def declare() -> object:
        there = runpy.run_path("__main__.py")
        block = there.get("block")
        spec, deployment = (block.spec, block.deployment) if block else (there["spec"], there["deployment"])
        return pulumi.Output.all(spec.metadata, spec.release_version, deployment.spec, deployment.status)

    metadata, version, runs, status = run_under(PressMocks(), declare)

    assert (metadata["name"], version, status) == ("orders", "1.0.0", "deployed")
    assert runs["release"]["version"] == version


def test_what_templates_have_in_common_is_the_same() -> None:
    """A template is a whole folder for Pulumi, so it has copies; none may differ."""
    for path in SHARED:
        texts = {(FOLDER / template / path).read_text(encoding="utf-8") for template in PROGRAMS}
        assert len(texts) == 1, path
    for path in (".gitignore", "requirements.txt", "block/Dockerfile", "block/main.py", "block/orders.csv"):
        texts = {(FOLDER / template / path).read_text(encoding="utf-8") for template in ("workflow", "block", "yaml")}
        assert len(texts) == 1, path


def test_the_working_folder_is_taken_while_it_is_empty(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What version control and an environment put there does not count; no `cd` is told."""
    (folder / ".git").mkdir()
    (folder / "env").mkdir()
    (folder / "env" / "pyvenv.cfg").touch()

    assert main(["new"]) == 0

    assert (folder / "Pulumi.yaml").read_text(encoding="utf-8").startswith("name: shop\n")
    assert "cd " not in capsys.readouterr().out


def test_the_working_folder_is_not_taken_while_it_has_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are named, and a new folder or the explicit `.` is asked for, which takes it."""
    for name in ("a.py", "b.py", "c.py", "d.py"):
        (folder / name).touch()

    told = refuse(capsys)

    assert "the working folder is not empty (it has a.py, b.py, c.py, ...): name a new folder" in told
    assert list_files(folder) == {"a.py", "b.py", "c.py", "d.py"}
    assert main(["new", "."]) == 0
    assert "__main__.py" in list_files(folder)


def test_nothing_is_overwritten(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line names all that is there: files, dangling links, and a file where a folder would have to be."""
    (folder / "README.md").write_text("mine")
    (folder / "Pulumi.yaml").symlink_to("nowhere")
    (folder / "block").write_text("mine")

    told = refuse(capsys, ".")

    assert told == (
        f"pulumi-press new: README.md, block, Pulumi.yaml are in {folder} already, and nothing is overwritten: choose "
        "another folder"
    )
    assert list_files(folder) == {"README.md", "Pulumi.yaml", "block"}


def test_a_failure_leaves_nothing(folder: Path) -> None:
    """What was written before the file that cannot be is taken back, folders too; what was there stays."""
    (folder / "old").mkdir()
    files = {"old/a": "", "new/deeper/b": "", f"new/{'n' * 300}": ""}

    with pytest.raises(OSError, match="name too long"):
        write_files(folder, files)

    assert [path.name for path in folder.rglob("*")] == ["old"]


def test_an_interruption_leaves_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C amid the files is a failure as any other."""
    opened, open_ = count(), Path.open

    def interrupt(path: Path, *args: Any, **kwargs: Any) -> Any:
        if next(opened) == 4:
            raise KeyboardInterrupt
        return open_(path, *args, **kwargs)

    files = list_templates()["workflow"].render("orders")
    monkeypatch.setattr(Path, "open", interrupt)

    with pytest.raises(KeyboardInterrupt):
        write_files(folder / "orders", files)

    assert next(opened) == 5
    assert list(folder.iterdir()) == []


def test_a_file_is_no_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of the folder's name is left as it is."""
    (folder / "orders").write_text("mine")

    assert refuse(capsys, "orders") == "pulumi-press new: orders is a file: name a folder"
    assert (folder / "orders").read_text() == "mine"


@pytest.mark.parametrize(
    ("word", "end"),
    [
        ("worklow", "there is no template 'worklow'; did you mean `workflow`?"),
        ("zzz", "there is no template 'zzz' (there are: block, service, workflow, yaml)"),
    ],
)
def test_an_unknown_template_names_the_nearest(
    word: str, end: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is that of wrong arguments, and nothing is written."""
    assert refuse(capsys, "orders", "--template", word, code=2).endswith(end)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["on", "null", "true"])
def test_names_that_yaml_reads_otherwise_are_texts(name: str, folder: Path) -> None:
    """A project may be called so."""
    assert main(["new", name, "--template", "yaml"]) == 0

    project = yaml.safe_load((folder / name / "Pulumi.yaml").read_text(encoding="utf-8"))
    assert project["name"] == name
    assert project["resources"]["spec"]["properties"]["metadata"]["name"] == name


@pytest.mark.parametrize(
    ("name", "reason"), [("", "DIR is empty"), ("n" * 300, "cannot be a folder"), ("loop", "cannot be a folder")]
)
def test_what_cannot_be_a_folder_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, reason: str
) -> None:
    """A variable that is not set, a name that is too long, a link to itself: a line says so, and nothing is written."""
    (folder / "loop").symlink_to("loop")

    assert reason in refuse(capsys, name)
    assert list_files(folder) <= {"loop"}


def test_nothing_is_written_through_a_link(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of the project that is a link to one elsewhere is taken."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "block").symlink_to(elsewhere)

    assert "block is in" in refuse(capsys, ".")
    assert list(elsewhere.iterdir()) == []


def test_an_environment_is_made_where_none_is_active(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps to take begin with one only outside of one."""
    assert main(["new", "within"]) == 0
    within = capsys.readouterr().out
    monkeypatch.setattr("sys.prefix", sys.base_prefix)
    assert main(["new", "without"]) == 0
    without = capsys.readouterr().out

    assert "cd within && pip install -r requirements.txt" in within
    assert "cd without && python3 -m venv .venv && source .venv/bin/activate && pip install" in without
    assert list_files(folder / "within") == list_files(folder / "without")
