"""The workload with providers written by hand, as a user has them in the program: one call of `requests` each."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

import requests
from pulumi.dynamic import CreateResult, DiffResult, ReadResult, Resource, ResourceProvider, UpdateResult

from bench.workload import count_deployments, deployments, specs

# Pulumi's SDK goes deeper with each provider that it pickles by value; at the 233rd it would give up.
sys.setrecursionlimit(10_000)

GONE = 404


def call(method: str, path: str, **options: Any) -> Any:
    """Ask the service."""
    response = requests.request(
        method,
        os.environ["PRESS_ENDPOINT"] + path,
        headers={"Authorization": os.environ["PEAK_AUTH_TOKEN"]},
        timeout=60,
        **options,
    )
    response.raise_for_status()
    return response.json()


def call_if_there(method: str, path: str) -> Any:
    """Ask the service about an object; None if it is gone."""
    try:
        return call(method, path)
    except requests.HTTPError as error:
        if error.response.status_code == GONE:
            return None
        raise


class SpecProvider(ResourceProvider):
    """Publishes specs."""

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare all arguments."""
        names = ["kind", "metadata", "release", "config", "parameters"]
        changed = [name for name in names if olds.get(name) != news.get(name)]
        replaces = [name for name in changed if name == "kind"]
        return DiffResult(changes=bool(changed), replaces=replaces, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Publish the spec with its first release."""
        body = {"version": 1, **{name: props[name] for name in ["kind", "metadata", "release", "config"]}}
        form = {"spec": (None, json.dumps(body)), "parameters": (None, json.dumps(props["parameters"]))}
        answer = call("POST", "/v1/blocks/specs/", files=form)
        return CreateResult(answer["id"], props)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Look at the metadata; a release never changes."""
        live = call_if_there("GET", f"/v1/blocks/specs/{id_}")
        if live is None:
            return ReadResult("", {})
        metadata = {name: live["metadata"].get(name) for name in props["metadata"]}
        return ReadResult(id_, {**props, "kind": live["kind"], "metadata": metadata})

    def update(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Change the metadata in place; publish what else changed as a release."""
        if olds["metadata"] != news["metadata"]:
            call("PATCH", f"/v1/blocks/specs/{_id}", json={"metadata": news["metadata"]})
        if any(olds[name] != news[name] for name in ["release", "config", "parameters"]):
            body = {"release": news["release"], "config": news["config"]}
            form = {"spec": (None, json.dumps(body)), "parameters": (None, json.dumps(news["parameters"]))}
            call("POST", f"/v1/blocks/specs/{_id}/releases", files=form)
        return UpdateResult(news)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the spec."""
        call_if_there("DELETE", f"/v1/blocks/specs/{_id}")


class DeploymentProvider(ResourceProvider):
    """Deploys specs, and waits until they run."""

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Compare all arguments; every change makes a new deployment."""
        changed = [name for name in ["metadata", "spec", "parameters"] if olds.get(name) != news.get(name)]
        return DiffResult(changes=bool(changed), replaces=changed, delete_before_replace=True)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Deploy, and look once a second until it runs."""
        body = {name: props[name] for name in ["metadata", "spec", "parameters"]}
        answer = call("POST", "/v1/blocks/deployments/", json=body)
        while True:
            live = call("GET", f"/v1/blocks/deployments/{answer['id']}")
            status = live["metadata"]["status"]
            if status == "deployed":
                return CreateResult(answer["id"], props)
            if status != "deploying":
                raise RuntimeError(f"the deployment ended as {status}")
            time.sleep(1)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """See whether it is there."""
        live = call_if_there("GET", f"/v1/blocks/deployments/{id_}")
        return ReadResult("", {}) if live is None else ReadResult(id_, props)

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Delete the deployment."""
        call_if_there("DELETE", f"/v1/blocks/deployments/{_id}")


class Spec(Resource):
    """A spec."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        """Declare a spec."""
        super().__init__(SpecProvider(), name, props)


class Deployment(Resource):
    """A deployment."""

    def __init__(self, name: str, props: dict[str, Any]) -> None:
        """Declare a deployment."""
        super().__init__(DeploymentProvider(), name, props)


declared = [Spec(props["metadata"]["name"], props) for props in specs()]
if count_deployments():
    for deployment in deployments(declared[0].id, "1.0.0"):
        Deployment(deployment["metadata"]["name"], deployment)
