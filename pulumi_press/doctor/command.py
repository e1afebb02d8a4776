"""Check that engine, Python, settings and service are in place. Nothing is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from pulumi_press.doctor.checkpoints import check_checkpoints
from pulumi_press.doctor.configuration import check_settings, read_configuration
from pulumi_press.doctor.installation import (
    check_engine,
    check_language_host,
    check_local_press,
    check_package,
    check_project,
    check_provider_host,
    check_sdk,
    find_engine,
    find_project,
    find_python,
)
from pulumi_press.doctor.native_plugin import check_native_plugin, find_interpreter
from pulumi_press.doctor.service import check_service
from pulumi_press.output import escape_hidden, print_text

if TYPE_CHECKING:
    import argparse

    from pulumi_press.doctor.checks import Finding

__all__ = ["add_arguments", "examine", "run"]

EPILOG = "exit code: 0 if there is no problem, though there may be warnings; 1 if there is one"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = EPILOG
    parser.add_argument("--stack", help="stack whose configuration is read (default: the selected one)")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Run the command and return its exit code."""
    findings = examine(arguments.stack)
    has_problem = any(finding.level == "problem" for finding in findings)
    if arguments.json:
        report = {"ok": not has_problem, "findings": [finding._asdict() for finding in findings]}
        print_text(json.dumps(report, indent=2) + "\n")
    else:
        print_text("".join(f"{_line(finding)}\n" for finding in findings))
    return int(has_problem)


def examine(stack: str | None = None) -> list[Finding]:
    """Return the findings of all checks, for the working folder."""
    engine = find_engine()
    project = find_project(Path.cwd())
    python = find_python(project, find_interpreter(project))
    settings_finding, settings = check_settings(read_configuration(engine, project, stack), stack)
    return [
        check_engine(engine),
        check_language_host(engine, project),
        check_provider_host(engine, project),
        check_native_plugin(project, python),
        check_package(python),
        check_sdk(python),
        check_project(project),
        check_checkpoints(engine, project, stack),
        settings_finding,
        *check_service(settings),
        check_local_press(),
    ]


def _line(finding: Finding) -> str:
    advice = f" -> {finding.advice}" if finding.advice else ""
    return escape_hidden(" ".join(f"{finding.level:<8} {finding.check}: {finding.found}{advice}".split("\n")))
