"""What cannot work in a release, though each part of it has its shape."""

from __future__ import annotations

from typing import Any

import pytest

from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.release_rules import find_content_failures

STEP: dict[str, Any] = {"command": "run", "imageDetails": {"id": 1}}
BUILT: dict[str, Any] = {"command": "run", "image": {"dockerfile": "Dockerfile"}}
REPOSITORY = {"branch": "main", "url": "https://example.com/a.git"}


def told(config: Any = None, parameters: Any = None, **more: Any) -> list[str]:
    """Give the mistakes of the content, as people read them."""
    config = {"steps": {"a": STEP}} if config is None else config
    return [str(failure) for failure in find_content_failures({"config": config, "parameters": parameters, **more})]


def declare(kind: str, **more: Any) -> dict[str, Any]:
    """Declare one run parameter."""
    return {"run": [{"name": "p", "type": kind, "required": False, **more}]}


@pytest.mark.parametrize(
    ("config", "paths"),
    [
        ({"steps": {"a": BUILT}}, ["config.steps.a.image"]),
        ({"images": {"base": {}}, "steps": {"a": {"command": "run", "imageRef": "base"}}}, ["config.images.base"]),
        ({"image": {"version": "1.0.0"}}, ["config.image"]),
        ({"steps": {"a": {**BUILT, "repository": REPOSITORY}}}, []),
        ({"images": {"base": {}}, "steps": {"a": {"imageRef": "base", "repository": REPOSITORY}}}, []),
        ({"images": {"base": {}}, "steps": {"a": UNKNOWN}}, []),
        ({"steps": {"q": {"type": "sql", "sqlQueryPath": "q.sql"}}}, ["config.steps.q.sqlQueryPath"]),
        ({"imageDetails": {"id": 1}}, []),
        (UNKNOWN, []),
    ],
)
def test_what_needs_an_artifact_is_told_without_one(config: Any, paths: list[str]) -> None:
    """An image to build and a query need an artifact, unless a repository brings the code."""
    assert [line.partition(": ")[0] for line in told(config)] == paths
    for artifact in ({"path": "files"}, UNKNOWN):
        assert told(config, artifact=artifact) == []


@pytest.mark.parametrize(
    ("config", "parameters", "expected"),
    [
        (
            {"steps": {"a": {**STEP, "stepTimeout": "@param:tmeout"}}},
            {"build": [{"name": "timeout", "type": "number"}]},
            [
                (
                    "config.steps.a.stepTimeout: refers to 'tmeout', which is not declared in parameters.build "
                    "(there: timeout); did you mean `@param:timeout`?"
                ),
            ],
        ),
        (
            {"imageDetails": {"id": 1}, "resources": {"instanceTypeId": "@param:size"}},
            None,
            [
                (
                    "config.resources.instanceTypeId: refers to 'size', which is not declared in parameters.build "
                    "(there: none)"
                ),
            ],
        ),
        (
            {"steps": {"a": STEP}, "watchers": [{"user": "@param:who", "events": {"fail": True}}]},
            {"run": [{"name": "who", "type": "string"}]},
            [
                (
                    "config.watchers[0].user: refers to 'who', a run parameter; only those in parameters.build can "
                    "stand here"
                ),
            ],
        ),
        ({"steps": {"a": {**STEP, "parameters": {"env": {"A": "@param:x"}}}}}, {"build": [{"name": "x"}]}, []),
        ({"steps": {"a": {**STEP, "command": "@param:x"}}}, UNKNOWN, []),
        ({"steps": {"a": {**STEP, "command": "@param:x"}}}, {"build": [{"name": UNKNOWN}]}, []),
        ({"steps": {"a": {**STEP, "command": "echo @param:x"}}}, None, []),
    ],
)
def test_reference_to_a_parameter_that_is_not_declared_is_told(
    config: Any, parameters: Any, expected: list[str]
) -> None:
    """It must name a build parameter, wherever it stands."""
    assert told(config, parameters) == expected


def test_condition_on_a_parameter_that_is_not_declared_is_told() -> None:
    """A condition, at any depth, depends on a declared parameter."""
    one = {"dependsOn": "mod", "operator": "equals", "value": 1}
    several = {"conditionType": "AND", "conditions": [{**one, "dependsOn": "mode"}, one]}
    parameters = {"run": [{"name": "mode", "type": "number"}, {"name": "p", "conditions": [one, several]}]}

    wrong = "names a parameter that is not declared: 'mod'; did you mean `mode`?"
    assert told(parameters=parameters) == [
        f"parameters.run[1].conditions[0].dependsOn: {wrong}",
        f"parameters.run[1].conditions[1].conditions[1].dependsOn: {wrong}",
    ]


CRONS = {
    "75 * * * *": "the minute is out of range: 0 to 59",
    "0 24 * * *": "the hour is out of range: 0 to 23",
    "0 0 0 * *": "the day of the month is out of range: 1 to 31",
    "0 0 * 13 *": "the month is out of range: 1 to 12, or JAN to DEC",
    "0 0 * FOO *": "the month is out of range: 1 to 12, or JAN to DEC",
    "0 0 * * 8": "the day of the week is out of range: 0 to 7, or SUN to SAT",
    "10-70 * * * *": "the minute is out of range: 0 to 59",
    "*/0 * * * *": "the step of the minute is out of range: 1 to 59",
    "0 */25 * * *": "the step of the hour is out of range: 1 to 23",
    "0 0 31 2,4 *": "the day never comes: none of the months has so many days",
    "60 0 12 * * ?": "the second is out of range: 0 to 59",
}


@pytest.mark.parametrize("cron", CRONS)
def test_schedule_out_of_range_is_told(cron: str) -> None:
    """Each field has its range; a day that no month has never comes."""
    assert told({"steps": {"a": STEP}, "triggers": [{"cron": cron}]}) == [f"config.triggers[0].cron: {CRONS[cron]}"]


@pytest.mark.parametrize(
    "cron",
    [
        *("0 0 * * *", "*/5 1-3 1,15 * MON", "0 0 12 * * ?", "0 0 29 2 *", "0 0 31 2 MON", "59 23 31 12 7"),
        *("0 0 L * *", "0 0 1W * 5#2", "0 0 1 1 * 2027", "0 22-2 * * FRI-MON", "@param:when", "  0 0 * jan sun"),
    ],
)
def test_schedule_within_its_ranges_is_right(cron: str) -> None:
    """So are what some services know beside numbers, and six fields of either meaning."""
    assert told({"steps": {"a": STEP}, "triggers": [{"cron": cron}]}, {"build": [{"name": "when"}]}) == []


DEFAULTS: list[tuple[str, Any, str]] = [
    ("string", 750, "must be a text, as the type says; put it in quotes: YAML reads 12:30 as 750, 0123 as 83 and 1.10"),
    ("string", False, "must be a text, as the type says; YAML reads no, off, yes and on as false and true"),
    ("string_array", ["a", 83], "must be a list of texts, as the type says; put it in quotes: YAML reads 12:30"),
    ("number", "many", "must be a number, as the type says"),
    ("number", True, "must be a number, as the type says; YAML reads no, off, yes and on"),
    ("boolean", "no", "must be true or false, as the type says"),
    ("object", ["a"], "must be an object, as the type says"),
    ("number_array", 3, "must be a list of numbers, as the type says"),
]


@pytest.mark.parametrize(("kind", "value", "expected"), DEFAULTS)
def test_default_that_does_not_fit_its_type_is_told(kind: str, value: Any, expected: str) -> None:
    """A default, also that of a member of an object, fits the type; the message says how YAML may have changed it."""
    (alone,) = told(parameters=declare(kind, defaultValue=value))
    nested = {"run": [{"name": "o", "type": "object", "properties": declare(kind, defaultValue=value)["run"]}]}
    (within,) = told(parameters=nested)

    assert alone.startswith(f"parameters.run[0].defaultValue: {expected}")
    assert within.startswith(f"parameters.run[0].properties[0].defaultValue: {expected}")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("string", "12:30"), ("number", 5), ("number", "5"), ("boolean", "true"), ("string_array", ["a"])),
        *(("string_array", '["a"]'), ("object", {"a": 1}), ("number", "@param:x"), ("string", UNKNOWN), ("date", 3)),
    ],
)
def test_default_that_fits_is_right(kind: str, value: Any) -> None:
    """A text that writes the value fits too: the service's documentation calls every default a text."""
    assert told(parameters=declare(kind, defaultValue=value)) == []


def test_options_fit_the_type_and_the_default_is_one_of_them() -> None:
    """A default beside the options, and an option of another type, are mistakes."""
    options = [{"value": "fast"}, {"value": 83}]

    assert [line.partition(";")[0] for line in told(parameters=declare("string", options=options))] == [
        "parameters.run[0].options[1].value: must be a text, as the type says"
    ]
    assert told(parameters=declare("string", options=options[:1], defaultValue="slow")) == [
        "parameters.run[0].defaultValue: is not one of the options"
    ]
    assert told(parameters=declare("string_array", options=options[:1], defaultValue=["fast"])) == []
