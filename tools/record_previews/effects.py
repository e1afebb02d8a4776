"""A shop's stack that is up, and one preview for each effect of a change."""

from __future__ import annotations

from tools.record_previews.scenario import DESTROY, Scenario, Stage

SHOP_FILES = {
    "etl/Dockerfile": "FROM python:3.12-slim\nCOPY . .\n",
    "etl/clean.py": "print('clean')\n",
    "etl/load.py": "print('load')\n",
    "etl/sql/orders.sql": "select * from orders\n",
}

ROWS = '{"name": "rows", "type": "number", "required": False, "defaultValue": 100},'
COMMAND = ("python load.py", "python load.py --fast")
OTHER_SPEC = """
etl_next = press.BlockSpec(
    "etl-next",
    kind="workflow",
    metadata={"name": "etl-next", "summary": "The next load."},
    config={"steps": {"load": {"imageDetails": {"id": 9}, "command": "python load.py"}}},
    parameters={
        "build": [{"name": "workers", "type": "number", "required": False, "defaultValue": 1}],
        "run": [
            {"name": "aggregation", "type": "string", "required": False, "defaultValue": "SUM"},
            {"name": "rows", "type": "number", "required": False, "defaultValue": 100},
        ],
    },
)

etl_prod ="""

NEW = Stage("shop", (Scenario("create", "Everything is new"),), files=SHOP_FILES, up=False)

UP = Stage(
    "shop",
    files=SHOP_FILES,
    scenarios=(
        Scenario("nothing", "Nothing is changed"),
        Scenario(
            "spec-metadata",
            "A spec's title, summary and tags",
            (
                ("Nightly load", "Nightly load of orders"),
                ("Loads the orders of the day.", "Loads the orders of the day, cleaned."),
                ('{"name": "nightly"}', '{"name": "weekly"}'),
            ),
        ),
        Scenario(
            "spec-scope",
            "A spec is shared with two tenants, and featured",
            (
                (
                    'release={"notes": "First release"},',
                    'release={"notes": "First release"}, scope="shared", tenants=["north", "south"], featured=True,',
                ),
            ),
        ),
        Scenario(
            "config-release", "A step's command and timeout", (COMMAND, ('"stepTimeout": 30', '"stepTimeout": 60'))
        ),
        Scenario(
            "artifact-release",
            "One file of the artifact changed, one added, one taken away",
            files={"etl/load.py": "print('load all')\n", "etl/check.py": "print('ok')\n", "etl/sql/orders.sql": None},
        ),
        Scenario("artifact-one-file", "One file of the artifact changed", files={"etl/load.py": "print('load all')\n"}),
        Scenario("release-notes", "A release's notes", (("First release", "Second release"),)),
        Scenario(
            "release-parameters",
            "A spec declares one more run parameter, which its deployment gives",
            (
                (
                    ROWS,
                    f'{ROWS}{{"name": "region", "type": "string", "required": True}},',
                ),
                ('"rows": 500', '"rows": 500, "region": "north"'),
            ),
        ),
        Scenario(
            "version-raised",
            "A spec's own version raised, with another image",
            (('release={"version": "1.0.0"}', 'release={"version": "1.1.0"}'), ('"versionId": 1}', '"versionId": 7}')),
        ),
        Scenario(
            "kind-replace",
            "A workflow becomes a service",
            (
                ('kind="service"', 'kind="workflow"'),
                ('release={"version": "1.0.0"}', 'release={"version": "1.1.0"}'),
                ('release={"version": "2.0.0"}', 'release={"version": "2.1.0"}'),
                (
                    '{"serviceType": "api", "imageDetails": {"id": 12, "versionId": 1}}',
                    '{"steps": {"ask": {"imageDetails": {"id": 12}, "command": "python ask.py"}}}',
                ),
                (
                    '{"serviceType": "api", "imageDetails": {"id": 12, "versionId": 2}}',
                    '{"steps": {"ask": {"imageDetails": {"id": 13}, "command": "python ask.py"}}}',
                ),
            ),
        ),
        Scenario(
            "release-replace",
            "A further release becomes another, and its deployment runs it",
            (('release={"version": "2.0.0"}', 'release={"version": "2.1.0"}'), ('"versionId": 2}', '"versionId": 3}')),
        ),
        Scenario("deployment-metadata", "A deployment's summary", (("of the shop in the north", "of the shops"),)),
        Scenario(
            "run-parameters",
            "Two run parameters",
            (('"aggregation": "SUM", "rows": 500', '"aggregation": "AVG", "rows": 900'),),
        ),
        Scenario("build-parameters", "A build parameter", (('"workers": 2', '"workers": 4'),)),
        Scenario("release-version", "A deployment goes back to an older release", (("forecast_2.version", '"1.0.0"'),)),
        Scenario("revision-notes", "A revision's notes", (("First revision", "Second revision"),)),
        Scenario("triggers", "A trigger", (('"again": 1', '"again": 2'),)),
        Scenario(
            "spec-id-replace",
            "A deployment runs another spec",
            (
                ("\netl_prod =", OTHER_SPEC),
                ('"id": etl.id,', '"id": etl_next.id,'),
                ("etl.release_version", "etl_next.release_version"),
            ),
        ),
        Scenario(
            "many-effects",
            "Metadata, artifact, config, run and build parameters and a release, all at once",
            (
                ("Nightly load", "Nightly load of orders"),
                COMMAND,
                ('"aggregation": "SUM", "rows": 500', '"aggregation": "AVG", "rows": 500'),
                ('"workers": 2', '"workers": 4'),
                ("of the shop in the north", "of the shops"),
                ('release={"version": "2.0.0"}', 'release={"version": "2.1.0"}'),
                ('"versionId": 2}', '"versionId": 3}'),
            ),
            files={"etl/load.py": "print('load all')\n"},
        ),
        Scenario(
            "deployment-removed",
            "A deployment is taken out of the program",
            (
                ("forecast_prod = press", "removed = lambda *a, **k: None\nremoved"),
                ("\nremoved.BlockDeployment(", "\nremoved("),
                ('pulumi.export("forecast", forecast_prod.id)\n', ""),
            ),
        ),
        Scenario("all-removed", "The program is empty", program='"""Nothing."""\n'),
        Scenario("destroy", "`pulumi destroy --preview-only`", command=DESTROY),
        Scenario(
            "outputs-only",
            "Only an output of the stack",
            (('pulumi.export("forecast", forecast_prod.id)', 'pulumi.export("service", forecast_prod.id)'),),
        ),
        Scenario(
            "renamed",
            "A deployment has another name in the program: one is made, one is destroyed",
            (('    "forecast-prod",\n', '    "forecast-live",\n'),),
        ),
    ),
)

STAGING = Stage(
    "shop",
    stack="staging",
    files=SHOP_FILES,
    scenarios=(
        Scenario("staging", "The second of two stacks: a run parameter", (('"rows": 500', '"rows": 50'),)),
        Scenario("staging-nothing", "The second of two stacks: nothing is changed"),
    ),
)

MANY_FILES = Stage(
    "shop",
    (Scenario("artifact-many-files", "One file of two hundred and more", files={"etl/7.py": "print('new')\n"}),),
    files={**SHOP_FILES, **{f"etl/{number}.py": "print('old')\n" for number in range(220)}},
)

STAGES = (NEW, UP, STAGING, MANY_FILES)
