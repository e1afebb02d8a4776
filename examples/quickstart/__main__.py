"""A workflow that adds up a shop's orders each night: published, released once more, and deployed."""

import pulumi

import pulumi_press as press

TEAM = "data-team@example.com"

orders = press.BlockSpec(
    "orders",
    kind="workflow",
    metadata={
        "name": "daily-orders",
        "title": "Daily orders",
        "summary": "Adds up the orders of the day and sends the figures out.",
        "description": "Reads the day's orders, adds them up by shop, and **exports** the table.",
        "descriptionContentType": "text/markdown",
        "imageUrl": "https://example.com/orders.png",
        "tags": [{"name": "orders"}, {"name": "nightly"}],
    },
    # No version: the first release is 1.0.0, and every change of the content publishes the next.
    release={"notes": "Adds up orders by shop"},
    artifact={"path": "orders", "ignore_files": [".dockerignore"]},
    config={
        "images": {
            "orders": {
                "version": "0.1.0",
                "dockerfile": "Dockerfile",
                "context": ".",
                "useCache": "@param:use_cache",
                "buildArguments": {"PYTHON_VERSION": "3.12"},
                "secrets": ["WAREHOUSE_KEY"],
            },
        },
        "steps": {
            "load": {
                "type": "standard",
                "imageRef": "orders",
                "command": "python main.py load",
                "resources": {"instanceTypeId": 21, "storage": "10GB"},
                "stepTimeout": 30,
                "parameters": {"env": {"SOURCE": "shop"}, "secrets": ["WAREHOUSE_KEY"]},
                "outputParameters": {"row_count": "rows.txt"},
            },
            "sum": {
                "type": "standard",
                "imageRef": "orders",
                "command": "python main.py sum",
                "parents": ["load"],
                "resources": {"instanceTypeId": 21, "storage": "10GB"},
                "runConfiguration": {"retryOptions": {"numberOfRetries": 2, "duration": 10}},
            },
            "export": {
                "type": "export",
                "schema": "reports",
                "table": "daily_orders",
                "sortBy": "day",
                "sortOrder": "desc",
                "parents": ["sum"],
            },
            "announce": {
                "type": "http",
                "method": "post",
                "url": "https://example.com/hooks/orders",
                "payload": '{"report": "daily_orders"}',
                "auth": {"type": "bearer-token", "bearerToken": "HOOK_TOKEN"},
                "headers": {"absolute": {"Content-Type": "application/json"}},
                "parents": ["export"],
            },
        },
        # Each night at two, and whenever the shop's own system asks for it.
        "triggers": [{"cron": "0 2 * * *"}, {"webhook": True}],
        "watchers": [
            {"user": TEAM, "events": {"success": False, "fail": True}},
            {
                "webhook": {"name": "pager", "url": "https://example.com/pager", "payload": '{"service": "orders"}'},
                "events": {"fail": True, "runtimeExceeded": "@param:patience"},
            },
            {
                "email": {"name": "morning-mail", "recipients": {"to": [TEAM]}},
                "events": {"success": True, "fail": True, "runtimeExceeded": 45},
            },
        ],
    },
    parameters={
        "build": [
            {"name": "use_cache", "type": "boolean", "required": False, "defaultValue": True},
            {"name": "patience", "type": "number", "required": False, "title": "Minutes", "defaultValue": 30},
        ],
        "run": [
            {
                "name": "aggregation",
                "type": "string",
                "required": False,
                "title": "Aggregation",
                "description": "How the orders of a shop are joined: SUM, AVG or MAX.",
                "defaultValue": "SUM",
            },
            {"name": "send_mail", "type": "boolean", "required": False, "defaultValue": False},
            {
                "name": "batch_size",
                "type": "number",
                "required": False,
                "options": [{"title": "Small", "value": 100}, {"title": "Large", "value": 10000}],
                "defaultValue": 100,
            },
            {"name": "shops", "type": "string_array", "required": True, "title": "Shops"},
        ],
    },
    auto_run_on_deploy=True,
)

# A later release beside the spec's own: made from an image that exists already, for people to try.
preview = press.BlockSpecRelease(
    "orders-preview",
    spec_id=orders.id,
    release={"version": "1.1.0", "notes": "Runs on the image of the platform team"},
    config={
        "steps": {
            "all": {
                "imageDetails": {"id": 7, "versionId": 3},
                "command": "python -m orders",
                "resources": {"instanceTypeId": 22, "storage": "20GB"},
            },
        },
        "triggers": [],
    },
    parameters={"run": [{"name": "shops", "type": "string_array", "required": True}]},
)

production = press.BlockDeployment(
    "orders-production",
    metadata={
        "name": "daily-orders-production",
        "title": "Daily orders, production",
        "summary": "The shops' orders of the day.",
        "tags": [{"name": "production"}],
    },
    spec=orders,
    parameters={
        "build": {"use_cache": True, "patience": 30},
        "run": {"aggregation": "SUM", "send_mail": True, "batch_size": 100, "shops": ["north", "south"]},
    },
    revision={"notes": "Declared in examples/quickstart"},
)

pulumi.export("spec", orders.id)
pulumi.export("release", orders.release_version)
pulumi.export("deployment", production.id)
pulumi.export("revision", production.revision_number)
pulumi.export("status", production.status)
