"""No secret comes out of a preview, whatever the engine lets through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import read_preview, render_html, render_json, render_markdown, render_table
from pulumi_press.report.read.masking import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.report.conftest import Preview

CANARY = "canary-7f3a"
ENVELOPE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
SPEC: dict[str, Any] = {"kind": "workflow", "metadata": {"name": "etl", "summary": "First"}}
RUN: dict[str, Any] = {"metadata": {"name": "etl-prod"}, "parameters": {"run": {"key": "first", "rows": 1}}}


def render_all(preview: Preview) -> str:
    """Write the report in every format, one after the other."""
    report = read_preview(preview.write())
    return "\n".join(render(report) for render in (render_markdown, render_json, render_html, render_table))


@pytest.mark.parametrize(
    "envelope",
    [
        {**ENVELOPE, "plaintext": json.dumps(CANARY)},
        {**ENVELOPE, "ciphertext": CANARY},
        {**ENVELOPE, "value": CANARY},
        {"4dabf18193072939515e22adb298388d": "a mark that is not known", "x": CANARY},
        {"plaintext": CANARY},
    ],
)
def test_an_envelope_is_masked_whatever_it_holds(preview: Preview, envelope: dict[str, Any]) -> None:
    """A value in one of the engine's envelopes is `[secret]`, and so is the same text anywhere else."""
    changed = {**SPEC, "metadata": {"name": "etl", "summary": envelope, "title": f"It is {CANARY}."}}
    preview.add("update", "BlockSpec", "etl", SPEC, changed)
    preview.add_diagnostic("warning", f"the service said {CANARY}")

    text = render_all(preview)

    assert CANARY not in text
    assert '`metadata.summary`: `"First"` -> `[secret]`' in text
    assert "the service said [secret]" in text
    assert "It is [secret]." in text


def test_a_hidden_parameter_is_masked_though_the_engine_does_not_know(preview: Preview) -> None:
    """A value that the release hides is secret by itself: the report says that it changes, and not what it is."""
    changed = {**RUN, "parameters": {"run": {"key": CANARY, "rows": 2}}, "hidden": ["run.key"]}
    preview.add("update", "BlockDeployment", "etl-prod", {**RUN, "hidden": ["run.key"]}, changed)
    preview.steps[-1]["detailedDiff"] = {"parameters.run.key": {"kind": "update"}}
    preview.add_diagnostic("error", f"wrong: {CANARY}")

    text = render_all(preview)

    assert CANARY not in text
    assert "run parameters changed in place: `rows`, `key`" in text
    assert "  - `parameters.run.key`: `[secret]` changed" in text


def test_declarations_that_hide_a_value_and_a_repositorys_token_are_masked(preview: Preview) -> None:
    """Defaults of hidden parameters and tokens of repositories are masked in what is new."""
    preview.add(
        "create",
        "BlockSpec",
        "etl",
        None,
        {
            **SPEC,
            "config": {"steps": {"a": {"repository": {"url": "https://example.com", "token": CANARY}}}},
            "parameters": {"run": [{"name": "key", "type": "string", "hideValue": True, "defaultValue": "canary-2"}]},
        },
    )

    text = render_all(preview)

    assert "canary" not in text
    assert "https://example.com" in text


def test_what_is_not_known_yet_says_so(preview: Preview) -> None:
    """A value that only the update will know is `[known after up]` in every format."""
    changed = {**SPEC, "metadata": {"name": "etl", "summary": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}}
    preview.add("update", "BlockSpec", "etl", SPEC, changed)

    text = render_all(preview)

    assert "04da6b54" not in text
    assert text.count("[known after up]") >= 3


def test_a_serialized_provider_is_never_shown(preview: Preview) -> None:
    """The provider that the engine carries along is no property that anybody wrote."""
    preview.add("create", "BlockSpec", "etl", None, {**SPEC, "__provider": "gASVLQAAAAAAAACMEHB1bHVtaV9wcmVzcy5f"})

    assert "gASV" not in render_all(preview)
    assert "__provider" not in render_all(preview)


@pytest.mark.parametrize(
    ("texts", "text", "masked"),
    [
        (["abcd", "abcdef"], "abcdefg abcd", "[secret]g [secret]"),
        (["abcd", "bcdefg"], "abcdefg", "[secret]efg"),
        (["aaaa"], "aaaaaaaaa", "[secret][secret]a"),
        (["abcd"], "abc", "abc"),
        (["abcd", "xyzab"], "xyzabcd", "[secret]cd"),
    ],
)
def test_of_several_secrets_the_first_and_longest_is_masked(texts: list[str], text: str, masked: str) -> None:
    """Where secrets overlap, the one that begins first is masked; of those that begin together, the longest."""
    assert Redactor(texts).copy({text: [text, 1]}) == {masked: [masked, 1]}


def test_each_of_thousands_of_secrets_is_masked(preview: Preview) -> None:
    """Every secret is masked wherever its text occurs, however many there are."""
    secrets = [f"{number:05}-canary" for number in range(3_000)]
    for secret in secrets:
        old = {**ENVELOPE, "plaintext": json.dumps(secret)}
        preview.add("update", "BlockSpec", secret[:5], {"config": {"key": old}}, {"config": {"key": secret}})
    preview.add_diagnostic("warning", " ".join(secrets))

    report = read_preview(preview.write())

    assert "canary" not in render_json(report)
    assert report.stacks[0].messages[0].text == " ".join(["[secret]"] * len(secrets))


def test_a_secret_of_a_resource_that_is_not_reported_is_masked_too(event_log: Callable[[str], Path]) -> None:
    """A secret that only an unchanged resource has is masked in a message before it."""
    lines = event_log("nothing").read_text(encoding="utf-8").splitlines()
    last = max(number for number, line in enumerate(lines) if '"resOutputsEvent"' in line)
    event = json.loads(lines[last])
    event["resOutputsEvent"]["metadata"]["new"]["outputs"]["key"] = {**ENVELOPE, "plaintext": json.dumps(CANARY)}
    message = {"diagnosticEvent": {"severity": "warning", "message": f"It is {CANARY}."}}
    lines[last] = json.dumps(event)

    # The first event of a log begins the operation.
    report = read_preview("\n".join([lines[0], json.dumps({"sequence": 0, **message}), *lines[1:]]))

    assert [message.text for message in report.stacks[0].messages] == ["It is [secret]."]
