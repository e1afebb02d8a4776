"""Names and texts that mean something to Markdown, HTML or a terminal."""

import pulumi_press as press

page = press.BlockSpec(
    "page|*one*",
    kind="workflow",
    metadata={
        "name": "<b>page</b> | `one` & *two* _three_",
        "title": "</details><script>alert('old')</script>",
        "summary": "See [here](https://example.com/a), @everyone, #1 and ![x](https://example.com/x.png).",
        "description": "# A heading\n\n```python\nprint('old')\n```\n\n| a | b |\n|---|---|\n",
        "descriptionContentType": "text/markdown",
    },
    artifact={"path": "files"},
    config={
        "steps": {
            "say `hi`": {"imageDetails": {"id": 1}, "command": "echo '<old>' | tee \"$HOME/a.txt\" && printf '````'"},
            "a.b|c": {"imageDetails": {"id": 1}, "command": "echo \x1b[31mred\x1b[0m \u202eold\u202c"},
        },
    },
    parameters={"run": [{"name": "q", "type": "string", "required": True}]},
)

press.BlockDeployment(
    "page|*one*",
    metadata={"name": "page <prod>"},
    spec={"id": page.id, "release": {"version": page.release_version}},
    parameters={"run": {"q": "a<b>\nold\n-- <!-- x -->"}},
    revision={"notes": "**old** ~~notes~~ <!-- pulumi-press -->"},
)
