"""`pulumi-press convert`: files of the `peak` command become a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.importing.conftest import Desk

SPEC = """\
body:
  kind: service
  metadata: {name: "web-{{ stage }}", summary: Shows it}
  release: {version: 1.0.0}
  config:
    imageDetails: {id: {{ size | default(1) }}}
    entrypoint: run --key {{ os_env.WEB_KEY }}
artifact: {path: files}
"""
RELEASE = "body: {release: {version: %s}, config: {imageDetails: {id: 2}}}\n"
DEPLOYMENT = "body: {metadata: {name: run}, spec: {id: an-id}}\n"
KEY = "canary-5c1d"


@pytest.fixture
def files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The working folder, with a file of each kind."""
    monkeypatch.setenv("WEB_KEY", KEY)
    desk.write("spec.yaml", SPEC)
    for number in (2, 3):
        desk.write(f"release{number}.yaml", RELEASE % f"{number}.0.0")
    desk.write("deployment.yaml", DEPLOYMENT)
    return desk


def test_a_file_becomes_a_program_on_stdout(files: Desk) -> None:
    """The program has the file's content, and reads the environment variables that the file reads."""
    ran = files.run("convert", "spec.yaml", "-p", "stage=prod")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        '"""Blocks converted from spec.yaml by `pulumi-press convert`."""\n'
        "\n"
        "import os\n"
        "\n"
        "import pulumi_press as press\n"
        "\n"
        "web_prod = press.BlockSpec(\n"
        '    "web-prod",\n'
        '    kind="service",\n'
        '    metadata={"name": "web-prod", "summary": "Shows it"},\n'
        '    release={"version": "1.0.0"},\n'
        '    config={"imageDetails": {"id": 1}, "entrypoint": "run --key " + os.environ["WEB_KEY"]},\n'
        '    artifact={"path": "files"},\n'
        ")\n"
    )


def test_releases_follow_their_spec_one_by_one(files: Desk) -> None:
    """In one call releases belong to the one spec, in any order of the files, and each depends on the one before."""
    ran = files.run("convert", "release2.yaml", "deployment.yaml", "spec.yaml", "release3.yaml", "-p", "stage=prod")

    assert ran.code == 0
    assert [line for line in ran.out.splitlines() if " = press." in line] == [
        "web_prod = press.BlockSpec(",
        "web_prod_2_0_0 = press.BlockSpecRelease(",
        "web_prod_3_0_0 = press.BlockSpecRelease(",
        "run = press.BlockDeployment(",
    ]
    assert ran.out.count("spec_id=web_prod.id,") == 2
    assert ran.out.count("opts=pulumi.ResourceOptions(depends_on=[web_prod_2_0_0]),") == 1
    assert '    "web-prod-2.0.0",' in ran.out


def test_a_release_alone_needs_its_specs_id(files: Desk) -> None:
    """Without a spec in the call, its id is required."""
    ran = files.run("convert", "release2.yaml")
    assert (ran.code, ran.err) == (
        1,
        (
            "pulumi-press convert: the releases' spec is not clear: give its id with --spec-id, or convert one spec in "
            "the same call\n"
        ),
    )

    assert 'spec_id="an-id",' in files.run("convert", "release2.yaml", "--spec-id", "an-id").out


def test_variables_and_texts_come_from_files(files: Desk) -> None:
    """Options are those of the `peak` command."""
    files.write("params.yaml", "stage: dev\nsize: 7\n")
    files.write("about.md", "About it")
    files.write("notes.txt", "What is new")

    words = ["-v", "params.yaml", "-p", "stage=a=b", "-d", "about.md", "-n", "notes.txt"]
    ran = files.run("convert", "spec.yaml", *words)

    assert 'metadata={"name": "web-a=b", "summary": "Shows it", "description": "About it"},' in ran.out
    assert 'release={"version": "1.0.0", "notes": "What is new"},' in ran.out
    assert '"imageDetails": {"id": 7}' in ran.out


def test_a_program_goes_to_a_file(files: Desk) -> None:
    """The artifact's path is relative to the program's folder; nothing is overwritten without `--force`."""
    (files.folder / "infra").mkdir()
    words = ["convert", "spec.yaml", "-p", "stage=x", "--out", "infra/__main__.py"]

    assert files.run(*words).code == 0
    assert 'artifact={"path": "../files"},' in files.read("infra/__main__.py")

    ran = files.run(*words)
    assert (ran.code, ran.err) == (
        1,
        (
            "pulumi-press convert: infra/__main__.py would be overwritten: choose another file, or add --force to "
            "replace it\n"
        ),
    )
    assert files.run(*words, "--force").code == 0


def test_values_that_depend_on_the_environment_are_reported(files: Desk) -> None:
    """What cannot be read from the environment again is written out, and a comment says so."""
    files.write("spec.yaml", SPEC.replace("os_env.WEB_KEY", "os_env.WEB_KEY | length"))

    ran = files.run("convert", "spec.yaml", "-p", "stage=x")

    assert '"entrypoint": "run --key 11"' in ran.out
    assert "# Values that depend on os_env.WEB_KEY are written out below" in ran.out


@pytest.mark.parametrize(
    "expression",
    ["os_env.WEB_KEY | upper", "os_env.WEB_KEY | replace('-', '+')", "os_env['WEB_KEY'][7:] ~ os_env.WEB_KEY"],
)
def test_what_a_template_computed_of_the_environment_is_asked_of_the_configuration(
    expression: str, files: Desk
) -> None:
    """It may be a secret, so the program does not contain it, and says how to set it."""
    files.write("spec.yaml", SPEC.replace("os_env.WEB_KEY", expression))
    key = "spec-web-x-config-entrypoint"

    ran = files.run("convert", "spec.yaml", "-p", "stage=x", "--out", "blocks.py")

    assert ran.code == 0
    program = (files.folder / "blocks.py").read_text()
    assert f'"entrypoint": pulumi.Config().require_secret("{key}")' in program
    comments = " ".join(line.removeprefix("# ") for line in program.splitlines() if line.startswith("#"))
    assert f"Computed from the environment, and possibly secret: pulumi config set --secret {key} VALUE" in comments
    for shown in (program, ran.out, ran.err):
        assert "5c1d" not in shown.lower()


def test_a_file_that_lists_the_environment_or_leaves_the_project_needs_an_option(files: Desk) -> None:
    """The command has the options of `from_yaml`, under the same names."""
    (files.folder.parent / "outside.yaml").write_text("featured: true\n")
    files.write("spec.yaml", SPEC + "{% include '../outside.yaml' %}\n# {{ os_env | length }}\n")
    words = ("convert", "spec.yaml", "-p", "stage=x")

    assert "add its folder to include_folders" in files.run(*words).err
    assert "allow it with list_env=True" in files.run(*words, "--include-folders", "..").err
    assert files.run(*words, "--list-env", "--include-folders", "..").code == 0


def test_every_failure_is_reported_with_its_place(files: Desk) -> None:
    """All failures of validation are reported at once, and no program is printed."""
    files.write("spec.yaml", SPEC.replace("kind: service", "kind: thing").replace("run --key", "[1]  #"))
    files.write("release2.yaml", RELEASE % "two")

    ran = files.run("convert", "release2.yaml", "spec.yaml", "-p", "stage=x")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.splitlines() == [
        "pulumi-press convert: spec.yaml:2: kind: must be 'workflow' or 'service'",
        "pulumi-press convert: spec.yaml:7: config.entrypoint: must be a text, not a list",
        (
            "pulumi-press convert: release2.yaml:1: release.version: 'two' is not a semantic version; write one "
            "like 1.0.0 or 1.1.0-beta.1"
        ),
    ]


def test_values_of_the_environment_are_never_printed(files: Desk) -> None:
    """Neither programs nor errors show a value from the environment."""
    texts = [SPEC, SPEC.replace("run --key", "["), SPEC.replace("os_env.WEB_KEY", "os_env.WEB_KEY.x.y")]
    for text in [*texts, SPEC.replace("Shows it", "{{ os_env.WEB_KEY }}").replace("kind: service", "kind: 1")]:
        files.write("spec.yaml", text)
        ran = files.run("convert", "spec.yaml", "-p", "stage=x")
        assert KEY not in ran.out + ran.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["spec.yaml", "-p", "stage"], "-p takes NAME=VALUE"),
        (["spec.yaml", "-p", "=x"], "-p takes NAME=VALUE"),
        (["spec.yaml", "release2.yaml", "-d", "x.md"], "--desc-file and --notes-file can be used with one file only"),
    ],
)
def test_arguments_must_make_sense(files: Desk, words: list[str], message: str) -> None:
    """A wrong combination of arguments is a usage error, which repeats no value."""
    ran = files.run("convert", *words)

    assert (ran.code, ran.err) == (2, f"pulumi-press convert: {message}\n")


def test_a_kind_that_is_given_is_held_to(files: Desk) -> None:
    """With `--kind` a file of another kind is an error."""
    ran = files.run("convert", "deployment.yaml", "--kind", "spec")

    assert (ran.code, ran.err) == (
        1,
        "pulumi-press convert: deployment.yaml: looks like the file of a deployment, not of a spec\n",
    )


def test_a_deployment_follows_the_spec_it_is_converted_with(files: Desk) -> None:
    """It refers to the spec, and to the release that is converted with it."""
    files.write("deployment.yaml", DEPLOYMENT.replace("an-id}", "an-id, release: {version: 3.0.0}}"))

    ran = files.run("convert", "deployment.yaml", "spec.yaml", "release2.yaml", "release3.yaml", "-p", "stage=prod")

    assert (ran.code, ran.err) == (0, "")
    assert 'spec={"id": web_prod.id, "release": {"version": web_prod_3_0_0.version}},' in ran.out


def test_a_deployment_without_a_version_waits_for_the_last_release(files: Desk) -> None:
    """It runs the latest release, so it depends on that."""
    ran = files.run("convert", "deployment.yaml", "spec.yaml", "release2.yaml", "release3.yaml", "-p", "stage=prod")

    assert 'spec={"id": web_prod.id},' in ran.out
    assert ran.out.endswith("    opts=pulumi.ResourceOptions(depends_on=[web_prod_3_0_0]),\n)\n")


@pytest.mark.parametrize(
    "words",
    [
        ["spec.yaml", "deployment.yaml", "deployment2.yaml"],
        ["spec.yaml", "spec2.yaml", "deployment.yaml"],
        ["spec.yaml", "deployment.yaml", "--spec-id", "other"],
    ],
)
def test_a_deployment_keeps_its_id_where_it_may_be_of_another_spec(files: Desk, words: list[str]) -> None:
    """If it is not clear which spec is meant, the deployment keeps the file's id, and a note says so."""
    files.write("deployment2.yaml", DEPLOYMENT.replace("an-id", "another-id").replace("run", "run2"))
    files.write("spec2.yaml", SPEC.replace("web-", "api-"))

    ran = files.run("convert", *words, "-p", "stage=prod")

    assert ran.code == 0
    assert 'spec={"id": "an-id"},' in ran.out
    assert "pulumi-press convert: the deployments keep the spec ids of their files" in ran.err


@pytest.mark.parametrize(
    ("name", "text", "key"),
    [
        (
            "spec",
            (
                "body: {kind: workflow, metadata: {name: etl, summary: s}, config: {steps: {load: "
                "{imageDetails: {id: 1}, command: run, repository: {branch: main, url: 'https://x/r', token: hush}}}}}"
            ),
            "etl-load-repository-token",
        ),
        (
            "spec",
            (
                "body: {kind: workflow, metadata: {name: etl, summary: s}, config: {steps: {load: "
                "{imageDetails: {id: 1}, command: run, repository: {branch: main, url: 'https://me:hush@x.example/r'}}}}}"
            ),
            "etl-load-repository-url",
        ),
        (
            "spec",
            (
                "body: {kind: service, metadata: {name: web, summary: s}, config: {imageDetails: {id: 1}, "
                "parameters: {env: {MODE: fast, DB_PASSWORD: hush}}}}"
            ),
            "web-DB_PASSWORD",
        ),
        (
            "spec",
            (
                "body: {kind: service, metadata: {name: web, summary: s}, config: {imageDetails: {id: 1}}}\n"
                "parameters: {run: [{name: password, type: string, required: false, hideValue: true, "
                "defaultValue: hush}]}"
            ),
            "web-password-defaultValue",
        ),
        (
            "deployment",
            "body: {metadata: {name: run}, spec: {id: an-id}, parameters: {run: {apiKey: hush, rows: 3}}}",
            "run-apiKey",
        ),
    ],
)
def test_what_is_secret_is_asked_for(desk: Desk, name: str, text: str, key: str) -> None:
    """A password or a token is not in the program, which reads it from the configuration; the steps set it."""
    desk.write(f"{name}.yaml", text)

    ran = desk.run("convert", f"{name}.yaml")

    assert ran.code == 0, ran.err
    assert "hush" not in ran.out + ran.err
    assert f'config.require_secret("{key}")' in ran.out
    assert "config = pulumi.Config()" in ran.out
    assert ran.err.splitlines()[-1] == f"  pulumi config set --secret {key}"


def test_a_parameter_that_the_spec_hides_is_asked_for_in_its_deployment(files: Desk) -> None:
    """The value's name does not show that it is secret; the spec that is converted with it does."""
    hidden = "parameters: {run: [{name: colour, type: string, required: false, hideValue: true}]}\n"
    files.write("spec.yaml", SPEC + hidden)
    files.write("deployment.yaml", DEPLOYMENT.replace("an-id}", "an-id}, parameters: {run: {colour: hush}}"))

    ran = files.run("convert", "spec.yaml", "deployment.yaml", "-p", "stage=x")

    assert "hush" not in ran.out
    assert '{"colour": config.require_secret("run-colour")}' in ran.out
