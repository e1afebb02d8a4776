"""Unknown and secret values, texts with a meaning elsewhere, many resources, resources of other kinds."""

from __future__ import annotations

from tools.record_previews.scenario import DESTROY, REFRESH, Scenario, Stage

KEY = {"warehouseKey": "canary-secret-key-1"}
NEW_SECRETS = tuple(
    (f"canary-secret-{place}-1", f"canary-secret-{place}-2") for place in ("env", "summary", "license", "password")
)
PAGE = {"files/a`b.txt": "old\n", "files/<i>.txt": "old\n", "files/kept.txt": "same\n"}

STAGES = (
    Stage("unknown", (Scenario("unknown-create", "Parameters from a resource that is not made yet"),), up=False),
    Stage(
        "unknown",
        (
            Scenario(
                "unknown-replace",
                "A run and a build parameter from a deployment that is being replaced",
                (
                    ('kind="service"', 'kind="workflow"'),
                    (
                        '{"serviceType": "api", "imageDetails": {"id": 3}}',
                        '{"steps": {"ask": {"imageDetails": {"id": 3}, "command": "python ask.py"}}}',
                    ),
                    ('{"image": "v1"}', '{"image": model_prod.id}'),
                ),
            ),
        ),
    ),
    Stage("secret", (Scenario("secret-create", "Secrets wherever one fits"),), secrets=KEY, up=False),
    Stage(
        "secret",
        (
            Scenario("secret-change", "Every secret", NEW_SECRETS, secrets={"warehouseKey": "canary-secret-key-2"}),
            Scenario("secret-beside", "A plain value beside secret ones", (('"rows": 10', '"rows": 20'),)),
            Scenario("secret-destroy", "`pulumi destroy --preview-only`", command=DESTROY),
        ),
        secrets=KEY,
    ),
    Stage(
        "special",
        (Scenario("special-create", "Texts with a meaning in Markdown, HTML and terminals"),),
        up=False,
        files=PAGE,
    ),
    Stage(
        "special",
        (
            Scenario(
                "special-change",
                "Texts with a meaning in Markdown, HTML and terminals",
                (("old", "new"),),
                everywhere=True,
                files={"files/a`b.txt": "new\n", "files/<i>.txt": None, "files/| x | **y** |.txt": "new\n"},
            ),
        ),
        files=PAGE,
    ),
    Stage("many", (Scenario("many-create", "Three hundred resources are new"),), up=False),
    Stage(
        "many",
        (
            Scenario("many-change", "Three hundred resources change", (("old.py", "new.py"),)),
            Scenario("many-destroy", "Three hundred resources are destroyed", command=DESTROY),
        ),
    ),
    Stage(
        "mixed",
        (
            Scenario(
                "mixed-change",
                "A resource of another kind is changed and one of ours too",
                (('"topic": "orders"', '"topic": "all-orders"'), ("Listens to the channel.", "Listens to all orders.")),
            ),
            Scenario(
                "mixed-replace",
                "A resource of another kind is replaced, whose id one of ours uses",
                (('"region": "north"', '"region": "south"'),),
            ),
            Scenario(
                "mixed-refresh",
                "The same, with `--refresh`",
                (('"topic": "orders"', '"topic": "all-orders"'),),
                command=REFRESH,
            ),
        ),
    ),
    Stage("component", (Scenario("component-create", "A `Block` is new"),), up=False),
    Stage(
        "component",
        (
            Scenario(
                "component-change",
                "The further release of a `Block`",
                (('"2.0.0"', '"2.1.0"'), ('"versionId": 2', '"versionId": 3')),
            ),
        ),
    ),
    Stage("tenants", (Scenario("tenants-create", "Two tenants, each with a `Provider`"),), up=False),
    Stage(
        "tenants",
        (
            Scenario(
                "tenants-change",
                "A token and an image change, for two tenants",
                (("canary-secret-{tenant}", "canary-secret-{tenant}-2"), ('{"id": 12}', '{"id": 13}')),
            ),
        ),
    ),
)
