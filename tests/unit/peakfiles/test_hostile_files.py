"""Hostile files and values: they forge no marker, read nothing outside the project, and errors show no secret."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.peakfiles.blockfile import read_blockfile
from pulumi_press.peakfiles.errors import BlockfileError
from pulumi_press.peakfiles.variables import FromEnvironment

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files

SECRET = "cr3t-canary"
ENVIRONMENT = {"TOKEN": SECRET, "OTHER": "other-canary", "STAGE": "prod"}

FORGED = [
    "\ue000VOTHER\ue001",
    "\ue000VNONE\ue001",
    "\ue000L0:1\ue001",
    "\ue000L9:x\ue001",
    "\ue000C7:1\ue001",
    "\ue000\ue001",
]


@pytest.mark.parametrize("keep_variables", [True, False])
@pytest.mark.parametrize("text", FORGED)
def test_a_value_forges_no_mark(text: str, keep_variables: bool, files: Files) -> None:  # noqa: FBT001
    """Characters of markers are ordinary characters in a parameter, a variable and a file."""
    files.spec(
        "parameters:\n  a: '{{ given }}'\n  b: '{{ os_env.FORGED }}'\n  d: '-{{ os_env.STAGE }}'\n"
        f"  c: '{text}'\n"
    )

    read = files.read(
        params={"given": text}, environment={**ENVIRONMENT, "FORGED": text}, keep_variables=keep_variables
    )

    assert read.arguments["parameters"] == {"a": text, "b": text, "c": text, "d": "-prod"}
    assert type(read.arguments["parameters"]["a"]) is str
    assert isinstance(read.arguments["parameters"]["b"], FromEnvironment) is keep_variables


def test_a_forged_mark_in_a_file_with_a_mistake_is_no_traceback(files: Files) -> None:
    """The place of an error is still reported."""
    for text in FORGED:
        files.spec(f"parameters:\n  a: '{text}'\n  b: 2020-01-01\n")
        assert files.refuse() == "root.yaml:7: YAML reads this value as a date: put it in quotes"


@pytest.mark.parametrize("taken_apart", ["replace('V', 'L')", "replace('V', 'C')", "replace('STAGE', 'GONE')"])
def test_a_template_that_takes_a_mark_apart_gets_no_traceback(taken_apart: str, files: Files) -> None:
    """A template can see the marker of a variable that it uses; the only effect is a wrong text."""
    files.spec(f"parameters:\n  a: 'x{{{{ (os_env.STAGE ~ \"\") | {taken_apart} }}}}'\n  b: 1\n  b: 2\n")

    assert "root.yaml" in files.refuse(environment=ENVIRONMENT, keep_variables=True)


DEEP = 3000


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEEP + "]" * DEEP,
        "{a: " * DEEP + "1" + "}" * DEEP,
        "\n    " + "- " * 300 + "1",
        "[" * 120 + "]" * 120,
        "\n" + "".join(f"{' ' * (n + 4)}a:\n" for n in range(400)) + " " * 404 + "b: 1",
    ],
    ids=["lists", "maps", "blocks", "a few too many", "indented"],
)
def test_a_deeply_nested_file_is_refused(text: str, files: Files) -> None:
    """More levels than any block has are an error, in the file and in a params file."""
    files.spec(f"parameters:\n  a: {text}\n")
    assert "is nested too deeply" in files.refuse()


def test_deeply_nested_parameters_are_refused(files: Files) -> None:
    """The same for the values of the variables."""
    files.spec()
    deep: Any = {}
    for _ in range(DEEP):
        deep = {"a": deep}
    circle: dict[str, Any] = {}
    circle["a"] = circle
    files.write(params="a: " + "[" * DEEP + "]" * DEEP, circle="a: &a\n  b: *a\n")

    assert files.refuse(params_file="params.yaml") == "params.yaml: is nested too deeply"
    assert files.refuse(params_file="circle.yaml") == "circle.yaml: the parameters are nested too deeply"
    for params in (deep, circle):
        assert files.refuse(params=params) == "the parameters are nested too deeply"


@pytest.mark.parametrize(
    "text",
    [
        "x: !{{ os_env.TOKEN }} 1\n",
        "x: !{{ given }} {a: 1}\n",
        "{{ os_env.TOKEN }}: 1\n",
        "x: {{ '{' }}{{ given }}: 1, {{ given }}: 2}\n",
        "x: *{{ os_env.TOKEN }}\n",
        "x: [&{{ given }} 1, &{{ given }} 2, *b]\n",
        "x: '{{ given }}\n",
        "x: {{ a[os_env.TOKEN].b }}\n",
        "x: web-{{ os_env[given] }}\n",
        "x: web-{{ os_env.STAGE[given] }}\n",
        "x: web-{{ given[given] }}\n",
        "{% include os_env.TOKEN %}\n",
        "x: {{ ''[given].b }}\n",
        "x: {{ given | int + {} }}\n",
        "%TAG ! {{ given }}\n--- 1\n",
        "? [{{ given }}]\n: 1\n",
    ],
)
@pytest.mark.parametrize("keep_variables", [True, False])
def test_an_error_repeats_nothing_that_an_expression_made(text: str, keep_variables: bool, files: Files) -> None:  # noqa: FBT001
    """Keys, tags, names and files computed from a variable or a parameter may be secret."""
    files.spec(text)

    message = files.refuse(params={"given": SECRET}, environment=ENVIRONMENT, keep_variables=keep_variables)

    assert message.startswith("root.yaml:")
    assert SECRET not in message
    assert "canary" not in message


def test_an_unknown_key_of_the_body_is_not_repeated_where_an_expression_made_it(files: Files) -> None:
    """It is quoted if the file contains it."""
    files.write(root="body:\n  kind: service\n  {{ given }}: 1\n")

    assert "canary" not in files.refuse(params={"given": SECRET})
    assert files.refuse(params={"given": "kind2"}).startswith("root.yaml:3: (a text computed by the template) is not")
    files.write(root="body:\n  kind: service\n  colour: 1\n")
    assert "'colour' is not a known key" in files.refuse()


@pytest.fixture
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file outside of the project."""
    path = tmp_path_factory.mktemp("outside") / "part.yaml"
    path.write_text("a: canary\n")
    return path


def include(files: Files, name: str, **options: Any) -> dict[str, Any]:
    """Read a file that includes another one."""
    files.spec(f"parameters:\n  {{% include '{name}' %}}\n")
    arguments: dict[str, Any] = files.read(**options).arguments["parameters"]
    return arguments


@pytest.mark.parametrize("way", ["absolute", "relative", "a link", "a linked folder", "through another file"])
def test_an_include_does_not_leave_the_project(way: str, files: Files, outside: Path) -> None:
    """Every way there is refused, unless the program names the folder."""
    relative = os.path.relpath(outside, files.folder)
    (files.folder / "link.yaml").symlink_to(outside)
    (files.folder / "linked").symlink_to(outside.parent)
    (files.folder / "sub").mkdir()
    files.write(sub__way=f"{{% include '../{relative}' %}}")
    name = {
        "absolute": str(outside),
        "relative": relative,
        "a link": "link.yaml",
        "a linked folder": "linked/part.yaml",
        "through another file": "sub/way.yaml",
    }[way]

    with pytest.raises(BlockfileError) as refused:
        include(files, name)

    assert "is outside the project's folder: move it there, or add its folder to include_folders" in str(refused.value)
    assert "canary" not in str(refused.value)
    assert include(files, name, include_folders=[outside.parent]) == {"a": "canary"}


def test_an_include_from_elsewhere_in_the_project_is_read(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is the folder of `Pulumi.yaml`, also for a program in a subfolder; else the working folder."""
    files.write(common__part="a: 1")
    (files.folder / "app").mkdir()
    monkeypatch.chdir(files.folder / "app")
    text = "body:\n  kind: service\n  metadata: {name: a}\nparameters:\n  {% include '../common/part.yaml' %}\n"
    Path("root.yaml").write_text(text)

    with pytest.raises(BlockfileError, match="is outside the project's folder"):
        read_blockfile("root.yaml", environment={})
    (files.folder / "Pulumi.yaml").write_text("name: shop\n")
    assert read_blockfile("root.yaml", environment={}).arguments["parameters"] == {"a": 1}


def test_a_file_outside_that_the_program_names_may_include_its_neighbours(files: Files, outside: Path) -> None:
    """A file that the program names may be outside, and so may files in its folder."""
    (outside.parent / "root.yaml").write_text(
        "body:\n  kind: service\n  metadata: {name: a}\nparameters:\n  {% include 'part.yaml' %}\n"
    )

    assert files.read(str(outside.parent / "root.yaml")).arguments["parameters"] == {"a": "canary"}


LISTINGS = [
    "{% for name in os_env %}{{ name }} {% endfor %}",
    "{% for name, value in os_env.items() %}{{ value }}{% endfor %}",
    "{{ os_env.values() | join }}",
    "{{ os_env }}",
    "{{ os_env | string }}",
    "{{ os_env | list }}",
    "{{ os_env | dictsort }}",
    "{{ os_env | length }}",
    "{{ '%s' % os_env }}",
    "{{ os_env.copy() }}",
    "{{ os_env | pprint }}",
]


@pytest.mark.parametrize("listing", LISTINGS)
@pytest.mark.parametrize("keep_variables", [True, False])
def test_the_environment_is_not_listed(listing: str, keep_variables: bool, files: Files) -> None:  # noqa: FBT001
    """A file names the variables that it needs; only an argument lets it list the others."""
    files.spec(f"parameters:\n  a: >-\n    {listing}\n")

    assert files.refuse(environment=ENVIRONMENT, keep_variables=keep_variables) == (
        "root.yaml:7: os_env cannot be listed: name the variables that the file needs, such as os_env.STAGE, or allow "
        "it with list_env=True (`--list-env`)"
    )
    assert files.read(environment=ENVIRONMENT, keep_variables=keep_variables, list_env=True).arguments["parameters"][
        "a"
    ]


@pytest.mark.parametrize(
    "inside", ["os_env.plain", "os_env._plain", "os_env.asked", "os_env._values", "os_env.__dict__", "os_env | tojson"]
)
def test_nothing_inside_the_environment_is_reached(inside: str, files: Files) -> None:
    """No attribute gives access to the variables."""
    files.spec(f"parameters: {{a: '{{{{ {inside} }}}}'}}\n")

    try:
        given = str(files.read(environment=ENVIRONMENT).arguments)
    except BlockfileError as error:
        given = str(error)
    assert "canary" not in given


def test_variables_are_named_in_every_way(files: Files) -> None:
    """By attribute, by item, with a default, and in a test."""
    files.spec(
        "parameters:\n"
        "  a: '{{ os_env.STAGE }}'\n  b: \"{{ os_env['STAGE'] }}\"\n  c: \"{{ os_env.get('NONE', 'none') }}\"\n"
        "  d: {{ 'STAGE' in os_env and 'NONE' not in os_env }}\n  e: {{ 'some' if os_env else 'none' }}\n"
    )

    assert files.read(environment=ENVIRONMENT).arguments["parameters"] == {
        "a": "prod", "b": "prod", "c": "none", "d": True, "e": "some",
    }  # fmt: skip


@pytest.mark.parametrize(
    "expression",
    [
        "{{ os_env.TOKEN | upper }}",
        "{{ os_env.TOKEN | replace('-', '_') }}",
        "Bearer {{ os_env.TOKEN[2:] }}",
        "{{ (os_env.TOKEN, os_env.OTHER) | join('/') | reverse }}",
        "{% set token = os_env.TOKEN | trim('c') %}{{ token }}",
        "{{ os_env.TOKEN | length * 1111 }}x{{ os_env.TOKEN | first }}",
    ],
)
def test_a_text_that_is_computed_from_a_variable_is_reported(expression: str, files: Files) -> None:
    """With any filter: the text records no variable, and may be secret."""
    files.spec(f"parameters: {{a: \"{expression}\", b: ['{{{{ os_env.TOKEN }}}}', written, '{{{{ given }}}}']}}\n")

    read = files.read(environment=ENVIRONMENT, params={"given": "made"}, keep_variables=True)

    assert read.computed == (("parameters", "a"),)


def test_a_text_that_a_variable_only_selects_is_not_reported(files: Files) -> None:
    """What the file contains is not secret."""
    files.spec(
        "parameters: {a: \"{{ 'large' if os_env.STAGE == 'prod' else 'small' }}\", b: {{ os_env.STAGE | length }}}\n"
    )

    assert files.read(environment=ENVIRONMENT, keep_variables=True).computed == ()


def test_texts_are_reported_where_other_values_are_not_valid(files: Files) -> None:
    """Every text that the file does not contain may depend on them."""
    files.spec(
        "parameters: {a: \"{{ {'prod': 'x'}[os_env.STAGE] ~ 1 }}{{ os_env.TOKEN | upper }}\", b: written, "
        "c: \"{{ {'prod': 1}[os_env.STAGE | lower].real }}\"}\n"
    )

    assert files.read(environment=ENVIRONMENT, keep_variables=True).computed == (("parameters", "a"),)
