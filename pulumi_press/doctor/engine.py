"""The engine: `pulumi`, and the two programs that let it run Python."""

from __future__ import annotations

import shutil
from pathlib import Path

from semver import Version

from pulumi_press.doctor.finding import Finding, problem, warning
from pulumi_press.doctor.processes import ask
from pulumi_press.doctor.versions import read_version

__all__ = ["check_engine", "check_language_host", "check_provider_host", "find_engine"]

LEAST_ENGINE = Version(3, 254)
"""The first that imports from a file with inputs and outputs."""
INSTALL = "install Pulumi: https://www.pulumi.com/docs/install/"
LANGUAGE_HOST = "pulumi-language-python"
PROVIDER_HOST = "pulumi-resource-pulumi-python"


def find_engine() -> str | None:
    """Find `pulumi` on PATH."""
    return shutil.which("pulumi")


def check_engine(engine: str | None) -> Finding:
    """Look for the engine, and at its version."""
    check = "engine"
    if engine is None:
        return problem(check, "`pulumi` is not on PATH", INSTALL)
    told = ask([engine, "version"])
    if told.failure:
        return problem(check, f"`{engine} version` fails: {told.failure}", INSTALL)
    version = read_version(told.said)
    if version is None:
        return warning(check, f"{engine} does not tell its version", f"use a release of Pulumi from {LEAST_ENGINE} on")
    if version < LEAST_ENGINE:
        return warning(
            check,
            f"pulumi {version} at {engine} is older than {LEAST_ENGINE}",
            "update Pulumi: this one cannot take over live blocks with `pulumi import --file`",
        )
    return Finding(check, f"pulumi {version} at {engine}")


def check_language_host(engine: str | None) -> Finding:
    """Look for what runs Python programs."""
    return _check_host("language host", LANGUAGE_HOST, "the engine cannot run Python programs without it", engine)


def check_provider_host(engine: str | None) -> Finding:
    """Look for what runs providers written in Python."""
    return _check_host("provider host", PROVIDER_HOST, "the engine cannot run this package without it", engine)


def _check_host(check: str, name: str, loss: str, engine: str | None) -> Finding:
    # The engine looks on PATH, and beside itself.
    beside = str(Path(engine).resolve().parent) if engine else None
    found = shutil.which(name) or shutil.which(name, path=beside)
    if found:
        return Finding(check, f"{name} at {found}")
    return problem(check, f"{name} is neither on PATH nor beside `pulumi`: {loss}", INSTALL)
