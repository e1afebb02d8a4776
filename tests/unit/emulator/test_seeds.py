"""Seeds: objects to begin with."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pulumi_press.emulator import start
from pulumi_press.emulator.seeds import SeedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.emulator.conftest import Api


@pytest.fixture
def seed(make_spec_body: Callable[..., dict[str, Any]], run_parameters: dict[str, Any]) -> dict[str, Any]:
    """Give a seed with a spec, a further release, a deployment and a rule."""
    body = make_spec_body("seeded")
    release = {"body": {"release": {"version": "2.0.0"}, "config": body["config"]}, "parameters": run_parameters}
    deployment = {"metadata": {"name": "prod"}, "parameters": {"run": {"rounds": 1}}}
    old = {"metadata": {"name": "old"}, "release": {"version": "1.0.0"}}
    return {
        "specs": [
            {
                "tenant": "south",
                "body": body,
                "scope": "shared",
                "tenants": ["north"],
                "artifact": "code.zip",
                "releases": [release],
                "deployments": [deployment, old],
            }
        ],
        "outcomes": [{"deployment": "prod", "status": "warning"}],
        "faults": [{"then": {"status": 503}, "skip": 100}],
    }


def _write(folder: Path, seed: object) -> Path:
    file = folder / "seed.yaml"
    file.write_text(yaml.safe_dump(seed), encoding="utf-8")
    return file


def test_a_seed_makes_what_it_says(
    tmp_path: Path, seed: dict[str, Any], make_zip: Callable[..., bytes], make_api: Callable[..., Api]
) -> None:
    """Objects are made in order by the rules of the API; outcome rules apply to them."""
    (tmp_path / "code.zip").write_bytes(make_zip({"a": "1"}))
    api = make_api(seed=_write(tmp_path, seed), tokens={"n": "north", "s": "south"})
    state = api.press.state()
    [spec] = state["specs"]
    assert (spec["tenant"], spec["tenants"], spec["metadata"]["name"]) == ("south", ["north"], "seeded")
    assert [release["version"] for release in spec["releases"]] == ["1.0.0", "2.0.0"]
    assert spec["releases"][0]["artifact"]["files"][0]["path"] == "a"
    assert [(item["metadata"]["name"], item["metadata"]["status"]) for item in state["deployments"]] == [
        ("prod", "warning"),
        ("old", "deployed"),
    ]
    assert len(api.press.faults()) == 1


def test_reset_sows_again(
    tmp_path: Path, seed: dict[str, Any], make_zip: Callable[..., bytes], make_api: Callable[..., Api]
) -> None:
    """The beginning is the seed, not nothing."""
    (tmp_path / "code.zip").write_bytes(make_zip({}))
    api = make_api(seed=_write(tmp_path, seed), tokens={"s": "south"})
    api.make_spec("other")
    api.press.reset()
    assert [spec["metadata"]["name"] for spec in api.press.state()["specs"]] == ["seeded"]


def test_a_state_that_has_objects_is_not_sown_again(
    tmp_path: Path, seed: dict[str, Any], make_zip: Callable[..., bytes]
) -> None:
    """A restart with the same command keeps what is there."""
    (tmp_path / "code.zip").write_bytes(make_zip({}))
    file = _write(tmp_path, seed)
    ids = []
    for _ in range(2):
        with start(seed=file, state=tmp_path / "state", tokens={"s": "south"}) as press:
            ids.append([spec["id"] for spec in press.state()["specs"]])
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda seed: seed["specs"][0]["body"]["metadata"].pop("name"), r"at specs\[0\]: metadata.name: is required"),
        (lambda seed: seed["specs"][0].update(colour="red"), r"specs\[0\].colour: is not a known property"),
        (
            lambda seed: seed["specs"][0]["releases"][0]["body"]["release"].update(version="0.1.0"),
            r"at specs\[0\].releases\[0\]: release.version",
        ),
        (
            lambda seed: seed["specs"][0]["deployments"][0].pop("parameters"),
            r"at specs\[0\].deployments\[0\]: parameters.run.rounds",
        ),
        (lambda seed: seed.update(outcomes=[{"status": "fine"}]), r"\[0\].status"),
        (lambda seed: seed["specs"][0].update(artifact="gone.zip"), "gone.zip of the seed cannot be read"),
        (lambda seed: seed["specs"][0].update(body="2020"), r"specs\[0\].body: must be an object"),
    ],
)
def test_a_wrong_seed_is_refused_with_its_place(
    tmp_path: Path,
    seed: dict[str, Any],
    make_zip: Callable[..., bytes],
    spoil: Callable[[dict[str, Any]], object],
    words: str,
) -> None:
    """The message says what is wrong and where, and nothing starts."""
    (tmp_path / "code.zip").write_bytes(make_zip({}))
    spoil(seed)
    with ExitStack() as stack, pytest.raises(SeedError, match=words):
        stack.enter_context(start(seed=_write(tmp_path, seed), tokens={"s": "south"}))


@pytest.mark.parametrize("text", ["{", "specs: 2020-01-01", "- a"])
def test_a_seed_that_is_no_seed_is_refused(tmp_path: Path, text: str) -> None:
    """Broken YAML, dates and lists are told apart from a missing file."""
    file = tmp_path / "seed.yaml"
    file.write_text(text)
    for path in (file, tmp_path / "gone.yaml"):
        with ExitStack() as stack, pytest.raises(SeedError, match=path.name):
            stack.enter_context(start(seed=path))
