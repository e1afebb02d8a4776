"""For any values, a YAML program has just these values, and nothing in them is a reference, a function or a number."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pulumi_press.codegen.literals import Expression, Reference, Setting
from pulumi_press.codegen.program import Declaration
from pulumi_press.codegen.yaml_literals import escape_references, write_entry
from pulumi_press.codegen.yaml_program import write_yaml_program
from pulumi_press.schema.arguments import BlockSpecArgs

TRIES = settings(max_examples=200, deadline=None)
PIECES = ("${", "$", "}", "a", " ", "\n", "- ", ": ", "#", "|", "'", '"', "\\", "\t", "\x00", "\u202e", "1", ".", "<<")
WORDS = ("yes", "null", "~", "0x1", "1e3", "1_000", "2024-01-01", "12:30:45", ".inf", "=", "!!str", "&a", "*a", "1.0.0")
TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
    | st.sampled_from(WORDS)
)
KEYS = TEXTS.filter(lambda text: text != "<<" and not text.lower().startswith("fn::"))
SCALARS = TEXTS | st.integers(-(2**53), 2**53) | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS, lambda items: st.lists(items, max_size=3) | st.dictionaries(KEYS, items, max_size=3), max_leaves=8
)
HIDDEN = ("Cc", "Cf", "Co", "Zl", "Zp")


def interpolate(text: str, known: dict[str, str]) -> str:
    """Read a text as Pulumi does: `$$` is `$`, and `${name}` is a reference."""
    return re.sub(
        r"\$\$|\$\{([^}]*)\}", lambda match: "$" if match[1] is None else known[match[1]], text, flags=re.DOTALL
    )


def unescape(value: Any) -> Any:
    """Read all texts of a value as Pulumi does, in which there is no reference."""
    if isinstance(value, dict):
        return {key: unescape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unescape(item) for item in value]
    return interpolate(value, {}) if isinstance(value, str) else value


@TRIES
@given(KEYS, VALUES)
@example("a", "\n")
@example("a", "a\n\n")
@example("a", " a\nb")
@example("a", "a\n  b\nc\n")
@example("a", {"b": [{"c": [[1], [{"d": "x\ny"}]]}]})
def test_values_come_back(key: str, value: Any) -> None:
    """What is written is what a parser reads, with the types that it had."""
    text = "".join(f"{line}\n" for line in write_entry(key, value, indent=2))

    assert not [sign for sign in text if sign != "\n" and unicodedata.category(sign) in HIDDEN]
    read = yaml.safe_load(text)
    assert unescape(read) == {key: value}
    assert repr(unescape(read)) == repr({key: value})


@TRIES
@given(TEXTS, TEXTS)
@example("$", "$")
@example("a$$", "{x}")
def test_texts_around_references_stay(before: str, after: str) -> None:
    """A reference is read as one, whatever stands beside it."""
    expression = Expression("", parts=(before, Reference("web", "spec_id"), after, Setting("a.b"), before))
    declarations = [
        Declaration("web", "BlockSpec", "web", {"kind": expression}, BlockSpecArgs),
    ]

    program = write_yaml_program(
        declarations,
        intro="x",
        project="p",
        package="press",
        rename=dict,
        rename_output=lambda name: name.replace("_id", "Id"),
    )

    kind = yaml.safe_load(program.text)["resources"]["web"]["properties"]["kind"]
    assert program.settings == {"a_b": Setting("a.b")}
    known = {"web.specId": "<1>", "a_b": "<2>"}
    assert interpolate(kind, known) == f"{before}<1>{after}<2>{before}"


@TRIES
@given(TEXTS)
def test_escaped_text_is_itself(text: str) -> None:
    """No text is a reference."""
    assert interpolate(escape_references(text), {}) == text


@TRIES
@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS.filter(bool)), min_size=1, max_size=5))
def test_names_are_unique(names: list[tuple[str, str]]) -> None:
    """Resources and values of the configuration share one space of names, in which none occurs twice."""
    declarations = [
        Declaration(f"v{number}", "BlockSpec", name, {"kind": Expression("", parts=(Setting(key),))}, BlockSpecArgs)
        for number, (name, key) in enumerate(names)
    ]

    text, found = write_yaml_program(
        declarations, intro="x", project="p", package="press", rename=dict, rename_output=str
    )

    program = yaml.safe_load(text)
    resources = program["resources"]
    assert [value.get("name", key) for key, value in resources.items()] == [name for name, _ in names]
    assert list(program["config"]) == list(found)
    assert not set(resources) & set(found)
    assert "pulumi" not in {*resources, *found}
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", key) for key in (*resources, *found))
