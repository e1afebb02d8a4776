"""The programs that together run a Python program with Pulumi, and how to recognise a whole set of them."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import EngineUnavailableError
from .pins import MINIMUM_CLI

CLI = "pulumi"
LANGUAGE_HOST = "pulumi-language-python"
PROGRAM_RUNNER = "pulumi-language-python-exec"
DYNAMIC_PROVIDER = "pulumi-resource-pulumi-python"
YAML_HOST = "pulumi-language-yaml"

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")
_VERSION_SECONDS = 60


@dataclass(frozen=True)
class Engine:
    """A complete engine: the folder to put first on PATH, the CLI's version (`v3.259.0`) and where it comes from."""

    folder: Path
    version: str
    origin: str


def list_missing(search: str) -> list[str]:
    """Return the names of the parts that `search`, written like PATH, does not lead to."""
    missing = [part for part in (CLI, LANGUAGE_HOST, DYNAMIC_PROVIDER) if shutil.which(part, path=search) is None]
    host = shutil.which(LANGUAGE_HOST, path=search)
    # The language host looks for this script beside itself and nowhere else.
    if host is None or shutil.which(PROGRAM_RUNNER, path=str(Path(host).resolve().parent)) is None:
        missing.append(PROGRAM_RUNNER)
    return missing


def read_version(program: Path) -> str:
    """Return what `pulumi version` prints, such as `v3.259.0`. EngineUnavailableError when it prints no version."""
    command = [str(program), "version"]
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"}
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, encoding="utf-8", env=env, timeout=_VERSION_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineUnavailableError(f"`{program} version` does not run: {error}.") from error
    version = done.stdout.strip()
    if done.returncode != 0 or _VERSION.match(version) is None:
        said = (done.stderr.strip() or version or "nothing").splitlines()[-1]
        raise EngineUnavailableError(f"`{program} version` ended with exit code {done.returncode} and printed: {said}")
    return version


def _split_version(version: str) -> tuple[int, ...]:
    found = _VERSION.match(version)
    return tuple(int(number) for number in found.groups()) if found else ()


def find_on_path() -> Engine:
    """Return the engine that PATH leads to. EngineUnavailableError says what it lacks."""
    path = os.environ.get("PATH", os.defpath)
    found = shutil.which(CLI, path=path)
    if found is None:
        raise EngineUnavailableError("`pulumi` is not there.")
    program = Path(found).absolute()
    # `pulumi` itself also looks beside the file that a symbolic link stands for.
    missing = list_missing(os.pathsep.join([str(program.parent), path, str(program.resolve().parent)]))
    if missing:
        raise EngineUnavailableError(f"{program} is there, but neither beside it nor on PATH: {', '.join(missing)}.")
    version = read_version(program)
    if _split_version(version) < _split_version(MINIMUM_CLI):
        raise EngineUnavailableError(f"{program} is {version}, and {MINIMUM_CLI} or newer is needed.")
    return Engine(program.parent, version, "found on PATH")
