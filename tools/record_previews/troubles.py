"""Previews that fail, or that warn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.record_previews.effects import SHOP_FILES
from tools.record_previews.scenario import REFRESH, Scenario, Stage

if TYPE_CHECKING:
    from pulumi_press.client.client import Client

NOTICE = """\
pulumi.warn("The shop in the south is left out.")
pulumi.info("Three shops are listed.")
pulumi.export("etl", etl.id)"""


def make_spec(client: Client, _state: dict[str, Any]) -> None:
    """Make a spec of the same name that says something else."""
    client.create_spec(
        {
            "version": 1,
            "kind": "service",
            "metadata": {"name": "forecast", "summary": "Somebody else's."},
            "release": {"version": "1.0.0"},
            "config": {"serviceType": "api", "imageDetails": {"id": 99}},
        }
    )


STAGES = (
    Stage(
        "shop",
        files=SHOP_FILES,
        scenarios=(
            Scenario(
                "mistakes",
                "Several mistakes in two resources",
                (
                    ('kind="workflow"', 'kind="workflows"'),
                    ('"stepTimeout": 30', '"stepTimeout": "soon"'),
                    ('"summary": "Loads the orders of the day."', '"sumary": "Loads the orders of the day."'),
                    ('"serviceType": "api", "imageDetails": {"id": 12, "versionId": 2}', '"serviceType": "ap"'),
                ),
            ),
            Scenario("mistakes-parameters", "A run parameter of another type", (('"rows": 500', '"rows": "all"'),)),
            Scenario(
                "version-refused",
                "The content of a release is changed, and its own version is not",
                (('"versionId": 1}', '"versionId": 7}'),),
            ),
            Scenario("program-raises", "The program raises", (("\nforecast_2 =", "\nprint(1 / 0)\nforecast_2 ="),)),
            Scenario("program-broken", "The program has a syntax error", (("\nforecast_2 =", "\nforecast_2 = ="),)),
            Scenario(
                "protected",
                "A protected deployment is taken out of the program",
                program='"""Nothing."""\n',
            ),
            Scenario(
                "warnings",
                "The program warns and tells, and a trigger is changed",
                (('pulumi.export("etl", etl.id)', NOTICE), ('"again": 1', '"again": 2')),
            ),
            Scenario(
                "refused-token",
                "The service refuses the token during `--refresh`",
                command=REFRESH,
                faults=({"match": {"method": "GET"}, "then": {"status": 401}},),
            ),
        ),
        edits=(
            (
                '    "forecast-prod",\n',
                '    "forecast-prod",\n    opts=pulumi.ResourceOptions(protect=True),\n',
            ),
        ),
    ),
    Stage(
        "shop",
        (
            Scenario(
                "refused-by-service",
                "A spec of that name exists, and the service itself is asked",
                config={"press:adopt": "never", "press:validate": "server"},
            ),
        ),
        files=SHOP_FILES,
        before=make_spec,
        up=False,
    ),
)
