"""The harness bites: with one mistake built into the provider, at one place, it reports a broken promise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press import BlockDeployment, BlockSpec
from pulumi_press.client import errors, request, retry, transport
from pulumi_press.client.errors import NotFound
from pulumi_press.plugin import differences, operation, wire
from pulumi_press.plugin.names import to_camel
from pulumi_press.plugin.native import NativeProvider
from pulumi_press.plugin.wire import dump
from pulumi_press.provider import adoption, create_once, deployment, metadata, publishing, revision, spec, waiting
from pulumi_press.provider.awaited import AwaitedDeploymentResource
from pulumi_press.provider.context import State
from pulumi_press.provider.errors import NotReadyError
from pulumi_press.provider.values import put
from tests.reliability.core.machine import run
from tests.reliability.oracle import Promise

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.values import Values
    from tests.reliability.core.world import Way

STEPS = 2500
SEED = 5


class AnyNumber(int):
    """A number that is equal to every other one, as if nobody compared."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        """Say yes."""
        return True

    def __ne__(self, other: object) -> bool:
        """Say no."""
        return False

    def __gt__(self, other: object) -> bool:
        """Say no."""
        return False


def forget_spec_look_up(patch: pytest.MonkeyPatch) -> None:
    """A spec whose creation was not answered is not looked up."""
    patch.setattr(spec, "find_spec", lambda *_: None)


def forget_deployment_look_up(patch: pytest.MonkeyPatch) -> None:
    """A deployment whose creation was not answered is not looked up."""
    patch.setattr(deployment, "find_deployment", lambda *_: None)


def forget_release_look_up(patch: pytest.MonkeyPatch) -> None:
    """A release whose publication was not answered is not looked up."""
    patch.setattr(publishing, "_find_release", lambda *_: None)


def forget_revision_look_up(patch: pytest.MonkeyPatch) -> None:
    """A revision whose creation was not answered is not looked up."""
    patch.setattr(revision, "_find", lambda *_: None)


def forget_notes(patch: pytest.MonkeyPatch) -> None:
    """What an ended run was about to make is not known."""
    patch.setattr(create_once.Intent, "recall", lambda *_: None)


def refuse_unchanged_patches(patch: pytest.MonkeyPatch) -> None:
    """A PATCH that finds nothing to change is an error."""

    def send_patch(send: Callable[[], object]) -> None:
        send()

    for module in (metadata, spec, deployment):
        patch.setattr(module, "send_patch", send_patch)


def compare_no_revisions(patch: pytest.MonkeyPatch) -> None:
    """A rollout takes any live revision for the one that was asked for."""
    describe = waiting._describe  # noqa: SLF001  # The one place where it looks.

    def blindly(*given: Any, **named: Any) -> Values:
        live = describe(*given, **named)
        number = live.get("latestRevision", {}).get("revision")
        return put(live, "latestRevision.revision", AnyNumber(number)) if number else live

    patch.setattr(waiting, "_describe", blindly)


def escape_no_ids(patch: pytest.MonkeyPatch) -> None:
    """Ids go into paths as they are."""
    patch.setattr(request, "quote", lambda text, **_: text)


def send_posts_again(patch: pytest.MonkeyPatch) -> None:
    """A POST is sent again though it may have been carried out."""
    patch.setattr(request.Request, "idempotent", True)


def fail_on_deleted(patch: pytest.MonkeyPatch) -> None:
    """What is gone already cannot be deleted."""

    class Never(NotFound):
        """Raised by nothing."""

    patch.setattr(waiting, "NotFound", Never)


def wait_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """A `Retry-After` is not read."""
    patch.setattr(transport, "seconds_to_wait", lambda *_: None)


def try_for_ever(patch: pytest.MonkeyPatch) -> None:
    """A call is tried as long as its deadline allows."""
    patch.setattr(retry.RetryPolicy, "__init__", _with_many_tries(retry.RetryPolicy.__init__))


def say_nothing(patch: pytest.MonkeyPatch) -> None:
    """Errors do not say what to do."""
    for kind in (errors.ServerError, errors.ResponseLost, errors.Timeout, errors.InvalidResponse, errors.NotFound):
        patch.setattr(kind, "advice", "")
    patch.setattr(errors.PressError, "__str__", lambda error: f"{error.method} {error.path}: {error.reason}")


def take_over_anything(patch: pytest.MonkeyPatch) -> None:
    """Whatever has the name is taken over, whatever the setting says."""
    for module in (spec, deployment):
        patch.setattr(module, "refuse", lambda *_, **__: "")


def read_no_marks(patch: pytest.MonkeyPatch) -> None:
    """A block of another stack is not known by its mark."""
    patch.setattr(adoption, "find_other_owner", lambda *_: "")


def know_no_own_marks(patch: pytest.MonkeyPatch) -> None:
    """A block of one's own is not known by its mark."""
    for module in (spec, deployment):
        patch.setattr(module, "is_of_stack", lambda *_: False)


def send_no_marks(patch: pytest.MonkeyPatch) -> None:
    """Notes carry no mark."""
    for module in (publishing, revision, deployment):
        patch.setattr(module, "mark_notes", lambda notes, *_: notes, raising=False)


def compare_no_ages(patch: pytest.MonkeyPatch) -> None:
    """A block that was there before anybody asked for it is taken for what an ended run made."""
    for module in (spec, deployment):
        patch.setattr(module, "was_there_before", lambda *_: False)


def delete_what_is_held(patch: pytest.MonkeyPatch) -> None:
    """An old entry of the state is deleted with the object that another entry holds by now."""
    patch.setattr(adoption, "is_taken_over", lambda *_: False)


def compare_no_edits(patch: pytest.MonkeyPatch) -> None:
    """A block that somebody edited since is taken for what an ended run left."""
    patch.setattr(spec, "_digest_told", lambda *_: "alike")


def replace_in_place(patch: pytest.MonkeyPatch) -> None:
    """What somebody demands to be replaced is not deleted first."""
    for kind in (BlockSpec, BlockDeployment):
        patch.setattr(kind, "has_unique_name", False)


def _with_many_tries(make: Callable[..., None]) -> Callable[..., None]:
    def made(policy: retry.RetryPolicy, **given: Any) -> None:
        make(policy, **{**given, "attempts": 40})

    return made


def mark_no_secrets(patch: pytest.MonkeyPatch) -> None:
    """What is secret goes to the engine in clear."""
    patch.setattr(operation, "dump", lambda values, _: dump(values))


def call_unready_ready(patch: pytest.MonkeyPatch) -> None:
    """A deployment is said to be ready whatever became of its revision."""
    await_revision = AwaitedDeploymentResource._await  # noqa: SLF001  # The one place where it waits.

    def await_nothing(*given: Any) -> State:
        try:
            return await_revision(*given)
        except NotReadyError as error:
            return State(error.state.inputs, {**error.state.outputs, "status": "deployed"})

    patch.setattr(AwaitedDeploymentResource, "_await", await_nothing)


def translate_no_names(patch: pytest.MonkeyPatch) -> None:
    """The engine is told the core's names."""
    patch.setattr(wire, "to_camel", str)


def ignore_cancel(patch: pytest.MonkeyPatch) -> None:
    """An operation that is cancelled goes on."""
    patch.setattr(NativeProvider, "Cancel", lambda *_: None)


def report_whole_properties(patch: pytest.MonkeyPatch) -> None:
    """A change is told by its property alone, as an update of it."""
    patch.setattr(differences, "write_path", lambda path: to_camel(re.split(r"[.\[]", path)[0]))


MUTANTS: list[tuple[Callable[[pytest.MonkeyPatch], None], set[Promise]]] = [
    (forget_spec_look_up, {Promise.RESUMES, Promise.DELETES, Promise.TRUTHFUL, Promise.CLEAR, Promise.SAFE}),
    (
        forget_deployment_look_up,
        {Promise.RESUMES, Promise.DELETES, Promise.TRUTHFUL, Promise.CLEAR, Promise.SAFE},
    ),
    (forget_release_look_up, {Promise.ONCE, Promise.RESUMES, Promise.CLEAR}),
    (forget_revision_look_up, {Promise.ONCE}),
    (forget_notes, {Promise.ONCE, Promise.RESUMES, Promise.TRUTHFUL}),
    (refuse_unchanged_patches, {Promise.RESUMES, Promise.CLEAR}),
    (compare_no_revisions, {Promise.TRUTHFUL}),
    (escape_no_ids, set(Promise)),
    (send_posts_again, {Promise.ONCE}),
    (fail_on_deleted, {Promise.DELETES, Promise.RESUMES}),
    (wait_for_nothing, {Promise.POLITE}),
    (try_for_ever, {Promise.POLITE}),
    (say_nothing, {Promise.CLEAR}),
    (take_over_anything, {Promise.SAFE}),
    (read_no_marks, {Promise.SAFE}),
    (know_no_own_marks, {Promise.RESUMES}),
    (send_no_marks, {Promise.TRUTHFUL}),
    (compare_no_ages, {Promise.SAFE}),
    (delete_what_is_held, {Promise.TRUTHFUL, Promise.RESUMES}),
    (compare_no_edits, {Promise.SAFE}),
    (replace_in_place, {Promise.SAFE, Promise.RESUMES}),
]
"""Mistakes of the core."""

THROUGH_PLUGIN = (
    forget_spec_look_up,
    forget_release_look_up,
    forget_revision_look_up,
    forget_notes,
    compare_no_revisions,
    escape_no_ids,
    say_nothing,
    delete_what_is_held,
)
"""Those that are found through the native plugin, too."""

PLUGIN_MUTANTS: list[tuple[Callable[[pytest.MonkeyPatch], None], set[Promise]]] = [
    (mark_no_secrets, {Promise.TRUTHFUL}),
    (call_unready_ready, {Promise.TRUTHFUL}),
    (translate_no_names, {Promise.TRUTHFUL}),
    (ignore_cancel, {Promise.POLITE}),
    (report_whole_properties, {Promise.TRUTHFUL}),
]
"""Mistakes of the plugin."""


@pytest.mark.parametrize(
    ("way", "mutate", "broken"),
    [
        *(("dynamic", *mutant) for mutant in MUTANTS),
        *(("native", *mutant) for mutant in MUTANTS if mutant[0] in THROUGH_PLUGIN),
        *(("native", *mutant) for mutant in PLUGIN_MUTANTS),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", ""),
)
def test_mistake_breaks_a_promise(
    way: Way,
    mutate: Callable[[pytest.MonkeyPatch], None],
    broken: set[Promise],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A provider with this mistake breaks one of these promises within so many steps."""
    mutate(monkeypatch)

    figures = run(STEPS, SEED, most_broken=1, way=way)

    found = {violation.promise for violation in figures.table.violations}
    assert found & broken, str(figures)
