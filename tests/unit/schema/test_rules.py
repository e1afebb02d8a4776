"""The rules that join several fields of a workflow, a service, a spec or its parameters."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.schema.arguments import BlockSpecArgs, BlockSpecReleaseArgs
from pulumi_press.schema.bodies import ReleaseBody, SpecBody
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.service import ServiceConfig
from pulumi_press.schema.validation import validate
from pulumi_press.schema.workflow import WorkflowConfig

RUN = {"command": "run", "imageDetails": {"id": 1}}
EVENTS = {"events": {"fail": True}}
WEBHOOK = {"name": "hook", "url": "https://hooks.example", "payload": "{}"}
EMAIL = {"name": "mail", "recipients": {"to": ["someone@example.com"]}}
OUTPUT = {"condition": "equals", "paramName": "rows", "value": "0"}
WHEN = "steps.a.executionParameters.conditional[0].stepName"
OTHER = "config: is that of a"
KEYS = "steps, triggers and watchers"


def steps(**given: Any) -> dict[str, Any]:
    """Make a workflow of steps, two images beside them."""
    return {"images": {"base": {}, "big": {}}, "steps": given}


def http(**auth: Any) -> dict[str, Any]:
    """Make a workflow of one request."""
    return steps(call={"type": "http", "method": "get", "url": "https://example.com", "auth": auth})


def after(*parents: Any) -> dict[str, Any]:
    """Make a step that runs after others."""
    return {**RUN, "parents": [*parents]}


def when(step: Any) -> dict[str, Any]:
    """Make a step that depends on what another put out."""
    return {**RUN, "executionParameters": {"conditional": [{**OUTPUT, "stepName": step}]}}


def told(shape: Any, value: Any) -> list[str]:
    """Give the mistakes as people read them."""
    return [str(failure) for failure in validate(shape, value)]


@pytest.mark.parametrize(
    "config",
    [
        pytest.param(steps(a={"command": "run", "imageRef": "base"}), id="an image by name"),
        pytest.param(steps(a={"command": "run", "image": {"dockerfile": "Dockerfile"}}), id="an image of its own"),
        pytest.param(steps(a={"command": "run", "imageRef": UNKNOWN}), id="an image that is not known yet"),
        pytest.param({"images": UNKNOWN, "steps": {"a": {"command": "run", "imageRef": "x"}}}, id="unknown images"),
        pytest.param(steps(a=RUN, b=after("a"), c=after("a", "b")), id="parents"),
        pytest.param(steps(a=after(UNKNOWN), b=UNKNOWN, c=after("b")), id="unknown steps and parents"),
        pytest.param(steps(a=RUN, b=when("a"), c=when(UNKNOWN)), id="a condition on another step"),
        pytest.param(steps(a={"type": "sql", "sqlQueryPath": "q.sql"}), id="a query in the artifact"),
        pytest.param(http(type="no-auth"), id="no authentication"),
        pytest.param(http(type="api-key"), id="api-key needs nothing more"),
        pytest.param(http(type="basic", username="me"), id="basic"),
        pytest.param(http(type="oauth", clientId="me", authUrl=UNKNOWN), id="oauth"),
        pytest.param(http(type="bearer-token", bearerToken="TOKEN"), id="bearer-token"),  # A secret's name.
        pytest.param(http(type=UNKNOWN), id="an authentication that is not known yet"),
        pytest.param({**steps(a=RUN), "triggers": [{"cron": "0 0 * * *"}, {"webhook": True}]}, id="triggers"),
        pytest.param({**steps(a=RUN), "triggers": []}, id="started by hand"),
        pytest.param({**steps(a=RUN), "triggers": [{"webhook": True, "webhookId": "id"}]}, id="a webhook with an id"),
        pytest.param(
            {
                **steps(a=RUN),
                "watchers": [{**EVENTS, "user": "me"}, {**EVENTS, "webhook": WEBHOOK}, {**EVENTS, "email": EMAIL}],
            },
            id="watchers",
        ),
    ],
)
def test_a_right_workflow_has_no_mistake(config: dict[str, Any]) -> None:
    """What the rules allow, and what is not known yet, is no mistake."""
    assert told(WorkflowConfig, config) == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        pytest.param(
            steps(a={"command": "run", "imageRef": "bsae"}),
            [
                (
                    "steps.a.imageRef: names no image: 'bsae' is not in config.images (there: base, big); "
                    "did you mean `base`?"
                )
            ],
            id="an image that is not there",
        ),
        pytest.param(
            {"steps": {"a": {"command": "run", "imageRef": "base"}}},
            ["steps.a.imageRef: names no image: 'base' is not in config.images (there: none)"],
            id="no images at all",
        ),
        pytest.param(
            steps(a={"command": "run"}), ["steps.a: needs image, imageRef or imageDetails"], id="no source of an image"
        ),
        pytest.param(
            steps(a={"command": "run", "imageRef": "base", "imageDetails": UNKNOWN}),
            ["steps.a: has imageRef and imageDetails; give only one of image, imageRef or imageDetails"],
            id="two sources of an image",
        ),
        pytest.param(
            steps(a={"type": "sql"}), ["steps.a: needs sqlQueryPath or repository"], id="a query from nowhere"
        ),
        pytest.param(
            steps(a={"type": "sql", "sqlQueryPath": "q", "repository": UNKNOWN}),
            ["steps.a: has sqlQueryPath and repository; give only one of sqlQueryPath or repository"],
            id="a query from two places",
        ),
        pytest.param(
            steps(a=after("z"), b=RUN),
            ["steps.a.parents[0]: names no step: 'z' is not in config.steps (there: a, b)"],
            id="a parent that is not there",
        ),
        pytest.param(steps(a=after("a")), ["steps.a.parents[0]: names the step itself"], id="its own parent"),
        pytest.param(
            steps(a=after("b"), b=after("a"), c=after("a")),
            [
                "steps.a.parents: form a circle: the step would wait for itself; take away b",
                "steps.b.parents: form a circle: the step would wait for itself; take away a",
            ],
            id="a circle, and one who waits for it",
        ),
        pytest.param(
            steps(a=after("c"), b=after("a"), c=after("d", "b"), d=RUN),
            [
                f"steps.{name}.parents: form a circle: the step would wait for itself; take away {parent}"
                for name, parent in ("ac", "ba", "cb")
            ],
            id="a long circle",
        ),
        pytest.param(
            steps(a=when("z")),
            [f"{WHEN}: names no step: 'z' is not in config.steps (there: a)"],
            id="a condition on a step that is not there",
        ),
        pytest.param(
            http(type="oauth"),
            [
                "steps.call.auth.clientId: is required when the type is oauth",
                "steps.call.auth.authUrl: is required when the type is oauth",
            ],
            id="oauth without its needs",
        ),
        pytest.param(
            http(type="basic", password="PASSWORD"),  # A secret's name.
            ["steps.call.auth.username: is required when the type is basic"],
            id="basic without a user",
        ),
        pytest.param(
            http(type="bearer-token"),
            ["steps.call.auth.bearerToken: is required when the type is bearer-token"],
            id="bearer-token without one",
        ),
        pytest.param(
            {**steps(a=RUN), "triggers": [{}, {"cron": "0 0 * * *", "webhook": True}, {"webhookId": "id"}]},
            [
                "triggers[0]: needs cron or webhook",
                "triggers[1]: has cron and webhook; give only one of cron or webhook",
                "triggers[2]: needs cron or webhook",
            ],
            id="triggers of no kind and of two",
        ),
        pytest.param(
            {**steps(a=RUN), "watchers": [EVENTS, {**EVENTS, "user": "me", "webhook": WEBHOOK, "email": EMAIL}]},
            [
                "watchers[0]: needs user, webhook or email",
                "watchers[1]: has user and webhook and email; give only one of user, webhook or email",
            ],
            id="watchers of no kind and of all",
        ),
        pytest.param(
            steps(**{"a.b": after("a.b")}), ['steps["a.b"].parents[0]: names the step itself'], id="a name with a dot"
        ),
    ],
)
def test_a_wrong_workflow_is_told_so(config: dict[str, Any], expected: list[str]) -> None:
    """Each rule tells where it is broken and what to do."""
    assert told(WorkflowConfig, config) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"imageDetails": {"id": 1}}, []),
        ({"image": UNKNOWN}, []),
        ({}, ["needs image or imageDetails"]),
        (
            {"image": {}, "imageDetails": {"id": 1}},
            ["has image and imageDetails; give only one of image or imageDetails"],
        ),
        ({"image": {}, "sessionStickiness": True, "scaleToZero": "@param:zero"}, []),
        ({"image": {}, "serviceType": "web-app", "scaleToZero": True}, []),
        ({"image": {}, "serviceType": UNKNOWN, "scaleToZero": True}, []),
        ({"image": {}, "serviceType": "api", "scaleToZero": UNKNOWN, "sessionStickiness": False}, []),
        (
            {"image": {}, "serviceType": "api", "sessionStickiness": True, "scaleToZero": "@param:zero"},
            [
                "sessionStickiness: is only for a service of type web-app",
                "scaleToZero: is only for a service of type web-app",
            ],
        ),
    ],
)
def test_the_rules_of_a_service(config: dict[str, Any], expected: list[str]) -> None:
    """A service has one image, and an API none of the flags of a web app."""
    assert told(ServiceConfig, config) == expected


WORKFLOW: dict[str, Any] = {"steps": {"a": RUN}}
SERVICE: dict[str, Any] = {"imageDetails": {"id": 1}}


@pytest.mark.parametrize(
    ("kind", "config", "expected"),
    [
        ("workflow", WORKFLOW, []),
        ("service", SERVICE, []),
        (UNKNOWN, WORKFLOW, []),
        ("service", UNKNOWN, []),
        (
            "service",
            WORKFLOW,
            [f"{OTHER} workflow ({KEYS}), but kind is service; set kind to workflow, or take those away"],
        ),
        (
            "workflow",
            SERVICE,
            [f"{OTHER} service (no steps), but kind is workflow; set kind to service, or give it steps"],
        ),
    ],
)
@pytest.mark.parametrize("shape", [SpecBody, BlockSpecArgs])
def test_a_config_is_of_the_specs_own_kind(shape: Any, kind: Any, config: Any, expected: list[str]) -> None:
    """A spec of one kind with the config of the other is told so."""
    spec = {"version": 1, "kind": kind, "metadata": {"name": "n", "summary": "s"}, "release": {"version": "1.0.0"}}

    assert told(shape, {**spec, "config": config}) == expected


@pytest.mark.parametrize(
    ("shape", "beside"),
    [
        (BlockSpecArgs, {"kind": "workflow", "metadata": {"name": "n", "summary": "s"}}),
        (BlockSpecReleaseArgs, {"spec_id": "id", "release": {"version": "1.0.0"}}),
        (ReleaseBody, {"release": {"version": "1.0.0"}}),
    ],
)
def test_the_rules_of_a_config_hold_wherever_there_is_one(shape: Any, beside: dict[str, Any]) -> None:
    """The rules of a workflow are told of a spec's config and of a release's, with the whole path."""
    expected = ["config.steps.a: needs image, imageRef or imageDetails"]

    assert told(shape, {**beside, "config": {"steps": {"a": {"command": "run"}}}}) == expected


def declare(*names: Any) -> list[dict[str, Any]]:
    """Declare parameters by these names."""
    return [{"name": name, "type": "string", "required": False} for name in names]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"run": declare("a", "b"), "build": declare("a", "b")}, []),
        ({"run": declare(UNKNOWN, UNKNOWN)}, []),
        ({"run": UNKNOWN, "build": [UNKNOWN]}, []),
        ({"run": declare("a", "b", "a")}, ["run[2].name: is declared twice: 'a'"]),
        (
            {"build": declare("a", "a"), "run": declare("b", "b", "b")},
            [
                "build[1].name: is declared twice: 'a'",
                "run[1].name: is declared twice: 'b'",
                "run[2].name: is declared twice: 'b'",
            ],
        ),
    ],
)
def test_a_parameter_is_declared_once(parameters: dict[str, Any], expected: list[str]) -> None:
    """A name is unique in its list; the two lists do not meet."""
    spec = {"kind": "workflow", "metadata": {"name": "n", "summary": "s"}, "config": WORKFLOW}

    assert told(Parameters, parameters) == expected
    assert told(BlockSpecArgs, {**spec, "parameters": parameters}) == [f"parameters.{failure}" for failure in expected]
