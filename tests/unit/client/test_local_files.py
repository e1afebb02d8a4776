"""Which deployment is meant, and the local files that stand in for one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.client.errors import InvalidArgument, LocalFileMissing, PressError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pulumi_press.client.client import Client
    from tests.unit.client.conftest import Press

READERS: dict[str, Callable[..., Any]] = {
    "params": lambda c, i=None, f=None: c.get_parameters(i, f),
    "details": lambda c, i=None, f=None: c.get_related_block_details(i, f),
}


@pytest.fixture(params=READERS)
def read(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Each of the two calls that know local files."""
    return READERS[request.param]


def write(path: Path, content: str | bytes) -> str:
    """Write a file and return its path as text."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_the_environment_comes_first(
    client: Client, press: Press, read: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deployment that a program runs in wins over the argument and over a file."""
    monkeypatch.setenv("PRESS_DEPLOYMENT_ID", "from-environment")
    read(client, "argument", "/nowhere/file.yaml")

    assert [target for target in press.targets if "/from-environment" not in target] == []
    assert len(press.received) == 1


def test_the_argument_comes_second(client: Client, press: Press, read: Callable[..., Any]) -> None:
    """Without the variable the argument says which deployment, and the file is not looked at."""
    read(client, "argument", "/nowhere/file.yaml")

    assert [target for target in press.targets if "/argument" not in target] == []
    assert len(press.received) == 1


@pytest.mark.parametrize("name", ["file.yaml", "file.json", "file"])
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a: 1\nb: [x, 2020-1]\n", {"a": 1, "b": ["x", "2020-1"]}),
        ('{"a": 1e3, "b": null}', {"a": 1000.0, "b": None}),
        ('{\n\t"a": true\n}', {"a": True}),
        ("\ufeffa: é", {"a": "é"}),
        ("{}", {}),
    ],
)
def test_the_file_comes_last_and_nothing_is_sent(  # noqa: PLR0917 - the table has that many columns.
    client: Client, press: Press, tmp_path: Path, name: str, content: str, expected: object
) -> None:
    """A file is read as YAML or JSON, whatever its name says."""
    path = tmp_path / name
    assert client.get_parameters(fallback_params_file=write(path, content)) == expected
    assert client.get_parameters("", path) == expected
    assert press.received == []


def test_details_are_a_list(client: Client, press: Press, tmp_path: Path) -> None:
    """The file of block details holds a list, which is returned as it is."""
    path = write(tmp_path / "details.yaml", "- {id: a, kind: workflow}\n- id: b\n")

    assert client.get_related_block_details(fallback_details_file=path) == [
        {"id": "a", "kind": "workflow"},
        {"id": "b"},
    ]
    assert press.received == []


def test_an_empty_variable_hides_the_argument(
    client: Client, press: Press, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A variable that is set to nothing means no deployment at all, as in the SDK."""
    monkeypatch.setenv("PRESS_DEPLOYMENT_ID", "")

    assert client.get_parameters("argument", write(tmp_path / "p.yaml", "a: 1")) == {"a": 1}
    assert press.received == []


def test_without_id_and_file_all_three_ways_are_named(client: Client, read: Callable[..., Any]) -> None:
    """The error says what would help, and is the TypeError that the SDK raises."""
    with pytest.raises(
        InvalidArgument, match=r"give deployment_id, set PRESS_DEPLOYMENT_ID, or give fallback_\w+_file"
    ):
        read(client)
    with pytest.raises(TypeError):
        read(client)


def test_a_missing_file_is_told(client: Client, read: Callable[..., Any], tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is the FileNotFoundError that the SDK raises."""
    for path in (tmp_path / "gone.yaml", tmp_path):
        with pytest.raises(LocalFileMissing, match=r"fallback_\w+_file '.*' does not exist") as caught:
            read(client, None, str(path))
        assert isinstance(caught.value, FileNotFoundError)


@pytest.mark.parametrize(
    "content",
    ["", "  \n# nothing\n", "text", "a: [", "a: !!python/object:os.system x", b"\xff\xfe\xff", "a: 1\n---\nb: 2", "1"],
)
def test_a_file_of_another_shape_is_told(
    client: Client, read: Callable[..., Any], tmp_path: Path, content: str | bytes
) -> None:
    """An empty file, broken YAML and the like name the file; they are the SDK's TypeError and ValueError."""
    path = write(tmp_path / "broken.yaml", content)

    for kind in (TypeError, ValueError, PressError):
        with pytest.raises(kind, match=r"broken\.yaml' (must hold|cannot be read)"):
            read(client, None, path)


def test_each_call_wants_its_own_shape(client: Client, tmp_path: Path) -> None:
    """Parameters are not a list, and details not an object."""
    with pytest.raises(InvalidArgument, match="must hold an object"):
        client.get_parameters(None, write(tmp_path / "list.yaml", "[]"))
    with pytest.raises(InvalidArgument, match="must hold a list of objects"):
        client.get_related_block_details(None, write(tmp_path / "map.yaml", "{}"))
    with pytest.raises(InvalidArgument, match="must hold a list of objects"):
        client.get_related_block_details(None, write(tmp_path / "texts.yaml", "[a]"))
