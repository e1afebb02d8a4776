"""The dynamic provider: it translates, and nothing that the engine cannot handle gets through."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.output import Unknown as EngineUnknown
from pulumi.runtime import rpc

from pulumi_press.artifact.errors import ArtifactError
from pulumi_press.client.errors import NotFound, PressError, Unauthorized
from pulumi_press.client.token import Token
from pulumi_press.plugin import servicer
from pulumi_press.plugin.dynamic import DynamicProvider
from pulumi_press.plugin.servicer import OperationFailed
from pulumi_press.plugin.tokens import load_resource
from pulumi_press.provider.base import CheckResult, Diff, Resource
from pulumi_press.provider.context import State
from pulumi_press.provider.errors import ProviderError
from pulumi_press.provider.fields import Change, Effect, Field
from pulumi_press.schema.failures import CheckFailure
from pulumi_press.schema.plain import UNKNOWN
from pulumi_press.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulumi_press.provider.context import Request
    from pulumi_press.provider.values import Values

CANARY = "canary-4f1d"
FROM_ENGINE = {"__provider": "gASV", "count": 80.0, "share": 0.5, "names": ["a", None], "absent": None}
PLAIN = {"count": 80, "share": 0.5, "names": ["a", None]}


@dataclass
class Scripted(Resource):
    """A resource that does what a test says, and keeps what it was given."""

    kind: ClassVar = "thing"
    fields: ClassVar = ()

    answers: dict[str, Any] = field(default_factory=dict)
    given: list[Request] = field(default_factory=list)

    def check(self, request: Request) -> Any:
        """Check."""
        return self._do("check", request)

    def plan(self, request: Request) -> Values:
        """Plan nothing."""
        del request
        return {}

    def diff(self, request: Request) -> Diff:
        """Compare."""
        self.given.append(request)
        return super().diff(request)

    def compare(self, olds: Values, news: Values) -> Any:
        """Compare."""
        del olds, news
        answer = self.answers.get("diff")
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def clear_intents(self, request: Request) -> None:
        """Forget nothing."""

    def create(self, request: Request) -> Any:
        """Create."""
        return self._do("create", request)

    def fetch(self, request: Request) -> Any:
        """Read."""
        return self._do("read", request)

    def update(self, request: Request) -> Any:
        """Update."""
        return self._do("update", request)

    def delete(self, request: Request) -> Any:
        """Delete."""
        return self._do("delete", request)

    def _do(self, name: str, request: Request) -> Any:
        answer = self.answers.get(name)
        if isinstance(answer, BaseException):
            raise answer
        self.given.append(request)
        return answer


CALLS: dict[str, Callable[[DynamicProvider], object]] = {
    "check": lambda provider: provider.check(FROM_ENGINE, FROM_ENGINE),
    "diff": lambda provider: provider.diff("an-id", FROM_ENGINE, FROM_ENGINE),
    "create": lambda provider: provider.create(FROM_ENGINE),
    "read": lambda provider: provider.read("an-id", FROM_ENGINE),
    "update": lambda provider: provider.update("an-id", FROM_ENGINE, FROM_ENGINE),
    "delete": lambda provider: provider.delete("an-id", FROM_ENGINE),
}
each_call = pytest.mark.parametrize("name", CALLS)


def configured(resource: Resource, **settings: str) -> DynamicProvider:
    """Make a provider with a stack's configuration."""
    provider = DynamicProvider(resource)
    given = {"press:authToken": CANARY, **{f"press:{key}": value for key, value in settings.items()}}
    provider.configure(ConfigureRequest(Config(given, "project")))
    return provider


@each_call
def test_lifecycle_is_given_plain_values(name: str) -> None:
    """Each call hands the resource its values without the engine's ways."""
    answers = {
        "check": CheckResult({}),
        "diff": Diff(),
        "create": ("an-id", State()),
        "read": State(),
        "update": State(),
        "delete": None,
    }
    resource = Scripted(answers)

    CALLS[name](configured(resource))

    request = resource.given[0]
    values = [value for value in (request.old and request.old.inputs, request.inputs) if value]
    assert values
    assert all(value == PLAIN for value in values)


def test_check_never_names_a_property() -> None:
    """The engine prints the value of a property that a failure names, so the path is part of the text."""
    failures = [
        CheckFailure("parameters.run.key", "must be a text"),
        CheckFailure("", "press:adopt must be one of two"),
    ]
    provider = configured(Scripted({"check": CheckResult({"a": UNKNOWN}, failures)}))

    result = provider.check({}, {})

    assert [(failure.property, failure.reason) for failure in result.failures] == [
        ("", "parameters.run.key: must be a text"),
        ("", "press:adopt must be one of two"),
    ]
    assert result.inputs == {"a": rpc.UNKNOWN}


WRONG: dict[str, dict[str, Any]] = {
    "BlockSpec": {
        "kind": CANARY,
        "metadata": {"name": [CANARY], "summary": {"text": CANARY}, "descriptionContentType": CANARY, "tags": CANARY},
        "config": {
            "steps": {
                "a": {"type": CANARY},
                "b": {
                    "command": 7.0,
                    "imageDetails": CANARY,
                    "parameters": {"env": {"KEY": [CANARY]}, "secrets": CANARY},
                },
                "c": {"type": "http", "auth": {"type": CANARY, "password": [CANARY]}},
            },
            "triggers": [{"cron": CANARY}],
        },
        "parameters": {"run": [{"name": "key", "type": CANARY, "defaultValue": CANARY, "hideValue": CANARY}]},
        "scope": CANARY,
        "release": {"version": [CANARY], "notes": {"a": CANARY}},
    },
    "BlockSpecRelease": {"spec_id": [CANARY], "release": {"notes": [CANARY]}, "config": {"image": CANARY}},
    "BlockDeployment": {
        "metadata": {"name": [CANARY]},
        "spec": {"id": [CANARY]},
        "parameters": {"run": CANARY, "build": [CANARY]},
        "timeouts": {"create": CANARY},
        "triggers": CANARY,
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_failures_never_show_a_value(name: str) -> None:
    """Every mistake of a resource is told at once, and none of them holds a value: it may be secret."""
    provider = configured(load_resource(name)())

    failures = provider.check({}, WRONG[name]).failures

    assert len(failures) > 3
    assert {failure.property for failure in failures} == {""}
    assert all(CANARY not in failure.reason for failure in failures)


def test_diff_without_changes_says_so() -> None:
    """Values that mean the same are no change, whatever the engine thinks of them."""
    result = configured(Scripted({"diff": Diff()})).diff("an-id", {}, {})

    assert result.changes is False
    assert not result.replaces


def test_diff_with_changes_leaves_the_leaves_to_the_engine() -> None:
    """Only what forces a replacement is named; which leaves changed is for the engine to find and show."""
    changes = (
        Change(Field("kind", Effect.REPLACE), {"kind": "update"}),
        Change(Field("config", Effect.RELEASE), {"config.steps": "update"}),
    )
    provider = configured(Scripted({"diff": Diff(changes, delete_before_replace=True)}))

    result = provider.diff("an-id", {}, {})

    assert (result.changes, result.replaces, result.delete_before_replace) == (None, ["kind"], True)


def test_results_go_back_to_the_engine() -> None:
    """Ids and values come back as the engine's own results."""
    outputs = {"a": 1}
    state = State(outputs)
    claimed = State(outputs, {"__claim": "1f"})
    answers = {"create": ("new-id", state), "read": claimed, "update": state}
    provider = configured(Scripted(answers))

    created, read, updated = provider.create({}), provider.read("an-id", {}), provider.update("an-id", {}, {})

    assert (created.id, created.outs) == ("new-id", outputs)
    assert (read.id, read.outs, read.inputs) == ("an-id", {**outputs, "__claim": "1f"}, outputs)
    assert updated.outs == outputs


def test_inputs_stay_where_nothing_drifted() -> None:
    """An object that is as the state has it changes none of its inputs; one that is not changes them all."""
    same, other = {**PLAIN}, {**PLAIN, "count": 81}

    unchanged = configured(Scripted({"read": State(same)})).read("an-id", FROM_ENGINE)
    changed = configured(Scripted({"read": State(other)})).read("an-id", FROM_ENGINE)

    assert (unchanged.outs, unchanged.inputs) == (PLAIN, None)
    assert changed.outs == changed.inputs == other


def test_what_is_gone_has_no_id() -> None:
    """An object of the state that is gone is read as nothing, which takes it out of the state."""
    result = configured(Scripted()).read("an-id", {"a": 1})

    assert (result.id, result.outs) == (None, {})


def test_what_never_was_cannot_be_read() -> None:
    """An import or a `get` of an id that does not exist is an error: an empty answer would pass for an object."""
    with pytest.raises(OperationFailed, match=r"^reading thing: there is no thing with the id an-id$"):
        configured(Scripted()).read("an-id", {"__provider": "gASV"})


@each_call
@pytest.mark.parametrize(
    "error",
    [PressError("404 Not Found"), ProviderError("404 Not Found"), ArtifactError("404 Not Found")],
    ids=lambda error: type(error).__name__,
)
def test_failure_is_one_clear_message(name: str, error: Exception) -> None:
    """What goes wrong is told as what was done to what, without the chain of causes."""
    provider = configured(Scripted({name: error}))
    doing = {
        "check": "checking",
        "diff": "comparing",
        "create": "creating",
        "read": "reading",
        "update": "updating",
        "delete": "deleting",
    }

    with pytest.raises(OperationFailed) as caught:
        CALLS[name](provider)

    assert str(caught.value) == f"{doing[name]} thing: 404 Not Found"
    assert caught.value.__suppress_context__


def test_failure_names_the_block() -> None:
    """Where the inputs have a name, the message has it too."""
    provider = configured(Scripted({"create": ProviderError("no")}))

    with pytest.raises(OperationFailed, match=r"^creating thing etl: no$"):
        provider.create({"metadata": {"name": "etl"}})


@pytest.mark.parametrize(
    ("name", "shown"),
    [("\x1b[31met\u202el", r"\u001b[31met\u202el"), ("a\u2028b", r"a\u2028b"), ("a\rb\x00", r"a\rb\u0000")],
)
def test_what_cannot_be_seen_in_a_name_is_escaped(name: str, shown: str) -> None:
    """A name may have any characters, and none of them moves what a terminal shows."""
    checked = CheckResult({}, [CheckFailure("metadata.name", f"{name} is taken")])
    broken = configured(Scripted({"create": ProviderError("no\nsecond line"), "check": checked}))

    with pytest.raises(OperationFailed) as caught:
        broken.create({"metadata": {"name": name}})
    failure = broken.check({}, {"metadata": {"name": name}}).failures[0]

    assert str(caught.value) == f"creating thing {shown}: no\nsecond line"
    assert failure.reason == f"metadata.name: {shown} is taken"


def test_update_of_what_is_gone_says_how_to_make_it_again() -> None:
    """A 404 amid an update may mean that the object itself is gone, which a refresh would find out."""
    provider = configured(
        Scripted({"update": NotFound("404 Not Found", method="PATCH", path="/v1/things/7", host="press")})
    )

    with pytest.raises(OperationFailed, match=r"^updating thing: PATCH .*\nif the thing is gone, run `pulumi up"):
        provider.update("7", {}, {})


@pytest.mark.parametrize(
    ("props", "subject"),
    [
        ({"spec_id": "1", "release": {"version": "2.0.0"}}, "thing 2.0.0"),
        ({"deployment_id": "d-1", "revision": 2}, "thing d-1"),
    ],
)
def test_failure_names_what_has_no_name(props: dict[str, Any], subject: str) -> None:
    """A release is told by its version, a rollout by its deployment."""
    provider = configured(Scripted({"create": ProviderError("no")}))

    with pytest.raises(OperationFailed, match=f"^creating {subject}: no$"):
        provider.create(props)


@each_call
@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()], ids=["exit", "interrupt"])
def test_exit_does_not_reach_the_engine(name: str, error: BaseException) -> None:
    """An exit of the process in a resource is an ordinary failure: the engine would wait for ever."""
    provider = configured(Scripted({name: error}))

    with pytest.raises(OperationFailed, match=f"thing: ended by {type(error).__name__}$"):
        CALLS[name](provider)


@each_call
def test_defect_is_one_line_and_a_traceback_aside(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An error that nobody foresaw is told in one line; its traceback goes to standard error."""
    provider = configured(Scripted({name: ZeroDivisionError("a defect")}))

    with pytest.raises(OperationFailed, match=r"unexpected ZeroDivisionError: a defect$"):
        CALLS[name](provider)
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("press:authToken", "press:authToken, of the stack's configuration or of the resource's own provider"),
        ("PEAK_AUTH_TOKEN", "PEAK_AUTH_TOKEN"),
    ],
)
def test_refused_token_says_where_it_came_from(source: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 401 names the source of the token and what to do there, and not the token."""
    monkeypatch.setenv("PEAK_AUTH_TOKEN", CANARY)
    provider = DynamicProvider(Scripted({"create": Unauthorized("401 Unauthorized")}))
    given = {source: CANARY} if source == "press:authToken" else {}
    provider.configure(ConfigureRequest(Config(given, "project")))

    with pytest.raises(OperationFailed) as caught:
        provider.create({})

    message = str(caught.value)
    assert f"the token came from {place}: set a valid one there and run the command again" in message
    assert ("--run-program" in message) is (source == "press:authToken")
    assert CANARY not in message


def test_configuration_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the stack's configuration, whose keys are written out, then from the environment."""
    monkeypatch.setenv("PEAK_AUTH_TOKEN", "another")
    monkeypatch.setenv("PRESS_ENDPOINT", "http://127.0.0.1:1")
    resource = Scripted({"create": ("an-id", State())})

    configured(resource, adopt="always").create({})

    assert resource.given
    assert resource.given[-1].settings() == Settings(
        auth_token=Token(CANARY), token_source="press:authToken", endpoint="http://127.0.0.1:1", adopt="always"
    )


def test_configure_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing setting is told by the check, in one line: an error here would be a traceback for each resource."""
    for variable in ("PEAK_AUTH_TOKEN", "API_KEY"):
        monkeypatch.delenv(variable, raising=False)
    provider = DynamicProvider(load_resource("BlockDeployment")())

    provider.configure(ConfigureRequest(Config({}, "project")))
    failures = provider.check({}, {"metadata": {"name": "a"}, "spec": {"id": "an-id"}}).failures

    assert [failure.reason.partition(":")[2].partition(" ")[0] for failure in failures] == ["authToken"]


def test_settings_are_read_once_for_each_configuration() -> None:
    """Every call needs them several times; they are read anew only when the engine configures the process anew."""
    resource = Scripted({"create": ("an-id", State())})
    provider = configured(resource, adopt="always")

    def read() -> Settings:
        provider.create({})
        assert resource.given
        return resource.given[-1].settings()

    first = read()
    assert read() is first
    provider.configure(ConfigureRequest(Config({"press:authToken": CANARY, "press:adopt": "never"}, "project")))
    assert (first.adopt, read().adopt) == ("always", "never")


@pytest.mark.parametrize("leaf", ["deployment_id", "spec_id", "spec.id"])
def test_replacement_is_told_once_its_reason_is_known(monkeypatch: pytest.MonkeyPatch, leaf: str) -> None:
    """The engine asks about dependents with unknown values also where a destroy merely looks at them."""
    told: list[str] = []
    monkeypatch.setattr("pulumi_press.plugin.servicer.log", told.append)
    path, _, key = leaf.partition(".")
    olds: dict[str, Any] = {path: {key: "old"} if key else "old"}
    change = Change(Field(leaf, Effect.REPLACE), {leaf: "update"})
    provider = configured(Scripted({"diff": Diff((change,))}))

    provider.diff("an-id", olds, {path: {key: EngineUnknown()} if key else EngineUnknown()})  # type: ignore[no-untyped-call]  # The engine makes them so.
    assert told == []

    provider.diff("an-id", olds, {path: {key: "new"} if key else "new"})
    assert told == [f"thing: replaced because {leaf} changed"]


def test_remedies_are_lines_of_their_own() -> None:
    """A preview shows them as `up` does, and a text of others still moves no line."""
    found = CheckFailure("metadata.name", "is 'a\nb' already:", ("choose another name", "run `import c\nd`"))
    provider = configured(Scripted({"check": CheckResult({}, [found])}))

    (failure,) = provider.check({}, {}).failures

    assert failure.reason == "metadata.name: is 'a\\nb' already:\n  - choose another name\n  - run `import c\\nd`"


def test_fields_that_the_sdk_keeps_to_itself_reach_the_resource(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is a preview, and what is ignored, are in the engine's request and in no argument of the SDK's."""
    asked = SimpleNamespace(urn="", preview=True, ignoreChanges=["metadata.title"])
    monkeypatch.setattr(servicer, "current_call", lambda: servicer.Call(asked, SimpleNamespace()))
    resource = Scripted({"diff": Diff()})

    configured(resource).diff("an-id", {}, {"a": 1})

    assert (resource.given[0].preview, resource.given[0].ignore_changes) == (True, ("metadata.title",))
