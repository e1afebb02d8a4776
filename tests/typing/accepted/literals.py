"""Resources written as plain dict literals."""

import pulumi

import pulumi_press as press

workflow = press.BlockSpec(
    "workflow",
    kind="workflow",
    version="1",
    metadata={
        "name": "orders",
        "title": "Orders",
        "summary": "Adds up orders.",
        "description": "**Every** night.",
        "descriptionContentType": "text/markdown",
        "imageUrl": "https://pictures.example/orders.png",
        "tags": [{"name": "orders"}],
    },
    release={"version": "1.0.0", "notes": "first"},
    config={
        "images": {
            "base": {
                "version": "0.0.1",
                "dockerfile": "Dockerfile",
                "context": ".",
                "useCache": "@param:cache",
                "buildArguments": {"SIZE": "1000"},
                "secrets": ["KEY"],
            },
        },
        "steps": {
            "load": {"command": "python load.py", "imageRef": "base"},
            "sum": {
                "type": "standard",
                "command": "python sum.py",
                "image": {"dockerfile": "Dockerfile", "useCache": False},
                "parents": ["load"],
                "resources": {"instanceTypeId": 21, "storage": "10GB"},
                "stepTimeout": 2.5,
                "parameters": {"env": {"A": "b"}, "secrets": ["KEY"], "inherit": {"ROWS": "load.rows"}},
                "outputParameters": {"rows": "rows.txt"},
                "runConfiguration": {
                    "retryOptions": {"duration": 10, "numberOfRetries": "@param:retries", "exitCodes": [1, 2]},
                    "skipConfiguration": {"skip": True},
                },
                "executionParameters": {
                    "conditional": [
                        {"condition": "equals", "paramName": "rows", "stepName": "load", "value": "0"},
                    ],
                    "parentStatus": [{"condition": "all-of", "parents": ["load"], "status": ["success"]}],
                },
            },
            "show": {"command": "python show.py", "imageDetails": {"id": 1, "versionId": "2"}},
            "tell": {
                "type": "http",
                "method": "post",
                "url": "https://hooks.example",
                "payload": "{}",
                "headers": {"absolute": {"Accept": "*/*"}, "secrets": {"Key": "KEY"}},
                "auth": {"type": "basic", "username": "me", "password": "PASSWORD"},
                "outputParameters": {"answer": "response.txt"},
            },
            "export": {"type": "export", "schema": "s", "table": "t", "sortBy": "day", "compression": True},
            "query": {"type": "sql", "sqlQueryPath": "query.sql", "parameters": {"env": {"DAY": "1"}}},
            "other": {
                "type": "sql",
                "repository": {"branch": "main", "url": "https://git.example", "filePath": "q.sql"},
            },
        },
        "triggers": [{"cron": "0 0 * * *"}, {"webhook": True}],
        "watchers": [
            {"user": "me@example.com", "events": {"success": False, "fail": True}},
            {"webhook": {"name": "w", "url": "u", "payload": "{}"}, "events": {"runtimeExceeded": 10}},
            {"email": {"name": "e", "recipients": {"to": ["me@example.com"]}}, "events": {"fail": "@param:tell"}},
        ],
    },
    artifact={"path": "orders", "ignore_files": [".dockerignore"]},
    parameters={
        "build": [{"name": "cache", "type": "boolean", "required": True}],
        "run": [
            {
                "name": "size",
                "type": "number",
                "required": False,
                "title": "Size",
                "defaultValue": 10,
                "options": [{"title": "Low", "value": 10}, {"value": 20}],
                "hideValue": False,
                "conditions": [
                    {"dependsOn": "a", "operator": "equals", "value": 1},
                    {
                        "conditionType": "OR",
                        "conditions": [{"dependsOn": "a", "operator": "not-equals", "value": "x"}],
                    },
                ],
                "properties": [{"name": "inner", "type": "string", "required": False}],
            },
        ],
    },
    featured=True,
    scope="shared",
    tenants=["one", "two"],
    auto_run_on_deploy=True,
    opts=pulumi.ResourceOptions(protect=True),
)

service = press.BlockSpec(
    "service",
    kind="service",
    metadata={"name": "dashboard", "summary": "Shows orders."},
    config={
        "serviceType": "web-app",
        "imageDetails": {"id": "image"},
        "resources": {"instanceTypeId": "@param:size"},
        "parameters": {"env": {"A": "b"}, "secrets": ["KEY"]},
        "sessionStickiness": True,
        "entrypoint": "python main.py",
        "healthCheckURL": "/health",
        "minInstances": 1,
    },
)

release = press.BlockSpecRelease(
    "release",
    spec_id="0bddb4c6-40c5-45c3-b477-fceb2c051609",
    release={"version": "2.0.0"},
    config={"serviceType": "api", "image": {"dockerfile": "Dockerfile"}},
    artifact={"path": "api"},
    parameters={"run": [{"name": "size", "type": "number", "required": True}]},
    auto_run_on_deploy=False,
)

deployment = press.BlockDeployment(
    "deployment",
    metadata={"name": "orders-production"},
    spec={"id": "0bddb4c6-40c5-45c3-b477-fceb2c051609", "release": {"version": "1.0.0"}},
    parameters={"build": {"cache": True}, "run": {"size": 10, "files": ["a.csv"], "nested": {"a": [1]}}},
    revision={"notes": "first"},
    triggers={"model": "2024-01-01", "numbers": [1, 2]},
    timeouts={"create": "20m", "update": "1h30m", "delete": "5m"},
    wait=False,
)
