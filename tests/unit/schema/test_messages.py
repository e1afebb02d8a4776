"""What is said of a mistake: all at once, once each, in words that say what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pulumi_press.schema import shapes
from pulumi_press.schema.arguments import BlockDeploymentArgs, BlockSpecArgs, BlockSpecReleaseArgs, Timeouts
from pulumi_press.schema.bodies import SpecBody
from pulumi_press.schema.images import Image, ImageDetails
from pulumi_press.schema.parameters import Parameters
from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.service import ServiceConfig
from pulumi_press.schema.validation import json_schema, validate
from pulumi_press.schema.workflow import RetryOptions, StandardStep, Trigger, WorkflowConfig


def told(shape: Any, value: Any) -> list[str]:
    """Give the mistakes as people read them."""
    return [str(failure) for failure in validate(shape, value)]


def test_all_mistakes_are_told_at_once() -> None:
    """One look finds the mistakes of shapes at every depth and those of the rules."""
    body = {
        "version": "2",
        "kind": "workflow",
        "metadata": {"summary": 3, "tags": [{"name": "ok"}, {"label": "x"}], "imageURL": "https://pictures.example"},
        "release": {"version": "1.0"},
        "config": {
            "images": {"base": {"useCache": "yes"}},
            "steps": {
                "load": {"command": "", "imageRef": "base", "resources": {"instanceTypeId": "21"}},
                "sum": {"command": "sum", "imageRef": "bsae", "parents": ["lod"]},
                "send": {"type": "ftp"},
            },
            "triggers": [{"cron": "daily"}],
        },
    }

    assert sorted(told(SpecBody, body)) == [
        "config.images.base.useCache: must be true or false, not a text",
        "config.steps.load.command: must not be empty",
        "config.steps.load.resources.instanceTypeId: must be a whole number, not a text",
        "config.steps.send.type: must be 'standard', 'http', 'export' or 'sql'",
        "config.steps.sum.imageRef: names no image: 'bsae' is not in config.images (there: base); did you mean `base`?",
        (
            "config.steps.sum.parents[0]: names no step: 'lod' is not in config.steps (there: load, send, sum); "
            "did you mean `load`?"
        ),
        "config.triggers[0].cron: must look like 0 0 * * *",
        "metadata.imageURL: is not a known property; did you mean `imageUrl`?",
        "metadata.name: is required",
        "metadata.summary: must be a text, not a whole number; put it in quotes",
        "metadata.tags[1].label: is not a known property (known: name)",
        "metadata.tags[1].name: is required",
        "release.version: '1.0' is not a semantic version; write one like 1.0.0 or 1.1.0-beta.1",
        "version: must be 1 or '1'",
    ]


def test_a_wrong_value_is_told_once() -> None:
    """Where the shape has a mistake, a rule says nothing more of the same value."""
    step = {"command": "run", "imageRef": ""}

    assert told(WorkflowConfig, {"steps": {"a": step}}) == ["steps.a.imageRef: must not be empty"]


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        (SpecBody, [], "must be an object, not a list"),
        (SpecBody, None, "must be an object, not nothing"),
        (Image, {"useCache": 1}, "useCache: must be true or false, not a whole number"),
        (Image, {"useCache": "@param:"}, "useCache: must be true or false, not a text"),
        (Image, {"secrets": "A"}, 'secrets: must be a list, not a text; write one such as ["..."]'),
        (Image, {"secrets": ["A", 1.5]}, "secrets[1]: must be a text, not a number; put it in quotes"),
        (
            Image,
            {"buildArguments": {"SIZE": 1000}},
            "buildArguments.SIZE: must be a text, not a whole number; put it in quotes",
        ),
        (
            Image,
            {"buildArguments": ["SIZE"]},
            'buildArguments: must be an object, not a list; write one such as {"name": "..."}',
        ),
        (ImageDetails, {"id": True}, "id: must be a whole number or a text, not true or false"),
        (ImageDetails, {"id": 1, "versionId": 1.5}, "versionId: must be a whole number or a text, not a number"),
        (RetryOptions, {"duration": -1}, "duration: should be greater than or equal to 0"),
        (RetryOptions, {"duration": 120.5}, "duration: should be less than or equal to 120"),
        (RetryOptions, {"numberOfRetries": 6}, "numberOfRetries: should be less than or equal to 5"),
        (RetryOptions, {"numberOfRetries": 2.5}, "numberOfRetries: must be a whole number, not a number"),
        (RetryOptions, {"duration": float("inf")}, "duration: must be a finite number"),
        (StandardStep, {"command": "run", "stepTimeout": float("nan")}, "stepTimeout: must be a finite number"),
        (StandardStep, {"command": "\ud800"}, "command: has a character that no text may have"),
        (WorkflowConfig, {"steps": {}}, "steps: must not be empty"),
        (
            WorkflowConfig,
            {"steps": {"a": "run"}},
            'steps.a: must be an object, not a text; write one such as {"command": "..."}',
        ),
        (
            WorkflowConfig,
            {"steps": {"a": {"type": ["http"]}}},
            "steps.a.type: must be 'standard', 'http', 'export' or 'sql'",
        ),
        (Timeouts, {"create": "20 minutes"}, "create: must look like 20m or 1h30m"),
        (Timeouts, {"delete": "1m30"}, "delete: must look like 20m or 1h30m"),
        (Timeouts, {"update": ""}, "update: must look like 20m or 1h30m"),
        (
            BlockDeploymentArgs,
            {"metadata": {"name": "d"}, "spec": "id"},
            'spec: must be an object, not a text; write one such as {"id": "..."}',
        ),
        (SpecBody, {"version": True}, "version: must be 1 or '1'"),
    ],
)
def test_a_mistake_says_what_is_wanted(shape: Any, value: Any, expected: str) -> None:
    """The words are those of a person, not those of the library that checks."""
    assert expected in told(shape, value)


@pytest.mark.parametrize("cron", ["0 0 * * *", "*/5 1-3 1,15 * MON", "0 0 12 * * ?", "@param:when"])
def test_a_schedule_is_five_fields_or_a_reference(cron: str) -> None:
    """A schedule may also be that of a build parameter."""
    assert told(Trigger, {"cron": cron}) == []


@pytest.mark.parametrize("text", ["45s", "20m", "1h", "1h30m", "1h0m5s"])
def test_a_timeout_is_written_in_hours_minutes_and_seconds(text: str) -> None:
    """Each part may be left out, but not all."""
    assert told(Timeouts, {"create": text}) == []


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Image, {"useCache": "@param:cache"}),
        (StandardStep, {"command": "@param:command", "stepTimeout": "@param:t", "clearImageCache": "@param:c"}),
        (StandardStep, {"command": "run", "resources": {"instanceTypeId": "@param:size", "storage": "@param:disk"}}),
        (RetryOptions, {"duration": "@param:d", "numberOfRetries": "@param:n", "exponentialBackoff": "@param:b"}),
        (ServiceConfig, {"image": {}, "minInstances": "@param:n", "healthCheckURL": "@param:url"}),
    ],
)
def test_a_reference_stands_for_a_number_or_a_flag(shape: Any, value: Any) -> None:
    """`@param:<name>` is taken also where a number or true or false is wanted."""
    assert told(shape, value) == []


def test_keys_that_look_like_the_librarys_own_marks_stay_in_the_path() -> None:
    """A step may be called what the library calls the cases of a step."""
    wrong = {"command": 1, "imageDetails": {"id": 1}}

    assert told(WorkflowConfig, {"steps": {"<standard>": wrong, "[key]": wrong, "int": wrong}}) == [
        "steps.<standard>.command: must be a text, not a whole number; put it in quotes",
        'steps["[key]"].command: must be a text, not a whole number; put it in quotes',
        "steps.int.command: must be a text, not a whole number; put it in quotes",
    ]


def test_a_key_that_is_no_text_is_told() -> None:
    """Keys are texts."""
    assert told(Image, {"buildArguments": {1: "x"}}) == [
        "buildArguments[1]: must be a text, not a whole number; put it in quotes"
    ]


def test_a_step_of_an_unknown_type_is_not_judged() -> None:
    """Which fields a step may have is not known before its type is; another unknown field hides no wrong type."""
    assert told(WorkflowConfig, {"steps": {"a": {"type": UNKNOWN, "command": 1}}}) == []
    assert told(WorkflowConfig, {"steps": {"a": {"type": "ftp", "command": UNKNOWN}}}) == [
        "steps.a.type: must be 'standard', 'http', 'export' or 'sql'"
    ]


def test_conditions_are_told_apart_by_their_keys() -> None:
    """One condition and several are both right, at any depth, and each is judged as what it looks like."""
    one = {"dependsOn": "a", "operator": "equals", "value": 1}
    several = {"conditionType": "AND", "conditions": [one, {"conditionType": "OR", "conditions": [one]}]}
    parameter = {"name": "b", "type": "string", "required": False}

    assert told(Parameters, {"run": [{**parameter, "conditions": [one, several]}]}) == []
    assert told(Parameters, {"run": [{**parameter, "conditions": [{"conditionType": "AND"}, {}, 3]}]}) == [
        "run[0].conditions[0].conditions: is required",
        "run[0].conditions[1].dependsOn: is required",
        "run[0].conditions[1].operator: is required",
        "run[0].conditions[1].value: is required",
        (
            "run[0].conditions[2]: must be an object, not a whole number; "
            'write one such as {"dependsOn": "...", "operator": "equals", "value": "..."}'
        ),
    ]


METADATA = {"name": "etl", "summary": "Loads"}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"stepTimeot": 3}, "a.stepTimeot: is not a known property; did you mean `stepTimeout`?"),
        ({"step_timeout": 3}, "a.step_timeout: is not a known property; did you mean `stepTimeout`?"),
        ({"outputparameters": {}}, "a.outputparameters: is not a known property; did you mean `outputParameters`?"),
        (
            {"resources": {"instanceType": 3}},
            "a.resources.instanceType: is not a known property; did you mean `instanceTypeId`?",
        ),
        (
            {"repository": {"colour": "x"}},
            "a.repository.colour: is not a known property (known: branch, url, token)",
        ),
        (
            {"type": "export", "schema": "s", "table": "t", "sortBy": "c", "sortorder": "asc"},
            "a.sortorder: is not a known property; did you mean `sortOrder`?",
        ),
    ],
)
def test_an_unknown_key_is_told_with_the_one_that_was_meant(step: dict[str, Any], expected: str) -> None:
    """The nearest key of that very object is named, of a step's own type too; if none is near, all are listed."""
    steps = {"a": {"command": "run", "imageDetails": {"id": 1}, **step}}

    assert expected in [line.removeprefix("steps.") for line in told(WorkflowConfig, {"steps": steps})]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"steps": {"a": {"type": "sql", "command": "run"}}},
            "config.steps.a.command: is not a known property of the kind `sql`, but of `standard`",
        ),
        (
            {"steps": {"a": {"type": "export", "headers": {}}}},
            "config.steps.a.headers: is not a known property of the kind `export`, but of `http`",
        ),
        (
            {"steps": {"a": {"type": "export", "parameters": {}}}},
            "config.steps.a.parameters: is not a known property of the kind `export`, but of `standard`, `http`, `sql`",
        ),
        (
            {"steps": {}, "serviceType": "api"},
            "config.serviceType: is not a known property of the kind `workflow`, but of `service`",
        ),
    ],
)
def test_a_key_of_another_kind_is_told_with_its_kind(config: dict[str, Any], expected: str) -> None:
    """A key that only another kind of step or config has is no misspelling."""
    assert expected in told(SpecBody, {"config": config})


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        (SpecBody, {"kind": "workfow"}, "kind: must be 'workflow' or 'service'; did you mean `workflow`?"),
        (SpecBody, {"kind": "cron"}, "kind: must be 'workflow' or 'service'"),
        (
            WorkflowConfig,
            {"steps": {"a": {"type": "htpp"}}},
            "steps.a.type: must be 'standard', 'http', 'export' or 'sql'; did you mean `http`?",
        ),
        (
            Parameters,
            {"run": [{"name": "a", "type": "stringArray", "required": True}]},
            (
                "run[0].type: must be 'boolean', 'string', 'string_array', 'number', 'number_array', 'object' or "
                "'object_array'; did you mean `string_array`?"
            ),
        ),
        (SpecBody, {"kind": 3}, "kind: must be 'workflow' or 'service'"),
    ],
)
def test_a_wrong_word_is_told_with_the_one_that_was_meant(shape: Any, value: Any, expected: str) -> None:
    """A word of a list is told with the whole list and the nearest in it; the value itself is never repeated."""
    assert expected in told(shape, value)


@pytest.mark.parametrize(
    ("shape", "value", "expected"),
    [
        (Timeouts, {"create": 20}, 'create: must be a text, not a whole number; write one such as "20m" or "1h30m"'),
        (
            BlockSpecArgs,
            {"release": {"version": 1.1}},
            'release.version: must be a text, not a number; write one such as "1.0.0"',
        ),
        (
            BlockSpecArgs,
            {"artifact": "orders"},
            'artifact: must be an object, not a text; write one such as {"path": "..."}',
        ),
        (
            BlockSpecArgs,
            {"metadata": {**METADATA, "tags": ["daily"]}},
            'metadata.tags[0]: must be an object, not a text; write one such as {"name": "..."}',
        ),
        (
            BlockSpecArgs,
            {"parameters": {"run": {"rows": 3}}},
            (
                "parameters.run: must be a list, not an object; write one such as "
                '[{"name": "...", "type": "boolean", "required": true}]'
            ),
        ),
        (Trigger, {"cron": 5}, 'cron: must be a text, not a whole number; write one such as "0 0 * * *"'),
    ],
)
def test_a_form_that_is_not_obvious_is_shown(shape: Any, value: Any, expected: str) -> None:
    """An object, a list, or a text with a form of its own is told with an example."""
    assert expected in told(shape, value)


def test_every_example_is_right_itself() -> None:
    """What a message shows as an example passes the same check, at every place of every argument."""
    shown = 0
    for shape in (BlockSpecArgs, BlockSpecReleaseArgs, BlockDeploymentArgs):
        for name in json_schema(shape)["properties"]:
            text = shapes.example(shapes.find_kind(shape, (name,))).partition(" or ")[0]
            shown += bool(text)
            wrong = validate(shape, {name: json.loads(text)}) if text else []
            assert [
                item for item in wrong if item.property.startswith(name) and item.property != "metadata.summary"
            ] == []
    assert shown > 10
