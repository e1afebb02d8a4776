"""Write a new project that works as it is: a block, its program, its test, and a job for pull requests.

`pulumi new` takes the same templates, from the folder `templates` of the source.
"""

from __future__ import annotations

import argparse
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.output import log, print_text, shorten
from pulumi_press.projects.files import find_taken, write_files
from pulumi_press.projects.names import RULE, is_name, make_name
from pulumi_press.projects.templates import PROJECT_FILE, list_templates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulumi_press.projects.templates import Template

__all__ = ["add_arguments", "run"]

DEFAULT = "workflow"
MOST_SHOWN = 80
MOST_NAMED = 3
"""So many of the files that lie in a folder are named."""

PLUGIN = "runtime: yaml\n"
"""In `Pulumi.yaml`: no program, which would install the plugin itself."""

STEPS = """\
{folder}: {description}; {count} files. Next:

  {install}
  pulumi login --local                     # keeps the state on this machine; `pulumi login`, in Pulumi Cloud
  export PULUMI_CONFIG_PASSPHRASE='...'    # a phrase of your own, which encrypts secrets; Pulumi Cloud needs none
  pulumi-press emulator --port 8600 &      # a local Press, to try it out; README.md says how to use your own tenant
  export PRESS_ENDPOINT=http://127.0.0.1:8600 PEAK_AUTH_TOKEN=token
  pulumi stack init dev
  pulumi up
"""


class ProjectError(Exception):
    """The project cannot be written; the message says why, and what to do."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    templates = list_templates()
    parser.epilog = "templates:\n" + "\n".join(f"  {name:10}{it.description}" for name, it in templates.items())
    parser.add_argument(
        "folder", nargs="?", metavar="DIR", help="folder to write to (default: the working folder, if empty)"
    )
    parser.add_argument(
        "--template",
        type=_find_template,
        default=DEFAULT,
        metavar="NAME",
        help=f"{', '.join(templates)} (default: %(default)s)",
    )
    parser.add_argument("--name", help="name of the project and the block (default: the folder's, made valid)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return the exit code."""
    template: Template = arguments.template
    try:
        folder = _choose_folder(arguments.folder)
        files = template.render(_choose_name(arguments.name, folder))
        _write(folder, files)
    except ProjectError as error:
        log("new", str(error))
        return 1
    print_text(_describe(folder, template, files))
    return 0


def _find_template(word: str) -> Template:
    templates = list_templates()
    if word not in templates:
        from pulumi_press.schema.failures import suggest

        raise argparse.ArgumentTypeError(f"there is no template {word!r}{suggest(word, templates, label='there are')}")
    return templates[word]


def _choose_folder(given: str | None) -> Path:
    """Return the folder to write to; the working folder is meant unspoken only while there is nothing in it."""
    if given is not None:
        if not given:
            raise ProjectError("DIR is empty: name a folder, or leave it out")
        folder = Path(given)
        try:
            if folder.exists() and not folder.is_dir():
                raise ProjectError(f"{folder} is a file: name a folder")
            folder.resolve()
        except (OSError, RuntimeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "its links lead in a circle"
            raise ProjectError(f"{shorten(str(folder), MOST_SHOWN)} cannot be a folder: {reason}") from None
        return folder
    # Version control and virtual environments are there before the project is.
    there = sorted(path.name for path in Path().iterdir() if not _is_beside(path))
    if there:
        more = ", ..." if len(there) > MOST_NAMED else ""
        raise ProjectError(
            f"the working folder is not empty (it has {', '.join(there[:MOST_NAMED])}{more}): name a new folder, as in "
            "`pulumi-press new orders`, or `.` to write beside these"
        )
    return Path()


def _is_beside(path: Path) -> bool:
    return path.name.startswith(".") or (path / "pyvenv.cfg").exists()


def _choose_name(given: str | None, folder: Path) -> str:
    if given is None:
        if name := make_name(folder.resolve().name):
            return name
        raise ProjectError(f"no name can be made of the folder's name {folder.resolve().name!r}: add --name ({RULE})")
    if not is_name(given):
        nearest = make_name(given)
        instead = f"; `--name {nearest}` would do" if nearest else ""
        raise ProjectError(f"--name {given!r} cannot name both a project and a block: it takes {RULE}{instead}")
    return given


def _write(folder: Path, files: Mapping[str, str]) -> None:
    if taken := find_taken(folder, files):
        verb = "is" if len(taken) == 1 else "are"
        raise ProjectError(
            f"{', '.join(taken)} {verb} in {folder.absolute()} already, and nothing is overwritten: "
            "choose another folder"
        )
    try:
        write_files(folder, files)
    except OSError as error:
        raise ProjectError(
            f"{error.filename or folder} cannot be written: {error.strerror}; nothing was left"
        ) from None


def _describe(folder: Path, template: Template, files: Mapping[str, str]) -> str:
    """Return what to do next, in at most ten lines."""
    # Where an environment is active, the project goes into it.
    steps = [] if sys.prefix != sys.base_prefix else ["python3 -m venv .venv", "source .venv/bin/activate"]
    steps.append("pip install -r requirements.txt")
    if folder.resolve() != Path.cwd():
        steps.insert(0, f"cd {'-- ' if str(folder).startswith('-') else ''}{shlex.quote(str(folder))}")
    if PLUGIN in files[PROJECT_FILE]:
        steps.append("pulumi-press plugin install")
    text = STEPS.format(
        folder=folder.absolute(), description=template.description, count=len(files), install=" && ".join(steps)
    )
    if shutil.which("pulumi") is None:
        text += "Pulumi itself is not on PATH: https://www.pulumi.com/docs/install\n"
    return text
