"""Why an operation failed, and what to do about it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from pulumi import automation

from .block import PROJECT

if TYPE_CHECKING:
    from .tenants import Tenant

__all__ = ["explain"]


def explain(error: Exception, told: list[str], backend: str, tenant: Tenant) -> tuple[str, ...]:
    """Say why, line by line, with what to do where that is known.

    Args:
        error: what was raised.
        told: errors that the engine told while it ran, which say more than its last words.
        backend: URL of the backend that keeps the stacks.
        tenant: whose stack it is.
    """
    if not isinstance(error, automation.CommandError):
        return tuple(str(error).splitlines()) or (type(error).__name__,)
    if isinstance(error, automation.ConcurrentUpdateError):
        cancel = f"pulumi cancel --yes --stack organization/{PROJECT}/{tenant.name}"
        return (
            "the stack is locked: another run works on it, or one was killed",
            "wait for the other run; if there is none, release the stack and start again:",
            f"  PULUMI_BACKEND_URL={shlex.quote(backend)} {cancel}",
        )
    lines = [line for reason in told for line in reason.splitlines()] or _last_words(error)
    if any("401" in line for line in lines):
        # Here the token comes from the tenant's own variable, whatever name the engine knew it by.
        lines.append(f"here the token comes from {tenant.token_variable}")
    if any("passphrase" in line for line in lines):
        lines.append("set PULUMI_CONFIG_PASSPHRASE to the passphrase that the stack was made with")
    return tuple(lines)


def _last_words(error: automation.CommandError) -> list[str]:
    """Give the lines in which the engine says that something is wrong, or all that it wrote on stderr."""
    said = str(error).rpartition("\n stderr: ")[2].strip().splitlines()
    return [line.removeprefix("error: ") for line in said if line.startswith("error: ")] or said or ["it says nothing"]
