"""What must be true of the local Press: eight promises, and the checks that read the service itself.

Both harnesses judge with these, the fast one on the core and the slow one on the real engine. Nothing here knows how
the provider works: a check compares what a program declares with what the service holds.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pulumi_press.emulator import LocalPress

__all__ = [
    "Deployment",
    "Promise",
    "Release",
    "Spec",
    "Violation",
    "Wanted",
    "find_differences",
    "find_double_revisions",
    "find_doubles",
    "find_impolite",
    "find_leftovers",
    "find_unclear",
]

MOST_TRIES = 4
"""Tries of one call."""

_TIMEOUT = 30
_MARK = re.compile(r" ?\[pulumi:[0-9a-f]{12}\]\Z")
_TEXTS = ("title", "summary", "description", "imageUrl")


class Promise(Enum):
    """What is promised, whatever goes wrong."""

    CONVERGES = "converges"
    """After an `up`, the next preview is empty."""
    TRUTHFUL = "truthful"
    """What the state says is on the service, and nothing else."""
    ONCE = "once"
    """Each declared object is there at most once."""
    RESUMES = "resumes"
    """After a fault, at most two further `up` reach what is declared."""
    DELETES = "deletes"
    """A destroy ends well and leaves nothing behind."""
    POLITE = "polite"
    """Few tries, waits that the service asked for, and no hammering."""
    SAFE = "safe"
    """Nothing that is not this stack's own is taken over, changed or deleted, and nothing lives on that it replaced."""
    CLEAR = "clear"
    """A failure says what was being done to which object, and what to do."""


@dataclass(frozen=True)
class Violation:
    """A promise that was broken, and how."""

    promise: Promise
    what: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.promise.value}: {self.what}"


@dataclass(frozen=True)
class Release:
    """A release that must be there. What is None is not looked at."""

    version: str
    config: Mapping[str, Any] | None = None
    notes: str | None = None
    parameters: Mapping[str, Any] | None = None
    auto_run: bool | None = None
    files: Mapping[str, bytes] | None = None
    """The artifact's files by path; empty: it has no artifact."""


@dataclass(frozen=True)
class Spec:
    """A spec that must be there. What is None is not looked at."""

    kind: str
    name: str
    metadata: Mapping[str, Any] | None = None
    """Its texts and tags; a text that is left out must be empty on the service."""
    scope: str | None = None
    featured: bool | None = None
    tenants: Sequence[str] | None = None
    releases: Sequence[Release] = ()


@dataclass(frozen=True)
class Deployment:
    """A deployment that must be there. What is None is not looked at."""

    name: str
    spec: str
    """Name of its spec."""
    kind: str | None = None
    metadata: Mapping[str, Any] | None = None
    version: str | None = None
    """Version of the release that runs."""
    run: Mapping[str, Any] | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Values of run parameters that a deployment has where it gives none."""
    build: Mapping[str, Any] | None = None
    notes: str | None = None
    revision: int | None = None
    """Number of the live revision, as the state has it."""
    live: bool = True
    """Whether the newest revision must run."""


@dataclass
class Wanted:
    """All that must be there, and nothing else of these kinds."""

    specs: list[Spec] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    mark: str = ""
    """The tag that each spec and deployment must carry; the notes of each release and revision then end in a mark."""


def find_differences(press: LocalPress, wanted: Wanted, state: dict[str, Any] | None = None) -> list[str]:
    """Say where the service is not as wanted; an object that nobody wants is a difference, too."""
    state = press.state() if state is None else state
    return [*_missing_and_stray(state, wanted), *_of_specs(press, state, wanted), *_of_deployments(state, wanted)]


def find_doubles(state: dict[str, Any]) -> list[str]:
    """Say which objects are there twice: blocks of one name, and neighbouring releases that are alike."""
    found = []
    for kind in ("spec", "deployment"):
        names = Counter((block["tenant"], block["kind"], block["metadata"]["name"]) for block in state[f"{kind}s"])
        found += [f"{count} {kind}s are named {key[2]}" for key, count in names.items() if count > 1]
    for spec in state["specs"]:
        in_order = sorted(spec["releases"], key=lambda release: str(release["createdAt"]))
        found += [
            f"releases {one['version']} and {other['version']} of {spec['metadata']['name']} are alike"
            for one, other in itertools.pairwise(in_order)
            if _content_of(one) == _content_of(other)
        ]
    return found


def find_double_revisions(state: dict[str, Any], seen: Mapping[str, int]) -> list[str]:
    """Say which neighbouring revisions are alike, in a run where no two are meant to be.

    Args:
        state: what is on the service.
        seen: number of the latest revision that a refresh saw, by deployment; older ones are not looked at.
    """
    alike = ("version", "notes", "parameters")
    return [
        f"revisions {one['revision']} and {other['revision']} of {deployment['metadata']['name']} are alike"
        for deployment in state["deployments"]
        for one, other in itertools.pairwise(deployment["revisions"])
        if one["revision"] > seen.get(deployment["id"], 0)
        if all(one.get(key) == other.get(key) for key in alike)
    ]


def find_leftovers(state: dict[str, Any]) -> list[str]:
    """Say what is still there."""
    return [
        f"the {kind} {block['metadata']['name']} is still there"
        for kind in ("spec", "deployment")
        for block in state[f"{kind}s"]
    ]


def find_impolite(calls: Iterable[Mapping[str, Any]], most: int = MOST_TRIES) -> list[str]:
    """Say which calls of a journal were tried too often."""
    attempts = Counter((call["requestId"], call["method"], call["path"]) for call in calls if call["requestId"])
    return [f"{key[1]} {key[2]} was tried {count} times" for key, count in attempts.items() if count > most]


def find_unclear(text: str, doing: str, subject: Iterable[str]) -> list[str]:
    """Say what is missing in the message of a failure.

    Args:
        text: the message, as a person sees it.
        doing: what was being done, such as `creating`.
        subject: what tells the object, such as the noun and the name; each must be there.
    """
    found = [f"{part!r} is missing" for part in (doing, *subject) if part not in text]
    if "unexpected" in text or "Traceback" in text:
        found.append("it is an exception of ours")
    if not any(word in text for word in _REMEDIES):
        found.append("it does not say what to do")
    return [f"{missing} in: {text}" for missing in found]


_REMEDIES = (
    "pulumi ",
    "`up`",
    "set ",
    "choose",
    "delete ",
    "look ",
    "try ",
    "again",
    "wait ",
    "Leave ",
    "use ",
    "write",
)


def read_artifact(press: LocalPress, identity: str) -> dict[str, bytes]:
    """Give the files of an artifact that the service holds, by path."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{press.url}/_emulator/artifacts/{quote(identity, safe='')}", timeout=_TIMEOUT)
    answer.raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}


def _missing_and_stray(state: dict[str, Any], wanted: Wanted) -> Iterator[str]:
    for kind, names in (
        ("spec", Counter((spec.kind, spec.name) for spec in wanted.specs)),
        ("deployment", Counter((deployment.kind or "", deployment.name) for deployment in wanted.deployments)),
    ):
        kindless = any(not kind for kind, _ in names)
        live = Counter(("" if kindless else block["kind"], block["metadata"]["name"]) for block in state[f"{kind}s"])
        yield from (f"the {kind} {name} is missing" for kind, name in names - live)
        yield from (f"the {kind} {name} is there, and nobody wants it" for kind, name in live - names)


def _of_specs(press: LocalPress, state: dict[str, Any], wanted: Wanted) -> Iterator[str]:
    live = {(spec["kind"], spec["metadata"]["name"]): spec for spec in state["specs"]}
    for spec in wanted.specs:
        there = live.get((spec.kind, spec.name))
        if there is None:
            continue
        what = f"the spec {spec.name}"
        yield from _texts(what, spec.metadata, there["metadata"], wanted.mark)
        for key, value, given in (
            ("scope", spec.scope, there["scope"]),
            ("featured", spec.featured, there["featured"]),
            ("tenants", None if spec.tenants is None else sorted(spec.tenants), sorted(there["tenants"])),
        ):
            if value is not None and value != given:
                yield f"{what} has {key} {given!r}, not {value!r}"
        releases = {release["version"]: release for release in there["releases"]}
        for release in spec.releases:
            yield from _of_release(press, f"release {release.version} of {spec.name}", releases, release, wanted.mark)


def _of_release(
    press: LocalPress, what: str, releases: Mapping[str, Mapping[str, Any]], wanted: Release, mark: str
) -> Iterator[str]:
    there = releases.get(wanted.version)
    if there is None:
        yield f"{what} is missing"
        return
    for key, value, given in (
        ("config", wanted.config, there["config"]),
        ("notes", wanted.notes, _notes(there.get("notes"), mark)),
        ("parameters", _filled(wanted.parameters), _filled(there["parameters"])),
        ("autoRunOnDeploy", wanted.auto_run, there["autoRunOnDeploy"]),
    ):
        if value is not None and value != given:
            yield f"{what} has {key} {given!r}, not {value!r}"
    if wanted.files is not None:
        artifact = there["artifact"]
        files = read_artifact(press, artifact["id"]) if artifact else {}
        if files != dict(wanted.files):
            yield f"{what} has the files {files!r}, not {wanted.files!r}"


def _of_deployments(state: dict[str, Any], wanted: Wanted) -> Iterator[str]:
    live: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for block in state["deployments"]:
        live[block["metadata"]["name"]].append(block)
    for deployment in wanted.deployments:
        fitting = [block for block in live[deployment.name] if deployment.kind in (None, block["kind"])]
        if not fitting:
            continue
        there, what = fitting[0], f"the deployment {deployment.name}"
        yield from _texts(what, deployment.metadata, there["metadata"], wanted.mark)
        newest, parameters = there["revisions"][-1], there["revisions"][-1]["parameters"]
        for key, value, given in (
            ("the spec", deployment.spec, there["specName"]),
            ("version", deployment.version, newest["version"]),
            ("notes", deployment.notes, _notes(newest.get("notes"), wanted.mark)),
            ("revision", deployment.revision, newest["revision"]),
            ("run parameters", _given(deployment.run, deployment), _given(parameters.get("run") or {}, deployment)),
            ("build parameters", deployment.build, parameters.get("build") or {}),
        ):
            if value is not None and value != given:
                yield f"{what} has {key} {given!r}, not {value!r}"
        if deployment.live and there["liveRevision"] != newest["revision"]:
            yield f"{what} runs revision {there['liveRevision']}, not {newest['revision']}"
        if deployment.live and there["metadata"]["status"] not in ("deployed", "warning"):
            yield f"{what} is {there['metadata']['status']}"


def _given(values: Mapping[str, Any] | None, deployment: Deployment) -> dict[str, Any] | None:
    """Give the values that are not the defaults, whether they are written out or left out."""
    if values is None:
        return None
    return {name: value for name, value in values.items() if deployment.defaults.get(name) != value}


def _notes(live: str | None, mark: str) -> str:
    """Give the notes without the mark that must be there; where it is missing, say so in their place."""
    found = _MARK.search(live or "")
    if bool(found) != bool(mark):
        return f"{live!r}, {'without' if mark else 'with'} a mark"
    return _MARK.sub("", live or "")


def _texts(what: str, wanted: Mapping[str, Any] | None, live: Mapping[str, Any], mark: str) -> Iterator[str]:
    if wanted is None:
        return
    for key in _TEXTS:
        value, given = wanted.get(key) or "", live.get(key) or ""
        if value != given:
            yield f"{what} has {key} {given!r}, not {value!r}"
    tags, given_tags = (sorted(tag["name"] for tag in texts.get("tags") or ()) for texts in (wanted, live))
    tags = sorted([*tags, mark] if mark else tags)
    if tags != given_tags:
        yield f"{what} has tags {given_tags!r}, not {tags!r}"


def _filled(parameters: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if parameters is None:
        return None
    return {group: parameters[group] for group in ("build", "run") if parameters.get(group)}


def _content_of(release: Mapping[str, Any]) -> tuple[Any, ...]:
    artifact = release["artifact"]
    return (
        release["config"],
        release.get("notes") or "",
        _filled(release["parameters"]),
        release["autoRunOnDeploy"],
        artifact and {key: value for key, value in artifact.items() if key not in ("id", "version")},
    )
