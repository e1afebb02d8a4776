"""Programs in YAML on the native plugin, from the first preview to the end."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pulumi_press.emulator import start

if TYPE_CHECKING:
    from tests.engine.conftest import Stack

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "yaml"
SECRET = "canary-key-91"

SPEC = """
  api:
    type: press:BlockSpec
    properties:
      kind: service
      metadata: {name: api, summary: An API, title: Old title}
      config:
        imageDetails: {id: 1}
      parameters:
        run:
          - {name: key, type: string, required: false, hideValue: true}
          - {name: rows, type: number, required: false}
"""
DEPLOYMENT = """
  live:
    type: press:BlockDeployment
    properties:
      metadata: {name: api}
      spec:
        id: ${api.id}
        release: {version: "${api.releaseVersion}"}
      parameters:
        run: {rows: 1}
"""


def leaves(step: dict[str, Any]) -> set[str]:
    """Give the changed leaves of a step of a preview."""
    return set(step["detailedDiff"])


def test_example_lives_its_whole_life(yaml_stack: Stack) -> None:
    """Up, no change, a file, a run parameter, refresh, destroy: each does what the page of the resource says."""
    shutil.copytree(EXAMPLE, yaml_stack.folder, dirs_exist_ok=True)
    yaml_stack.succeed("stack", "init", "example")
    yaml_stack.succeed("config", "set", "--secret", "pagerKey", SECRET)

    printed = yaml_stack.up()
    assert yaml_stack.outputs() == {"release": "1.0.0", "revision": 1, "status": "deployed", "report": "deployed"}
    yaml_stack.forget()
    assert yaml_stack.preview() == {}
    assert yaml_stack.calls() == []

    (yaml_stack.folder / "orders" / "main.py").write_text("print('changed')")
    steps = yaml_stack.preview()
    assert {name: leaves(step) for name, step in steps.items()} == {
        "BlockSpec:orders": {"artifact.digest", 'artifact.files["main.py"]', "release.version"},
        "BlockDeployment:production": {"revisionNumber", "spec.release.version"},
    }
    printed += yaml_stack.up()
    assert yaml_stack.outputs() | {"report": ""} == {
        "release": "1.0.1",
        "revision": 2,
        "status": "deployed",
        "report": "",
    }

    program = (yaml_stack.folder / "Pulumi.yaml").read_text()
    (yaml_stack.folder / "Pulumi.yaml").write_text(program.replace("[north, south]", "[north, east]"))
    steps = yaml_stack.preview()
    assert {name: leaves(step) for name, step in steps.items()} == {
        "BlockDeployment:production": {"parameters.run.shops[1]"}
    }
    yaml_stack.forget()
    printed += yaml_stack.up()
    assert [call.split("/")[0] for call in yaml_stack.calls() if not call.startswith("GET")] == ["PATCH "]
    assert yaml_stack.outputs()["revision"] == 2

    printed += yaml_stack.succeed("refresh", "--yes", "--skip-preview")
    assert "5 unchanged" in printed
    assert yaml_stack.preview() == {}
    assert SECRET not in printed + str(yaml_stack.export())

    yaml_stack.succeed("destroy", "--yes", "--skip-preview")
    assert (yaml_stack.press.state()["specs"], yaml_stack.press.state()["deployments"]) == ([], [])


def test_functions_read_the_service(yaml_stack: Stack) -> None:
    """`fn::invoke` of each kind of function; one that needs an id of this very program waits for it."""
    functions = """
variables:
  spec:
    fn::invoke: {function: press:getSpec, arguments: {specId: "${api.id}"}, return: metadata}
  release:
    fn::press:getSpecRelease: {specId: "${api.id}", version: 1.0.0}
  found:
    fn::press:listSpecs: {status: [available], name: api}
  values:
    fn::press:getParameters: {deploymentId: "${live.id}"}
  revision:
    fn::press:getDeploymentRevision: {deploymentId: "${live.id}", revision: 1}
outputs:
  name: ${spec.name}
  image: ${release.config.imageDetails.id}
  rows: ${values.values.rows}
  status: ${revision.status}
  found: ${found.items}
"""
    yaml_stack.declare(f"resources:{SPEC}{DEPLOYMENT}{functions}")

    yaml_stack.preview()
    yaml_stack.up()
    yaml_stack.up()

    outputs = yaml_stack.outputs()
    assert [item["metadata"]["name"] for item in outputs.pop("found")] == ["api"]
    assert outputs == {"name": "api", "image": 1, "rows": 1, "status": "deployed"}


def test_get_reads_what_exists(yaml_stack: Stack) -> None:
    """A resource with `get` is read by its id, and what is made from it shows no change."""
    yaml_stack.declare(f"resources:{SPEC}{DEPLOYMENT}outputs: {{spec: '${{api.id}}', run: '${{live.id}}'}}\n")
    yaml_stack.up()
    ids = yaml_stack.outputs()
    got = f"""
  there:
    type: press:BlockSpec
    get: {{id: {ids["spec"]}}}
  running:
    type: press:BlockDeployment
    get: {{id: {ids["run"]}}}
  more:
    type: press:BlockDeployment
    properties:
      metadata: {{name: more, summary: "${{there.metadata.title}}"}}
      spec: {{id: "${{there.id}}", release: {{version: "${{there.releaseVersion}}"}}}}
      triggers: {{revision: "${{running.revisionNumber}}"}}
"""
    yaml_stack.declare(f"resources:{SPEC}{DEPLOYMENT}{got}")

    yaml_stack.up()

    assert yaml_stack.resources()["BlockDeployment:more"]["inputs"]["metadata"]["summary"] == "Old title"
    assert {name: step["op"] for name, step in yaml_stack.preview().items() if step["op"] != "read"} == {}


def test_secrets_stay_secret(yaml_stack: Stack) -> None:
    """A secret of the configuration is encrypted in the state, and hidden in messages and diffs."""
    config = "config: {key: {type: string, secret: true}, note: {type: string, secret: true}}\n"
    program = DEPLOYMENT.replace("run: {rows: 1}", 'run: {rows: 1, key: "${key}"}\n      revision: {notes: "${note}"}')
    yaml_stack.declare(f"{config}resources:{SPEC}{program}")
    yaml_stack.succeed("config", "set", "--secret", "key", SECRET)
    yaml_stack.succeed("config", "set", "--secret", "note", "canary-note-17")

    shown = [yaml_stack.up(), str(yaml_stack.export()), str(yaml_stack.press.requests())]
    yaml_stack.declare(f"{config}resources:{SPEC}{program.replace('rows: 1', 'rows: canary-note-17')}")
    run = yaml_stack.run("preview", "--diff")
    shown.append(run.text)
    yaml_stack.succeed("config", "set", "--secret", "key", f"{SECRET}-new")
    yaml_stack.declare(f"{config}resources:{SPEC}{program}")
    shown.append(yaml_stack.succeed("preview", "--diff"))

    assert "parameters.run.rows: must be a number" in run.text
    assert [SECRET in text for text in shown] == [False] * 5


def test_options_do_what_they_say(yaml_stack: Stack) -> None:
    """`ignoreChanges`, `replaceOnChanges`, `deleteBeforeReplace`, `protect` and `aliases`."""
    yaml_stack.declare(f"resources:{SPEC}")
    yaml_stack.up()

    def preview(edit: dict[str, str], options: str) -> dict[str, set[str] | str]:
        program = SPEC
        for old, new in edit.items():
            assert old in program
            program = program.replace(old, new)
        yaml_stack.declare(f"resources:{program}    options: {options}\n")
        return {name: step["op"] for name, step in yaml_stack.preview().items()}

    title, image = {"Old title": "New title"}, {"{id: 1}": "{id: 2}"}
    assert preview(title, "{}") == {"BlockSpec:api": "update"}
    assert preview(title, "{ignoreChanges: [metadata.title]}") == {}
    assert preview(image, "{ignoreChanges: [config.imageDetails.id]}") == {}
    assert preview(title, "{replaceOnChanges: [metadata.title]}").keys() == {"BlockSpec:api"}

    urn = yaml_stack.resources()["BlockSpec:api"]["urn"]
    yaml_stack.declare(
        f"resources:{SPEC.replace('  api:', '  web:')}    options: {{aliases: ['{urn}'], protect: true}}\n"
    )
    yaml_stack.forget()
    yaml_stack.up()
    assert not [call for call in yaml_stack.calls() if not call.startswith("GET")]

    run = yaml_stack.run("destroy", "--yes", "--skip-preview")
    assert run.code != 0
    assert "protect" in run.text

    yaml_stack.declare(f"resources:{SPEC.replace('  api:', '  web:')}    options: {{protect: false}}\n")
    yaml_stack.up()
    replaced = SPEC.replace("  api:", "  web:").replace("Old title", "New title")
    yaml_stack.declare(
        f"resources:{replaced}    options: {{replaceOnChanges: [metadata.title], deleteBeforeReplace: true}}\n"
    )
    yaml_stack.forget()
    yaml_stack.up()
    assert [call.partition(" ")[0] for call in yaml_stack.calls() if not call.startswith("GET")] == ["DELETE", "POST"]
    assert len(yaml_stack.press.state()["specs"]) == 1


def test_import_option_takes_an_object(yaml_stack: Stack) -> None:
    """`import` adopts an object of the service, and the next preview shows no change."""
    yaml_stack.declare(f"resources:{SPEC}    options: {{retainOnDelete: true}}\noutputs: {{id: '${{api.id}}'}}\n")
    yaml_stack.up()
    found = yaml_stack.outputs()["id"]
    yaml_stack.succeed("destroy", "--yes", "--skip-preview")
    yaml_stack.declare(f"resources:{SPEC}    options: {{import: {found}}}\n")

    yaml_stack.up()

    assert yaml_stack.resources()["BlockSpec:api"]["id"] == found
    yaml_stack.declare(f"resources:{SPEC}")
    assert yaml_stack.preview() == {}
    assert len(yaml_stack.press.state()["specs"]) == 1


def test_custom_timeout_ends_the_wait(yaml_stack: Stack) -> None:
    """The limit is that of `customTimeouts`."""
    yaml_stack.press.outcomes({"status": "deploying"})
    yaml_stack.declare(f"resources:{SPEC}{DEPLOYMENT}    options: {{customTimeouts: {{create: 1s}}}}\n")

    printed = yaml_stack.fail_up()

    assert "(limit 1s)" in printed
    assert "raises the limit" in printed


def test_provider_with_an_unknown_endpoint(yaml_stack: Stack) -> None:
    """A preview skips what is not known yet; `up` makes the object where the endpoint then leads."""
    with start(tokens={"token-of-north": "north"}) as north:
        provider = f"""
  north:
    type: pulumi:providers:press
    properties:
      endpoint:
        fn::select: [0, ["{north.url}", "${{api.id}}"]]
      authToken:
        fn::secret: token-of-north
"""
        there = SPEC.replace("  api:", "  there:") + "    options: {provider: '${north}'}\n"
        yaml_stack.declare(f"resources:{SPEC}{provider}{there}")

        assert {name: step["op"] for name, step in yaml_stack.preview().items()} == {
            "BlockSpec:api": "create",
            "BlockSpec:there": "create",
        }
        yaml_stack.up()

        assert [spec["tenant"] for spec in north.state()["specs"]] == ["north"]
        assert yaml_stack.preview() == {}
        assert "token-of-north" not in str(yaml_stack.export())
        yaml_stack.succeed("destroy", "--yes", "--skip-preview")
        assert north.state()["specs"] == []
