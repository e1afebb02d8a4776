"""Runs a pipeline of GitLab's as its runner does, as far as the example goes. What it does not know fails aloud."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from tests.engine.ci_example.runner import Job, run_script

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from tests.engine.ci_example.repository import Repository

__all__ = ["Pipeline"]

SHELL = ["bash", "-eo", "pipefail", "-c"]


@dataclass(frozen=True)
class Pipeline:
    """A pipeline of a merge request."""

    file: Path
    repository: Repository
    work: Path
    variables: dict[str, str]
    """Those that GitLab sets, and those of the project."""
    environment: dict[str, str]
    """The runner's own."""

    def run(self, *, without: Collection[str] = ()) -> dict[str, Job]:
        """Run all jobs, stage by stage; some can be left out, as if they had passed."""
        told = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        stages = told.pop("stages")
        ready = {name: _extend(told, job) for name, job in told.items() if not name.startswith(".")}
        jobs: dict[str, Job] = {}
        for name, job in sorted(ready.items(), key=lambda item: stages.index(item[1]["stage"])):
            left_out = name in without
            jobs[name] = Job(self.work / name, ran=False) if left_out else self._run_job(name, job, jobs)
        return jobs

    def _run_job(self, name: str, told: dict[str, Any], jobs: dict[str, Job]) -> Job:
        job = Job(self.work / name)
        rule = next((rule for rule in told["rules"] if self._holds(rule["if"])), None)
        needed = [need["job"] for need in told.get("needs", [])]
        failed = not all(jobs[other].passed for other in needed)
        job.ran = rule is not None and (not failed or rule.get("when") == "always")
        if not job.ran:
            return job
        variables = {**self.environment, **{key: str(value) for key, value in told.get("variables", {}).items()}}
        variables.update(self.variables)
        self.repository.check_out(job.folder, "change", int(variables.get("GIT_DEPTH", "20")))
        for other in needed:
            for path in ready_artifacts(self.work / other, jobs[other]):
                shutil.copytree(path, job.folder / path.name, dirs_exist_ok=True)
        # GitLab joins the lines: a variable or a folder of one line is there in the next.
        for part in ("before_script", "script"):
            if part in told:
                run_script(job, SHELL, "\n".join(told[part]), variables)
        return job

    def _holds(self, condition: str) -> bool:
        return all(self._is_true(part.strip()) for part in condition.split("&&"))

    def _is_true(self, part: str) -> bool:
        left, sign, right = part.partition(" == ")
        if sign:
            return self._value(left) == self._value(right)
        return bool(self._value(part))

    def _value(self, text: str) -> str:
        if found := re.fullmatch(r"\$(\w+)", text):
            return self.variables.get(found.group(1), "")
        literal = re.fullmatch(r'"(.*)"', text)
        assert literal, f"{text} is not known here"
        return literal.group(1)


def ready_artifacts(folder: Path, job: Job) -> list[Path]:
    """Give what a job left, also one that failed: the example says `when: always`."""
    path = folder / "reports"
    return [path] if job.ran and path.exists() else []


def _extend(told: dict[str, Any], job: dict[str, Any]) -> dict[str, Any]:
    """Put a job on top of the hidden one that it extends."""
    return {**told[job["extends"]], **job} if "extends" in job else job
