"""The real client makes mistakes, and its own exceptions tell them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pulumi_press.emulator import LocalPress


@pytest.fixture(scope="module")
def calls(client: Any, bodies: dict[str, Any]) -> dict[str, Any]:
    """Make one mistake after the other, and return the calls by their labels."""
    recorded: dict[str, Any] = client.record("mistakes", bodies)
    return recorded


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("no such spec", "NotFoundException"),
        ("no such release", "NotFoundException"),
        ("no such deployment", "NotFoundException"),
        ("no such revision", "NotFoundException"),
        ("no such parameters", "NotFoundException"),
        ("no such relations", "NotFoundException"),
        ("releases of no such spec", "NotFoundException"),
        ("update no such spec", "NotFoundException"),
        ("release of no such spec", "NotFoundException"),
        ("deploy no such spec", "NotFoundException"),
        ("revise no such deployment", "NotFoundException"),
        ("redeploy no such deployment", "NotFoundException"),
        ("delete no such spec", "NotFoundException"),
        ("delete no such deployment", "NotFoundException"),
        ("an unknown release", "NotFoundException"),
        ("the name is taken", "UnprocessableEntityException"),
        ("the name of a deployment is taken", "UnprocessableEntityException"),
        ("nothing to build from", "UnprocessableEntityException"),
        ("a body without a kind", "UnprocessableEntityException"),
        ("rehearse a body without a kind", "UnprocessableEntityException"),
        ("an unknown scope", "UnprocessableEntityException"),
        ("the same version", "UnprocessableEntityException"),
        ("rehearse the same version", "UnprocessableEntityException"),
        ("a release of another kind", "UnprocessableEntityException"),
        ("an unknown field", "UnprocessableEntityException"),
        ("an unknown status", "UnprocessableEntityException"),
        ("a run parameter of the wrong type", "UnprocessableEntityException"),
        ("delete a spec in use", "UnprocessableEntityException"),
        ("a revision with an unknown field", "UnprocessableEntityException"),
        ("a summary that is no text", "UnprocessableEntityException"),
        ("an unknown order", "UnprocessableEntityException"),
        ("a page that is too large", "UnprocessableEntityException"),
        ("change an unknown parameter", "BadRequestException"),
        ("change a parameter to what is no option", "BadRequestException"),
        ("an unknown direction", "BadRequestException"),
        ("an unknown filter", "BadRequestException"),
        ("page zero", "BadRequestException"),
        ("redeploy what works", "ConflictException"),
        ("a revision amid a rollout", "ConflictException"),
        ("change a neighbour's public spec", "ForbiddenException"),
        ("release a neighbour's public spec", "ForbiddenException"),
        ("delete a neighbour's public spec", "ForbiddenException"),
        ("an artifact over the client's limit", "FileLimitExceededException"),
        ("an artifact over the service's limit", "PayloadTooLargeException"),
        ("an unknown token", "UnauthorizedException"),
        ("an unknown token that writes", "UnauthorizedException"),
    ],
)
def test_a_mistake_is_told_by_a_documented_exception(label: str, expected: str, calls: dict[str, Any]) -> None:
    """Each mistake ends in the one of the documented exceptions that fits it."""
    assert calls[label].error["type"] == expected
    assert calls[label].deviations == []


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """What is no mistake is answered, and what is one ends in an exception that the call documents."""
    assert [deviation for call in calls.values() for deviation in call.deviations] == []


def test_mistakes_store_nothing(calls: dict[str, Any], press: LocalPress) -> None:
    """There is what went well, and nothing of what did not."""
    state = press.state()

    assert [call.label for call in calls.values() if not call.error] == [
        "create the spec",
        "deploy",
        "deploy what never comes up",
        "publish for all",
        "describe a neighbour's public spec",
    ]
    assert [[release["version"] for release in spec["releases"]] for spec in state["specs"]] == [["1.0.0"]] * 2
    assert [[revision["revision"] for revision in each["revisions"]] for each in state["deployments"]] == [[1]] * 2
    assert [spec["featured"] for spec in state["specs"]] == [False, False]


def test_an_artifact_over_the_clients_limit_is_never_sent(calls: dict[str, Any], press: LocalPress) -> None:
    """The client refuses it by itself."""
    assert calls
    sizes = [part["size"] for entry in press.requests() for part in entry["parts"] or [] if part["name"] == "artifact"]

    assert all(size < 2**20 for size in sizes)
