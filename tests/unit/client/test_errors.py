"""The tree of errors and what each of them tells."""

from __future__ import annotations

import copy
import inspect
import pickle
import re
from typing import TYPE_CHECKING

import pytest

from pulumi_press.client import errors
from pulumi_press.client.errors import LocalFileMissing, PressError

if TYPE_CHECKING:
    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press

TREE = inspect.getdoc(errors) or ""
CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, PressError)]


def drawn(kind: type[PressError], depth: int = 0) -> list[tuple[int, str]]:
    """Return the tree that there is, as depth and name."""
    below = sorted(kind.__subclasses__(), key=lambda sub: TREE.find(f" {sub.__name__} "))
    return [(depth, kind.__name__), *(row for sub in below for row in drawn(sub, depth + 1))]


def test_the_tree_is_drawn_as_it_is() -> None:
    """The drawing at the top of the module names each class once, below the class that it belongs to."""
    lines = re.findall(r"^([│├└─ ]*)(\w+)(?:  .*| \(.*)?$", TREE.split("\n\n")[1], re.MULTILINE)

    assert [(len(lead) // 4, name) for lead, name in lines] == drawn(PressError)


def test_every_error_is_public() -> None:
    """Whoever catches an error can import it from one module."""
    assert all(getattr(errors, kind.__name__) is kind for kind in CLASSES)
    assert {*errors.__all__} == {kind.__name__ for kind in CLASSES} | {
        "describe_body",
        "is_loopback",
        "one_line",
        "status_error",
    }


@pytest.mark.parametrize(
    ("status", "name", "text"),
    [
        (
            307,
            "Redirected",
            "was redirected: 307 Temporary Redirect: w. Redirects are not followed: set press",
        ),
        (400, "BadRequest", "was refused: 400 Bad Request: w"),
        (401, "Unauthorized", "was refused: 401 Unauthorized: w. Try again with a valid token of this stage."),
        (403, "Forbidden", "was refused: 403 Forbidden: w"),
        (404, "NotFound", "was refused: 404 Not Found: w"),
        (409, "Conflict", "was refused: 409 Conflict: w"),
        (413, "PayloadTooLarge", "was refused: 413 "),
        (418, "UnexpectedStatus", "was refused: 418 "),
        (422, "UnprocessableEntity", "was refused: 422 "),
        (501, "ServerError", "failed: 501 Not Implemented: w. The server does not know this path: set press:endpoint"),
        (599, "ServerError", "failed: 599: w"),
    ],
)
def test_each_status_has_its_error(client: Client, press: Press, status: int, name: str, text: str) -> None:
    """An error says what was asked of whom, what came back, and carries the same as facts."""
    press.answers(status, {"detail": "w"})

    with pytest.raises(PressError) as caught:
        client.describe_spec_release("s/t", "1.0.0")

    error, host = caught.value, client.endpoint.removeprefix("http://")
    assert type(error).__name__ == name
    assert str(error).startswith(f"GET /v1/blocks/specs/s%2Ft/releases/1.0.0 at {host} {text}")
    facts = (error.method, error.path, error.host, error.status, error.detail, error.attempts, error.request_id)
    sent = press.received[0]
    assert facts == ("GET", sent.target, host, status, "w", 1, sent.headers["x-peak-requestid"])


@pytest.mark.parametrize(
    ("host", "advice"),
    [
        ("127.0.0.1:8600", "start a local Press with `pulumi-press emulator --port 8600`, or set press:endpoint"),
        ("[::1]:8600", "start a local Press with `pulumi-press emulator --port 8600`, or set press:endpoint"),
        ("localhost", "start a local Press with `pulumi-press emulator`, or set press:endpoint"),
        ("press.peak.ai", "Check press:endpoint and the network, and try again."),
        ("broken:port", "Check press:endpoint and the network, and try again."),
    ],
)
def test_a_local_press_that_does_not_run_is_to_be_started(host: str, advice: str) -> None:
    """Where nothing listens on this machine, the network is not at fault; elsewhere it may be."""
    error = errors.ConnectionRefused("no connection: Connection refused", method="GET", path="/x", host=host)

    assert advice in str(error)


@pytest.mark.parametrize("status", [501, 505, 404])
def test_a_wrong_path_is_not_to_be_tried_again(client: Client, press: Press, status: int) -> None:
    """What no other attempt can change is answered with the setting that may be wrong."""
    press.answers(status, {"detail": "no such path"})

    with pytest.raises(PressError) as caught:
        client.describe_spec("s")

    assert "set press:endpoint" in str(caught.value)
    assert "ry again" not in str(caught.value)


@pytest.mark.parametrize("kind", CLASSES)
def test_an_error_can_travel(kind: type[PressError]) -> None:
    """Errors can be copied and pickled, with all they know."""
    error = kind("reason", method="POST", path="/x", host="h", status=404, detail="w", attempts=2, outcome_unknown=True)

    for twin in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 - our own bytes.
        assert (type(twin), vars(twin), str(twin)) == (kind, vars(error), str(error))


def test_an_error_before_any_call_is_only_its_reason() -> None:
    """There is no request to tell of."""
    error = LocalFileMissing("fallback_params_file 'x' does not exist")

    assert str(error) == "fallback_params_file 'x' does not exist"
    assert repr(error) == "LocalFileMissing(\"fallback_params_file 'x' does not exist\")"


def test_a_long_path_is_shortened_in_the_message() -> None:
    """The path may hold an id of any length; the attribute keeps all of it."""
    error = errors.NotFound("404 Not Found", method="GET", path="/v1/blocks/specs/" + "y" * 100_000, host="h")

    assert len(error.path) > 100_000
    assert len(str(error)) < 1_000
    assert "more characters) at h was refused: 404 Not Found. It may have been deleted" in str(error)
