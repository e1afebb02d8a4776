"""Workflows of thousands of steps: rules look at each step a few times, and what they say is no longer than that."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.schema import rules, workflow

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 1_000


class _Name(str):
    """A name that counts how often it is looked up."""

    looked_up = 0
    __slots__ = ()

    def __hash__(self) -> int:
        _Name.looked_up += 1
        return super().__hash__()

    __eq__ = str.__eq__


def tell(parents: dict[Any, list[Any]]) -> list[str]:
    """Tell what is wrong with steps that wait for others."""
    steps = {name: {"imageDetails": {"id": 1}, "command": "x", "parents": list(of)} for name, of in parents.items()}
    return list(map(str, rules.find(workflow.WorkflowConfig, {"steps": steps}, "")))


@pytest.mark.parametrize(
    ("wait", "wrong"),
    [
        pytest.param(lambda n: [n - 1] if n else [], 0, id="a chain"),
        pytest.param(lambda n: [n + 1] if n + 1 < MANY else [], 0, id="a chain, backwards"),
        pytest.param(lambda n: [(n + 1) % MANY], MANY, id="a circle"),
        pytest.param(lambda n: [n ^ 1], MANY, id="pairs"),
    ],
)
def test_each_step_is_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch, wait: Callable[[int], list[int]], wrong: int
) -> None:
    """A search that begins anew at each step would look at millions."""
    monkeypatch.setattr(_Name, "looked_up", 0)
    names = [_Name(f"s{number}") for number in range(MANY)]

    told = tell({name: [names[other] for other in wait(number)] for number, name in enumerate(names)})

    assert len(told) == wrong
    assert _Name.looked_up < 50 * MANY


@pytest.mark.parametrize("seed", range(40))
def test_a_step_is_told_if_and_only_if_it_waits_for_itself_by_way_of_others(seed: int) -> None:
    """As a search from each step finds."""
    chance = random.Random(seed)  # noqa: S311  # No secret.
    names = [f"s{number}" for number in range(chance.randint(1, 8))]
    parents = {name: chance.sample(names, chance.randint(0, min(2, len(names)))) for name in names}

    def reach(start: str) -> set[str]:
        found: set[str] = set()
        ahead = [other for other in parents[start] if other != start]
        while ahead:
            name = ahead.pop()
            if name not in found:
                found.add(name)
                ahead += parents[name]
        return found

    circles = [line.partition(":")[0] for line in tell(parents) if "circle" in line]
    assert circles == [f"steps.{name}.parents" for name in names if name in reach(name)]


@pytest.mark.parametrize("key", ["imageRef", "parents", "executionParameters"])
def test_what_is_told_of_unknown_names_does_not_list_all_each_time(key: str) -> None:
    """Thousands of mistakes that list thousands of names would fill the memory."""
    value: Any = {
        "imageRef": "nowhere",
        "parents": ["nowhere"],
        "executionParameters": {"conditional": [{"stepName": "nowhere"}]},
    }[key]
    names = [f"s{number}" for number in range(MANY)]
    config = {"steps": {name: {"command": "x", key: value} for name in names}, "images": {name: {} for name in names}}

    told = [str(failure) for failure in rules.find(workflow.WorkflowConfig, config, "") if "nowhere" in str(failure)]

    assert len(told) == MANY
    assert sum(map(len, told)) < 200 * MANY
