"""The `peak` command, with the sample files of its own package."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress

SAMPLE_SPEC_ID = "0bddb4c6-40c5-45c3-b477-fceb2c051609"
CREATES = {
    "workflow-block": "workflow/create_block_spec.yaml",
    "webapp-service-block": "service/webapp/create_block_spec.yaml",
    "api-service-block": "service/api/create_block_spec.yaml",
}


@pytest.fixture(scope="module")
def sample(client: Any) -> Callable[[str], str]:
    """Return a function that finds a sample file of the client's package, in a folder that the samples can publish."""
    (folder,) = client.venv.glob("lib/python3.*/site-packages/peak/sample_yaml/press/blocks")
    for name, content in {
        "Dockerfile": "FROM python:3.11-slim\n",
        "main.py": "print('hello')\n",
        "debug.log": "noise",
        ".gitignore": "*.log\n",
        ".dockerignore": "*.json\n*.yaml\n",
    }.items():
        (client.folder / name).write_text(content, encoding="utf-8")

    def find(name: str) -> str:
        return str(folder / name)

    return find


@pytest.fixture(scope="module")
def calls(client: Any, press: LocalPress, sample: Callable[[str], str]) -> dict[str, Any]:
    """Go the whole way with the command, and return its answers by a word for each."""
    done: dict[str, Any] = {}

    def specs(word: str, *words: str, method: str, kind: str = "answer") -> Any:
        done[word] = client.peak("blocks", "specs", *words, method=method, kind=kind)
        return done[word].answer

    def deployments(word: str, *words: str, method: str, kind: str = "answer") -> Any:
        done[word] = client.peak("blocks", "deployments", *words, method=method, kind=kind)
        return done[word].answer

    for name, file in CREATES.items():
        specs(f"create {name}", "create", sample(f"specs/{file}"), method="create_spec")
    spec = done["create workflow-block"].answer["id"]
    app = done["create webapp-service-block"].answer["id"]
    release = sample("specs/workflow/create_block_spec_release.yaml")
    specs("rehearse", "validate", release, "--spec-id", spec, method="create_spec_release", kind="validated")
    specs("release", "create-release", spec, release, method="create_spec_release")
    app_release = sample("specs/service/webapp/create_block_spec_release.yaml")
    specs("release app", "create-release", app, app_release, method="create_spec_release")
    specs("list", "list", "--scope", "shared", "--page-size", "2", method="list_specs", kind="page")
    specs("list releases", "list-releases", "--spec-id", spec, method="list_spec_releases", kind="page")
    version = ["--spec-id", spec, "--version", "2.0.0"]
    specs("describe release", "describe-release", *version, method="describe_spec_release")
    update = sample("specs/update_block_spec_metadata.yaml")
    specs("update", "update-metadata", spec, update, method="update_spec_metadata")
    specs("describe", "describe", spec, method="describe_spec")

    # The sample names a spec that only its authors have.
    text = Path(sample("deployments/create_block_deployment.yaml")).read_text(encoding="utf-8")
    assert SAMPLE_SPEC_ID in text
    (client.folder / "deployment.yaml").write_text(text.replace(SAMPLE_SPEC_ID, spec), encoding="utf-8")
    press.outcomes({"revision": 2, "status": "warning", "times": 1})
    deployment = deployments("deploy", "create", "deployment.yaml", method="create_deployment")["id"]
    deployments("list deployments", "list", method="list_deployments", kind="page")
    deployments("describe deployment", "describe", deployment, method="describe_deployment")
    update = sample("deployments/update_block_deployment_metadata.yaml")
    deployments("update deployment", "update-metadata", deployment, update, method="update_deployment_metadata")
    patch = sample("deployments/patch_block_parameters.yaml")
    deployments("patch", "patch-parameters", deployment, patch, method="patch_parameters")
    deployments("parameters", "get-parameters", "--deployment-id", deployment, method="get_parameters")
    revision = sample("deployments/create_block_deployment_revision.yaml")
    deployments("revise", "create-revision", deployment, revision, method="create_deployment_revision")
    number = ["--deployment-id", deployment, "--revision", "2"]
    deployments("describe revision", "describe-revision", *number, method="describe_deployment_revision")
    deployments("list revisions", "list-revisions", deployment, method="list_deployment_revisions", kind="page")
    deployments("redeploy", "redeploy", deployment, method="redeploy")
    related = ["get-related-block-details", "--deployment-id", deployment]
    deployments("related", *related, method="get_related_block_details")

    done["state"] = press.state()
    specs("delete what is in use", "delete", spec, method="delete_spec")
    deployments("delete deployment", "delete", deployment, method="delete_deployment")
    specs("delete", "delete", spec, method="delete_spec")
    return done


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """Every sample is accepted, and every answer has the documented shape; only what is in use cannot be deleted."""
    commands = {word: call for word, call in calls.items() if word != "state"}

    assert [deviation for call in commands.values() for deviation in call.deviations] == []
    assert [word for word, call in commands.items() if call.error] == ["delete what is in use"]
    assert calls["delete what is in use"].error["type"] == "UnprocessableEntityException"


def test_the_samples_are_kept(calls: dict[str, Any]) -> None:
    """Each sample made a spec with its releases; the update renamed one and made it private."""
    expected = {
        "updated-workflow-block": ("workflow", "private", ["1.0.0", "2.0.0"]),
        "webapp-service-block": ("service", "shared", ["1.0.0", "2.0.0"]),
        "api-service-block": ("service", "shared", ["1.0.0"]),
    }

    assert expected == {
        spec["metadata"]["name"]: (
            spec["kind"],
            spec["scope"],
            [release["version"] for release in spec["releases"]],
        )
        for spec in calls["state"]["specs"]
    }


def test_build_parameters_stay_as_they_were_written(calls: dict[str, Any]) -> None:
    """A reference to a build parameter is kept where a number or a boolean would stand."""
    config = calls["describe release"].answer["config"]

    assert config["steps"]["step1"]["image"]["useCache"] == "@param:use_cache"
    assert config["watchers"][1]["events"]["runtimeExceeded"] == "@param:runtime_exceeded"


def test_the_flag_of_the_file_arrives(calls: dict[str, Any]) -> None:
    """What is written in camelCase at the top of the file reaches the release."""
    flags = {
        spec["metadata"]["name"]: [release["autoRunOnDeploy"] for release in spec["releases"]]
        for spec in calls["state"]["specs"]
    }

    assert flags["updated-workflow-block"] == [True, True]
    assert flags["api-service-block"] == [False]


def test_the_deployment_of_the_samples_is_kept(calls: dict[str, Any]) -> None:
    """The deployment has its second revision, its new name and the parameters of the revision's file."""
    (deployment,) = calls["state"]["deployments"]
    second = deployment["revisions"][1]

    assert (deployment["metadata"]["name"], second["revision"], second["version"]) == (
        "update-block-deployment",
        2,
        "2.0.0",
    )
    assert second["parameters"]["build"]["watcher_user"] == "abc@123.com"
    assert second["parameters"]["run"]["num_iterations"] == 50


def test_patched_parameters_are_read_back(calls: dict[str, Any]) -> None:
    """The command shows the parameters that it patched before."""
    expected = {"agg_type": "MAX", "num_iterations": 50, "email_notifications": True}

    assert expected == {key: calls["parameters"].answer[key] for key in expected}


def test_a_warning_is_redeployed(calls: dict[str, Any]) -> None:
    """A revision that ended with a warning is redeployed under its own number."""
    assert calls["describe revision"].answer["status"] == "warning"
    assert calls["redeploy"].answer["revision"] == 2


def test_an_unknown_token_is_told_when_the_session_begins(client: Any) -> None:
    """The command's first call, for the session, is refused, and so nothing else is sent."""
    stranger = type(client)(client.venv, client.folder, {**client.environment, "PEAK_AUTH_TOKEN": "?"}, client.tally)

    call = stranger.peak("blocks", "specs", "list", method="list_specs", kind="page")

    assert call.error["type"] == "UnauthorizedException"
