"""What holds of the rules that join steps, images and parents, for every workflow."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.schema.validation import validate
from pulumi_press.schema.workflow import WorkflowConfig

# Few names, so that what refers to something often finds it.
NAMES = st.sampled_from(["a", "b", "c", "d"])
REFERENCES = NAMES | st.just(UNKNOWN)

STEPS = st.fixed_dictionaries(
    {"command": NAMES},
    optional={
        "imageRef": REFERENCES,
        "imageDetails": st.just({"id": 1}),
        "parents": st.lists(REFERENCES, max_size=3),
        "executionParameters": st.fixed_dictionaries(
            {"conditional": st.lists(st.fixed_dictionaries({"stepName": REFERENCES}), max_size=1)}
        ),
    },
)
WORKFLOWS = st.fixed_dictionaries(
    {"steps": st.dictionaries(NAMES, STEPS, min_size=1)},
    optional={
        "images": st.dictionaries(NAMES, st.just({}), max_size=2),
        "triggers": st.lists(
            st.sampled_from([{}, {"webhook": True}, {"cron": "0 0 * * *", "webhook": True}]), max_size=2
        ),
    },
)
GRAPHS = st.dictionaries(NAMES, st.lists(NAMES, max_size=3, unique=True), min_size=1)


def find_messages(config: Any) -> set[str]:
    """Give the mistakes as people read them."""
    return {str(failure) for failure in validate(WorkflowConfig, config)}


@settings(max_examples=300, deadline=None)
@given(WORKFLOWS, st.data())
def test_a_reference_to_what_is_not_known_is_no_mistake(config: dict[str, Any], data: st.DataObject) -> None:
    """Images, steps, a single step or one of its fields: what becomes unknown adds no mistake anywhere."""
    before = find_messages(config)
    name = data.draw(st.sampled_from(sorted(config["steps"])))
    step = config["steps"][name]
    field = data.draw(st.sampled_from(sorted(step)))
    steps = {**config["steps"], name: {**step, field: UNKNOWN}}

    assert find_messages({**config, "images": UNKNOWN}) <= before
    assert find_messages({**config, "steps": UNKNOWN}) <= before
    assert find_messages({**config, "steps": {**config["steps"], name: UNKNOWN}}) <= before
    assert find_messages({**config, "steps": steps}) <= before


@settings(max_examples=300, deadline=None)
@given(GRAPHS)
def test_a_circle_is_told_of_exactly_the_steps_in_it(graph: dict[str, list[str]]) -> None:
    """A step is told to wait for itself if a way leads back to it by way of another step."""
    ahead = {
        (step, parent) for step, parents in graph.items() for parent in parents if step != parent and parent in graph
    }
    for middle, start, end in product(graph, repeat=3):
        if (start, middle) in ahead and (middle, end) in ahead:
            ahead.add((start, end))
    steps = {name: {"command": "run", "imageDetails": {"id": 1}, "parents": parents} for name, parents in graph.items()}

    found = {failure.property for failure in validate(WorkflowConfig, {"steps": steps}) if "circle" in failure.reason}

    assert found == {f"steps.{name}.parents" for name in graph if (name, name) in ahead}
