"""Texts that record which part of them comes from the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulumi_press.peakfiles.variables import FromEnvironment

if TYPE_CHECKING:
    from tests.unit.peakfiles.conftest import Files

ENVIRONMENT = {"TOKEN": "s3: cr3t", "SIZE": "21", "STAGE": "prod", "UNUSED": "x", "DIR": "sub"}


def test_a_text_remembers_the_variables_in_it(files: Files) -> None:
    """The text is as usual, also if its value would break the file, and its parts name the variables."""
    config = files.config(
        "a: {{ os_env.TOKEN }}\nb: x-{{ os_env.TOKEN }}-{{ os_env.STAGE }}\n",
        environment=ENVIRONMENT,
        keep_variables=True,
    )

    assert config == {"a": "s3: cr3t", "b": "x-s3: cr3t-prod"}
    assert [part if isinstance(part, str) else f"${part.text}" for part in config["b"].parts] == [
        "x-",
        "$TOKEN",
        "-",
        "$STAGE",
    ]


def test_a_value_that_is_no_text_is_written_out(files: Files) -> None:
    """Numbers, and values selected by a variable, are plain; their variables are listed."""
    files.spec(
        "{% if os_env.STAGE == 'prod' %}featured: true{% endif %}\n"
        "parameters: {size: {{ os_env.SIZE }}, name: {{ os_env.TOKEN | upper }}}\ntenants: ['{{ os_env.TOKEN }}']\n"
    )

    read = files.read(environment=ENVIRONMENT | {"TOKEN": "abc"}, keep_variables=True)

    assert read.arguments["featured"] is True
    assert read.arguments["parameters"] == {"size": 21, "name": "ABC"}
    assert type(read.arguments["parameters"]["size"]) is int
    assert isinstance(read.arguments["tenants"][0], FromEnvironment)
    assert read.variables == ("SIZE", "STAGE")


def test_a_key_and_a_context_are_written_out(files: Files) -> None:
    """Keys are plain texts, and so are contexts, whose path is computed from the value."""
    files.write(parts__image="{{ os_env.STAGE }}:\n  context: {{ os_env.DIR }}/x\n")

    config = files.config("images:\n  {% include 'parts/image.yaml' %}\n", environment=ENVIRONMENT, keep_variables=True)

    assert config == {"images": {"prod": {"context": "parts/sub/x"}}}
    assert type(config["images"]["prod"]["context"]) is str
