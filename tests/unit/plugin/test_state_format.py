"""What the engine's state holds of a provider: short, constant, and readable for ever."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from pulumi_press.plugin.dynamic import DynamicProvider
from pulumi_press.plugin.rollout import RolloutResource
from pulumi_press.provider.deployment import DeploymentResource
from pulumi_press.provider.release import ReleaseResource
from pulumi_press.provider.spec import SpecResource
from pulumi_press.sdk.press_resource import ProviderReference

if TYPE_CHECKING:
    from pathlib import Path

STRINGS = {
    "BlockSpec": "gASVLQAAAAAAAACMEHB1bHVtaV9wcmVzcy5fdjGUjARsb2FklJOUjAlCbG9ja1NwZWOUhZRSlC4=",
    "BlockSpecRelease": "gASVNAAAAAAAAACMEHB1bHVtaV9wcmVzcy5fdjGUjARsb2FklJOUjBBCbG9ja1NwZWNSZWxlYXNllIWUUpQu",
    "BlockDeployment": "gASVMwAAAAAAAACMEHB1bHVtaV9wcmVzcy5fdjGUjARsb2FklJOUjA9CbG9ja0RlcGxveW1lbnSUhZRSlC4=",
    "Rollout": "gASVKwAAAAAAAACMEHB1bHVtaV9wcmVzcy5fdjGUjARsb2FklJOUjAdSb2xsb3V0lIWUUpQu",
}
"""What stands in every state ever written. Another string would show as a change of every resource of every user."""

RESOURCES = {
    "BlockSpec": SpecResource,
    "BlockSpecRelease": ReleaseResource,
    "BlockDeployment": DeploymentResource,
    "Rollout": RolloutResource,
}

SCRIPT = """
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_press.sdk.press_resource import ProviderReference
for name in ("BlockSpec", "BlockSpecRelease", "BlockDeployment", "Rollout"):
    print(serialize_provider(ProviderReference(name)))
"""


@pytest.mark.parametrize("name", STRINGS)
def test_provider_is_written_as_ever(name: str) -> None:
    """The string is the one that all states hold, and a short one."""
    written = serialize_provider(ProviderReference(name))

    assert written == STRINGS[name]
    assert len(written) < 100


@pytest.mark.parametrize("name", STRINGS)
def test_string_of_any_state_gives_the_provider(name: str) -> None:
    """What a state holds is read as the provider of the right resource, whose secrets and settings are not in it."""
    provider = dill.loads(base64.b64decode(STRINGS[name]))  # noqa: S301  # It is the literal above.

    assert type(provider) is DynamicProvider
    assert type(provider._resource) is RESOURCES[name]  # noqa: SLF001  # Nothing else tells which it serves.


def test_string_is_the_same_in_another_process(tmp_path: Path) -> None:
    """Neither the hash seed, nor the folder, nor the environment have a part in it."""
    environment = {**os.environ, "PYTHONHASHSEED": "4242", "PEAK_AUTH_TOKEN": "canary", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == list(STRINGS.values())


def test_string_is_the_same_however_many_were_written() -> None:
    """A program with many resources writes the last as the first: the SDK's pickler has a memory that must not show."""
    assert {serialize_provider(ProviderReference("BlockSpec")) for _ in range(1200)} == {STRINGS["BlockSpec"]}


def test_provider_of_a_later_version_is_told() -> None:
    """A name that this version does not know says what to do."""
    written = base64.b64decode(serialize_provider(ProviderReference("BlockSpecArchive")))

    with pytest.raises(LookupError, match="no provider 'BlockSpecArchive': install the version that wrote this state"):
        dill.loads(written)  # noqa: S301  # It was written above.


def test_provider_is_plain_text_in_the_state() -> None:
    """Nothing in it is secret, so that the engine does not encrypt it for each resource."""
    assert ProviderReference("BlockSpec").serialize_as_secret_always is False
    assert DynamicProvider(SpecResource()).serialize_as_secret_always is False
