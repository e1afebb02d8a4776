"""One operation on one tenant's stack: deploy, preview or destroy."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pulumi import automation

from pulumi_press.report import PreviewError, read_preview

from .block import PROJECT, declare
from .outcomes import Outcome
from .pending import require_none, settle
from .progress import Progress
from .stacks import read_ids, read_outputs
from .troubles import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.report import StackReport

    from .tenants import Tenant

__all__ = ["Operation", "Run"]

Operation = Literal["up", "preview", "destroy"]
BEGINNINGS = {"up": "deploying", "preview": "previewing", "destroy": "destroying"}


@dataclass(frozen=True)
class Run:
    """An operation on the stacks of tenants.

    Args:
        operation: what to do.
        backend: URL of the backend that keeps the stacks.
        tokens: token by tenant; never shown.
        tell: prints a line about a tenant.
        refresh: compare with what is live first, so that what somebody else changed is seen.
    """

    operation: Operation
    backend: str
    tokens: dict[str, str] = field(repr=False)
    tell: Callable[[str, str], None]
    refresh: bool

    def work(self, tenant: Tenant) -> Outcome:
        """Do it for one tenant. Whatever goes wrong is in the outcome, so that the others go on."""
        began = time.monotonic()
        progress = Progress(lambda line: self.tell(tenant.name, line), planned=self.operation == "preview")
        outputs: dict[str, Any] = {}
        failure: tuple[str, ...] = ()
        self.tell(tenant.name, BEGINNINGS[self.operation])
        try:
            # The stack is in the backend; here are only the files that the engine wants to find.
            with tempfile.TemporaryDirectory(prefix="tenant-") as folder:
                stack = self._open(tenant, folder)
                try:
                    status, outputs = self._operate(stack, progress)
                except automation.CommandError:
                    # The outputs are those of the run before, or none; the ids are there all the same.
                    outputs = {**read_ids(stack), **read_outputs(stack)}
                    raise
        except automation.StackNotFoundError:
            status = "no stack"
        except Exception as error:  # noqa: BLE001  # One tenant's trouble, of whatever kind, is not another's.
            status = "failed"
            failure = explain(error, progress.errors, self.backend, tenant)
            self.tell(tenant.name, "failed; why is told at the end")
        return Outcome(tenant.name, status, time.monotonic() - began, _report(progress), outputs, failure)

    def _open(self, tenant: Tenant, folder: str) -> automation.Stack:
        """Open the tenant's stack, and make it unless it is to be destroyed."""
        if tenant.name not in self.tokens:
            raise LookupError(f"the environment variable {tenant.token_variable} is not set; put the token into it")
        options = automation.LocalWorkspaceOptions(
            work_dir=folder,
            env_vars={
                "PULUMI_BACKEND_URL": self.backend,
                # From the environment the token never gets into the state, and no operation takes an old one from it.
                "PEAK_AUTH_TOKEN": self.tokens[tenant.name],
                "PRESS_ENDPOINT": tenant.endpoint,
            },
        )
        opened = automation.select_stack if self.operation == "destroy" else automation.create_or_select_stack
        return opened(tenant.name, project_name=PROJECT, program=declare, opts=options)

    def _operate(self, stack: automation.Stack, progress: Progress) -> tuple[str, dict[str, Any]]:
        """Run the engine; give the status, and the outputs that the stack has then."""
        if self.operation == "preview":
            stack.preview(on_event=progress.hear, color="never", refresh=self.refresh)
            return "preview", read_outputs(stack)
        if self.operation == "destroy":
            require_none(stack)
            stack.destroy(on_event=progress.hear, color="never", refresh=self.refresh, remove=True)
            return "destroyed", {}
        done = stack.up(on_event=progress.hear, color="never", refresh=self.refresh)
        if progress.found_pending:
            settle(stack)
        outputs = {name: output.value for name, output in done.outputs.items()}
        return str(outputs.get("status")), outputs


def _report(progress: Progress) -> StackReport | None:
    """Say what the engine did; nothing where it did not come to that."""
    try:
        return read_preview(progress.events).stacks[0]
    except PreviewError:
        return None
