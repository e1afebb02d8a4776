"""Seeds: objects to begin with, written as the calls that would make them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import yaml
from typing_extensions import Required, TypedDict

from pulumi_press.emulator import artifacts, deployments, releases, specs
from pulumi_press.emulator.bodies import parse
from pulumi_press.emulator.calls import Call
from pulumi_press.emulator.errors import Mistaken, Refusal
from pulumi_press.emulator.faults import FaultRule  # noqa: TC001  (pydantic reads it when it validates)
from pulumi_press.emulator.forms import Form
from pulumi_press.emulator.outcomes import OutcomeRule  # noqa: TC001  (as above)
from pulumi_press.schema.bodies import Scope  # noqa: TC001  (as above)
from pulumi_press.schema.shapes import shape
from pulumi_press.schema.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pulumi_press.emulator.press import Press

__all__ = ["Seed", "SeedError", "sow"]


class SeedError(Exception):
    """The seed cannot be used; the message says what is wrong, and where."""


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
    """A spec, as `create_spec` takes it, with what hangs on it."""

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


def sow(press: Press, file: Path) -> None:
    """Make what a seed says, within a transaction.

    Raises:
        SeedError: the file cannot be read, or a call in it would be refused.
    """
    try:
        # YAML knows more than JSON, such as dates: what comes back from JSON is what a call could send.
        seed = parse(json.dumps(yaml.safe_load(file.read_text(encoding="utf-8")) or {}))
    except RecursionError:
        raise SeedError(f"the seed {file} cannot be read: it is nested too deeply") from None
    except (OSError, ValueError, TypeError, yaml.YAMLError) as error:
        raise SeedError(f"the seed {file} cannot be read: {error}") from None
    mistakes = validate(Seed, seed)
    if not mistakes:
        mistakes = [
            *press.outcomes.check(seed.get("outcomes", [])),
            *press.faults.check(seed.get("faults", [])),
        ]
    if mistakes:
        raise SeedError(f"the seed {file} is wrong: {Mistaken(mistakes).detail}")
    press.outcomes.add(seed.get("outcomes", []))
    for where, spec in _items(seed, "specs"):
        _sow_spec(press, file, where, spec)
    press.faults.add(seed.get("faults", []))


def _sow_spec(press: Press, file: Path, where: str, spec: Mapping[str, Any]) -> None:
    tenant = spec.get("tenant", next(iter(press.settings.tokens.values())))
    with _at(file, where):
        spec_id = specs.create_spec(press, Call(tenant, press.tick(), form=_form(press, file, spec)))["id"]
    for place, release in _items(spec, "releases", where):
        with _at(file, place):
            call = Call(tenant, press.tick(), path={"spec_id": spec_id}, form=_form(press, file, release))
            releases.create_spec_release(press, call)
    for place, body in _items(spec, "deployments", where):
        with _at(file, place):
            deployed = {"release": body["release"]} if "release" in body else {}
            call = Call(tenant, press.tick(), body={**body, "spec": {"id": spec_id, **deployed}})
            call.body.pop("release", None)
            deployments.create_deployment(press, call)


@contextmanager
def _at(file: Path, where: str) -> Iterator[None]:
    """Say where in the seed a call stands that is refused."""
    try:
        yield
    except Refusal as refusal:
        raise SeedError(f"the seed {file} is wrong at {where}: {refusal.detail}") from None


def _form(press: Press, file: Path, written: Mapping[str, Any]) -> Form:
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
        artifact=artifacts.inspect(content, press.assumptions) if content is not None else None,
    )


def _items(holder: Mapping[str, Any], key: str, where: str = "") -> Iterator[tuple[str, Any]]:
    for index, item in enumerate(holder.get(key, [])):
        yield (f"{where}.{key}[{index}]" if where else f"{key}[{index}]"), item
