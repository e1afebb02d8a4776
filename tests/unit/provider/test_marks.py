"""`press:marks` owner: a block says which stack made it, and only that stack takes it for its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.plugin.codec import Codec
from pulumi_press.provider.create_once import Intents
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.metadata import strip_marks
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.provider.values import put

if TYPE_CHECKING:
    from pathlib import Path

    from pulumi_press.provider.base import Resource
    from tests.support.managed import Managed
    from tests.unit.provider.conftest import World

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "Loads orders", "tags": [{"name": "sales"}]},
    "config": {"steps": {"train": {"imageDetails": {"id": 1}, "command": "python train.py"}}},
}
OWN, OTHER = "pulumi:shop/prod", "pulumi:shop/dev"


def own(world: World, lifecycle: Resource, stack: str = "prod", name: str = "etl", **settings: Any) -> Managed:
    """Take a resource of a stack that marks into care."""
    managed = world.manage(lifecycle, **{"marks": "owner", **settings})
    urn = f"urn:pulumi:{stack}::shop::pulumi-python:dynamic/press:Block::{name}"
    return replace(managed, context=replace(managed.context, urn=urn))


def forget(world: World) -> None:
    """Go on in another process on another machine."""
    world.restart()
    vars(world.intents).update(vars(Intents()))
    world.calls()


def tags(world: World, kind: str = "specs") -> list[str]:
    """Give the names of the tags of the only block of a kind."""
    (live,) = world.press.state()[kind]
    return [tag["name"] for tag in live["metadata"]["tags"]]


def deployment(world: World, **more: Any) -> dict[str, Any]:
    """Give a program for a deployment."""
    return {
        "metadata": {"name": "etl-prod"},
        "spec": {"id": world.publish("base"), "release": {"version": "1.0.0"}},
        **more,
    }


def test_marks_are_written_and_never_read(world: World) -> None:
    """A spec and a deployment carry the tag, a release and a revision the digest, and none shows as a difference."""
    spec = own(world, SpecResource())
    spec.up({**SPEC, "release": {"notes": "The first."}})
    run = own(world, DeploymentResource(), name="run")
    run.up({"metadata": {"name": "etl-prod"}, "spec": {"id": spec.id}})

    (live,), (deployed,) = world.press.state()["specs"], world.press.state()["deployments"]
    assert tags(world) == ["sales", OWN]
    assert tags(world, "deployments") == [OWN]
    assert live["releases"][0]["notes"].startswith("The first. [pulumi:")
    assert deployed["revisions"][0]["notes"].startswith("[pulumi:")
    for managed, program in (
        (spec, {**SPEC, "release": {"notes": "The first."}}),
        (run, {"metadata": {"name": "etl-prod"}, "spec": {"id": spec.id}}),
    ):
        assert managed.refresh()
        assert managed.preview(program).changes == ()
        assert "pulumi:" not in str(managed.inputs)


@pytest.mark.parametrize("marks", ["owner", "none"])
@pytest.mark.parametrize("adopt", ["never", "identical"])
def test_block_of_another_stack_is_refused(adopt: str, marks: str, world: World) -> None:
    """A block that carries another stack's mark is refused, be it identical, whether this stack marks or not."""
    own(world, SpecResource(), "dev").up(SPEC)
    program = deployment(world)
    own(world, DeploymentResource(), "dev").up(program)
    before = world.press.state()
    forget(world)

    told = own(world, SpecResource(), adopt=adopt, marks=marks).refusal(SPEC)
    told_too = own(world, DeploymentResource(), adopt=adopt, marks=marks).refusal(program)

    assert "carries the mark of the stack shop/dev" in told
    assert "carries the mark of the stack shop/dev" in told_too
    assert world.press.state() == before


def test_block_of_another_stack_is_taken_over_with_always(world: World) -> None:
    """With `always` it is, the preview says so, and the mark is this stack's from then on."""
    own(world, SpecResource(), "dev").up(SPEC)
    forget(world)
    spec = own(world, SpecResource(), adopt="always")

    spec.check(SPEC)

    assert world.told.warnings == [f"will take over spec etl ({world.press.state()['specs'][0]['id']})"]
    spec.up(SPEC)
    assert tags(world) == ["sales", OWN]


def test_stack_that_lost_its_block_leaves_it_alone(world: World) -> None:
    """What another stack took over is neither changed nor deleted by the one that had it."""
    program = deployment(world)
    for lifecycle, wanted in ((SpecResource(), SPEC), (DeploymentResource(), program)):
        theirs = own(world, lifecycle, "dev")
        theirs.up(wanted)
        forget(world)
        own(world, lifecycle, adopt="always").up(wanted)
        world.restart()
        before = world.press.state()

        with pytest.raises(Exception, match="carries the mark of the stack shop/prod"):
            theirs.up(put(wanted, "metadata.title", "Another"))
        theirs.destroy()

        assert world.press.state() == before
        assert "it is only removed from the state" in world.told.news[-1]


def test_block_that_is_only_looked_at_may_be_another_stacks(world: World) -> None:
    """A `get` and an import read what another stack marks without a word; a refresh of what was taken over warns."""
    program = deployment(world)
    for lifecycle, wanted in ((SpecResource(), SPEC), (DeploymentResource(), program)):
        theirs, ours = own(world, lifecycle, "dev"), own(world, lifecycle)
        theirs.up(wanted)
        world.told.lines.clear()

        assert Codec(lifecycle).read(theirs.id, {}, ours.context) is not None

        assert world.told.lines == []
        assert Codec(lifecycle).read(theirs.id, theirs.outputs, ours.context) is not None
        assert "carries the mark of the stack shop/dev" in world.told.warnings[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifact's folder."""
    (tmp_path / "train.py").write_text("print(1)\n")
    return tmp_path


def test_ended_run_is_taken_up_by_another_machine(folder: Path, world: World) -> None:
    """Without notes, a spec with files, a release, a deployment and a revision are each found and made once."""
    spec = own(world, SpecResource())
    program = {**SPEC, "artifact": {"path": str(folder)}}
    replace(spec).up(program)
    forget(world)
    spec.up(program)
    run, wanted = own(world, DeploymentResource(), name="run"), deployment(world)
    replace(run).up(wanted)
    forget(world)
    run.up(wanted)
    release = own(world, ReleaseResource(), name="next")
    published = {**program, "spec_id": spec.id, "release": {"version": "1.1.0"}}
    published = {key: published[key] for key in ("spec_id", "release", "config", "artifact")}
    replace(release).up(published)
    forget(world)
    release.up(published)
    again = {**wanted, "triggers": {"day": "2"}}
    replace(run).up(again)
    forget(world)
    run.up(again)

    state = world.press.state()
    assert [item["version"] for item in state["specs"][0]["releases"]] == ["1.0.0", "1.1.0"]
    assert [item["revision"] for item in state["deployments"][0]["revisions"]] == [1, 2]
    assert (len(state["specs"]), len(state["deployments"])) == (2, 1)
    assert run.outputs["revision_number"] == 2
    for managed, what in ((spec, program), (run, again), (release, published)):
        assert managed.preview(what).changes == ()


def test_release_of_an_ended_run_is_published_once(folder: Path, world: World) -> None:
    """A version that is chosen anew by another machine is the one that the ended run published."""
    spec = own(world, SpecResource())
    program = {**SPEC, "artifact": {"path": str(folder)}}
    spec.up(program)
    (folder / "train.py").write_text("print(2)\n")
    replace(spec).up(program)
    forget(world)

    spec.up(program)

    (live,) = world.press.state()["specs"]
    assert [item["version"] for item in live["releases"]] == ["1.0.0", "1.0.1"]
    assert spec.outputs["release"]["version"] == "1.0.1"


@pytest.mark.parametrize(("text", "is_taken"), [("print(1)\n", True), ("print(2)\n", False)])
def test_files_can_be_proven_identical(text: str, folder: Path, world: World, *, is_taken: bool) -> None:
    """With `identical`, a mark on the release proves its files, or that they are others."""
    maker = world.manage(SpecResource(), marks="owner")
    maker = replace(maker, context=replace(maker.context, urn="urn:pulumi:prod::shop::t::etl"))
    program = {**SPEC, "artifact": {"path": str(folder)}}
    maker.up(program)
    (live,) = world.press.state()["specs"]
    world.client.update_spec_metadata(live["id"], {"metadata": {"tags": [{"name": "sales"}]}})
    (folder / "train.py").write_text(text)
    forget(world)
    taker = own(world, SpecResource(), "dev", adopt="identical")

    if is_taken:
        taker.up(program)
        assert taker.id == live["id"]
    else:
        assert "the service does not return its files" in taker.refusal(program)


@pytest.mark.parametrize(
    ("at", "value", "path"),
    [
        ("metadata.tags", [{"name": "a"}, {"name": "pulumi:shop/dev"}], "metadata.tags[1].name"),
        ("metadata.tags", [{"name": "pulumi:x/y"}], "metadata.tags[0].name"),
        ("release.notes", "First [pulumi:0123456789ab]", "release.notes"),
    ],
)
def test_what_looks_like_a_mark_is_refused(at: str, value: Any, path: str, world: World) -> None:
    """A tag or notes of the program's that have the form of a mark could not be read back."""
    (told,) = world.manage(SpecResource()).failures(put(SPEC, at, value))

    assert told.startswith(f"{path}: ")


@pytest.mark.parametrize("name", ["pulumi:", "pulumi:shop", "pulumi/shop", "x pulumi:a/b"])
def test_other_tags_are_the_program_s(name: str, world: World) -> None:
    """A tag that only resembles a mark is kept."""
    spec = own(world, SpecResource())
    program = put(SPEC, "metadata.tags", [{"name": name}])
    spec.up(program)

    assert spec.refresh()
    assert spec.preview(program).changes == ()
    assert tags(world) == [name, OWN]


def test_answers_are_stripped_of_marks() -> None:
    """What functions give has neither tag nor digest, at any place where they stand."""
    release = {"notes": "Second [pulumi:0123456789ab]", "version": "1.0.1"}
    spec = {"metadata": {"name": "etl", "tags": [{"name": "sales"}, {"name": OWN}]}, "latestRelease": release}
    run = {"metadata": {"tags": [{"name": OTHER}]}, "latestRevision": {"notes": "[pulumi:0123456789ab]", "revision": 1}}

    assert strip_marks([spec, run, release]) == [
        {
            "metadata": {"name": "etl", "tags": [{"name": "sales"}]},
            "latestRelease": {"notes": "Second", "version": "1.0.1"},
        },
        {"metadata": {"tags": []}, "latestRevision": {"notes": "", "revision": 1}},
        {"notes": "Second", "version": "1.0.1"},
    ]


def test_reuse_of_a_marked_block_is_told(world: World) -> None:
    """Another state with the same project and stack may have made it, so it is not used in silence."""
    program = deployment(world)
    spec, run = own(world, SpecResource()), own(world, DeploymentResource(), name="run")
    spec.up(SPEC)
    run.up(program)
    forget(world)
    world.told.lines.clear()

    own(world, SpecResource()).up(SPEC)
    own(world, DeploymentResource(), name="run").up(program)

    found = {line.message for line in world.told.lines}
    assert {
        f"{kind} was found from an interrupted run; reusing it" for kind in (f"spec {spec.id}", f"deployment {run.id}")
    } <= found
    assert world.told.news == world.told.warnings == []


@pytest.mark.parametrize("kind", ["spec", "deployment"])
def test_block_with_two_entries_in_the_state_outlives_the_old_one(kind: str, world: World) -> None:
    """A replacement that is made first finds its own block by the mark; a run without notes deletes the old entry."""
    resource, program = (SpecResource(), SPEC) if kind == "spec" else (DeploymentResource(), deployment(world))
    managed = own(world, resource)
    managed.up(program)
    first = managed.id
    forget(world)
    again = replace(managed, id="", inputs={}, outputs={})
    again.up(program)
    assert again.id == first
    forget(world)

    # The engine compares what goes on first, and deletes what was replaced at the end.
    again.preview(program)
    managed.destroy()

    assert first in {block["id"] for block in world.press.state()[f"{kind}s"]}
    again.destroy()
    assert first not in {block["id"] for block in world.press.state()[f"{kind}s"]}
