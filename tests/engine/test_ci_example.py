"""The CI example, run step by step as the runners of GitHub and GitLab would, for a change of the quickstart."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pulumi_press.report import Outcome, StackReport, read_preview
from tests.engine.ci_example.forge import TOKEN, Forge, serve_forge
from tests.engine.ci_example.pipeline import Pipeline
from tests.engine.ci_example.repository import Repository, git
from tests.engine.ci_example.workflow import Workflow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pulumi_press.emulator import LocalPress
    from tests.engine.ci_example.runner import Job

EXAMPLE = Path(__file__).resolve().parents[2] / "examples/ci"
ARTIFACT_FILE = "examples/quickstart/orders/main.py"
PROGRAM = "examples/quickstart/__main__.py"
NAMES = {"github": ("local", "stage", "comment"), "gitlab": ("press-local", "press-stage", "press-comment")}


@dataclass
class Service:
    """GitHub or GitLab, with a repository, its comments, and a runner."""

    kind: str
    repository: Repository
    forge: Forge
    work: Path
    environment: dict[str, str]
    settings: dict[str, str]
    """The project's variables and secrets."""
    runs: int = 0

    def run(self, *labels: str, fork: bool = False, stage_only: bool = False) -> tuple[Job, Job, Job]:
        """Run the jobs for what was pushed: local, stage and comment."""
        self.runs += 1
        names = NAMES[self.kind]
        make = self._workflow if self.kind == "github" else self._pipeline
        service = make(self.work / str(self.runs), labels, "ann/shop" if fork else "acme/shop")
        jobs = service.run(without=names[:1] if stage_only else ())
        local, stage, comment = (jobs[name] for name in names)
        return local, stage, comment

    def _workflow(self, work: Path, labels: tuple[str, ...], source: str) -> Workflow | Pipeline:
        pull_request = {
            "number": 7,
            "labels": [{"name": label} for label in labels],
            "head": {"repo": {"full_name": source}},
        }
        context: dict[str, Any] = {
            "github": {"event": {"pull_request": pull_request}, "repository": "acme/shop", "token": TOKEN},
            "vars": self.settings,
            "secrets": self.settings,
        }
        runner = {"GITHUB_API_URL": self.forge.url, "GITHUB_REPOSITORY": "acme/shop"}
        return Workflow(EXAMPLE / "github.yml", self.repository, work, context, {**self.environment, **runner})

    def _pipeline(self, work: Path, labels: tuple[str, ...], source: str) -> Workflow | Pipeline:
        variables = {
            "CI_PIPELINE_SOURCE": "merge_request_event",
            "CI_API_V4_URL": self.forge.url,
            "CI_PROJECT_ID": "12",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "12" if source == "acme/shop" else "99",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": self.repository.base,
            "CI_MERGE_REQUEST_LABELS": ",".join(labels),
            "PRESS_COMMENT_TOKEN": TOKEN,
            **self.settings,
        }
        return Pipeline(EXAMPLE / "gitlab.yml", self.repository, work, variables, self.environment)


@pytest.fixture
def make_service(tmp_path: Path, engine: str) -> Iterator[Callable[..., Service]]:
    """Make a service; variables are the project's."""
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), engine, os.environ["PATH"]]),
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        # Everything is installed already; nothing may be fetched, or installed over it.
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    (tmp_path / "home").mkdir()
    with serve_forge() as forge:

        def make(kind: str, **settings: str) -> Service:
            repository = Repository.make(tmp_path / "repository")
            return Service(kind, repository, forge, tmp_path / "work", environment, settings)

        yield make
        assert forge.refusals == []


def drop_deployment(program: str) -> str:
    """Take the deployment out of the quickstart, and what is exported of it."""
    kept, _, rest = program.partition("production = press.BlockDeployment(")
    exports = [line for line in rest.splitlines() if line.startswith("pulumi.export") and "production" not in line]
    return kept + "\n".join(exports) + "\n"


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_one_comment_follows_a_change(make_service: Callable[..., Service], kind: str) -> None:
    """A change of one file is told in one comment; a destruction updates it, and passes only with the label."""
    service = make_service(kind)
    service.repository.push(ARTIFACT_FILE, lambda text: text.replace("{total:.2f}", "{total:,.2f}"))

    local, stage, comment = service.run()

    assert (local.passed, stage.ran, comment.passed) == (True, False, True), local.printed + comment.printed
    (told,) = read_preview(local.folder / "preview.json").stacks
    assert {change.name: change.outcome for change in told.changes} == {
        "orders": Outcome.RELEASE,
        "orders-production": Outcome.REVISION,
    }
    assert next(change.files.changed for change in told.changes if change.name == "orders") == ("main.py",)
    (posted,) = service.forge.comments
    assert posted.body.startswith("<!-- pulumi-press: press-quickstart/local -->")
    for words in ("1 new release, 1 new revision", "`main.py`"):
        assert words in posted.body
        assert words in local.printed
    assert git(local.folder, "status", "--porcelain", "--untracked-files=no") == ""

    service.repository.push(PROGRAM, drop_deployment)
    refused, _, comment = service.run()
    allowed, _, _ = service.run("allow-destroy")

    assert (refused.passed, comment.passed, allowed.passed) == (False, True, True), refused.printed + allowed.printed
    assert "Set the label 'allow-destroy'" in refused.printed
    assert [comment.times for comment in service.forge.comments] == [3]
    assert "destroy" in service.forge.comments[0].body.lower()


def test_a_base_that_is_broken_can_be_mended(make_service: Callable[..., Service]) -> None:
    """A base that does not come up is no reason to refuse the change that mends it: what is missing counts as new."""
    service = make_service("github")
    service.repository.push(PROGRAM, lambda text: f"{text}\nraise ValueError('broken')\n")
    service.repository.push(PROGRAM, lambda text: text.replace("\nraise ValueError('broken')\n", ""))

    told, printed = preview(service, "change~1")

    assert "did not come up whole" in printed
    assert told.failed is False


def test_a_first_change_is_all_new_and_stays_here(make_service: Callable[..., Service], press: LocalPress) -> None:
    """Where the base has no project all is new, and nothing that the change says leads to a service elsewhere."""
    service = make_service("github")
    git(service.repository.folder, "rm", "--quiet", "--cached", "Pulumi.yaml")
    git(service.repository.folder, "commit", "--quiet", "--message", "Without a project")
    service.environment.update(PRESS_ENDPOINT=press.url, PEAK_AUTH_TOKEN=press.token)
    (service.repository.folder / "Pulumi.local.yaml").write_text(
        f"encryptionsalt: v1:none\nconfig: {{press:endpoint: {press.url}, press:authToken: {press.token}}}\n"
    )

    told, printed = preview(service, "HEAD")

    assert "all of it is new" in printed
    assert {change.outcome for change in told.changes} == {Outcome.CREATE, Outcome.RELEASE}
    assert press.requests() == []


def preview(service: Service, base: str) -> tuple[StackReport, str]:
    """Preview what lies in the repository's folder as a person would; give the report, and what was printed."""
    done = subprocess.run(
        [sys.executable, "examples/ci/preview_local.py", "--base", base],
        cwd=service.repository.folder,
        env=service.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    (told,) = read_preview(service.repository.folder / "preview.json").stacks
    return told, done.stdout


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_real_stage_is_previewed_with_the_projects_secrets(
    make_service: Callable[..., Service], press: LocalPress, tmp_path: Path, kind: str
) -> None:
    """With a stack named, the stage is asked too, with its own comment, and no secret shows; a fork gets neither."""
    (tmp_path / "backend").mkdir()
    service = make_service(
        kind,
        PRESS_STACK="production",
        PEAK_AUTH_TOKEN=press.token,
        PULUMI_BACKEND_URL=(tmp_path / "backend").as_uri(),
        PULUMI_CONFIG_PASSPHRASE="canary-passphrase",
    )
    # Where the stage's own address would be.
    service.environment["PRESS_ENDPOINT"] = press.url
    bring_up(service, tmp_path / "live")
    service.repository.push(ARTIFACT_FILE, lambda text: text.replace("{total:.2f}", "{total:,.2f}"))
    press.clear_requests()

    _, stage, comment = service.run(stage_only=True)
    _, stage_of_fork, comment_of_fork = service.run(stage_only=True, fork=True)

    assert (stage.passed, comment.passed) == (True, True), stage.printed + comment.printed
    (posted,) = service.forge.comments
    assert posted.body.startswith("<!-- pulumi-press: press-quickstart/production -->")
    assert "`main.py`" in posted.body
    assert {call["method"] for call in press.requests()} == {"GET"}
    shown = stage.printed + comment.printed + posted.body
    assert [secret for secret in (press.token, "canary-passphrase", TOKEN) if secret in shown] == []
    assert (stage_of_fork.ran, comment_of_fork.ran) == (False, False)


def bring_up(service: Service, folder: Path) -> None:
    """Bring up what is live on the stage: the program of the main branch."""
    service.repository.check_out(folder, "main")
    for command in (["stack", "init", "production"], ["up", "--yes", "--skip-preview", "--stack", "production"]):
        subprocess.run(
            ["pulumi", *command, "--non-interactive"],  # noqa: S607  # The one on PATH.
            cwd=folder,
            env={**service.environment, **service.settings},
            stdout=subprocess.PIPE,
            check=True,
        )
