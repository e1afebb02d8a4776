"""Settings: where each comes from, and one clear message for each that makes no sense."""

from __future__ import annotations

from dataclasses import fields
from inspect import signature
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from pulumi_press import settings as settings_table
from pulumi_press.client.token import Token
from pulumi_press.provider.context import Context, Request
from pulumi_press.provider.errors import SettingsError
from pulumi_press.provider.settings import read_settings
from pulumi_press.provider.spec import SpecResource
from pulumi_press.schema.plain import Adopt
from pulumi_press.sdk.provider import Provider
from pulumi_press.settings import SETTINGS, Settings, find_wrong_keys

TOKEN = "canary-token-91c2"
TOKEN_VARIABLES, ENDPOINT_VARIABLES, STAGE_VARIABLES = (
    setting.variables for setting in (settings_table.TOKEN, *settings_table.ADDRESS)
)
ENDPOINT = "http://127.0.0.1:1"


def read(config: dict[str, str] | None = None, **environment: str) -> Settings:
    """Read settings from a configuration, whose token is given unless it is in either, and an environment."""
    config = config or {}
    if not {"press:authToken"} & config.keys() and not set(TOKEN_VARIABLES) & environment.keys():
        config = {"press:authToken": TOKEN, **config}
    return read_settings(config.get, environment)


def test_defaults() -> None:
    """A token is all that must be given."""
    assert read() == Settings(auth_token=Token(TOKEN), token_source="press:authToken")


@pytest.mark.parametrize(
    ("config", "environment", "token", "source"),
    [
        ({"press:authToken": "one"}, {"PEAK_AUTH_TOKEN": "two", "API_KEY": "three"}, "one", "press:authToken"),
        ({}, {"PEAK_AUTH_TOKEN": "two", "API_KEY": "three"}, "two", "PEAK_AUTH_TOKEN"),
        ({}, {"API_KEY": "three"}, "three", "API_KEY"),
        ({"press:authToken": ""}, {"PEAK_AUTH_TOKEN": "", "API_KEY": "three"}, "three", "API_KEY"),
    ],
)
def test_token_comes_from_the_configuration_first(
    config: dict[str, str], environment: dict[str, str], token: str, source: str
) -> None:
    """The configuration wins over the environment; an empty text is none. The settings know where it came from."""
    settings = read_settings(config.get, environment)

    assert (settings.auth_token, settings.token_source) == (Token(token), source)


@pytest.mark.parametrize(
    ("config", "environment", "endpoint", "stage"),
    [
        ({"press:stage": "dev"}, {"PEAK__STAGE": "test", "STAGE": "beta"}, None, "dev"),
        ({}, {"PEAK__STAGE": "test", "STAGE": "beta"}, None, "test"),
        ({}, {"STAGE": "beta"}, None, "beta"),
        ({"press:endpoint": ENDPOINT}, {"PRESS_ENDPOINT": "http://127.0.0.1:2"}, ENDPOINT, None),
        ({"press:stage": "dev"}, {"PRESS_ENDPOINT": ENDPOINT}, ENDPOINT, None),
    ],
)
def test_endpoint_wins_over_stage_and_configuration_over_environment(
    config: dict[str, str], environment: dict[str, str], endpoint: str | None, stage: str | None
) -> None:
    """Each is looked for in the configuration first; an endpoint from anywhere makes the stage meaningless."""
    settings = read(config, **environment)

    assert (settings.endpoint, settings.stage) == (endpoint, stage)


def test_other_settings_come_from_the_configuration() -> None:
    """Timeout, retries, adoption and the rest are read from the stack's configuration."""
    config = {
        "press:timeout": "2.5",
        "press:maxRetries": "0",
        "press:adopt": "always",
        "press:drift": "report",
        "press:validate": "server",
        "press:defaultTags": '["team-a", "nightly"]',
    }

    assert read(config) == Settings(
        auth_token=Token(TOKEN),
        token_source="press:authToken",
        timeout=2.5,
        max_retries=0,
        adopt="always",
        drift="report",
        validate="server",
        default_tags=("team-a", "nightly"),
    )


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", "1e400", "1 minute"])
def test_wrong_timeout(text: str) -> None:
    """A timeout is a number of seconds above 0."""
    with pytest.raises(SettingsError) as caught:
        read({"press:timeout": text})

    assert str(caught.value) == f"press:timeout must be a number of seconds above 0, not {text!r}"


@pytest.mark.parametrize("text", ["-1", "1.5", "nan", "many"])
def test_wrong_number_of_retries(text: str) -> None:
    """Retries are a whole number."""
    with pytest.raises(SettingsError) as caught:
        read({"press:maxRetries": text})

    assert str(caught.value) == f"press:maxRetries must be a whole number of at least 0, not {text!r}"


@pytest.mark.parametrize(
    ("key", "choices"),
    [
        ("press:adopt", "never, identical, always"),
        ("press:drift", "revert, adopt, report"),
        ("press:validate", "local, server"),
    ],
)
def test_wrong_word(key: str, choices: str) -> None:
    """A word that is none of the choices is told with them; letters' case counts."""
    with pytest.raises(SettingsError) as caught:
        read({key: "Always"})

    assert str(caught.value) == f"{key} must be one of {choices}, not 'Always'"


def test_every_wrong_setting_is_told_at_once() -> None:
    """Nobody has to run a preview for each mistake."""
    config = {
        "press:adopt": "sometimes",
        "press:timeout": "soon",
        "press:defaultTags": "[",
        "press:endpoint": "nowhere",
    }

    with pytest.raises(SettingsError) as caught:
        read_settings(config.get, {})

    told = [failure.partition(" ")[0].rstrip(":") for failure in caught.value.failures]
    assert sorted(told) == sorted(["press:authToken", *config])
    assert str(caught.value) == "; ".join(caught.value.failures)


@pytest.mark.parametrize("text", ["team-a", '"team-a"', '["team-a", 1]', '[""]', "{}", "["])
def test_wrong_tags(text: str) -> None:
    """Tags are a list of texts, as JSON."""
    with pytest.raises(SettingsError, match=r"^press:defaultTags must be a list of texts"):
        read({"press:defaultTags": text})


@pytest.mark.parametrize("source", ["press:endpoint", *ENDPOINT_VARIABLES])
@pytest.mark.parametrize("address", ["localhost", "ftp://host", "http://", "http://host?x=1", "http://host:port"])
def test_wrong_endpoint(source: str, address: str) -> None:
    """An endpoint that is no address is told at once, with the name of where it was set."""
    with pytest.raises(SettingsError, match=rf"^{source}: .*endpoint"):
        read({source: address}) if ":" in source else read({}, **{source: address})


def test_password_in_an_endpoint_is_not_shown() -> None:
    """An endpoint with a password is refused without showing it."""
    with pytest.raises(SettingsError, match=r"^press:endpoint: the endpoint must not hold") as caught:
        read({"press:endpoint": "http://ann:hunter2@127.0.0.1"})

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("source", ["press:stage", *STAGE_VARIABLES])
def test_wrong_stage(source: str) -> None:
    """A stage that does not exist is told at once, with the name of where it was set and the stages there are."""
    with pytest.raises(SettingsError, match=rf"^{source}: stage 'PROD' does not exist: it is one of prod, dev"):
        read({source: "PROD"}) if ":" in source else read({}, **{source: "PROD"})


@pytest.mark.parametrize("source", ["press:authToken", *TOKEN_VARIABLES])
def test_wrong_token(source: str) -> None:
    """A token with a line break at its end is told with the name of where it was set, and never shown."""
    with pytest.raises(SettingsError, match=rf"^{source}: the token holds a line break") as caught:
        read({source: f"{TOKEN}\n"}) if ":" in source else read({}, **{source: f"{TOKEN}\n"})

    assert TOKEN not in str(caught.value)
    assert TOKEN not in repr(caught.value)
    assert caught.value.__cause__ is None


def test_missing_token() -> None:
    """Without a token the message says both ways to give one."""
    with pytest.raises(SettingsError) as caught:
        read_settings(lambda _: None, {})

    assert str(caught.value) == (
        "press:authToken is not set: run `pulumi config set press:authToken --secret`, "
        "or set the environment variable PEAK_AUTH_TOKEN or API_KEY"
    )


def test_token_never_shows() -> None:
    """The settings can be printed and logged."""
    settings = read()

    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)
    assert TOKEN not in f"{settings.auth_token} {settings.auth_token!r} {settings.auth_token!s}"
    assert [setting.field for setting in SETTINGS if setting.secret] == ["auth_token"]


def test_rotated_token_is_another_client_and_where_it_came_from_is_not() -> None:
    """Settings are equal when they lead to the same client."""
    assert read({"press:authToken": "one"}) == read({}, API_KEY="one")
    assert read({"press:authToken": "one"}) != read({"press:authToken": "two"})
    assert len({read({"press:authToken": "one"}), read({}, API_KEY="one")}) == 1


def test_wrong_setting_is_a_mistake_of_the_check_beside_the_others() -> None:
    """A preview tells what is wrong with the settings together with what is wrong with the inputs."""

    def settings() -> Settings:
        return read({"press:adopt": "maybe", "press:maxRetries": "many"})

    def connect() -> None:
        pytest.fail("nothing is sent")

    context = Context(connect=connect, settings=settings, log=lambda *_, **__: None)  # type: ignore[arg-type]  # It never gives a client.

    checked = SpecResource().check(Request.of(context, inputs={"kind": "workflow"}))

    assert [str(failure) for failure in checked.failures] == [
        "press:maxRetries must be a whole number of at least 0, not 'many'",
        "press:adopt must be one of never, identical, always, not 'maybe'",
        "metadata: is required",
        "config: is required",
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("press:adpot", "press:adopt"),
        ("press:authtoken", "press:authToken"),
        ("press:AuthToken", "press:authToken"),
        ("press:auth_token", "press:authToken"),
        ("press:end-point", "press:endpoint"),
        ("press:maxretries", "press:maxRetries"),
        ("Press:endpoint", "press:endpoint"),
        ("pulumi-press:stage", "press:stage"),
        ("pulumi_press:auth_token", "press:authToken"),
    ],
)
def test_wrong_key_is_told_with_the_nearest(key: str, meant: str) -> None:
    """A key that is meant for this package and names no setting is told, with the one that was meant."""
    (told,) = find_wrong_keys([key, "shop:adpot", "press:adopt"], "shop")

    assert told == f"{key} is not a setting; did you mean {meant}? Remove it with `pulumi config rm {key}`"


def test_wrong_key_that_is_near_to_none_is_told_with_all_there_are() -> None:
    """Where nothing is near, the message lists every setting."""
    (told,) = find_wrong_keys(["press:colour"], "shop")

    assert told.startswith("press:colour is not a setting; the settings are press:adopt, press:authToken, ")


@pytest.mark.parametrize("key", ["press:version", "press:pluginDownloadURL", "pulumi:disable-default-providers"])
def test_keys_of_the_engine_are_not_wrong(key: str) -> None:
    """The engine knows some keys in every namespace."""
    assert list(find_wrong_keys([key], "shop")) == []


@pytest.mark.parametrize(
    ("key", "project"),
    [("press:orders", "press"), ("pulumi-press:stage", "pulumi-press"), ("shop:endpoint", "shop"), ("aws:region", "x")],
)
def test_keys_of_others_are_not_wrong(key: str, project: str) -> None:
    """The keys of the program's own and of other packages are none of ours, whatever the project is called."""
    assert list(find_wrong_keys([key], project)) == []


def test_the_choices_are_those_of_the_types() -> None:
    """Where a setting is one of several words, the table lists those that its type allows, and has one as default."""
    types = get_type_hints(Settings, localns={"Token": Token, "Adopt": Adopt})
    choices = {row.field: tuple(row.schema["enum"]) for row in SETTINGS if "enum" in row.schema}

    assert choices == {name: get_args(kind) for name, kind in types.items() if get_origin(kind) is Literal}
    assert all(row.default in choices[row.field] for row in SETTINGS if row.field in choices)


def test_every_setting_is_in_the_table() -> None:
    """The table, the settings that are read, and the arguments of `Provider` name the same."""
    declared = {item.name for item in fields(Settings)} - {"token_source"}
    arguments = {name for name in signature(Provider).parameters if name not in ("resource_name", "opts")}

    assert declared == arguments == {setting.field for setting in SETTINGS}
    assert all(not list(find_wrong_keys([setting.key], "shop")) for setting in SETTINGS)
