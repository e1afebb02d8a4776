"""Runs a workflow of GitHub's as its runner does, as far as the example goes. What it does not know fails aloud."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

import yaml

from tests.engine.ci_example.repository import MERGE, Repository
from tests.engine.ci_example.runner import Job, run_script

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

__all__ = ["Workflow"]

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
SHELL = ["bash", "-e", "-c"]
# What is on PATH already.
INSTALLED = ("actions/setup-python", "pulumi/actions")


@dataclass(frozen=True)
class Workflow:
    """A workflow, and the event that starts it."""

    file: Path
    repository: Repository
    work: Path
    context: dict[str, Any]
    """What expressions read: `github`, `vars`, `secrets`."""
    environment: dict[str, str]
    """The runner's own."""

    def run(self, *, without: Collection[str] = ()) -> dict[str, Job]:
        """Run all jobs, each after those that it needs; some can be left out, as if they had passed."""
        workflow = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        store = self.work / "artifacts"
        jobs: dict[str, Job] = {}
        for name, told in workflow["jobs"].items():
            needed = [jobs[other] for other in told.get("needs", [])]
            jobs[name] = job = Job(self.work / name)
            condition = str(told.get("if", "true"))
            goes_on = "cancelled()" in condition or all(other.passed for other in needed)
            job.ran = (
                name not in without
                and goes_on
                and bool(self._evaluate(condition.removeprefix("${{").removesuffix("}}")))
            )
            if job.ran:
                for step in told["steps"]:
                    self._run_step(job, step, {**self._fill(workflow.get("env")), **self._fill(told.get("env"))}, store)
        return jobs

    def _run_step(self, job: Job, step: dict[str, Any], environment: dict[str, str], store: Path) -> None:
        if "run" in step:
            own = {"GITHUB_STEP_SUMMARY": str(self.work / f"{job.folder.name}.summary.md")}
            variables = {**self.environment, **own, **environment, **self._fill(step.get("env"))}
            return run_script(job, SHELL, step["run"], variables)
        action, _, pin = step["uses"].partition("@")
        assert re.fullmatch("[0-9a-f]{40}", pin), f"{action} is not pinned to a commit"
        if not job.passed:
            return None
        options = step.get("with", {})
        if action == "actions/checkout":
            assert options["persist-credentials"] is False
            return self.repository.check_out(job.folder, MERGE, options.get("fetch-depth", 1))
        if action == "actions/upload-artifact":
            shutil.copytree(job.folder / options["path"], store / options["name"])
            return None
        if action == "actions/download-artifact":
            for artifact in store.iterdir() if store.exists() else ():
                if fnmatch(artifact.name, options["pattern"]):
                    shutil.copytree(artifact, job.folder / options["path"] / artifact.name)
            return None
        assert action in INSTALLED, f"{action} is not known here"
        return None

    def _fill(self, variables: dict[str, Any] | None) -> dict[str, str]:
        """Fill the expressions of an `env` in."""
        return {
            name: EXPRESSION.sub(lambda found: str(self._evaluate(found.group(1))), str(value))
            for name, value in (variables or {}).items()
        }

    def _evaluate(self, expression: str) -> Any:
        """Evaluate the few forms of expressions that the example uses."""
        text = expression.strip()
        if "&&" in text:
            return all(self._evaluate(part) for part in text.split("&&"))
        for sign, wanted in (("!=", False), ("==", True)):
            if sign in text:
                left, _, right = text.partition(sign)
                return (self._evaluate(left) == self._evaluate(right)) is wanted
        if text in {"true", "!cancelled()"}:
            return True
        if text.startswith("'"):
            return text.strip("'")
        if joined := re.fullmatch(r"join\((\S+)\.\*\.name, ','\)", text):
            return ",".join(item["name"] for item in self._evaluate(joined.group(1)))
        value: Any = self.context
        for key in text.split("."):
            # A variable or secret that is not set is empty; anything else that is missing is a mistake.
            is_open = value is self.context["vars"] or value is self.context["secrets"]
            value = value.get(key, "") if is_open else value[key]
        return value
