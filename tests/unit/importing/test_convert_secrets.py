"""Secrets in converted files: any name, any type, any place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.importing.conftest import Desk

STEP = (
    "body: {kind: workflow, metadata: {name: etl, summary: s}, config: {steps: {load: "
    "{imageDetails: {id: 1}, command: run, %s}}}}\n"
)
SPEC = "body: {kind: service, metadata: {name: web, summary: s}, config: {imageDetails: {id: 1}%s}}\n%s"
DEPLOYMENT = "body: {metadata: {name: run}, spec: {id: an-id}, parameters: {run: {%s}}}\n"
HIDDEN = "parameters: {run: [{name: pin, type: %s, required: false, hideValue: true, %s}]}"


@pytest.mark.parametrize(
    "name",
    ["AWS_SECRET_ACCESS_KEY", "DB_PASS", "FTP_PWD", "SECRET_KEY", "SECRET_KEY_BASE", "PASSWORD_1", "GIT_TOKENS"],
)
def test_a_secret_is_known_by_its_usual_names(desk: Desk, name: str) -> None:
    """Names that programs and clouds use."""
    desk.write("spec.yaml", STEP % f"parameters: {{env: {{MODE: fast, {name}: hush}}}}")

    ran = desk.run("convert", "spec.yaml")

    assert "hush" not in ran.out
    assert '"MODE": "fast",' in ran.out
    assert f'"{name}": config.require_secret("etl-load-{name}")' in ran.out


@pytest.mark.parametrize(
    "text",
    [
        STEP % "parameters: {env: {MAX_TOKENS_PER_CALL: hush, PASSENGER: hush, KEYBOARD: hush, COMPASS: hush}}",
        STEP.replace("load:", "run:") % "parameters: {secrets: [hush]}",
        SPEC % ("", "parameters: {run: [{name: pin, type: string, required: false, title: hush, hideValue: true}]}"),
    ],
)
def test_what_only_looks_like_one_stays(desk: Desk, text: str) -> None:
    """The program does not read other values from the configuration."""
    desk.write("spec.yaml", text)

    ran = desk.run("convert", "spec.yaml")

    assert "hush" in ran.out
    assert "require_secret" not in ran.out


@pytest.mark.parametrize(
    "text",
    [
        STEP % "command: 'curl -H \"Authorization: Bearer hush-hush-hush\" x'",
        STEP.replace("imageDetails: {id: 1}, command: run", "type: http, method: get, url: u")
        % "headers: {absolute: {X-Api-Key: hush}}",
        SPEC % (", entrypoint: 'git clone https://ghp_hushhushhushhushhushhush@host.example/x'", ""),
        (SPEC % ("", "")).replace("imageDetails: {id: 1}", "image: {buildArguments: {NPM_TOKEN: hush}}"),
    ],
)
def test_a_secret_is_known_wherever_it_stands(desk: Desk, text: str) -> None:
    """In a command, a header, a build argument."""
    desk.write("spec.yaml", text.replace("command: run, command:", "command:"))

    ran = desk.run("convert", "spec.yaml")

    assert ran.code == 0, ran.err
    assert "hush" not in ran.out
    assert "config.require_secret(" in ran.out


@pytest.mark.parametrize(
    ("kind", "declared", "asked"),
    [
        ("number", "defaultValue: 918273", '"defaultValue": config.require_secret_object("web-pin-defaultValue")'),
        ("boolean", "defaultValue: true", '"defaultValue": config.require_secret_object("web-pin-defaultValue")'),
        ("string_array", "defaultValue: [hush]", '"defaultValue": [config.require_secret("web-pin-defaultValue-1")]'),
        ("string", "options: [{title: a, value: hush}]", '"value": config.require_secret("web-pin-options-1-value")'),
    ],
)
def test_what_a_spec_hides_is_asked_for_whatever_its_type(desk: Desk, kind: str, declared: str, asked: str) -> None:
    """A number, a list and an option can be secret, as a text can."""
    desk.write("spec.yaml", SPEC % ("", HIDDEN % (kind, declared)))

    ran = desk.run("convert", "spec.yaml")

    assert ran.code == 0, ran.err
    assert asked in ran.out
    assert "hush" not in ran.out
    assert "918273" not in ran.out


@pytest.mark.parametrize(
    ("kind", "value", "asked"),
    [
        ("number", "667788", '"pin": config.require_secret_object("run-pin")'),
        ("number_array", "[667788]", '"pin": [config.require_secret_object("run-pin-1")]'),
        ("object", "{a: hush}", '"pin": {"a": config.require_secret("run-pin-a")}'),
    ],
)
def test_what_a_spec_hides_is_asked_for_in_its_deployment(desk: Desk, kind: str, value: str, asked: str) -> None:
    """Values other than text are set as JSON, and the steps say so."""
    desk.write("spec.yaml", SPEC % ("", HIDDEN % (kind, "title: Pin")))
    desk.write("deployment.yaml", DEPLOYMENT % f"pin: {value}, rows: 3")

    ran = desk.run("convert", "spec.yaml", "deployment.yaml")

    assert ran.code == 0, ran.err
    assert asked in ran.out
    assert "667788" not in ran.out + ran.err
    assert "hush" not in ran.out
    assert ("set these as JSON, such as 1 or true: run-pin" in ran.err) == (kind != "object")


@pytest.mark.parametrize("value", ["{login: {password: hush}}", "{tokens: [hush, hush]}", "{apiKey: 667788}"])
def test_a_secret_inside_a_parameter_is_asked_for(desk: Desk, value: str) -> None:
    """At any depth."""
    desk.write("deployment.yaml", DEPLOYMENT % f"store: {value}")

    ran = desk.run("convert", "deployment.yaml")

    assert ran.code == 0, ran.err
    assert "hush" not in ran.out
    assert "667788" not in ran.out


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {
                "spec.yaml": STEP
                % "parameters: {env: {'A B': '{{ os_env.ONE | upper }}', A_B: '{{ os_env.TWO | upper }}'}}"
            },
            ["spec.yaml"],
        ),
        (
            {
                f"v{number}/release.yaml": (
                    f"body: {{release: {{version: {number}.0.0}}, config: {{imageDetails: {{id: 1}}, "
                    f"entrypoint: '{{{{ os_env.{name} | upper }}}}'}}}}\n"
                )
                for number, name in ((1, "ONE"), (2, "TWO"))
            },
            ["v1/release.yaml", "v2/release.yaml", "--spec-id", "x"],
        ),
        (
            {
                "a.yaml": SPEC % (", entrypoint: '{{ os_env.ONE | upper }}'", ""),
                "b.yaml": SPEC % (", entrypoint: '{{ os_env.TWO | upper }}'", ""),
            },
            ["a.yaml", "b.yaml"],
        ),
    ],
)
def test_two_secrets_never_share_a_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], words: list[str]
) -> None:
    """Two texts under one key would get the same value."""
    monkeypatch.setenv("ONE", "hush-one")
    monkeypatch.setenv("TWO", "hush-two")
    for name, text in files.items():
        (desk.folder / name).parent.mkdir(exist_ok=True)
        desk.write(name, text)

    ran = desk.run("convert", *words)

    assert ran.code == 0, ran.err
    assert "HUSH" not in ran.out
    keys = [part.partition('"')[0] for part in ran.out.split('require_secret("')[1:]]
    assert len(keys) == len(set(keys)) == 2
    assert all(f"{key} VALUE" in ran.out.replace("\n# ", " ") for key in keys)
