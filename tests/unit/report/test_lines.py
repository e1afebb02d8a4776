"""Each change is described in one line, in the terms of Press Blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import Outcome, read_preview, render_table
from tools.record_previews.golden import KINDS, read_report

if TYPE_CHECKING:
    from tests.unit.report.conftest import Preview

SPEC: dict[str, Any] = {
    "kind": "workflow",
    "metadata": {"name": "etl", "summary": "First"},
    "config": {"steps": {"train": {"command": "python train.py"}}},
    "artifact": {"path": "etl", "digest": "sha256:1", "files": {"a.py": "1", "b.py": "1", "c.py": "1"}},
    "release": {"version": "1.0.0"},
}
RUN: dict[str, Any] = {
    "metadata": {"name": "etl-prod", "summary": "First"},
    "spec": {"id": "spec-1", "release": {"version": "1.0.0"}},
    "parameters": {"run": {"agg_type": "max"}},
    "revision_number": 7,
}
LATER: dict[str, Any] = {"spec_id": "spec-1", "release": {"version": "2.0.0"}, "config": {"x": 1}}
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def test_a_release_tells_its_versions_properties_and_files(preview: Preview) -> None:
    """The line of a changed spec has the versions, the properties, the number of files, and changes in place."""
    files = {"b.py": "2", "c.py": "2", "d.py": "1", "a.py": "1"}
    changed = {
        **SPEC,
        "metadata": {"name": "etl", "summary": "Second"},
        "config": {"steps": {"train": {"command": "python train.py --fast"}}},
        "artifact": {"path": "etl", "digest": "sha256:2", "files": files},
        "release": {"version": "1.1.0"},
    }
    preview.add("update", "BlockSpec", "etl", SPEC, changed)

    assert preview.list_changes() == [
        (
            Outcome.RELEASE,
            (
                "etl: release 1.0.0 -> 1.1.0 (config.steps.train.command; artifact +1 ~2 -0 files; "
                "changed in place: metadata.summary)"
            ),
        )
    ]


def test_files_of_an_artifact_are_listed_by_name(preview: Preview) -> None:
    """The files that changed are listed below the line, each with what happens to it."""
    artifact = {"path": "etl", "digest": "sha256:2", "files": {"a.py": "1", "b.py": "2", "d.py": "1"}}
    preview.add("update", "BlockSpec", "etl", SPEC, {**SPEC, "artifact": artifact, "release": {"version": "1.0.1"}})

    text = preview.markdown()

    assert "  - added `d.py`\n  - changed `b.py`\n  - removed `c.py`\n" in text


@pytest.mark.parametrize(
    ("artifact", "lines"),
    [
        (
            {"path": "etl", "digest": "sha256:2", "files": {"b.py": "1", "sql/a.sql": "1"}},
            ["+ file b.py", "+ file sql/a.sql"],
        ),
        ({"path": "etl", "digest": "sha256:2", "files": {}}, []),
        ({"path": "etl", "digest": "sha256:2"}, ["+ artifact: too many files to list"]),
        ("[secret]", []),
    ],
)
def test_a_new_artifact_lists_its_files_without_digests(preview: Preview, artifact: Any, lines: list[str]) -> None:
    """The full diff of a new block names the files of its artifact; their digests say nothing to a reader."""
    preview.add("create", "BlockSpec", "etl", None, {**SPEC, "artifact": artifact})

    diff = preview.markdown().partition("<details>")[2].splitlines()

    assert [line for line in diff if "file" in line and "artifact.files" not in line] == lines
    assert [line for line in diff if "sha256" in line or '"1"' in line] == []


def test_an_artifact_with_too_many_files_says_so(preview: Preview) -> None:
    """Where the files of an artifact are not listed, the full diff says that they change."""
    old, new = ({**SPEC, "artifact": {"path": "etl", "digest": f"sha256:{number}"}} for number in (1, 2))
    preview.add("update", "BlockSpec", "etl", old, {**new, "release": {"version": "1.0.1"}})

    text = preview.markdown()

    assert "\n~ artifact: too many files to list\n" in text
    assert "sha256" not in text


def test_the_table_names_effects_in_plain_words(preview: Preview) -> None:
    """The first column of the table says what a change does; for another package, what the engine does."""
    preview.add("update", "BlockSpec", "etl", SPEC, {**SPEC, "release": {"version": "1.0.1"}, "config": {"x": 1}})
    preview.add("update", "BlockDeployment", "run", RUN, {**RUN, "parameters": {"run": {"agg_type": "min"}}})
    preview.add("update", "BlockDeployment", "next", RUN, {**RUN, "revision_number": 8})
    preview.add("delete", "BlockSpecRelease", "gone", LATER)
    preview.add("create", "shop:Topic", "topic", None, {"a": 1})

    rows = render_table(read_preview(preview.write())).splitlines()[3:]

    assert [row[:16].strip() for row in rows] == [
        "new release",
        "run parameters",
        "new revision",
        "state only",
        "create",
    ]


@pytest.mark.parametrize("colored", [True, False])
def test_drift_of_what_changes_anyway_is_marked_in_its_row(*, colored: bool) -> None:
    """A resource with a change and drift has one row, which says so."""
    table = render_table(read_report("drift-many", KINDS[0]), color=colored)

    rows = [line for line in table.splitlines() if "BlockDeployment" in line]
    assert len(rows) == 2
    assert all("BlockDeployment  yes    " in row for row in rows)
    assert ("\x1b[33mrun parameters" in table) is colored


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"parameters": {"run": {"agg_type": "min"}}}, "run parameters changed in place: agg_type"),
        (
            {"spec": {"id": "spec-1", "release": {"version": "1.1.0"}}, "revision_number": 8},
            "revision 7 -> 8 (release 1.0.0 -> 1.1.0); its rollout is not waited for",
        ),
        (
            {"parameters": {"run": {"agg_type": "min"}, "build": {"size": 2}}, "revision_number": 8},
            "revision 7 -> 8 (parameters.build.size; run parameters: agg_type); its rollout is not waited for",
        ),
        (
            {"parameters": {"run": {}}, "revision_number": 8},
            "revision 7 -> 8 (run parameters: agg_type); its rollout is not waited for",
        ),
        (
            {"triggers": {"x": UNKNOWN}, "revision_number": UNKNOWN},
            "revision 7 -> [known after up] (triggers.x); its rollout is not waited for",
        ),
    ],
)
def test_a_deployment_tells_its_revision_or_its_run_parameters(
    preview: Preview, changed: dict[str, Any], line: str
) -> None:
    """The line of a changed deployment has its revision, if any, and run parameters that change in place."""
    preview.add("update", "BlockDeployment", "etl-prod", RUN, {**RUN, **changed})

    assert [text for _, text in preview.list_changes()] == [f"etl-prod: {line}"]


def test_metadata_alone_is_changed_in_place(preview: Preview) -> None:
    """Metadata alone makes neither a release nor a revision."""
    for kind, inputs in (("BlockSpec", SPEC), ("BlockDeployment", RUN)):
        preview.add("update", kind, "etl", inputs, {**inputs, "metadata": {**inputs["metadata"], "summary": "Second"}})

    assert [outcome for outcome, _ in preview.list_changes()] == [Outcome.PATCH, Outcome.PATCH]
    assert "etl (BlockSpec): changed in place: metadata.summary" in preview.list_changes()[0][1]


def test_new_blocks_tell_their_first_release_and_revision(preview: Preview) -> None:
    """The line of a new block has its first release or revision."""
    preview.add("create", "BlockSpec", "orders", None, SPEC)
    preview.add("create", "BlockSpecRelease", "orders-2", None, LATER)
    preview.add("create", "BlockDeployment", "orders-prod", None, {**RUN, "revision_number": 1})

    assert preview.list_changes() == [
        (Outcome.CREATE, "orders (BlockSpec etl): created, release 1.0.0"),
        (Outcome.RELEASE, "orders-2: new release 2.0.0"),
        (
            Outcome.CREATE,
            "orders-prod (BlockDeployment etl-prod): created, revision 1; its rollout is not waited for",
        ),
    ]


def test_a_replacement_tells_the_property_that_forces_it(preview: Preview) -> None:
    """The line of a replacement has the property that forces it, with its old and new value."""
    preview.add("replace", "BlockDeployment", "etl-prod", RUN, {**RUN, "spec": {"id": UNKNOWN}})
    preview.add("replace", "shop:Topic", "topic", {"region": "a"}, {"region": "b"}, replaceReasons=["region"])
    preview.add("replace", "shop:Topic", "queue", {"region": "a"}, {"region": "a"}, replaceReasons=["size"])

    assert preview.list_changes() == [
        (
            Outcome.REPLACE,
            'etl-prod (BlockDeployment): replaced because of spec.id: "spec-1" -> [known after up]',
        ),
        (Outcome.REPLACE, 'topic (shop:Topic): replaced because of region: "a" -> "b"'),
        (Outcome.REPLACE, "queue (shop:Topic): replaced because of size"),
    ]


def test_a_replacement_that_somebody_asks_for_says_so(preview: Preview) -> None:
    """Where no property forces a replacement, none is named."""
    preview.add("replace", "BlockDeployment", "etl-prod", RUN, RUN, replaceReasons=["id"])

    assert preview.list_changes()[0][1].endswith("replaced although none of its properties asks for it")


def test_the_steps_of_a_replacement_are_one_change(preview: Preview) -> None:
    """The three steps of a replacement in an event log are one change."""
    new = {**RUN, "spec": {"id": "spec-2"}}
    preview.add("create-replacement", "BlockDeployment", "etl-prod", RUN, new)
    preview.add("replace", "BlockDeployment", "etl-prod", RUN, new)
    preview.add("delete-replaced", "BlockDeployment", "etl-prod", RUN)

    assert [outcome for outcome, _ in preview.list_changes()] == [Outcome.REPLACE]


def test_a_release_is_never_destroyed_alone(preview: Preview) -> None:
    """A further release that goes or is replaced stays on the service, so that is not destructive."""
    preview.add("delete", "BlockSpecRelease", "gone", LATER)
    preview.add("replace", "BlockSpecRelease", "next", LATER, {**LATER, "release": {"version": "2.1.0"}})

    assert preview.list_changes() == [
        (
            Outcome.NOTE,
            "gone (BlockSpecRelease): only forgotten: it stays on the service until its spec is destroyed",
        ),
        (
            Outcome.RELEASE,
            "next: release 2.0.0 -> 2.1.0; the old one stays on the service until its spec is destroyed",
        ),
    ]


@pytest.mark.parametrize(
    ("op", "more", "line"),
    [
        ("delete", {}, "destroyed with all its releases"),
        ("delete-replaced", {}, "destroyed with all its releases; left over from a replacement"),
        ("delete", {"oldState": {"custom": True, "retainOnDelete": True}}, "only forgotten: the object stays"),
        ("discard", {}, "only forgotten"),
        ("read", {"newState": {"custom": True}}, "only read"),
        ("import", {"newState": {"custom": True}}, "taken over into the stack"),
    ],
)
def test_what_goes_and_what_only_the_state_notes(preview: Preview, op: str, more: dict[str, Any], line: str) -> None:
    """What is destroyed says so, and what is only noted in the state says that."""
    preview.add(op, "BlockSpec", "etl", SPEC, **more)

    assert preview.list_changes()[0][1].partition(": ")[2] == line


def test_a_path_that_counts_for_nothing_is_only_noted(preview: Preview) -> None:
    """Where no changed property means anything to the service, the line says that the state takes note."""
    preview.add("update", "BlockSpec", "etl", SPEC, {**SPEC, "artifact": {**SPEC["artifact"], "path": "elsewhere"}})

    assert preview.list_changes() == [(Outcome.NOTE, "etl (BlockSpec): noted: artifact.path")]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (["a", "b"], ["a", "c"], 'added `"c"`, removed `"b"`'),
        ([], ["a", "b", "c", "d", "e"], 'added `"a"`, added `"b"`, added `"c"` and 2 more'),
        ([{"id": 1}, {"id": 2}], [{"id": 2}], 'removed `{"id": 1}`'),
        (["a", "b"], ["b", "a"], '`["a", "b"]` -> `["b", "a"]`'),
        (["a", "a"], ["a"], '`["a", "a"]` -> `["a"]`'),
    ],
)
def test_of_a_list_what_came_and_went_is_told(preview: Preview, old: list[Any], new: list[Any], line: str) -> None:
    """Of a list, only added and removed items are shown; if only the order changes, both lists are."""
    preview.add("update", "shop:Topic", "topic", {"readers": old}, {"readers": new})
    preview.steps[-1]["detailedDiff"] = {"readers": {"kind": "update"}}

    assert f"  - `readers`: {line}\n" in preview.markdown()


def test_components_and_the_stack_itself_are_no_changes(preview: Preview) -> None:
    """Components and default providers have no object on a service, so they are not reported."""
    preview.add("create", "press:index:Block", "etl", newState={"custom": False})
    preview.add("create", "pulumi:providers:pulumi-python", "default_1", None, {})

    assert preview.list_changes() == []


def test_an_operation_that_is_not_known_counts_as_a_change(preview: Preview) -> None:
    """What a later engine calls otherwise is never taken for nothing."""
    preview.add("transmogrify", "shop:Topic", "topic", {"a": 1}, {"a": 2})

    assert preview.list_changes() == [(Outcome.OTHER, "topic (shop:Topic): changed in place: a")]
