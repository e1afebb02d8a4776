"""What ignore files leave out."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_press.artifact import errors
from pulumi_press.artifact.errors import IgnoreFileInvalid, IgnoreFileMisplaced, IgnoreFileMissing
from pulumi_press.artifact.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable

TABLE = yaml.safe_load((Path(__file__).parent / "ignore_rules.yaml").read_text(encoding="utf-8"))


def name_case(case: dict[str, Any]) -> str:
    """Name a row of the table by what it is about."""
    return str(case["why"])


@pytest.mark.parametrize("case", [case for case in TABLE["cases"] if "refused" not in case], ids=name_case)
def test_the_services_own_client_would_pack_the_same(case: dict[str, Any], plant: Callable[..., Path]) -> None:
    """Ignore files leave out what they leave out in the service's own client."""
    root = plant(dict.fromkeys(TABLE["tree"], "content") | case.get("files", {}))
    everything = {*TABLE["tree"], *case.get("files", {})}
    expected = set(case["packed"]) if "packed" in case else everything - set(case["left_out"])
    folders = {f"{folder}/" for path in expected for folder in PurePosixPath(path).parents if folder.name}

    folder = Folder(root, case.get("ignore_files"), default_ignores=False)

    assert sorted(expected) == [entry.path for entry in folder.manifest().entries]
    with folder.pack() as archive, zipfile.ZipFile(archive.path) as content:
        assert sorted(expected | folders) == content.namelist()


@pytest.mark.parametrize("case", [case for case in TABLE["cases"] if "refused" in case], ids=name_case)
def test_ignore_files_that_the_services_own_client_refuses_are_refused(
    case: dict[str, Any], plant: Callable[..., Path]
) -> None:
    """Where the service's own client raises, there is an error that belongs to ignore_files."""
    root = plant(dict.fromkeys(TABLE["tree"], "content") | case.get("files", {}))

    with pytest.raises(getattr(errors, case["refused"])) as refusal:
        Folder(root, case.get("ignore_files")).manifest()

    assert refusal.value.field == "ignore_files"


def test_a_line_that_is_no_rule_is_named(plant: Callable[..., Path]) -> None:
    """The error says which line of which file, and quotes it."""
    root = plant({".dockerignore": "*.log\n\nnotes\\ \n"})

    with pytest.raises(IgnoreFileInvalid, match=r"Line 3 of .*\.dockerignore' is not a gitignore pattern: 'notes"):
        Folder(root).manifest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"caf\xe9\n", "must be a UTF-8 text"), (b"\xef\xbb\xbf*.log\n", "begins with a byte order mark")],
    ids=["Latin-1", "byte order mark"],
)
def test_a_text_in_another_encoding_is_refused(content: bytes, reason: str, plant: Callable[..., Path]) -> None:
    """Rules that would silently be read wrong are not read at all."""
    root = plant({".dockerignore": content})

    with pytest.raises(IgnoreFileInvalid, match=reason):
        Folder(root).manifest()


def test_a_folder_in_the_place_of_an_ignore_file_is_refused(plant: Callable[..., Path]) -> None:
    """An ignore file is a file."""
    root = plant({"rules/x": ""})

    with pytest.raises(IgnoreFileInvalid, match=r"rules' cannot be read"):
        Folder(root, ["rules"]).manifest()


def test_an_ignore_file_that_is_missing_is_named_with_a_remedy(plant: Callable[..., Path]) -> None:
    """The error names the file and says what to do."""
    root = plant({"main.py": ""})

    with pytest.raises(
        IgnoreFileMissing, match=r"etl/\.pressignore' does not exist.*take '\.pressignore' off the list"
    ):
        Folder(root, [".pressignore"]).manifest()


def test_an_ignore_file_may_not_lie_elsewhere_behind_a_link(plant: Callable[..., Path]) -> None:
    """A link at the top level that leads out of it does not count as being there."""
    root = plant({"main.py": ""})
    elsewhere = plant({"rules": "*.log\n"}, "shared")
    (root / ".dockerignore").symlink_to(elsewhere / "rules")

    with pytest.raises(IgnoreFileMisplaced, match=r"\.dockerignore' is really .*shared/rules'"):
        Folder(root).manifest()
