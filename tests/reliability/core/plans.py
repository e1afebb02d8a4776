"""Programs that change at random: what is declared, how it is edited, and what must be on the service then."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tests.reliability.core.state import Declared, Entry, Reference
from tests.reliability.oracle import Deployment, Release, Spec, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.provider.values import Values

__all__ = ["DeploymentPlan", "Plan", "ReleasePlan", "SpecPlan"]

NAMES = [
    "etl",
    "etl-2",
    "ETL",
    "daily etl",
    "etl/2",
    "a?b=c&d#e",
    "100 %41",
    "größe",
    "x" * 40,
    "etl.v1+2",
    "etl,etl-2",
]
"""Some begin like others, differ in case only, or mean something in a URL."""

DEFAULTS = {"mode": "fast"}


@dataclass(frozen=True)
class Texts:
    """Metadata of a block beside its name."""

    title: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()

    def write(self, name: str) -> Values:
        """Write them as a program does."""
        texts = {"name": name, "summary": "Made at random", "title": self.title, "description": self.description}
        tags = {"tags": [{"name": tag} for tag in self.tags]} if self.tags else {}
        return {key: value for key, value in texts.items() if value} | tags


@dataclass(frozen=True)
class Content:
    """What a release ships. The number makes it unlike any other."""

    number: int
    notes: str = ""
    auto_run: bool = False
    files: tuple[tuple[str, bytes], ...] = ()

    def write(self, kind: str, folder: Path) -> Values:
        """Write it as a program does; the artifact's files go into the folder."""
        image: Values = {"imageDetails": {"id": self.number}}
        artifact: Values = {}
        if self.files:
            image = {"image": {"dockerfile": "Dockerfile", "context": ".", "buildArguments": {"n": str(self.number)}}}
            artifact = {"artifact": {"path": str(folder)}}
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for name, text in self.files:
                (folder / name).write_bytes(text)
        return {
            "config": {"serviceType": "api", **image}
            if kind == "service"
            else {"steps": {"go": {**image, "command": "run"}}},
            "parameters": self.parameters,
            **({"auto_run_on_deploy": True} if self.auto_run else {}),
            **artifact,
        }

    @property
    def parameters(self) -> Values:
        """What it declares."""
        return {
            "build": [{"name": "size", "type": "number", "required": False}],
            "run": [
                {"name": "rows", "type": "number", "required": False},
                {"name": "mode", "type": "string", "required": False, "defaultValue": DEFAULTS["mode"]},
            ],
        }

    def release(self, version: str, kind: str, folder: Path) -> Release:
        """Say what must be on the service."""
        written = self.write(kind, folder)
        return Release(version, written["config"], self.notes, self.parameters, self.auto_run, dict(self.files))


@dataclass(frozen=True)
class SpecPlan:
    """A `BlockSpec`."""

    name: str
    kind: str
    content: Content
    texts: Texts = Texts()
    version: str | None = None
    scope: str = "private"
    featured: bool = False
    tenants: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReleasePlan:
    """A `BlockSpecRelease`."""

    spec: str
    """Key of its spec."""
    number: int
    """Its version is `<number>.0.0`."""
    content: Content

    @property
    def version(self) -> str:
        """Its version."""
        return f"{self.number}.0.0"


@dataclass(frozen=True)
class DeploymentPlan:
    """A `BlockDeployment`."""

    name: str
    spec: str
    """Key of its spec."""
    release: str | None = None
    """Key of the spec or release that its version comes from; None: the latest."""
    texts: Texts = Texts()
    run: tuple[tuple[str, Any], ...] = ()
    build: tuple[tuple[str, Any], ...] = ()
    notes: str = ""
    trigger: int = 0
    wait: bool = True


@dataclass
class Plan:
    """A program.

    Args:
        folder: where the files of artifacts go.
    """

    folder: Path
    specs: dict[str, SpecPlan] = field(default_factory=dict)
    releases: dict[str, ReleasePlan] = field(default_factory=dict)
    deployments: dict[str, DeploymentPlan] = field(default_factory=dict)
    numbers: int = 0
    published: set[str] = field(default_factory=set)
    """Versions of releases that an `up` has seen."""
    awaits: bool = False
    """Whether a deployment waits itself, as a native one does; else a rollout waits for it."""
    in_block: bool = False
    """Whether the program declares its one spec and its one deployment as a `Block`."""

    def number(self) -> int:
        """Give a number that nothing had before."""
        self.numbers += 1
        return self.numbers

    def names(self) -> set[str]:
        """Give the names of all blocks."""
        return {spec.name for spec in self.specs.values()} | {plan.name for plan in self.deployments.values()}

    def raise_releases(self, spec: str, *, also_published: bool = False) -> None:
        """Let the releases that are still to be published come after the spec's own, for versions only go up.

        Args:
            spec: key of the spec.
            also_published: whether those that an `up` has seen must be published again.
        """
        for key, release in sorted(self.releases.items(), key=lambda item: item[1].number):
            if release.spec == spec and (also_published or release.version not in self.published):
                self.releases[key] = replace(release, number=self.number())

    def free_name(self, taken: set[str], choice: int) -> str:
        """Give a name that no block has."""
        free = [name for name in NAMES if name not in taken]
        return free[choice % len(free)] if free else f"block {self.number()}"

    def declare(self) -> list[Declared]:
        """Write the program, with the artifacts' files as they are to be."""
        declared = [self._spec(key, spec) for key, spec in self.specs.items()]
        for key, release in self.releases.items():
            lower = [
                f"release:{other_key}"
                for other_key, other in self.releases.items()
                if other.spec == release.spec and other.number < release.number
            ]
            written = release.content.write(self.specs[release.spec].kind, self.folder / key)
            props = {
                "spec_id": Reference(f"spec:{release.spec}"),
                "release": _filled({"version": release.version, "notes": release.content.notes}),
                **written,
            }
            declared.append(Declared(f"release:{key}", "BlockSpecRelease", props, after=tuple(lower)))
        for key, deployment in self.deployments.items():
            declared += self._deployment(key, deployment)
        return declared

    def want(self, find: Callable[[str], Entry | None]) -> Wanted:
        """Say what must be on the service after an `up` that went well; the state tells which versions were chosen."""
        wanted = Wanted()
        for key, spec in self.specs.items():
            entry = find(f"spec:{key}")
            version = spec.version or (entry.outputs["release"]["version"] if entry else "?")
            releases = [spec.content.release(version, spec.kind, self.folder / key)] + [
                release.content.release(release.version, spec.kind, self.folder / other)
                for other, release in self.releases.items()
                if release.spec == key
            ]
            wanted.specs.append(
                Spec(
                    spec.kind,
                    spec.name,
                    spec.texts.write(spec.name),
                    spec.scope,
                    spec.featured,
                    spec.tenants,
                    tuple(releases),
                )
            )
        for key, deployment in self.deployments.items():
            entry = find(f"deployment:{key}")
            spec = self.specs[deployment.spec]
            wanted.deployments.append(
                Deployment(
                    deployment.name,
                    spec.name,
                    spec.kind,
                    deployment.texts.write(deployment.name),
                    self._version(deployment, find),
                    dict(deployment.run),
                    DEFAULTS,
                    dict(deployment.build),
                    deployment.notes,
                    entry.outputs["revision_number"] if entry else None,
                    live=deployment.wait,
                )
            )
        return wanted

    def _spec(self, key: str, spec: SpecPlan) -> Declared:
        props = {
            "kind": spec.kind,
            "metadata": spec.texts.write(spec.name),
            "release": _filled({"version": spec.version, "notes": spec.content.notes}),
            **spec.content.write(spec.kind, self.folder / key),
            **({"scope": spec.scope} if spec.scope != "private" else {}),
            **({"featured": True} if spec.featured else {}),
            **({"tenants": list(spec.tenants)} if spec.tenants else {}),
        }
        return Declared(f"spec:{key}", "BlockSpec", props)

    def _deployment(self, key: str, deployment: DeploymentPlan) -> list[Declared]:
        urn, release = f"deployment:{key}", {}
        if deployment.release is not None:
            kind = "spec" if deployment.release in self.specs else "release"
            release = {"release": {"version": Reference(f"{kind}:{deployment.release}", ("release", "version"))}}
        parameters = _filled({"run": dict(deployment.run), "build": dict(deployment.build)})
        props = {
            "metadata": deployment.texts.write(deployment.name),
            "spec": {"id": Reference(f"spec:{deployment.spec}"), **release},
            **({"parameters": parameters} if parameters else {}),
            **({"revision": {"notes": deployment.notes}} if deployment.notes else {}),
            **({"triggers": {"n": deployment.trigger}} if deployment.trigger else {}),
        }
        if self.awaits:
            return [Declared(urn, "BlockDeployment", props | ({} if deployment.wait else {"wait": False}))]
        declared = [Declared(urn, "BlockDeployment", props)]
        if deployment.wait:
            waiting = {"deployment_id": Reference(urn), "revision": Reference(urn, ("revision_number",))}
            declared.append(Declared(f"rollout:{key}", "Rollout", waiting, parent=urn))
        return declared

    def _version(self, deployment: DeploymentPlan, find: Callable[[str], Entry | None]) -> str | None:
        """Give the version that must run; None where it is whatever was the latest."""
        if deployment.release is None:
            return None
        if deployment.release in self.releases:
            return self.releases[deployment.release].version
        entry = find(f"spec:{deployment.release}")
        version: str | None = entry.outputs["release"]["version"] if entry else None
        return version


def _filled(values: Values) -> Values:
    return {key: value for key, value in values.items() if value}
