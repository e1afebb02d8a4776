"""The mistakes of `docs/mistakes.md`: wrong programs, what must be there before, and how each is mended."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GROUPS", "MISTAKES", "PROGRAMS", "Mistake"]

PROGRAMS = Path(__file__).resolve().parents[2] / "tests" / "engine" / "mistakes"
RIGHT = "dashboard"
"""A program that is right: what is wrong lies around it."""


@dataclass(frozen=True)
class Mistake:
    """A mistake that is often made."""

    name: str
    """The program's, and the name of its tenant."""
    cure: str
    title: str = ""
    """What is wrong, where the program itself is right."""
    before: Mapping[str, str] = field(default_factory=dict)
    """Parts of the program, with what stood there when it was brought up before."""
    other_stack: bool = False
    """Whether another stack brings the program up before."""
    commands: tuple[str, ...] = ()
    """What was done before, in the words of a shell."""
    variables: Mapping[str, str | None] = field(default_factory=dict)
    command: str = "preview"

    @property
    def file(self) -> Path:
        """The program's file."""
        return PROGRAMS / f"{RIGHT if self.title else self.name}.py"

    @property
    def source(self) -> str:
        """The program."""
        return self.file.read_text(encoding="utf-8")

    @property
    def heading(self) -> str:
        """What is wrong."""
        return (self.title or str(ast.get_docstring(ast.parse(self.source)))).removesuffix(".")

    @property
    def excerpt(self) -> str:
        """The program as the page shows it, without what is the same in all."""
        *_, body = self.source.partition("import pulumi_press as press\n")
        return body.strip()


GROUPS: dict[str, tuple[Mistake, ...]] = {
    "Keys": (
        Mistake("misspelt_step_key", "Write `stepTimeout`; the message names the nearest key."),
        Mistake(
            "misspelt_nested_key",
            "Write `numberOfRetries`. The path in the message leads to the place, however deep it is.",
        ),
        Mistake("snake_case_key", "Write `imageUrl`: keys are those of the SDK's bodies, in camel case."),
        Mistake(
            "misspelt_argument",
            "Write `auto_run_on_deploy`: arguments beside the body are in snake case, as in the SDK.",
        ),
        Mistake("missing_summary", "Add `summary` to the metadata."),
        Mistake(
            "key_of_another_step",
            "Give `sqlQueryPath`, the path of a file with the query, or `repository`; only a `standard` step has a "
            "`command`.",
        ),
        Mistake("service_in_a_workflow", 'Write `kind="service"`, or give the config `steps`.'),
    ),
    "Values": (
        Mistake("misspelt_scope", "Write one of the words that the message lists: here `private`."),
        Mistake("number_in_environment", 'Write `"1000"`: an environment holds texts.'),
        Mistake("cron_of_three_fields", "Write five fields, such as `0 6 * * *` for six o'clock each day."),
        Mistake("short_version", "Write three numbers, `1.0.0`; or leave `version` out, and it is chosen."),
        Mistake(
            "spec_as_text",
            'Write `spec={"id": "..."}`; or give the resource itself, `spec=orders`, if the program declares it.',
        ),
        Mistake(
            "output_in_a_text",
            'Write `pulumi.Output.format("Orders {0}", orders.release_version)`: the value is known only later.',
        ),
    ),
    "What a config refers to": (
        Mistake("unknown_image", "Write `python`, as in `config.images`."),
        Mistake("unknown_parent", "Write `load`, the name of the step."),
        Mistake("circle_of_parents", "Take one of the `parents` away, so that a step can begin."),
        Mistake(
            "missing_folder",
            "Correct the path. A relative one starts at the program's folder.",
        ),
        Mistake(
            "image_without_artifact",
            'Give the folder with the Dockerfile: `artifact={"path": "orders"}`; or use an image that exists, with '
            "`imageDetails`.",
        ),
    ),
    "Versions": (
        Mistake(
            "lowered_version",
            "Write a version higher than the last; or leave `version` out, and the next one is chosen.",
            before={'"id": 2': '"id": 1', "1.1.0": "1.2.0"},
        ),
        Mistake(
            "version_with_other_content",
            "Raise the version, since a release never changes; or leave `version` out.",
            before={'"id": 2': '"id": 1'},
        ),
    ),
    "Run parameters": (
        Mistake("run_parameter_of_wrong_type", "Write `1000`, without quotes, as the spec declares a number."),
        Mistake("undeclared_run_parameter", "Write `shops`, as the spec declares it."),
    ),
    "The stack": (
        Mistake("two_of_one_name", 'Give each resource its own name: `f"orders-{stage}"`.'),
        Mistake(
            "taken_name",
            "Choose another name; or take the block over, with `adopt`, if it is to be this stack's from now on: see "
            "[importing](taking-over.md).",
            title="The block's name is taken by another stack",
            other_stack=True,
            command="up",
        ),
        Mistake(
            "misspelt_setting",
            "Write `press:adopt`, and take the other away with `pulumi config rm press:adpot`.",
            title="A setting is misspelt",
            commands=("pulumi config set press:adpot always",),
        ),
        Mistake(
            "plain_token",
            "Set it again with `--secret`, and replace a token that was committed.",
            title="The token is not a secret",
            commands=("pulumi config set press:authToken {token}",),
            variables={"PEAK_AUTH_TOKEN": None},
        ),
        Mistake(
            "no_token",
            "Set it as the message says, or in the environment as `PEAK_AUTH_TOKEN`.",
            title="There is no token",
            variables={"PEAK_AUTH_TOKEN": None},
        ),
        Mistake(
            "wrong_token",
            "Set a token of this stage and tenant, where the message says that it came from.",
            title="The token is not valid",
            variables={"PEAK_AUTH_TOKEN": "of-another-stage"},
            command="up",
        ),
        Mistake(
            "no_service",
            "Start the local Press, `pulumi-press emulator`, or correct the address; it came from where the message "
            "says.",
            title="Nothing answers at the address",
            commands=("pulumi config set press:maxRetries 0",),
            variables={"PRESS_ENDPOINT": "http://127.0.0.1:{closed}"},
            command="up",
        ),
    ),
}
"""Mistakes by what they are about, as the page has them."""

MISTAKES = tuple(mistake for group in GROUPS.values() for mistake in group)
