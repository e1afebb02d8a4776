"""The `peak` command, with the sample files of its own package."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress

TEMPLATE = """
body:
  version: 1
  kind: service
  metadata: {name: "{{ name }}", summary: A template that was filled in.}
  release: {version: 1.0.0}
  config: {serviceType: "{{ kind_of_service }}", imageDetails: {id: 1}}
scope: private
featured: false
"""
SAMPLE_SPEC_ID = "0bddb4c6-40c5-45c3-b477-fceb2c051609"
FEATURED = ["workflow-block", "webapp-service-block", "api-service-block"]
USED: set[str] = set()  # The sample files that were sent.
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
        USED.add(name)
        return str(folder / name)

    return find


@dataclass(frozen=True)
class Command:
    """The command, as the steps below use it: `done` has its answers by a word for each."""

    client: Any
    sample: Callable[[str], str]
    done: dict[str, Any] = field(default_factory=dict)

    def specs(self, word: str, *words: str, method: str, kind: str = "answer") -> Any:
        """Run `peak blocks specs`."""
        self.done[word] = self.client.peak("blocks", "specs", *words, method=method, kind=kind)
        return self.done[word].answer

    def deployments(self, word: str, *words: str, method: str, kind: str = "answer") -> Any:
        """Run `peak blocks deployments`."""
        self.done[word] = self.client.peak("blocks", "deployments", *words, method=method, kind=kind)
        return self.done[word].answer

    def write(self, name: str, text: str) -> str:
        """Write a file where the command runs."""
        (self.client.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture(scope="module")
def calls(client: Any, press: LocalPress, sample: Callable[[str], str]) -> dict[str, Any]:
    """Go the whole way with the command, and return its answers by a word for each."""
    command = Command(client, sample)
    spec = publish(command)
    look(command, spec)
    press.outcomes({"revision": 2, "status": "warning", "times": 1})
    deployment = deploy(command, spec)
    revise(command, deployment)
    command.done["state"] = press.state()
    remove(command, spec, deployment)
    return command.done


def publish(command: Command) -> str:
    """Create specs from samples and from a template, release them, and give the id of the workflow."""
    for name, file in CREATES.items():
        command.specs(f"create {name}", "create", command.sample(f"specs/{file}"), method="create_spec")
    spec, app, api = (str(command.done[f"create {name}"].answer["id"]) for name in CREATES)
    values = command.write("values.yaml", "name: from-file\nkind_of_service: api\n")
    about = command.write("about.md", "# Filled in\n")
    filled = [command.write("template.yaml", TEMPLATE), "-v", values, "-p", "name=filled-in", "--desc-file", about]
    command.specs("rehearse a template", "validate", *filled, method="create_spec", kind="validated")
    command.specs("create from a template", "create", *filled, method="create_spec")
    release = command.sample("specs/workflow/create_block_spec_release.yaml")
    command.specs("rehearse", "validate", release, "--spec-id", spec, method="create_spec_release", kind="validated")
    command.specs("release", "create-release", spec, release, method="create_spec_release")
    release = command.sample("specs/service/webapp/create_block_spec_release.yaml")
    command.specs("release app", "create-release", app, release, method="create_spec_release")
    release = command.sample("specs/service/api/create_block_spec_release.yaml")
    noted = ["create-release", api, release, "--release-notes-file", about]
    command.specs("release api", *noted, method="create_spec_release")
    return spec


def look(command: Command, spec: str) -> None:
    """List, describe and update specs."""
    command.specs("list", "list", "--scope", "shared", "--page-size", "2", method="list_specs", kind="page")
    command.specs("list by commas", "list", "--scope", "shared,private", method="list_specs", kind="page")
    several = ["--status", "available", "--status", "archived", "--sort", "name:desc", "--featured"]
    command.specs("list by several", "list", *several, method="list_specs", kind="page")
    command.specs("list releases", "list-releases", "--spec-id", spec, method="list_spec_releases", kind="page")
    version = ["--spec-id", spec, "--version", "2.0.0"]
    command.specs("describe release", "describe-release", *version, method="describe_spec_release")
    update = command.sample("specs/update_block_spec_metadata.yaml")
    command.specs("update", "update-metadata", spec, update, method="update_spec_metadata")
    command.specs("describe", "describe", spec, method="describe_spec")


def deploy(command: Command, spec: str) -> str:
    """Deploy the workflow, set its parameters, and give the deployment's id."""
    # The sample names a spec that only its authors have.
    text = Path(command.sample("deployments/create_block_deployment.yaml")).read_text(encoding="utf-8")
    assert SAMPLE_SPEC_ID in text
    file = command.write("deployment.yaml", text.replace(SAMPLE_SPEC_ID, spec))
    deployment = str(command.deployments("deploy", "create", file, method="create_deployment")["id"])
    command.deployments("list deployments", "list", method="list_deployments", kind="page")
    chosen = ["--status", "deployed,warning", "--title", "Workflow", "--sort", "createdAt:asc", "--page-number", "1"]
    command.deployments("list chosen deployments", "list", *chosen, method="list_deployments", kind="page")
    command.deployments("describe deployment", "describe", deployment, method="describe_deployment")
    update = command.sample("deployments/update_block_deployment_metadata.yaml")
    command.deployments("rename", "update-metadata", deployment, update, method="update_deployment_metadata")
    patch = command.sample("deployments/patch_block_parameters.yaml")
    command.deployments("patch", "patch-parameters", deployment, patch, method="patch_parameters")
    asked = ["get-parameters", "--deployment-id", deployment]
    command.deployments("parameters", *asked, method="get_parameters")
    asked = ["get-parameters", "--fallback-params-file", command.write("parameters.yaml", "rows: 5\n")]
    command.deployments("parameters by file", *asked, method="get_parameters")
    return deployment


def revise(command: Command, deployment: str) -> None:
    """Make revisions, and redeploy what ended with a warning."""
    revise, method = ["create-revision", deployment], "create_deployment_revision"
    sample = command.sample("deployments/create_block_deployment_revision.yaml")
    command.deployments("revise", *revise, sample, method=method)
    number = ["--deployment-id", deployment, "--revision", "2"]
    command.deployments("describe revision", "describe-revision", *number, method="describe_deployment_revision")
    listed, method_of_lists = ["list-revisions", deployment], "list_deployment_revisions"
    command.deployments("list revisions", *listed, method=method_of_lists, kind="page")
    command.deployments("redeploy", "redeploy", deployment, method="redeploy")
    empty = [command.write("revision.yaml", "body: {}\n"), "--revision-notes-file", "about.md"]
    command.deployments("revise again", *revise, *empty, method=method)
    live = ["--status", "deployed", "--page-size", "1"]
    command.deployments("list live revisions", *listed, *live, method=method_of_lists, kind="page")
    command.deployments("redeploy what works", "redeploy", deployment, method="redeploy")
    related = ["get-related-block-details", "--deployment-id", deployment]
    command.deployments("related", *related, method="get_related_block_details")


def remove(command: Command, spec: str, deployment: str) -> None:
    """Delete both, in the wrong order first."""
    command.specs("delete what is in use", "delete", spec, method="delete_spec")
    command.deployments("delete deployment", "delete", deployment, method="delete_deployment")
    command.specs("delete", "delete", spec, method="delete_spec")


def test_every_call_goes_as_documented(calls: dict[str, Any]) -> None:
    """Every sample is accepted, and every answer has the documented shape; only what is in use cannot be deleted."""
    commands = {word: call for word, call in calls.items() if word != "state"}

    assert [deviation for call in commands.values() for deviation in call.deviations] == []
    errors = {word: call.error["type"] for word, call in commands.items() if call.error}
    assert errors == {
        "redeploy what works": "ConflictException",
        "delete what is in use": "UnprocessableEntityException",
    }


def test_no_sample_of_the_package_is_left_out(calls: dict[str, Any], client: Any) -> None:
    """Every sample file of blocks was sent."""
    assert calls
    (folder,) = client.venv.glob("lib/python3.*/site-packages/peak/sample_yaml/press/blocks")

    assert {str(path.relative_to(folder)) for path in folder.rglob("*.yaml")} == USED


def test_the_samples_are_kept(calls: dict[str, Any]) -> None:
    """Each sample made a spec with its releases; the update renamed one and made it private."""
    expected = {
        "updated-workflow-block": ("workflow", "private", ["1.0.0", "2.0.0"]),
        "webapp-service-block": ("service", "shared", ["1.0.0", "2.0.0"]),
        "api-service-block": ("service", "shared", ["1.0.0", "2.0.0"]),
        "filled-in": ("service", "private", ["1.0.0"]),
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
    assert flags["api-service-block"] == [False, False]


def test_templates_and_texts_are_filled_in(calls: dict[str, Any]) -> None:
    """What the command line says comes before the file of values, and texts come from files of their own."""
    specs = {spec["metadata"]["name"]: spec for spec in calls["state"]["specs"]}

    assert specs["filled-in"]["metadata"]["description"] == "# Filled in\n"
    assert specs["filled-in"]["releases"][0]["config"]["serviceType"] == "api"
    assert specs["api-service-block"]["releases"][1]["notes"] == "# Filled in\n"


def test_lists_take_commas_and_repeated_words(calls: dict[str, Any]) -> None:
    """The command sends a comma list as one value, and repeated words as several; both choose."""
    by_commas, by_several = calls["list by commas"].answer, calls["list by several"].answer

    assert by_commas["specCount"] == 4
    assert [spec["metadata"]["name"] for spec in by_several["specs"]] == FEATURED
    assert calls["list chosen deployments"].answer["deploymentCount"] == 1


def test_the_deployment_of_the_samples_is_kept(calls: dict[str, Any]) -> None:
    """The deployment has its second revision, its new name and the parameters of the revision's file."""
    (deployment,) = calls["state"]["deployments"]
    second, third = deployment["revisions"][1:]

    assert (deployment["metadata"]["name"], second["revision"], second["version"]) == (
        "update-block-deployment",
        2,
        "2.0.0",
    )
    assert second["parameters"]["build"]["watcher_user"] == "abc@123.com"
    assert second["parameters"]["run"]["num_iterations"] == 50
    assert (third["notes"], third["parameters"]) == ("# Filled in\n", second["parameters"])


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
