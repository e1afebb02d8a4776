"""The extra that the local Press needs."""

from __future__ import annotations

from importlib.util import find_spec

__all__ = ["MissingExtraError", "require_extra"]

MODULES = ("starlette", "uvicorn", "python_multipart")
INSTALL = "pip install 'pulumi-press[emulator]'"


class MissingExtraError(ImportError):
    """The packages of the extra `emulator` are not installed."""


def require_extra() -> None:
    """Make sure that what the server is built on is installed.

    Raises:
        MissingExtraError: a package is missing; the message has the command that installs it.
    """
    missing = [name for name in MODULES if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"the local Press needs {', '.join(missing)}; install it with: {INSTALL}")
