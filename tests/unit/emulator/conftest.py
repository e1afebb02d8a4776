"""A client that speaks plain HTTP to a local Press, and what it needs to make objects."""

from __future__ import annotations

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests

from pulumi_press.emulator import start
from pulumi_press.emulator.api.routes import ROUTES
from pulumi_press.emulator.api.spec_responses import Error, Validated
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Future

    from pulumi_press.emulator import LocalPress

SPECS = "/v1/blocks/specs/"
DEPLOYMENTS = "/v1/blocks/deployments/"
WORKFLOW = {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python main.py"}}}
SERVICE = {"imageDetails": {"id": 1}, "resources": {"instanceTypeId": 1}}
PARTS = ("spec", "featured", "scope", "autoRunOnDeploy", "tenants", "parameters")


@dataclass
class Api:
    """Calls a local Press with a token."""

    press: LocalPress
    token: str
    session: requests.Session = field(default_factory=requests.Session)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send a call as the client does: with the token, and `{}` where there is no body.

        Whatever a test asks, the answer must have the shape that is declared.
        """
        headers = {"Authorization": self.token, **options.pop("headers", {})}
        if not options.keys() & {"json", "files", "data"}:
            options["json"] = {}
        response = self.session.request(method, self.press.url + path, headers=headers, timeout=30, **options)
        assert find_deviations(method, path, response) == []
        return response

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send a GET."""
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> requests.Response:
        """Send a POST."""
        return self.call("POST", path, **options)

    def patch(self, path: str, **options: Any) -> requests.Response:
        """Send a PATCH."""
        return self.call("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> requests.Response:
        """Send a DELETE."""
        return self.call("DELETE", path, **options)

    def send_spec(self, name: str = "etl", *, query: str = "", **changes: Any) -> requests.Response:
        """Send `create_spec`; changes are of the body's `kind`, `metadata`, `config` and `version`, or other parts."""
        return self.post(SPECS + query, files=spec_form(name, **changes))

    def make_spec(self, name: str = "etl", **changes: Any) -> str:
        """Make a spec and give its id."""
        response = self.send_spec(name, **changes)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def send_release(self, spec_id: str, version: str, *, query: str = "", **changes: Any) -> requests.Response:
        """Send `create_spec_release`."""
        return self.post(f"{SPECS}{spec_id}/releases{query}", files=release_form(version, **changes))

    def make_release(self, spec_id: str, version: str, **changes: Any) -> None:
        """Make a release."""
        response = self.send_release(spec_id, version, **changes)
        assert response.status_code == 201, response.text

    def send_deployment(self, spec_id: str, name: str = "prod", **changes: Any) -> requests.Response:
        """Send `create_deployment`; changes are of the body."""
        body = {"metadata": {"name": name}, "spec": {"id": spec_id}, **changes}
        return self.post(DEPLOYMENTS, json=body)

    def make_deployment(self, spec_id: str, name: str = "prod", **changes: Any) -> str:
        """Make a deployment and give its id."""
        response = self.send_deployment(spec_id, name, **changes)
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    def revise(self, deployment_id: str, **body: Any) -> requests.Response:
        """Send `create_deployment_revision`."""
        return self.post(f"{DEPLOYMENTS}{deployment_id}/revisions", json=body)

    def show(self, deployment_id: str) -> dict[str, Any]:
        """Describe a deployment."""
        response = self.get(f"{DEPLOYMENTS}{deployment_id}")
        assert response.status_code == 200, response.text
        described: dict[str, Any] = response.json()
        return described

    def status(self, deployment_id: str) -> str:
        """Give the status of a deployment."""
        return str(self.show(deployment_id)["metadata"]["status"])


def find_deviations(method: str, path: str, response: requests.Response) -> list[str]:
    """Tell what of a JSON answer is not as the routes declare it; garbage and what is no call of the API passes."""
    decoded = urlsplit(path).path
    route = next((route for route in ROUTES if route.method == method and matches(route.path, decoded)), None)
    try:
        answer = response.json()
    except requests.JSONDecodeError:
        return []
    if route is None or response.status_code >= 500:
        return []
    if response.ok:
        shape = Validated if "validate=true" in path else route.response
        return [str(mistake) for mistake in validate(shape, answer)]
    return [str(mistake) for mistake in validate(Error, answer)]


def matches(template: str, path: str) -> bool:
    """Whether a path is one that a route answers."""
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) is not None


def spec_body(name: str, version: str = "1.0.0", **changes: Any) -> dict[str, Any]:
    """Give a body of `create_spec`."""
    kind = changes.get("kind", "workflow")
    return {
        "version": changes.get("schema", 1),
        "kind": kind,
        "metadata": {"name": name, "summary": "Loads orders.", **changes.get("metadata", {})},
        "release": {"version": version, "notes": "first"},
        "config": changes.get("config", WORKFLOW if kind == "workflow" else SERVICE),
    }


def form(parts: Mapping[str, Any]) -> list[tuple[str, tuple[Any, ...]]]:
    """Give a multipart form in the order of the mapping; the artifact is bytes, the scope bare text, the rest JSON."""
    sent: list[tuple[str, tuple[Any, ...]]] = []
    for name, value in parts.items():
        if isinstance(value, bytes):
            sent.append((name, ("artifact.zip", value, "application/zip")))
        else:
            sent.append((name, (None, value if name == "scope" else json.dumps(value))))
    return sent


def spec_form(name: str = "etl", **changes: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Give the form of `create_spec`, in the order in which the client sends it."""
    parts: dict[str, Any] = {"artifact": changes["artifact"]} if "artifact" in changes else {}
    parts["spec"] = changes.get("spec", spec_body(name, **changes))
    parts["featured"] = changes.get("featured")
    parts["scope"] = changes.get("scope", "private")
    parts["autoRunOnDeploy"] = changes.get("autoRunOnDeploy")
    parts |= {part: changes[part] for part in ("tenants", "parameters") if part in changes}
    return form(parts)


def release_form(version: str, **changes: Any) -> list[tuple[str, tuple[Any, ...]]]:
    """Give the form of `create_spec_release`."""
    parts: dict[str, Any] = {"artifact": changes["artifact"]} if "artifact" in changes else {}
    body = {"release": {"version": version}, "config": changes.get("config", WORKFLOW)}
    parts["spec"] = changes.get("spec", body)
    parts["autoRunOnDeploy"] = changes.get("autoRunOnDeploy")
    parts |= {part: changes[part] for part in ("parameters",) if part in changes}
    return form(parts)


def zip_bytes(files: Mapping[str, str | bytes]) -> bytes:
    """Give a zip of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def end_later() -> Iterator[Callable[[ExitStack], None]]:
    """Give what ends servers beside the tests: each takes a fifth of a second to let its connections go."""
    with ThreadPoolExecutor(4) as pool:
        ends: list[Future[None]] = []
        yield lambda stack: ends.append(pool.submit(stack.close))
        for end in ends:
            end.result()


@pytest.fixture
def make_api(end_later: Callable[[ExitStack], None]) -> Iterator[Callable[..., Api]]:
    """Give what starts a local Press, with the arguments of `start`, and returns a client of it."""
    stack = ExitStack()

    def make(**options: Any) -> Api:
        press = stack.enter_context(start(**options))
        api = Api(press, press.token)
        stack.callback(api.session.close)
        return api

    yield make
    end_later(stack)


@pytest.fixture(scope="session")
def shared_press() -> Iterator[LocalPress]:
    """Give one local Press to all tests that want the defaults: starting one takes longer than most tests."""
    with start() as press:
        yield press


@pytest.fixture
def api(shared_press: LocalPress) -> Iterator[Api]:
    """Give a client of an empty local Press that behaves as it does by default."""
    shared_press.reset()
    api = Api(shared_press, shared_press.token)
    yield api
    api.session.close()


@pytest.fixture
def make_zip() -> Callable[[Mapping[str, str | bytes]], bytes]:
    """Give what makes a zip."""
    return zip_bytes


@pytest.fixture
def make_form() -> Callable[[Mapping[str, Any]], list[tuple[str, tuple[Any, ...]]]]:
    """Give what makes a multipart form."""
    return form


@pytest.fixture
def make_spec_body() -> Callable[..., dict[str, Any]]:
    """Give what makes a body of `create_spec`."""
    return spec_body


@pytest.fixture
def run_parameters() -> dict[str, Any]:
    """Give a declaration of run parameters: a text with a default, a number that is required, and a hidden text."""
    return {
        "run": [
            {"name": "mode", "type": "string", "required": False, "defaultValue": "AVG"},
            {"name": "rounds", "type": "number", "required": True},
            {
                "name": "password",
                "type": "string",
                "required": False,
                "hideValue": True,
                "defaultValue": "hush-default",
            },
        ]
    }
