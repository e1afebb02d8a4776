"""Symbolic links in an artifact folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulumi_press.artifact.errors import ArtifactError, LinkDangling, LinkEscapes, LinkLoop, SpecialFile, UnreadableFile
from pulumi_press.artifact.folder import Folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def read_tree(root: Path, rules: str = "") -> dict[str, str] | None:
    """Return what a folder packs under the rules, which lie in an ignored file of their own."""
    (root / ".rules").write_text(f"{rules}\n.rules\n", encoding="utf-8")
    return Folder(root, [".rules"]).manifest().files()


def test_a_link_to_a_file_is_packed_as_that_file(plant: Callable[..., Path]) -> None:
    """The content and the mode of the target are stored under the link's own name."""
    root = plant({"run.sh": "echo", "lib/x": ""})
    (root / "run.sh").chmod(0o755)
    (root / "lib" / "start").symlink_to("../run.sh")

    files = read_tree(root) or {}

    assert files["lib/start"] == files["run.sh"]
    assert files["lib/start"].endswith("+x")


def test_a_link_to_a_folder_is_packed_as_that_folder(plant: Callable[..., Path]) -> None:
    """The folder's files are stored once more, under the link's name."""
    root = plant({"v2/a/x.py": "2", "main.py": ""})
    (root / "current").symlink_to("v2")
    (root / "alias").symlink_to("current")

    assert list(read_tree(root) or {}) == ["alias/a/x.py", "current/a/x.py", "main.py", "v2/a/x.py"]


def test_a_link_may_be_absolute_as_long_as_it_stays_inside(plant: Callable[..., Path]) -> None:
    """Where a link leads counts, not how it says so."""
    root = plant({"v2/x.py": ""})
    (root / "current").symlink_to(root / "v2")

    assert list(read_tree(root) or {}) == ["current/x.py", "v2/x.py"]


def test_ignore_files_look_at_the_name_of_the_link(plant: Callable[..., Path]) -> None:
    """What is ignored under its own name is packed under a link's name, and the other way round."""
    root = plant({"data/x.csv": "", "lib/x.py": ""})
    (root / "input").symlink_to("data")
    (root / "vendored").symlink_to("lib")

    assert list(read_tree(root, "data/\nvendored/") or {}) == ["input/x.csv", "lib/x.py"]


@pytest.mark.parametrize("target", ["../outside", "../outside/file", "..", "/", "../etl-2"])
def test_a_link_that_leads_out_is_refused(target: str, plant: Callable[..., Path]) -> None:
    """A link out of the folder is refused, be it to a file, to a folder, or to a neighbour with a longer name."""
    root = plant({"main.py": ""})
    plant({"file": ""}, "outside")
    plant({"file": ""}, "etl-2")
    (root / "link").symlink_to(target)

    with pytest.raises(LinkEscapes, match=r"etl/link' leads to '/.*outside the artifact folder .*name the link in an"):
        read_tree(root)


def test_a_link_that_leads_out_over_another_link_is_refused(plant: Callable[..., Path]) -> None:
    """Links are followed to their end, through folders that are links themselves."""
    root = plant({"a/x": ""})
    plant({"file": ""}, "outside")
    (root / "a" / "door").symlink_to("../../outside")
    (root / "window").symlink_to("a/door/file")

    with pytest.raises(LinkEscapes, match=r"etl/window' leads to"):
        read_tree(root, "door")


@pytest.mark.parametrize("rules", ["link", "link/", "/link", "*", "lin?", "*\n!main.py"])
def test_a_link_that_leads_out_is_passed_over_if_it_is_ignored(rules: str, plant: Callable[..., Path]) -> None:
    """A link that the rules ignore by its name does no harm."""
    root = plant({"main.py": ""})
    plant({"file": ""}, "outside")
    (root / "link").symlink_to("../outside")

    assert "link/file" not in (read_tree(root, rules) or {})


def test_a_rule_cannot_bring_back_what_lies_outside(plant: Callable[..., Path]) -> None:
    """A file out there that a later rule would pack is refused, not left out without a word."""
    root = plant({"main.py": ""})
    plant({"deep/keep.csv": "", "deep/drop.csv": ""}, "outside")
    (root / "link").symlink_to("../outside")

    with pytest.raises(LinkEscapes, match=r"etl/link' leads to"):
        read_tree(root, "link\n!keep.csv")
    assert list(read_tree(root, "link\n!main.py") or {}) == ["main.py"]


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_link_to_a_folder_around_it_is_refused(target: str, plant: Callable[..., Path]) -> None:
    """A folder that holds itself has no end."""
    root = plant({"a/b/x": ""})
    (root / "a" / "b" / "again").symlink_to(target)

    with pytest.raises(LinkLoop, match=r"a/b/again' leads back to '.*etl.*', so that the artifact would have no end"):
        read_tree(root)


def test_links_that_go_round_in_a_ring_are_refused(plant: Callable[..., Path]) -> None:
    """A circle is found however many links it takes."""
    root = plant({"a/x": "", "b/x": "", "c/x": ""})
    (root / "a" / "to-b").symlink_to("../b")
    (root / "b" / "to-c").symlink_to("../c")
    (root / "c" / "to-a").symlink_to("../a")

    with pytest.raises(LinkLoop):
        read_tree(root)


def test_a_link_into_a_folder_whose_link_leads_above_it_is_refused(plant: Callable[..., Path]) -> None:
    """A circle is found although no link leads to a folder that was entered by its own name."""
    root = plant({"a/b/x": ""})
    (root / "a" / "b" / "up").symlink_to("..")
    (root / "short").symlink_to("a/b")

    with pytest.raises(LinkLoop, match="up' leads back to"):
        read_tree(root, "/a")


def test_a_link_to_itself_is_refused(plant: Callable[..., Path]) -> None:
    """The shortest circle of all."""
    root = plant({"main.py": ""})
    (root / "me").symlink_to("me")

    with pytest.raises(LinkLoop, match="me' leads back to"):
        read_tree(root)


@pytest.mark.parametrize("rules", ["again", "again/", "*\n!a\nagain", "again\n!x"])
def test_a_link_in_a_circle_is_passed_over_if_it_is_ignored(rules: str, plant: Callable[..., Path]) -> None:
    """The service's own client fails on a circle even if it is ignored; here it is enough to ignore it."""
    root = plant({"a/x": ""})
    (root / "a" / "again").symlink_to("..")

    assert list(read_tree(root, rules) or {}) == ["a/x"]


def test_the_same_folder_may_be_linked_twice(plant: Callable[..., Path]) -> None:
    """Two ways to one folder are no circle."""
    root = plant({"lib/x": "", "a/y": "", "b/y": ""})
    (root / "a" / "lib").symlink_to("../lib")
    (root / "b" / "lib").symlink_to("../lib")

    assert list(read_tree(root) or {}) == ["a/lib/x", "a/y", "b/lib/x", "b/y", "lib/x"]


@pytest.mark.parametrize("target", ["nowhere", "main.py/nowhere", "/nowhere/at/all"])
def test_a_dangling_link_is_refused(target: str, plant: Callable[..., Path]) -> None:
    """A link to nothing is never left out without a word."""
    root = plant({"main.py": ""})
    (root / "link").symlink_to(target)

    with pytest.raises(LinkDangling, match=rf"etl/link' leads to '{target}', which does not exist"):
        read_tree(root)


@pytest.mark.parametrize("rules", ["link", "link/"])
def test_a_dangling_link_is_passed_over_if_it_is_ignored(rules: str, plant: Callable[..., Path]) -> None:
    """Nobody knows whether it was to be a file or a folder, so either way of ignoring it will do."""
    root = plant({"main.py": ""})
    (root / "link").symlink_to("nowhere")

    assert list(read_tree(root, rules) or {}) == ["main.py"]


def test_a_link_into_what_may_not_be_read_is_refused(ordinary_user: Path) -> None:
    """A target that cannot be looked at is not taken for missing."""
    (ordinary_user / "link").symlink_to("private/x")
    (ordinary_user / "private").mkdir(mode=0)

    with pytest.raises(UnreadableFile, match=r"link' cannot be read"):
        read_tree(ordinary_user, "private")


def test_a_link_to_a_device_is_refused_for_leaving_the_folder(plant: Callable[..., Path]) -> None:
    """Leaving the folder is the first thing that is wrong with it."""
    root = plant({"main.py": ""})
    (root / "zero").symlink_to("/dev/zero")

    with pytest.raises(ArtifactError) as refusal:
        read_tree(root)

    assert type(refusal.value) in {LinkEscapes, SpecialFile}
