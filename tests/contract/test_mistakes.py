"""The real client makes mistakes, and its own exceptions tell them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress

ASSUME = {"artifact_limit": 2**16}


@pytest.fixture(scope="module")
def calls(client: Any, bodies: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Make one mistake after the other, and return the calls by their labels."""
    too_large = {}
    for whose, size in [("client", 11 * 2**20), ("service", 2**17)]:
        folder = tmp_path_factory.mktemp(whose)
        (folder / "noise").write_bytes(random.Random(size).randbytes(size))  # noqa: S311 - nothing secret about it.
        too_large[whose] = str(folder)
    recorded: dict[str, Any] = client.record("mistakes", {**bodies, "too_large": too_large})
    return recorded


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("no such spec", "NotFoundException"),
        ("no such release", "NotFoundException"),
        ("no such deployment", "NotFoundException"),
        ("no such revision", "NotFoundException"),
        ("no such parameters", "NotFoundException"),
        ("delete no such spec", "NotFoundException"),
        ("delete no such deployment", "NotFoundException"),
        ("a body without a kind", "UnprocessableEntityException"),
        ("rehearse a body without a kind", "UnprocessableEntityException"),
        ("the same version", "UnprocessableEntityException"),
        ("an unknown order", "UnprocessableEntityException"),
        ("a run parameter of the wrong type", "UnprocessableEntityException"),
        ("redeploy what works", "ConflictException"),
        ("change an unknown parameter", "BadRequestException"),
        ("an artifact over the client's limit", "FileLimitExceededException"),
        ("an artifact over the service's limit", "PayloadTooLargeException"),
        ("an unknown token", "UnauthorizedException"),
    ],
)
def test_a_mistake_is_told_by_a_documented_exception(label: str, expected: str, calls: dict[str, Any]) -> None:
    """Each mistake ends in the one of the documented exceptions that fits it."""
    assert calls[label].error["type"] == expected
    assert calls[label].deviations == []


def test_a_name_that_is_taken_is_refused(calls: dict[str, Any], press: LocalPress) -> None:
    """Which status that is cannot be known, so it is a setting; the words name the field."""
    exceptions = {400: "BadRequestException", 409: "ConflictException", 422: "UnprocessableEntityException"}
    error = calls["the name is taken"].error

    assert error["type"] == exceptions[press.info()["assumptions"]["duplicate_name"]]
    assert "metadata.name" in error["told"]["detail"]


def test_mistakes_store_nothing(calls: dict[str, Any], press: LocalPress) -> None:
    """There is what went well, and nothing of what did not."""
    state = press.state()

    assert [call.label for call in calls.values() if not call.error] == ["create the spec", "deploy"]
    assert [[release["version"] for release in spec["releases"]] for spec in state["specs"]] == [["1.0.0"]]
    assert [[revision["revision"] for revision in each["revisions"]] for each in state["deployments"]] == [[1]]


def test_an_artifact_over_the_clients_limit_is_never_sent(calls: dict[str, Any], press: LocalPress) -> None:
    """The client refuses it by itself."""
    assert calls
    sizes = [part["size"] for entry in press.requests() for part in entry["parts"] or [] if part["name"] == "artifact"]

    assert all(size < 2**20 for size in sizes)
