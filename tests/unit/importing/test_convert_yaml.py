"""`pulumi-press convert --to yaml`: files of the `peak` command become a `Pulumi.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.unit.importing.conftest import Desk

SPEC = """\
body:
  kind: service
  metadata: {name: "web-{{ stage }}", summary: "Shows ${it}"}
  release: {version: 1.0.0}
  config:
    imageDetails: {id: {{ size | default(1) }}}
    entrypoint: run --home {{ os_env.WEB_HOME }} --cost $
parameters:
  run:
    - {name: api_key, type: string, required: false, hideValue: true, defaultValue: canary-5c1d}
artifact: {path: files, ignore_files: [.gitignore]}
autoRunOnDeploy: true
"""
RELEASE = "body: {release: {version: %s}, config: {imageDetails: {id: 2}}}\n"
DEPLOYMENT = "body: {metadata: {name: web-prod}, spec: {id: an-id}, parameters: {run: {api_key: canary-5c1d}}}\n"


@pytest.fixture
def files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The working folder, with a file of each kind."""
    monkeypatch.setenv("WEB_HOME", "/home")
    desk.write("spec.yaml", SPEC)
    for number in (2, 3):
        desk.write(f"release{number}.yaml", RELEASE % f"{number}.0.0")
    desk.write("deployment.yaml", DEPLOYMENT)
    return desk


def test_a_file_becomes_a_program_on_stdout(files: Desk) -> None:
    """It has the file's content under the schema's names; secrets and the environment come from the configuration."""
    ran = files.run("convert", "spec.yaml", "-p", "stage=prod", "--to", "yaml")

    assert ran.code == 0
    assert ran.out == (
        "# Blocks converted from spec.yaml by `pulumi-press convert`.\n"
        "name: blocks\n"
        "runtime: yaml\n"
        "\n"
        "config:\n"
        "  WEB_HOME:\n"
        "    type: string\n"
        "  web-prod-api_key-defaultValue:\n"
        "    type: string\n"
        "    secret: true\n"
        "\n"
        "resources:\n"
        "  web-prod:\n"
        "    type: press:BlockSpec\n"
        "    properties:\n"
        "      kind: service\n"
        "      metadata:\n"
        "        name: web-prod\n"
        '        summary: "Shows $${it}"\n'
        "      release:\n"
        "        version: 1.0.0\n"
        "      config:\n"
        "        imageDetails:\n"
        "          id: 1\n"
        '        entrypoint: "run --home ${WEB_HOME} --cost $$"\n'
        "      artifact:\n"
        "        path: files\n"
        "        ignoreFiles:\n"
        '          - ".gitignore"\n'
        "      parameters:\n"
        "        run:\n"
        "          - name: api_key\n"
        "            type: string\n"
        "            required: false\n"
        "            defaultValue: ${web-prod-api_key-defaultValue}\n"
        "            hideValue: true\n"
        "      autoRunOnDeploy: true\n"
    )
    assert ran.err == (
        "pulumi-press convert: the program reads these from the configuration. Set them before a preview:\n"
        '  pulumi config set WEB_HOME "$WEB_HOME"\n'
        "  pulumi config set --secret web-prod-api_key-defaultValue\n"
    )


def test_blocks_refer_to_each_other(files: Desk) -> None:
    """Releases follow their spec one by one; two blocks of one name have two keys, and keep their name."""
    names = ["release3.yaml", "deployment.yaml", "spec.yaml", "release2.yaml"]
    ran = files.run("convert", *names, "-p", "stage=prod", "--to", "yaml")

    assert "canary" not in ran.out + ran.err
    resources = yaml.safe_load(ran.out)["resources"]
    assert [(key, value.get("name"), value["type"]) for key, value in resources.items()] == [
        ("web-prod", None, "press:BlockSpec"),
        ("web_prod_3_0_0", "web-prod-3.0.0", "press:BlockSpecRelease"),
        ("web_prod_2_0_0", "web-prod-2.0.0", "press:BlockSpecRelease"),
        ("web_prod_2", "web-prod", "press:BlockDeployment"),
    ]
    assert resources["web_prod_2_0_0"]["properties"]["specId"] == "${web-prod.id}"
    assert resources["web_prod_2_0_0"]["options"] == {"dependsOn": ["${web_prod_3_0_0}"]}
    assert resources["web_prod_2"]["properties"]["spec"] == {"id": "${web-prod.id}"}
    assert resources["web_prod_2"]["options"] == {"dependsOn": ["${web_prod_2_0_0}"]}


def test_same_files_give_the_same_program(files: Desk) -> None:
    """Nothing in the program depends on the run."""
    words = ("convert", "spec.yaml", "deployment.yaml", "-p", "stage=prod", "--to", "yaml")

    assert files.run(*words).out == files.run(*words).out


def test_artifact_is_relative_to_the_programs_folder(files: Desk) -> None:
    """The project's name is its folder's."""
    (files.folder / "my infra").mkdir()
    ran = files.run("convert", "spec.yaml", "-p", "stage=prod", "--to", "yaml", "--out", "my infra/Pulumi.yaml")

    program = yaml.safe_load(files.read("my infra/Pulumi.yaml"))
    assert ran.code == 0
    assert program["name"] == "my-infra"
    assert program["resources"]["web-prod"]["properties"]["artifact"]["path"] == "../files"


def test_existing_program_is_kept(files: Desk) -> None:
    """Only `--force` replaces it."""
    files.write("Pulumi.yaml", "name: mine\n")

    ran = files.run("convert", "spec.yaml", "-p", "stage=prod", "--to", "yaml", "--out", "Pulumi.yaml")

    assert ran.code == 1
    assert files.read("Pulumi.yaml") == "name: mine\n"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("fn::secret", 'the key "fn::secret" would be a function of Pulumi'),
        ("FN::x", 'the key "FN::x" would be a function of Pulumi'),
        ("<<", 'the key "<<" would merge maps'),
    ],
)
def test_what_yaml_cannot_hold_is_refused(files: Desk, name: str, reason: str) -> None:
    """The message says why, and what can hold it."""
    files.write(
        "spec.yaml",
        "body:\n  kind: service\n  metadata: {name: web, summary: s}\n  config:\n    imageDetails: {id: 1}\n"
        f'    parameters: {{env: {{"{name}": x}}}}\n',
    )

    ran = files.run("convert", "spec.yaml", "--to", "yaml")

    assert ran.code == 1
    assert ran.out == ""
    assert f"this cannot be written in YAML: {reason}; convert it to Python" in ran.err
