"""Seeds: the objects that a local Press starts with, written as the calls that would create them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import yaml
from typing_extensions import Required, TypedDict

from pulumi_press.emulator.api.calls import APIError, Call, Form, InvalidRequestError, parse_json
from pulumi_press.emulator.api.deployment_handlers import create_deployment
from pulumi_press.emulator.api.forms import inspect_zip
from pulumi_press.emulator.api.spec_handlers import create_spec, create_spec_release
from pulumi_press.emulator.backend.rollout_simulation import (
    OutcomeRule,  # noqa: TC001  (pydantic reads it when it validates)
)
from pulumi_press.emulator.control.faults import FaultRule  # noqa: TC001  (as above)
from pulumi_press.schema.bodies import Scope  # noqa: TC001  (as above)
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pulumi_press.emulator.assumptions import Assumptions
    from pulumi_press.emulator.backend.backend import Backend
    from pulumi_press.emulator.control.faults import Faults

__all__ = ["Seed", "SeedError", "load_seed"]


class SeedError(Exception):
    """The seed cannot be used; the message says what is wrong, and where in the file."""


@shape
class SeedRelease(TypedDict, total=False):
    """A release, as `create_spec_release` takes it."""

    body: Required[dict[str, Any]]
    """Body of the call."""
    parameters: dict[str, Any]
    """What it declares."""
    autoRunOnDeploy: bool
    """Default false."""
    artifact: str
    """A zip, by its path from the seed's folder."""


@shape
class SeedSpec(SeedRelease, total=False):
    """A spec, as `create_spec` takes it, with its releases and deployments."""

    tenant: str
    """Its tenant. Default: the first."""
    featured: bool
    """Default false."""
    scope: Scope
    """Default `private`."""
    tenants: list[str]
    """Tenants that it is shared with."""
    releases: list[SeedRelease]
    """Further releases, in order."""
    deployments: list[dict[str, Any]]
    """Its deployments: bodies of `create_deployment`, with `release` in place of `spec`."""


@shape
class Seed(TypedDict, total=False):
    """The file: YAML or JSON."""

    specs: list[SeedSpec]
    """Specs, in order."""
    outcomes: list[OutcomeRule]
    """As `POST /_emulator/outcomes` takes them."""
    faults: list[FaultRule]
    """As `POST /_emulator/faults` takes them."""


def load_seed(file: Path, backend: Backend, faults: Faults, tenant: str) -> None:
    """Create what a seed says, within a transaction.

    Args:
        file: the seed, YAML or JSON.
        backend: where its objects and outcome rules go.
        faults: where its fault rules go.
        tenant: tenant of the specs that name none.

    Raises:
        SeedError: the file cannot be read, or a call in it would be rejected.
    """
    try:
        # YAML knows more than JSON, such as dates: what comes back from JSON is what a call could send.
        seed = parse_json(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")) or {}))
    except RecursionError:
        raise SeedError(f"the seed {file} cannot be read: it is nested too deeply") from None
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise SeedError(f"the seed {file} cannot be read: {error}") from None
    failures = validate(Seed, seed)
    if not failures:
        failures = [*backend.outcomes.check(seed.get("outcomes", [])), *faults.check(seed.get("faults", []))]
    if failures:
        raise SeedError(f"the seed {file} is invalid: {InvalidRequestError(failures).detail}")
    backend.outcomes.add(seed.get("outcomes", []))
    for where, spec in _items(seed, "specs"):
        _load_spec(backend, file, where, {"tenant": tenant, **spec})
    faults.add(seed.get("faults", []))


def _load_spec(backend: Backend, file: Path, where: str, spec: Mapping[str, Any]) -> None:
    context, tenant = backend.context, spec["tenant"]
    limits = context.assumptions
    with _locate(file, where):
        call = Call(tenant, backend.tick(), form=_read_form(limits, file, spec))
        spec_id = create_spec(context, call)["id"]
    for place, release in _items(spec, "releases", where):
        with _locate(file, place):
            form = _read_form(limits, file, release)
            create_spec_release(context, Call(tenant, backend.tick(), path={"spec_id": spec_id}, form=form))
    for place, body in _items(spec, "deployments", where):
        with _locate(file, place):
            deployed = {"release": body["release"]} if "release" in body else {}
            call = Call(tenant, backend.tick(), body={**body, "spec": {"id": spec_id, **deployed}})
            call.body.pop("release", None)
            create_deployment(context, call)


@contextmanager
def _locate(file: Path, where: str) -> Iterator[None]:
    """Add to an error where in the seed the rejected call is."""
    try:
        yield
    except APIError as error:
        raise SeedError(f"the seed {file} is invalid at {where}: {error.detail}") from None


def _read_form(assumptions: Assumptions, file: Path, written: Mapping[str, Any]) -> Form:
    content = None
    if "artifact" in written:
        path = file.parent / written["artifact"]
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SeedError(f"the artifact {path} of the seed cannot be read: {error.strerror}") from None
    return Form(
        spec=written["body"],
        featured=written.get("featured"),
        scope=written.get("scope"),
        auto_run=written.get("autoRunOnDeploy"),
        tenants=written.get("tenants", []),
        parameters=written.get("parameters", {}),
        artifact=inspect_zip(content, assumptions) if content is not None else None,
    )


def _items(holder: Mapping[str, Any], key: str, where: str = "") -> Iterator[tuple[str, Any]]:
    """Return each item of a list with its path in the seed."""
    for index, item in enumerate(holder.get(key, [])):
        yield (f"{where}.{key}[{index}]" if where else f"{key}[{index}]"), item
