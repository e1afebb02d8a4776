"""Paths that a config names are among the files of the artifact; what is out already is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put
from pulumi_press.schema import release_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.provider.conftest import World

FILES = ("Dockerfile", "docker/api.Dockerfile", "docker/main.py", "sql/orders.sql", "secret.txt", ".dockerignore")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifact's folder, from which one file is left out."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("secret.txt\n" if name == ".dockerignore" else "x\n")
    return tmp_path


def program(folder: Path, image: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Declare a spec with an image of a step, an image by name, or a service's."""
    return {
        "kind": "workflow",
        "metadata": {"name": "etl", "summary": "Loads"},
        "config": {"images": {"base": image}, "steps": {"a": {"command": "run", "imageRef": "base"}, **more}},
        "artifact": {"path": str(folder)},
    }


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ({"dockerfile": "Dockrfile"}, "dockerfile: is no file of the artifact; did you mean `Dockerfile`?"),
        ({"dockerfile": "build/Containerfile.x"}, "dockerfile: is no file of the artifact"),
        ({"dockerfile": "docker"}, "dockerfile: is a folder of the artifact, and must be a file"),
        ({"dockerfile": "../Dockerfile"}, "dockerfile: is outside the artifact"),
        ({"dockerfile": "secret.txt"}, "dockerfile: is no file of the artifact: an ignore file leaves it out"),
        ({"context": "dokcer"}, "context: is no folder of the artifact; did you mean `docker`?"),
        ({"context": "Dockerfile"}, "context: is a file of the artifact, and must be a folder"),
    ],
)
def test_path_that_is_not_shipped_is_told(image: dict[str, Any], expected: str, folder: Path, world: World) -> None:
    """A Dockerfile and a build context are of the artifact, for a named image as for a step's own and a service's."""
    spec, release = world.manage(SpecResource()), world.manage(ReleaseResource())
    named = program(folder, image)
    own = put(named, "config", {"steps": {"a": {"command": "run", "image": image}}})
    service = {**named, "kind": "service", "config": {"image": image}}
    further = {"spec_id": "an-id", "release": {"version": "2.0.0"}, "config": named["config"]}

    assert spec.failures(named) == [f"config.images.base.{expected}"]
    assert spec.failures(own) == [f"config.steps.a.image.{expected}"]
    assert spec.failures(service) == [f"config.image.{expected}"]
    assert release.failures({**further, "artifact": named["artifact"]}) == [f"config.images.base.{expected}"]
    assert world.sent() == []


@pytest.mark.parametrize(
    "image",
    [
        {},
        {"dockerfile": "Dockerfile", "context": "."},
        {"dockerfile": "./docker/api.Dockerfile", "context": "docker/"},
        {"dockerfile": "api.Dockerfile", "context": "docker"},
        {"dockerfile": "/Dockerfile", "context": "/"},
        {"dockerfile": "@param:file", "context": "@param:folder"},
    ],
)
def test_path_that_is_shipped_is_right(image: dict[str, Any], folder: Path, world: World) -> None:
    """A path may start at the artifact or at the context, and be written in several ways."""
    declared = {"build": [{"name": name, "type": "string", "required": True} for name in ("file", "folder")]}
    query = {"type": "sql", "sqlQueryPath": "sql/orders.sql"}

    assert world.manage(SpecResource()).failures({**program(folder, image, q=query), "parameters": declared}) == []


def test_query_that_is_not_shipped_is_told(folder: Path, world: World) -> None:
    """So is the file of a query."""
    query = {"type": "sql", "sqlQueryPath": "sql/order.sql"}

    assert world.manage(SpecResource()).failures(program(folder, {}, q=query)) == [
        "config.steps.q.sqlQueryPath: is no file of the artifact; did you mean `sql/orders.sql`?"
    ]


def test_image_of_a_repository_is_not_looked_for(folder: Path, world: World) -> None:
    """A step that brings a repository may build from that."""
    repository = {"branch": "main", "url": "https://example.com/etl.git"}
    step = {"command": "run", "image": {"dockerfile": "Elsewhere"}, "repository": repository}

    assert world.manage(SpecResource()).failures(put(program(folder, {}), "config", {"steps": {"a": step}})) == []


def test_what_is_out_already_is_left_as_it_is(folder: Path, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stack whose release was taken before these rules shows no change, and metadata can be changed."""
    wrong = program(folder, {"dockerfile": "Dockerfile"})
    wrong["config"]["triggers"] = [{"cron": "75 * * * *"}]
    wrong["parameters"] = {"run": [{"name": "p", "type": "string", "required": False, "defaultValue": 750}]}
    spec = world.manage(SpecResource())
    with monkeypatch.context() as patch:
        patch.setattr(release_rules, "find_content_failures", lambda _: ())
        spec.up(wrong)

    assert spec.preview(wrong).changes == ()
    assert [change.field.path for change in spec.preview(put(wrong, "metadata.title", "T")).changes] == ["metadata"]
    assert [line.partition(": ")[0] for line in spec.failures(put(wrong, "release.notes", "New"))] == [
        "config.triggers[0].cron",
        "parameters.run[0].defaultValue",
    ]
