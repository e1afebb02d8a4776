"""A stack in which all that can change does once there is a file `edited`. All names begin with `copy0-`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

import pulumi_press as dynamic
from pulumi_press import native

EDITED = Path("edited").exists()
LISTED, UNLISTED = 190, 260
"""Files of two artifacts: one whose files the state lists, and one with too many."""
CONFIG = {"serviceType": "api", "imageDetails": {"id": 12, "versionId": 1}}
RELEASED = {"release": {"notes": "As published."}}


def edit(old: Any, new: Any) -> Any:
    """Give the old value, or the new one where the stack is edited."""
    return new if EDITED else old


def fill(name: str, files: int) -> dict[str, Any]:
    """Write the files of an artifact, a tenth of which are edited, and give the argument."""
    folder = Path(name)
    folder.mkdir(exist_ok=True)
    for number in range(files):
        text = edit("old", "new") if number % 10 == 0 else "kept"
        (folder / f"module_of_the_block_{number}.py").write_text(f"print({text!r}, {number})\n", encoding="utf-8")
    return {"path": name}


def workflow(command: str) -> dict[str, Any]:
    """Give the config of a workflow of several steps."""
    step = {"imageDetails": {"id": 12, "versionId": 1}, "stepTimeout": 30, "resources": {"storage": "10GB"}}
    names = ["read", "clean", "sum", "check", "write"]
    steps = {
        name: {**step, "command": f"python {name}.py {command}", "parents": names[max(index - 1, 0) : index]}
        for index, name in enumerate(names)
    }
    return {"steps": steps, "triggers": [{"cron": "0 2 * * *"}]}


def declare(press: Any, way: str) -> None:
    """Declare the blocks in one of the two ways."""

    def spec(name: str, config: dict[str, Any], **more: Any) -> Any:
        name = f"copy0-{way}-{name}"
        metadata = {
            "name": name,
            "title": "Orders",
            "summary": "Adds up the orders of the day.",
            **more.pop("about", {}),
        }
        kind = more.pop("kind", "service" if "serviceType" in config else "workflow")
        return press.BlockSpec(name, kind=kind, metadata=metadata, config=config, **more)

    def deployment(name: str, source: Any, **more: Any) -> None:
        name = f"copy0-{way}-{name}"
        press.BlockDeployment(name, metadata={"name": name, "summary": "Runs the orders."}, spec=source, **more)

    declared = {
        "build": [{"name": "workers", "type": "number", "required": False, "defaultValue": 1}],
        "run": [
            {"name": "shops", "type": "string_array", "required": True},
            {"name": "key", "type": "string", "required": True, "hideValue": True},
        ],
    }
    key = pulumi.Output.secret(f"copy0-{way}-secret")
    steady = spec("steady", workflow("--all"), parameters=declared)
    changed = spec("changed", workflow(edit("--all", "--new")), artifact=fill(f"{way}-listed", LISTED))
    spec("crowded", workflow("--all"), artifact=fill(f"{way}-unlisted", UNLISTED))
    spec("titled", CONFIG, about={"title": edit("Old", "New"), "tags": [{"name": edit("old", "new")}]})
    spec("replaced", CONFIG if EDITED else workflow("--all"))
    spec("declaring", CONFIG, parameters=edit(declared, {"run": declared["run"]}))
    released = spec("released", CONFIG, release={"version": "1.0.0"})
    further = press.BlockSpecRelease(
        f"copy0-{way}-further",
        spec_id=released.id,
        release={"version": edit("2.0.0", "2.1.0")},
        config={"serviceType": "api", "imageDetails": {"id": 12, "versionId": 2}},
    )
    run = {"shops": ["north", "south"], "key": key}
    deployment("unchanged", steady, parameters={"run": run})
    deployment("run", steady, parameters={"run": {**run, "shops": edit(["north"], ["north", "east"])}})
    deployment("built", steady, parameters={"run": run, "build": {"workers": edit(1, 2)}})
    deployment("following", changed)
    deployment("moved-on", {"id": released.id, "release": {"version": further.version}})
    deployment("elsewhere", edit(released, changed))
    deployment(edit("removed", "made"), steady, parameters={"run": run})
    spec(edit("old", "new"), workflow("--all"), artifact=fill(f"{way}-listed", LISTED))


declare(dynamic, "dynamic")
declare(native, "native")
