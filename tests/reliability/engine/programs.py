"""A plan as the text of a Pulumi program."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from tests.reliability.core.state import Reference
from tests.reliability.engine.setups import WAYS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reliability.core.plans import Plan
    from tests.reliability.core.state import Declared

__all__ = ["write_program"]

OUTPUTS: dict[tuple[str, ...], dict[str, str]] = {
    ("release", "version"): {"spec": "release_version", "release": "version"}
}
"""What the program writes for an output of another resource, by the kind of that."""


def write_program(plan: Plan, folder: Path, way: str) -> None:
    """Write the program, and the files of its artifacts, into a project's folder.

    Args:
        plan: what it declares.
        folder: the project's folder.
        way: how it reaches the engine.
    """
    declared = plan.declare()
    waited = {one.parent for one in declared if one.kind == "Rollout"}
    ordered = _in_order([one for one in declared if one.kind != "Rollout"])
    texts = (
        [_write_block(*ordered)] if plan.in_block else [_write(one, folder, wait=one.urn in waited) for one in ordered]
    )
    (folder / "__main__.py").write_text("\n".join(["import pulumi", WAYS[way], *texts]), encoding="utf-8")


def _in_order(declared: list[Declared]) -> list[Declared]:
    """Sort so that each comes after what it names: a variable must be there."""
    done: list[Declared] = []
    left = list(declared)
    while left:
        names = {one.urn for one in left}
        ready = [one for one in left if not names & ({*one.after} | set(_referred(one.props)))]
        done += ready
        left = [one for one in left if one not in ready]
    return done


def _referred(value: Any) -> list[str]:
    if isinstance(value, Reference):
        return [value.urn]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [urn for item in items for urn in _referred(item)]


def _write(one: Declared, folder: Path, *, wait: bool) -> str:
    props = dict(one.props)
    if artifact := props.get("artifact"):
        # A snapshot of the project is copied elsewhere, so nothing may name where it lies.
        props["artifact"] = {**artifact, "path": os.path.relpath(artifact["path"], folder)}
    arguments = [f"{key}={_literal(value)}" for key, value in props.items()]
    if one.kind == "BlockDeployment" and not wait:
        arguments.append("wait=False")
    if one.after:
        first = ", ".join(_variable(urn) for urn in one.after)
        arguments.append(f"opts=pulumi.ResourceOptions(depends_on=[{first}])")
    name = one.urn.partition(":")[2]
    return f'{_variable(one.urn)} = press.{one.kind}("{name}", {", ".join(arguments)})'


def _write_block(spec: Declared, deployment: Declared) -> str:
    props = {key: value for key, value in deployment.props.items() if key != "spec"}
    name = spec.urn.partition(":")[2]
    return f'press.Block("{name}", spec={_literal(spec.props)}, deployment={_literal(props)})'


def _literal(value: Any) -> str:
    if isinstance(value, Reference):
        kind = value.urn.partition(":")[0]
        return f"{_variable(value.urn)}.{OUTPUTS[value.path][kind] if value.path else 'id'}"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    return repr(value)


def _variable(urn: str) -> str:
    return urn.replace(":", "_").replace("-", "_")
