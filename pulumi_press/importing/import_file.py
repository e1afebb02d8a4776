"""The file that `pulumi import --file` reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime import rpc

from pulumi_press.importing.output_files import CommandError
from pulumi_press.peakfiles.file_formats import FORMATS
from pulumi_press.plugin.dynamic import hide
from pulumi_press.plugin.tokens import Token
from pulumi_press.provider.secrets import find_secrets
from pulumi_press.sdk.press_resource import ProviderReference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pulumi_press.importing.live import LiveBlock
    from pulumi_press.provider.values import Values

__all__ = ["read_secret", "write_import_file"]

SECRETS = "secrets"
_ROLLOUT = "Rollout"


def write_import_file(blocks: Sequence[LiveBlock], secrets: Mapping[str, str]) -> str:
    """Return the text of the file.

    It contains inputs and outputs, since the engine cannot read a dynamic resource by its id alone.

    Args:
        blocks: the blocks to import.
        secrets: the values of the program's secrets by configuration key; the engine ignores them.
    """
    resources = [entry for block in blocks for entry in _write_block(block)]
    document: dict[str, Any] = {"resources": resources}
    if secrets:
        document[SECRETS] = dict(secrets)
    return json.dumps(document, indent=2) + "\n"


def read_secret(path: Path, key: str) -> str:
    """Return the value of one of the program's secrets from the file.

    Raises:
        CommandError: the file cannot be read, or does not have the secret.
    """
    try:
        secrets = json.loads(path.read_text(encoding="utf-8"))[SECRETS]
        return str(secrets[key])
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise CommandError(f"{path} has no secret for the key {key}") from None


def _write_block(block: LiveBlock) -> Iterator[dict[str, Any]]:
    resource = FORMATS[block.kind].resource
    own = _write(resource, block.resource_name, block.id, block.inputs)
    # In the file names must be unique; in the stack only with the type.
    own["name"] = f"{resource} {block.resource_name}"
    yield own
    if block.rollout is not None:
        child = _write(_ROLLOUT, block.resource_name, block.id, block.rollout)
        yield {**child, "name": f"{_ROLLOUT} {block.resource_name}", "parent": own["name"]}


def _write(resource: str, name: str, id: str, values: Values) -> dict[str, Any]:
    values = hide(values, find_secrets(values), _wrap)
    state = {**values, "__provider": serialize_provider(ProviderReference(resource))}
    return {
        "type": Token(resource, is_native=False).text,
        "name": name,
        "logicalName": name,
        "id": id,
        "inputs": state,
        "outputs": state,
    }


def _wrap(value: Any) -> dict[str, str]:
    """Return a value marked as secret, in plain text: only the owner can read the file, and the engine encrypts it."""
    return {rpc._special_sig_key: rpc._special_secret_sig, "plaintext": json.dumps(value)}  # noqa: SLF001
