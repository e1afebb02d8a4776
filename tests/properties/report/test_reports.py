"""Any input is reported or refused: no traceback, no secret, no text over the limit."""

from __future__ import annotations

import copy
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from pulumi_press.cli import main
from pulumi_press.report import (
    PreviewError,
    read_preview,
    render_html,
    render_json,
    render_markdown,
    render_table,
)
from tests.unit.report.conftest import RECORDINGS, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# One of each sort: the smaller ones, for the many tries.
NAMES = (
    "artifact-release",
    "component-change",
    "destroy",
    "drift-many",
    "failed-rollout",
    "many-effects",
    "mistakes",
    "mixed-replace",
    "native-failed-rollout-refresh",
    "native-kind-replace",
    "native-moved",
    "native-secret-change",
    "nothing",
    "refused-token",
    "secret-change",
    "special-change",
    "unknown-replace",
)
CANARY = "canary-Tr0ub4dor&3"
ENVELOPE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
SMALLEST, LIMIT = 1_000, 65_000
MANY = settings(max_examples=300, deadline=None)

KEYS = (
    "op",
    "urn",
    "oldState",
    "newState",
    "inputs",
    "parameters",
    "hidden",
    "status",
    "artifact",
    "initErrors",
    "message",
    "4dabf18193072939515e22adb298388d",
)
"""Keys with a meaning, so that wrong values occur where the reader looks."""
ODD = st.sampled_from(
    [
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # What is not known yet.
        "```\n</details>\n<!-- x -->",
        "<script>alert(1)</script>",
        "a\x00\x1b[31m\u202e\ud800b",
        "`" * 90,
        "x" * 70_000,
        "line\n" * 3_000,
        10**400,
        -1e308,
        ENVELOPE,
        {"4dabf18193072939515e22adb298388d": []},
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | ODD,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)

SECRET_STATES: tuple[dict[str, Any], ...] = (
    {"hidden": ["run.key"], "parameters": {"run": {"key": CANARY, "rows": 3}}},
    {"config": {"steps": {"a": {"repository": {"url": "https://example.com", "token": CANARY}}}}},
)
"""Inputs with a value that is secret by itself."""
ENVELOPES: tuple[dict[str, Any], ...] = (
    {**ENVELOPE, "plaintext": json.dumps(CANARY)},
    {**ENVELOPE, "plaintext": json.dumps({"deep": [CANARY]})},
    {**ENVELOPE, "ciphertext": CANARY},
    {**ENVELOPE, "value": CANARY},
)
"""The engine's envelopes, with what they never hold in a preview."""


class Place(NamedTuple):
    """A value within others."""

    holder: Any
    key: Any

    @property
    def value(self) -> Any:
        """The value."""
        return self.holder[self.key]


def places(value: Any) -> Iterator[Place]:
    """Yield every place in a value."""
    for key in list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield Place(value, key)
        yield from places(value[key])


@st.composite
def documents(draw: st.DrawFn) -> list[Any]:
    """Draw a recorded preview, as the values of its lines: one of a preview in JSON, many of an event log."""
    name = draw(st.sampled_from(NAMES))
    if draw(st.booleans()):
        return [json.loads((RECORDINGS / f"{name}.preview.json").read_text(encoding="utf-8"))]
    return [json.loads(line) for line in (RECORDINGS / f"{name}.events.jsonl").read_text(encoding="utf-8").splitlines()]


def pick(draw: st.DrawFn, document: Any, *, to: Callable[[Place], bool] = lambda _: True) -> Place:
    """Pick a place of a document that fits."""
    found = [place for place in places(document) if to(place)]
    return found[draw(st.integers(0, len(found) - 1))]


def mutate(draw: st.DrawFn, document: list[Any]) -> None:
    """Change a value somewhere: another one, none, twice, that of another place, under another key."""
    place = pick(draw, document)
    what = draw(st.sampled_from(["replace", "drop", "double", "exchange", "rename"]))
    if what == "replace":
        place.holder[place.key] = copy.deepcopy(draw(VALUES))
    elif what == "drop":
        del place.holder[place.key]
    elif what == "double" and isinstance(place.holder, list):
        place.holder.insert(place.key, copy.deepcopy(place.value))
    elif what == "exchange":
        # A copy: a value within itself is nothing that JSON can hold.
        place.holder[place.key] = copy.deepcopy(pick(draw, document).value)
    elif what == "rename" and isinstance(place.holder, dict):
        place.holder[draw(st.sampled_from(KEYS))] = place.holder.pop(place.key)


@st.composite
def mutated(draw: st.DrawFn) -> list[Any]:
    """Draw a recorded preview with some values changed."""
    document = draw(documents())
    for _ in range(draw(st.integers(0, 5))):
        if any(True for _ in places(document)):
            mutate(draw, document)
    return document


def write(document: list[Any]) -> str:
    """Write it as the engine does."""
    return "\n".join(json.dumps(line) for line in document)


def is_state(place: Place) -> bool:
    """Return whether a place holds the inputs or outputs of a resource."""
    return isinstance(place.value, dict) and place.key in ("inputs", "outputs")


def is_text(place: Place) -> bool:
    """Return whether a place holds a text."""
    return isinstance(place.value, str)


@st.composite
def with_secrets(draw: st.DrawFn, *, repeated: bool) -> list[Any]:
    """Draw a preview with values changed, and then a secret where one can be.

    It stands in an envelope anywhere, or in a state as a value that is secret by itself. Repeated, it stands in other
    texts as well, as where a program prints it.
    """
    document = [{}, *draw(mutated())]
    for _ in range(draw(st.integers(0, 3)) if repeated else 0):
        if any(map(is_text, places(document))):
            place = pick(draw, document, to=is_text)
            place.holder[place.key] = f"{place.value} {CANARY}!"
    for _ in range(draw(st.integers(1, 3))):
        if draw(st.booleans()) and any(map(is_state, places(document))):
            place = pick(draw, document, to=is_state)
            place.holder[place.key] = copy.deepcopy(draw(st.sampled_from(SECRET_STATES)))
        else:
            place = pick(draw, document, to=lambda place: isinstance(place.value, dict))
            key = draw(st.sampled_from(["config", "urn", "message", "kind", "x"]))
            place.value[key] = copy.deepcopy(draw(st.sampled_from(ENVELOPES)))
    return document[not document[0] :]


def examine(text: str | bytes, limit: int) -> list[str]:
    """Report on a text in all formats; give all that was said."""
    try:
        report = read_preview(text)
    except PreviewError as error:
        return [str(error)]
    markdown = render_markdown(report, limit)
    assert len(markdown) <= limit
    assert is_whole(markdown)
    told = render_json(report)
    assert [stack["failed"] for stack in json.loads(told)["stacks"]] == [stack.failed for stack in report.stacks]
    return [markdown, told, render_html(report), render_table(report), render_table(report, width=80, color=True)]


@MANY
@given(with_secrets(repeated=True), st.integers(SMALLEST, LIMIT))
def test_a_changed_preview_tells_no_secret_and_breaks_nothing(document: list[Any], limit: int) -> None:
    """A preview with any values changed is reported on or refused; a secret in it is in no format."""
    assert [text for text in examine(write(document), limit) if "Tr0ub4dor" in text] == []


@MANY
@given(with_secrets(repeated=False), st.floats(0, 1), st.integers(SMALLEST, LIMIT))
def test_a_preview_that_breaks_off_tells_no_secret_and_breaks_nothing(
    document: list[Any], part: float, limit: int
) -> None:
    """A preview cut off anywhere is reported on as failed, or refused; the secrets in it stay secret."""
    text = write(document)

    assert [told for told in examine(text[: int(part * len(text))], limit) if "Tr0ub4dor" in told] == []


@settings(max_examples=200, deadline=None)
@given(documents(), st.floats(0, 1), st.integers(0, 40), st.binary(max_size=40), st.sampled_from(["utf-8", "utf-16"]))
def test_the_command_ends_with_a_code_whatever_the_bytes(
    document: list[Any], part: float, length: int, inserted: bytes, encoding: str
) -> None:
    """With any bytes changed the command ends with one of its exit codes, and a refusal is one line."""
    content = write(document).encode(encoding)
    start = int(part * len(content))
    with TemporaryDirectory() as folder:
        path = Path(folder, "preview.json")
        path.write_bytes(content[:start] + inserted + content[start + length :])
        with redirect_stdout(io.StringIO()) as printed, redirect_stderr(io.StringIO()) as errors:
            code = main(["report", str(path)])

    assert code in (0, 1, 2, 3)
    assert (code == 1) is bool(errors.getvalue())
    assert len(errors.getvalue().splitlines()) <= 1
    assert len(printed.getvalue()) <= LIMIT
