"""Everything that the provider does with the service, each as one operation to put before a bad server."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.emulator import LocalPress
    from pulumi_press.provider.values import Values
    from tests.reliability.servers.runner import Kept, Runner

__all__ = ["ASSUMED", "OPERATIONS", "Operation"]

ASSUMED: dict[str, object] = {"artifact_when_building": "optional"}
"""What the local Press assumes: none of this is about artifacts."""

NAME = "orders"
STEPS = {"load": {"imageDetails": {"id": 1}, "command": "python load.py"}}
PARAMETERS = {
    "run": [
        {"name": "rows", "type": "number", "required": False, "defaultValue": 10},
        {"name": "key", "type": "string", "required": False, "hideValue": True},
    ],
    "build": [{"name": "mode", "type": "string", "required": False, "options": [{"title": "Slow", "value": "slow"}]}],
}
TEXTS = {
    "name": NAME,
    "title": "Orders",
    "summary": "Loads orders.",
    "description": "All of *them*.",
    "descriptionContentType": "text/markdown",
    "imageUrl": "https://example.com/orders.png",
    "tags": [{"name": "sales"}],
}
SPEC: Values = {
    "kind": "workflow",
    "metadata": TEXTS,
    "release": {"version": "1.0.0", "notes": "The first."},
    "config": {"steps": STEPS},
    "parameters": PARAMETERS,
    "scope": "shared",
    "tenants": ["others"],
    "featured": True,
    "auto_run_on_deploy": True,
}
RELEASE: Values = {
    "release": {"version": "2.0.0", "notes": "The second."},
    "config": {"steps": {"load": {"imageDetails": {"id": 2}, "command": "python load.py"}}},
    "parameters": PARAMETERS,
}
DEPLOYMENT: Values = {
    "metadata": TEXTS,
    "revision": {"notes": "The first."},
    "parameters": {"run": {"rows": 5, "key": "a-hidden-value"}, "build": {"mode": "slow"}},
}


@dataclass(frozen=True)
class Operation:
    """One thing that the provider does.

    Args:
        name: for people.
        prepare: makes what must be there, with a provider before a good service; gives what to do before the bad one.
        subject: what a failure's message must name.
        kind: the resource, where what comes of it is one's inputs or outputs.
        settings: the provider's.
    """

    name: str
    prepare: Callable[[Runner, LocalPress], Callable[[Runner], Any]]
    subject: tuple[str, ...] = ()
    kind: str = ""
    settings: tuple[tuple[str, Any], ...] = ()


def _spec(home: Runner) -> Kept:
    return home.keep("BlockSpec", SPEC)


def _deployed(home: Runner, **changes: Any) -> Kept:
    return home.keep("BlockDeployment", _deployment(_spec(home).identity, **changes))


def _deployment(spec_id: str, **changes: Any) -> Values:
    return {**DEPLOYMENT, "spec": {"id": spec_id, "release": {"version": "1.0.0"}}, **changes}


def _create_spec(home: Runner, _: LocalPress) -> Any:
    inputs = home.checked("BlockSpec", SPEC)
    return lambda far: far.create("BlockSpec", inputs)


def _take_spec(home: Runner, _: LocalPress) -> Any:
    inputs = _spec(home).inputs
    return lambda far: far.create("BlockSpec", inputs)


def _check_spec(home: Runner, _: LocalPress) -> Any:
    del home
    return lambda far: far.check("BlockSpec", SPEC)


def _check_spec_change(home: Runner, _: LocalPress) -> Any:
    old = _spec(home)
    news = {**SPEC, **RELEASE}
    return lambda far: far.check("BlockSpec", news, old)


def _update_spec(home: Runner, _: LocalPress) -> Any:
    old = _spec(home)
    news = home.checked("BlockSpec", {**SPEC, **RELEASE, "metadata": {**TEXTS, "title": "All orders"}}, old)
    return lambda far: far.update("BlockSpec", old, news)


def _publish_again(home: Runner, press: LocalPress) -> Any:
    act = _update_spec(home, press)
    act(home)
    return act


def _read(kind: str, home: Runner, _: LocalPress, *, known: bool) -> Any:
    spec = _spec(home)
    kept = {
        "BlockSpec": lambda: spec,
        "BlockSpecRelease": lambda: home.keep("BlockSpecRelease", {**RELEASE, "spec_id": spec.identity}),
        "BlockDeployment": lambda: home.keep("BlockDeployment", _deployment(spec.identity)),
        "Rollout": lambda: _rolled_out(home, spec.identity),
    }[kind]()
    return lambda far: far.read(kind, kept.identity, kept.outputs if known else {})


def _rolled_out(home: Runner, spec_id: str) -> Kept:
    deployment = home.keep("BlockDeployment", _deployment(spec_id))
    return home.keep("Rollout", {"deployment_id": deployment.identity, "revision": 1})


def _delete(kind: str, home: Runner, _: LocalPress) -> Any:
    kept = _spec(home) if kind == "BlockSpec" else _deployed(home)
    return lambda far: far.delete(kind, kept)


def _create_release(home: Runner, _: LocalPress) -> Any:
    inputs = home.checked("BlockSpecRelease", {**RELEASE, "spec_id": _spec(home).identity})
    return lambda far: far.create("BlockSpecRelease", inputs)


def _take_release(home: Runner, _: LocalPress) -> Any:
    inputs = home.keep("BlockSpecRelease", {**RELEASE, "spec_id": _spec(home).identity}).inputs
    return lambda far: far.create("BlockSpecRelease", inputs)


def _check_release(home: Runner, _: LocalPress) -> Any:
    program = {**RELEASE, "spec_id": _spec(home).identity}
    return lambda far: far.check("BlockSpecRelease", program)


def _check_deployment(home: Runner, _: LocalPress) -> Any:
    program = _deployment(_spec(home).identity)
    return lambda far: far.check("BlockDeployment", program)


def _create_deployment(home: Runner, _: LocalPress) -> Any:
    inputs = home.checked("BlockDeployment", _deployment(_spec(home).identity))
    return lambda far: far.create("BlockDeployment", inputs)


def _take_deployment(home: Runner, _: LocalPress) -> Any:
    inputs = _deployed(home).inputs
    return lambda far: far.create("BlockDeployment", inputs)


def _update_deployment(home: Runner, _: LocalPress) -> Any:
    old = _deployed(home)
    news = {**old.inputs, "metadata": {**TEXTS, "title": "All"}, "revision": {"notes": "The second."}}
    inputs = home.checked("BlockDeployment", news, old)
    return lambda far: far.update("BlockDeployment", old, inputs)


def _patch_parameters(home: Runner, _: LocalPress) -> Any:
    old = _deployed(home, parameters={"run": {"rows": 5}})
    inputs = home.checked("BlockDeployment", {**old.inputs, "parameters": {"run": {}}}, old)
    return lambda far: far.update("BlockDeployment", old, inputs)


def _roll_out(home: Runner, press: LocalPress) -> Any:
    deployment = _deployed(home)
    press.clear_requests()
    return lambda far: far.create("Rollout", {"deployment_id": deployment.identity, "revision": 1})


def _redeploy(home: Runner, press: LocalPress) -> Any:
    press.outcomes({"status": "failed", "times": 1})
    return _roll_out(home, press)


def _roll_out_with_warning(home: Runner, press: LocalPress) -> Any:
    press.outcomes({"status": "warning", "errors": [{"code": 7, "message": "one replica is slow"}]})
    return _roll_out(home, press)


def _call(name: str, home: Runner, _: LocalPress) -> Any:
    deployment = _deployed(home)
    spec_id = deployment.inputs["spec"]["id"]
    arguments = {
        "get_spec": (spec_id,),
        "get_spec_release": (spec_id, "1.0.0"),
        "list_spec_releases": (spec_id,),
        "get_deployment": (deployment.identity,),
        "get_deployment_revision": (deployment.identity, 1),
        "list_deployment_revisions": (deployment.identity,),
        "get_parameters": (deployment.identity,),
    }.get(name, ())
    return lambda far: far.call(name, *arguments)


def _import(kind: str, home: Runner, _: LocalPress, *, everything: bool) -> Any:
    deployment = _deployed(home)
    spec_id = deployment.inputs["spec"]["id"]
    identity = {"spec": spec_id, "release": f"{spec_id}/1.0.0", "deployment": deployment.identity}[kind]
    words = ("--all", *(("--scope", "shared") if kind == "spec" else ())) if everything else (NAME, identity)
    return lambda far: far.command("import", kind, *words)


READS = (
    "get_spec", "list_specs", "get_spec_release", "list_spec_releases", "get_deployment", "list_deployments",
    "get_deployment_revision", "list_deployment_revisions", "get_parameters",
)  # fmt: skip
SERVER = (("validate", "server"),)
ALWAYS = (("adopt", "always"),)
IDENTICAL = (("adopt", "identical"),)

NOUNS = {"BlockSpec": "spec", "BlockSpecRelease": "release", "BlockDeployment": "deployment", "Rollout": "rollout"}

OPERATIONS: tuple[Operation, ...] = (
    Operation("check a new spec on the server", _check_spec, (NAME,), "BlockSpec", SERVER),
    Operation("check a changed spec on the server", _check_spec_change, (NAME,), "BlockSpec", SERVER),
    Operation("create a spec", _create_spec, (f"creating spec {NAME}",), "BlockSpec"),
    Operation("create a spec that is there", _take_spec, (f"creating spec {NAME}",), "BlockSpec", IDENTICAL),
    Operation("take a spec over", _take_spec, (f"creating spec {NAME}",), "BlockSpec", ALWAYS),
    Operation("update a spec", _update_spec, (f"updating spec {NAME}",), "BlockSpec"),
    Operation("update a spec whose release is there", _publish_again, (f"updating spec {NAME}",), "BlockSpec"),
    Operation("delete a spec", partial(_delete, "BlockSpec"), (f"deleting spec {NAME}",)),
    Operation("check a release on the server", _check_release, (), "BlockSpecRelease", SERVER),
    Operation("create a release", _create_release, ("creating release",), "BlockSpecRelease"),
    Operation("create a release that is there", _take_release, ("creating release",), "BlockSpecRelease", IDENTICAL),
    Operation("check a deployment", _check_deployment, (NAME,), "BlockDeployment"),
    Operation("create a deployment", _create_deployment, (f"creating deployment {NAME}",), "BlockDeployment"),
    Operation(
        "create a deployment that is there",
        _take_deployment,
        (f"creating deployment {NAME}",),
        "BlockDeployment",
        IDENTICAL,
    ),
    Operation("take a deployment over", _take_deployment, (f"creating deployment {NAME}",), "BlockDeployment", ALWAYS),
    Operation("update a deployment", _update_deployment, (f"updating deployment {NAME}",), "BlockDeployment"),
    Operation("change run parameters", _patch_parameters, (f"updating deployment {NAME}",), "BlockDeployment"),
    Operation("delete a deployment", partial(_delete, "BlockDeployment"), (f"deleting deployment {NAME}",)),
    Operation("roll out", _roll_out, ("creating rollout",), "Rollout"),
    Operation("roll out what failed before", _redeploy, ("creating rollout",), "Rollout"),
    Operation("roll out with a warning", _roll_out_with_warning, ("creating rollout",), "Rollout"),
    *(
        Operation(f"read a {name}", partial(_read, kind, known=True), (f"reading {name}",), kind)
        for kind, name in NOUNS.items()
    ),
    *(
        Operation(f"read a {name} of which nothing is known", partial(_read, kind, known=False), ("reading",), kind)
        for kind, name in NOUNS.items()
    ),
    *(Operation(name, partial(_call, name)) for name in READS),
    *(
        Operation(f"import a {kind}", partial(_import, kind, everything=False), ("pulumi-press import",))
        for kind in ("spec", "release", "deployment")
    ),
    *(
        Operation(f"import every {kind}", partial(_import, kind, everything=True), ("pulumi-press import",))
        for kind in ("spec", "deployment")
    ),
)
