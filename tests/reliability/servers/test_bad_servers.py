"""A service that answers badly, in any way to any request, makes one clear error and nothing wrong in the state."""

from __future__ import annotations

import random
import socket
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from pulumi_press.client.token import Token
from pulumi_press.client.transport import Transport
from tests.reliability.servers.campaign import play_answers, play_places
from tests.reliability.servers.coverage import find_described, find_met
from tests.reliability.servers.judge import find_wrong_message, find_wrong_size
from tests.reliability.servers.operations import OPERATIONS
from tests.reliability.servers.runner import Runner
from tests.reliability.servers.stage import Outcome, open_stage
from tests.reliability.servers.wire import Answer, Asked, Closed, Reset, Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tests.reliability.servers.operations import Operation
    from tests.reliability.servers.stage import Stage

SEED = 20_250_601
SHARE = 0.06
"""Of all cases; `python -m tests.reliability.servers` tries every one."""

NOT_MET = {
    "describe_deployment": {"parent", "parent.id"},
    "describe_deployment_revision": {f"resources.[].errors.[].{name}" for name in ("code", "createdAt", "message")},
    "describe_spec": {"latestRelease.artifact", "latestRelease.artifact.id", "latestRelease.artifact.version"},
    "describe_spec_release": {"artifact", "artifact.id", "artifact.version"},
}
"""Fields that the provider leaves alone, by call."""

NOT_CALLED = {"execute_resources", "read_tenant"}
"""Calls that the provider has no use for."""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A good service, and a server that answers as it is told."""
    with open_stage() as opened:
        yield opened


every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)


def find_broken(stage: Stage, operation: Operation, share: float) -> list[str]:
    """Try a share of the cases of an operation; give what is wrong."""
    rehearsed = stage.rehearse(operation)
    plays = [*play_answers(stage, rehearsed), *play_places(stage, rehearsed)]
    chance = random.Random(f"{SEED} {operation.name}")  # noqa: S311  # It hides nothing.
    cases = [play() for play in chance.sample(plays, int(len(plays) * share))]
    return [f"{case.name}: {what}" for case in cases for what in (*case.unclear, *case.untruthful)]


@every_operation
def test_no_bad_answer_breaks_a_promise(stage: Stage, operation: Operation) -> None:
    """Whatever is answered, the operation ends soon, tells clearly what failed, and keeps what is wrong to itself."""
    assert find_broken(stage, operation, SHARE) == []


@every_operation
def test_no_redirect_is_followed(stage: Stage, operation: Operation) -> None:
    """Where a redirect points, nothing is ever asked for, with the token or without."""
    rehearsed = stage.rehearse(operation)
    with Server(lambda _: (bytes(Answer(200, b"{}")),)) as elsewhere:

        def redirect(asked: Asked, _: Answer) -> Iterable[bytes]:
            target = f"{elsewhere.url}{asked.target}"
            return (bytes(Answer(statuses[index % len(statuses)]).bearing(location=target)),)

        statuses = (301, 302, 303, 307, 308)
        for index in range(len(rehearsed.script.exchanges) * len(statuses)):
            outcome = stage.play(rehearsed, index // len(statuses), redirect)
            assert list(find_wrong_message(rehearsed, outcome)) == []
            assert list(find_wrong_size(outcome)) == []
    assert elsewhere.asked == []


@every_operation
@pytest.mark.parametrize("end", [Closed, Reset])
def test_a_service_that_hangs_up_is_told_of(stage: Stage, operation: Operation, end: type[Closed]) -> None:
    """A service that takes every request and answers none is given up after a few tries."""
    rehearsed = stage.rehearse(operation)

    def hang_up(_: Asked) -> Iterator[bytes]:
        yield b""
        raise end

    outcome = stage.run(rehearsed, hang_up)

    assert list(find_wrong_message(rehearsed, outcome)) == []
    attempts = Counter(asked.headers["x-peak-requestid"] for asked in outcome.asked)
    assert max(attempts.values()) <= 4
    assert outcome.error is not None or operation.name == "check a deployment"


@every_operation
def test_a_service_that_is_not_there_is_told_of(stage: Stage, operation: Operation) -> None:
    """Where nobody listens, the message says so."""
    rehearsed = stage.rehearse(operation)
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    runner = Runner(f"http://127.0.0.1:{port}", settings=dict(operation.settings))
    error: Any = None
    try:
        rehearsed.act(runner)
    except Exception as failure:  # noqa: BLE001  # Which it is, is judged here.
        error = failure

    assert list(find_wrong_message(rehearsed, Outcome(error=error))) == []
    assert "Connection refused" in str(error) or operation.name == "check a deployment"


def test_every_field_of_every_answer_is_put_to_the_test(stage: Stage) -> None:
    """What the description of the service says of answers, the operations meet; so a new field cannot be missed."""
    exchanges = [exchange for operation in OPERATIONS for exchange in stage.rehearse(operation).script.exchanges]
    met = find_met(exchanges)

    missed = {
        name: fields - met.get(name, set()) for name, fields in find_described().items() if name not in NOT_CALLED
    }
    assert {name: fields for name, fields in missed.items() if fields} == NOT_MET


@pytest.mark.parametrize(
    "name", ["read a deployment", "roll out", "read a spec", "update a deployment", "list_deployments"]
)
def test_an_answer_that_nobody_looks_at_is_found_out(stage: Stage, name: str) -> None:
    """Without the shapes of answers the harness reports violations: it does bite."""
    send = Transport.send

    def send_unseen(transport: Transport, call: Any, _: Any) -> Any:
        return send(transport, call, lambda answer: answer)

    operation = next(operation for operation in OPERATIONS if operation.name == name)
    stage.rehearse(operation)
    with mock.patch.object(Transport, "send", send_unseen):
        assert find_broken(stage, operation, 0.2) != []


def test_a_token_that_is_not_hidden_is_found_out(stage: Stage) -> None:
    """Without the hiding of the token the harness reports it."""
    operation = next(operation for operation in OPERATIONS if operation.name == "read a spec")
    stage.rehearse(operation)
    with mock.patch.object(Token, "hide", lambda _, text: text):
        assert any("the token is in it" in what for what in find_broken(stage, operation, 1.0))
