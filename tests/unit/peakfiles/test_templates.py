"""Rendering: variables, the environment, includes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files


def test_variables_come_from_a_file_and_one_by_one(files: Files) -> None:
    """A given variable overrides the file's; null counts as not given."""
    files.write(params="stage: dev\nowner: me\nteam: null\n")

    config = files.config(
        "a: {{ stage }}\nb: {{ owner }}\nc: {{ team | default('none') }}\n",
        params_file="params.yaml",
        params={"stage": "prod"},
    )

    assert config == {"a": "prod", "b": "me", "c": "none"}


def test_values_have_the_type_of_where_they_land(files: Files) -> None:
    """A text from the command line is a number where YAML reads one, and a text in quotes."""
    config = files.config("a: {{ n }}\nb: '{{ n }}'\nc: {{ yes }}\n", params={"n": "21", "yes": "true"})

    assert config == {"a": 21, "b": "21", "c": True}


def test_the_environment_is_os_env(files: Files) -> None:
    """`os_env` has the environment's variables, by attribute, by key and with a default."""
    config = files.config(
        "a: {{ os_env.STAGE }}\nb: {{ os_env['STAGE'] }}-{{ os_env.get('X', 'none') }}\n", environment={"STAGE": "prod"}
    )

    assert config == {"a": "prod", "b": "prod-none"}


def test_an_include_is_indented_to_the_column_of_its_directive(files: Files) -> None:
    """Every line of the included file is indented to the directive's column; whitespace control works."""
    files.write(step="type: http\nurl: x\n", item="- one\n- two\n", text="first\n\n  second\n", more="b: {c: 1}\n")

    config = files.config(
        """\
        steps:
          s: {# not this: {% include 'nothing.yaml' %} #}
            {% include 'step.yaml' %}
            list:
              {%- if on %}
              {% include "item.yaml" %}{% endif %}
            text: |
              {% include 'text.yaml' %}
        a: 1
        {%- if on %}
        {% include 'more.yaml' %}  # a comment behind it is dropped
        {%- endif %}
        raw: "{% raw %}{% include 'x' %}{% endraw %}"
        """,
        params={"on": True},
    )

    step = {"type": "http", "url": "x", "list": ["one", "two"], "text": "first\n\n  second\n"}
    assert config == {"steps": {"s": step}, "a": 1, "b": {"c": 1}, "raw": "{% include 'x' %}"}


def test_includes_are_looked_up_in_the_working_folder_then_beside_the_files_read(files: Files) -> None:
    """The working folder comes first, then the folders of the files in the order in which they were read."""
    files.write(
        one="from: here\n", deep__one="from: deep\n", deep__two="{% include 'three.yaml' %}\n", deep__three="b: 3\n"
    )
    files.spec(name="deep__root", text="parameters:\n  {% include 'one.yaml' %}\n  {% include 'two.yaml' %}\n")

    assert files.read("deep/root.yaml").arguments["parameters"] == {"from": "here", "b": 3}


def test_one_file_may_be_included_in_several_places_and_spellings(files: Files) -> None:
    """A file may be included twice."""
    files.write(part="x: 1\n", sub__other="{% include '../part.yaml' %}\n")

    config = files.config("a:\n  {% include 'part.yaml' %}\nb:\n  {% include 'sub/other.yaml' %}\n")

    assert config == {"a": {"x": 1}, "b": {"x": 1}}


def test_includes_take_what_jinja_offers(files: Files) -> None:
    """Loops, conditions, variables set beforehand, macros of imported files, and includes that may be missing."""
    files.write(step="type: {{ kind }}\n", macros="{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}")

    config = files.config(
        """\
        {% import 'macros.yaml' as m %}
        {% set kind = m.twice("ab") %}
        {% for name in ["a", "b"] %}
        {{ name }}:
          {% include 'step.yaml' %}
        {% endfor %}
        {% include 'nothing.yaml' ignore missing %}
        """
    )

    assert config == {"a": {"type": "abab"}, "b": {"type": "abab"}}


def test_contexts_of_included_images_start_at_the_root_file(files: Files) -> None:
    """A context in an included file is relative to that file's folder; in the root file it is unchanged."""
    files.write(
        parts__images="""\
        b:
          context: "../b"
        c:
          context:   .  # here
        d:
          context: {{ where }}
        e: {context: .}
        """,
        parts__step="image:\n  context: 'step'\n",
    )

    config = files.config(
        "images:\n  a:\n    context: ./a\n  {% include 'parts/images.yaml' %}\n"
        "steps:\n  s:\n    {% include 'parts/step.yaml' %}\n",
        params={"where": "d"},
    )

    contexts = {name: image["context"] for name, image in config["images"].items()}
    assert contexts == {"a": "./a", "b": "b", "c": "parts", "d": "parts/d", "e": "."}
    assert config["steps"]["s"]["image"]["context"] == "parts/step"


def test_a_missing_value_is_nothing_where_it_stands_alone(files: Files) -> None:
    """Without a value `title: {{ title }}` is no title, in quotes an empty one; it is false in conditions and loops."""
    config = files.config(
        """\
        a: {{ title }}
        b: "{{ title }}"  # shown
        c:
          - {{ os_env.TITLE }}
        d: run{{ " --fast" if fast }}
        {{ more }}
        {% if title %}e: 1{% endif %}
        {% for x in title %}f: 1{% endfor %}
        """
    )

    assert config == {"b": "", "c": [None], "d": "run"}


def test_the_sandbox_holds(files: Files) -> None:
    """A template reaches neither Python nor this process's environment."""
    files.write(root="body: {{ ''.__class__.__mro__ }}\n")
    assert files.refuse() == "root.yaml:1: access to attribute '__class__' of 'str' object is unsafe."

    files.write(root="body: {{ os_env.__init__.__globals__ }}\n")
    assert "unsafe" in files.refuse()
