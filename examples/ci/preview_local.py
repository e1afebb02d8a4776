"""Previews a change against a local Press: no account, no secret, nothing outside of this machine.

The program of the base is brought up on a local Press first; then the one in the working folder is previewed against
what that made. So the preview shows what the change does, and nothing else.

    python preview_local.py --base HEAD^1 --output preview.json
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pulumi_press.emulator import LocalPress

PROJECT = "Pulumi.yaml"
# Of the environment, nothing that leads to a service, a backend or a secret elsewhere.
FOREIGN = ("PULUMI_", "PRESS_", "PEAK_", "API_KEY", "STAGE")
# Of the stack's file, nothing that asks for a key elsewhere.
ENCRYPTION = ("encryptedkey", "encryptionsalt", "secretsprovider")


@dataclass(frozen=True)
class Stack:
    """A stack that lives in a folder for as long as the preview takes, on a local Press."""

    name: str
    work: Path
    press: LocalPress

    def run(self, folder: Path, *arguments: str, output: IO[Any] = sys.stderr) -> int:
        """Run a command of `pulumi` in a project's folder, and give its exit code."""
        command = ["pulumi", *arguments, "--stack", self.name, "--non-interactive", "--color", "never"]
        return run(command, folder, output, self._environment())

    def make(self, project: Path) -> None:
        """Make the stack of a project, unless it is there; leave on a failure."""
        # In a folder of its own: it writes a file beside the project's.
        scratch = Path(tempfile.mkdtemp(dir=self.work))
        shutil.copy(project / PROJECT, scratch)
        command = ["pulumi", "stack", "select", self.name, "--create", "--non-interactive"]
        if run(command, scratch, sys.stderr, self._environment()) != 0:
            sys.exit("the stack could not be made; the engine's own words are above")

    def configure(self, project: Path) -> str:
        """Write the stack's configuration: what the project says, but for where Press is; give the option for it."""
        own = project / f"Pulumi.{self.name}.yaml"
        settings = (yaml.safe_load(own.read_text(encoding="utf-8")) or {}) if own.exists() else {}
        kept = {key: value for key, value in settings.items() if key not in ENCRYPTION}
        values = {key: value for key, value in (kept.get("config") or {}).items() if key != "press:stage"}
        kept["config"] = {**values, "press:endpoint": self.press.url, "press:authToken": self.press.token}
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=self.work, delete=False, encoding="utf-8") as file:
            yaml.safe_dump(kept, file)
        return f"--config-file={file.name}"

    def _environment(self) -> dict[str, str]:
        mine = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
        backend = self.work / "backend"
        backend.mkdir(exist_ok=True)
        return {
            **mine,
            "PULUMI_BACKEND_URL": backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "local",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "XDG_CACHE_HOME": str(self.work / "cache"),
        }


def main() -> None:
    """Run the command."""
    arguments = read_arguments()
    project = arguments.project.resolve()
    if not (project / PROJECT).is_file():
        sys.exit(f"there is no {PROJECT} in {project}")
    with tempfile.TemporaryDirectory(prefix="press-preview-") as folder, start(seed=arguments.seed) as press:
        stack = Stack(arguments.stack, Path(folder), press)
        bring_up_base(stack, project, arguments.base)
        stack.make(project)
        with arguments.output.open("wb") as output:
            # Whatever comes of it: what failed, and why, is in the preview.
            stack.run(project, "preview", "--json", stack.configure(project), output=output)
    if not arguments.output.stat().st_size:
        sys.exit("there is no preview; the engine's own words are above")


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Preview a change against a local Press.")
    parser.add_argument("--base", required=True, metavar="COMMIT", help="what the change is compared with")
    parser.add_argument("--project", type=Path, default=Path(), metavar="DIR", help=f"folder of {PROJECT}")
    parser.add_argument("--stack", default="local", metavar="NAME", help="stack to preview (default: %(default)s)")
    parser.add_argument("--seed", type=Path, metavar="FILE", help="objects that the program needs and does not declare")
    parser.add_argument("--output", type=Path, default=Path("preview.json"), metavar="FILE", help="where to write it")
    return parser.parse_args()


def bring_up_base(stack: Stack, project: Path, commit: str) -> None:
    """Bring up the program as it is in a commit; if it does not come up, say so and go on with what did."""
    top = Path(git(project, "rev-parse", "--show-toplevel"))
    tree = stack.work / "base"
    git(top, "worktree", "add", "--detach", str(tree), commit)
    try:
        base = tree / project.relative_to(top)
        if not (base / PROJECT).is_file():
            print(f"warning: {commit} has no {PROJECT} here, so all of it is new", file=sys.stderr)
            return
        stack.make(base)
        if stack.run(base, "up", "--yes", "--skip-preview", stack.configure(base)) != 0:
            # A change that mends the base must be able to pass.
            print(
                f"warning: {commit} did not come up whole: the preview counts what is missing as new", file=sys.stderr
            )
    finally:
        git(top, "worktree", "remove", "--force", str(tree))


def git(folder: Path, *arguments: str) -> str:
    """Run a command of git, and give what it printed; leave on a failure."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        if run(["git", *arguments], folder, output) != 0:
            sys.exit(f"git {' '.join(arguments)} failed; its own words are above")
        output.seek(0)
        return output.read().strip()


def run(command: Sequence[str], folder: Path, output: IO[Any], environment: Mapping[str, str] | None = None) -> int:
    """Run a command in a folder, and give its exit code."""
    return subprocess.run(command, cwd=folder, env=environment, stdout=output, check=False).returncode  # noqa: S603  # Our own.


if __name__ == "__main__":
    main()
