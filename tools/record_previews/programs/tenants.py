"""The same block for two tenants, each with a `Provider` of its own."""

import pulumi

import pulumi_press as press

for tenant in ("north", "south"):
    provider = press.Provider(tenant, auth_token=pulumi.Output.secret(f"canary-secret-{tenant}"))
    press.BlockSpec(
        f"forecast-{tenant}",
        kind="service",
        metadata={"name": "sales-forecast", "summary": f"For {tenant}."},
        config={"serviceType": "api", "imageDetails": {"id": 12}},
        opts=pulumi.ResourceOptions(provider=provider),
    )
