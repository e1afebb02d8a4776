"""The page on YAML, as a reader follows it: its files, and its commands as they are written, in one shell."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.emulator import start
from tests.engine.surroundings import surround

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress

PAGE = Path(__file__).resolve().parents[2] / "docs" / "yaml.md"
STEPS = re.compile(r"^<!-- step -->\n```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = re.compile(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MADE_BY_READER = {"PULUMI_CONFIG_PASSPHRASE", "PEAK_AUTH_TOKEN"}


def follow(folder: Path, engine: str, press: LocalPress) -> str:
    """Run all steps of the page; give what they printed."""
    page = PAGE.read_text(encoding="utf-8")
    for name, text in FILES.findall(page):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    lines = [line.removeprefix("$ ") for block in STEPS.findall(page) for line in block.splitlines()]
    (folder / "backend").mkdir()
    # `login --local` means the folder of the user, whatever HOME is; the address in the environment comes before it.
    environment = surround(engine, folder, press.url, press.token)
    # They get their values from the page.
    environment = {name: value for name, value in environment.items() if name not in MADE_BY_READER}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join(lines)],  # noqa: S607  # The reader's shell.
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_page_works_as_written(tmp_path: Path, yaml_engine: str) -> None:
    """Each step ends well: release 1.0.1 and revision 2 come of the changed file, and nothing is left at the end."""
    with start(tokens={"token": "acme"}) as press:
        printed = follow(tmp_path, yaml_engine, press)
        state = press.state()

    assert re.findall(r'release *: "1\.0\.0" => "1\.0\.1"', printed)
    assert re.findall(r"main\.py", printed)
    assert re.findall(r"revision *: 1 => 2", printed)
    assert "3 unchanged" in printed
    assert "5f0c-pager" not in printed
    assert "Hello $${name}" in (tmp_path / "report" / "Pulumi.yaml").read_text()
    assert (state["specs"], state["deployments"]) == ([], [])
